//! The roles a client can have; policy branches on them, so they are a closed list.

use crate::code_enum;

code_enum! {
    /// What a client is to the service. One client has one role.
    Role {
        /// Ministry of Education and Training: the whole country.
        Ministry = "ministry" ("Bộ Giáo dục và Đào tạo", "Ministry"),
        /// Provincial department (Sở GDĐT): its province.
        ProvinceDepartment = "province_department" ("Sở Giáo dục và Đào tạo", "Province department"),
        /// Commune people's committee: its commune, with the community learning centre.
        CommuneOffice = "commune_office" ("Ủy ban nhân dân xã", "Commune office"),
        /// A centre's own system.
        Centre = "centre" ("Cơ sở giáo dục thường xuyên", "Centre"),
        /// A school-management vendor, acting for the centres or places that assigned it.
        Vendor = "vendor" ("Nhà cung cấp phần mềm", "Vendor"),
        /// A portal: aggregates and the public directory, no records of people.
        Portal = "portal" ("Cổng thông tin", "Portal"),
        /// Reads logs, no records.
        Auditor = "auditor" ("Kiểm toán dữ liệu", "Auditor"),
        /// Registers clients and configuration; sees no personal data.
        Administrator = "administrator" ("Quản trị hệ thống", "Administrator"),
    }
}

code_enum! {
    /// Whether a client may talk to the service now.
    ClientState {
        /// May ask for tokens and use them.
        Active = "active" ("Đang hoạt động", "Active"),
        /// Refused until resumed.
        Suspended = "suspended" ("Tạm ngừng", "Suspended"),
        /// Refused for good.
        Revoked = "revoked" ("Thu hồi", "Revoked"),
    }
}
