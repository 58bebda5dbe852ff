//! The way of a report: commune, province, Ministry; nobody takes a step that is another's.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{COMMUNE, chain, made, network, office, path, report, signature, step, submitted, survey, told};
use crate::on_both;

on_both!(
    async fn from_draft_to_locked_by_the_bodies_of_the_chain(s) {
        let c = chain(s).await;
        let draft = made(&c.office, "stat_year_start", Some(COMMUNE)).await;
        let id = draft.id();
        let told = ["state", "unit", "asOf", "dueOn", "schoolYear"].map(|name| draft.body[name].as_str().unwrap_or_default().to_owned());
        assert_eq!(told, ["draft", "commune", "2025-09-30", "2025-10-15", "2025-2026"]);
        c.office.patch(&path(&id), network()).await.expect(200);
        let sent = step(&c.office, &id, "submit", signature()).await.expect(200);
        assert_eq!((&sent.body["state"], &sent.body["warnings"][0]["code"]), (&json!("submitted"), &json!("late")));
        c.office.patch(&path(&id), json!({ "note": "x" })).await.expect(409);
        step(&c.department, &id, "return", json!({ "reason": "  " })).await.expect(422).refuses("/reason", "empty");
        let back = step(&c.department, &id, "return", json!({ "reason": "Thiếu số nhân viên hợp đồng" })).await.expect(200);
        assert_eq!((&back.body["state"], &back.body["signature"]), (&json!("returned"), &Value::Null));
        assert_eq!(c.office.get(&path(&id)).await.body["returnReason"], "Thiếu số nhân viên hợp đồng");
        step(&c.department, &id, "accept", json!({})).await.expect(409);
        c.office.patch(&path(&id), json!({ "note": "Đã bổ sung" })).await.expect(200);
        step(&c.office, &id, "submit", signature()).await.expect(200);
        step(&c.department, &id, "lock", json!({})).await.expect(409);
        // What was taken by mistake is sent back all the same.
        let taken = step(&c.department, &id, "accept", json!({})).await.expect(200).body;
        assert_eq!((&taken["returnReason"], taken["acceptedOn"].is_string()), (&Value::Null, true));
        let back = step(&c.department, &id, "return", json!({ "reason": "Nhầm số liệu" })).await.expect(200).body;
        assert_eq!((&back["state"], &back["acceptedOn"]), (&json!("returned"), &Value::Null));
        step(&c.office, &id, "submit", signature()).await.expect(200);
        step(&c.department, &id, "accept", json!({})).await.expect(200);
        let locked = step(&c.ministry, &id, "lock", json!({})).await.expect(200);
        assert_eq!(locked.body["state"], "locked");
        // A locked report never changes.
        for wrong in ["prefill", "submit"] {
            let body = if wrong == "submit" { signature() } else { json!({}) };
            step(&c.office, &id, wrong, body).await.expect(409);
        }
        step(&c.department, &id, "return", json!({ "reason": "x" })).await.expect(409);
        step(&c.ministry, &id, "lock", json!({})).await.expect(409);
        c.office.patch(&path(&id), network()).await.expect(200);
        c.office.patch(&path(&id), json!({ "note": "x" })).await.expect(409);
        c.office.delete(&path(&id)).await.expect(409);
        assert_eq!(c.office.get(&path(&id)).await.expect(200).body["version"], locked.body["version"]);
        let history = c.department.get(&format!("{}/history", path(&id))).await.expect(200);
        assert_eq!(history.body["items"].as_array().unwrap().len(), 11);
    }
);

on_both!(
    async fn each_step_is_that_of_one_body(s) {
        let c = chain(s).await;
        let neighbours = [office(s, "00004").await, s.client("province_department", crate::support::province("01")).await];
        // Nobody reports for somebody else.
        for (client, place) in [(&c.department, Some(COMMUNE)), (&c.ministry, Some("31")), (&c.ministry, Some(COMMUNE))] {
            client.post("/v1/reports", report("stat_year_start", place)).await.expect(403);
        }
        c.office.post("/v1/reports", report("stat_year_start", Some("31"))).await.expect(403);
        c.office.post("/v1/reports", report("stat_year_start", None)).await.expect(403);
        neighbours[0].post("/v1/reports", report("stat_year_start", Some(COMMUNE))).await.expect(403);
        let id = made(&c.office, "stat_year_start", Some(COMMUNE)).await.id();
        c.department.patch(&path(&id), network()).await.expect(403);
        c.department.delete(&path(&id)).await.expect(403);
        step(&c.department, &id, "submit", signature()).await.expect(403);
        c.office.patch(&path(&id), network()).await.expect(200);
        step(&c.office, &id, "submit", signature()).await.expect(200);
        step(&c.office, &id, "accept", json!({})).await.expect(403);
        step(&c.ministry, &id, "accept", json!({})).await.expect(403);
        step(&c.ministry, &id, "return", json!({ "reason": "x" })).await.expect(403);
        for neighbour in &neighbours {
            neighbour.get(&path(&id)).await.expect(404);
            neighbour.get(&format!("{}/file", path(&id))).await.expect(404);
            neighbour.patch(&path(&id), network()).await.expect(404);
            assert_eq!(neighbour.get("/v1/reports").await.expect(200).body["items"], json!([]));
        }
        step(&neighbours[1], &id, "accept", json!({})).await.expect(404);
        // A province's own report is the Ministry's to take.
        let own = made(&c.department, "department_summary", Some("31")).await.id();
        submitted(&c.department, &own).await;
        step(&c.department, &own, "accept", json!({})).await.expect(403);
        c.office.get(&path(&own)).await.expect(404);
        step(&c.ministry, &own, "accept", json!({})).await.expect(200);
        step(&c.department, &own, "lock", json!({})).await.expect(403);
        step(&c.ministry, &own, "lock", json!({})).await.expect(200);
        for role in ["vendor", "portal"] {
            s.client(role, crate::support::province("31")).await.get("/v1/reports").await.expect(403);
        }
    }
);

