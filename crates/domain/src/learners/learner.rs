//! A learner: every field of the official learner form, and what protecting a person needs beside it.
//!
//! QĐ 4998/QĐ-BGDĐT section 5.4. Almost every field is personal data; its class is named in the
//! comment (basic, sensitive, restricted) and listed in `codelists/qd4998_gdtx_fields.csv`.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{literacy::LiteracyLevel, merge::Merge};
use crate::{
    Decimal2, List, PartialDate, code_enum, envelope::Envelope, exchange::external_id::ExternalId,
    territory::place::Place,
};

code_enum! {
    /// Gender. QĐ 4998: `MA_GIOI_TINH`; other systems use three other codings.
    Gender {
        Male = "male" ("Nam", "Male"),
        Female = "female" ("Nữ", "Female"),
        Unknown = "unknown" ("Chưa có thông tin", "Unknown"),
    }
}

impl crate::Ruled for Gender {}

/// A reward of a learner. QĐ 4998: `KHENTHUONG.2.1`.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    SimpleObject,
    InputObject,
    ToSchema,
    FromJsonQueryResult,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(name = "LearnerReward", input_name = "LearnerRewardInput")]
#[schema(as = LearnerReward)]
pub struct Reward {
    /// Kind of reward (Mã khen thưởng). `MA_KHEN_THUONG`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reward_code: Option<String>,
    /// What for (Nội dung), at most 255 characters. `NOI_DUNG`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Remark (Ghi chú), at most 255 characters. `GHI_CHU`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

crate::rules!(Reward { reward_code: text(60), content: text(255), note: text(255) });

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "learner")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    /// The centre that keeps the learner's record. `TRUNG_TAM_ID`.
    pub centre_id: Option<Uuid>,
    pub search_text: String,
    pub external_ids: List<ExternalId>,

    /// Sector identifier (Mã học viên), issued after import, at most 20 characters; basic. `HOC_VIEN_ID`.
    pub official_id: Option<String>,
    /// Number of the lifelong learning record (NĐ 88/2026/NĐ-CP art. 9), at most 20 characters; restricted.
    #[sea_orm(ignore)]
    pub lifelong_record_no: Option<String>,
    /// Full name (Họ tên), at most 50 characters; basic. `HO_TEN`. Always there; optional in the
    /// shape because it can be masked, like the date of birth and the gender.
    pub full_name: Option<String>,
    /// Short name (Tên viết tắt), at most 20 characters; basic. `TEN_TAT`.
    pub short_name: Option<String>,
    /// Date of birth (Ngày sinh), as far as it is known; basic. `NGAY_SINH`.
    pub date_of_birth: Option<PartialDate>,
    /// Year of birth, kept beside the date for filters and statistics; written by the service.
    pub birth_year: Option<i32>,
    /// Gender (Giới tính); basic. `MA_GIOI_TINH`.
    pub gender: Option<Gender>,
    /// Personal number (Số định danh cá nhân), 12 digits; restricted. `MA_CONG_DAN_ID`.
    #[sea_orm(ignore)]
    pub personal_number: Option<String>,
    /// By which the number is found: a keyed hash; written by the service.
    pub personal_number_print: Option<String>,
    /// The number with all but its last four digits hidden; written by the service.
    pub personal_number_masked: Option<String>,
    /// Kind of identity paper (Loại giấy tờ), domain `id_document_kind`; basic.
    pub id_document_kind: Option<String>,
    /// Number of a paper other than the personal number, at most 20 characters; restricted.
    #[sea_orm(ignore)]
    pub id_document_number: Option<String>,
    /// Issued by (Nơi cấp), at most 150 characters; basic. `NOI_CAP`.
    pub id_issued_by: Option<String>,
    /// Issued on (Ngày cấp); basic. `NGAY_CAP`.
    pub id_issued_on: Option<NaiveDate>,
    /// Nationality (Quốc tịch), ISO 3166-1 alpha-2 as QCVN 109:2017 annex H has it; basic. `QUOC_TICH_ID`.
    pub nationality: Option<String>,
    /// Ethnic group (Dân tộc); sensitive. `MA_DAN_TOC`.
    #[sea_orm(ignore)]
    pub ethnic_group: Option<String>,
    /// Ethnic group as the birth certificate has it, at most 50 characters; sensitive. `DAN_TOC_THEO_GIAY_KHAI_SINH`.
    #[sea_orm(ignore)]
    pub ethnicity_on_birth_certificate: Option<String>,
    /// Residence (Nơi cư trú); basic. `TINH_THANH_ID`, `QUAN_HUYEN_ID`, `XA_PHUONG_ID`.
    pub residence: Option<Place>,
    /// House number and street (Địa chỉ), at most 200 characters; basic.
    pub address_line: Option<String>,
    /// Place of birth as a unit (Nơi đăng ký khai sinh); basic.
    pub birth_place: Option<Place>,
    /// Place of birth as text (Nơi sinh), at most 250 characters; basic. `NOI_SINH`.
    pub place_of_birth: Option<String>,
    /// Area kind (Khu vực), list `DM_KHU_VUC`; basic. `MA_KHU_VUC`.
    pub area: Option<String>,
    /// Lives in a difficult area (Vùng khó khăn); basic. `IS_VUNG_KK`.
    pub in_difficult_area: Option<bool>,
    /// Telephone (Điện thoại liên hệ), at most 20 characters; basic. `DIEN_THOAI_LIEN_HE`.
    pub contact_phone: Option<String>,
    /// E-mail, at most 50 characters; basic.
    pub contact_email: Option<String>,

    /// Category of learner (Đối tượng học viên, TT 10/2021/TT-BGDĐT); sensitive, since it can name
    /// a disability. The values of the circular are unverified.
    #[sea_orm(ignore)]
    pub learner_category: Option<String>,
    /// Grade as last reported (Khối), list `DM_KHOI`; enrolments tell it in time. `MA_KHOI`.
    pub grade: Option<String>,
    /// Official code of the class as last reported (Mã lớp), at most 20 characters. `MA_LOP`.
    pub class_code: Option<String>,
    /// Order in the class list (Số thứ tự). `THU_TU`.
    pub sort_order: Option<i32>,
    /// Form of study (Hình thức học tập); basic. `MA_HINH_THUC_HOC_TAP`.
    pub study_form: Option<String>,
    /// Sessions per week (Số buổi học trên tuần), list `DM_SO_BUOI_HOC_TREN_TUAN`; basic. `MA_SO_BUOI_HOC_TREN_TUAN`.
    pub sessions_per_week: Option<String>,
    /// Reason for dropping out as last reported (Lý do thôi học), list `DM_LY_DO_THOI_HOC`; basic. `MA_LY_DO_THOI_HOC`.
    pub dropout_reason: Option<String>,
    /// Repeats last year's grade (Lưu ban năm trước); basic. `IS_LUU_BAN_NAM_TRUOC`.
    pub repeated_last_year: Option<bool>,
    /// Follows the Ministry's life-skill programme; basic. `IS_HOC_CTGD_CUA_BO`.
    pub follows_ministry_life_skill_programme: Option<bool>,
    /// Level of literacy (Mức độ biết chữ, NĐ 20/2014/NĐ-CP art. 19); basic.
    pub literacy_level: Option<LiteracyLevel>,
    /// Member of the Pioneers (Đội viên); basic. `IS_DOI_VIEN`.
    pub pioneer_member: Option<bool>,
    /// Member of the Youth Union (Đoàn viên); basic. `IS_DOAN_VIEN`.
    pub youth_union_member: Option<bool>,
    /// Has rewards (Có cập nhật khen thưởng); basic. `CAP_NHAT_KHEN_THUONG`.
    pub has_reward: Option<bool>,
    /// Rewards (Khen thưởng); basic. `NOI_DUNG_KHEN_THUONG`.
    pub rewards: List<Reward>,

    /// Height in cm (Chiều cao); sensitive. `CHIEU_CAO`.
    #[sea_orm(ignore)]
    pub height_cm: Option<Decimal2>,
    /// Weight in kg (Cân nặng); sensitive. `CAN_NANG`.
    #[sea_orm(ignore)]
    pub weight_kg: Option<Decimal2>,
    /// Body mass index in kg/m² (Chỉ số BMI); sensitive. `CHI_SO_BMI`.
    #[sea_orm(ignore)]
    pub bmi: Option<Decimal2>,
    /// Blood group (Nhóm máu), at most 10 characters; sensitive. `NHOM_MAU`.
    #[sea_orm(ignore)]
    pub blood_group: Option<String>,
    /// Eye disease (Các bệnh về mắt), at most 20 characters; sensitive. `BENH_VE_MAT`.
    #[sea_orm(ignore)]
    pub eye_disease: Option<String>,
    /// Congenital disease (Các bệnh bẩm sinh), at most 150 characters; sensitive. `BENH_BAM_SINH`.
    #[sea_orm(ignore)]
    pub congenital_disease: Option<String>,
    /// Disease of the spine (Các bệnh về cột sống), at most 150 characters; sensitive. `BENH_COT_SONG`.
    #[sea_orm(ignore)]
    pub spine_disease: Option<String>,
    /// Rickets (Bệnh còi xương), at most 150 characters; sensitive. `BENH_COI_XUONG`.
    #[sea_orm(ignore)]
    pub rickets: Option<String>,
    /// Can swim (Biết bơi); basic. The text declares it a string of 4. `BIET_BOI`.
    pub can_swim: Option<bool>,
    /// Kind of disability (Loại khuyết tật), list `DM_LOAI_KHUYET_TAT`; sensitive. `MA_LOAI_KHUYET_TAT`.
    #[sea_orm(ignore)]
    pub disability_kind: Option<String>,
    /// Not assessed because of a disability; sensitive. `IS_KHUYET_TAT_KHONG_DANH_GIA`.
    #[sea_orm(ignore)]
    pub disability_exempt_from_assessment: Option<bool>,

    /// Father (Tên cha), at most 50 characters; basic. `TEN_CHA`.
    pub father_name: Option<String>,
    /// Father's occupation, at most 150 characters; basic. `NGHE_NGHIEP_CHA`.
    pub father_occupation: Option<String>,
    /// Father's year of birth; basic. `NAM_SINH_CHA`.
    pub father_birth_year: Option<i32>,
    /// Father is of an ethnic minority; sensitive. `IS_CHA_DT`.
    #[sea_orm(ignore)]
    pub father_is_ethnic_minority: Option<bool>,
    /// Mother (Tên mẹ), at most 50 characters; basic. `TEN_ME`.
    pub mother_name: Option<String>,
    /// Mother's occupation, at most 150 characters; basic. `NGHE_NGHIEP_ME`.
    pub mother_occupation: Option<String>,
    /// Mother's year of birth; basic. `NAM_SINH_ME`.
    pub mother_birth_year: Option<i32>,
    /// Mother is of an ethnic minority; sensitive. `IS_ME_DT`.
    #[sea_orm(ignore)]
    pub mother_is_ethnic_minority: Option<bool>,
    /// Guardian (Người đỡ đầu), at most 50 characters; basic. `TEN_NGUOI_DD`.
    pub guardian_name: Option<String>,
    /// Guardian's occupation, at most 150 characters; basic. `NGHE_NGHIEP_NGUOI_DD`.
    pub guardian_occupation: Option<String>,
    /// Guardian's year of birth; basic. `NAM_SINH_NGUOI_DO_DAU`.
    pub guardian_birth_year: Option<i32>,
    /// Who acts for a child in matters of its data (Người đại diện theo pháp luật, Luật 91/2025/QH15 art. 24),
    /// at most 50 characters; basic.
    pub representative_name: Option<String>,
    /// Representative's telephone, at most 20 characters; basic.
    pub representative_phone: Option<String>,
    /// Representative's relation to the learner, at most 50 characters; basic.
    pub representative_relation: Option<String>,

    /// Policy groups (Diện chính sách), list `DM_DIEN_CHINH_SACH`, the one to report first; restricted. `MA_DIEN_CHINH_SACH`.
    #[sea_orm(ignore)]
    pub policy_groups: List<String>,
    /// Priority groups (Đối tượng ưu tiên); restricted.
    #[sea_orm(ignore)]
    pub priority_groups: List<String>,
    /// Exempt from tuition (Miễn học phí); restricted. `IS_MIEN_HOC_PHI`.
    #[sea_orm(ignore)]
    pub tuition_exempt: Option<bool>,
    /// Reduced tuition (Giảm học phí); restricted. `IS_GIAM_HOC_PHI`.
    #[sea_orm(ignore)]
    pub tuition_reduced: Option<bool>,
    /// Support for study costs (Hỗ trợ chi phí học tập); restricted. `IS_HO_TRO_CHI_PHI_HOC_TAP`.
    #[sea_orm(ignore)]
    pub study_cost_support: Option<bool>,
    /// Support for housing (Hỗ trợ nhà ở); restricted. `IS_HO_TRO_NHA_O`.
    #[sea_orm(ignore)]
    pub housing_support: Option<bool>,
    /// Monthly allowance (Cấp tiền hàng tháng); restricted. `IS_CAP_TIEN_HANG_THANG`.
    #[sea_orm(ignore)]
    pub receives_monthly_allowance: Option<bool>,
    /// Rice (Cấp gạo); restricted. `IS_CAP_GAO`.
    #[sea_orm(ignore)]
    pub receives_rice: Option<bool>,
    /// By which people of one name, born on one day, are found.
    pub person_print: Option<String>,
    /// The record that this one was merged into.
    pub merged_into: Option<Uuid>,
    /// What went over to it.
    pub merge: Option<Merge>,
    /// Under 16 on the day of reading; never stored.
    #[sea_orm(ignore)]
    pub is_child: Option<bool>,
    /// The fields above that have no column: sensitive and restricted ones, encrypted.
    pub envelope: Option<Envelope>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
