//! The service starts, answers and refuses strangers.

use crate::on_both;

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
