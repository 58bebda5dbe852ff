//! Keys of other systems: each system speaks for its own.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Client, centre, province},
};

/// The keys of a record by value, in order.
fn values(record: &Value) -> Vec<&str> {
    let mut values: Vec<_> =
        record["externalIds"].as_array().unwrap().iter().map(|id| id["value"].as_str().unwrap()).collect();
    values.sort_unstable();
    values
}

on_both!(
    async fn nobody_claims_or_drops_a_key_of_another_system(s) {
        let (ours, theirs) = (s.vendor().await, s.vendor().await);
        let made = ours.put("/v1/centres/by-external-id/a-1", centre("Trung tâm Thử", "11407")).await.expect(201);
        let our_system = made.body["externalIds"][0]["system"].clone();
        let path = format!("/v1/centres/{}", made.id());

        let claim = json!([{ "system": our_system, "value": "a-2" }]);
        let mut body = centre("Trung tâm Khác", "11407");
        body["externalIds"] = claim.clone();
        // The answer is the same whether the key is in use or not, in a rehearsal too.
        theirs.post("/v1/centres", body.clone()).await.expect(422).refuses("/externalIds/0/system", "foreign_system");
        body["externalIds"][0]["value"] = json!("a-1");
        let told = theirs.post("/v1/centres?dryRun=true", body).await.expect(422);
        told.refuses("/externalIds/0/system", "foreign_system");
        theirs.patch(&path, json!({ "externalIds": claim })).await.expect(422).refuses("/externalIds/0/system", "foreign_system");

        let own = theirs.get("/v1/centres?first=1").await.expect(200).body["items"][0].clone();
        assert_eq!(values(&own), ["a-1"]);
        let two = ours.patch(&path, json!({ "externalIds": [{ "system": our_system, "value": "a-1" }, { "system": our_system, "value": "a-2" }] }));
        assert_eq!(values(&two.await.expect(200).body), ["a-1", "a-2"]);
        let emptied = theirs.patch(&path, json!({ "externalIds": [] })).await.expect(200).body;
        assert_eq!((values(&emptied), &emptied["version"]), (vec!["a-1", "a-2"], &json!(2)));
        let dropped = ours.patch(&path, json!({ "externalIds": [{ "system": our_system, "value": "a-2" }] })).await.expect(200);
        assert_eq!(values(&dropped.body), ["a-2"]);
        ours.put("/v1/centres/by-external-id/a-1", centre("Trung tâm Mới", "11407")).await.expect(201);
        let twice = json!([{ "system": our_system, "value": "a-2" }, { "system": our_system, "value": "a-2" }]);
        ours.patch(&path, json!({ "externalIds": twice })).await.expect(422).refuses("/externalIds/1", "repeated");
    }
);

on_both!(
    async fn who_wants_to_create_only_replaces_nothing(s) {
        let vendor = s.vendor().await;
        let (path, new) = ("/v1/centres/by-external-id/n-1", vendor.with("if-none-match", "*"));
        new.put(path, centre("Trung tâm Thử", "11407")).await.expect(201);
        assert_eq!(new.put(path, centre("Trung tâm Khác", "11407")).await.expect(412).body["code"], "stale_version");
        let kept = vendor.put(path, centre("Trung tâm Thử", "11407")).await.expect(200).body;
        assert_eq!((&kept["name"], &kept["version"]), (&json!("Trung tâm Thử"), &json!(1)));
        // A tag that nobody issued matches nothing, not even a record that is not there.
        vendor.with("if-match", "\"nothing\"").put("/v1/centres/by-external-id/n-2", centre("Trung tâm Thử", "11407")).await.expect(412);
        let write = "mutation($input: NewCentre!) { putCentreByExternalId(value: \"n-1\", expectedVersion: 0, input: $input) { created } }";
        let refused = vendor.graphql(write, json!({ "input": centre("Trung tâm Khác", "11407") })).await;
        assert_eq!(refused.body["errors"][0]["extensions"]["code"], "stale_version", "{}", refused.text);
    }
);

on_both!(
    async fn a_key_is_one_key_however_its_letters_are_composed(s) {
        let vendor = s.vendor().await;
        // "ố" as one letter, and as o with two marks; a blank around it.
        let first = vendor.put("/v1/centres/by-external-id/s%E1%BB%91-1", centre("Trung tâm Thử", "11407")).await.expect(201);
        let again = vendor.put("/v1/centres/by-external-id/so%CC%82%CC%81-1%20", centre("Trung tâm Thử", "11407")).await.expect(200);
        assert_eq!((first.id(), &again.body["version"]), (again.id(), &json!(1)));
        vendor.put(&format!("/v1/centres/by-external-id/{}", "k".repeat(256)), centre("Trung tâm Thử", "11407")).await
            .expect(422).refuses("/externalIds/0/value", "too_long");
    }
);

