//! Programmes: who may run what, and the standard operations on both surfaces.

use serde_json::json;

use super::{bare, class, complete, operating, proposed, published};
use crate::{
    on_both,
    support::{Client, province},
};

/// One kind of each group of Luật Giáo dục 43/2019/QH14 art. 43 cl. 1, point a to d.
const GROUPS: [(&str, &str); 4] = [
    ("literacy_stage_1", "literacy"),
    ("on_demand", "learner_needs"),
    ("practical_english", "upgrading"),
    ("gdtx_upper_secondary", "diploma"),
];

/// What each kind of centre may run, by the letters of the groups.
const TABLE: [(&str, [bool; 4]); 10] = [
    ("gdtx_centre", [true, true, true, true]),
    ("vocational_gdtx_centre", [true, true, true, true]),
    ("community_learning_centre", [true, true, false, false]),
    ("language_it_centre", [false, true, true, false]),
    ("language_culture_centre", [false, true, true, false]),
    ("life_skills_centre", [false, true, true, false]),
    ("knowledge_culture_arts_centre", [false, true, true, false]),
    ("extracurricular_centre", [false, true, true, false]),
    ("other_gdtx_centre", [false, true, true, false]),
    ("vocational_secondary_school", [false, false, false, false]),
];

on_both!(
    async fn each_kind_of_centre_runs_what_the_law_lets_it(s) {
        let vendor = s.vendor().await;
        for (centre, row) in TABLE {
            let centre_id = proposed(&vendor, centre).await;
            for ((kind, group), may) in GROUPS.into_iter().zip(row) {
                let answer = vendor.post("/v1/programmes", bare(&centre_id, kind)).await;
                if may {
                    assert_eq!(answer.expect(201).body["group"], group, "{centre} {kind}");
                } else {
                    let school = centre == "vocational_secondary_school";
                    let code = if school { "not_continuing_education" } else { "group_not_allowed" };
                    let answer = answer.expect(422).refuses("/kind", code);
                    assert!(answer.text.contains("art. 44"), "{centre} {kind}: {}", answer.text);
                }
            }
        }
    }
);

on_both!(
    async fn a_centre_hosts_foreign_diplomas_with_a_partner_only(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let english = vendor.english();
        let unknown = english.post("/v1/programmes", bare(&centre_id, "university_diploma")).await.expect(422);
        unknown.refuses("/kind", "unknown_code");
        let mut joint = bare(&centre_id, "joint_training");
        english.post("/v1/programmes", joint.clone()).await.expect(422).refuses("/partnerOrganisation", "partner_required");
        joint["partnerOrganisation"] = json!("Trường Đại học Thử nghiệm");
        joint["partnerEgovId"] = json!("G01.999");
        let made = english.post("/v1/programmes", joint).await.expect(201).body;
        assert_eq!(made["group"], "diploma");
        assert_eq!(made["partnerEgovId"], "G01.999");
    }
);

on_both!(
    async fn a_story_from_draft_to_retirement(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "community_learning_centre").await;
        let made = vendor.post("/v1/programmes", bare(&centre_id, "literacy_stage_1")).await.expect(201);
        assert_eq!(made.body["state"], "draft");
        assert_eq!(made.body["centreId"], json!(centre_id));
        assert_eq!(made.header("etag"), "\"1\"");
        let path = format!("/v1/programmes/{}", made.id());
        assert_eq!(made.header("location"), path);
        let changed = vendor.patch(&path, json!({ "name": "  Xoá  mù chữ buổi tối " })).await.expect(200);
        assert_eq!(changed.body["name"], "Xoá mù chữ buổi tối");
        vendor.with("if-match", "\"1\"").patch(&path, json!({ "name": "Khác" })).await.expect(412);
        let found = vendor.get("/v1/programmes?search=xoa%20mu%20chu&group=literacy&state=draft").await.expect(200);
        assert_eq!(found.body["items"][0]["id"], json!(made.id()));
        assert_eq!(vendor.get(&format!("/v1/programmes?centreId={centre_id}&kind=on_demand")).await.body["items"], json!([]));
        let retired = vendor.delete(&path).await.expect(200);
        assert!(retired.body["deletedAt"].is_string());
        vendor.patch(&path, json!({ "name": "Khác" })).await.expect(409);
    }
);

on_both!(
    async fn both_surfaces_tell_the_same_and_follow_relations(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let create = "mutation($input: NewProgramme!) { createProgramme(input: $input) {
            created record { id group state subjects { subject presence } programmeKind { document } centre { id } } } }";
        let data = vendor.data(create, json!({ "input": bare(&centre_id, "gdtx_upper_secondary") })).await;
        let record = data["createProgramme"]["record"].clone();
        assert_eq!(record["programmeKind"]["document"], "TT 12/2022/TT-BGDĐT");
        assert_eq!(record["centre"]["id"], json!(centre_id));
        let id = record["id"].as_str().unwrap();
        let rest = vendor.get(&format!("/v1/programmes/{id}")).await.expect(200).body;
        assert_eq!(rest["subjects"], record["subjects"]);
        assert_eq!(rest["state"], record["state"]);
        let body = json!({ "grade": "gdtx_grade_10", "programmeId": id, "schoolYear": 2025, "code": "10A", "name": "10A" });
        vendor.post("/v1/classes", body).await.expect(201);
        let query = "query($id: ID!) { getCentre(id: $id) { programmes { nodes { name classes { nodes { code } } } } classes { nodes { code programme { id } } } }
            node(id: $id) { id } }";
        let centre = vendor.data(query, json!({ "id": centre_id })).await["getCentre"].clone();
        assert_eq!(centre["programmes"]["nodes"][0]["classes"]["nodes"][0]["code"], "10A");
        assert_eq!(centre["classes"]["nodes"][0]["programme"]["id"], id);
        let node = vendor.data("query($id: ID!) { node(id: $id) { ... on Programme { name } } }", json!({ "id": id })).await;
        assert_eq!(node["node"]["name"], "Chương trình gdtx_upper_secondary");
        let english = bare(&centre_id, "it_basic");
        let refused = vendor.graphql(create, json!({ "input": english })).await.body;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "validation_failed");
        assert_eq!(refused["errors"][0]["extensions"]["errors"][0]["pointer"], "/itModules");
    }
);

