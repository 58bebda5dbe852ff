//! Small groups of people are shown to nobody who has no duty that needs them.

use gdtx_domain::statistics::{data_set, dimension::Dimension};
use gdtx_service::statistics::{self, FigureStatus, ROUNDED_TO, StatisticsCondition, StatisticsQuery};

use super::{Dice, asking, by, filled, is};
use crate::{on_both, support::province};

on_both!(
    async fn the_public_finds_no_small_number_in_any_pair_of_answers(s) {
        filled(s).await;
        let portal = s.client("portal", gdtx_domain::access::reach::Reach { country: true, ..Default::default() }).await;
        let mut dice = Dice(3);
        for set in data_set::all().iter().filter(|set| set.personal) {
            let told = statistics::get(&asking(s, None), &set.id).await.expect("a data set");
            let mut shown = Vec::new();
            for nth in 0..60 {
                // Any condition, and the same with one more: what differs could be a few people.
                let mut filter = StatisticsCondition::default();
                for _ in 0..=dice.roll(3) {
                    let dimension = &told.dimensions[dice.roll(told.dimensions.len())];
                    if dimension.members.is_empty() {
                        continue;
                    }
                    let one = is(dimension.code, &[&dimension.members[dice.roll(dimension.members.len())].code]);
                    if dice.roll(2) == 0 { filter.all.push(one) } else { filter.none.push(one) }
                    let client = (nth % 2 == 0).then_some(&portal);
                    let groups = if dice.roll(2) == 0 { vec![] } else { vec![told.dimensions[dice.roll(told.dimensions.len())].code] };
                    let query = StatisticsQuery { filter: Some(filter.clone()), totals: dice.roll(2) == 0, ..by(&groups) };
                    let answer = statistics::ask(&asking(s, client), &set.id, &query).await.expect("an answer");
                    shown.extend(answer.rows.iter().map(|row| row.values[0]));
                    assert!(answer.rows.iter().all(|row| row.status == Some(FigureStatus::Rounded) && row.values[0] != 0));
                }
            }
            assert!(shown.iter().any(|figure| *figure > 0), "{}", set.id);
            for one in &shown {
                let leak = shown.iter().map(|other| (one - other).abs()).find(|between| (1..ROUNDED_TO).contains(between));
                assert_eq!(leak, None, "{}: {one}", set.id);
            }
        }
    }
);

on_both!(
    async fn a_department_sees_its_own_province_as_it_is(s) {
        filled(s).await;
        let (own, other) = (s.client("province_department", province("46")).await, s.client("province_department", province("31")).await);
        let query = by(&[Dimension::Gender]);
        let status = async |client| {
            let answer = statistics::ask(&asking(s, client), "learners", &query).await.expect("an answer");
            answer.rows.iter().map(|row| row.status).collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
        };
        assert_eq!(status(Some(&own)).await, [None]);
        assert_eq!(status(Some(&other)).await, [Some(FigureStatus::Rounded)]);
        assert_eq!(status(Some(&s.vendor().await)).await, [Some(FigureStatus::Rounded)]);
        // Nobody is hurt by the number of centres.
        let centres = statistics::ask(&asking(s, None), "centres", &by(&[Dimension::Commune])).await.expect("an answer");
        assert!(centres.rows.iter().all(|row| row.status.is_none()) && centres.rows.iter().any(|row| row.values[0] < ROUNDED_TO));
    }
);
