//! What a query counts is what plain SQL counts over the records.

use std::collections::BTreeMap;

use gdtx_domain::statistics::{data_set, dimension::Dimension};
use gdtx_service::statistics::{self, StatisticsCondition, StatisticsQuery};
use serde_json::json;

use super::{answer, ask, asking, by, by_last, by_where, counted_by, figures, filled, is, with_needed};
use crate::{on_both, support::centre};

on_both!(
    async fn totals_are_what_sql_counts_over_the_records(s) {
        filled(s).await;
        let sum = |counts: &BTreeMap<String, i64>| counts.values().sum::<i64>();
        for (set, dimension, sql) in [
            ("centres", Dimension::CentreKind, "SELECT kind, count(*) FROM centre WHERE deleted_at IS NULL GROUP BY kind"),
            ("centres", Dimension::CentreStatus, "SELECT status, count(*) FROM centre WHERE deleted_at IS NULL GROUP BY status"),
            ("classes", Dimension::ProgrammeKind, "SELECT p.kind, count(*) FROM class c JOIN programme p ON p.id = c.programme_id WHERE c.deleted_at IS NULL GROUP BY p.kind"),
            ("learners", Dimension::Gender, "SELECT gender, count(*) FROM learner WHERE deleted_at IS NULL GROUP BY gender"),
            ("outcomes", Dimension::EnrolmentStatus, "SELECT status, count(*) FROM enrolment WHERE deleted_at IS NULL GROUP BY status"),
            ("outcomes", Dimension::Gender, "SELECT l.gender, count(*) FROM enrolment e JOIN learner l ON l.id = e.learner_id WHERE e.deleted_at IS NULL GROUP BY l.gender"),
            ("results", Dimension::AcademicLevel, "SELECT academic_level, count(*) FROM learning_result WHERE deleted_at IS NULL AND literacy_result IS NULL GROUP BY academic_level"),
            ("results", Dimension::Gender, "SELECT l.gender, count(*) FROM learning_result r JOIN learner l ON l.id = r.learner_id WHERE r.deleted_at IS NULL AND r.literacy_result IS NULL GROUP BY l.gender"),
            ("literacy_results", Dimension::LiteracyResult, "SELECT literacy_result, count(*) FROM learning_result WHERE deleted_at IS NULL AND literacy_result IS NOT NULL GROUP BY literacy_result"),
            ("staff", Dimension::StaffGroup, "SELECT staff_group, count(*) FROM staff_member WHERE deleted_at IS NULL GROUP BY staff_group"),
            ("staff", Dimension::Gender, "SELECT gender, count(*) FROM staff_member WHERE deleted_at IS NULL GROUP BY gender"),
            ("recognitions", Dimension::RecognitionKind, "SELECT kind, count(*) FROM recognition WHERE deleted_at IS NULL AND holder_kind NOT IN ('family', 'citizen') GROUP BY kind"),
        ] {
            let counted = counted_by(s, sql).await;
            assert!(sum(&counted) > 0, "{sql}");
            assert_eq!(by_last(&ask(s, set, &by(&with_needed(set, &[dimension]))).await), counted, "{set} {dimension}");
        }
        let present = "SELECT 'start', count(*) FROM enrolment e JOIN class c ON c.id = e.class_id WHERE e.deleted_at IS NULL \
            AND c.school_year = 2025 AND e.enrolled_on <= '2025-09-30' AND (e.ended_on IS NULL OR e.ended_on >= '2025-09-30')";
        let start = StatisticsCondition {
            all: vec![is(Dimension::Period, &["start"]), is(Dimension::SchoolYear, &["latest"])],
            ..StatisticsCondition::default()
        };
        for set in ["enrolments", "enrolments_by_grade", "enrolments_by_age", "enrolments_by_ethnicity"] {
            let answer = ask(s, set, &by_where(&[Dimension::Period], start.clone())).await;
            assert_eq!(figures(&answer), counted_by(s, present).await, "{set}");
        }
        // The bands of literacy are sums of the others.
        let ages = by_last(&ask(s, "enrolments_by_age", &by_where(&[Dimension::AgeBand], start.clone())).await);
        let bands = &["15_25", "26_35", "36_60"][..];
        for most in 1..=bands.len() {
            let mut within = start.clone();
            within.all.push(is(Dimension::AgeBand, &bands[..most]));
            let sum = bands[..most].iter().map(|band| ages[*band]).sum::<i64>();
            assert_eq!(by_last(&ask(s, "enrolments_by_age", &by_where(&[Dimension::Period], within)).await)["start"], sum);
        }
        // Each centre is asked about each facility once.
        let facilities = figures(&ask(s, "centre_facilities", &by(&[Dimension::Facility])).await);
        let centres = sum(&figures(&ask(s, "centres", &by(&[])).await));
        assert!(facilities.len() == 6 && facilities.values().all(|count| *count == centres), "{facilities:?}");
    }
);

