//! Who may do what: one exhaustive match from role and permission to reach.
//!
//! A new permission does not compile until each role has an answer, and the whole matrix is
//! printed into `schema/policy.txt` so that a change of policy shows in review.

use gdtx_domain::{DataClass, access::role::Role, code_enum};

code_enum! {
    /// One thing that a client may be allowed to do.
    Permission {
        /// Read centres, campuses, land, rooms and their events.
        CentreRead = "centre_read" ("Đọc hồ sơ cơ sở", "Read centres"),
        /// Register and change centres, campuses, land and rooms.
        CentreWrite = "centre_write" ("Ghi hồ sơ cơ sở", "Write centres"),
        /// Record decisions on the life of a centre.
        CentreDecide = "centre_decide" ("Ghi quyết định về cơ sở", "Record decisions on centres"),
        /// Read the staff of centres, personal fields masked.
        StaffRead = "staff_read" ("Đọc hồ sơ nhân sự", "Read staff"),
        /// Write the staff of centres.
        StaffWrite = "staff_write" ("Ghi hồ sơ nhân sự", "Write staff"),
        /// Read programmes and classes.
        ProgrammeRead = "programme_read" ("Đọc chương trình và lớp", "Read programmes and classes"),
        /// Write programmes and classes.
        ProgrammeWrite = "programme_write" ("Ghi chương trình và lớp", "Write programmes and classes"),
        /// Read learners, enrolments and results, personal fields masked.
        LearnerRead = "learner_read" ("Đọc học viên, ghi danh và kết quả", "Read learners, enrolments and results"),
        /// Write learners, enrolments and results.
        LearnerWrite = "learner_write" ("Ghi học viên, ghi danh và kết quả", "Write learners, enrolments and results"),
        /// See basic personal data; the agreement must allow it too.
        BasicDataRead = "basic_data_read" ("Xem dữ liệu cá nhân cơ bản", "See basic personal data"),
        /// See sensitive and restricted personal data; the agreement must allow it too.
        SensitiveDataRead = "sensitive_data_read" ("Xem dữ liệu cá nhân nhạy cảm", "See sensitive personal data"),
        /// Read recognitions and dossiers.
        RecognitionRead = "recognition_read" ("Đọc hồ sơ công nhận", "Read recognitions"),
        /// Write dossiers.
        RecognitionWrite = "recognition_write" ("Ghi hồ sơ công nhận", "Write recognitions"),
        /// Appraise and decide dossiers.
        RecognitionDecide = "recognition_decide" ("Thẩm định, quyết định công nhận", "Decide recognitions"),
        /// Follow the change feed.
        ChangesRead = "changes_read" ("Đọc luồng thay đổi", "Follow changes"),
        /// Send files of records; what each row may write follows from the other grants.
        ImportRun = "import_run" ("Nhập dữ liệu từ tệp", "Import files"),
        /// Have lists made into files beside requests; what each shows follows from the other grants.
        ExportRun = "export_run" ("Xuất dữ liệu ra tệp", "Export files"),
        /// Read when records may be written for a school year.
        WindowRead = "window_read" ("Xem kỳ đồng bộ", "Read sync windows"),
        /// Open, close and lock periods for a unit.
        WindowWrite = "window_write" ("Mở, đóng, khóa kỳ đồng bộ", "Open, close and lock sync windows"),
        /// Read clients.
        ClientRead = "client_read" ("Đọc danh sách ứng dụng", "Read clients"),
        /// Register, change, suspend and revoke clients.
        ClientWrite = "client_write" ("Quản lý ứng dụng", "Write clients"),
        /// Read who was shown which personal data.
        AccessLogRead = "access_log_read" ("Đọc nhật ký truy cập dữ liệu cá nhân", "Read the access log"),
        /// See counts of people as they are; to others they are rounded.
        StatisticsRead = "statistics_read" ("Xem số liệu thống kê đầy đủ", "See full tables of statistics"),
        /// Follow the releases of data sets in the feed; to read them takes no grant.
        ReleaseRead = "release_read" ("Theo dõi các bản phát hành số liệu", "Follow releases of statistics"),
        /// Release data sets of statistics.
        StatisticsRelease = "statistics_release" ("Phát hành số liệu thống kê", "Release statistics"),
        /// Read reports of places.
        ReportRead = "report_read" ("Đọc báo cáo", "Read reports"),
        /// Prepare and hand in the reports of one's own place.
        ReportWrite = "report_write" ("Lập, gửi báo cáo", "Write reports"),
        /// Return, accept and lock the reports of the level below.
        ReportReview = "report_review" ("Tiếp nhận, trả lại, khóa báo cáo", "Review reports"),
        /// Let a vendor's system act for a centre, and end it.
        VendorAssign = "vendor_assign" ("Giao cơ sở cho nhà cung cấp", "Assign vendors to centres"),
    }
}

