//! Invented people: common names thrown together, no numbers, no addresses of houses.

use chrono::{Datelike, Days, NaiveDate};
use serde_json::{Value, json};
use uuid::Uuid;

use super::dice::Dice;

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

/// Who learns in a kind of class.
#[derive(Clone, Copy)]
pub struct Crowd {
    /// Youngest and oldest, in years.
    pub ages: (u32, u32),
    /// Of a hundred, how many are women.
    pub women: u32,
    /// Of a hundred, how many are of an ethnic minority.
    pub minority: u32,
}

/// One invented person.
pub fn person(dice: &mut Dice, centre_id: Uuid, commune: &str, number: usize, crowd: Crowd, on: NaiveDate) -> Value {
    let woman = dice.chance(crowd.women);
    let birth = birth_date(dice, crowd.ages, on);
    let name = name(dice, woman);
    let age = on.years_since(birth).unwrap_or(0);
    let mut learner = json!({
        "centreId": centre_id,
        "externalIds": [{ "system": MARK, "value": format!("{centre_id}-{number}") }],
        "fullName": name,
        "dateOfBirth": birth_value(dice, birth, age),
        "gender": if woman { "female" } else { "male" },
        "nationality": "VN",
        "ethnicGroup": if dice.chance(crowd.minority) { dice.pick(&["tay", "muong", "thai", "nung"]) } else { "kinh" },
        "residence": { "code": commune },
    });
    if age < 16 {
        learner["motherName"] = json!(self::name(dice, true));
        learner["motherBirthYear"] = json!(birth.year() - 27);
    }
    if dice.chance(2) {
        learner["disabilityKind"] = json!(dice.pick(&["motor", "vision", "hearing_speech"]));
    }
    learner
}

fn name(dice: &mut Dice, woman: bool) -> String {
    let sex = usize::from(woman);
    format!("{} {} {}", dice.pick(&FAMILY), dice.pick(&MIDDLE[sex]), dice.pick(&GIVEN[sex]))
}

fn birth_date(dice: &mut Dice, ages: (u32, u32), on: NaiveDate) -> NaiveDate {
    let days = dice.between(ages.0 * 365 + ages.0 / 4 + 1, (ages.1 + 1) * 365 + ages.1 / 4 - 1);
    on.checked_sub_days(Days::new(days.into())).unwrap_or(on)
}

/// Papers of older people often give the year only.
fn birth_value(dice: &mut Dice, birth: NaiveDate, age: u32) -> Value {
    if age >= 50 && dice.chance(30) {
        json!({ "value": birth.format("%Y").to_string(), "precision": "year" })
    } else {
        json!({ "value": birth.format("%Y-%m-%d").to_string(), "precision": "day" })
    }
}
