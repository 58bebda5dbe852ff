//! Rooms of one kind in a centre: how many, how large, in what condition.
//!
//! QĐ 4998/QĐ-BGDĐT section 5.5, rooms; the owning unit (`DON_VI_ID`) is the centre.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{Checks, Decimal2, List, exchange::external_id::ExternalId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "room")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    /// The centre that the rooms belong to. `DON_VI_ID`.
    pub centre_id: Option<Uuid>,
    pub search_text: String,
    pub external_ids: List<ExternalId>,

    /// Name (Tên phòng), at most 50 characters. `TEN_PHONG`.
    pub room_name: String,
    /// Area of one room in m² (Diện tích). `DIEN_TICH`.
    pub area_m2: Option<Decimal2>,
    /// How many rooms (Số lượng). `SO_LUONG`.
    pub count: Option<i32>,
    /// Area of all of them in m² (Tổng diện tích). `TONG_DIEN_TICH`.
    pub total_area_m2: Option<Decimal2>,
    /// Condition (Tình trạng), list `DM_TINH_TRANG_SO_HUU`. `TINH_TRANG_ID`.
    pub condition: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Refuses negative areas and warns when the total is not the area of one room times their number.
pub fn check_sizes(area: Option<Decimal2>, count: Option<i32>, total: Option<Decimal2>, checks: &mut Checks) {
    for (pointer, size) in [("/areaM2", area), ("/totalAreaM2", total)] {
        if size.is_some_and(|s| s < Decimal2(0)) {
            checks.refuse(pointer, "negative", "Diện tích không được âm.", "An area cannot be negative.");
        }
    }
    if let (Some(area), Some(count), Some(total)) = (area, count, total)
        && area.0.saturating_mul(i64::from(count)) != total.0
    {
        checks.warn(
            "/totalAreaM2",
            "total_is_not_the_product",
            "Tổng diện tích khác diện tích một phòng nhân với số lượng.",
            "The total is not the area of one room times their number.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::check_sizes;
    use crate::{Checks, Decimal2};

    #[test]
    fn three_rooms_of_48_and_a_half_make_145_and_a_half() {
        let warned = |total| {
            let mut checks = Checks::default();
            check_sizes(Some(Decimal2(4_850)), Some(3), Some(Decimal2(total)), &mut checks);
            checks.warnings.len()
        };
        assert_eq!(warned(14_550), 0);
        assert_eq!(warned(14_500), 1);
    }
}
