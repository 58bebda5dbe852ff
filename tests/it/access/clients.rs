//! Clients are registered, read and changed, on both surfaces, by those who may.

use serde_json::{Value, json};

use super::administrator;
use crate::{
    on_both,
    support::{centre, province},
};

fn department() -> Value {
    json!({
        "name": "Sở GDĐT Thử nghiệm", "organisation": "Sở Giáo dục và Đào tạo (giả định)", "egovId": "H24.08",
        "role": "province_department", "reach": { "provinces": ["31"] },
        "agreement": { "reference": "TT-01", "purposes": ["inspection"], "dataKinds": ["basic"],
            "validFrom": "2026-01-01", "validTo": "2026-12-31", "legalBasis": "Invented" },
    })
}

on_both!(
    async fn a_client_is_registered_read_changed_and_listed(s) {
        let admin = administrator(s).await;
        let answer = admin.post("/v1/clients", department()).await.expect(201);
        assert_eq!(answer.header("cache-control"), "no-store");
        let client = &answer.body["client"];
        let path = format!("/v1/clients/{}", client["id"].as_str().unwrap());
        assert_eq!(answer.header("location"), path);
        assert!(answer.body["clientSecret"].as_str().unwrap().starts_with("gdtx_"));
        assert_eq!(client["system"], "so_gddt_thu_nghiem");
        assert_eq!(client["state"], "active");

        let shown = admin.get(&path).await.expect(200);
        assert_eq!(&shown.body, client);
        assert!(!shown.text.contains("argon2") && !shown.text.contains("gdtx_"), "{}", shown.text);
        admin.with("if-none-match", shown.header("etag")).get(&path).await.expect(304);

        let changed = admin.with("if-match", "\"1\"").patch(&path, json!({ "name": "Sở A", "egovId": null })).await.expect(200);
        assert_eq!((changed.body["name"].as_str(), &changed.body["egovId"]), (Some("Sở A"), &json!(null)));
        assert_eq!(changed.body["version"], 2);
        let stale = admin.with("if-match", "\"1\"").patch(&path, json!({ "name": "Sở B" })).await.expect(412);
        assert_eq!(stale.body["code"], "stale_version");
        let same = admin.patch(&path, json!({ "name": " Sở  A " })).await.expect(200);
        assert_eq!(same.body["version"], 2, "the same content twice changes nothing");

        let found = admin.get("/v1/clients?search=so%20a&role=province_department&count=exact").await.expect(200);
        assert_eq!(found.body["totalCount"], 1);
        assert_eq!(found.body["items"][0]["id"], client["id"]);
        assert_eq!(admin.get("/v1/clients?state=revoked").await.expect(200).body["items"], json!([]));
        admin.get(&format!("/v1/clients?search={}", "a".repeat(201))).await.expect(400).refuses("search", "too_long");
        admin.get("/v1/clients?role=king").await.expect(400).refuses("role", "invalid_value");
        admin.get("/v1/clients?sort=role").await.expect(400).refuses("sort", "unknown_sort");
        admin.get("/v1/clients/00000000-0000-0000-0000-000000000000").await.expect(404);
    }
);

on_both!(
    async fn pages_of_clients_follow_each_other(s) {
        let admin = administrator(s).await;
        for name in ["C", "A", "B"] {
            let input = json!({ "name": name, "organisation": "O", "role": "portal", "system": format!("p_{}", name.to_lowercase()) });
            admin.post("/v1/clients", input).await.expect(201);
        }
        let mut names = Vec::new();
        let mut path = "/v1/clients?role=portal&sort=-name&first=2".to_owned();
        loop {
            let page = admin.get(&path).await.expect(200);
            names.extend(page.body["items"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap().to_owned()));
            let Some(next) = page.header("link").strip_prefix('<').and_then(|l| l.split_once('>')) else { break };
            path = next.0.to_owned();
        }
        assert_eq!(names, ["C", "B", "A"]);
    }
);

