//! Two records of one person: told on entry, merged, and parted again.

use gdtx_domain::access::reach::Reach;
use serde_json::{Value, json};

use super::{
    classes::{Setting, class_of},
    people::{NUMBER, centre_of, person, person_with},
};
use crate::{
    on_both,
    support::{Answer, Client, centre, province},
};

/// Pointers of the warnings of possible duplicates, with the records that they name.
fn told(answer: &Answer) -> Vec<(String, Value)> {
    let warnings = answer.body["warnings"].as_array().cloned().unwrap_or_default();
    let duplicates = warnings.into_iter().filter(|w| w["code"] == "possible_duplicate");
    duplicates.map(|w| (w["pointer"].as_str().expect("a pointer").to_owned(), w["links"].clone())).collect()
}

fn at(id: &str) -> Value {
    json!([format!("/v1/learners/{id}")])
}

on_both!(
    async fn the_same_person_is_told_on_entry(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let new = async |client: &Client, more: Value| client.post("/v1/learners", person_with(&centre, more)).await.expect(201);
        let first = new(&vendor, json!({ "personalNumber": NUMBER, "motherName": "Trần Thị Hòa", "residence": { "code": "11407" } })).await;
        assert_eq!(told(&first), []);
        let id = first.id();

        // Name and birth alone are many people's; the spelling of tone marks does not matter.
        assert_eq!(told(&new(&vendor, json!({})).await), []);
        let mother = new(&vendor, json!({ "fullName": "NGUYEN THI THU", "motherName": "Trần Thị Hoà" })).await;
        assert_eq!(told(&mother), [("/fullName".to_owned(), at(&id))]);
        let commune = new(&vendor, json!({ "motherName": "Lê Thị Khác", "residence": { "code": "11407" } })).await;
        assert_eq!(told(&commune), [("/fullName".to_owned(), at(&id))]);
        let number = new(&vendor, json!({ "fullName": "Phạm Thị Thử", "personalNumber": NUMBER })).await;
        assert_eq!(told(&number), [("/personalNumber".to_owned(), at(&id))]);
        let both = new(&vendor, json!({ "personalNumber": NUMBER, "residence": { "code": "11407" } })).await;
        let pointers: Vec<_> = told(&both).into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(pointers, ["/personalNumber", "/fullName"]);
        let other_birth = json!({ "dateOfBirth": { "value": "1985-05-01", "precision": "day" }, "residence": { "code": "11407" } });
        assert_eq!(told(&new(&vendor, other_birth).await), []);
        // A change that does not touch what is compared says nothing again.
        assert_eq!(told(&vendor.patch(&format!("/v1/learners/{}", both.id()), json!({ "grade": "gdtx_grade_10" })).await.expect(200)), []);
    }
);

on_both!(
    async fn who_may_not_see_people_is_told_of_none(s) {
        let vendor = s.vendor().await;
        let ours = centre_of(&vendor).await;
        let theirs = vendor.post("/v1/centres", centre("Trung tâm Khác", "11383")).await.expect(201).id();
        let twin = |centre: &str| person_with(centre, json!({ "personalNumber": NUMBER, "residence": { "code": "11407" } }));
        vendor.post("/v1/learners", twin(&ours)).await.expect(201);
        let blind = Client::register(s, "vendor", province("31"), &[]).await;
        assert_eq!(told(&blind.post("/v1/learners", twin(&ours)).await.expect(201)), []);
        let reach = Reach { centres: vec![theirs.parse().expect("an id")], ..Reach::default() };
        assert_eq!(told(&s.client("centre", reach).await.post("/v1/learners", twin(&theirs)).await.expect(201)), []);
    }
);

