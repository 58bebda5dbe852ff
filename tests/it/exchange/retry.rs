//! The same write twice: at once, after a change of grants, and after the token ran out.

use chrono::Duration;
use futures::future::join_all;
use gdtx_service::{
    Actor, Clock, Ctx,
    access::client::{self, ClientPatch},
    centres::centre::Centres,
};
use serde_json::json;

use crate::{
    on_both,
    support::{Client, centre, province},
};

on_both!(
    async fn many_first_writes_of_one_key_make_one_record(s) {
        let vendor = s.vendor().await;
        let body = centre("Trung tâm Thử", "11407");
        let answers = join_all((0..6).map(|_| vendor.put("/v1/centres/by-external-id/one", body.clone()))).await;
        let mut created = 0;
        for answer in &answers {
            assert!(matches!(answer.status.as_u16(), 200 | 201), "{}", answer.text);
            created += i32::from(answer.status == 201);
            assert_eq!((answer.id(), &answer.body["version"]), (answers[0].id(), &json!(1)));
        }
        assert_eq!(created, 1);
        assert_eq!(vendor.get("/v1/centres?count=exact").await.body["totalCount"], 1);
    }
);

on_both!(
    async fn one_idempotency_key_at_once_is_one_write(s) {
        let vendor = s.vendor().await.with("idempotency-key", "once");
        let answers = join_all((0..6).map(|_| vendor.post("/v1/centres", centre("Trung tâm Thử", "11407")))).await;
        for answer in &answers {
            assert_eq!((answer.status.as_u16(), answer.id()), (201, answers[0].id()), "{}", answer.text);
        }
        assert_eq!(vendor.get("/v1/centres?count=exact").await.body["totalCount"], 1);
    }
);

on_both!(
    async fn a_kept_answer_shows_what_may_be_seen_today(s) {
        let vendor = s.vendor().await;
        let keyed = vendor.with("idempotency-key", "kept");
        let mut body = centre("Trung tâm Thử", "11407");
        body["directorName"] = json!("Nguyễn Văn Thử (bịa)");
        let first = keyed.post("/v1/centres", body.clone()).await.expect(201);
        assert_eq!(first.body["directorName"], "Nguyễn Văn Thử (bịa)");
        let change = async |patch: serde_json::Value| {
            let patch: ClientPatch = serde_json::from_value(patch).expect("a patch");
            client::update(&s.system(), vendor.id.expect("an id"), patch, None).await.expect("a changed client");
        };
        change(json!({ "agreement": null })).await;
        let keyed = keyed.without_purpose();
        let masked = keyed.post("/v1/centres", body.clone()).await.expect(201);
        assert_eq!((masked.id(), &masked.body["directorName"]), (first.id(), &json!(null)));
        assert_eq!(masked.body["maskedFields"], json!(["directorName"]));
        // A rehearsal is no retry: it tells what would happen now.
        let rehearsed = keyed.post("/v1/centres?dryRun=true", body.clone()).await.expect(201);
        assert_ne!(rehearsed.id(), first.id());
        change(json!({ "reach": { "provinces": ["01"] } })).await;
        keyed.post("/v1/centres", body).await.expect(403);
    }
);

on_both!(
    async fn children_made_while_their_centre_moves_end_where_it_is(s) {
        let vendor = s.vendor().await;
        let id = vendor.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201).id();
        let path = format!("/v1/centres/{id}");
        let moves = async {
            for commune in ["11383", "11407", "10507", "11383", "10507"] {
                vendor.patch(&path, json!({ "place": { "code": commune } })).await.expect(200);
            }
        };
        let rooms = join_all((0..4).map(|_| async {
            for _ in 0..5 {
                vendor.post("/v1/rooms", json!({ "centreId": id, "roomName": "Phòng học" })).await.expect(201);
            }
        }));
        futures::join!(moves, rooms);
        let found = s.client("vendor", gdtx_domain::access::reach::Reach { communes: vec!["10507".into()], ..Default::default() }).await;
        assert_eq!(found.get("/v1/rooms?count=exact").await.expect(200).body["totalCount"], 20);
    }
);

on_both!(
    async fn nobody_reads_on_when_the_token_has_expired(s) {
        let vendor = Client::register(s, "vendor", province("31"), &[]).await;
        let id = vendor.get("/v1/centres").await.expect(200).body["items"].as_array().map(Vec::len);
        assert_eq!(id, Some(0));
        let read = async |until| {
            let actor = Actor::Client { id: vendor.id.expect("an id"), token_id: "t".to_owned(), until };
            let ctx = Ctx::new(s.db.clone(), actor, Clock::System, gdtx_domain::Lang::En, "r".to_owned());
            gdtx_service::list::<Centres>(&ctx, Default::default(), Default::default()).await.map(|page| page.items.len())
        };
        assert_eq!(read(Clock::System.now() + Duration::minutes(1)).await.ok(), Some(0));
        let refused = read(Clock::System.now() - Duration::minutes(1)).await.expect_err("an expired token");
        assert_eq!((refused.code.as_str(), refused.detail.en.as_str()), ("unauthenticated", "The access token has expired."));
    }
);
