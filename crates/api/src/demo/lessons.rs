//! What each kind of centre teaches: when, to whom, in how many classes and of what size.

use super::shares::{
    ADULTS, CHILDREN, Crowd, LANGUAGE_CLASS, LITERACY, LITERACY_CLASS, LITERACY_PERCENT, MIXED, UPPER_CLASS, YOUNG,
};

/// When a lesson is taught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// In the school year of the plan.
    Now,
    /// Over by the end of the summer before: closed, its learners through with it.
    Past,
    /// Still planned; a few learners wait.
    Coming,
}

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
    /// Class hours, where the programme suggests some.
    pub hours: Option<u32>,
    pub when: When,
    /// Percent of centres that teach it.
    pub percent: u32,
    /// Classes at full scale, at least and at most.
    pub classes: (u32, u32),
    /// Learners in a class.
    pub size: (u32, u32),
    pub crowd: Crowd,
    pub fee_vnd: i64,
}

const fn lesson(kind: &'static str, name: &'static str, classes: (u32, u32), size: (u32, u32), crowd: Crowd) -> Lesson {
    Lesson {
        programme_kind: kind,
        name,
        grade: None,
        level: None,
        language: None,
        hours: None,
        when: When::Now,
        percent: 100,
        classes,
        size,
        crowd,
        fee_vnd: 0,
    }
}

impl Lesson {
    const fn grade(self, grade: &'static str) -> Self {
        Self { grade: Some(grade), ..self }
    }

    const fn fee(self, fee_vnd: i64) -> Self {
        Self { fee_vnd, ..self }
    }

    const fn when(self, when: When) -> Self {
        Self { when, ..self }
    }

    const fn in_percent(self, percent: u32) -> Self {
        Self { percent, ..self }
    }

    /// Whether it is a grade of lower or upper secondary education.
    pub fn is_school(&self) -> bool {
        self.programme_kind.starts_with("gdtx_")
    }
}

const fn upper(name: &'static str, grade: &'static str) -> Lesson {
    lesson("gdtx_upper_secondary", name, (5, 8), UPPER_CLASS, YOUNG).grade(grade)
}

const fn language(kind: &'static str, name: &'static str, language: &'static str, level: u32) -> Lesson {
    let of = lesson(kind, name, (1, 2), LANGUAGE_CLASS, MIXED).fee(2_400_000);
    Lesson { language: Some(language), level: Some(level), ..of }
}

/// Hours as TT 28/2021/TT-BGDĐT suggests them.
const fn english(name: &'static str, level: u32, hours: u32, classes: (u32, u32)) -> Lesson {
    Lesson { hours: Some(hours), classes, ..language("practical_english", name, "english", level) }
}

const fn literacy(kind: &'static str, name: &'static str, grade: &'static str) -> Lesson {
    lesson(kind, name, (1, 1), LITERACY_CLASS, LITERACY).grade(grade).in_percent(LITERACY_PERCENT)
}

const IT_BASIC: Lesson =
    lesson("it_basic", "Ứng dụng công nghệ thông tin cơ bản", (1, 2), (12, 25), ADULTS).fee(1_200_000);

const SECONDARY: [Lesson; 6] = [
    upper("GDTX cấp THPT, lớp 10", "gdtx_grade_10"),
    upper("GDTX cấp THPT, lớp 11", "gdtx_grade_11"),
    upper("GDTX cấp THPT, lớp 12", "gdtx_grade_12"),
    lesson("gdtx_lower_secondary", "GDTX cấp THCS, lớp 9", (0, 1), (12, 25), YOUNG).grade("gdtx_grade_9"),
    lesson("short_vocational", "Sửa chữa điện dân dụng", (0, 1), (15, 30), ADULTS).fee(1_500_000),
    IT_BASIC,
];
const COMMUNITY: [Lesson; 5] = [
    lesson("on_demand", "Chuyển giao kỹ thuật nông nghiệp", (1, 1), (20, 40), ADULTS),
    lesson("on_demand", "Chăm sóc sức khỏe cộng đồng", (0, 1), (20, 40), ADULTS).when(When::Past),
    literacy("literacy_stage_1", "Xóa mù chữ giai đoạn 1, khoá trước", "gdtx_literacy").when(When::Past),
    literacy("literacy_stage_1", "Xóa mù chữ giai đoạn 1", "gdtx_literacy"),
    literacy("literacy_stage_2", "Xóa mù chữ giai đoạn 2", "gdtx_post_literacy"),
];
const LANGUAGES: [Lesson; 8] = [
    english("Tiếng Anh thực hành bậc 1", 1, 130, (2, 3)),
    english("Tiếng Anh thực hành bậc 2", 2, 220, (1, 3)),
    english("Tiếng Anh thực hành bậc 3", 3, 320, (1, 2)),
    language("practical_japanese", "Tiếng Nhật thực hành bậc 1", "japanese", 1).in_percent(15),
    language("other_language", "Tiếng Hàn thực hành bậc 1", "korean", 1).in_percent(25),
    language("other_language", "Tiếng Trung thực hành bậc 2", "chinese", 2).in_percent(25),
    english("Tiếng Anh thực hành bậc 1, khóa hè", 1, 130, (1, 1)).when(When::Past).in_percent(40),
    english("Tiếng Anh thực hành bậc 4, khóa tới", 4, 380, (1, 1)).when(When::Coming).in_percent(20),
];
const IT: [Lesson; 3] = [
    Lesson { classes: (2, 3), ..IT_BASIC },
    lesson("it_advanced", "Ứng dụng công nghệ thông tin nâng cao", (0, 1), (10, 20), ADULTS).fee(1_800_000),
    Lesson {
        name: "Ứng dụng công nghệ thông tin cơ bản, khóa hè",
        classes: (1, 1),
        percent: 40,
        when: When::Past,
        ..IT_BASIC
    },
];
const SKILLS: [Lesson; 2] = [
    lesson("life_skills", "Kỹ năng sống", (2, 4), (10, 25), CHILDREN).fee(900_000),
    lesson("life_skills", "Kỹ năng sống, trại hè", (0, 1), (10, 25), CHILDREN).fee(600_000).when(When::Past),
];
const KNOWLEDGE: [Lesson; 1] =
    [lesson("on_demand", "Bồi dưỡng kiến thức, văn hóa", (2, 4), (8, 20), CHILDREN).fee(1_000_000)];

/// The programmes of a kind of centre.
pub fn of(kind: &str, sub_kind: &str) -> Vec<&'static Lesson> {
    let both: [&'static [Lesson]; 2] = match (kind, sub_kind) {
        ("gdtx_centre" | "vocational_gdtx_centre", _) => [&SECONDARY, &[]],
        ("community_learning_centre", _) => [&COMMUNITY, &[]],
        ("language_it_centre", "it") => [&IT, &[]],
        ("language_it_centre", "language_it") => [&LANGUAGES, &IT],
        ("language_it_centre", _) => [&LANGUAGES, &[]],
        ("life_skills_centre" | "extracurricular_centre", _) => [&SKILLS, &[]],
        _ => [&KNOWLEDGE, &[]],
    };
    both.into_iter().flatten().collect()
}

/// The grade that learners pass before another one.
pub fn grade_below(grade: &str) -> Option<&'static str> {
    match grade {
        "gdtx_grade_11" => Some("gdtx_grade_10"),
        "gdtx_grade_12" => Some("gdtx_grade_11"),
        "gdtx_post_literacy" => Some("gdtx_literacy"),
        _ => None,
    }
}
