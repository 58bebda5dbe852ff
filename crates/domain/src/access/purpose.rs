//! What personal data are read for (Luật 91/2025/QH15 art. 3): a closed list, since a purpose that
//! anybody may word cannot be checked against an agreement.
//!
//! No official list of purposes was found; this one is the service's own.

use crate::code_enum;

code_enum! {
    /// What personal data are read for.
    Purpose {
        /// Teaching, classes, the learner's file.
        SchoolAdministration = "school_administration" ("Quản lý dạy học và người học", "Administration of teaching and learners"),
        /// Reports and statistics that a law asks for.
        StatutoryReporting = "statutory_reporting" ("Báo cáo, thống kê theo quy định", "Statutory reports and statistics"),
        /// Appraising recognitions: literacy, universal education, learning citizens.
        RecognitionAppraisal = "recognition_appraisal" ("Thẩm định, công nhận", "Appraisal of recognitions"),
        /// Issuing and checking diplomas and certificates.
        Credentials = "credentials" ("Cấp và xác minh văn bằng, chứng chỉ", "Issue and check of credentials"),
        /// Tuition relief, allowances and support.
        SocialPolicy = "social_policy" ("Thực hiện chế độ, chính sách cho người học", "Support for learners"),
        /// Inspection and supervision by a competent body.
        Inspection = "inspection" ("Thanh tra, kiểm tra, giám sát", "Inspection and supervision"),
        /// Answering a request of the person or of its representative.
        DataSubjectRights = "data_subject_rights" ("Thực hiện quyền của chủ thể dữ liệu", "Rights of the data subject"),
    }
}

impl Purpose {
    /// Whether it is for the learner's own sake: for others a child's sensitive data stay hidden
    /// (Luật 91/2025/QH15 art. 24).
    pub const fn serves_the_learner(self) -> bool {
        match self {
            Self::SchoolAdministration | Self::SocialPolicy | Self::DataSubjectRights => true,
            Self::StatutoryReporting | Self::RecognitionAppraisal | Self::Credentials | Self::Inspection => false,
        }
    }
}
