//! A site of a centre away from its main one, because learners are counted where they sit.
//!
//! QĐ 4998/QĐ-BGDĐT table TRMN.2.1 serves both the campuses of section 5.1.1 (`DIEM_TRUONGS`) and
//! the operating locations of section 5.1.2 (`DIA_DIEM_HOAT_DONG`).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{Decimal2, List, code_enum, exchange::external_id::ExternalId, territory::place::Place};

code_enum! {
    /// What a site is to its centre.
    CampusKind {
        /// Section 5.1.1, `DIEM_TRUONGS`.
        Campus = "campus" ("Điểm trường", "Campus"),
        /// Section 5.1.2, `DIA_DIEM_HOAT_DONG`.
        OperatingLocation = "operating_location" ("Địa điểm hoạt động", "Operating location"),
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campus")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    /// The centre that the site belongs to.
    pub centre_id: Option<Uuid>,
    pub search_text: String,
    pub external_ids: List<ExternalId>,

    /// Code granted by the State (Mã điểm trường), at most 15 characters.
    pub official_id: Option<String>,
    /// Name (Tên điểm trường), at most 200 characters.
    pub name: String,
    /// Campus or operating location.
    pub kind: CampusKind,
    /// Telephone (Điện thoại), at most 20 characters.
    pub phone: Option<String>,
    /// Address (Địa chỉ), at most 250 characters.
    pub address_line: Option<String>,
    /// Province and commune, where they differ from the centre's or are worth stating.
    pub place: Option<Place>,
    /// Distance to the main site in km (Khoảng cách đến điểm trường chính).
    pub distance_km: Option<Decimal2>,
    /// How one gets there (Phương tiện đi lại), at most 200 characters.
    pub transport: Option<String>,
    /// Area in m² (Diện tích).
    pub area_m2: Option<Decimal2>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
