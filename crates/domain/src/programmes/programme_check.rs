//! The rules a programme must keep, by its kind, and what is missing before it is published.

use super::{
    curriculum::{
        Curriculum, CurriculumVersion, SubjectPresence, find_curriculum, find_subject, literacy_stages, require_subject,
    },
    kind::{self, ProgrammeKind, refuse_code},
    level::{self, ItStandard, find_level, it_standard},
    programme::Model,
};
use crate::Checks;

/// Refuses what the kind of a programme does not allow.
pub fn check_programme(programme: &mut Model, checks: &mut Checks) {
    checks.required("/centreId", programme.centre_id.as_ref());
    let Some(kind) = kind::require("/kind", &programme.kind, checks) else { return };
    grades(programme, kind, checks);
    language(programme, kind, checks);
    it_modules(programme, kind, checks);
    partner(programme, kind, checks);
    subject_list(programme, checks);
    curriculum(programme, kind, checks);
}

fn grades(p: &Model, kind: &ProgrammeKind, checks: &mut Checks) {
    for (i, grade) in p.grades.0.iter().enumerate() {
        let pointer = format!("/grades/{i}");
        if !kind.grades.contains(grade) {
            checks.refuse(
                &pointer,
                "grade_not_of_programme",
                "Khối không thuộc loại chương trình này.",
                "The grade does not belong to this kind of programme.",
            );
        } else if p.grades.0[..i].contains(grade) {
            duplicate(&pointer, checks);
        }
    }
}

fn duplicate(pointer: &str, checks: &mut Checks) {
    checks.refuse(pointer, "duplicate", "Giá trị bị lặp.", "The value occurs twice.");
}

fn foreign_field(pointer: &str, checks: &mut Checks) {
    checks.refuse(
        pointer,
        "not_of_this_kind",
        "Trường này không áp dụng cho loại chương trình đã chọn.",
        "This field does not apply to the chosen kind of programme.",
    );
}

fn language(p: &Model, kind: &ProgrammeKind, checks: &mut Checks) {
    match &p.language {
        Some(_) if kind.languages.is_empty() => foreign_field("/language", checks),
        Some(code) if !kind.languages.contains(code) => {
            refuse_code("/language", code, kind.languages.iter().map(String::as_str), checks);
        }
        None if !kind.languages.is_empty() => checks.required("/language", p.language.as_ref()),
        _ => {}
    }
    match p.level {
        Some(_) if kind.levels.is_empty() => foreign_field("/level", checks),
        Some(_) => checks.range("/level", p.level, 1, 6),
        None => {}
    }
    english_hours(p, checks);
}

/// The hours of TT 28/2021 are suggested, so a departure is a warning.
fn english_hours(p: &Model, checks: &mut Checks) {
    if p.kind == "practical_english"
        && let (Some(hours), Some(level)) = (p.suggested_hours, p.level.and_then(find_level))
        && !(level.english_hours_min..=level.english_hours_max).contains(&hours)
    {
        let (min, max) = (level.english_hours_min, level.english_hours_max);
        checks.warn(
            "/suggestedHours",
            "unusual_hours",
            format!("TT 28/2021 gợi ý từ {min} đến {max} giờ cho bậc này."),
            format!("TT 28/2021 suggests {min} to {max} hours for this level."),
        );
    }
}

fn it_modules(p: &Model, kind: &ProgrammeKind, checks: &mut Checks) {
    let taught = &p.it_modules.0;
    for (i, code) in taught.iter().enumerate() {
        let pointer = format!("/itModules/{i}");
        if level::find_module(code).is_none() {
            refuse_code(&pointer, code, level::it_modules().iter().map(|m| m.code.as_str()), checks);
        } else if taught[..i].contains(code) {
            duplicate(&pointer, checks);
        }
    }
    let reached = it_standard(taught);
    match kind.code.as_str() {
        "it_basic" if reached.is_none() => checks.refuse(
            "/itModules",
            "modules_missing",
            "Chuẩn cơ bản gồm đủ 6 mô đun IU01 đến IU06.",
            "The basic standard consists of all six modules IU01 to IU06.",
        ),
        "it_advanced" if reached != Some(ItStandard::Advanced) => checks.refuse(
            "/itModules",
            "modules_missing",
            "Chuẩn nâng cao gồm 6 mô đun cơ bản và ít nhất 3 trong 9 mô đun IU07 đến IU15.",
            "The advanced standard consists of the six basic modules and at least three of the nine modules IU07 to IU15.",
        ),
        "it_basic" | "it_advanced" => {}
        _ if !taught.is_empty() => foreign_field("/itModules", checks),
        _ => {}
    }
}

fn partner(p: &Model, kind: &ProgrammeKind, checks: &mut Checks) {
    if kind.needs_partner && p.partner_organisation.is_none() {
        checks.refuse(
            "/partnerOrganisation",
            "partner_required",
            "Liên kết đào tạo phải có cơ sở đối tác cấp bằng.",
            "Joint training needs the partner institution that awards the diploma.",
        );
    }
}

