//! A centre lets a vendor act for it, and the vendor's replica learns of it from the feed.

use gdtx_domain::access::reach::Reach;
use serde_json::{Value, json};

use super::administrator;
use crate::{
    on_both,
    support::{Client, Service, centre, province},
};

/// A centre in commune 11407 (Hải Phòng), registered by its department.
async fn centre_of(s: &Service, name: &str) -> String {
    s.client("province_department", province("31"))
        .await
        .post("/v1/centres", centre(name, "11407"))
        .await
        .expect(201)
        .id()
}

async fn own_system(s: &Service, centre: &str) -> Client {
    s.client("centre", Reach { centres: vec![centre.parse().unwrap()], ..Reach::default() }).await
}

/// What the client was told about its reach, oldest first.
async fn told(s: &Service, client: &Client) -> Vec<(String, Value)> {
    s.sequenced().await;
    let run = client.get("/v1/changes?after=0&resource=access").await.expect(200).body;
    let entries = run["items"].as_array().unwrap().clone();
    entries.into_iter().map(|e| (e["operation"].as_str().unwrap().to_owned(), e["record"]["centres"].clone())).collect()
}

on_both!(
    async fn a_vendor_gains_and_loses_one_centre(s) {
        let (id, other) = (centre_of(s, "Trung tâm Thử nghiệm A").await, centre_of(s, "Trung tâm Thử nghiệm B").await);
        let owner = own_system(s, &id).await;
        let vendor = s.client("vendor", Reach::default()).await;
        let path = format!("/v1/centres/{id}/vendors/{}", vendor.id.unwrap());
        vendor.get(&format!("/v1/centres/{id}")).await.expect(404);

        for _ in 0..2 {
            let answer = owner.send(reqwest::Method::PUT, &path, None).await.expect(200).body;
            assert_eq!((answer["assigned"].as_bool(), answer["centreId"].as_str()), (Some(true), Some(id.as_str())));
        }
        vendor.get(&format!("/v1/centres/{id}")).await.expect(200);
        vendor.get(&format!("/v1/centres/{other}")).await.expect(404);
        vendor.patch(&format!("/v1/centres/{id}"), json!({ "phone": "0225 000 000" })).await.expect(200);

        for _ in 0..2 {
            assert_eq!(owner.delete(&path).await.expect(200).body["assigned"], false);
        }
        vendor.get(&format!("/v1/centres/{id}")).await.expect(404);
        let expected = [("access_gained".to_owned(), json!([id])), ("access_lost".to_owned(), json!([id]))];
        assert_eq!(told(s, &vendor).await, expected);
        assert_eq!(told(s, &owner).await, [], "nobody else is told");
    }
);

on_both!(
    async fn who_may_decide_and_who_may_not(s) {
        let id = centre_of(s, "Trung tâm Thử nghiệm A").await;
        let other = centre_of(s, "Trung tâm Thử nghiệm B").await;
        let vendor = s.client("vendor", Reach::default()).await;
        let path = format!("/v1/centres/{id}/vendors/{}", vendor.id.unwrap());
        let put = async |caller: &Client, path: &str| caller.send(reqwest::Method::PUT, path, None).await;

        put(&s.public(), &path).await.expect(401);
        put(&own_system(s, &other).await, &path).await.expect(404);
        put(&s.client("province_department", province("01")).await, &path).await.expect(404);
        put(&s.vendor().await, &path).await.expect(403);
        put(&s.client("ministry", Reach::default()).await, &path).await.expect(403);
        let commune = Reach { communes: vec!["11407".into()], ..Reach::default() };
        for caller in [
            s.client("province_department", province("31")).await,
            s.client("commune_office", commune).await,
            administrator(s).await,
        ] {
            put(&caller, &path).await.expect(200);
            caller.delete(&path).await.expect(200);
        }

        let owner = own_system(s, &id).await;
        put(&owner, &format!("/v1/centres/{id}/vendors/{}", owner.id.unwrap())).await.expect(404);
        put(&owner, &format!("/v1/centres/{id}/vendors/{}", uuid::Uuid::nil())).await.expect(404);
        put(&owner, &format!("/v1/centres/{id}/vendors/x")).await.expect(404);
        put(&owner, &format!("{path}?dryRun=true")).await.expect(200);
        vendor.get(&format!("/v1/centres/{id}")).await.expect(404);

        let admin = administrator(s).await;
        admin.post(&format!("/v1/clients/{}/revoke", vendor.id.unwrap()), json!(null)).await.expect(200);
        put(&owner, &path).await.expect(409);
        owner.delete(&path).await.expect(200);
    }
);

on_both!(
    async fn graphql_assigns_too(s) {
        let id = centre_of(s, "Trung tâm Thử nghiệm A").await;
        let owner = own_system(s, &id).await;
        let vendor = s.client("vendor", Reach::default()).await;
        for (field, assigned) in [("assignVendor", true), ("unassignVendor", false)] {
            let query = format!("mutation($centre: ID!, $client: ID!) {{ done: {field}(centreId: $centre, clientId: $client) {{ assigned clientId }} }}");
            let done = owner.data(&query, json!({ "centre": id, "client": vendor.id })).await["done"].clone();
            assert_eq!(done, json!({ "assigned": assigned, "clientId": vendor.id }));
        }
        let refused = vendor.graphql("mutation($c: ID!) { assignVendor(centreId: $c, clientId: $c) { assigned } }", json!({ "c": id })).await;
        assert_eq!(refused.body["errors"][0]["extensions"]["code"], "forbidden");
    }
);
