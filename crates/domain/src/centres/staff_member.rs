//! A member of staff of a centre: who manages, teaches and works there, as far as counts of staff need it.
//!
//! QĐ 4998/QĐ-BGDĐT section 5.3. Identity papers, insurance, salary, religion and membership of the
//! Party are part of that form and are not kept here: nothing that this service does needs them.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    Checks, List, PartialDate, envelope::Envelope, exchange::external_id::ExternalId, learners::learner::Gender,
    territory::code_list,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff_member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    /// The centre that keeps the record. `TRUNG_TAM_ID`.
    pub centre_id: Option<Uuid>,
    pub search_text: String,
    pub external_ids: List<ExternalId>,

    /// Sector identifier (Mã giáo viên), at most 20 characters; basic. `GIAO_VIEN_ID`.
    pub official_id: Option<String>,
    /// Full name (Họ tên), at most 50 characters; basic. `HO_TEN`. Always there, like the gender, the
    /// group and the status; optional in the shape because it can be masked.
    pub full_name: Option<String>,
    /// Date of birth (Ngày sinh), as far as it is known; basic. `NGAY_SINH`.
    pub date_of_birth: Option<PartialDate>,
    /// Gender (Giới tính); basic. `MA_GIOI_TINH`.
    pub gender: Option<Gender>,
    /// Nationality (Quốc tịch), ISO 3166-1 alpha-2; basic. `QUOC_TICH_ID`.
    pub nationality: Option<String>,
    /// Ethnic group (Dân tộc); sensitive. `MA_DAN_TOC`.
    #[sea_orm(ignore)]
    pub ethnic_group: Option<String>,

    /// Group (Nhóm cán bộ), list `DM_NHOM_CAN_BO`; basic. `MA_NHOM_CAN_BO`.
    pub staff_group: Option<String>,
    /// Position (Loại cán bộ), list `DM_LOAI_CAN_BO`; basic. `MA_LOAI_CAN_BO`.
    pub position: Option<String>,
    /// Status (Trạng thái cán bộ), list `DM_TRANG_THAI_CAN_BO`; basic. `MA_TRANG_THAI_CAN_BO`.
    pub status: Option<String>,
    /// Kind of contract (Hình thức hợp đồng), list `DM_HINH_THUC_HOP_DONG`; basic. `MA_HINH_THUC_HOP_DONG`.
    pub contract_kind: Option<String>,
    /// Works here beside another post (Kiêm nhiệm); basic.
    pub is_part_time: Option<bool>,
    /// First day of service (Ngày tuyển dụng); basic. `NGAY_TUYEN_DUNG`.
    pub recruited_on: Option<NaiveDate>,
    /// Last day at the centre (Ngày thôi làm việc); basic.
    pub ended_on: Option<NaiveDate>,
    /// Rank of the career (Mã ngạch/hạng), at most 60 characters; basic. `MA_NGACH`.
    pub career_rank: Option<String>,

    /// Professional qualification (Trình độ chuyên môn), list `DM_TRINH_DO_CHUYEN_MON`; basic. `MA_TRINH_DO_CHUYEN_MON`.
    pub professional_qualification: Option<String>,
    /// Education management (Trình độ quản lý giáo dục), list `DM_TRINH_DO_QLGD`; basic. `MA_TRINH_DO_QLGD`.
    pub education_management_level: Option<String>,
    /// Political theory (Trình độ lý luận chính trị), list `DM_TRINH_DO_LLCT`; basic. `MA_TRINH_DO_LLCT`.
    pub political_theory_level: Option<String>,
    /// Foreign language (Ngoại ngữ), list `DM_NGOAI_NGU`; basic. `MA_NGOAI_NGU`.
    pub foreign_language: Option<String>,
    /// Its level (Trình độ ngoại ngữ), list `DM_KHUNG_NLUC_NNGU`; basic. `MA_TRINH_DO_NGOAI_NGU`.
    pub foreign_language_level: Option<String>,
    /// Informatics (Trình độ tin học), list `DM_TRINH_DO_TIN_HOC`; basic. `MA_TRINH_DO_TIN_HOC`.
    pub it_level: Option<String>,

    /// Subject taught (Môn dạy), list `DM_MON_HOC`; basic. `MA_MON_DAY`.
    pub taught_subject: Option<String>,
    /// Second subject (Môn kiêm nhiệm), list `DM_MON_HOC`; basic. `MA_MON_KIEM_NHIEM`.
    pub second_subject: Option<String>,
    /// Kind of teacher of general subjects (Loại giáo viên giảng dạy văn hóa), list `DM_GV_GIANG_DAY_VH`;
    /// basic. `MA_LOAI_GV_GIANG_DAY_VAN_HOA`.
    pub culture_teacher_kind: Option<String>,
    /// Result against the professional standard (Kết quả chuẩn nghề nghiệp), list `DM_KQ_CHUAN_NGHE_NGHIEP`;
    /// basic. `MA_KET_QUA_CHUAN_NGHE_NGHIEP`.
    pub professional_standard_result: Option<String>,
    /// Yearly rating (Đánh giá viên chức), list `DM_DG_VIEN_CHUC`; basic. `MA_DG_VIEN_CHUC`.
    pub official_rating: Option<String>,
    /// The field above that has no column: the ethnic group, encrypted.
    pub envelope: Option<Envelope>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Refuses days that contradict each other.
pub fn check_days(
    birth: Option<&PartialDate>,
    recruited_on: Option<NaiveDate>,
    ended_on: Option<NaiveDate>,
    checks: &mut Checks,
) {
    checks.order("/recruitedOn", birth.and_then(PartialDate::earliest), recruited_on);
    checks.order("/endedOn", recruited_on, ended_on);
}

/// Warns of a position that the Ministry's list has under another group. Its values may have changed
/// since 2020, so the write goes on.
pub fn check_position(group: Option<&str>, position: Option<&str>, checks: &mut Checks) {
    let groups = position.and_then(|code| code_list::item("staff_position", code)).map(|item| &item.parents);
    if let (Some(group), Some(groups)) = (group, groups)
        && !groups.is_empty()
        && !groups.iter().any(|of| of == group)
    {
        checks.warn(
            "/position",
            "position_of_other_group",
            "Trong danh mục của Bộ, vị trí này thuộc nhóm cán bộ khác.",
            "In the Ministry's list this position belongs to another group of staff.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{check_days, check_position};
    use crate::{Checks, PartialDate};

    #[test]
    fn nobody_is_recruited_before_birth_or_ends_before_recruitment() {
        let faults = |recruited: &str, ended: &str| {
            let birth: Option<PartialDate> = "1985-04".parse().ok();
            let mut checks = Checks::default();
            check_days(birth.as_ref(), recruited.parse().ok(), ended.parse().ok(), &mut checks);
            checks.problems.into_iter().map(|problem| problem.pointer).collect::<Vec<_>>()
        };
        assert_eq!(faults("2010-09-01", "2025-06-30"), Vec::<String>::new());
        assert_eq!(faults("1985-03-31", ""), ["/recruitedOn"]);
        assert_eq!(faults("2010-09-01", "2010-08-31"), ["/endedOn"]);
    }

    #[test]
    fn a_director_is_a_manager() {
        let warned = |group, position| {
            let mut checks = Checks::default();
            check_position(group, position, &mut checks);
            checks.warnings.len()
        };
        assert_eq!(warned(Some("manager"), Some("giam_doc")), 0);
        assert_eq!(warned(Some("teacher"), Some("giam_doc")), 1);
        assert_eq!(warned(None, Some("giam_doc")) + warned(Some("teacher"), None), 0);
    }
}