on_both!(
    async fn what_a_caller_may_not_see_it_does_not_clear_by_leaving_it_out(s) {
        let vendor = s.vendor().await;
        let mut body = centre("Trung tâm Thử", "11407");
        body["directorName"] = json!("Nguyễn Văn Thử (bịa)");
        let path = format!("/v1/centres/{}", vendor.post("/v1/centres", body).await.expect(201).id());
        let blind = Client::register(s, "vendor", province("31"), &[]).await;
        let system = {
            let made = blind.put("/v1/centres/by-external-id/x", centre("Trung tâm Khác", "11407")).await.expect(201);
            let system = made.body["externalIds"][0]["system"].clone();
            blind.patch(&format!("/v1/centres/{}", made.id()), json!({ "externalIds": [] })).await.expect(200);
            system
        };
        blind.patch(&path, json!({ "externalIds": [{ "system": system, "value": "x" }] })).await.expect(200);
        let put = blind.put("/v1/centres/by-external-id/x", centre("Trung tâm Thử 2", "11407")).await.expect(200);
        assert_eq!((&put.body["directorName"], &put.body["maskedFields"]), (&json!(null), &json!(["directorName"])));
        let seen = vendor.get(&path).await.expect(200).body;
        assert_eq!((&seen["name"], &seen["directorName"]), (&json!("Trung tâm Thử 2"), &json!("Nguyễn Văn Thử (bịa)")));
        // Who names the field means it.
        blind.patch(&path, json!({ "directorName": null })).await.expect(200);
        assert_eq!(vendor.get(&path).await.expect(200).body["directorName"], json!(null));
    }
);

on_both!(
    async fn two_systems_that_send_the_same_twice_change_nothing(s) {
        let (one, other) = (s.vendor().await, s.vendor().await);
        let body = centre("Trung tâm Thử", "11407");
        let made = one.put("/v1/centres/by-external-id/a", body.clone()).await.expect(201);
        let probe = other.put("/v1/centres/by-external-id/probe", body.clone()).await.expect(201).body;
        let own = json!([{ "system": probe["externalIds"][0]["system"], "value": "b" }]);
        other.patch(&format!("/v1/centres/{}", made.id()), json!({ "externalIds": own })).await.expect(200);
        for _ in 0..3 {
            let seen = one.put("/v1/centres/by-external-id/a", body.clone()).await.expect(200).body;
            assert_eq!(seen["version"], 2);
            assert_eq!(other.put("/v1/centres/by-external-id/b", body.clone()).await.expect(200).body["version"], 2);
        }
    }
);

on_both!(
    async fn a_record_is_found_by_the_own_key_and_the_key_is_free_after_it(s) {
        let (vendor, other) = (s.vendor().await, s.vendor().await);
        let id = vendor.put("/v1/centres/by-external-id/k%201", centre("Trung tâm Thử", "11407")).await.expect(201).id();
        vendor.put("/v1/centres/by-external-id/k2", centre("Trung tâm Khác", "11407")).await.expect(201);
        let found = vendor.get("/v1/centres?externalId=k%201").await.expect(200).body;
        assert_eq!((&found["items"][0]["id"], found["items"].as_array().map(Vec::len)), (&json!(id), Some(1)));
        assert_eq!(other.get("/v1/centres?externalId=k%201").await.expect(200).body["items"], json!([]));
        let query = r#"{ listCentres(filter: { externalId: "k 1" }) { nodes { id } } }"#;
        assert_eq!(vendor.data(query, json!({})).await["listCentres"]["nodes"], json!([{ "id": id }]));

        vendor.delete(&format!("/v1/centres/{id}")).await.expect(200);
        let again = vendor.put("/v1/centres/by-external-id/k%201", centre("Trung tâm Thử", "11407")).await.expect(201);
        assert_ne!(again.id(), id);
        let many: Vec<_> = (0..21).map(|n| json!({ "system": again.body["externalIds"][0]["system"], "value": n.to_string() })).collect();
        let path = format!("/v1/centres/{}", again.id());
        vendor.patch(&path, json!({ "externalIds": many })).await.expect(422).refuses("/externalIds", "too_many");
    }
);