on_both!(
    async fn a_centre_in_two_difficult_areas_is_counted_in_each(s) {
        let vendor = s.vendor().await;
        for areas in [json!({}), json!({ "difficultAreas": ["border", "island"] }), json!({ "difficultArea": "border", "difficultAreas": ["border"] })] {
            let mut body = centre("Trung tâm Thử", "11407");
            body.as_object_mut().expect("an object").extend(areas.as_object().expect("an object").clone());
            vendor.post("/v1/centres", body).await.expect(201);
        }
        s.counted().await;
        let areas = figures(&ask(s, "centres_by_difficult_area", &by(&[Dimension::DifficultArea])).await);
        assert_eq!(areas, [("none".to_owned(), 1), ("border".to_owned(), 2), ("island".to_owned(), 1)].into());
        let refused = s.public().get("/v1/statistics/datasets/centres_by_difficult_area/data").await.expect(400);
        refused.refuses("groupBy", "does_not_add_up");
    }
);

on_both!(
    async fn conditions_totals_order_and_limits_are_as_asked(s) {
        filled(s).await;
        let all = figures(&ask(s, "centres", &by(&[Dimension::CentreKind])).await);
        let (one, other) = ("community_learning_centre", "language_it_centre");
        let of = |filter: StatisticsCondition| by_where(&[Dimension::CentreKind], filter);
        let either = StatisticsCondition {
            any: vec![is(Dimension::CentreKind, &[one]), is(Dimension::CentreKind, &[other])],
            ..StatisticsCondition::default()
        };
        let neither = StatisticsCondition { none: vec![either.clone()], ..StatisticsCondition::default() };
        let chosen = figures(&ask(s, "centres", &of(either)).await);
        assert_eq!(chosen, [(one.to_owned(), all[one]), (other.to_owned(), all[other])].into());
        let rest = figures(&ask(s, "centres", &of(neither)).await);
        assert_eq!(rest.len() + 2, all.len());
        let nowhere = is(Dimension::Province, &["01"]);
        assert!(figures(&ask(s, "centres", &of(nowhere)).await).is_empty(), "a member that no cell has");

        let totals = StatisticsQuery { totals: true, ..by(&[Dimension::Ownership, Dimension::CentreKind]) };
        let totals = figures(&ask(s, "centres", &totals).await);
        assert_eq!(totals["_T,_T"], all.values().sum::<i64>());
        assert_eq!(totals[&format!("_T,{one}")], all[one]);
        let public_clcs = totals.iter().filter(|(members, _)| members.ends_with(one) && !members.starts_with("_T"));
        assert_eq!(public_clcs.map(|(_, count)| count).sum::<i64>(), all[one]);
        let points = StatisticsQuery { totals: true, ..by(&[Dimension::SchoolYear, Dimension::Period]) };
        let points = ask(s, "enrolments", &points).await;
        assert!(points.rows.iter().flat_map(|row| &row.members).all(|member| member != "_T"), "points in time are not added");
        let most = StatisticsQuery { sort: Some("-centres".to_owned()), top: Some(2), ..by(&[Dimension::CentreKind]) };
        let most: Vec<i64> = ask(s, "centres", &most).await.rows.iter().map(|row| row.values[0]).collect();
        let mut sorted: Vec<i64> = all.values().copied().collect();
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        assert_eq!(most, sorted[..2]);

        let public = asking(s, None);
        for (query, at, code) in [
            (by(&[Dimension::Gender]), "groupBy", "unknown_code"),
            (by(&[Dimension::CentreKind, Dimension::CentreKind]), "groupBy", "repeated"),
            (StatisticsQuery { measures: vec!["people".to_owned()], ..by(&[]) }, "measures", "unknown_code"),
            (StatisticsQuery { measures: vec!["centres".to_owned(); 2], ..by(&[]) }, "measures", "repeated"),
            (StatisticsQuery { sort: Some("ownership".to_owned()), ..by(&[]) }, "sort", "unknown_code"),
            (by_where(&[], is(Dimension::Gender, &["male"])), "filter/dimension", "unknown_code"),
            (by_where(&[], is(Dimension::CentreKind, &["school"])), "filter/members", "unknown_code"),
            (by_where(&[], is(Dimension::Province, &["latest"])), "filter/members", "unknown_code"),
        ] {
            let refused = answer(&public, "centres", &query).await.expect_err("a refusal");
            let fault = &refused.fields[0];
            assert_eq!((refused.code.status(), fault.pointer.as_str(), fault.code), (400, at, code));
        }
        for filter in [is(Dimension::SchoolYear, &["2025"]), is(Dimension::Period, &["start", "end"]), is(Dimension::Period, &[])] {
            let sum = by_where(&[Dimension::SchoolYear], filter);
            let refused = answer(&public, "enrolments", &sum).await.expect_err("a refusal");
            assert_eq!(refused.fields[0].code, "does_not_add_up");
        }
        let dimensions = &data_set::find("enrolments").expect("a data set").dimensions;
        let wide = StatisticsQuery { totals: true, ..by(dimensions) };
        let refused = answer(&public, "enrolments", &wide).await.map(|answer| answer.rows.len()).expect_err("a refusal");
        assert_eq!(refused.fields[0].code, "too_many_figures");
        assert_eq!(answer(&public, "no_such_set", &by(&[])).await.expect_err("a refusal").code.status(), 404);

        for set in data_set::all() {
            let set = statistics::get(&public, &set.id).await.expect("a data set");
            for dimension in &set.dimensions {
                let unnamed = |member: &&statistics::Member| member.label == member.code && !member.code.contains(|c: char| c.is_ascii_digit());
                assert_eq!(dimension.members.iter().find(unnamed), None, "{} {}", set.id, dimension.code);
            }
        }
    }
);
