//! The rules of a class: its grade, its curriculum, its days and its timetable.

use chrono::{Datelike, NaiveDate};

use super::{
    class::{Model, Session},
    curriculum::{literacy_stages, require_subject, version_for},
    kind::{self, is_continuing_grade},
    programme,
};
use crate::Checks;

/// Refuses what the programme of a class does not allow.
pub fn check_class(class: &mut Model, programme: &programme::Model, checks: &mut Checks) {
    checks.required("/centreId", class.centre_id.as_ref());
    if programme.centre_id != class.centre_id {
        checks.refuse(
            "/programmeId",
            "programme_of_other_centre",
            "Chương trình thuộc trung tâm khác.",
            "The programme belongs to another centre.",
        );
    }
    checks.order("/closesOn", class.opens_on, class.closes_on);
    grade(class, programme, checks);
    assignments(class, programme, checks);
    timetable(class, checks);
}

fn grade(class: &Model, programme: &programme::Model, checks: &mut Checks) {
    let kind_grades = kind::find(&programme.kind).map_or(&[][..], |k| &k.grades);
    let Some(grade) = &class.grade else {
        if !kind_grades.is_empty() {
            checks.required("/grade", class.grade.as_ref());
        }
        return;
    };
    if !is_continuing_grade(grade) {
        checks.refuse(
            "/grade",
            "grade_of_other_level",
            "Mã khối không thuộc cấp giáo dục thường xuyên (nhóm 05).",
            "The grade is not one of the continuing level (05).",
        );
    } else if !kind_grades.contains(grade) || !(programme.grades.0.is_empty() || programme.grades.0.contains(grade)) {
        checks.refuse(
            "/grade",
            "grade_not_of_programme",
            "Khối không thuộc chương trình của lớp.",
            "The grade does not belong to the programme of the class.",
        );
    } else if let Some(version) = version_for(&programme.kind, grade, class.school_year)
        && programme.curriculum_version.is_some_and(|taught| taught != version)
    {
        let (label, year) = (version.label(), class.school_year);
        checks.refuse(
            "/schoolYear",
            "curriculum_not_in_use",
            format!("Năm học {year} khối này học {}.", label.vi),
            format!("In {year} this grade follows: {}.", label.en),
        );
    }
}

fn assignments(class: &Model, programme: &programme::Model, checks: &mut Checks) {
    let stage = literacy_stages().iter().find(|s| s.programme_kind == programme.kind);
    let offered: Vec<&str> = programme.subjects.0.iter().map(|s| s.subject.as_str()).collect();
    for (i, row) in class.subject_assignments.0.iter().enumerate() {
        let at = format!("/subjectAssignments/{i}");
        match stage {
            Some(s) if !s.terms.contains(&row.term) => checks.refuse(
                &format!("{at}/term"),
                "term_of_other_stage",
                "Kỳ học không thuộc giai đoạn này của chương trình xoá mù chữ.",
                "The term does not belong to this stage of the literacy programme.",
            ),
            None if matches!(row.term, 4 | 5) => checks.refuse(
                &format!("{at}/term"),
                "term_not_of_programme",
                "Chỉ chương trình xoá mù chữ có kỳ 4 và 5.",
                "Only the literacy programme has terms 4 and 5.",
            ),
            _ => {}
        }
        require_subject(&format!("{at}/subject"), &row.subject, &offered, checks);
        if class.subject_assignments.0[..i].contains(row) {
            checks.refuse(&at, "duplicate", "Phân công bị lặp.", "The assignment occurs twice.");
        }
    }
}

fn timetable(class: &Model, checks: &mut Checks) {
    for (i, session) in class.timetable.0.iter().enumerate() {
        let at = format!("/timetable/{i}");
        session_day(class, session, &at, checks);
        match session.times() {
            Some((starts, ends)) if ends <= starts => checks.refuse(
                &format!("{at}/ends"),
                "times_out_of_order",
                "Giờ kết thúc phải sau giờ bắt đầu.",
                "A session must end after it starts.",
            ),
            _ => {}
        }
        if let Some(other) = class.timetable.0[..i].iter().position(|earlier| overlap(earlier, session)) {
            checks.warn(
                &at,
                "sessions_overlap",
                format!("Trùng giờ với buổi học thứ {}.", other + 1),
                format!("Overlaps session number {}.", other + 1),
            );
        }
    }
}

fn session_day(class: &Model, session: &Session, at: &str, checks: &mut Checks) {
    if session.weekday.is_some() == session.date.is_some() {
        checks.refuse(
            at,
            "weekday_or_date",
            "Mỗi buổi học có đúng một trong hai: thứ trong tuần hoặc ngày.",
            "A session has exactly one of weekday and date.",
        );
    }
    let outside = |day: NaiveDate| class.opens_on.is_some_and(|o| day < o) || class.closes_on.is_some_and(|c| day > c);
    if session.date.is_some_and(outside) {
        checks.refuse(
            &format!("{at}/date"),
            "date_outside_class",
            "Ngày học nằm ngoài thời gian của lớp.",
            "The date lies outside the days of the class.",
        );
    }
}

/// Whether two sessions share a moment: a dated session meets the weekly ones of its weekday.
fn overlap(a: &Session, b: &Session) -> bool {
    let weekday =
        |s: &Session| s.weekday.or_else(|| s.date.and_then(|d| i32::try_from(d.weekday().number_from_monday()).ok()));
    let same_day = match (a.date, b.date) {
        (Some(x), Some(y)) => x == y,
        _ => weekday(a).is_some() && weekday(a) == weekday(b),
    };
    match (a.times(), b.times()) {
        (Some((a_from, a_to)), Some((b_from, b_to))) => same_day && a_from < b_to && b_from < a_to,
        _ => false,
    }
}

#[cfg(test)]
#[path = "class_check_tests.rs"]
mod tests;
