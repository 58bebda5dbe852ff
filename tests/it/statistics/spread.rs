//! One change may touch more records than are held at a time.

use gdtx_domain::statistics::dimension::Dimension;
use gdtx_service::{
    Batch,
    learners::learner::{Learners, NewLearner},
};
use serde_json::json;

use super::{ask, by, cells, figures, rebuilt};
use crate::{
    learners::people::{centre_of, person},
    on_both,
    support::Service,
};

/// So many learners of a centre, written at once.
async fn learners(s: &Service, centre: &str, count: usize) {
    let system = s.system();
    let batch = Batch::begin(&system).await.expect("a batch");
    let one: NewLearner = serde_json::from_value(person(centre)).expect("a learner");
    batch.create_all::<Learners>(vec![one; count]).await.expect("learners");
    batch.commit().await.expect("a commit");
}

on_both!(
    async fn all_that_hangs_on_a_centre_moves_with_it_slice_by_slice(s) {
        let ministry = s.client("ministry", gdtx_domain::access::reach::Reach { country: true, ..Default::default() }).await;
        let (large, small, stays) = (centre_of(&ministry).await, centre_of(&ministry).await, centre_of(&ministry).await);
        // More than a slice on one of the two that move, and both together with it.
        for (centre, count) in [(&large, 1_003), (&small, 4), (&stays, 6)] {
            learners(s, centre, count).await;
        }
        s.counted().await;
        let provinces = async || figures(&ask(s, "learners", &by(&[Dimension::Province])).await);
        let of = |counts: &[(&str, i64)]| counts.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect();
        assert_eq!(provinces().await, of(&[("31", 1_013)]));
        for centre in [&large, &small] {
            ministry.patch(&format!("/v1/centres/{centre}"), json!({ "place": { "code": "00004" } })).await.expect(200);
        }
        s.counted().await;
        assert_eq!(provinces().await, of(&[("01", 1_007), ("31", 6)]));
        // What none of them is broken down by changes the cells of the centre alone.
        ministry.patch(&format!("/v1/centres/{large}"), json!({ "hasInternet": true })).await.expect(200);
        s.counted().await;
        let kept = cells(s).await;
        rebuilt(s).await;
        assert_eq!(kept, cells(s).await);
    }
);
