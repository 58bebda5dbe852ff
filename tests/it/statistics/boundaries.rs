//! Figures on the boundaries of another day: exact where records tell, estimated where they do not, and never silently.

use std::collections::BTreeMap;

use gdtx_domain::{
    access::reach::Reach,
    statistics::{data_set, dimension::Dimension},
};
use reqwest::Method;
use serde_json::{Value, json};

use super::filled;
use crate::{
    on_both,
    support::{Client, Service, centre, province},
};

/// Centres in Hải Phòng, which Hải Dương (30) became part of: An Biên (11407) was made of parts of four wards of
/// Quận Lê Chân (305); Hồng Bàng (11311) of six wards of the district of that name (303) and part of one of Ngô Quyền
/// (304); Tứ Minh (10891) of one commune of Thành phố Hải Dương (288) and two of Cẩm Giàng (295). One centre is
/// reported where it was: in Phường Hùng Vương (11299) of Hồng Bàng.
async fn centres(s: &Service) -> Client {
    let vendor = s.vendor().await;
    for (commune, count) in [("11407", 4), ("11311", 7), ("10891", 3)] {
        for _ in 0..count {
            vendor.post("/v1/centres", centre("Trung tâm GDTX Thử Nghiệm", commune)).await.expect(201);
        }
    }
    let mut legacy = centre("Trung tâm GDTX Thử Nghiệm", "11299");
    legacy["place"] = json!({ "code": "11299", "asOf": "2025-06-30" });
    vendor.post("/v1/centres", legacy).await.expect(201);
    s.counted().await;
    s.public().english()
}

async fn answer(client: &Client, asked: &str) -> Value {
    client.get(&format!("/v1/statistics/datasets/centres/data?{asked}")).await.expect(200).body
}

/// Figures by their members, with what is exact of those that are estimated.
fn figures(answer: &Value) -> BTreeMap<String, (i64, Option<i64>)> {
    let rows = answer["rows"].as_array().expect("rows").iter();
    let figure = |row: &Value| {
        let members: Vec<&str> = row["members"].as_array().expect("members").iter().filter_map(Value::as_str).collect();
        assert_eq!(row["exact"].is_array(), row["status"] == "estimated", "{row}");
        (members.join(","), (row["values"][0].as_i64().expect("a figure"), row["exact"][0].as_i64()))
    };
    rows.map(figure).collect()
}

fn these<const N: usize>(figures: [(&str, i64, Option<i64>); N]) -> BTreeMap<String, (i64, Option<i64>)> {
    figures.map(|(members, figure, exact)| (members.to_owned(), (figure, exact))).into()
}

on_both!(
    async fn figures_stand_on_the_boundaries_of_before_the_reform(s) {
        let client = centres(s).await;
        let provinces = answer(&client, "groupBy=province&boundaries=2025-06-30").await;
        assert_eq!(figures(&provinces), these([("30", 3, None), ("31", 12, None)]));
        assert_eq!(provinces["coverage"], json!({ "boundaries": "2025-06-30", "exact": [15], "estimated": [0] }));
        assert_eq!(provinces["dimensions"][0]["members"][0]["label"], "Tỉnh Hải Dương");
        // Seven centres of today's Hồng Bàng: one in each of seven wards, six of which lay in the district.
        let districts = answer(&client, "groupBy=district&boundaries=2025-06-30&totals=true").await;
        let by_district = [
            ("288", 1, Some(0)), ("295", 2, Some(0)), ("303", 7, Some(1)), ("304", 1, Some(0)), ("305", 4, None), ("_T", 15, Some(5)),
        ];
        assert_eq!(figures(&districts), these(by_district));
        assert_eq!(districts["coverage"], json!({ "boundaries": "2025-06-30", "exact": [5], "estimated": [10] }));
        let note = districts["notes"].as_array().expect("notes").last().expect("a note");
        assert!(note.as_str().is_some_and(|note| note.contains("as they stood on 2025-06-30: 33.3% lies in its legacy units for certain")), "{note}");
        let one = answer(&client, "groupBy=commune&boundaries=2025-06-30&district=303").await;
        assert_eq!(figures(&one)["11299"], (2, Some(1)));
        assert_eq!(figures(&one)["11302"], (1, Some(0)));
        // There is one map of the time before, and it says of which day.
        let earlier = answer(&client, "district=303&boundaries=2024-01-01").await;
        assert_eq!((figures(&earlier), &earlier["coverage"]["boundaries"]), (these([("", 7, Some(1))]), &json!("2025-06-30")));
    }
);

