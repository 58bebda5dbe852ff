//! The kinds of record that the journal and the change feed know.

use crate::code_enum;

code_enum! {
    /// A kind of record, named as in its path `/v1/<kind>`.
    ResourceKind {
        /// Centres.
        Centres = "centres" ("Cơ sở giáo dục thường xuyên", "Centres"),
        /// Events in the life of a centre.
        CentreEvents = "centre_events" ("Sự kiện của cơ sở", "Centre events"),
        /// Campuses and operating locations.
        Campuses = "campuses" ("Điểm trường, địa điểm hoạt động", "Campuses"),
        /// Pieces of land.
        Lands = "lands" ("Đất đai", "Land"),
        /// Rooms.
        Rooms = "rooms" ("Phòng", "Rooms"),
        /// Members of staff.
        StaffMembers = "staff_members" ("Cán bộ, giáo viên, nhân viên", "Staff"),
        /// Programmes that centres offer.
        Programmes = "programmes" ("Chương trình", "Programmes"),
        /// Classes.
        Classes = "classes" ("Lớp", "Classes"),
        /// Learners.
        Learners = "learners" ("Học viên", "Learners"),
        /// Enrolments of learners in classes.
        Enrolments = "enrolments" ("Ghi danh", "Enrolments"),
        /// Steps of enrolments.
        EnrolmentEvents = "enrolment_events" ("Sự kiện ghi danh", "Enrolment events"),
        /// Results of learners in their enrolments.
        Results = "results" ("Kết quả học tập", "Results"),
        /// Requests of data subjects.
        DataSubjectRequests = "data_subject_requests" ("Yêu cầu của chủ thể dữ liệu", "Requests of data subjects"),
        /// Recognitions and their dossiers.
        Recognitions = "recognitions" ("Công nhận", "Recognitions"),
        /// When records may be written for a school year.
        SyncWindows = "sync_windows" ("Kỳ đồng bộ", "Sync windows"),
        /// Releases of data sets of statistics.
        StatisticsReleases = "statistics_releases" ("Bản phát hành số liệu", "Releases of statistics"),
        /// Reports of places on the forms of the Ministry.
        Reports = "reports" ("Báo cáo", "Reports"),
        /// The reach of clients; each client sees its own.
        Access = "access" ("Phạm vi truy cập", "Access"),
    }
}

code_enum! {
    /// What happened to a record.
    Operation {
        /// The record came to be.
        Created = "created" ("Tạo mới", "Created"),
        /// The record changed.
        Updated = "updated" ("Cập nhật", "Updated"),
        /// The record was retired; its keys remain.
        Retired = "retired" ("Hủy", "Retired"),
        /// The record was merged into another one of the same person, and retired.
        Merged = "merged" ("Gộp hồ sơ", "Merged"),
        /// A merged record is one of its own again.
        Unmerged = "unmerged" ("Tách lại hồ sơ", "Unmerged"),
        /// Optional personal data were erased, in the past of the record too: drop what you hold of them.
        Erased = "erased" ("Xóa dữ liệu cá nhân", "Erased"),
        /// A centre moved to another place: `after` names the old keys too.
        Moved = "moved" ("Chuyển địa bàn", "Moved"),
        /// Records of this reach are now visible to the client: list them, then go on.
        AccessGained = "access_gained" ("Được cấp quyền", "Access gained"),
        /// Records of this reach are no longer visible to the client: drop them.
        AccessLost = "access_lost" ("Mất quyền", "Access lost"),
        /// A webhook of the client was stopped after long failure.
        WebhookDisabled = "webhook_disabled" ("Webhook đã bị ngắt", "Webhook disabled"),
        /// A report of the client's own place is due soon and not handed in.
        ReportDue = "report_due" ("Nhắc hạn báo cáo", "Report due"),
    }
}

impl Operation {
    /// What a client is told about itself, by entries of `access` alone.
    pub const OF_ONESELF: [Self; 4] = [Self::AccessGained, Self::AccessLost, Self::WebhookDisabled, Self::ReportDue];

    /// Whether it may happen to one of these kinds; none of them stands for all.
    pub fn may_happen_to(self, kinds: &[ResourceKind]) -> bool {
        kinds.is_empty()
            || kinds.iter().any(|kind| match self {
                // A centre that moves over the bounds of a reach is gained or lost.
                Self::AccessGained | Self::AccessLost => {
                    matches!(kind, ResourceKind::Access | ResourceKind::Centres)
                }
                Self::Moved => *kind == ResourceKind::Centres,
                Self::Merged | Self::Unmerged | Self::Erased => *kind == ResourceKind::Learners,
                _ => (*kind == ResourceKind::Access) == Self::OF_ONESELF.contains(&self),
            })
    }
}
