//! Whether a place is urban or rural, as the kind of its commune tells.

use crate::{code_enum, territory::unit::UnitKind};

code_enum! {
    /// Urban or rural.
    Area {
        /// Wards, and townships of before 2025-07-01.
        Urban = "urban" ("Thành thị", "Urban"),
        Rural = "rural" ("Nông thôn", "Rural"),
        /// A kind of its own since 2025-07-01, neither urban nor rural by its name.
        SpecialZone = "special_zone" ("Đặc khu", "Special zone"),
    }
}

impl Area {
    /// Of a commune of this kind; none for what is larger.
    pub const fn of(kind: UnitKind) -> Option<Self> {
        match kind {
            UnitKind::Phuong | UnitKind::ThiTran => Some(Self::Urban),
            UnitKind::Xa => Some(Self::Rural),
            UnitKind::DacKhu => Some(Self::SpecialZone),
            UnitKind::CentrallyRunCity
            | UnitKind::Province
            | UnitKind::Quan
            | UnitKind::Huyen
            | UnitKind::ThiXa
            | UnitKind::ThanhPho => None,
        }
    }
}