code_enum! {
    /// How far a permission reaches.
    Extent {
        /// Not at all.
        Nowhere = "nowhere" ("không có", "nowhere"),
        /// Within the client's own reach.
        Reach = "reach" ("trong phạm vi", "within the reach"),
        /// The whole country.
        Everywhere = "everywhere" ("cả nước", "the whole country"),
    }
}

/// The policy. Keep it exhaustive: no wildcard arm.
#[expect(clippy::match_same_arms, reason = "a line for each group of permissions reads better than one long arm")]
pub const fn extent(role: Role, permission: Permission) -> Extent {
    use Extent::{Everywhere, Nowhere, Reach};
    use Permission as P;
    match role {
        Role::Ministry => match permission {
            P::CentreRead | P::CentreWrite | P::CentreDecide | P::ProgrammeRead | P::ProgrammeWrite => Everywhere,
            P::LearnerRead | P::StaffRead | P::BasicDataRead | P::SensitiveDataRead => Everywhere,
            P::RecognitionRead | P::RecognitionWrite | P::RecognitionDecide | P::ChangesRead => Everywhere,
            P::ImportRun | P::ExportRun | P::WindowRead | P::WindowWrite | P::StatisticsRead => Everywhere,
            P::ReleaseRead | P::StatisticsRelease => Everywhere,
            P::LearnerWrite | P::StaffWrite | P::AccessLogRead => Nowhere,
            P::ClientRead | P::ClientWrite | P::VendorAssign => Nowhere,
            P::ReportRead | P::ReportWrite | P::ReportReview => Everywhere,
        },
        Role::ProvinceDepartment => match permission {
            P::CentreRead | P::CentreWrite | P::CentreDecide | P::ProgrammeRead | P::ProgrammeWrite => Reach,
            P::LearnerRead | P::LearnerWrite | P::BasicDataRead | P::SensitiveDataRead => Reach,
            P::StaffRead | P::StaffWrite => Reach,
            P::RecognitionRead | P::RecognitionWrite | P::RecognitionDecide | P::ChangesRead => Reach,
            P::VendorAssign | P::ImportRun | P::ExportRun | P::WindowWrite | P::StatisticsRead => Reach,
            // Periods are announced to all who send.
            P::WindowRead | P::ReleaseRead => Everywhere,
            P::StatisticsRelease | P::AccessLogRead | P::ClientRead | P::ClientWrite => Nowhere,
            P::ReportRead | P::ReportWrite | P::ReportReview => Reach,
        },
        Role::CommuneOffice => match permission {
            P::CentreRead | P::CentreWrite | P::CentreDecide | P::ProgrammeRead | P::ProgrammeWrite => Reach,
            P::LearnerRead | P::LearnerWrite | P::BasicDataRead => Reach,
            P::StaffRead | P::StaffWrite => Reach,
            P::RecognitionRead | P::RecognitionWrite | P::RecognitionDecide | P::ChangesRead => Reach,
            P::VendorAssign | P::ImportRun | P::ExportRun | P::WindowWrite | P::StatisticsRead => Reach,
            // Periods are announced to all who send.
            P::WindowRead | P::ReleaseRead => Everywhere,
            P::SensitiveDataRead | P::AccessLogRead | P::ClientRead | P::ClientWrite => Nowhere,
            P::StatisticsRelease => Nowhere,
            P::ReportRead | P::ReportWrite => Reach,
            // Nobody reports to a commune.
            P::ReportReview => Nowhere,
        },
        Role::Centre => match permission {
            P::CentreRead | P::CentreWrite | P::ProgrammeRead | P::ProgrammeWrite => Reach,
            P::LearnerRead | P::LearnerWrite | P::BasicDataRead | P::SensitiveDataRead => Reach,
            P::StaffRead | P::StaffWrite => Reach,
            P::RecognitionRead | P::RecognitionWrite | P::ChangesRead | P::VendorAssign => Reach,
            P::ImportRun | P::ExportRun => Reach,
            P::WindowRead | P::ReleaseRead => Everywhere,
            // A centre answers to its learners for who saw their data.
            P::AccessLogRead => Reach,
            P::CentreDecide | P::RecognitionDecide | P::ClientRead | P::ClientWrite | P::WindowWrite => Nowhere,
            P::StatisticsRead | P::StatisticsRelease => Nowhere,
            P::ReportRead | P::ReportWrite | P::ReportReview => Nowhere,
        },
        Role::Vendor => match permission {
            P::CentreRead | P::CentreWrite | P::ProgrammeRead | P::ProgrammeWrite => Reach,
            P::LearnerRead | P::LearnerWrite | P::BasicDataRead | P::SensitiveDataRead => Reach,
            P::StaffRead | P::StaffWrite => Reach,
            P::RecognitionRead | P::RecognitionWrite | P::ChangesRead | P::ImportRun | P::ExportRun => Reach,
            P::WindowRead | P::ReleaseRead => Everywhere,
            // A vendor does not pass on what a centre gave it.
            P::CentreDecide | P::RecognitionDecide | P::ClientRead | P::ClientWrite | P::VendorAssign => Nowhere,
            P::AccessLogRead | P::WindowWrite | P::StatisticsRead | P::StatisticsRelease => Nowhere,
            P::ReportRead | P::ReportWrite | P::ReportReview => Nowhere,
        },
        Role::Portal => match permission {
            // What a portal shows is open to all: the directory of centres, territory, verification.
            P::CentreRead | P::CentreWrite | P::CentreDecide | P::ProgrammeRead | P::ProgrammeWrite => Nowhere,
            P::LearnerRead | P::LearnerWrite | P::BasicDataRead | P::SensitiveDataRead => Nowhere,
            P::StaffRead | P::StaffWrite => Nowhere,
            P::RecognitionRead | P::RecognitionWrite | P::RecognitionDecide | P::ChangesRead => Nowhere,
            P::ClientRead | P::ClientWrite | P::VendorAssign | P::AccessLogRead | P::ImportRun => Nowhere,
            P::ExportRun | P::WindowRead | P::WindowWrite | P::StatisticsRead => Nowhere,
            P::ReleaseRead | P::StatisticsRelease => Nowhere,
            P::ReportRead | P::ReportWrite | P::ReportReview => Nowhere,
        },
        Role::Auditor => match permission {
            P::ClientRead | P::AccessLogRead => Everywhere,
            P::CentreRead | P::CentreWrite | P::CentreDecide | P::ProgrammeRead | P::ProgrammeWrite => Nowhere,
            P::LearnerRead | P::LearnerWrite | P::BasicDataRead | P::SensitiveDataRead => Nowhere,
            P::StaffRead | P::StaffWrite => Nowhere,
            P::RecognitionRead | P::RecognitionWrite | P::RecognitionDecide | P::ChangesRead => Nowhere,
            P::ClientWrite | P::VendorAssign | P::ImportRun | P::ExportRun | P::WindowRead | P::WindowWrite => Nowhere,
            P::StatisticsRead | P::ReleaseRead | P::StatisticsRelease => Nowhere,
            P::ReportRead | P::ReportWrite | P::ReportReview => Nowhere,
        },
        Role::Administrator => match permission {
            P::ClientRead | P::ClientWrite | P::VendorAssign => Everywhere,
            P::AccessLogRead | P::ImportRun | P::ExportRun | P::WindowRead | P::WindowWrite => Nowhere,
            P::StatisticsRead | P::ReleaseRead | P::StatisticsRelease => Nowhere,
            P::CentreRead | P::CentreWrite | P::CentreDecide | P::ProgrammeRead | P::ProgrammeWrite => Nowhere,
            P::LearnerRead | P::LearnerWrite | P::BasicDataRead | P::SensitiveDataRead => Nowhere,
            P::StaffRead | P::StaffWrite => Nowhere,
            P::RecognitionRead | P::RecognitionWrite | P::RecognitionDecide | P::ChangesRead => Nowhere,
            P::ReportRead | P::ReportWrite | P::ReportReview => Nowhere,
        },
    }
}

