//! What no dossier and no decision can be: against the law, the state or the caller's reach.

use serde_json::json;

use super::{appraised, decision, family, met, step, unit, unit_results, warned};
use crate::{on_both, support::province};

on_both!(
    async fn districts_belong_to_the_past(s) {
        let department = s.client("province_department", province("31")).await;
        let mut district = json!({
            "kind": "learning_community_district", "holderKind": "district", "place": { "code": "303" },
            "assessedYear": 2024, "requestedLevel": 1, "indicatorResults": met(&department, "tt_25_2023_district").await,
        });
        department.post("/v1/recognitions", district.clone()).await.expect(422).refuses("/holderKind", "district_abolished");
        district["submittedOn"] = json!("2025-07-01");
        let refused = department.english().post("/v1/recognitions", district.clone()).await.expect(422);
        assert_eq!(refused.body["errors"][0]["detail"], "The district level ended with 2025-06-30; older results can only be read.");
        district["submittedOn"] = json!("2025-04-20");
        let made = department.post("/v1/recognitions", district).await.expect(201);
        assert_eq!((&made.body["place"]["provinceCode"], &made.body["place"]["districtCode"]), (&json!("31"), &json!("303")));
        assert_eq!(made.body["holderName"], "Quận Hồng Bàng");
        appraised(&department, &made.id(), Some(1), "2025-05-10").await;
        let by = |kind: &str, date: &str| {
            let mut body = decision("8/QĐ-SGDĐT", date, Some(1));
            body["authorityKind"] = json!(kind);
            body
        };
        let wrong = step(&department, &made.id(), "grant", by("ubnd_tinh", "2025-05-31")).await;
        wrong.expect(422).refuses("/authorityKind", "authority_not_competent");
        let late = step(&department, &made.id(), "grant", by("so_gddt", "2025-07-01")).await;
        late.expect(422).refuses("/date", "district_abolished");
        let granted = step(&department, &made.id(), "grant", by("so_gddt", "2025-05-31")).await.expect(200);
        assert_eq!(granted.body["validTo"], "2027-12-31");
    }
);

on_both!(
    async fn only_the_authority_of_the_day_decides(s) {
        let department = s.client("province_department", province("31")).await;
        let place = json!({
            "kind": "learning_community_province", "holderKind": "province", "place": { "code": "31" }, "assessedYear": 2025,
            "requestedLevel": 1, "submittedOn": "2026-02-01", "indicatorResults": met(&department, "tt_25_2023_province").await,
        });
        let made = department.post("/v1/recognitions", place).await.expect(201);
        step(&department, &made.id(), "submit", json!({})).await.expect(200);
        let opinion = json!({ "appraisedOn": "2026-02-20", "body": "Bộ Giáo dục và Đào tạo", "proposesGrant": true, "level": 1 });
        let other = step(&department.english(), &made.id(), "appraise", opinion.clone()).await.expect(403);
        assert!(other.text.contains("Minister of Education and Training"), "{}", other.text);
        let ministry = s.client("ministry", Default::default()).await;
        step(&ministry, &made.id(), "appraise", opinion).await.expect(200);
        let mut body = decision("1/QĐ-BGDĐT", "2026-03-01", Some(1));
        step(&department, &made.id(), "grant", body.clone()).await.expect(403);
        step(&department, &made.id(), "refuse", json!({ "reasons": ["Thử"] })).await.expect(403);
        let wrong = step(&ministry.english(), &made.id(), "grant", body.clone()).await.expect(422);
        assert_eq!(wrong.body["errors"][0]["detail"], "The authority that decides is: Minister of Education and Training.");
        body["authorityKind"] = json!("phong_gddt");
        let gone = step(&ministry, &made.id(), "grant", body.clone()).await.expect(422);
        gone.refuses("/authorityKind", "district_abolished");
        body["authorityKind"] = json!("bo_gddt");
        body["level"] = json!(2);
        let above = step(&ministry, &made.id(), "grant", body.clone()).await.expect(422);
        above.refuses("/level", "level_above_request");
        body["level"] = json!(1);
        step(&ministry, &made.id(), "grant", body).await.expect(200);
    }
);

on_both!(
    async fn every_indicator_of_the_level_is_met_or_nothing_is_handed_in(s) {
        let vendor = s.vendor().await;
        let mut dossier = unit("Chi cục Thử nghiệm", 2025, 1);
        dossier["indicatorResults"] = json!([{ "indicator": "c1_1", "met": false }]);
        let id = vendor.post("/v1/recognitions", dossier).await.expect(201).id();
        let refused = step(&vendor, &id, "submit", json!({})).await.expect(422);
        refused.refuses("/indicatorResults", "indicator_missing").refuses("/indicatorResults/0/met", "indicator_not_met");
        assert_eq!(vendor.get(&format!("/v1/recognitions/{id}")).await.body["state"], "draft");
        let path = format!("/v1/recognitions/{id}");
        vendor.patch(&path, json!({ "indicatorResults": unit_results(89.99) })).await.expect(200);
        let low = step(&vendor, &id, "submit", json!({})).await.expect(422);
        low.refuses("/indicatorResults/8/value", "value_below_target");
        vendor.patch(&path, json!({ "indicatorResults": unit_results(90.0), "requestedLevel": 2 })).await.expect(200);
        step(&vendor, &id, "submit", json!({})).await.expect(422).refuses("/indicatorResults/8/value", "value_below_target");
        vendor.patch(&path, json!({ "indicatorResults": unit_results(95.0) })).await.expect(200);
        let sent = step(&vendor, &id, "submit", json!({})).await.expect(200);
        assert!(warned(&sent).contains(&"target_unknown"));
    }
);

