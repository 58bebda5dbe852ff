//! Who is told of a release: the feed, webhooks and readers of Atom.

use serde_json::json;

use super::releases::{ministry, of, regular, released};
use crate::{
    exchange::webhooks::{deliver, subscribe},
    on_both,
    support::{centre, receiver::Receiver},
};

const ATOM: &str = "/v1/statistics/releases.atom";

on_both!(
    async fn the_feed_and_webhooks_carry_a_release(s) {
        let (vendor, ministry, receiver) = (s.vendor().await, ministry(s).await, Receiver::start());
        subscribe(&vendor, &receiver, json!({ "resources": ["statistics_releases"] })).await;
        // What is not of its province is told to it too: releases are for everybody.
        ministry.post("/v1/centres", centre("Trung tâm Thử", "00004")).await.expect(201);
        s.counted().await;
        let made = ministry.post(&of("centres"), regular()).await.expect(201);
        deliver(s).await;
        let fed = vendor.get("/v1/changes?after=0&resource=statistics_releases").await.expect(200).body;
        let entry = &fed["items"][0];
        assert_eq!((&entry["operation"], &entry["id"], &entry["version"]), (&json!("created"), &made.body["id"], &json!(1)));
        let head = s.public().get(&format!("{}/1.0.0", of("centres"))).await.expect(200).body;
        assert_eq!(entry["record"], head);
        let came = receiver.accepted();
        assert_eq!((came.len(), came[0].kind(), &came[0].body["data"]), (1, "statistics_releases.created", entry));
        let explained = vendor.get("/v1/access/explain?operation=createStatisticsRelease").await.expect(200).body;
        assert_eq!((&explained["outcome"], &explained["permission"]), (&json!("grant_missing"), &json!("statistics_release")));
    }
);

on_both!(
    async fn readers_of_atom_find_every_release(s) {
        let (vendor, ministry, public) = (s.vendor().await, ministry(s).await, s.public());
        let parsed = |text: &str| feed_rs::parser::parse(text.as_bytes()).expect("an Atom feed");
        let empty = public.get(ATOM).await.expect(200);
        assert_eq!((empty.header("content-type"), parsed(&empty.text).entries.len()), ("application/atom+xml", 0));
        vendor.post("/v1/centres", centre("Trung tâm Thử <&>", "11407")).await.expect(201);
        released(s, &ministry, "centres").await;
        released(s, &ministry, "learners").await;
        let answer = public.with("If-None-Match", empty.header("etag")).get(ATOM).await.expect(200);
        let feed = parsed(&answer.text);
        assert_eq!((feed.id.as_str(), feed.language.as_deref()), ("http://gdtx.test/v1/statistics/releases.atom", Some("vi")));
        for (entry, set) in feed.entries.iter().zip(["learners", "centres"]) {
            let head = public.get(&format!("{}/1.0.0", of(set))).await.expect(200).body;
            assert_eq!(entry.id, format!("urn:uuid:{}", head["id"].as_str().unwrap()));
            assert_eq!(json!(entry.updated), head["updatedAt"]);
            assert_eq!(entry.links[0].href, format!("http://gdtx.test{}/1.0.0", of(set)));
            let summary = &entry.summary.as_ref().expect("a summary").content;
            assert!(summary.starts_with("Số liệu thử\n") && summary.contains(&format!("thêm {}", head["added"])), "{summary}");
        }
        assert_eq!(feed.entries.len(), 2);
        let english = parsed(&public.english().get(ATOM).await.expect(200).text);
        assert_eq!(english.entries[1].title.as_ref().expect("a title").content, "Centres of continuing education 1.0.0 (Regular)");
        assert!(!answer.header("last-modified").is_empty());
        public.with("If-None-Match", answer.header("etag")).get(ATOM).await.expect(304);
        let sets = public.get("/v1/statistics/datasets").await.expect(200);
        assert!(sets.header("link").contains(&format!("<{ATOM}>; rel=\"alternate\"")), "{}", sets.header("link"));
    }
);

on_both!(
    async fn data_sets_and_indicators_have_tags_of_their_figures(s) {
        let (vendor, public) = (s.vendor().await, s.public());
        vendor.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201);
        s.counted().await;
        for (path, changes) in [
            ("/v1/statistics/datasets/centres", true),
            ("/v1/statistics/datasets/recognitions?fields=id,version", false),
            ("/v1/statistics/indicators/internet_share/data", true),
        ] {
            vendor.with("If-None-Match", "\"x\"").get(path).await.expect(200);
            let first = public.get(path).await.expect(200);
            assert!(first.header("etag").starts_with("W/\""), "{path}: {}", first.header("etag"));
            let known = public.with("If-None-Match", first.header("etag"));
            assert_eq!(known.get(path).await.expect(304).header("etag"), first.header("etag"));
            known.english().get(path).await.expect(200);
            vendor.post("/v1/centres", centre("Trung tâm khác", "11407")).await.expect(201);
            s.counted().await;
            known.get(path).await.expect(if changes { 200 } else { 304 });
        }
    }
);
