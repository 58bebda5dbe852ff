//! Whether a holder's results meet a level: all indicators or none, with what is unknown said.

use super::{
    criteria::{CriteriaSet, Criterion, Indicator, IndicatorTarget},
    recognition::IndicatorResult,
};
use crate::{Checks, Label};

/// Refuses results that do not meet every indicator of `level`, and warns of targets not read.
///
/// An indicator that applies only to some holders may be left out or unassessed: that is a
/// warning. In a criterion whose indicators were not all read, results with the criterion's
/// prefix are taken as they come, and at least one is needed.
pub fn check_results(set: &CriteriaSet, level: i32, results: &[IndicatorResult], checks: &mut Checks) {
    for (i, row) in results.iter().enumerate() {
        let at = format!("/indicatorResults/{i}");
        if results[..i].iter().any(|earlier| earlier.indicator == row.indicator) {
            checks.refuse(&at, "duplicate", "Chỉ tiêu bị lặp.", "The indicator occurs twice.");
        } else if !set.indicators().any(|(_, known)| known.code == row.indicator) {
            unlisted(set, row, &at, checks);
        }
    }
    for (_, indicator) in set.indicators() {
        match results.iter().position(|row| row.indicator == indicator.code) {
            Some(i) => listed(indicator, level, &results[i], i, checks),
            None => absent(indicator, "/indicatorResults", checks),
        }
    }
    for criterion in set.criteria.iter().filter(|c| !c.complete) {
        incomplete(criterion, results, checks);
    }
}

/// A result whose indicator is not in the list.
fn unlisted(set: &CriteriaSet, row: &IndicatorResult, at: &str, checks: &mut Checks) {
    let open = set.criteria.iter().any(|c| !c.complete && row.indicator.starts_with(c.prefix()));
    if !open {
        checks.refuse(
            &format!("{at}/indicator"),
            "unknown_code",
            "Không có chỉ tiêu này trong bộ tiêu chí.",
            "The criteria set has no such indicator.",
        );
        return;
    }
    checks.warn(
        &format!("{at}/indicator"),
        "indicator_unverified",
        "Chỉ tiêu này chưa được đối chiếu với văn bản.",
        "This indicator was not checked against the text.",
    );
    if row.met != Some(true) {
        not_met(&Label::new(row.indicator.clone(), row.indicator.clone()), at, checks);
    }
}

fn not_met(name: &Label, at: &str, checks: &mut Checks) {
    checks.refuse(
        &format!("{at}/met"),
        "indicator_not_met",
        format!("Chưa đạt chỉ tiêu: {}.", name.vi),
        format!("The indicator is not met: {}.", name.en),
    );
}

/// An indicator without a result, or with one that was not assessed.
fn absent(indicator: &Indicator, pointer: &str, checks: &mut Checks) {
    if let Some(only) = &indicator.applies_to {
        checks.warn(
            pointer,
            "indicator_conditional",
            format!("Chỉ tiêu chỉ áp dụng cho {only} chưa được đánh giá: {}.", indicator.label_vi),
            format!("An indicator for {only} only is not assessed: {}.", indicator.label_en),
        );
    } else {
        checks.refuse(
            pointer,
            "indicator_missing",
            format!("Chưa có kết quả của chỉ tiêu: {}.", indicator.label_vi),
            format!("The indicator has no result: {}.", indicator.label_en),
        );
    }
}

fn listed(indicator: &Indicator, level: i32, row: &IndicatorResult, i: usize, checks: &mut Checks) {
    let at = format!("/indicatorResults/{i}");
    let name = Label::new(indicator.label_vi.clone(), indicator.label_en.clone());
    match row.met {
        None => absent(indicator, &format!("{at}/met"), checks),
        Some(false) => not_met(&name, &at, checks),
        Some(true) => {}
    }
    match indicator.target(level) {
        Some(target) if target.is_known() => below(target, row, &at, checks),
        _ => checks.warn(
            &format!("{at}/indicator"),
            "target_unknown",
            format!("Chưa có mức yêu cầu đã đối chiếu văn bản cho mức độ {level}: {}.", name.vi),
            format!("No target checked against the text for level {level}: {}.", name.en),
        ),
    }
}

/// A value below its target contradicts "met"; compared in hundredths, never rounded.
fn below(target: &IndicatorTarget, row: &IndicatorResult, at: &str, checks: &mut Checks) {
    if let (Some(percent), Some(value), Some(true)) = (target.percent, row.value, row.met)
        && value.0 < i64::from(percent) * 100
    {
        checks.refuse(
            &format!("{at}/value"),
            "value_below_target",
            format!("Giá trị thấp hơn mức yêu cầu {percent}%."),
            format!("The value lies below the target of {percent}%."),
        );
    }
}