on_both!(
    async fn the_public_directory_shows_what_is_published(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let id = published(&vendor, &centre_id, "on_demand").await;
        vendor.post("/v1/programmes", complete(&centre_id, "life_skills")).await.expect(201);
        let path = format!("/v1/directory/centres/{centre_id}");
        let shown = s.public().get(&path).await.expect(200).body;
        assert_eq!(shown["programmes"], json!([{ "name": "Chương trình on_demand", "kind": "on_demand" }]));
        vendor.post(&format!("/v1/programmes/{id}/withdraw"), json!({})).await.expect(200);
        assert_eq!(s.public().get(&path).await.expect(200).body["programmes"], json!([]));
    }
);

on_both!(
    async fn bad_input_is_pointed_at_in_both_languages(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let mut body = bare(&centre_id, "practical_english");
        body["language"] = json!("japanese");
        body["level"] = json!(7);
        body["feeVnd"] = json!(-1);
        body["grades"] = json!(["gdtx_grade_6"]);
        let vi = vendor.post("/v1/programmes", body.clone()).await.expect(422);
        let fields: Vec<String> = vi.faults().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["/feeVnd", "/grades/0", "/language", "/level"]);
        assert!(vi.text.contains("Khối không thuộc loại chương trình này."));
        let en = vendor.english().post("/v1/programmes", body.clone()).await.expect(422);
        assert!(en.text.contains("The grade does not belong to this kind of programme."));
        body["feeVND"] = json!(1);
        vendor.post("/v1/programmes", body).await.expect(400).refuses("/feeVND", "unknown_property");
        let lost = bare("0199c5a0-0000-7000-8000-000000000000", "on_demand");
        vendor.post("/v1/programmes", lost).await.expect(422).refuses("/centreId", "unknown_record");
        vendor.post("/v1/programmes", json!({ "kind": "on_demand", "name": "x" })).await.expect(400).refuses("/centreId", "required");
    }
);

on_both!(
    async fn neighbours_and_strangers_stay_outside(s) {
        let vendor = s.vendor().await;
        let neighbour = s.client("vendor", province("01")).await;
        let portal = s.client("portal", province("31")).await;
        let auditor = s.client("auditor", province("31")).await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let id = vendor.post("/v1/programmes", bare(&centre_id, "on_demand")).await.expect(201).id();
        let path = format!("/v1/programmes/{id}");
        let publish = format!("{path}/publish");
        s.public().get(&path).await.expect(401);
        s.public().post(&publish, json!({})).await.expect(401);
        auditor.get(&path).await.expect(403);
        neighbour.get(&path).await.expect(404);
        neighbour.post(&publish, json!({})).await.expect(404);
        neighbour.post("/v1/programmes", bare(&centre_id, "on_demand")).await.expect(422).refuses("/centreId", "unknown_record");
        portal.get(&path).await.expect(403);
        portal.post(&publish, json!({})).await.expect(403);
        portal.patch(&path, json!({ "name": "Khác" })).await.expect(403);
        // A commune office reaches its own commune only.
        let office = s.client("commune_office", gdtx_domain::access::reach::Reach { communes: vec!["10507".into()], ..Default::default() }).await;
        office.patch(&path, json!({ "name": "Khác" })).await.expect(404);
    }
);

on_both!(
    async fn an_upsert_repeats_without_a_trace(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let other = operating(&vendor, "gdtx_centre").await;
        let path = "/v1/programmes/by-external-id/CT-01";
        let made = vendor.put(path, complete(&centre_id, "on_demand")).await.expect(201);
        let again = vendor.put(path, complete(&centre_id, "on_demand")).await.expect(200);
        assert_eq!((again.id(), again.body["version"].clone()), (made.id(), json!(1)));
        // A programme stays with its centre.
        vendor.put(path, complete(&other, "on_demand")).await.expect(422).refuses("/centreId", "immutable");
    }
);

on_both!(
    async fn a_kind_is_fixed_by_its_classes_and_so_is_the_record(s) {
        let vendor: Client = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let id = vendor.post("/v1/programmes", bare(&centre_id, "on_demand")).await.expect(201).id();
        let path = format!("/v1/programmes/{id}");
        vendor.patch(&path, json!({ "kind": "life_skills" })).await.expect(200);
        let class_id = vendor.post("/v1/classes", class(&id, "KNS-1")).await.expect(201).id();
        vendor.patch(&path, json!({ "kind": "on_demand" })).await.expect(422).refuses("/kind", "immutable");
        vendor.delete(&path).await.expect(409);
        vendor.post(&format!("/v1/classes/{class_id}/cancel"), json!({})).await.expect(200);
        vendor.delete(&path).await.expect(200);
    }
);
