//! What an erasure keeps of a learner's record, and under which article.
//!
//! Learning records are kept for good (NĐ 88/2026/NĐ-CP art. 8, read in a digest: unverified), so
//! what tells whose record it is and what was learnt stays; all else goes (Luật 91/2025/QH15 art. 14).

/// Names on the wire of the personal fields that stay: whose learning record it is.
pub const KEPT: &[&str] = &[
    "officialId",
    "lifelongRecordNo",
    "fullName",
    "dateOfBirth",
    "birthYear",
    "gender",
    "personalNumber",
    "personalNumberMasked",
    "literacyLevel",
    "studyForm",
];

/// Under which articles they stay.
pub const KEPT_UNDER: &str = "Nghị định 88/2026/NĐ-CP, Điều 8 (chưa kiểm chứng); Luật 91/2025/QH15, Điều 14: hồ sơ học tập được lưu giữ vĩnh viễn";
