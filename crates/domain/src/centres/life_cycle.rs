//! The states of a centre's life and the events between them, because only some steps are lawful.
//!
//! NĐ 125/2024/NĐ-CP art. 1: for centres of continuing education the State establishes, suspends,
//! merges, divides, separates and dissolves; there is no separate permission to operate.

use chrono::NaiveDate;

use crate::code_enum;

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
