//! What a client without grant or agreement sees of a learner: the same on every surface, and
//! nothing by the way of lists.

use serde_json::{Value, json};

use super::people::{NUMBER, centre_of, whole};
use crate::{
    on_both,
    support::{Client, Service, province},
};

/// Fields of each class, written by hand from the official table and NĐ 356/2025/NĐ-CP art. 3 and 4.
const BASIC: [&str; 4] = ["fullName", "dateOfBirth", "residence", "personalNumberMasked"];
const SENSITIVE: [&str; 4] = ["ethnicGroup", "heightCm", "disabilityKind", "fatherIsEthnicMinority"];
const RESTRICTED: [&str; 4] = ["personalNumber", "policyGroups", "tuitionExempt", "idDocumentNumber"];

/// The learner as three surfaces show it alone.
async fn views(client: &Client, id: &str) -> [Value; 3] {
    let got = client.get(&format!("/v1/learners/{id}")).await.expect(200).body;
    let names = BASIC.iter().chain(&SENSITIVE).chain(&RESTRICTED).filter(|n| !["dateOfBirth", "residence"].contains(n));
    let query = format!(
        "query($id: ID!) {{ getLearner(id: $id) {{ id version grade maskedFields dateOfBirth {{ value }} residence {{ communeCode }} {} }} }}",
        names.copied().collect::<Vec<_>>().join(" ")
    );
    let asked = client.data(&query, json!({"id": id})).await["getLearner"].clone();
    let run = client.get("/v1/changes?after=0&resource=learners&wait=10").await.expect(200).body;
    let fed = run["items"][0]["record"].clone();
    [got, asked, fed]
}

async fn setting(s: &Service) -> String {
    let vendor = s.vendor().await;
    let centre = centre_of(&vendor).await;
    vendor.post("/v1/learners", whole(&centre)).await.expect(201).id()
}

/// Checks each surface: these fields are blank and named, those are shown.
fn compare(views: &[Value], hidden: &[&str], shown: &[&str]) {
    let masked: Vec<_> = views.iter().map(|v| v["maskedFields"].clone()).collect();
    assert!(masked.iter().all(|m| *m == masked[0]), "{masked:?}");
    for (i, view) in views.iter().enumerate() {
        for name in hidden {
            assert!(view[name].is_null() || view[name] == json!([]), "surface {i} shows {name}");
            assert!(masked[0].as_array().expect("a list").contains(&json!(name)), "{name} is not named");
        }
        for name in shown {
            assert!(!view[name].is_null(), "surface {i} hides {name}");
            assert!(!masked[0].as_array().expect("a list").contains(&json!(name)), "{name} is named");
        }
        assert_eq!(view["grade"], "gdtx_grade_10", "surface {i}");
    }
}

on_both!(
    async fn the_mask_is_the_same_on_rest_graphql_and_the_feed(s) {
        let id = setting(s).await;
        let all = [&BASIC[..], &SENSITIVE[..], &RESTRICTED[..]].concat();
        let unseen = [&SENSITIVE[..], &RESTRICTED[..]].concat();

        let full = s.client("province_department", province("31")).await;
        compare(&views(&full, &id).await, &[], &all);
        // Sensitive and restricted data are shown one record at a time, on both surfaces.
        let names = "id version grade maskedFields fullName ethnicGroup heightCm disabilityKind personalNumber policyGroups tuitionExempt idDocumentNumber fatherIsEthnicMinority personalNumberMasked dateOfBirth { value } residence { communeCode }";
        let query = format!("{{ listLearners {{ nodes {{ {names} }} }} node(id: \"{id}\") {{ ... on Learner {{ {names} }} }} }}");
        let asked = full.data(&query, json!({})).await;
        let listed = full.get("/v1/learners").await.expect(200).body["items"][0].clone();
        compare(&[listed, asked["listLearners"]["nodes"][0].clone()], &unseen, &BASIC);
        assert_eq!(asked["node"]["ethnicGroup"], "tay");
        // The grant is there, the agreement is not.
        let unagreed = Client::register(s, "vendor", province("31"), &[]).await;
        let seen = views(&unagreed, &id).await;
        compare(&seen, &all, &[]);
        assert!(seen.iter().all(|view| !view.to_string().contains(NUMBER) && !view.to_string().contains("Nguyễn")));
        // The agreement covers part of it.
        let partly = Client::register(s, "vendor", province("31"), &["basic"]).await;
        compare(&views(&partly, &id).await, &unseen, &BASIC);
        // The agreement is there, the grant is not.
        let reach = gdtx_domain::access::reach::Reach { communes: vec!["11407".to_owned()], ..Default::default() };
        let commune = s.client("commune_office", reach).await;
        compare(&views(&commune, &id).await, &unseen, &BASIC);
    }
);

