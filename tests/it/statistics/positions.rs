//! Figures of what was just written.

use crate::{on_both, support::centre};

on_both!(
    async fn whoever_wrote_waits_for_the_figures_of_it(s) {
        let vendor = s.vendor().await;
        vendor.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201);
        let last = s.sequenced().await;
        let asking = vendor.with("min-position", &last.to_string());
        let data = "/v1/statistics/datasets/centres/data";
        let (figures, ()) = tokio::join!(asking.get(data), s.counted());
        let figures = figures.expect(200);
        assert!(figures.header("position").parse::<i64>().unwrap() >= last, "{}", figures.text);
        assert_eq!(figures.body["rows"][0]["values"], serde_json::json!([1]), "{}", figures.text);
        let beyond = vendor.with("min-position", &(last + 1_000).to_string()).english();
        let refused = beyond.get(data).await.expect(400);
        assert_eq!(refused.body["errors"][0]["code"], "beyond_the_end", "{}", refused.text);
    }
);
