//! Indicators are what dividing the figures by hand gives.

use serde_json::{Value, json};

use super::{counted_by, filled};
use crate::{
    learners::people::{centre_of, person_with},
    on_both,
    support::{Client, Service, province},
};

/// The rows of an indicator, to a department that sees its figures as they are.
async fn rows(client: &Client, asked: &str) -> Vec<Value> {
    let answer = client.get(&format!("/v1/statistics/indicators/{asked}")).await.expect(200);
    answer.body["rows"].as_array().expect("rows").clone()
}

async fn number(s: &Service, sql: &str) -> i64 {
    counted_by(s, &format!("SELECT 'n', ({sql})")).await["n"]
}

/// The quotient with two decimal places, in hundredths.
fn hundredths(row: &Value) -> i64 {
    let value = row["value"].as_f64().expect("a value") * 100.0;
    #[expect(clippy::cast_possible_truncation, reason = "a share")]
    let whole = value.round() as i64;
    whole
}

on_both!(
    async fn a_share_is_the_one_figure_over_the_other(s) {
        filled(s).await;
        let client = s.client("province_department", province("46")).await;
        let present = "SELECT count(*) FROM enrolment e JOIN class c ON c.id = e.class_id JOIN learner l ON l.id = e.learner_id \
            WHERE e.deleted_at IS NULL AND c.school_year = 2025 AND e.enrolled_on <= '2025-09-30' AND (e.ended_on IS NULL OR e.ended_on >= '2025-09-30')";
        let (women, all) = (number(s, &format!("{present} AND l.gender = 'female'")).await, number(s, present).await);
        let share = rows(&client, "women_share/data?province=46").await;
        assert_eq!((&share[0]["numerator"], &share[0]["denominator"], &share[0]["status"]), (&json!(women), &json!(all), &Value::Null));
        // Half a hundredth of a per cent is what two decimal places leave out.
        assert!((hundredths(&share[0]) * all - women * 10_000).abs() * 2 <= all, "{share:?}");

        let of_year = "FROM enrolment e JOIN class c ON c.id = e.class_id WHERE e.deleted_at IS NULL AND c.school_year = 2025";
        let out = number(s, &format!("SELECT count(*) {of_year} AND e.status = 'dropped_out'")).await;
        let dropped = rows(&client, "dropout_rate/data?province=46&groupBy=schoolYear").await;
        let of_2025 = dropped.iter().find(|row| row["members"][0] == "2025-2026").expect("a year");
        assert_eq!(of_2025["numerator"], json!(out));

        let classes = number(s, "SELECT count(*) FROM class WHERE deleted_at IS NULL AND school_year = 2025 AND state IN ('approved', 'open', 'closed')").await;
        let per_class = rows(&client, "learners_per_class/data?province=46").await;
        assert_eq!((&per_class[0]["numerator"], &per_class[0]["denominator"]), (&json!(all), &json!(classes)));
    }
);

on_both!(
    async fn communes_are_counted_once_out_of_those_of_today(s) {
        filled(s).await;
        let client = s.public();
        let with = number(s, "SELECT count(DISTINCT commune_code) FROM centre WHERE deleted_at IS NULL AND kind = 'community_learning_centre' AND status = 'operating'").await;
        let share = rows(&client, "communes_with_learning_centre/data").await;
        // 3,321 communes since 2025-07-01 (NQ 202/2025/QH15 and the resolutions on each province).
        assert_eq!((&share[0]["numerator"], &share[0]["denominator"]), (&json!(with), &json!(3321)));
        let provinces = rows(&client, "communes_with_learning_centre/data?groupBy=province").await;
        assert_eq!(provinces.len(), 34);
        let told = client.get("/v1/statistics/indicators/communes_with_learning_centre/data?groupBy=province").await.expect(200).body;
        assert_eq!(told["dimensions"][0]["members"].as_array().map(Vec::len), Some(34), "each with its name");
        let hue = provinces.iter().find(|row| row["members"][0] == "46").expect("the province");
        assert_eq!((&hue["numerator"], &hue["denominator"]), (&json!(with), &json!(40)));
        let other = provinces.iter().find(|row| row["members"][0] == "01").expect("another province");
        assert_eq!((&other["numerator"], &other["value"]), (&json!(0), &json!(0.0)));
        let one = rows(&client, "communes_with_learning_centre/data?province=46").await;
        assert_eq!((&one[0]["numerator"], &one[0]["denominator"]), (&json!(with), &json!(40)));
        let one = rows(&client, "communes_with_learning_centre/data?groupBy=province&province=46").await;
        assert_eq!((one.len(), &one[0]["denominator"]), (1, &json!(40)));
    }
);