on_both!(
    async fn lists_do_not_tell_what_is_masked(s) {
        setting(s).await;
        let blind = Client::register(s, "vendor", province("31"), &[]).await;
        for (query, parameter) in [
            ("search=thu", "search"),
            ("sort=name", "sort"),
            ("sort=-name", "sort"),
            ("birthYear=1985", "birthYear"),
            ("birthYearFrom=1980", "birthYearFrom"),
            ("gender=female", "gender"),
            ("officialId=HV-THU-0001", "officialId"),
        ] {
            for count in ["", "&count=exact"] {
                let refused = blind.english().get(&format!("/v1/learners?{query}{count}")).await.expect(403);
                assert_eq!(refused.body["code"], "forbidden");
                assert!(refused.body["detail"].as_str().is_some_and(|d| d.contains("_data_read") && d.contains("agreement")), "{}", refused.text);
                refused.refuses(parameter, "hidden_data");
            }
        }
        blind.get("/v1/learners?grade=gdtx_grade_10&sort=-createdAt").await.expect(200);
        let refused = blind.graphql("{ listLearners(filter: {search: \"thu\"}) { nodes { id } } }", json!({})).await;
        assert_eq!(refused.body["errors"][0]["extensions"]["code"], "forbidden", "{}", refused.text);

        let partly = Client::register(s, "vendor", province("31"), &["basic"]).await;
        partly.get("/v1/learners?search=thu&birthYear=1985&sort=name").await.expect(200);
        let full = s.vendor().await;
        assert_eq!(full.get("/v1/learners?birthYearTo=1985&gender=female&count=exact").await.expect(200).body["totalCount"], 1);
        assert_eq!(full.get("/v1/learners?birthYearFrom=1986&count=exact").await.expect(200).body["totalCount"], 0);
    }
);

on_both!(
    async fn the_answer_to_a_write_is_masked_too(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let blind = Client::register(s, "vendor", province("31"), &[]).await;
        let made = blind.with("idempotency-key", "thu").post("/v1/learners", whole(&centre)).await.expect(201);
        assert_eq!(made.body["fullName"], json!(null));
        assert!(!made.text.contains(NUMBER));
        let again = blind.with("idempotency-key", "thu").post("/v1/learners", whole(&centre)).await.expect(201);
        assert_eq!(again.body, made.body);
        // What it could not see is still there after its change.
        blind.patch(&format!("/v1/learners/{}", made.id()), json!({"grade": "gdtx_grade_11"})).await.expect(200);
        let kept = vendor.get(&format!("/v1/learners/{}", made.id())).await.body;
        assert_eq!((&kept["fullName"], &kept["personalNumber"]), (&json!("Nguyễn Thị Thử"), &json!(NUMBER)));
    }
);

on_both!(
    async fn who_may_not_read_learners_is_told_so(s) {
        let id = setting(s).await;
        s.public().get("/v1/learners").await.expect(401);
        for role in ["portal", "auditor", "administrator"] {
            let reach = if role == "portal" { province("31") } else { Default::default() };
            let client = s.client(role, reach).await;
            client.get("/v1/learners").await.expect(403);
            client.get(&format!("/v1/learners/{id}")).await.expect(403);
        }
        let ministry = s.client("ministry", gdtx_domain::access::reach::Reach::whole_country()).await;
        ministry.get(&format!("/v1/learners/{id}")).await.expect(200);
        ministry.patch(&format!("/v1/learners/{id}"), json!({"canSwim": true})).await.expect(403);
    }
);
