//! What is due, on both sides of the last day.

use serde_json::{Value, json};

use super::{COMMUNE, chain, made, network, office, path, signature, step, submitted};
use crate::{on_both, support::Client};

/// The duties of a client on a form on a day.
async fn duties(client: &Client, form: &str, on: &str, more: &str) -> Vec<Value> {
    let answer = client.get(&format!("/v1/reports/due?form={form}&on={on}{more}")).await.expect(200);
    assert_eq!(answer.body["on"], on);
    answer.body["items"].as_array().expect("duties").clone()
}

/// The duty of one place.
fn of(duties: &[Value], place: &str) -> Value {
    duties.iter().find(|duty| duty["placeCode"] == place).cloned().unwrap_or_else(|| panic!("no duty of {place}"))
}

fn told(duty: &Value) -> [&Value; 4] {
    ["daysLeft", "reminder", "overdue", "state"].map(|name| &duty[name])
}

on_both!(
    async fn it_is_told_before_on_and_after_the_last_day(s) {
        let c = chain(s).await;
        for (on, expected) in [
            ("2025-09-30", [json!(31), Value::Null, json!(false), Value::Null]),
            ("2025-10-01", [json!(30), json!(30), json!(false), Value::Null]),
            ("2025-10-24", [json!(7), json!(7), json!(false), Value::Null]),
            ("2025-10-31", [json!(0), json!(1), json!(false), Value::Null]),
            ("2025-11-01", [json!(-1), Value::Null, json!(true), Value::Null]),
        ] {
            let duty = of(&duties(&c.department, "stat_year_start", on, "").await, "31");
            assert_eq!(told(&duty).map(Clone::clone), expected, "{on}");
            assert_eq!((&duty["schoolYear"], &duty["asOf"], &duty["dueOn"]), (&json!("2025-2026"), &json!("2025-09-30"), &json!("2025-10-31")));
        }
        let of_ministry = duties(&c.ministry, "stat_year_start", "2025-09-29", "").await;
        assert_eq!((of_ministry.len(), &of_ministry[0]["unit"]), (1, &json!("country")), "there were other provinces then");
        assert_eq!((&of_ministry[0]["schoolYear"], &of_ministry[0]["overdue"]), (&json!("2024-2025"), &json!(true)));
        for on in ["1900-01-01", "2300-01-01"] {
            c.office.get(&format!("/v1/reports/due?on={on}")).await.expect(400).refuses("on", "out_of_range");
        }
        let id = made(&c.department, "stat_year_start", Some("31")).await.id();
        let drafted = of(&duties(&c.department, "stat_year_start", "2025-11-01", "").await, "31");
        assert_eq!((told(&drafted)[3], told(&drafted)[2], &drafted["reportId"]), (&json!("draft"), &json!(true), &json!(id)));
        submitted(&c.department, &id).await;
        let sent = of(&duties(&c.department, "stat_year_start", "2025-11-01", "").await, "31");
        assert_eq!((told(&sent)[3], told(&sent)[2]), (&json!("submitted"), &json!(false)));
        let open = duties(&c.department, "stat_year_start", "2025-11-01", "&open=true").await;
        assert!(open.iter().all(|duty| duty["placeCode"] != "31") && open.len() > 100, "its communes are left");
    }
);

on_both!(
    async fn each_sees_its_own_and_those_right_below(s) {
        let c = chain(s).await;
        let id = made(&c.office, "stat_year_start", Some(COMMUNE)).await.id();
        c.office.patch(&path(&id), network()).await.expect(200);
        step(&c.office, &id, "submit", signature()).await.expect(200);
        let on = "2025-10-20";
        let own = duties(&c.office, "stat_year_start", on, "").await;
        assert_eq!((own.len(), &own[0]["state"], &own[0]["unit"]), (1, &json!("submitted"), &json!("commune")));
        let of_province = duties(&c.department, "stat_year_start", on, "").await;
        assert_eq!(of(&of_province, COMMUNE)["state"], "submitted");
        let of_ministry = duties(&c.ministry, "stat_year_start", on, "").await;
        assert_eq!(of_ministry.len(), 35, "the country and its provinces");
        let within = duties(&c.ministry, "stat_year_start", on, "&provinceCode=31").await;
        assert_eq!((of(&within, COMMUNE)["state"].clone(), within.len()), (json!("submitted"), of_province.len()));
        let neighbour = office(s, "00004").await;
        let theirs = duties(&neighbour, "stat_year_start", on, "").await;
        assert_eq!((theirs.len(), &theirs[0]["placeCode"]), (1, &json!("00004")));
        assert!(duties(&neighbour, "department_summary", on, "").await.is_empty());
        assert!(duties(&neighbour, "stat_year_start", on, "&provinceCode=31").await.is_empty());
        for (asked, parameter, code) in [("form=x", "form", "unknown_code"), ("provinceCode=1", "provinceCode", "invalid_code")] {
            c.office.get(&format!("/v1/reports/due?{asked}")).await.expect(400).refuses(parameter, code);
        }
        let query = "{ listDueReports(query: { on: \"2025-10-20\", form: \"stat_year_start\" }) { on items { placeCode state daysLeft } } }";
        let same = c.office.data(query, json!({})).await;
        assert_eq!(same["listDueReports"]["items"], json!([{ "placeCode": COMMUNE, "state": "submitted", "daysLeft": -5 }]));
    }
);