fn incomplete(criterion: &Criterion, results: &[IndicatorResult], checks: &mut Checks) {
    checks.warn(
        "/indicatorResults",
        "criterion_incomplete",
        format!("Danh sách chỉ tiêu của tiêu chí này chưa đầy đủ: {}.", criterion.label_vi),
        format!("The list of indicators of this criterion is not complete: {}.", criterion.label_en),
    );
    if !results.iter().any(|row| row.indicator.starts_with(criterion.prefix())) {
        checks.refuse(
            "/indicatorResults",
            "criterion_missing",
            format!("Chưa có kết quả cho tiêu chí: {}.", criterion.label_vi),
            format!("The criterion has no result: {}.", criterion.label_en),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{IndicatorResult, check_results};
    use crate::{
        Checks, Decimal2,
        recognitions::criteria::{all, find},
    };

    fn met(indicator: &str, value: Option<i64>) -> IndicatorResult {
        IndicatorResult { indicator: indicator.to_owned(), met: Some(true), value: value.map(Decimal2), note: None }
    }

    /// A unit of the province that is no school: conditional indicators are left out.
    fn unit(share: i64) -> Vec<IndicatorResult> {
        let plain = ["c1_1", "c1_2", "c1_4", "c1_5", "c2_1", "c2_2", "c3_2", "c3_3"];
        let mut rows: Vec<_> = plain.iter().map(|code| met(code, None)).collect();
        rows.push(met("c3_1_members", Some(share)));
        rows
    }

    fn check(set: &str, level: i32, rows: &[IndicatorResult]) -> Checks {
        let mut checks = Checks::default();
        check_results(find(set).unwrap_or(&all()[0]), level, rows, &mut checks);
        checks
    }

    fn problems(set: &str, level: i32, rows: &[IndicatorResult]) -> Vec<(String, &'static str)> {
        check(set, level, rows).problems.into_iter().map(|p| (p.pointer, p.code)).collect()
    }

    #[test]
    fn ninety_percent_of_members_is_enough_for_level_1_and_95_for_level_2() {
        let set = "tt_24_2023_province";
        assert_eq!(problems(set, 1, &unit(9000)), vec![]);
        let low = [("/indicatorResults/8/value".to_owned(), "value_below_target")];
        assert_eq!(problems(set, 1, &unit(8999)), low);
        assert_eq!(problems(set, 2, &unit(9499)), low);
        assert_eq!(problems(set, 2, &unit(9500)), vec![]);
    }

    #[test]
    fn every_indicator_must_be_met() {
        let mut rows = unit(9000);
        rows[2].met = Some(false);
        rows[3].met = None;
        rows.remove(0);
        assert_eq!(
            problems("tt_24_2023_province", 1, &rows),
            [
                ("/indicatorResults".to_owned(), "indicator_missing"),
                ("/indicatorResults/1/met".to_owned(), "indicator_not_met"),
                ("/indicatorResults/2/met".to_owned(), "indicator_missing"),
            ]
        );
    }

    #[test]
    fn unknown_targets_are_warnings() {
        let warned: Vec<_> =
            check("tt_24_2023_province", 2, &unit(9500)).warnings.into_iter().map(|w| (w.pointer, w.code)).collect();
        let unknown: Vec<_> = warned.iter().filter(|(_, code)| *code == "target_unknown").collect();
        // c2_1, c2_2 and c3_3 have no known target for level 2.
        assert_eq!(unknown.len(), 3);
        assert!(warned.contains(&("/indicatorResults".to_owned(), "criterion_incomplete")));
    }

    #[test]
    fn criteria_that_were_not_read_take_results_under_their_prefix() {
        let read = ["k1_1", "k1_2", "k1_3", "k2_1", "k2_2", "k2_3"];
        let mut rows: Vec<_> = read.iter().map(|code| met(code, None)).collect();
        let missing = || ("/indicatorResults".to_owned(), "criterion_missing");
        assert_eq!(problems("tt_25_2023_commune", 1, &rows), [missing(), missing(), missing()]);
        rows.extend(["k3_1", "k4_1", "k5_1"].map(|code| met(code, None)));
        assert_eq!(problems("tt_25_2023_commune", 1, &rows), vec![]);
        rows.push(met("k6_1", None));
        rows.push(met("k1_4", None));
        assert_eq!(
            problems("tt_25_2023_commune", 1, &rows),
            [
                ("/indicatorResults/9/indicator".to_owned(), "unknown_code"),
                ("/indicatorResults/10/indicator".to_owned(), "unknown_code")
            ]
        );
    }
}
