//! What is filled in is what counting the records by hand gives, and the year before is told beside it.

use std::collections::BTreeMap;

use gdtx_domain::{access::reach::Reach, exchange::window::WindowLevel, statistics::report_form};
use gdtx_service::Clock;
use serde_json::{Value, json};

use super::{made, office, path, place, report, signature, step, submitted, told};
use crate::{
    on_both,
    statistics::{counted_by, filled},
    support::{Service, province},
};

/// The programmes of a line, in SQL.
const LITERACY: &str = "p.kind = 'literacy_stage_1'";
const UPPER: &str = "p.kind = 'gdtx_upper_secondary'";

async fn number(s: &Service, sql: &str) -> i64 {
    counted_by(s, &format!("SELECT 'n', ({sql})")).await["n"]
}

/// Figures by line and column.
type Figures = BTreeMap<(&'static str, &'static str), i64>;

async fn numbers<const N: usize>(s: &Service, of: [((&'static str, &'static str), String); N]) -> Figures {
    let mut all = Figures::new();
    for (at, sql) in of {
        all.insert(at, number(s, &sql).await);
    }
    all
}

/// What records say of centres and staff of a place, who are there today.
async fn there_today(s: &Service, of: &str) -> Figures {
    let centres =
        format!("SELECT count(*) FROM centre c WHERE c.deleted_at IS NULL AND c.status = 'operating' AND {of}");
    let staff = format!(
        "SELECT count(*) FROM staff_member m JOIN centre c ON c.id = m.centre_id \
         WHERE m.deleted_at IS NULL AND m.status = 'working' AND {of}"
    );
    let teachers = "m.staff_group IN ('teacher', 'vocational_teacher', 'seconded_teacher')";
    numbers(
        s,
        [
            (("01", "total"), centres.clone()),
            (("04", "total"), format!("{centres} AND c.kind = 'community_learning_centre'")),
            (
                ("04", "public"),
                format!("{centres} AND c.kind = 'community_learning_centre' AND c.ownership = 'public'"),
            ),
            (("05", "non_public"), format!("{centres} AND c.kind = 'language_it_centre' AND c.ownership <> 'public'")),
            (("42", "total"), format!("{staff} AND {teachers}")),
            (("42", "public"), format!("{staff} AND {teachers} AND c.ownership = 'public'")),
        ],
    )
    .await
}

/// Learners of a school year on its 30 September, of a place.
fn learners_of(year: i32, of: &str) -> String {
    format!(
        "SELECT count(*) FROM enrolment e JOIN class k ON k.id = e.class_id JOIN programme p ON p.id = k.programme_id \
         JOIN centre c ON c.id = e.centre_id JOIN learner l ON l.id = e.learner_id \
         WHERE e.deleted_at IS NULL AND k.school_year = {year} AND e.enrolled_on <= '{year}-09-30' \
         AND (e.ended_on IS NULL OR e.ended_on >= '{year}-09-30') AND {of}"
    )
}

/// What records say of classes and learners of 2025-2026 of a place.
async fn by_hand(s: &Service, of: &str) -> Figures {
    let classes = format!(
        "SELECT count(*) FROM class k JOIN programme p ON p.id = k.programme_id JOIN centre c ON c.id = k.centre_id \
         WHERE k.deleted_at IS NULL AND k.school_year = 2025 AND k.state IN ('approved', 'open', 'closed') AND {of}"
    );
    let learners = learners_of(2025, of);
    numbers(
        s,
        [
            (("11", "total"), format!("{classes} AND {LITERACY}")),
            (("14", "total"), format!("{classes} AND {UPPER}")),
            (("14", "public"), format!("{classes} AND {UPPER} AND c.ownership = 'public'")),
            (("20", "total"), learners.clone()),
            (("21", "total"), format!("{learners} AND {LITERACY}")),
            (("24", "total"), format!("{learners} AND {UPPER}")),
            (("24", "female"), format!("{learners} AND {UPPER} AND l.gender = 'female'")),
            (("24", "public"), format!("{learners} AND {UPPER} AND c.ownership = 'public'")),
            (("20", "female"), format!("{learners} AND l.gender = 'female'")),
        ],
    )
    .await
}

fn assert_filled(report: &Value, by_hand: &Figures) {
    for ((line, column), count) in by_hand {
        assert_eq!(told(report, line, column, "computed"), &json!(count), "{line} {column}");
        assert_eq!(told(report, line, column, "reported"), &json!(count), "{line} {column}");
    }
}

