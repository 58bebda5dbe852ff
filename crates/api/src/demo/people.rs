//! Invented people: common names thrown together, no numbers, no addresses of houses.

use chrono::{Datelike, Days, NaiveDate};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    dice::Dice,
    lessons::{Lesson, When},
    shares::{DISABLED_PERCENT, POOR_PERCENT},
};

/// Marks every invented person in `externalIds`.
pub const MARK: &str = "invented";

/// Surnames, the commonest more often.
const FAMILY: [&str; 20] = [
    "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Trần", "Lê", "Lê", "Phạm", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng",
    "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Đoàn",
];
const MIDDLE: [[&str; 6]; 2] =
    [["Văn", "Đức", "Minh", "Quang", "Hữu", "Thành"], ["Thị", "Thị", "Thu", "Ngọc", "Thanh", "Khánh"]];
const GIVEN: [[&str; 14]; 2] = [
    ["Anh", "Bình", "Cường", "Dũng", "Đạt", "Hải", "Hùng", "Khoa", "Long", "Nam", "Phúc", "Sơn", "Tuấn", "Việt"],
    ["An", "Chi", "Dung", "Giang", "Hà", "Hạnh", "Hoa", "Hương", "Lan", "Linh", "Mai", "Nga", "Thảo", "Yến"],
];
/// The largest minorities of the north, the larger more often.
pub const MINORITIES: [&str; 6] = ["tay", "tay", "muong", "thai", "nung", "hmong"];

/// One invented person who learns.
pub fn person(dice: &mut Dice, centre_id: Uuid, commune: &str, number: usize, lesson: &Lesson, on: NaiveDate) -> Value {
    let crowd = lesson.crowd;
    let woman = dice.chance(crowd.women);
    let birth = birth_date(dice, crowd.ages, on);
    let age = on.years_since(birth).unwrap_or(0);
    let mut learner = json!({
        "centreId": centre_id,
        "externalIds": [{ "system": MARK, "value": format!("{centre_id}-{number}") }],
        "fullName": name(dice, woman),
        "dateOfBirth": birth_value(dice, birth, age, on),
        "gender": if woman { "female" } else { "male" },
        "nationality": "VN",
        "ethnicGroup": if dice.chance(crowd.minority) { dice.pick(&MINORITIES) } else { "kinh" },
        "residence": { "code": commune },
        "grade": lesson.grade,
    });
    // The course may begin later, and a date of birth may say the year only.
    if age < 17 {
        guardian(dice, birth.year(), &mut learner);
    }
    match lesson.programme_kind {
        // What these have reached stands in their results.
        "literacy_stage_1" if lesson.when == When::Past => {}
        "literacy_stage_1" => learner["literacyLevel"] = json!("none"),
        // Where nobody wrote down stage 1, the answer to the enrolment warns.
        "literacy_stage_2" if dice.chance(90) => learner["literacyLevel"] = json!("level_1"),
        _ => {}
    }
    if dice.chance(DISABLED_PERCENT) {
        learner["disabilityKind"] = json!(dice.pick(&["motor", "vision", "hearing_speech"]));
    }
    if dice.chance(POOR_PERCENT) {
        learner["policyGroups"] = json!([dice.pick(&["poor_household", "near_poor_household"])]);
        learner["tuitionReduced"] = json!(true);
    }
    learner
}

/// Who answers for a child: mostly a parent, sometimes somebody else.
fn guardian(dice: &mut Dice, born: i32, learner: &mut Value) {
    let year = born - 22 - i32::try_from(dice.between(0, 15)).unwrap_or(5);
    let answers =
        dice.pick(&["mother", "mother", "mother", "mother", "father", "father", "guardian", "representative"]);
    let woman = match answers {
        "mother" => true,
        "father" => false,
        _ => dice.chance(50),
    };
    let name = name(dice, woman);
    if answers == "representative" {
        learner["representativeName"] = json!(name);
        learner["representativeRelation"] = json!(if woman { "cô" } else { "chú" });
    } else {
        learner[format!("{answers}Name")] = json!(name);
        learner[format!("{answers}BirthYear")] = json!(year);
    }
}

/// Whether an invented name is that of a woman.
pub fn is_woman(name: &str) -> bool {
    name.split(' ').nth(1).is_some_and(|middle| MIDDLE[1].contains(&middle))
}

/// The name of a grown-up.
pub fn adult_name(dice: &mut Dice) -> String {
    let woman = dice.chance(50);
    name(dice, woman)
}

pub fn name(dice: &mut Dice, woman: bool) -> String {
    let sex = usize::from(woman);
    format!("{} {} {}", dice.pick(&FAMILY), dice.pick(&MIDDLE[sex]), dice.pick(&GIVEN[sex]))
}

pub fn birth_date(dice: &mut Dice, ages: (u32, u32), on: NaiveDate) -> NaiveDate {
    let days = dice.between(ages.0 * 365 + ages.0 / 4 + 1, (ages.1 + 1) * 365 + ages.1 / 4 - 1);
    on.checked_sub_days(Days::new(days.into())).unwrap_or(on)
}

/// Papers of older people often give the year only. So do some of people of 16, and then it is
/// open whether they still are children: the answer warns.
fn birth_value(dice: &mut Dice, birth: NaiveDate, age: u32, on: NaiveDate) -> Value {
    let barely_grown = age >= 16 && birth.year() == on.year() - 16;
    if (age >= 50 && dice.chance(30)) || (barely_grown && dice.chance(5)) {
        json!({ "value": birth.format("%Y").to_string(), "precision": "year" })
    } else {
        json!({ "value": birth.format("%Y-%m-%d").to_string(), "precision": "day" })
    }
}
