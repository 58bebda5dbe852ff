//! What happens to learners between entering a class and leaving it.

use chrono::{Days, NaiveDate};
use gdtx_service::{Batch, Error, learners::result::LearningResults};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    World,
    dice::Dice,
    lessons::{Lesson, When},
    shape,
    shares::{NATIONAL_RESULTS_PERCENT, RETESTS_PERCENT},
};

/// One way through a class: how a learner comes in, and the steps that follow, each with its day
/// after the first.
#[derive(Clone, Copy)]
pub struct Path {
    entry: Option<&'static str>,
    steps: &'static [(&'static str, u64)],
}

const fn path(steps: &'static [(&'static str, u64)]) -> Path {
    Path { entry: None, steps }
}

/// Days of a school year and of a course.
const YEAR: u64 = 265;
const COURSE: u64 = 80;

/// The month since a school year began, in thousandths; everyone else just attends. Guess: rates
/// of leaving are not published for continuing education.
const THIS_YEAR: [(Path, u32); 5] = [
    (path(&[("start", 0), ("drop_out", 20)]), 25),
    (path(&[("start", 0), ("drop_out", 10), ("return", 24)]), 5),
    (path(&[("start", 0), ("transfer_out", 18)]), 12),
    (path(&[("start", 0), ("suspend", 12)]), 6),
    (path(&[("start", 0), ("suspend", 8), ("resume", 26)]), 3),
];
/// Beside these, in grades only.
const ENTRIES: [(Path, u32); 2] =
    [(Path { entry: Some("transfer_in"), steps: &[] }, 15), (Path { entry: Some("repeat"), steps: &[] }, 12)];
/// What is over, for those who did not come to its end.
const LEFT: Path = path(&[("start", 0), ("drop_out", 30)]);
/// A year of school that is over, and a course, for those who went on.
const PASSED_YEAR: Path = path(&[("start", 0), ("complete", YEAR)]);
const PASSED_COURSE: Path = path(&[("start", 0), ("complete", COURSE)]);
const ATTENDS: Path = path(&[]);
const STARTED: Path = path(&[("start", 0)]);

