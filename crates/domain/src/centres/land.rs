//! A piece of land that a centre uses, with who owns it and what stands on it.
//!
//! QĐ 4998/QĐ-BGDĐT section 5.5, land; the owning unit (`DON_VI_ID`) is the centre.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{Checks, Decimal2, List, exchange::external_id::ExternalId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "land")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    /// The centre that uses the land. `DON_VI_ID`.
    pub centre_id: Option<Uuid>,
    pub search_text: String,
    pub external_ids: List<ExternalId>,

    /// Institution (Tên cơ sở đào tạo), at most 255 characters. `TEN_CO_SO_DAO_TAO`.
    pub institution_name: Option<String>,
    /// Where it lies (Địa điểm), at most 500 characters. `DIA_DIEM`.
    pub location: String,
    /// Area of the land in m² (Diện tích đất). `DIEN_TICH_DAT`.
    pub land_area_m2: Option<Decimal2>,
    /// Area built over in m² (Diện tích xây dựng). `DIEN_TICH_XAY_DUNG`.
    pub built_area_m2: Option<Decimal2>,
    /// Form of ownership (Hình thức sở hữu), list `DM_HINH_THUC_SO_HUU`. `SO_HUU_ID`.
    pub ownership_form: Option<String>,
    /// Owner (Tên người sở hữu), at most 50 characters. `TEN_NGUOI_SO_HUU`.
    pub owner_name: Option<String>,
    /// Evidence of ownership (Minh chứng quyền sở hữu), at most 255 characters. `MINH_CHUNG_QUYEN_SO_HUU`.
    pub ownership_evidence: Option<String>,
    /// Use (Mục đích sử dụng đất), at most 255 characters. `MUC_DICH_SU_DUNG_DAT`.
    pub land_use: Option<String>,
    /// What stands on it (Công trình xây dựng), at most 100 characters. `CONG_TRINH_XAY_DUNG`.
    pub construction: Option<String>,
    /// First year of use (Năm bắt đầu sử dụng). `NAM_BAT_DAU_SU_DUNG`.
    pub use_start_year: Option<i32>,
    /// Length of use in years (Thời gian sử dụng). `THOI_GIAN_SU_DUNG`.
    pub use_years: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Refuses negative areas and warns when more is built over than there is land.
pub fn check_areas(land: Option<Decimal2>, built: Option<Decimal2>, checks: &mut Checks) {
    for (pointer, area) in [("/landAreaM2", land), ("/builtAreaM2", built)] {
        if area.is_some_and(|a| a < Decimal2(0)) {
            checks.refuse(pointer, "negative", "Diện tích không được âm.", "An area cannot be negative.");
        }
    }
    if let (Some(land), Some(built)) = (land, built)
        && built > land
    {
        checks.warn(
            "/builtAreaM2",
            "built_area_exceeds_land",
            "Diện tích xây dựng lớn hơn diện tích đất.",
            "More is built over than there is land.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::check_areas;
    use crate::{Checks, Decimal2};

    #[test]
    fn building_on_more_than_the_land_is_told() {
        let warned = |land, built| {
            let mut checks = Checks::default();
            check_areas(Some(Decimal2(land)), Some(Decimal2(built)), &mut checks);
            checks.warnings.len()
        };
        assert_eq!(warned(50_000, 50_000), 0);
        assert_eq!(warned(50_000, 50_001), 1);
    }
}
