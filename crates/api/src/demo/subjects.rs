//! Subjects: what a programme offers, and what upper secondary learners choose from it.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{dice::Dice, lessons::Lesson};

/// A choice by the curriculum of 2018 (TT 12/2022/TT-BGDĐT): four electives beside the three
/// compulsory subjects, and three topic clusters. A class chooses together.
#[derive(Clone, Copy)]
pub struct Choice {
    electives: [&'static str; 4],
    clusters: [&'static str; 3],
}

/// Guess: most continuing-education classes choose social subjects. With thousandths.
const CHOICES: [(Choice, u32); 3] = [
    (
        Choice {
            electives: ["geography", "economics_law", "technology", "informatics"],
            clusters: ["literature", "history", "geography"],
        },
        600,
    ),
    (
        Choice {
            electives: ["physics", "chemistry", "biology", "informatics"],
            clusters: ["mathematics", "physics", "chemistry"],
        },
        250,
    ),
    (
        Choice {
            electives: ["geography", "economics_law", "physics", "informatics"],
            clusters: ["literature", "mathematics", "geography"],
        },
        150,
    ),
];
const COMPULSORY: [&str; 3] = ["literature", "mathematics", "history"];
const ELECTIVES: [&str; 7] =
    ["geography", "economics_law", "physics", "chemistry", "biology", "technology", "informatics"];
const ACTIVITIES: [&str; 2] = ["experience_career", "local_education"];
const LOWER: [&str; 5] = ["literature", "mathematics", "civic_education", "history_geography", "natural_science"];
const STAGE_1: [&str; 3] = ["vietnamese", "mathematics", "nature_society"];
const STAGE_2: [&str; 4] = ["vietnamese", "mathematics", "science", "history_geography"];

/// What a class of upper secondary education chooses; other classes have nothing to choose.
pub fn choice(lesson: &Lesson, dice: &mut Dice) -> Option<Choice> {
    (lesson.programme_kind == "gdtx_upper_secondary").then(|| dice.by_thousandths(&CHOICES)).flatten()
}

impl Choice {
    /// The seven subjects taken.
    pub fn subjects(&self) -> Vec<&'static str> {
        COMPULSORY.iter().chain(&self.electives).copied().collect()
    }

    pub fn clusters(&self) -> Value {
        self.clusters.iter().map(|subject| json!({ "subject": subject })).collect()
    }
}

/// What a programme offers: subject and presence.
pub fn offered(programme_kind: &str) -> Value {
    let lists: [(&[&str], &str); 3] = match programme_kind {
        "gdtx_upper_secondary" => [(&COMPULSORY, "compulsory"), (&ELECTIVES, "elective"), (&ACTIVITIES, "activity")],
        "gdtx_lower_secondary" => [(&LOWER, "compulsory"), (&[], ""), (&[], "")],
        "literacy_stage_1" => [(&STAGE_1, "compulsory"), (&[], ""), (&[], "")],
        "literacy_stage_2" => [(&STAGE_2, "compulsory"), (&[], ""), (&[], "")],
        _ => [(&[], ""), (&[], ""), (&[], "")],
    };
    let row = |subject: &str, presence: &str| json!({ "subject": subject, "presence": presence });
    lists.iter().flat_map(|(subjects, presence)| subjects.iter().map(move |s| row(s, presence))).collect()
}

/// Who teaches what in a class of a school grade, all year; other classes have one teacher.
pub fn assignments(lesson: &Lesson, choice: Option<Choice>, teachers: &[Uuid], dice: &mut Dice) -> Value {
    let subjects = match choice {
        Some(choice) => choice.subjects(),
        None if lesson.is_school() => LOWER.to_vec(),
        None => Vec::new(),
    };
    subjects
        .into_iter()
        .map(|subject| json!({ "subject": subject, "term": 3, "teacherId": dice.one_of(teachers) }))
        .collect()
}