/// A level of learning with its scores in tenths.
type Level = (&'static str, (u32, u32));

/// Levels of those who completed, in thousandths; everyone else has passed. Guess.
const LEVELS: [(Level, u32); 2] = [(("good", (80, 95)), 150), (("fair", (65, 79)), 450)];
const PASSED: Level = ("pass", (50, 64));
const FAILED: Level = ("fail", (30, 49));

/// Reasons as centres name them, the commoner more often. Guess.
const REASONS: [&str; 10] = [
    "family_economic_hardship",
    "family_economic_hardship",
    "family_economic_hardship",
    "moved_to_vocational",
    "moved_to_vocational",
    "weak_academic",
    "weak_academic",
    "distance",
    "illness",
    "other",
];

/// Days from the first lesson to the last one.
pub fn length(lesson: &Lesson) -> u64 {
    if lesson.is_school() { YEAR } else { COURSE }
}

/// The way of those who went on to another class.
pub fn passed(lesson: &Lesson) -> Path {
    if lesson.is_school() { PASSED_YEAR } else { PASSED_COURSE }
}

/// A learner's way. `records_start`: the centre notes of everybody that studies began. `goes_on`: the learner sat in the
/// grade below a year ago.
pub fn choose(lesson: &Lesson, (records_start, goes_on): (bool, bool), dice: &mut Dice) -> Path {
    let rest = if records_start { STARTED } else { ATTENDS };
    match lesson.when {
        When::Past if dice.chance(90) => passed(lesson),
        When::Past => LEFT,
        When::Coming => ATTENDS,
        When::Now => {
            let entry = if lesson.is_school() && !goes_on { dice.by_thousandths(&ENTRIES) } else { None };
            entry.or_else(|| dice.by_thousandths(&THIS_YEAR)).unwrap_or(rest)
        }
    }
}

impl Path {
    /// Writes into a new enrolment how the learner comes in.
    pub fn enter(&self, enrolment: &mut Value) {
        if let Some(entry) = self.entry {
            enrolment["entry"] = json!(entry);
        }
        if self.entry == Some("transfer_in") {
            enrolment["origin"] = json!("Trường Trung học phổ thông (mẫu)");
            enrolment["period"] = json!("term_1");
        }
    }
}

impl World<'_> {
    /// Records the steps of a way.
    pub async fn walk(
        &mut self,
        batch: &Batch,
        enrolment: Uuid,
        path: Path,
        first: NaiveDate,
        lesson: &Lesson,
    ) -> Result<(), Error> {
        for (kind, days) in path.steps {
            let on = (first + Days::new(*days)).min(self.ctx.clock.today());
            let mut event = json!({ "kind": kind, "effectiveOn": on });
            event["period"] = json!(match lesson.when {
                When::Past if lesson.grade.is_none() => "summer",
                When::Past if *kind == "complete" => "term_2",
                _ => "term_1",
            });
            match *kind {
                "drop_out" => event["dropoutReason"] = json!(self.dice.pick(&REASONS)),
                "transfer_out" => {
                    let destination = self.dice.pick(&["same_province", "same_province", "other_province", "abroad"]);
                    event["destination"] = json!(destination);
                    event["destinationName"] = json!("Cơ sở khác (mẫu)");
                }
                _ => {}
            }
            let done = batch.create_enrolment_event(enrolment, shape(event)?).await?;
            self.noted(&done);
            self.summary.enrolment_events += 1;
            if *kind == "complete" && (!self.plan.national || self.dice.chance(NATIONAL_RESULTS_PERCENT)) {
                self.assess(batch, enrolment, lesson).await?;
            }
        }
        Ok(())
    }

    /// A result with a level of learning.
    fn of_level(&mut self, mut result: Value, (level, tenths): Level) -> Value {
        result["academicLevel"] = json!(level);
        result["overallScore"] = json!(f64::from(self.dice.between(tenths.0, tenths.1)) / 10.0);
        result
    }

    /// Records what somebody has reached who completed a class.
    async fn assess(&mut self, batch: &Batch, enrolment: Uuid, lesson: &Lesson) -> Result<(), Error> {
        let result = |term: &str| json!({ "enrolmentId": enrolment, "term": term });
        let of_literacy = |terms: &[&str], dice: &mut Dice| {
            let with = |term: &&str| {
                let mut result = result(term);
                result["literacyResult"] = json!(if dice.chance(30) { "completed_well" } else { "completed" });
                result
            };
            terms.iter().map(with).collect()
        };
        let results: Vec<Value> = match lesson.programme_kind {
            "literacy_stage_1" => {
                of_literacy(&["literacy_term_1", "literacy_term_2", "literacy_term_3"], &mut self.dice)
            }
            "literacy_stage_2" => of_literacy(&["literacy_term_4", "literacy_term_5"], &mut self.dice),
            _ => {
                let fails = lesson.is_school() && self.dice.chance(RETESTS_PERCENT);
                let level = if fails { FAILED } else { self.dice.by_thousandths(&LEVELS).unwrap_or(PASSED) };
                let mut year = self.of_level(result("year"), level);
                year["daysAbsent"] = json!(self.dice.between(0, 12));
                if lesson.is_school() {
                    year["conductLevel"] = json!(self.dice.pick(&["good", "good", "good", "fair", "pass"]));
                    year["promoted"] = json!(!fails);
                }
                let mut results = vec![year];
                if fails {
                    let mut retest = self.of_level(result("retest"), PASSED);
                    retest["promoted"] = json!(true);
                    results.push(retest);
                }
                results
            }
        };
        for result in results {
            let made = batch.create::<LearningResults>(shape(result)?).await?;
            self.noted(&made);
            self.summary.results += 1;
        }
        Ok(())
    }
}
