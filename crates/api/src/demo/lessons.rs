//! What each kind of centre teaches, to whom, and in classes of what size.

use super::people::Crowd;

/// One programme of a centre and its classes.
#[derive(Clone, Copy)]
pub struct Lesson {
    pub programme_kind: &'static str,
    pub name: &'static str,
    /// Grade code where the programme has grades.
    pub grade: Option<&'static str>,
    /// Language level where it has levels.
    pub level: Option<u32>,
    pub language: Option<&'static str>,
    /// Classes at full scale, at least and at most.
    pub classes: (u32, u32),
    /// Learners in a class.
    pub size: (u32, u32),
    pub crowd: Crowd,
    pub fee_vnd: i64,
}

const YOUNG: Crowd = Crowd { ages: (15, 19), women: 42, minority: 1 };
const ADULTS: Crowd = Crowd { ages: (19, 62), women: 58, minority: 1 };
const CHILDREN: Crowd = Crowd { ages: (7, 15), women: 51, minority: 1 };
const MIXED: Crowd = Crowd { ages: (8, 40), women: 55, minority: 1 };
const LITERACY: Crowd = Crowd { ages: (28, 59), women: 64, minority: 30 };

const fn lesson(
    programme_kind: &'static str,
    name: &'static str,
    classes: (u32, u32),
    size: (u32, u32),
    crowd: Crowd,
    fee_vnd: i64,
) -> Lesson {
    Lesson { programme_kind, name, grade: None, level: None, language: None, classes, size, crowd, fee_vnd }
}

const fn grade(
    name: &'static str,
    grade: &'static str,
    kind: &'static str,
    classes: (u32, u32),
    size: (u32, u32),
    crowd: Crowd,
) -> Lesson {
    Lesson { grade: Some(grade), ..lesson(kind, name, classes, size, crowd, 0) }
}

const fn english(name: &'static str, level: u32, classes: (u32, u32), crowd: Crowd) -> Lesson {
    Lesson {
        level: Some(level),
        language: Some("english"),
        ..lesson("practical_english", name, classes, (5, 25), crowd, 2_400_000)
    }
}

const UPPER: &str = "gdtx_upper_secondary";
const UPPER_CLASSES: (u32, u32) = (5, 8);
const UPPER_SIZE: (u32, u32) = (35, 45);

const SECONDARY: [Lesson; 5] = [
    grade("GDTX cấp THPT, lớp 10", "gdtx_grade_10", UPPER, UPPER_CLASSES, UPPER_SIZE, YOUNG),
    grade("GDTX cấp THPT, lớp 11", "gdtx_grade_11", UPPER, UPPER_CLASSES, UPPER_SIZE, YOUNG),
    grade("GDTX cấp THPT, lớp 12", "gdtx_grade_12", UPPER, UPPER_CLASSES, UPPER_SIZE, YOUNG),
    grade("GDTX cấp THCS, lớp 9", "gdtx_grade_9", "gdtx_lower_secondary", (0, 1), (12, 25), YOUNG),
    lesson("it_basic", "Ứng dụng công nghệ thông tin cơ bản", (1, 2), (15, 25), ADULTS, 1_200_000),
];
const COMMUNITY: [Lesson; 2] = [
    lesson("on_demand", "Chuyển giao kỹ thuật nông nghiệp", (1, 2), (20, 40), ADULTS, 0),
    grade("Xóa mù chữ giai đoạn 1", "gdtx_literacy", "literacy_stage_1", (0, 1), (12, 25), LITERACY),
];
const LANGUAGES: [Lesson; 3] = [
    english("Tiếng Anh thực hành bậc 1", 1, (2, 4), MIXED),
    english("Tiếng Anh thực hành bậc 2", 2, (2, 3), MIXED),
    english("Tiếng Anh thực hành bậc 3", 3, (1, 2), ADULTS),
];
const SKILLS: [Lesson; 1] = [lesson("life_skills", "Kỹ năng sống", (2, 4), (10, 25), CHILDREN, 900_000)];
const KNOWLEDGE: [Lesson; 1] =
    [lesson("on_demand", "Bồi dưỡng kiến thức, văn hóa", (2, 4), (8, 20), CHILDREN, 1_000_000)];

/// The programmes of a kind of centre.
pub fn of(kind: &str) -> &'static [Lesson] {
    match kind {
        "gdtx_centre" | "vocational_gdtx_centre" => &SECONDARY,
        "community_learning_centre" => &COMMUNITY,
        "language_it_centre" => &LANGUAGES,
        "life_skills_centre" | "extracurricular_centre" => &SKILLS,
        _ => &KNOWLEDGE,
    }
}

/// The seven subjects of an upper secondary learner, and three topic clusters.
pub const SUBJECTS: [&str; 7] =
    ["literature", "mathematics", "history", "geography", "physics", "chemistry", "informatics"];

/// What the secondary programmes of 2018 teach here (TT 12/2022, TT 36/2021): subject and presence.
pub fn taught(programme_kind: &str) -> &'static [(&'static str, &'static str)] {
    if programme_kind == UPPER {
        &[
            ("literature", "compulsory"),
            ("mathematics", "compulsory"),
            ("history", "compulsory"),
            ("geography", "elective"),
            ("physics", "elective"),
            ("chemistry", "elective"),
            ("informatics", "elective"),
            ("experience_career", "activity"),
        ]
    } else {
        &[
            ("literature", "compulsory"),
            ("mathematics", "compulsory"),
            ("civic_education", "compulsory"),
            ("history_geography", "compulsory"),
            ("natural_science", "compulsory"),
        ]
    }
}
