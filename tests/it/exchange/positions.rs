//! How far a read has seen: asked for and told, on every database.

use serde_json::json;

use crate::{on_both, support::centre};

on_both!(
    async fn a_read_tells_how_far_it_has_seen(s) {
        let vendor = s.vendor().await;
        vendor.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201);
        let last = s.sequenced().await;
        assert!(last > 0);
        let from = |position: i64| vendor.with("min-position", &position.to_string());
        assert_eq!(from(last).get("/v1/centres").await.expect(200).header("position"), last.to_string());
        assert_eq!(from(0).get("/v1/centres").await.expect(200).header("position"), last.to_string());
        assert_eq!(vendor.get("/v1/centres").await.expect(200).header("position"), "", "nobody asked");
        let refused = from(last + 1000).english().get("/v1/centres").await.expect(400);
        assert_eq!((&refused.body["code"], &refused.body["errors"][0]["header"]), (&json!("invalid_header"), &json!("Min-Position")));
        assert_eq!(refused.body["errors"][0]["code"], "beyond_the_end");
        assert!(refused.body["errors"][0]["detail"].as_str().unwrap().contains(&last.to_string()), "{}", refused.text);
        for wrong in ["-1", "x", "1.0", ""] {
            vendor.with("min-position", wrong).get("/v1/centres").await.expect(400);
        }
        let query = "{ listCentres { nodes { id } } }";
        let seen = from(last).graphql(query, json!({})).await.expect(200);
        assert_eq!((seen.header("position"), &seen.body["errors"]), (last.to_string().as_str(), &json!(null)));
        let refused = from(last + 1000).graphql(query, json!({})).await;
        assert_eq!(refused.body["errors"][0]["extensions"]["errors"][0]["code"], "beyond_the_end", "{}", refused.text);
    }
);
