//! Personal-data classes of fields, so that masking follows from data and not from memory.

use crate::code_enum;

code_enum! {
    /// How the law protects a field (Luật 91/2025/QH15; NĐ 356/2025/NĐ-CP art. 3 and 4).
    DataClass {
        /// Not personal data.
        None = "none" ("Không phải dữ liệu cá nhân", "Not personal data"),
        /// Basic personal data: name, birth date, addresses, contacts (art. 3).
        Basic = "basic" ("Dữ liệu cá nhân cơ bản", "Basic personal data"),
        /// Sensitive personal data: ethnic origin, health, beliefs (art. 4).
        Sensitive = "sensitive" ("Dữ liệu cá nhân nhạy cảm", "Sensitive personal data"),
        /// Personal numbers and support status: treated like sensitive data by this service.
        Restricted = "restricted" ("Dữ liệu hạn chế", "Restricted personal data"),
    }
}

impl DataClass {
    /// Whether a field of this class lies encrypted in the database.
    pub const fn is_sealed(self) -> bool {
        matches!(self, Self::Sensitive | Self::Restricted)
    }

    /// Whether a field of this class is personal data.
    pub const fn is_personal(self) -> bool {
        !matches!(self, Self::None)
    }
}