on_both!(
    async fn wrong_input_is_named_field_by_field(s) {
        let admin = administrator(s).await;
        let with = |name: &str, value: Value| {
            let mut input = department();
            input[name] = value;
            input
        };
        for (name, value, pointer, code) in [
            ("name", json!(" "), "/name", "empty"),
            ("organisation", json!("x".repeat(201)), "/organisation", "too_long"),
            ("egovId", json!("a b"), "/egovId", "invalid_egov_id"),
            ("system", json!("Sở"), "/system", "invalid_system"),
            ("system", json!("system"), "/system", "reserved_system"),
            ("reach", json!({ "provinces": ["99"] }), "/reach/provinces/0", "unknown_province"),
            ("reach", json!({ "provinces": ["31"], "communes": ["31"] }), "/reach/communes/0", "unknown_commune"),
            ("reach", json!({ "provinces": ["31"], "centres": [uuid::Uuid::nil()] }), "/reach/centres/0", "unknown_centre"),
            ("reach", json!({}), "/reach", "reach_does_not_fit_role"),
            ("reach", json!({ "country": true }), "/reach", "reach_does_not_fit_role"),
            ("externalIssuer", json!("https://id.example"), "/externalSubject", "issuer_and_subject_together"),
        ] {
            admin.post("/v1/clients", with(name, value)).await.expect(422).refuses(pointer, code);
        }
        let mut backwards = department();
        backwards["agreement"]["validTo"] = json!("2025-12-31");
        admin.post("/v1/clients", backwards).await.expect(422).refuses("/agreement/validTo", "dates_out_of_order");
        admin.post("/v1/clients", with("role", json!("king"))).await.expect(400).refuses("/role", "unknown_code");
        admin.post("/v1/clients", with("secret", json!("mine"))).await.expect(400).refuses("/secret", "unknown_property");
        let path = format!("/v1/clients/{}", admin.id.unwrap());
        admin.patch(&path, json!({ "role": "vendor" })).await.expect(400).refuses("/role", "unknown_property");
        admin.patch(&path, json!({ "name": null })).await.expect(422).refuses("/name", "required");

        admin.post("/v1/clients", department()).await.expect(201);
        admin.post("/v1/clients", department()).await.expect(422).refuses("/system", "system_taken");
    }
);

on_both!(
    async fn a_retry_answers_without_the_secret_and_registers_nothing(s) {
        let admin = administrator(s).await.with("idempotency-key", "add-1");
        let first = admin.post("/v1/clients", department()).await.expect(201);
        let again = admin.post("/v1/clients", department()).await.expect(201);
        assert!(first.body["clientSecret"].is_string());
        assert_eq!(again.body["clientSecret"], json!(null));
        assert_eq!(first.body["client"], again.body["client"]);
        assert_eq!(admin.get("/v1/clients?role=province_department&count=exact").await.body["totalCount"], 1);
        let mut other = department();
        other["name"] = json!("Another");
        assert_eq!(admin.post("/v1/clients", other).await.expect(422).body["code"], "idempotency_mismatch");
        let rehearsal = administrator(s).await;
        let mut third = department();
        third["system"] = json!("third");
        rehearsal.post("/v1/clients?dryRun=true", third).await.expect(201);
        assert_eq!(admin.get("/v1/clients?search=third&count=exact").await.body["totalCount"], 0);
    }
);

on_both!(
    async fn a_ministry_reaches_the_country_and_no_less(s) {
        let admin = administrator(s).await;
        let ministry = |reach: Value| json!({ "name": "Bộ (mẫu)", "organisation": "Bộ (mẫu)", "role": "ministry", "reach": reach });
        let made = admin.post("/v1/clients", ministry(json!({}))).await.expect(201);
        assert_eq!(made.body["client"]["reach"]["country"], true, "{}", made.text);
        let refused = admin.post("/v1/clients", ministry(json!({ "provinces": ["01"] }))).await.expect(422);
        refused.refuses("/reach", "reach_does_not_fit_role");
    }
);