fn subject_list(p: &Model, checks: &mut Checks) {
    for (i, row) in p.subjects.0.iter().enumerate() {
        let pointer = format!("/subjects/{i}/subject");
        if require_subject(&pointer, &row.subject, &[], checks)
            && p.subjects.0[..i].iter().any(|earlier| earlier.subject == row.subject)
        {
            duplicate(&pointer, checks);
        }
    }
    let stage = literacy_stages().iter().find(|s| s.programme_kind == p.kind);
    if let (Some(stage), false) = (stage, p.subjects.0.is_empty()) {
        let taught: Vec<&str> = p.subjects.0.iter().map(|s| s.subject.as_str()).collect();
        missing_subjects(stage.subjects.iter().map(|s| s.subject.as_str()), &taught, checks);
    }
}

fn missing_subjects<'a>(needed: impl Iterator<Item = &'a str>, taught: &[&str], checks: &mut Checks) {
    for code in needed.filter(|code| !taught.contains(code)) {
        let (vi, en) = find_subject(code).map_or((code, code), |s| (s.label_vi.as_str(), s.label_en.as_str()));
        checks.refuse(
            "/subjects",
            "subject_missing",
            format!("Thiếu môn học hoặc hoạt động bắt buộc: {vi}."),
            format!("A compulsory subject or activity is missing: {en}."),
        );
    }
}

fn curriculum(p: &Model, kind: &ProgrammeKind, checks: &mut Checks) {
    let has_one = find_curriculum(&kind.code, CurriculumVersion::Curriculum2018).is_some();
    match p.curriculum_version {
        Some(_) if !has_one => foreign_field("/curriculumVersion", checks),
        None if has_one => checks.required("/curriculumVersion", p.curriculum_version.as_ref()),
        Some(version) => {
            if let Some(c) = find_curriculum(&kind.code, version).filter(|c| c.subjects_known()) {
                curriculum_subjects(p, c, checks);
            }
        }
        None => {}
    }
}

/// A programme offers every compulsory subject and enough electives to choose from; which of
/// them a learner takes is the learner's choice (see [`super::choice`]).
fn curriculum_subjects(p: &Model, c: &Curriculum, checks: &mut Checks) {
    let taught: Vec<&str> = p.subjects.0.iter().map(|s| s.subject.as_str()).collect();
    let needed = c.compulsory.iter().chain(&c.compulsory_activities);
    missing_subjects(needed.map(String::as_str), &taught, checks);
    for (i, row) in p.subjects.0.iter().enumerate() {
        if c.presence(&row.subject) != Some(row.presence) && find_subject(&row.subject).is_some() {
            let place = c.presence(&row.subject).map(SubjectPresence::label);
            checks.refuse(
                &format!("/subjects/{i}/presence"),
                "subject_presence",
                place.as_ref().map_or("Môn học không có trong chương trình này.".into(), |l| {
                    format!("Trong chương trình này môn học là: {}.", l.vi)
                }),
                place.as_ref().map_or("The subject is not part of this curriculum.".into(), |l| {
                    format!("In this curriculum the subject is: {}.", l.en)
                }),
            );
        }
    }
    let electives = c.electives.iter().filter(|e| taught.contains(&e.as_str())).count();
    if i32::try_from(electives).is_ok_and(|n| n < c.electives_required) {
        let n = c.electives_required;
        checks.refuse(
            "/subjects",
            "electives_missing",
            format!("Phải tổ chức ít nhất {n} môn học lựa chọn."),
            format!("At least {n} elective subjects must be offered."),
        );
    }
    if let (Some(offered), Some(n)) = (p.topic_clusters, c.clusters_per_grade)
        && offered < n
    {
        checks.refuse(
            "/topicClusters",
            "clusters_missing",
            format!("Mỗi lớp phải có ít nhất {n} cụm chuyên đề."),
            format!("Each grade needs at least {n} clusters of topics."),
        );
    }
}

/// What a centre must still make public before a course opens: programme, materials, aims,
/// teachers, assessment, opening day and fee (TT 01/2023/TT-BGDĐT art. 12).
pub fn check_publication(programme: &Model, checks: &mut Checks) {
    let p = programme;
    checks.required("/aims", p.aims.as_ref());
    checks.required("/materials", p.materials.as_ref());
    checks.required("/teachers", p.teachers.as_ref());
    checks.required("/assessment", p.assessment.as_ref());
    checks.required("/startsOn", p.starts_on.as_ref());
    checks.required("/feeVnd", p.fee_vnd.as_ref());
    let text_issued = kind::find(&p.kind).is_some_and(|k| k.national);
    if !text_issued && p.subjects.0.is_empty() && p.it_modules.0.is_empty() {
        checks.required("/content", p.content.as_ref());
    }
}

#[cfg(test)]
#[path = "programme_check_tests.rs"]
mod tests;
