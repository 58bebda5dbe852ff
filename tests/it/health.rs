//! The service starts, answers and refuses strangers.

use gdtx_api::Settings;
use gdtx_service::Clock;

use crate::{on_both, support::Client};

on_both!(
    async fn pages_and_probes_answer(s) {
        let public = s.public();
        public.get("/healthz").await.expect(200);
        public.get("/readyz").await.expect(200);
        let metrics = public.get("/metrics").await.expect(200);
        assert!(metrics.text.contains("http_requests_total"), "{}", metrics.text);
        assert!(metrics.text.contains("journal_lag_entries"), "{}", metrics.text);
        for page in ["/", "/?lang=en", "/graphiql", "/docs/", "/problems/not_found"] {
            let answer = public.get(page).await.expect(200);
            assert!(answer.header("content-type").starts_with("text/html"), "{page}");
            assert!(!answer.header("content-security-policy").is_empty(), "{page}");
        }
        let refused = public.get("/v1/centres").await.expect(401);
        assert_eq!(refused.header("content-type"), "application/problem+json");
        assert_eq!(refused.body["code"], "unauthenticated");
        assert_eq!(public.english().get("/nowhere").await.expect(404).body["title"], "Not found");
    }
);

on_both!(
    async fn hostile_texts_are_refused_and_never_a_fault_of_ours(s) {
        let vendor = s.vendor().await;
        let long = "a".repeat(55_000);
        for path in [
            "/v1/centres?search=%00".to_owned(),
            "/v1/centres?officialId=%00".to_owned(),
            "/v1/centres?updatedSince=-100000-01-01T00:00:00Z".to_owned(),
            format!("/v1/centres?search={long}"),
            format!("/v1/directory/centres?search={long}"),
        ] {
            let status = vendor.get(&path).await.status.as_u16();
            assert!(status == 400 || (status == 200 && !path.contains('%')), "{}: {status}", &path[..40]);
        }
        let query = "query($f: CentreFilter) { listCentres(filter: $f) { nodes { id } } }";
        let answer = vendor.graphql(query, serde_json::json!({ "f": { "search": "\u{0}" } })).await;
        assert_ne!(answer.body["errors"][0]["extensions"]["status"], 500, "{}", answer.text);
        let first = u32::MAX;
        let deep = format!("{{ listCentres(first: {first}) {{ nodes {{ classes(first: {first}) {{ nodes {{ id }} }} }} }} }}");
        assert!(vendor.graphql(&deep, serde_json::json!({})).await.body["errors"].is_array());
    }
);

on_both!(
    async fn at_port_0_the_token_issuer_names_the_real_port(s) {
        let settings = Settings { public_url: String::new(), ..s.settings.clone() }.completed().expect("settings");
        assert_eq!(settings.bind, "127.0.0.1:0");
        let db = gdtx_api::server::open(&settings).await.expect("an open database");
        let running = gdtx_api::start(settings, db, Clock::System).expect("a running service");
        let base = format!("http://{}", running.address);
        let told = Client::new(&base, None).get("/.well-known/oauth-authorization-server").await.expect(200);
        assert_eq!(told.body["issuer"], base.as_str());
        running.stop().await.expect("a clean stop");
    }
);
