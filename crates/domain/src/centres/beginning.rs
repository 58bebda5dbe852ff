//! How a centre comes on record: as a proposal, or with the decision that established it.
//!
//! Most centres are older than this service. Their history begins with their decision; the dossier
//! before it is not invented.

use async_graphql::InputObject;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::life_cycle::{AuthorityKind, CentreEventKind as Kind, CentreStatus as Status};
use crate::Checks;

/// The decision that established a centre, told when the centre is put on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(name = "EstablishmentInput")]
pub struct Establishment {
    /// Number of the decision (Số quyết định), at most 50 characters.
    pub decision_number: String,
    /// Day the decision was signed (Ngày quyết định).
    pub decision_date: NaiveDate,
    /// Kind of body that decided (Cấp quyết định); it must have existed on that day.
    pub authority_kind: AuthorityKind,
    /// Name of the body that decided (Cơ quan quyết định), at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority_name: Option<String>,
    /// The day from which it holds (Ngày có hiệu lực); the day of the decision when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_on: Option<NaiveDate>,
    /// First day of operation (Ngày bắt đầu hoạt động), for an operating centre only; the day the
    /// decision takes effect when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operating_since: Option<NaiveDate>,
}

crate::rules!(Establishment { decision_number: text(50), authority_name: text(200) });

/// The events with which a centre's history begins, each with the day from which it holds.
///
/// A proposal begins with its dossier, on the day of recording; another centre with its decision.
/// Pointers are those of a new centre: `/initialStatus`, `/establishment/…`.
pub fn first_steps(
    status: Option<Status>,
    establishment: Option<&Establishment>,
    today: NaiveDate,
    checks: &mut Checks,
) -> Vec<(Kind, NaiveDate)> {
    let status = status.unwrap_or(Status::Proposed);
    if status == Status::Proposed {
        refuse_surplus("/establishment", establishment.is_some(), checks);
        return vec![(Kind::Apply, today)];
    }
    if !matches!(status, Status::Established | Status::Operating) {
        checks.refuse(
            "/initialStatus",
            "not_an_initial_status",
            "Chỉ ghi mới trung tâm đang đề nghị, đã thành lập hoặc đang hoạt động; các bước sau ghi bằng sự kiện.",
            "A centre comes on record as proposed, established or operating; later steps are recorded as events.",
        );
        return Vec::new();
    }
    checks.required("/establishment", establishment);
    let Some(decision) = establishment else { return Vec::new() };
    let effective = decision.effective_on.unwrap_or(decision.decision_date);
    let mut steps = vec![(Kind::Establish, effective)];
    if status == Status::Operating {
        steps.push((Kind::StartOperating, decision.operating_since.unwrap_or(effective)));
    } else {
        refuse_surplus("/establishment/operatingSince", decision.operating_since.is_some(), checks);
    }
    steps
}

fn refuse_surplus(pointer: &str, present: bool, checks: &mut Checks) {
    if present {
        checks.refuse(
            pointer,
            "not_allowed_here",
            "Trường này không dùng cho trạng thái ban đầu đã nêu (initialStatus).",
            "This field does not belong to the initial status given (initialStatus).",
        );
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Establishment, first_steps};
    use crate::{
        Checks,
        centres::life_cycle::{AuthorityKind, CentreEventKind as Kind, CentreStatus as Status},
    };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    fn decision() -> Establishment {
        Establishment {
            decision_number: "1234/QĐ-UBND".to_owned(),
            decision_date: day("2016-05-20"),
            authority_kind: AuthorityKind::UbndTinh,
            authority_name: None,
            effective_on: None,
            operating_since: None,
        }
    }

    /// The steps, or pointer and code of the first refusal.
    fn steps(
        status: Option<Status>,
        decision: Option<&Establishment>,
    ) -> Result<Vec<(Kind, NaiveDate)>, (String, &'static str)> {
        let mut checks = Checks::default();
        let steps = first_steps(status, decision, day("2026-11-21"), &mut checks);
        checks.problems.into_iter().next().map_or(Ok(steps), |p| Err((p.pointer, p.code)))
    }

    #[test]
    fn a_proposal_begins_today_and_an_old_centre_with_its_decision() {
        let old = decision();
        assert_eq!(steps(None, None), Ok(vec![(Kind::Apply, day("2026-11-21"))]));
        assert_eq!(steps(Some(Status::Established), Some(&old)), Ok(vec![(Kind::Establish, day("2016-05-20"))]));
        let open = Establishment {
            effective_on: Some(day("2016-06-01")),
            operating_since: Some(day("2016-09-05")),
            ..decision()
        };
        let both = vec![(Kind::Establish, day("2016-06-01")), (Kind::StartOperating, day("2016-09-05"))];
        assert_eq!(steps(Some(Status::Operating), Some(&open)), Ok(both));
    }

    #[test]
    fn an_established_centre_needs_its_decision_and_a_suspended_one_comes_by_events() {
        let refused = |pointer: &str, code| Err((pointer.to_owned(), code));
        assert_eq!(steps(Some(Status::Operating), None), refused("/establishment", "required"));
        assert_eq!(
            steps(Some(Status::Suspended), Some(&decision())),
            refused("/initialStatus", "not_an_initial_status")
        );
        assert_eq!(steps(None, Some(&decision())), refused("/establishment", "not_allowed_here"));
        let early = Establishment { operating_since: Some(day("2016-09-05")), ..decision() };
        let surplus = refused("/establishment/operatingSince", "not_allowed_here");
        assert_eq!(steps(Some(Status::Established), Some(&early)), surplus);
    }
}