on_both!(
    async fn every_data_set_with_communes_answers_on_the_boundaries_of_before(s) {
        filled(s).await;
        let (public, department) = (s.public(), s.client("province_department", province("46")).await);
        let sum = |answer: &Value| answer["rows"].as_array().expect("rows").iter().map(|row| row["values"][0].as_i64().expect("a figure")).sum::<i64>();
        for set in data_set::all().iter().filter(|set| set.dimensions.contains(&Dimension::Commune)) {
            let needed: Vec<&str> = set.dimensions.iter().filter(|one| !one.adds_up()).map(|one| one.code()).collect();
            for dimension in set.dimensions.iter().map(|one| one.code()).filter(|code| !needed.contains(code)) {
                let path = format!("/v1/statistics/datasets/{}/data?groupBy={}", set.id, [&needed[..], &[dimension]].concat().join(","));
                let before = format!("{path}&boundaries=2025-06-30");
                public.get(&before).await.expect(200);
                // Every figure lies in Huế, of which the department is told as it is.
                let (today, before) = (department.get(&path).await.expect(200), department.get(&before).await.expect(200));
                assert_eq!(sum(&before.body), sum(&today.body), "{path}");
            }
        }
    }
);

on_both!(
    async fn an_answer_tells_of_each_dimension_once(s) {
        let client = centres(s).await;
        let today = answer(&client, "").await;
        let of_set: Vec<&Value> = today["slice"].as_array().expect("a slice").iter().map(|one| &one["code"]).collect();
        for (asked, member, flow) in [
            ("groupBy=province&boundaries=2025-06-30", ("province", None), "CENTRES_ON_2025_06_30"),
            ("province=30&boundaries=2025-06-30", ("province", Some("30")), "CENTRES_ON_2025_06_30"),
            ("district=303&boundaries=2025-06-30", ("district", Some("303")), "CENTRES_ON_2025_06_30_BY_DISTRICT"),
            ("groupBy=area,province", ("area", None), "CENTRES_BY_AREA"),
            ("area=urban", ("area", Some("urban")), "CENTRES_BY_AREA"),
            ("province=31", ("province", Some("31")), "CENTRES"),
        ] {
            let told = answer(&client, asked).await;
            let slice = told["slice"].as_array().expect("a slice");
            let mut codes: Vec<&Value> = told["dimensions"].as_array().expect("dimensions").iter().chain(slice).map(|one| &one["code"]).collect();
            codes.sort_by_key(|code| of_set.iter().position(|own| own == code).unwrap_or(usize::MAX));
            assert_eq!(codes[..of_set.len()], of_set[..], "{asked}");
            let following = member.0 != "province";
            assert_eq!((codes.len(), codes.last() == Some(&&json!(member.0))), (of_set.len() + usize::from(following), following), "{asked}");
            let one = slice.iter().find(|one| one["code"] == member.0);
            assert_eq!(one.and_then(|one| one["member"]["code"].as_str()), member.1, "{asked}");
            // Codes of other places, and lines with more dimensions, are no lines of the same flow.
            let lines = client.get(&format!("/v1/statistics/datasets/centres/data?{asked}&format=sdmx_csv")).await.expect(200).text;
            let first: Vec<&str> = lines.lines().nth(1).expect("a line").split(',').collect();
            assert_eq!(first[1], format!("GDTX:{flow}(1.0)"), "{asked}");
        }
    }
);