on_both!(
    async fn it_is_filled_in_with_what_the_records_say(s) {
        filled(s).await;
        let department = s.client("province_department", province("46")).await;
        let of_province = made(&department, "stat_year_start", Some("46")).await.body;
        let by_hand_there = by_hand(s, "c.province_code = '46'").await;
        assert!(by_hand_there.values().filter(|count| **count > 0).count() > 6, "{by_hand_there:?}");
        assert_filled(&of_province, &by_hand_there);
        let before = format!("{} AND {UPPER}", learners_of(2024, "c.province_code = '46'"));
        let before = numbers(s, [(("24", "total"), before)]).await;
        assert_eq!(told(&of_province, "24", "total", "previous"), &json!(before[&("24", "total")]));
        assert_eq!(told(&of_province, "26", "total", "previous"), &json!(0));
        let counted = department.get("/v1/statistics/datasets/enrolments").await.expect(200).body;
        assert_eq!(of_province["position"], counted["position"]);
        // A commune of it: what its data sets do not tell is left to be entered.
        let most = "SELECT c.commune_code, count(*) AS n FROM centre c JOIN enrolment e ON e.centre_id = c.id WHERE c.status = 'operating' GROUP BY c.commune_code ORDER BY n DESC LIMIT 1";
        let commune = counted_by(s, most).await.into_keys().next().expect("a commune");
        let of_commune = made(&office(s, &commune).await, "stat_year_start", Some(&commune)).await.body;
        assert_filled(&of_commune, &by_hand(s, &format!("c.commune_code = '{commune}'")).await);
        // Who is there today is not who was there in an earlier year.
        for line in ["04", "42"] {
            let figure = ["origin", "computed", "reported"].map(|name| told(&of_commune, line, "total", name).clone());
            assert_eq!(figure, [json!("entered"), Value::Null, Value::Null], "no fake zero");
        }
        // Ethnic origin is sensitive, and an office of a commune has no sight of it.
        assert_eq!(told(&of_commune, "24", "minority", "computed"), &Value::Null);
        assert!(told(&of_province, "24", "minority", "computed").is_i64());
        let this_year = report_form::find("stat_year_start").and_then(|form| form.clock(WindowLevel::Province)).expect("a clock").year_on(Clock::System.today());
        for (client, place, of) in [
            (&department, "46", "c.province_code = '46'".to_owned()),
            (&office(s, &commune).await, commune.as_str(), format!("c.commune_code = '{commune}'")),
        ] {
            let mut new = report("stat_year_start", Some(place));
            new["schoolYear"] = json!(this_year);
            let made = client.post("/v1/reports", new).await.expect(201).body;
            let today = there_today(s, &of).await;
            assert!(place != "46" || today.values().all(|count| *count > 0), "{today:?}");
            assert_filled(&made, &today);
        }
    }
);

on_both!(
    async fn what_was_registered_is_not_what_was_granted(s) {
        filled(s).await;
        let department = s.client("province_department", province("46")).await;
        let summary = made(&department, "learning_council_summary", Some("46")).await.body;
        let granted = number(s, "SELECT count(*) FROM recognition r WHERE r.deleted_at IS NULL AND r.province_code = '46' \
            AND r.kind = 'learning_clan' AND r.assessed_year = 2025 AND r.state IN ('granted', 'expired')").await;
        assert_eq!(told(&summary, "02", "total", "computed"), &json!(granted));
        assert_eq!(told(&summary, "02", "registered", "computed"), &Value::Null);
    }
);

on_both!(
    async fn the_year_before_is_what_was_accepted_then(s) {
        filled(s).await;
        let department = s.client("province_department", province("46")).await;
        let ministry = s.client("ministry", Reach::whole_country()).await;
        let mut before = report("stat_year_end", Some("46"));
        before["schoolYear"] = json!("2024");
        before["entries"] = json!([
            { "line": "30", "column": "total", "value": 10 },
            { "line": "31", "column": "total", "value": 40 },
        ]);
        let id = department.post("/v1/reports", before).await.expect(201).id();
        submitted(&department, &id).await;
        let first = made(&department, "stat_year_end", Some("46")).await.body;
        assert_eq!((told(&first, "30", "total", "previous"), &first["previousReportId"]), (&Value::Null, &Value::Null), "not accepted yet");
        step(&ministry, &id, "accept", json!({})).await.expect(200);
        let own = first["id"].as_str().unwrap();
        department.patch(&path(own), json!({ "entries": [
            { "line": "30", "column": "total", "value": 14 }, { "line": "31", "column": "total", "value": 44 },
        ] })).await.expect(200);
        let filled = step(&department, own, "prefill", json!({})).await.expect(200).body;
        assert_eq!(filled["previousReportId"], json!(id));
        let figure = &filled["figures"][place(&filled, "31", "total")];
        assert_eq!((&figure["previous"], &figure["reported"], &figure["changePercent"]), (&json!(40), &json!(44), &json!(10)));
        department.patch(&path(own), json!({ "entries": [
            { "line": "30", "column": "total", "value": 16 }, { "line": "31", "column": "total", "value": 44 },
        ] })).await.expect(200);
        let refused = step(&department, own, "submit", signature()).await.expect(422);
        let at = |line: &str| format!("/figures/{}/explanation", place(&filled, line, "total"));
        let refused = refused.refuses(&at("30"), "explanation_required");
        assert!(!refused.faults().iter().any(|(pointer, _)| *pointer == at("31")), "10 % need no words: {}", refused.text);
        submitted(&department, own).await;
    }
);

on_both!(
    async fn forms_are_public_and_say_how_well_they_were_checked(s) {
        let anybody = s.public();
        let forms = anybody.get("/v1/report-forms").await.expect(200).body;
        let codes: Vec<_> = forms["items"].as_array().unwrap().iter().map(|form| form["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["department_summary", "learning_council_summary", "pcgd_xmc", "stat_year_end", "stat_year_start"]);
        let start = anybody.get("/v1/report-forms/stat_year_start").await.expect(200).body;
        assert_eq!(start["mark"], "unverified");
        let clock = |level: &str| start["levels"].as_array().unwrap().iter().find(|clock| clock["level"] == level).unwrap().clone();
        assert_eq!(clock("province"), json!({ "level": "province", "asOf": "09-30", "due": "10-31", "mark": "verified" }));
        let of_commune = anybody.get("/v1/report-forms?level=commune").await.expect(200).body;
        assert_eq!(of_commune["items"].as_array().unwrap().len(), 4);
        anybody.get("/v1/report-forms/happiness").await.expect(404);
        let same = anybody.data("{ getReportForm(code: \"pcgd_xmc\") { columns { code only { dimension members } } } }", json!({})).await;
        assert_eq!(same["getReportForm"]["columns"][2]["only"], json!([{ "dimension": "ageBand", "members": ["15_25", "26_35"] }]));
    }
);