on_both!(
    async fn a_duplicate_goes_over_and_comes_back(s) {
        let vendor = s.vendor().await;
        let setting = Setting::new(&vendor).await;
        let old = vendor.put("/v1/learners/by-external-id/twin", person(&setting.centre)).await.expect(201).id();
        let body = json!({ "learnerId": old, "classId": setting.class, "enrolledOn": "2025-09-05" });
        let place = vendor.post("/v1/enrolments", body).await.expect(201).id();
        let (stays, goes) = (format!("/v1/learners/{}", setting.learner), format!("/v1/learners/{old}"));
        s.sequenced().await;
        let start = vendor.get("/v1/changes?after=0&first=1").await.body["lastPosition"].clone();

        let merged = vendor.post(&format!("{stays}/merge"), json!({ "duplicateId": old })).await.expect(200);
        assert_eq!((merged.id(), &merged.body["externalIds"][0]["value"]), (setting.learner.clone(), &json!("twin")));
        // The old address leads to the one that stays, on REST and in GraphQL.
        let moved = vendor.get(&format!("{goes}?fields=id,grade")).await.expect(307);
        assert_eq!(moved.header("location"), format!("{stays}?fields=id,grade"));
        let query = "query($id: ID!) { getLearner(id: $id) { id } node(id: $id) { id } }";
        let asked = vendor.data(query, json!({ "id": old })).await;
        assert_eq!(asked, json!({ "getLearner": { "id": setting.learner }, "node": { "id": setting.learner } }));
        assert_eq!(vendor.get(&format!("/v1/enrolments/{place}")).await.expect(200).body["learnerId"], json!(setting.learner));
        assert_eq!(vendor.get("/v1/learners?count=exact").await.body["totalCount"], 1);
        let kept = vendor.get("/v1/learners?withRetired=true&sort=-id").await.expect(200).body["items"][0].clone();
        assert_eq!((&kept["id"], &kept["mergedInto"]), (&json!(old), &json!(setting.learner)));
        // The key leads there too.
        let put = vendor.put("/v1/learners/by-external-id/twin", person(&setting.centre)).await.expect(200);
        assert_eq!(put.id(), setting.learner);
        vendor.patch(&goes, json!({ "grade": "gdtx_grade_10" })).await.expect(409);

        // One story: everything under one request.
        s.sequenced().await;
        let run = vendor.get(&format!("/v1/changes?after={start}")).await.expect(200).body;
        let request = merged.header("x-request-id");
        let story: Vec<_> = run["items"].as_array().expect("entries").iter().filter(|e| e["requestId"] == request)
            .map(|e| (e["resource"].clone(), e["operation"].clone(), e["id"].clone())).collect();
        assert_eq!(story, [
            (json!("enrolments"), json!("updated"), json!(place)),
            (json!("learners"), json!("merged"), json!(old)),
            (json!("learners"), json!("updated"), json!(setting.learner)),
        ]);

        let back = vendor.post(&format!("{goes}/unmerge"), json!({})).await.expect(200);
        assert_eq!((back.id(), &back.body["mergedInto"], &back.body["deletedAt"]), (old.clone(), &Value::Null, &Value::Null));
        assert_eq!(back.body["externalIds"][0]["value"], "twin");
        assert_eq!(vendor.get(&stays).await.expect(200).body["externalIds"], json!([]));
        assert_eq!(vendor.get(&goes).await.expect(200).id(), old);
        assert_eq!(vendor.get(&format!("/v1/enrolments/{place}")).await.expect(200).body["learnerId"], json!(old));
        vendor.post(&format!("{goes}/unmerge"), json!({})).await.expect(409);
    }
);

on_both!(
    async fn what_cannot_be_one_person_is_not_merged(s) {
        let vendor = s.vendor().await;
        let setting = Setting::new(&vendor).await;
        setting.enrolled(&vendor).await;
        let path = format!("/v1/learners/{}/merge", setting.learner);
        let merge = async |id: &str| vendor.post(&path, json!({ "duplicateId": id })).await;
        merge(&setting.learner).await.expect(422).refuses("/duplicateId", "same_record");
        merge("0199b1e1-f680-7ef7-93f3-cf2106c38f47").await.expect(422).refuses("/duplicateId", "unknown_record");
        let elsewhere = vendor.post("/v1/centres", centre("Trung tâm Khác", "11383")).await.expect(201).id();
        let theirs = vendor.post("/v1/learners", person(&elsewhere)).await.expect(201).id();
        merge(&theirs).await.expect(422).refuses("/duplicateId", "other_centre");
        let twin = vendor.post("/v1/learners", person(&setting.centre)).await.expect(201).id();
        let body = json!({ "learnerId": twin, "classId": setting.class, "enrolledOn": "2025-09-05" });
        let place = vendor.post("/v1/enrolments", body).await.expect(201).id();
        let both = merge(&twin).await.expect(409);
        assert!(both.text.contains(&place), "{}", both.text);
        vendor.delete(&format!("/v1/enrolments/{place}")).await.expect(200);
        merge(&twin).await.expect(200);
        merge(&twin).await.expect(422).refuses("/duplicateId", "retired");
        // The record that stays went further: first it has to come back.
        let third = vendor.post("/v1/learners", person(&setting.centre)).await.expect(201).id();
        vendor.post(&format!("/v1/learners/{third}/merge"), json!({ "duplicateId": setting.learner })).await.expect(200);
        assert_eq!(vendor.data("query($id: ID!) { getLearner(id: $id) { id } }", json!({ "id": twin })).await["getLearner"]["id"], json!(third));
        vendor.post(&format!("/v1/learners/{twin}/unmerge"), json!({})).await.expect(409);
        let neighbour = s.client("province_department", province("01")).await;
        neighbour.post(&path, json!({ "duplicateId": twin })).await.expect(404);
    }
);

on_both!(
    async fn two_merges_at_once_end_as_one(s) {
        let vendor = s.vendor().await;
        let setting = Setting::new(&vendor).await;
        let class = class_of(&vendor, &setting.centre, "on_demand", None).await;
        let twin = vendor.post("/v1/learners", person(&setting.centre)).await.expect(201).id();
        let body = json!({ "learnerId": twin, "classId": class, "enrolledOn": "2025-09-05" });
        vendor.post("/v1/enrolments", body).await.expect(201);
        let merge = async |into: &str, from: &str| {
            vendor.post(&format!("/v1/learners/{into}/merge"), json!({ "duplicateId": from })).await.status.as_u16()
        };
        let (one, other) = futures::join!(merge(&setting.learner, &twin), merge(&twin, &setting.learner));
        assert!([one, other].iter().filter(|status| **status == 200).count() == 1, "{one} {other}");
        assert!([409, 422].contains(&one.max(other)), "{one} {other}");
        assert_eq!(vendor.get("/v1/learners?count=exact").await.body["totalCount"], 1);
    }
);
