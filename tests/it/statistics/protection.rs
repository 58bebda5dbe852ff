//! Small groups of people are shown to nobody who has no duty that needs them.

use gdtx_domain::statistics::{data_set, dimension::Dimension};
use gdtx_service::statistics::{self, FigureStatus, ROUNDED_TO, StatisticsCondition, StatisticsQuery};

use super::{Dice, answer, ask, asking, by, by_where, filled, is, with_needed};
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
                    let groups = with_needed(&set.id, &groups);
                    let query = StatisticsQuery { filter: Some(filter.clone()), totals: dice.roll(2) == 0, ..by(&groups) };
                    let answer = answer(&asking(s, client), &set.id, &query).await.expect("an answer");
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
        let status = async |client, query: StatisticsQuery| {
            let answer = answer(&asking(s, client), "learners", &query).await.expect("an answer");
            answer.rows.iter().map(|row| row.status).collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
        };
        let (rounded, vendor) = ([Some(FigureStatus::Rounded)], s.vendor().await);
        let (by_gender, by_province) = (by(&[Dimension::Gender]), by(&[Dimension::Province, Dimension::Gender]));
        let of_hue = by_where(&[Dimension::Gender], is(Dimension::Province, &["46"]));
        let commune = s.client("province_department", province("46")).await;
        let of_commune = by_where(&with_needed("enrolments", &[Dimension::Gender]), is(Dimension::Commune, &["19753"]));
        let told = answer(&asking(s, Some(&commune)), "enrolments", &of_commune).await.expect("an answer");
        assert_eq!(told.status_of_zero, None, "a commune lies in its province");
        assert!(!told.notes.iter().any(|note| note.contains("rounded")) && told.rows.iter().all(|row| row.status.is_none()));
        for exact in [&by_province, &of_hue] {
            assert_eq!(status(Some(&own), exact.clone()).await, [None]);
            assert_eq!(status(Some(&other), exact.clone()).await, rounded);
            assert_eq!(status(Some(&vendor), exact.clone()).await, rounded);
        }
        // Of the country it knows a part only, even when the others have nobody.
        assert_eq!(status(Some(&own), by_gender).await, rounded);
        // Nobody is hurt by the number of centres.
        let centres = answer(&asking(s, None), "centres", &by(&[Dimension::Commune])).await.expect("an answer");
        assert!(centres.rows.iter().all(|row| row.status.is_none()) && centres.rows.iter().any(|row| row.values[0] < ROUNDED_TO));
    }
);

on_both!(
    async fn a_department_finds_every_member_of_its_own_province(s) {
        filled(s).await;
        let (own, other) = (s.client("province_department", province("46")).await, s.client("province_department", province("31")).await);
        let members = async |client, dimension: Dimension| {
            let set = statistics::get(&asking(s, client), "outcomes").await.expect("a data set");
            let found = set.dimensions.into_iter().find(|known| known.code == dimension).expect("a dimension");
            found.members.into_iter().map(|member| member.code).collect::<Vec<_>>()
        };
        for dimension in [Dimension::EnrolmentStatus, Dimension::DropoutReason, Dimension::ProgrammeKind] {
            let query = by_where(&with_needed("outcomes", &[dimension]), is(Dimension::Province, &["46"]));
            let mine = answer(&asking(s, Some(&own)), "outcomes", &query).await.expect("an answer");
            let all: Vec<String> = mine.dimensions[1].members.iter().map(|member| member.code.clone()).collect();
            assert_eq!((members(Some(&own), dimension).await, mine.status_of_zero), (all, None));
            assert_eq!(members(Some(&other), dimension).await, members(None, dimension).await);
            let theirs = answer(&asking(s, Some(&other)), "outcomes", &query).await.expect("an answer");
            assert_eq!(theirs.status_of_zero, Some(FigureStatus::Rounded));
        }
    }
);

on_both!(
    async fn no_splitting_of_a_small_group_tells_its_size(s) {
        filled(s).await;
        let mut found = 0;
        for set in data_set::all().iter().filter(|set| !set.levels.is_empty()) {
            let group = &set.levels[0];
            let exact = ask(s, &set.id, &by(group)).await;
            let small = exact.rows.iter().filter(|row| row.values[0] < ROUNDED_TO).collect::<Vec<_>>();
            found += small.len();
            for split in set.dimensions.iter().filter(|dimension| !group.contains(dimension)) {
                let groups: Vec<Dimension> = group.iter().chain([split]).copied().collect();
                let shown = answer(&asking(s, None), &set.id, &by(&groups)).await.expect("an answer");
                for row in &shown.rows {
                    assert!(!small.iter().any(|small| small.members[..] == row.members[..group.len()]), "{}: {row:?}", set.id);
                }
            }
        }
        assert!(found > 0, "there is no small group");
    }
);

on_both!(
    async fn what_the_public_sees_is_near_to_what_there_is(s) {
        filled(s).await;
        let mut found = 0;
        for set in data_set::all().iter().filter(|set| set.personal) {
            let query = by(&with_needed(&set.id, &[]));
            let (exact, shown) = (ask(s, &set.id, &query).await, answer(&asking(s, None), &set.id, &query).await.expect("an answer"));
            for row in exact.rows.iter().filter(|row| row.values[0] > 400) {
                let near = shown.rows.iter().find(|other| other.members == row.members).expect("a figure");
                assert!((near.values[0] - row.values[0]).abs() * 10 < row.values[0], "{}: {row:?} {near:?}", set.id);
                found += 1;
            }
        }
        assert!(found > 0, "there is no large figure");
    }
);

on_both!(
    async fn who_may_not_know_of_people_sees_no_full_tables_of_it(s) {
        filled(s).await;
        let province = |code: &str| is(Dimension::Province, &[code]);
        let office = s.client("commune_office", gdtx_domain::access::reach::Reach { communes: vec!["19753".to_owned()], ..Default::default() }).await;
        let status = async |groups: &[Dimension]| {
            let filter = StatisticsCondition { all: vec![province("46"), is(Dimension::Commune, &["19753"])], ..Default::default() };
            let query = by_where(&with_needed("enrolments", groups), filter);
            answer(&asking(s, Some(&office)), "enrolments", &query).await.expect("an answer").status_of_zero
        };
        assert_eq!(status(&[Dimension::Gender]).await, None);
        // Ethnic origin is sensitive, and an office of a commune has no sight of it.
        assert_eq!(status(&[Dimension::Gender, Dimension::Minority]).await, Some(FigureStatus::Rounded));
    }
);
