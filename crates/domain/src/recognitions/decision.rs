//! Whether a decision to recognise may stand: the right authority, level and moment.

use chrono::{Datelike, NaiveDate};

use super::{
    kind::{DecidingAuthority, HolderKind, RecognitionKind, deciding_authority},
    period::upgrade_allowed,
};
use crate::{Checks, Mark, centres::life_cycle::AuthorityKind};

/// A decision that is about to be recorded.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    pub kind: &'a RecognitionKind,
    pub holder_kind: HolderKind,
    pub assessed_year: i32,
    /// Level the holder asked for.
    pub requested_level: Option<i32>,
    /// Level granted.
    pub level: Option<i32>,
    /// Day of the decision.
    pub date: NaiveDate,
    /// Kind of the authority that decided.
    pub authority_kind: Option<AuthorityKind>,
    /// Day of the decision on level 1 that this one upgrades; `None` for a first recognition.
    pub previous_level_1: Option<NaiveDate>,
}

/// Refuses a decision by the wrong authority, above the level asked for, too soon after level 1 or
/// before the assessed year; warns where no text names the authority.
///
/// Pointers are `/level`, `/date`, `/authorityKind` of the decision's body.
pub fn check_decision(decision: &Decision<'_>, checks: &mut Checks) {
    if decision.date.year() < decision.assessed_year {
        checks.refuse(
            "/date",
            "date_before_year",
            "Ngày quyết định trước năm được đánh giá.",
            "The decision lies before the assessed year.",
        );
    }
    if decision.level > decision.requested_level {
        checks.refuse(
            "/level",
            "level_above_request",
            "Mức độ công nhận cao hơn mức độ đề nghị.",
            "The level granted is higher than the level asked for.",
        );
    }
    if decision.level == Some(2) && !upgrade_allowed(decision.kind, decision.previous_level_1, decision.date) {
        checks.refuse(
            "/date",
            "upgrade_too_soon",
            "Chỉ nâng lên mức độ 2 sau ít nhất 12 tháng kể từ quyết định mức độ 1.",
            "Level 2 may follow level 1 only after at least twelve months.",
        );
    }
    match deciding_authority(decision.kind, decision.holder_kind, decision.level, decision.date) {
        Ok(row) => authority(row, decision, checks),
        Err(refusal) => {
            let pointer = if refusal.code == "level_not_allowed" { "/level" } else { "/date" };
            checks.refuse(pointer, refusal.code, refusal.detail.vi, refusal.detail.en);
        }
    }
}

fn authority(row: &DecidingAuthority, decision: &Decision<'_>, checks: &mut Checks) {
    let date = decision.date;
    if decision.authority_kind.is_some_and(|kind| !kind.existed_on(date)) {
        checks.refuse(
            "/authorityKind",
            "district_abolished",
            "Cơ quan này không còn từ ngày 1/7/2025.",
            "This authority no longer existed on that day.",
        );
    } else if row.mark == Mark::Verified && row.authority_kind != decision.authority_kind {
        checks.refuse(
            "/authorityKind",
            "authority_not_competent",
            format!("Thẩm quyền quyết định: {}.", row.label_vi),
            format!("The authority that decides is: {}.", row.label_en),
        );
    } else if row.mark != Mark::Verified {
        checks.warn(
            "/authorityKind",
            "authority_unverified",
            "Thẩm quyền chưa được đối chiếu với văn bản.",
            "The competence of the authority was not checked against the text.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{Decision, check_decision};
    use crate::{
        Checks,
        centres::life_cycle::AuthorityKind,
        recognitions::kind::{HolderKind, all, find},
    };

    fn decision(kind: &str, holder_kind: HolderKind, date: &str, by: AuthorityKind) -> Decision<'static> {
        Decision {
            kind: find(kind).unwrap_or(&all()[0]),
            holder_kind,
            assessed_year: 2024,
            requested_level: Some(2),
            level: Some(1),
            date: date.parse().unwrap_or_default(),
            authority_kind: Some(by),
            previous_level_1: None,
        }
    }

    fn found(decision: &Decision<'_>) -> (Vec<&'static str>, Vec<&'static str>) {
        let mut checks = Checks::default();
        check_decision(decision, &mut checks);
        let codes = |list: Vec<crate::FieldProblem>| list.into_iter().map(|p| p.code).collect();
        (codes(checks.problems), codes(checks.warnings))
    }

    #[test]
    fn only_the_competent_authority_decides() {
        let on = |date, by| found(&decision("learning_community_commune", HolderKind::Commune, date, by)).0;
        assert_eq!(on("2025-03-31", AuthorityKind::PhongGddt), [""; 0]);
        assert_eq!(on("2025-03-31", AuthorityKind::UbndXa), ["authority_not_competent"]);
        assert_eq!(on("2025-07-01", AuthorityKind::PhongGddt), ["district_abolished"]);
    }

    #[test]
    fn an_unknown_authority_is_recorded_with_a_warning() {
        let later = decision("learning_community_commune", HolderKind::Commune, "2026-03-31", AuthorityKind::UbndTinh);
        assert_eq!(found(&later), (vec![], vec!["authority_unverified"]));
    }

    #[test]
    fn level_2_waits_a_year_unless_it_is_the_first() {
        let mut unit =
            decision("learning_unit_province", HolderKind::Organisation, "2026-02-14", AuthorityKind::UbndTinh);
        unit.level = Some(2);
        assert_eq!(found(&unit).0, [""; 0]);
        unit.previous_level_1 = "2025-02-15".parse().ok();
        assert_eq!(found(&unit).0, ["upgrade_too_soon"]);
        unit.requested_level = Some(1);
        unit.date = "2023-12-31".parse().unwrap_or_default();
        unit.previous_level_1 = None;
        assert_eq!(found(&unit).0, ["date_before_year", "level_above_request", "kind_not_in_force"]);
    }
}