on_both!(
    async fn only_administrators_write_and_auditors_read(s) {
        let auditor = s.client("auditor", Default::default()).await;
        let department_client = s.client("province_department", province("31")).await;
        let ministry = s.client("ministry", Default::default()).await;
        let path = format!("/v1/clients/{}", department_client.id.unwrap());
        for caller in [&department_client, &ministry] {
            for answer in [caller.get("/v1/clients").await, caller.get(&path).await, caller.post("/v1/clients", department()).await] {
                assert_eq!(answer.expect(403).body["code"], "forbidden");
            }
        }
        auditor.get("/v1/clients").await.expect(200);
        auditor.get(&path).await.expect(200);
        for answer in [
            auditor.post("/v1/clients", department()).await,
            auditor.patch(&path, json!({ "name": "X" })).await,
            auditor.post(&format!("{path}/revoke"), json!(null)).await,
            auditor.post(&format!("{path}/rotate-secret"), json!({})).await,
        ] {
            answer.expect(403);
        }
        let public = s.public();
        public.get("/v1/clients").await.expect(401);
        public.post("/v1/clients", department()).await.expect(401);
        // Who manages clients sees no records.
        let admin = administrator(s).await;
        admin.get("/v1/centres").await.expect(403);
        admin.post("/v1/centres", centre("X", "11407")).await.expect(403);
        admin.get("/v1/changes").await.expect(403);
    }
);

on_both!(
    async fn graphql_tells_the_same_story(s) {
        let admin = administrator(s).await;
        let create = "mutation($input: NewClient!) { createClient(input: $input) { clientSecret client { id state role reach { provinces } } } }";
        let made = admin.data(create, json!({ "input": department() })).await["createClient"].clone();
        let id = made["client"]["id"].clone();
        assert!(made["clientSecret"].as_str().unwrap().starts_with("gdtx_"));
        assert_eq!(made["client"]["reach"]["provinces"], json!(["31"]));

        let rest = admin.get(&format!("/v1/clients/{}", id.as_str().unwrap())).await.expect(200).body;
        let read = "query($id: ID!) { getClient(id: $id) { id name organisation role state system version egovId hasSecret agreement { reference dataKinds } } }";
        let read = admin.data(read, json!({ "id": id })).await["getClient"].clone();
        for (name, value) in read.as_object().unwrap().iter().filter(|(name, _)| *name != "agreement") {
            assert_eq!(value, &rest[name], "{name}");
        }
        let list = "{ listClients(filter: { role: province_department }, first: 1, count: exact) { totalCount nodes { id } pageInfo { hasNextPage } } }";
        assert_eq!(admin.data(list, json!({})).await["listClients"]["nodes"][0]["id"], id);

        let update = "mutation($id: ID!) { updateClient(id: $id, patch: { name: \"Sở B\", agreement: null }, expectedVersion: 1) { name version agreement { reference } } }";
        let updated = admin.data(update, json!({ "id": id })).await["updateClient"].clone();
        assert_eq!(updated, json!({ "name": "Sở B", "version": 2, "agreement": null }));
        let stale = admin.graphql(update, json!({ "id": id })).await.body["errors"][0]["extensions"].clone();
        assert_eq!((stale["code"].as_str(), stale["status"].as_i64()), (Some("stale_version"), Some(412)));
        let rotate = "mutation($id: ID!) { rotateClientSecret(id: $id, overlapHours: 1) { clientSecret client { version } } }";
        assert_eq!(admin.data(rotate, json!({ "id": id })).await["rotateClientSecret"]["client"]["version"], 3);
        for (step, state) in [("suspend", "suspended"), ("resume", "active"), ("revoke", "revoked")] {
            let query = format!("mutation($id: ID!) {{ done: {step}Client(id: $id) {{ state }} }}");
            assert_eq!(admin.data(&query, json!({ "id": id })).await["done"]["state"], state);
        }
        let stranger = s.client("province_department", province("31")).await;
        let refused = stranger.graphql(list, json!({})).await.body["errors"][0]["extensions"]["code"].clone();
        assert_eq!(refused, "forbidden");
    }
);
