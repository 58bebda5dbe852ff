//! Documents of GraphQL: those that may run, their aliases and what they cost.

use gdtx_service::Clock;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    on_both,
    support::{Answer, Client},
};

const ROOMS: &str = "query Rooms { listRooms { nodes { id } } }";

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn fault(answer: &Answer) -> &Value {
    &answer.body["errors"][0]["extensions"]["errors"][0]["code"]
}

async fn send(client: &Client, body: Value) -> Answer {
    client.post("/graphql", body).await
}

on_both!(
    async fn every_answer_tells_its_cost(s) {
        let vendor = s.vendor().await;
        let limits = vendor.get("/v1/limits").await.expect(200).body["graphql"].clone();
        let answer = vendor.graphql("{ listRooms(first: 7) { nodes { id roomName } } }", json!({})).await.expect(200);
        let cost = &answer.body["extensions"]["cost"];
        // Of each of seven: `nodes` with its two fields; and the list itself.
        assert_eq!(cost, &json!({ "complexity": 7 * 3 + 1, "maxComplexity": limits["maxComplexity"], "depth": 3, "maxDepth": limits["maxDepth"] }));
        let again = vendor.graphql("{ listRooms(first: 7) { nodes { id roomName } } }", json!({})).await.expect(200);
        assert_eq!(again.body["extensions"]["cost"], *cost, "a document that was kept costs the same");
        let refused = vendor.graphql("{ getRoom(id: \"x\") { id } }", json!({})).await;
        assert_eq!(refused.body["extensions"]["cost"]["depth"], 2, "{}", refused.text);
    }
);

on_both!(
    async fn aliases_and_batches_are_limited(s) {
        let vendor = s.vendor().await;
        let limits = vendor.get("/v1/limits").await.expect(200).body["graphql"].clone();
        assert_eq!((&limits["maxAliases"], &limits["maxOperations"], &limits["maxDirectives"]), (&json!(100), &json!(1), &json!(20)));
        let many = |count: usize| {
            let fields: Vec<String> = (0..count).map(|i| format!("a{i}: __typename")).collect();
            format!("query {{ ...F }} fragment F on Query {{ {} }}", fields.join(" "))
        };
        assert!(vendor.graphql(&many(100), json!({})).await.expect(200).body["errors"].is_null());
        for (client, words) in [(vendor.clone(), "quá nhiều bí danh: 101, tối đa 100"), (vendor.english(), "too many aliases: 101, at most 100")] {
            let refused = client.graphql(&many(101), json!({})).await;
            assert_eq!(fault(&refused), "too_many_aliases", "{}", refused.text);
            assert!(refused.body["errors"][0]["message"].as_str().unwrap().contains(words), "{}", refused.text);
        }
        let batch = send(&vendor.english(), json!([{ "query": ROOMS }, { "query": ROOMS }])).await.expect(400);
        assert_eq!(fault(&batch), "no_batches");
        assert!(batch.body["errors"][0]["message"].as_str().unwrap().contains("one request at a time"), "{}", batch.text);
        // No documents are kept unless the operator names some.
        let unknown = send(&vendor, json!({ "documentId": hash(ROOMS) })).await.expect(400);
        assert_eq!(fault(&unknown), "no_stored_documents");
    }
);

on_both!(
    async fn a_small_document_that_grows_is_refused_at_once(s) {
        let vendor = s.vendor().await;
        let chain: String = (0..12).map(|n| format!("fragment F{n} on Query {{ {} }} ", format!("...F{} ", n + 1).repeat(10))).collect();
        let bomb = format!("query {{ ...F0 }} {chain} fragment F12 on Query {{ __typename }}");
        for client in [vendor.clone(), s.public()] {
            assert_eq!(fault(&client.graphql(&bomb, json!({})).await), "too_complex");
        }
        let circle = "query { ...A } fragment A on Query { ...B ...B } fragment B on Query { ...A ...A ...A }";
        assert!(vendor.graphql(circle, json!({})).await.body["errors"].is_array());
    }
);

on_both!(
    async fn only_trusted_documents_run_when_some_are_named(s) {
        let folder = s.home().join("documents");
        std::fs::create_dir(&folder).expect("a folder");
        std::fs::write(folder.join("rooms.graphql"), ROOMS).expect("a document");
        let relay = s.home().join("relay.json");
        std::fs::write(&relay, json!({ "r1": ROOMS }).to_string()).expect("a map");
        let apollo = s.home().join("apollo.json");
        let manifest = json!({
            "format": "apollo-persisted-query-manifest", "version": 1,
            "operations": [{ "id": "a1", "name": "Rooms", "type": "query", "body": ROOMS }],
        });
        std::fs::write(&apollo, manifest.to_string()).expect("a manifest");
        let vendor = s.vendor().await;
        let hash = hash(ROOMS);
        for (path, id) in [(folder, hash.as_str()), (relay, "r1"), (apollo, "a1")] {
            let mut settings = s.settings.clone();
            settings.graphql_trusted_documents = path;
            let running = s.at_time(settings, Clock::System).await;
            let client = vendor.at(&running);
            let hashed = json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } });
            let prefixed = json!({ "documentId": format!("sha256:{hash}") });
            for body in [json!({ "documentId": id }), hashed, prefixed, json!({ "query": ROOMS })] {
                let answer = send(&client, body.clone()).await.expect(200);
                assert_eq!(answer.body["data"]["listRooms"]["nodes"], json!([]), "{body}: {}", answer.text);
            }
            let got = client.get(&format!("/graphql?documentId={id}")).await.expect(200);
            assert_eq!(got.body["data"]["listRooms"]["nodes"], json!([]), "{}", got.text);
            for body in [json!({ "query": "{ listRooms { nodes { id } } }" }), json!({ "documentId": "other" })] {
                let refused = send(&client, body).await.expect(400);
                assert_eq!(fault(&refused), "unknown_document", "{}", refused.text);
            }
            assert_eq!(client.get("/v1/limits").await.expect(200).body["graphql"]["trustedDocumentsOnly"], true);
            running.stop().await.expect("a clean stop");
        }
        let mut settings = s.settings.clone();
        settings.graphql_trusted_documents = s.home().join("broken.json");
        std::fs::write(&settings.graphql_trusted_documents, json!({ "b": "query {" }).to_string()).expect("a map");
        let db = gdtx_api::server::open(&settings).await.expect("an open database");
        let told = gdtx_api::start(settings, db, Clock::System).err().expect("a refusal");
        assert!(told.starts_with("configuration: graphql_trusted_documents: document b: ") && !told.contains('\n'), "{told}");
    }
);
