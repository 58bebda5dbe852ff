//! The states of a centre's life and the events between them, because only some steps are lawful.
//!
//! NĐ 125/2024/NĐ-CP art. 1: for centres of continuing education the State establishes, suspends,
//! merges, divides, separates and dissolves; there is no separate permission to operate.

use chrono::NaiveDate;

use crate::{Label, Refusal, code_enum};

code_enum! {
    /// Where a centre stands in its life.
    CentreStatus {
        Proposed = "proposed" ("Đang đề nghị thành lập", "Proposed"),
        Established = "established" ("Đã thành lập, chưa hoạt động", "Established, not yet operating"),
        Operating = "operating" ("Đang hoạt động", "Operating"),
        Suspended = "suspended" ("Bị đình chỉ hoạt động", "Suspended"),
        /// Final.
        Merged = "merged" ("Đã sáp nhập", "Merged"),
        /// Final.
        Divided = "divided" ("Đã chia", "Divided"),
        /// Final: became another institution, e.g. a vocational secondary school.
        Converted = "converted" ("Đã chuyển đổi", "Converted"),
        /// Final.
        Dissolved = "dissolved" ("Đã giải thể", "Dissolved"),
    }
}

code_enum! {
    /// What happened to a centre.
    CentreEventKind {
        Apply = "apply" ("Nộp hồ sơ đề nghị", "Apply"),
        Establish = "establish" ("Thành lập hoặc cho phép thành lập", "Establish"),
        StartOperating = "start_operating" ("Bắt đầu hoạt động", "Start operating"),
        Suspend = "suspend" ("Đình chỉ hoạt động", "Suspend"),
        Resume = "resume" ("Cho phép hoạt động trở lại", "Resume"),
        Merge = "merge" ("Sáp nhập", "Merge"),
        Divide = "divide" ("Chia", "Divide"),
        /// The parent goes on, children are established beside it.
        Separate = "separate" ("Tách", "Separate"),
        Dissolve = "dissolve" ("Giải thể", "Dissolve"),
        Convert = "convert" ("Chuyển đổi", "Convert"),
        Rename = "rename" ("Đổi tên", "Rename"),
        TransferAuthority = "transfer_authority" ("Chuyển cơ quan quản lý", "Transfer to another managing body"),
    }
}

code_enum! {
    /// Why a centre is suspended (NĐ 125/2024/NĐ-CP art. 34, 39, 45).
    SuspensionGround {
        FraudToObtainPermission = "fraud_to_obtain_permission" ("Gian lận để được thành lập hoặc cho phép thành lập", "Fraud to obtain the permission"),
        ConditionsNotKept = "conditions_not_kept" ("Không bảo đảm một trong các điều kiện theo quy định", "The conditions are no longer kept"),
        NotOperatingWithinOneYear = "not_operating_within_1_year" ("Không triển khai hoạt động trong 01 năm", "Not operating within one year"),
        AdministrativeSanction = "administrative_sanction" ("Vi phạm đến mức bị xử phạt đình chỉ", "Administrative sanction"),
        OtherByLaw = "other_by_law" ("Trường hợp khác theo quy định của pháp luật", "Another case under the law"),
    }
}

code_enum! {
    /// Why a centre is dissolved (NĐ 125/2024/NĐ-CP art. 36 cl. 1).
    DissolutionGround {
        SeriousViolation = "serious_violation" ("Vi phạm nghiêm trọng", "Serious violation"),
        SuspensionExpiredUncured = "suspension_expired_uncured" ("Hết thời hạn đình chỉ mà không khắc phục", "The suspension ended without remedy"),
        PurposeNoLongerFits = "purpose_no_longer_fits" ("Mục tiêu, nội dung không còn phù hợp", "The purpose no longer fits"),
        QualityNotAssured = "quality_not_assured" ("Không bảo đảm chất lượng", "The quality is not assured"),
        OwnerRequest = "owner_request" ("Theo đề nghị của tổ chức, cá nhân thành lập", "At the owner's request"),
    }
}

code_enum! {
    /// Who manages or decides on a centre.
    AuthorityKind {
        BoGddt = "bo_gddt" ("Bộ Giáo dục và Đào tạo", "Ministry of Education and Training"),
        UbndTinh = "ubnd_tinh" ("Uỷ ban nhân dân cấp tỉnh", "Provincial People's Committee"),
        SoGddt = "so_gddt" ("Sở Giáo dục và Đào tạo", "Department of Education and Training"),
        /// To 2025-06-30.
        UbndHuyen = "ubnd_huyen" ("Uỷ ban nhân dân cấp huyện", "District People's Committee"),
        /// To 2025-06-30.
        PhongGddt = "phong_gddt" ("Phòng Giáo dục và Đào tạo", "District Division of Education and Training"),
        UbndXa = "ubnd_xa" ("Uỷ ban nhân dân cấp xã", "Commune People's Committee"),
        UniversityCouncil = "university_council" ("Hội đồng trường đại học, học viện, trường sư phạm", "University council"),
    }
}

impl AuthorityKind {
    /// The last day this authority existed: the district level ended with 2025-06-30.
    pub fn valid_to(self) -> Option<NaiveDate> {
        match self {
            Self::UbndHuyen | Self::PhongGddt => NaiveDate::from_ymd_opt(2025, 6, 30),
            _ => None,
        }
    }

    /// Whether this authority existed on a day.
    pub fn existed_on(self, day: NaiveDate) -> bool {
        self.valid_to().is_none_or(|last| day <= last)
    }
}
impl CentreStatus {
    /// Whether nothing can follow: the centre ended as such.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Merged | Self::Divided | Self::Converted | Self::Dissolved)
    }

    /// Whether the centre exists in law: established and not ended.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Established | Self::Operating | Self::Suspended)
    }
}

