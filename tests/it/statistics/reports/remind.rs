//! Reminders before the last day: who reports is told, once, until the report is handed in.

use std::collections::BTreeSet;

use gdtx_domain::access::reach::Reach;
use gdtx_service::{Clock, statistics::report::remind_once};
use serde_json::{Value, json};

use super::{COMMUNE, chain, made, submitted};
use crate::{
    exchange::webhooks::{deliver, subscribe},
    on_both,
    support::{Client, Service, receiver::Receiver},
};

/// Noon of a day in Viet Nam.
fn noon(day: &str) -> Clock {
    Clock::Fixed(format!("{day}T05:00:00Z").parse().expect("an instant"))
}

/// What a client is told of a form on a day.
async fn reminded(s: &Service, client: &Client, form: &str, day: &str) -> Vec<Value> {
    let before = client.get("/v1/changes?after=0&first=1000").await.expect(200).body["nextAfter"].clone();
    remind_once(&s.db, noon(day)).await.expect("reminders");
    s.sequenced().await;
    let news = client.get(&format!("/v1/changes?after={before}&first=1000")).await.expect(200);
    let news = news.body["items"].as_array().expect("entries").iter();
    let due = news.filter(|entry| entry["operation"] == "report_due" && entry["record"]["form"] == form);
    due.map(|entry| entry["record"].clone()).collect()
}

on_both!(
    async fn who_reports_is_reminded_once_on_each_day_that_the_form_names(s) {
        let c = chain(s).await;
        let form = "stat_year_start";
        // The last day of communes is 15/10, that of provinces 31/10.
        assert!(reminded(s, &c.department, form, "2025-09-30").await.is_empty(), "31 days before");
        let first = reminded(s, &c.department, form, "2025-10-01").await;
        let told = ["placeCode", "unit", "schoolYear", "dueOn", "daysLeft", "reminder", "state", "title"].map(|name| first[0][name].clone());
        let title = json!("Báo cáo thống kê giáo dục thường xuyên đầu năm học");
        let expected = [json!("31"), json!("province"), json!("2025-2026"), json!("2025-10-31"), json!(30), json!(30), Value::Null, title];
        assert_eq!((first.len(), told), (1, expected));
        assert!(reminded(s, &c.department, form, "2025-10-01").await.is_empty(), "once");
        assert!(reminded(s, &c.department, form, "2025-10-16").await.is_empty(), "15 days before the next holds the first");
        let second = reminded(s, &c.department, form, "2025-10-19").await;
        assert_eq!((second.len(), &second[0]["reminder"], &second[0]["daysLeft"]), (1, &json!(14), &json!(12)), "a service that stood still catches up");

        let id = made(&c.department, form, Some("31")).await.id();
        let drafted = reminded(s, &c.department, form, "2025-10-24").await;
        assert_eq!((&drafted[0]["reportId"], &drafted[0]["state"]), (&json!(id), &json!("draft")));
        submitted(&c.department, &id).await;
        assert!(reminded(s, &c.department, form, "2025-10-30").await.is_empty(), "it is handed in");
    }
);

on_both!(
    async fn nobody_is_reminded_before_the_day_of_the_figures(s) {
        let reach = Reach { communes: vec![COMMUNE.into(), "00004".into()], ..Reach::default() };
        let of_two = s.client("commune_office", reach).await;
        let form = "stat_year_start";
        // Figures of 30/9 until 15/10: fifteen days, so the reminder thirty days before has no day.
        for day in ["2025-09-15", "2025-09-30"] {
            assert!(reminded(s, &of_two, form, day).await.is_empty(), "{day}");
        }
        let told = reminded(s, &of_two, form, "2025-10-01").await;
        let places: BTreeSet<_> = told.iter().map(|duty| duty["placeCode"].as_str().expect("a place")).collect();
        assert_eq!((told.len(), places), (2, [COMMUNE, "00004"].into()));
        assert!(told.iter().all(|duty| duty["reminder"] == 14 && duty["daysLeft"] == 14), "{told:?}");
    }
);

on_both!(
    async fn each_is_reminded_of_its_own_by_feed_and_webhook(s) {
        let c = chain(s).await;
        let (vendor, receiver) = (s.vendor().await, Receiver::start());
        subscribe(&c.office, &receiver, json!({ "operations": ["report_due"] })).await;
        let form = "stat_year_start";
        let own = reminded(s, &c.office, form, "2025-10-08").await;
        assert_eq!((own.len(), &own[0]["placeCode"], &own[0]["daysLeft"]), (1, &json!(COMMUNE), &json!(7)));
        deliver(s).await;
        let sent = receiver.accepted();
        let of_form: Vec<_> = sent.iter().filter(|message| message.body["data"]["record"]["form"] == form).collect();
        assert_eq!((of_form.len(), of_form[0].kind()), (1, "access.report_due"));
        assert_eq!(of_form[0].body["data"]["record"], own[0]);

        for other in [&c.ministry, &c.department, &vendor] {
            let feed = other.get("/v1/changes?after=0&first=1000").await.expect(200);
            let entries = feed.body["items"].as_array().expect("entries").iter();
            let theirs: Vec<_> = entries.filter(|entry| entry["operation"] == "report_due" && entry["record"]["placeCode"] == COMMUNE).collect();
            assert!(theirs.is_empty(), "{theirs:?}");
        }
    }
);

on_both!(
    async fn of_processes_that_remind_at_once_one_sends_each(s) {
        let c = chain(s).await;
        let other = gdtx_api::server::open(&s.settings).await.expect("an open database");
        let day = noon("2025-10-08");
        let (one, two) = tokio::join!(remind_once(&s.db, day), remind_once(&other, day));
        let sent = one.expect("reminders") + two.expect("reminders");
        s.sequenced().await;
        let mut told = Vec::new();
        for client in [&c.office, &c.department, &c.ministry] {
            let feed = client.get("/v1/changes?after=0&first=1000").await.expect(200);
            let due = feed.body["items"].as_array().expect("entries").iter().filter(|entry| entry["operation"] == "report_due");
            told.extend(due.map(|entry| ["form", "placeCode", "reminder"].map(|name| entry["record"][name].to_string())));
        }
        assert!(sent > 1, "{sent}");
        assert_eq!(told.len(), sent);
        assert_eq!(BTreeSet::from_iter(&told).len(), sent, "{told:?}");
        other.close().await.expect("a closed database");
    }
);
