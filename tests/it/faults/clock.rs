//! A clock that jumps forth and back: order and chains hold, and no token is older than its clock.

use chrono::Duration;
use gdtx_service::{Clock, access::log, exchange::sequencer};

use crate::{
    learners::people::{centre_of, person},
    on_both,
    support::centre,
};

on_both!(
    async fn the_journal_keeps_its_order_when_the_clock_jumps(s) {
        let vendor = s.vendor().await;
        let home = centre_of(&vendor).await;
        let ids = &mut vec![home.clone()];
        for hours in [30, -30, 0] {
            let clock = Clock::Fixed(Clock::System.now() + Duration::hours(hours));
            let running = s.at_time(s.settings.clone(), clock).await;
            let mut there = vendor.at(&running);
            if hours != 0 {
                // A token of another day is refused on this one: too old, or not yet valid.
                there.get("/v1/centres").await.expect(401);
                there.token = Some(there.fetch_token().await);
            }
            ids.push(there.post("/v1/centres", centre(&format!("Trung tâm {hours}"), "11407")).await.expect(201).id());
            let learner = there.post("/v1/learners", person(&home)).await.expect(201).id();
            there.get(&format!("/v1/learners/{learner}")).await.expect(200);
            running.stop().await.expect("a clean stop");
        }
        s.sequenced().await;
        let run = vendor.get("/v1/changes?after=0&resource=centres").await.expect(200).body;
        let fed: Vec<_> = run["items"].as_array().expect("entries").iter().map(|e| e["id"].as_str().expect("an id")).collect();
        assert_eq!(fed, *ids, "in the order of writing, not of clocks");
        let journal = sequencer::verify(s.system().database()).await.expect("a verification");
        let reads = log::verify(s.system().database()).await.expect("a verification");
        assert_eq!((journal.faults, reads.faults, reads.entries >= 3), (vec![], vec![], true));
    }
);