on_both!(
    async fn one_live_dossier_for_a_holder_kind_and_year(s) {
        let vendor = s.vendor().await;
        let id = vendor.post("/v1/recognitions", unit("Chi cục Thử nghiệm", 2025, 1)).await.expect(201).id();
        let second = vendor.post("/v1/recognitions", unit("chi cuc  thử nghiệm", 2025, 2)).await.expect(409);
        assert_eq!(second.body["code"], "conflict");
        second.refuses("/assessedYear", "duplicate_recognition");
        let other_year = vendor.post("/v1/recognitions", unit("Chi cục Thử nghiệm", 2024, 1)).await.expect(201).id();
        let path = format!("/v1/recognitions/{other_year}");
        vendor.patch(&path, json!({ "assessedYear": 2025 })).await.expect(409).refuses("/assessedYear", "duplicate_recognition");
        step(&vendor, &id, "withdraw", json!({})).await.expect(200);
        vendor.patch(&path, json!({ "assessedYear": 2025 })).await.expect(200);

        vendor.post("/v1/recognitions", family("Gia đình Nguyễn Thử Nghiệm")).await.expect(201);
        let namesake = vendor.post("/v1/recognitions", family("Gia đình Nguyễn Thử Nghiệm")).await.expect(201);
        assert_eq!(warned(&namesake), ["possible_duplicate"]);
    }
);

on_both!(
    async fn steps_out_of_order_are_impossible(s) {
        let department = s.client("province_department", province("31")).await;
        let id = department.post("/v1/recognitions", unit("Chi cục Thử nghiệm", 2025, 1)).await.expect(201).id();
        let grant = || decision("6/QĐ-UBND", "2026-02-15", Some(1));
        let appraisal = |on: &str, level: Option<i32>| json!({ "appraisedOn": on, "body": "Sở GDĐT", "proposesGrant": true, "level": level });
        step(&department, &id, "grant", grant()).await.expect(409);
        step(&department, &id, "appraise", appraisal("2026-01-20", Some(1))).await.expect(409);
        step(&department, &id, "submit", json!({})).await.expect(200);
        let twice = step(&department.english(), &id, "submit", json!({})).await.expect(409);
        assert_eq!(twice.body["detail"], "\"Submit\" is not possible in the state \"Submitted\".");
        step(&department, &id, "appraise", appraisal("2026-01-09", Some(1))).await.expect(422).refuses("/appraisedOn", "dates_out_of_order");
        step(&department, &id, "appraise", appraisal("2199-01-01", Some(1))).await.expect(422).refuses("/appraisedOn", "future_date");
        step(&department, &id, "appraise", appraisal("2026-01-20", None)).await.expect(422).refuses("/level", "required");
        step(&department, &id, "appraise", appraisal("2026-01-20", Some(2))).await.expect(422).refuses("/level", "level_above_request");
        step(&department, &id, "appraise", appraisal("2026-01-20", Some(1))).await.expect(200);
        step(&department, &id, "return", json!({ "reasons": ["Thiếu"] })).await.expect(409);
        let early = decision("6/QĐ-UBND", "2026-01-19", Some(1));
        step(&department, &id, "grant", early).await.expect(422).refuses("/date", "dates_out_of_order");
        step(&department, &id, "grant", json!({})).await.expect(400).refuses("/number", "required");
        let mut odd = grant();
        odd["levl"] = json!(1);
        step(&department, &id, "grant", odd).await.expect(400).refuses("/levl", "unknown_property");
        department.send(reqwest::Method::POST, &format!("/v1/recognitions/{id}/grant"), None).await.expect(400);
        step(&department, &id, "grant", grant()).await.expect(200);
        department.delete(&format!("/v1/recognitions/{id}")).await.expect(409);
    }
);

on_both!(
    async fn strangers_neighbours_and_readers_take_no_step(s) {
        let vendor = s.vendor().await;
        let id = vendor.post("/v1/recognitions", unit("Chi cục Thử nghiệm", 2025, 1)).await.expect(201).id();
        let neighbour = s.client("province_department", province("01")).await;
        let (portal, auditor) = (s.client("portal", province("31")).await, s.client("auditor", province("31")).await);
        for (name, body) in [
            ("submit", json!({})),
            ("withdraw", json!({})),
            ("return", json!({ "reasons": ["Thiếu"] })),
            ("appraise", json!({ "appraisedOn": "2026-01-20", "body": "Sở GDĐT", "proposesGrant": false })),
            ("grant", decision("6/QĐ-UBND", "2026-02-15", Some(1))),
            ("refuse", json!({ "reasons": ["Thiếu"] })),
        ] {
            step(&s.public(), &id, name, body.clone()).await.expect(401);
            step(&auditor, &id, name, body.clone()).await.expect(403);
            step(&portal, &id, name, body.clone()).await.expect(403);
            step(&neighbour, &id, name, body).await.expect(404);
        }
        assert_eq!(vendor.get(&format!("/v1/recognitions/{id}")).await.body["version"], 1);
        auditor.get("/v1/recognitions").await.expect(403);
        s.public().get("/v1/recognitions").await.expect(401);
    }
);