on_both!(
    async fn what_communes_say_is_collected_by_the_province_and_the_ministry(s) {
        let c = chain(s).await;
        let other = office(s, "10507").await;
        let draft = made(&c.department, "pcgd_xmc", Some("31")).await;
        let id = draft.id();
        assert_eq!((&draft.body["acceptedBelow"], told(&draft.body, "03", "15_60", "computed")), (&json!(0), &Value::Null));
        let mut below = String::new();
        for (client, place, body) in [
            (&c.office, COMMUNE, survey([100, 200, 400], [99, 195, 380], [90, 180, 350])),
            (&other, "10507", survey([50, 80, 150], [50, 80, 149], [49, 79, 140])),
        ] {
            let id = made(client, "pcgd_xmc", Some(place)).await.id();
            client.patch(&path(&id), body).await.expect(200);
            step(client, &id, "submit", signature()).await.expect(200);
            step(&c.department, &id, "accept", json!({})).await.expect(200);
            below = id;
        }
        step(&c.department, &id, "submit", signature()).await.expect(422).refuses("/acceptedBelow", "prefill_required");
        let filled = step(&c.department, &id, "prefill", json!({})).await.expect(200).body;
        assert_eq!(filled["acceptedBelow"], 2);
        assert!(filled["unitsBelow"].as_i64().unwrap() > 100, "the communes of Hải Phòng");
        for (line, column, sum) in [("01", "15_60", 550), ("03", "15_25", 150), ("04", "15_35", 275), ("06", "15_60", 490)] {
            let figure = ["computed", "reported"].map(|name| told(&filled, line, column, name).clone());
            assert_eq!(figure, [json!(sum), json!(sum)], "{line} {column}");
        }
        assert_eq!(told(&filled, "03", "15_25", "origin"), "collected");
        let sent = submitted(&c.department, &id).await;
        let warned: Vec<_> = sent.body["warnings"].as_array().unwrap().iter().map(|w| w["code"].as_str().unwrap()).collect();
        assert_eq!(warned, ["late", "reports_missing"]);
        // It was handed in with what those below say.
        step(&c.department, &below, "return", json!({ "reason": "x" })).await.expect(409);
        step(&c.ministry, &id, "accept", json!({})).await.expect(200);
        let country = made(&c.ministry, "pcgd_xmc", None).await.body;
        assert_eq!((told(&country, "06", "15_60", "computed"), &country["unitsBelow"]), (&json!(490), &json!(34)));
        assert_eq!((&country["unit"], &country["place"]), (&json!("country"), &Value::Null));
    }
);

on_both!(
    async fn what_was_signed_is_known_by_its_digest_and_told_in_the_journal(s) {
        let c = chain(s).await;
        let id = made(&c.office, "stat_year_start", Some(COMMUNE)).await.id();
        c.office.patch(&path(&id), network()).await.expect(200);
        let sent = step(&c.office, &id, "submit", signature()).await.expect(200).body;
        let figure = |f: &Value| json!({ "line": f["line"], "column": f["column"], "reported": f["reported"], "explanation": f["explanation"] });
        let mut signed = signature();
        for name in ["asOf", "form", "schoolYear"] {
            signed[name] = sent[name].clone();
        }
        signed["place"] = json!(COMMUNE);
        signed["figures"] = sent["figures"].as_array().unwrap().iter().map(figure).collect();
        assert_eq!(sent["signature"]["digest"], hex::encode(Sha256::digest(signed.to_string())));
        s.sequenced().await;
        let fed = c.department.get("/v1/changes?after=0&resource=reports").await.expect(200).body;
        let states: Vec<_> = fed["items"].as_array().unwrap().iter().map(|item| item["record"]["state"].clone()).collect();
        assert_eq!(states, [json!("draft"), json!("draft"), json!("submitted")]);
        let neighbour = office(s, "00004").await;
        assert_eq!(neighbour.get("/v1/changes?after=0&resource=reports").await.expect(200).body["items"], json!([]));
    }
);
