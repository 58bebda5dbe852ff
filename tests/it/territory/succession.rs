//! What went where on 2025-07-01, also where the sources disagreed.

use serde_json::Value;

use super::texts;
use crate::{on_both, support::Client};

async fn links(client: &Client, path: &str) -> Value {
    client.get(&format!("/v1/administrative-units/{path}")).await.expect(200).body
}

on_both!(
    async fn successors_carry_their_extents(s) {
        let public = s.public();
        let went = links(&public, "11890@legacy/successors").await;
        assert_eq!(texts(&went, "toCode"), ["11911"]);
        assert_eq!((&went["items"][0]["areaExtent"], &went["items"][0]["unit"]["provinceCode"]), (&"whole".into(), &"31".into()));
        let split = links(&public, "00139/successors?asOf=2025-06-30").await;
        assert_eq!(texts(&split, "toCode"), ["00097", "00118", "00145"]);
        assert_eq!(texts(&split, "areaExtent"), ["part"; 3]);
        // A unit of today has none, whatever its code once was.
        assert!(texts(&links(&public, "00004/successors").await, "toCode").is_empty());
    }
);

on_both!(
    async fn disputed_links_are_told_as_such(s) {
        let public = s.public();
        let disputed = links(&public, "23053@legacy/successors").await;
        assert_eq!(texts(&disputed, "toCode"), ["23041", "23053"]);
        assert_eq!(texts(&disputed, "evidence"), ["mit_and_resolution_text_against_nso", "both_sources_extent_disputed"]);
        assert_eq!(texts(&links(&public, "01651@legacy/successors").await, "toCode"), ["01648"]);
        assert_eq!(texts(&links(&public, "02482@legacy/successors").await, "toCode"), ["02494"]);
    }
);

on_both!(
    async fn predecessors_lead_back(s) {
        let public = s.public();
        let from = links(&public, "31/predecessors").await;
        assert_eq!(texts(&from, "fromCode"), ["30", "31"]);
        assert_eq!(from["items"][0]["unit"]["nameWithType"], "Tỉnh Hải Dương");
        assert_eq!(from["items"][0]["unit"]["validTo"], "2025-06-30");
        // An island district without communes became a special zone.
        let zone = links(&public, "11948/predecessors").await;
        assert!(texts(&zone, "fromId").contains(&"d318@legacy".to_owned()));
        assert_eq!(texts(&links(&public, "318/successors?asOf=2025-06-30").await, "toCode"), ["11948"]);
    }
);