on_both!(
    async fn growth_sets_a_year_beside_the_one_before(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let programme = json!({ "centreId": centre, "kind": "on_demand", "name": "Chương trình Thử Nghiệm" });
        let programme = vendor.post("/v1/programmes", programme).await.expect(201).id();
        for (year, code) in [(2024, "A"), (2025, "B"), (2025, "C")] {
            let class = json!({ "programmeId": programme, "schoolYear": format!("{year}-{}", year + 1), "code": code, "name": "Lớp Thử Nghiệm" });
            let class = vendor.post("/v1/classes", class).await.expect(201).id();
            vendor.post(&format!("/v1/classes/{class}/approve"), json!({})).await.expect(200);
            let learner = person_with(&centre, json!({ "fullName": format!("Học Viên {code}") }));
            let learner = vendor.post("/v1/learners", learner).await.expect(201).id();
            let body = json!({ "learnerId": learner, "classId": class, "enrolledOn": format!("{year}-09-05") });
            vendor.post("/v1/enrolments", body).await.expect(201);
        }
        s.counted().await;
        let ministry = s.client("ministry", gdtx_domain::access::reach::Reach::whole_country()).await;
        let growth = rows(&ministry, "enrolment_growth/data?groupBy=schoolYear").await;
        let values: Vec<(&Value, &Value)> = growth.iter().map(|row| (&row["members"][0], &row["value"])).collect();
        // A class of a year that nobody is in yet makes no other year the latest one on one side alone.
        let class = json!({ "programmeId": programme, "schoolYear": "2026-2027", "code": "D", "name": "Lớp Thử Nghiệm" });
        let class = vendor.post("/v1/classes", class).await.expect(201).id();
        vendor.post(&format!("/v1/classes/{class}/approve"), json!({})).await.expect(200);
        s.counted().await;
        let per_class = rows(&ministry, "learners_per_class/data").await;
        assert_eq!((&per_class[0]["numerator"], &per_class[0]["denominator"]), (&json!(2), &json!(2)));
        assert_eq!(values, [(&json!("2024-2025"), &Value::Null), (&json!("2025-2026"), &json!(200.0))]);
    }
);

on_both!(
    async fn an_indicator_tells_its_year_and_withholds_what_rounding_made(s) {
        filled(s).await;
        let (public, department) = (s.public(), s.client("province_department", province("46")).await);
        let path = "/v1/statistics/indicators/minority_share/data?province=46";
        let (shown, exact) = (public.get(path).await.expect(200).body, department.get(path).await.expect(200).body);
        let slice = |answer: &Value| {
            let slice = answer["slice"].as_array().expect("a slice").iter();
            slice.map(|one| (one["code"].clone(), one["member"]["code"].clone())).collect::<Vec<_>>()
        };
        assert_eq!(slice(&shown), [(json!("schoolYear"), json!("2025-2026")), (json!("province"), json!("46"))]);
        assert_eq!(slice(&exact), slice(&shown));
        // Few people: what is shown of them is mostly rounding, where it is not their number.
        assert!(exact["rows"][0]["numerator"].as_i64().is_some_and(|people| people < 30) && exact["rows"][0]["value"].is_number(), "{exact}");
        assert_eq!((&shown["rows"][0]["value"], &shown["rows"][0]["status"]), (&Value::Null, &json!("withheld")));
        let broken_down = public.get("/v1/statistics/indicators/women_share/data?groupBy=schoolYear").await.expect(200).body;
        assert_eq!(broken_down["slice"], json!([]));
    }
);

on_both!(
    async fn indicators_say_what_they_are_and_what_they_do_not_do(s) {
        let client = s.public().english();
        let list = client.get("/v1/statistics/indicators").await.expect(200).body;
        let women = list["items"].as_array().expect("indicators").iter().find(|one| one["id"] == "women_share").expect("one").clone();
        assert_eq!(women["formula"], "100 × enrolments[period=start, gender=female] / enrolments[period=start]");
        for (asked, field, code) in [
            ("communes_with_learning_centre/data?groupBy=commune", "groupBy", "unknown_code"),
            ("communes_with_learning_centre/data?terrain=delta", "filter", "not_allowed_here"),
            ("women_share/data?groupBy=gender", "groupBy", "unknown_code"),
            ("women_share/data?gender=female", "gender", "not_allowed_here"),
            ("women_share/data?period=end", "period", "not_allowed_here"),
            ("women_share/data?format=csv", "format", "not_allowed_here"),
            ("women_share/data?boundaries=2025-06-30", "boundaries", "not_allowed_here"),
            ("women_share/data?groupBy=facility", "groupBy", "unknown_code"),
            ("dropout_rate/data?groupBy=dropoutReason", "groupBy", "unknown_code"),
            ("women_share/data?province=red", "province", "unknown_code"),
            ("women_share/data?totals=true", "totals", "not_allowed_here"),
        ] {
            client.get(&format!("/v1/statistics/indicators/{asked}")).await.expect(400).refuses(field, code);
        }
        let path = "/v1/statistics/indicators/women_share/data";
        s.public().with("accept", "text/csv").get(path).await.expect(406);
        s.public().with("accept", "text/html, */*;q=0.8").get(path).await.expect(200);
        client.get("/v1/statistics/indicators/happiness/data").await.expect(404);
        let document = "{ queryStatisticsIndicator(id: \"women_share\", query: { groupBy: [province] }) { indicator { id unit } rows { members value } } }";
        let same = client.data(document, json!({})).await;
        assert_eq!(same["queryStatisticsIndicator"]["indicator"], json!({ "id": "women_share", "unit": "%" }));
    }
);