on_both!(
    async fn whatever_is_estimated_adds_up_to_the_same(s) {
        filled(s).await;
        let (ministry, public) = (s.client("ministry", Reach::whole_country()).await, s.public());
        for client in [&ministry, &public] {
            let sums = async |groups: &str| {
                let path = format!("/v1/statistics/datasets/enrolments/data?boundaries=2025-06-30&schoolYear=2025&period=start&totals=true&groupBy={groups}");
                let answer = client.get(&path).await.expect(200).body;
                let of = |is_total: bool| {
                    let rows = answer["rows"].as_array().expect("rows").iter().filter(|row| {
                        let members = row["members"].as_array().expect("members");
                        if is_total { members.iter().all(|member| member == "_T") } else { members.iter().all(|member| member != "_T") }
                    });
                    rows.map(|row| row["values"][0].as_i64().expect("a figure")).sum::<i64>()
                };
                let coverage = &answer["coverage"];
                let covered = coverage["exact"][0].as_i64().expect("a figure") + coverage["estimated"][0].as_i64().expect("a figure");
                assert!(of(false) > 0 && of(false) == of(true) && of(true) == covered, "{groups}: {} {} {covered}", of(false), of(true));
                assert!(client.id.is_some() || answer["rows"].as_array().expect("rows").iter().all(|row| row["values"][0].as_i64().expect("a figure") % 5 == 0));
                of(true)
            };
            let all = [sums("province").await, sums("district").await, sums("commune").await, sums("district,gender").await];
            assert!(all.iter().all(|sum| *sum == all[0]), "{all:?}");
        }    }
);

on_both!(
    async fn figures_stand_as_they_were_reported_and_as_of_today(s) {
        let client = centres(s).await;
        let reported = these([("10891", 3, None), ("11299@legacy", 1, None), ("11311", 7, None), ("11407", 4, None)]);
        assert_eq!(figures(&answer(&client, "groupBy=reportedUnit").await), reported);
        let today = these([("31", 15, None)]);
        for asked in ["groupBy=province", "groupBy=province&boundaries=2025-07-01", "groupBy=province&boundaries=2999-01-01"] {
            let answer = answer(&client, asked).await;
            assert_eq!((figures(&answer), &answer["coverage"]), (today.clone(), &Value::Null));
        }
        // Wards are urban; Tứ Minh is one too.
        assert_eq!(figures(&answer(&client, "groupBy=area").await), these([("urban", 15, None)]));
        assert_eq!(figures(&answer(&client, "area=rural").await), these([]));
    }
);

on_both!(
    async fn what_has_no_boundaries_is_refused(s) {
        let client = s.public();
        let path = |asked: &str| format!("/v1/statistics/datasets/{asked}");
        for (asked, field, code) in [
            ("centres/data?groupBy=district", "groupBy", "not_of_today"),
            ("centres/data?district=303", "district", "not_of_today"),
            ("learners/data?boundaries=2025-06-30", "boundaries", "not_allowed_here"),
            ("centres/data?province=30", "province", "unknown_code"),
            ("centres/data?province=46&boundaries=2025-06-31", "boundaries", "invalid_value"),
        ] {
            client.get(&path(asked)).await.expect(400).refuses(field, code);
        }
        client.get(&path("centres/data?province=30&boundaries=2025-06-30")).await.expect(200);
    }
);

on_both!(
    async fn a_question_is_of_bounded_size(s) {
        let client = s.public();
        let (path, method) = ("/v1/statistics/datasets/centres/data", Method::from_bytes(b"QUERY").expect("a method"));
        let one = json!({ "dimension": "province", "members": ["46"] });
        let ask = async |filter: Value| client.send(method.clone(), path, Some(json!({ "filter": filter }))).await;
        ask(json!({ "any": vec![one.clone(); 99] })).await.expect(200);
        ask(json!({ "any": vec![one.clone(); 100] })).await.expect(400).refuses("/filter", "too_long");
        ask(json!({ "dimension": "province", "members": vec!["46"; 50_000] })).await.expect(200);
        ask(json!({ "dimension": "province", "members": vec!["46"; 50_001] })).await.expect(400).refuses("/filter", "too_long");
    }
);
