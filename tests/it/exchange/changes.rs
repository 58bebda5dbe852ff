//! The change feed: order, reach, masks, tombstones and waiting.

use serde_json::json;

use crate::{
    on_both,
    support::{Client, centre, province},
};

on_both!(
    async fn one_story_arrives_in_order_with_tombstones(s) {
        let vendor = s.vendor().await;
        let start = vendor.get("/v1/changes?after=0").await.expect(200).body["lastPosition"].as_i64().unwrap();
        let id = vendor.post("/v1/centres", centre("Trung tâm Thử nghiệm A", "11407")).await.expect(201).id();
        vendor.patch(&format!("/v1/centres/{id}"), json!({"phone": "0225 000 000"})).await.expect(200);
        vendor.delete(&format!("/v1/centres/{id}")).await.expect(200);
        // The centre, its first event, the change and the end.
        let run = follow(&vendor, start, 4).await;
        let seen: Vec<_> = run.iter().filter(|c| c["resource"] == "centres").map(|c| (c["operation"].as_str().unwrap(), c["version"].as_i64().unwrap())).collect();
        assert_eq!(seen, [("created", 1), ("updated", 2), ("retired", 3)]);
        let last = run.iter().rfind(|c| c["resource"] == "centres").unwrap();
        assert_eq!(last["id"], json!(id));
        assert_eq!(last["centreId"], json!(id));
        assert_eq!(last["provinceCode"], "31");
        assert!(last["record"]["deletedAt"].is_string());
    }
);

on_both!(
    async fn rehearsals_and_refusals_leave_no_trace(s) {
        let vendor = s.vendor().await;
        let before = s.sequenced().await;
        vendor.post("/v1/centres?dryRun=true", centre("Trung tâm Thử nghiệm B", "11407")).await.expect(201);
        vendor.post("/v1/centres", centre("", "11407")).await.expect(422);
        vendor.post("/v1/centres", centre("Trung tâm Thử nghiệm C", "00004")).await.expect(403);
        assert_eq!(s.sequenced().await, before);
        assert_eq!(vendor.get("/v1/centres?count=exact").await.body["totalCount"], 0);
    }
);

on_both!(
    async fn a_neighbour_sees_nothing_and_a_gain_brings_the_past(s) {
        let vendor = s.vendor().await;
        let neighbour = s.client("province_department", province("01")).await;
        let id = vendor.post("/v1/centres", centre("Trung tâm Thử nghiệm D", "11407")).await.expect(201).id();
        follow(&vendor, 0, 1).await;
        let run = neighbour.get("/v1/changes?after=0").await.expect(200).body;
        assert_eq!(run["items"], json!([]));
        let after = run["nextAfter"].as_i64().unwrap();

        let ctx = s.system();
        let reach = gdtx_domain::access::reach::Reach { provinces: vec!["01".into(), "31".into()], ..Default::default() };
        let patch = serde_json::from_value(json!({ "reach": reach })).unwrap();
        gdtx_service::access::client::update(&ctx, neighbour.id.unwrap(), patch, None).await.unwrap();
        let gained = follow(&neighbour, after, 1).await;
        assert_eq!(gained[0]["operation"], "access_gained");
        assert_eq!(gained[0]["record"]["provinces"], json!(["31"]));
        let listed = neighbour.get("/v1/centres?provinceCode=31").await.expect(200);
        assert_eq!(listed.body["items"][0]["id"], json!(id));
        let past = neighbour.get("/v1/changes?after=0&resource=centres").await.expect(200);
        assert_eq!(past.body["items"][0]["id"], json!(id));
    }
);

on_both!(
    async fn a_move_is_lost_on_one_side_and_gained_on_the_other(s) {
        let ministry = s.client("ministry", Default::default()).await;
        let from = s.client("province_department", province("31")).await;
        let to = s.client("province_department", province("01")).await;
        let id = ministry.post("/v1/centres", centre("Trung tâm Thử nghiệm E", "11407")).await.expect(201).id();
        follow(&ministry, 0, 1).await;
        let at = s.sequenced().await;
        ministry.patch(&format!("/v1/centres/{id}"), json!({"place": {"code": "00004"}})).await.expect(200);
        follow(&ministry, at, 2).await;
        let lost = from.get(&format!("/v1/changes?after={at}")).await.body["items"].clone();
        assert_eq!(lost.as_array().unwrap().len(), 1, "{lost}");
        assert_eq!(lost[0]["operation"], "access_lost");
        assert_eq!(lost[0]["provinceCode"], json!(null), "the loser is not told where it went");
        let gained = to.get(&format!("/v1/changes?after={at}")).await.body["items"].clone();
        assert_eq!(gained[0]["operation"], "access_gained", "{gained}");
        from.get(&format!("/v1/centres/{id}")).await.expect(404);
        let verified = gdtx_service::exchange::sequencer::verify(&s.db).await.unwrap();
        assert_eq!(verified.faults, vec![]);
        to.get(&format!("/v1/centres/{id}")).await.expect(200);
    }
);

on_both!(
    async fn a_long_poll_ends_with_the_change_it_waited_for(s) {
        let vendor = s.vendor().await;
        let at = s.sequenced().await;
        let path = format!("/v1/changes?after={at}&wait=60");
        let (run, _) = futures::join!(vendor.get(&path), async {
            vendor.post("/v1/centres", centre("Trung tâm Thử nghiệm F", "11407")).await.expect(201)
        });
        assert_eq!(run.expect(200).body["items"][0]["operation"], "created");
    }
);

on_both!(
    async fn wrong_parameters_are_named(s) {
        let vendor = s.vendor().await;
        vendor.get("/v1/changes?after=-1").await.expect(400).refuses("after", "out_of_range");
        vendor.get("/v1/changes?first=0").await.expect(400).refuses("first", "out_of_range");
        vendor.get("/v1/changes?wait=61").await.expect(400).refuses("wait", "out_of_range");
        vendor.get("/v1/changes?afetr=1").await.expect(400).refuses("afetr", "unknown_parameter");
        vendor.get("/v1/changes?resource=centre").await.expect(400).refuses("resource", "invalid_value");
    }
);

/// Reads on until `count` entries have come.
async fn follow(client: &Client, mut after: i64, count: usize) -> Vec<serde_json::Value> {
    let mut out = Vec::new();
    while out.len() < count {
        let run = client.get(&format!("/v1/changes?after={after}&wait=60")).await.expect(200).body;
        out.extend(run["items"].as_array().unwrap().clone());
        after = run["nextAfter"].as_i64().unwrap();
    }
    out
}