/// The status after an event; `None` as status stands for a centre that is not yet on record.
///
/// A separation leaves the parent as it is: the children are new centres.
pub fn transition(status: Option<CentreStatus>, event: CentreEventKind) -> Result<CentreStatus, Refusal> {
    use CentreEventKind as Event;
    use CentreStatus as Status;
    let Some(from) = status else {
        return if event == Event::Apply { Ok(Status::Proposed) } else { Err(not_on_record(event)) };
    };
    if from.is_final() {
        return Err(final_state(from));
    }
    match (from, event) {
        (Status::Proposed, Event::Establish) => Ok(Status::Established),
        (Status::Established, Event::StartOperating) | (Status::Suspended, Event::Resume) => Ok(Status::Operating),
        (Status::Established | Status::Operating, Event::Suspend) => Ok(Status::Suspended),
        (Status::Operating | Status::Suspended, Event::Merge) => Ok(Status::Merged),
        (Status::Operating | Status::Suspended, Event::Divide) => Ok(Status::Divided),
        (Status::Operating | Status::Suspended, Event::Separate) => Ok(from),
        (Status::Operating | Status::Suspended, Event::Dissolve) => Ok(Status::Dissolved),
        (Status::Operating, Event::Convert) => Ok(Status::Converted),
        (live, Event::Rename | Event::TransferAuthority) if live.is_live() => Ok(live),
        _ => Err(not_allowed(from, event)),
    }
}

fn not_on_record(event: CentreEventKind) -> Refusal {
    let label = event.label();
    Refusal {
        code: "transition_not_allowed",
        detail: Label::new(
            format!("Trung tâm chưa có hồ sơ nên chưa thể ghi sự kiện “{}”.", label.vi),
            format!("The centre is not on record, so “{}” cannot happen to it.", label.en),
        ),
        basis: String::new(),
    }
}

fn final_state(from: CentreStatus) -> Refusal {
    let label = from.label();
    Refusal {
        code: "final_state",
        detail: Label::new(
            format!("Trạng thái “{}” là trạng thái cuối; không ghi thêm sự kiện.", label.vi),
            format!("“{}” is a final state; no event can follow.", label.en),
        ),
        basis: String::new(),
    }
}

fn not_allowed(from: CentreStatus, event: CentreEventKind) -> Refusal {
    let (state, what) = (from.label(), event.label());
    Refusal {
        code: "transition_not_allowed",
        detail: Label::new(
            format!("Trung tâm ở trạng thái “{}” không thể “{}”.", state.vi, what.vi),
            format!("A centre in the state “{}” cannot pass through “{}”.", state.en, what.en),
        ),
        basis: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{AuthorityKind, CentreEventKind as Event, CentreStatus as Status, transition};

    /// Every lawful step, as the decree lists them.
    const LAWFUL: &[(Option<Status>, Event, Status)] = &[
        (None, Event::Apply, Status::Proposed),
        (Some(Status::Proposed), Event::Establish, Status::Established),
        (Some(Status::Established), Event::StartOperating, Status::Operating),
        (Some(Status::Established), Event::Suspend, Status::Suspended),
        (Some(Status::Established), Event::Rename, Status::Established),
        (Some(Status::Established), Event::TransferAuthority, Status::Established),
        (Some(Status::Operating), Event::Suspend, Status::Suspended),
        (Some(Status::Operating), Event::Merge, Status::Merged),
        (Some(Status::Operating), Event::Divide, Status::Divided),
        (Some(Status::Operating), Event::Separate, Status::Operating),
        (Some(Status::Operating), Event::Dissolve, Status::Dissolved),
        (Some(Status::Operating), Event::Convert, Status::Converted),
        (Some(Status::Operating), Event::Rename, Status::Operating),
        (Some(Status::Operating), Event::TransferAuthority, Status::Operating),
        (Some(Status::Suspended), Event::Resume, Status::Operating),
        (Some(Status::Suspended), Event::Merge, Status::Merged),
        (Some(Status::Suspended), Event::Divide, Status::Divided),
        (Some(Status::Suspended), Event::Separate, Status::Suspended),
        (Some(Status::Suspended), Event::Dissolve, Status::Dissolved),
        (Some(Status::Suspended), Event::Rename, Status::Suspended),
        (Some(Status::Suspended), Event::TransferAuthority, Status::Suspended),
    ];

    #[test]
    fn exactly_the_lawful_steps_pass() {
        let states = Status::ALL.iter().copied().map(Some).chain([None]);
        for (state, event) in states.flat_map(|s| Event::ALL.iter().map(move |e| (s, *e))) {
            let lawful = LAWFUL.iter().find(|(s, e, _)| *s == state && *e == event).map(|(_, _, to)| *to);
            assert_eq!(transition(state, event).ok(), lawful, "{state:?} {event:?}");
        }
    }

    #[test]
    fn a_dissolved_centre_stays_dissolved() {
        let refusal = transition(Some(Status::Dissolved), Event::Resume).err();
        assert_eq!(refusal.map(|r| r.code), Some("final_state"));
    }

    #[test]
    fn district_authorities_end_with_june_2025() {
        let last = chrono::NaiveDate::from_ymd_opt(2025, 6, 30).unwrap_or_default();
        let next = last.succ_opt().unwrap_or_default();
        assert!(AuthorityKind::UbndHuyen.existed_on(last) && AuthorityKind::PhongGddt.existed_on(last));
        assert!(!AuthorityKind::UbndHuyen.existed_on(next) && !AuthorityKind::PhongGddt.existed_on(next));
        assert!(AuthorityKind::UbndXa.existed_on(next));
    }
}
