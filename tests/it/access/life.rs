//! A client that is suspended or revoked, and a token that is revoked, are out with the next request.

use serde_json::json;

use super::{CREDENTIALS, administrator, at, basic, bearing, form};
use crate::{on_both, support::province};

on_both!(
    async fn suspended_and_revoked_clients_are_out_at_once(s) {
        let admin = administrator(s).await;
        let client = s.client("province_department", province("31")).await;
        let path = format!("/v1/clients/{}", client.id.unwrap());
        client.get("/v1/centres").await.expect(200);

        let answer = admin.post(&format!("{path}/suspend"), json!(null)).await.expect(200);
        assert_eq!(answer.body["state"], "suspended");
        assert_eq!(answer.header("etag"), "\"2\"");
        let refused = client.english().get("/v1/centres").await.expect(401);
        assert_eq!(refused.body["detail"], "The client is suspended.");
        form(&basic(s, &client), "/oauth/token", &[CREDENTIALS]).await.expect(401);
        admin.post(&format!("{path}/suspend"), json!(null)).await.expect(409);

        admin.post(&format!("{path}/resume"), json!(null)).await.expect(200);
        client.get("/v1/centres").await.expect(200);
        admin.post(&format!("{path}/resume"), json!(null)).await.expect(409);

        admin.post(&format!("{path}/revoke"), json!(null)).await.expect(200);
        client.get("/v1/centres").await.expect(401);
        form(&basic(s, &client), "/oauth/token", &[CREDENTIALS]).await.expect(401);
        for (step, code) in [("resume", "impossible_transition"), ("revoke", "impossible_transition"), ("rotate-secret", "conflict")] {
            let answer = admin.send(reqwest::Method::POST, &format!("{path}/{step}"), None).await.expect(409);
            assert_eq!(answer.body["code"], code, "{step}");
        }
        assert_eq!(admin.patch(&path, json!({ "name": "X" })).await.expect(409).body["code"], "conflict");
        let shown = admin.get(&path).await.expect(200).body;
        assert_eq!((shown["state"].as_str(), shown["hasSecret"].as_bool()), (Some("revoked"), Some(false)));
    }
);

on_both!(
    async fn a_revoked_token_is_out_at_once_and_its_sister_is_not(s) {
        let client = s.client("province_department", province("31")).await;
        let (token, sister) = (client.token.clone().unwrap(), client.fetch_token().await);
        client.get("/v1/centres").await.expect(200);
        let known = basic(s, &client);
        for _ in 0..2 {
            form(&known, "/oauth/revoke", &[("token", &token), ("token_type_hint", "access_token")]).await.expect(200);
        }
        let refused = client.english().get("/v1/centres").await.expect(401);
        assert_eq!(refused.body["detail"], "The token was revoked.");
        bearing(&client, &sister).get("/v1/centres").await.expect(200);

        form(&known, "/oauth/revoke", &[("token", "nonsense")]).await.expect(200);
        form(&known, "/oauth/revoke", &[]).await.expect(400);
        form(&s.public(), "/oauth/revoke", &[("token", &sister)]).await.expect(401);
        let neighbour = s.client("province_department", province("01")).await;
        let answer = form(&basic(s, &neighbour), "/oauth/revoke", &[("token", &sister)]).await.expect(400);
        assert_eq!(answer.body["error"], "unauthorized_client");
        bearing(&client, &sister).get("/v1/centres").await.expect(200);
    }
);

on_both!(
    async fn what_another_process_revokes_is_out_at_once(s) {
        let client = s.client("province_department", province("31")).await;
        let other = s.second().await;
        let base = format!("http://{}", other.address);
        client.get("/v1/centres").await.expect(200);
        let token = client.token.clone().unwrap();
        form(&at(&base, &basic(s, &client)), "/oauth/revoke", &[("token", &token)]).await.expect(200);
        client.get("/v1/centres").await.expect(401);
        let query = json!({ "query": "{ listCentres(first: 1) { nodes { id } } }" });
        let told = client.post("/graphql", query).await.body;
        assert_eq!(told["errors"][0]["extensions"]["code"], "unauthenticated");

        let sister = bearing(&client, &client.fetch_token().await);
        sister.get("/v1/centres").await.expect(200);
        let path = format!("/v1/clients/{}/suspend", client.id.unwrap());
        at(&base, &administrator(s).await).post(&path, json!(null)).await.expect(200);
        sister.get("/v1/centres").await.expect(401);
        other.stop().await.expect("a clean stop");
    }
);

on_both!(
    async fn introspection_tells_the_owner_and_the_auditor_only(s) {
        let client = s.client("province_department", province("31")).await;
        let neighbour = s.client("province_department", province("01")).await;
        let auditor = s.client("auditor", Default::default()).await;
        let token = client.token.clone().unwrap();
        for caller in [&client, &auditor] {
            let told = form(&basic(s, caller), "/oauth/introspect", &[("token", &token)]).await.expect(200).body;
            assert_eq!(told["active"], true);
            assert_eq!(told["client_id"], json!(client.id));
            assert_eq!(told["iss"], json!(s.settings.public_url));
            assert_eq!(told["exp"].as_i64().unwrap() - told["iat"].as_i64().unwrap(), 900);
        }
        let silent = json!({ "active": false });
        assert_eq!(form(&basic(s, &neighbour), "/oauth/introspect", &[("token", &token)]).await.expect(200).body, silent);
        assert_eq!(form(&basic(s, &client), "/oauth/introspect", &[("token", "x")]).await.expect(200).body, silent);
        form(&s.public(), "/oauth/introspect", &[("token", &token)]).await.expect(401);
        form(&basic(s, &client), "/oauth/revoke", &[("token", &token)]).await.expect(200);
        assert_eq!(form(&basic(s, &auditor), "/oauth/introspect", &[("token", &token)]).await.expect(200).body, silent);
    }
);