/// Everything that a role may do somewhere, in the order of declaration: the scope of its tokens.
pub fn granted(role: Role) -> Vec<Permission> {
    Permission::ALL.iter().copied().filter(|p| extent(role, *p) != Extent::Nowhere).collect()
}

/// The permission that a class of personal data needs, if any.
pub const fn needed_for(class: DataClass) -> Option<Permission> {
    match class {
        DataClass::None => None,
        DataClass::Basic => Some(Permission::BasicDataRead),
        DataClass::Sensitive | DataClass::Restricted => Some(Permission::SensitiveDataRead),
    }
}

/// The whole matrix as text, one line a permission and one column a role.
pub fn print() -> String {
    use std::fmt::Write;
    let mut out = String::from("# Role × permission. R = within the client's reach, A = the whole country, - = no.\n");
    let _ = write!(out, "{:<22}", "permission");
    for role in Role::ALL {
        let _ = write!(out, " {:<20}", role.code());
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    for permission in Permission::ALL {
        let mut line = format!("{:<22}", permission.code());
        for role in Role::ALL {
            let mark = match extent(*role, *permission) {
                Extent::Nowhere => "-",
                Extent::Reach => "R",
                Extent::Everywhere => "A",
            };
            let _ = write!(line, " {mark:<20}");
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
