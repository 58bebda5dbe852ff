//! A centre: one record that holds every field of the three official record forms.
//!
//! QĐ 4998/QĐ-BGDĐT sections 5.1.1, 5.1.2 and 5.1.3 overlap in most fields; which of them a centre
//! reports follows from its kind (`CentreKind::record_form`).

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    digital_level::DigitalLevel,
    kind::{CentreKind, LanguageItSubKind, Ownership},
    life_cycle::{AuthorityKind, CentreStatus},
};
use crate::{Decimal2, List, PartialDate, exchange::external_id::ExternalId, territory::place::Place};

/// A licence from the time before 2024-11-20, when centres still needed one to operate.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject, ToSchema, FromJsonQueryResult,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(input_name = "OperatingLicenceInput")]
pub struct OperatingLicence {
    /// Number of the paper (Số giấy phép), at most 50 characters.
    pub number: String,
    /// Day of issue (Ngày cấp).
    pub date: NaiveDate,
}

crate::rules!(OperatingLicence { number: text(50) });

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "centre")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    /// The centre itself: its own id.
    pub centre_id: Option<Uuid>,
    pub search_text: String,
    pub external_ids: List<ExternalId>,

    /// Code granted by the State (Mã trung tâm), at most 20 characters. `TRUNG_TAM_ID`.
    pub official_id: Option<String>,
    /// Electronic organisation id (Mã định danh điện tử, QĐ 20/2020/QĐ-TTg), at most 35 characters.
    pub egov_id: Option<String>,
    /// Name (Tên trung tâm), at most 200 characters. `TEN`.
    pub name: String,
    /// Kind (Loại trung tâm). `MA_LOAI_TRUNG_TAM`.
    pub kind: CentreKind,
    /// What a language and IT centre teaches.
    pub sub_kind: Option<LanguageItSubKind>,
    /// Ownership (Loại hình). `MA_LOAI_HINH_TRUNG_TAM`.
    pub ownership: Ownership,
    /// Level group (Nhóm cấp học), list `DM_NHOM_CAP_HOC`. `MA_NHOM_CAP_HOC`.
    pub level_group: Option<String>,
    /// Province, legacy district and commune. `TINH_THANH_ID`, `QUAN_HUYEN_ID`, `XA_PHUONG_ID`.
    pub place: Place,
    /// Address (Địa chỉ), at most 200 characters. `DIA_CHI`.
    pub address_line: Option<String>,
    /// Name of the body that manages the centre (Cơ quan quản lý trực tiếp), at most 200 characters.
    pub managing_body: Option<String>,
    /// Kind of that body.
    pub authority_kind: Option<AuthorityKind>,
    /// Area kind (Khu vực), list `DM_KHU_VUC`. `MA_KHU_VUC`.
    pub area: Option<String>,
    /// Terrain (Vùng), list `DM_VUNG`. `MA_VUNG`.
    pub terrain: Option<String>,
    /// Difficult area (Vùng khó khăn), list `DM_VUNG_KHO_KHAN`. `MA_VUNG_KHO_KHAN`.
    pub difficult_area: Option<String>,
    /// All difficult areas (Danh sách vùng khó khăn), same list. `TRUONG_VUNG_KHO_KHANS`.
    pub difficult_areas: List<String>,
    /// Quality standard reached (Đạt chuẩn đánh giá CLGD). `MA_DAT_CHUAN_DANH_GIA_CLGD`.
    pub quality_standard: Option<String>,
    /// Telephone (Điện thoại), at most 20 characters. `DIEN_THOAI`.
    pub phone: Option<String>,
    /// E-mail, at most 50 characters. `EMAIL`.
    pub email: Option<String>,
    /// Fax, at most 20 characters. `FAX`.
    pub fax: Option<String>,
    /// Web site, at most 50 characters. `WEBSITE`.
    pub website: Option<String>,
    /// Director (Giám đốc), at most 50 characters; basic personal data. `GIAM_DOC`.
    pub director_name: Option<String>,
    /// Director's telephone, at most 20 characters; basic personal data. `DIEN_THOAI_GIAM_DOC`.
    pub director_phone: Option<String>,
    /// Director's e-mail, at most 50 characters; basic personal data. `EMAIL_GIAM_DOC`.
    pub director_email: Option<String>,
    /// Area of the premises in m² (Diện tích). `DIEN_TICH`.
    pub area_m2: Option<Decimal2>,
    /// Position on the map (Vị trí bản đồ), at most 50 characters. `VI_TRI_BAN_DO`.
    pub map_position: Option<String>,
    /// Founded on (Ngày thành lập). `NAM_THANH_LAP`.
    pub established_on: Option<PartialDate>,
    /// Operation renewed on (Ngày gia hạn hoạt động). `NAM_HOAT_DONG`.
    pub operation_renewed_on: Option<PartialDate>,
    /// Licence to operate, for centres from before NĐ 125/2024/NĐ-CP (Giấy phép hoạt động).
    pub operating_licence: Option<OperatingLicence>,
    /// Rank (Hạng trung tâm), at most 10 characters. `HANG_TRUNG_TAM`.
    pub centre_rank: Option<String>,
    /// Accreditation level (Kiểm định cấp độ). `KIEM_DINH_CAP_DO`.
    pub accreditation_level: Option<i32>,
    /// Level of digital transformation (QĐ 4725/QĐ-BGDĐT).
    pub digital_level: Option<DigitalLevel>,
    /// Uses computers to manage and teach. `IS_SU_DUNG_MAY_TINH_DAY_HOC`.
    pub uses_computers: Option<bool>,
    /// Has Internet. `IS_KHAI_THAC_INTERNET_DAY_HOC`.
    pub has_internet: Option<bool>,
    /// Has power from the grid. `IS_DIEN_LUOI`.
    pub has_grid_power: Option<bool>,
    /// Has clean water. `IS_NGUON_NUOC_SACH`.
    pub has_clean_water: Option<bool>,
    /// Has sanitation. `IS_CONG_TRINH_VE_SINH`.
    pub has_sanitation: Option<bool>,
    /// Accessible for disabled people. `IS_CO_HA_TANG_TLHT_PHU_HOP_HSKT`.
    pub accessible_for_disabled: Option<bool>,
    /// Has counselling. `IS_CONG_TAC_TU_VAN_HOC_DUONG`.
    pub has_counselling: Option<bool>,
    /// Teaches about gender, abuse and violence. `IS_GIOI_TINH_XAM_HAI_BAO_LUC`.
    pub has_gender_abuse_violence_education: Option<bool>,
    /// Has a Party cell. `IS_CO_CHI_BO_DANG`.
    pub has_party_cell: Option<bool>,
    /// Teaches life skills. `IS_KY_NANG_SONG_GDXH`.
    pub teaches_life_skills: Option<bool>,
    /// Teaches people to read and write. `IS_XOA_MU_CHU`.
    pub teaches_literacy: Option<bool>,
    /// Teaches foreign languages. `DAY_KY_NANG_NGOAI_NGU`.
    pub teaches_foreign_language: Option<bool>,
    /// Teaches the use of IT. `DAY_UNG_DUNG_CNTT`.
    pub teaches_it_application: Option<bool>,
    /// Has the minimum of teaching equipment. `THIET_BI_DAY_HOC_TOI_THIEU`.
    pub meets_minimum_equipment: Option<bool>,
    /// Is a GDTX centre. `IS_TT_GDTX_HUYEN`.
    pub is_gdtx_centre: Option<bool>,
    /// Is a GDNN-GDTX centre. `IS_TT_GDTX_HUONG_NGHIEP_NGHE`.
    pub is_vocational_gdtx_centre: Option<bool>,
    /// Has foreign capital. `IS_TT_NN_CO_VON_NUOC_NGOAI`.
    pub has_foreign_capital: Option<bool>,
    /// Is a head office. `IS_TRU_SO_CHINH`.
    pub is_head_office: Option<bool>,
    /// Is an operating location. `IS_DIA_DIEM_HOAT_DONG`.
    pub is_operating_location: Option<bool>,
    /// Has a teacher on secondment. `IS_GIAO_VIEN_BIET_PHAI`.
    pub has_seconded_teacher: Option<bool>,
    /// Has collaborators. `IS_CONG_TAC_VIEN`.
    pub has_collaborators: Option<bool>,
    /// Attendances in a year (Số lượt học viên); the text declares it Boolean, a slip. `IS_HOC_VIEN`.
    pub learner_turns_per_year: Option<i32>,
    /// Learners in a year (Số người học); the text declares it Boolean, a slip. `IS_NGUOI_HOC`.
    pub learners_per_year: Option<i32>,

    /// Where the centre stands in its life; written by events only.
    pub status: CentreStatus,
    /// Since when; written by events only.
    pub status_since: NaiveDate,
    /// The centres that came out of this one; written by events only.
    pub successor_ids: List<Uuid>,
    /// The centres that this one came out of; written by events only.
    pub predecessor_ids: List<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
