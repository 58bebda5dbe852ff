//! The 12-digit personal number: what is an error, what only deserves a warning, and how it is hidden.
//!
//! Luật Căn cước 2023 art. 12; NĐ 137/2015/NĐ-CP art. 13; TT 07/2016/TT-BCA art. 7: three digits for
//! the place of birth registration, one for century and sex, two for the year, six at random. There
//! is no check digit. No message ever repeats the number.

use std::{collections::HashSet, sync::LazyLock};

use super::learner::Gender;
use crate::{Checks, PartialDate};

const PROVINCES: &str = include_str!("../../codelists/admin_provinces_legacy.csv");

/// The 63 province codes of personal numbers. They follow the provinces of before 2025-07-01 for
/// ever; codes of countries exist besides and are not listed, hence a warning and no refusal.
static PLACES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(PROVINCES.as_bytes());
    let column = reader.headers().ok().and_then(|h| h.iter().position(|name| name == "citizen_id_code"));
    reader.records().flatten().filter_map(|row| column.and_then(|at| row.get(at).map(str::to_owned))).collect()
});

/// Checks a personal number, against gender and date of birth where they are known.
///
/// Refuses all but 12 digits; warns about an unknown place, and about a century, sex or year that
/// contradicts the record, since sex and date of birth may have been corrected by law.
pub fn check(pointer: &str, number: &str, gender: Gender, date_of_birth: Option<&PartialDate>, checks: &mut Checks) {
    let all_digits = number.bytes().all(|b| b.is_ascii_digit());
    if all_digits && number.len() == 9 {
        checks.refuse(
            pointer,
            "old_identity_card",
            "Đây là số chứng minh nhân dân 9 số; hãy khai là loại giấy tờ id_card_old, không khai là số định danh cá nhân.",
            "A 9-digit number is an old identity card; send it as document kind id_card_old, not as personal number.",
        );
        return;
    }
    if !check_form(pointer, number, checks) {
        return;
    }
    if !number.get(..3).is_some_and(|place| PLACES.contains(place)) {
        checks.warn(
            pointer,
            "unknown_birth_place_code",
            "Ba số đầu không phải mã tỉnh nơi đăng ký khai sinh; có thể là mã quốc gia.",
            "The first three digits are no province of birth registration; they may be a country.",
        );
    }
    check_against_record(pointer, number, gender, date_of_birth.and_then(PartialDate::year), checks);
}

/// Refuses all but 12 digits; tells whether the form is right.
pub fn check_form(pointer: &str, number: &str, checks: &mut Checks) -> bool {
    let right = number.len() == 12 && number.bytes().all(|b| b.is_ascii_digit());
    if !right {
        checks.refuse(
            pointer,
            "invalid_personal_number",
            "Số định danh cá nhân gồm đúng 12 chữ số.",
            "A personal number has exactly 12 digits.",
        );
    }
    right
}

fn check_against_record(pointer: &str, number: &str, gender: Gender, birth_year: Option<i32>, checks: &mut Checks) {
    let digits: Vec<i32> = number.bytes().map(|b| i32::from(b - b'0')).collect();
    let [_, _, _, century_and_sex, tens, ones, ..] = digits.as_slice() else { return };
    let sex = if century_and_sex % 2 == 0 { Gender::Male } else { Gender::Female };
    if gender != Gender::Unknown && gender != sex {
        checks.warn(
            pointer,
            "gender_differs",
            "Chữ số thứ tư không khớp với giới tính đã khai.",
            "The fourth digit contradicts the gender.",
        );
    }
    let Some(year) = birth_year else { return };
    if year / 100 != 19 + century_and_sex / 2 {
        checks.warn(
            pointer,
            "century_differs",
            "Chữ số thứ tư không khớp với thế kỷ của năm sinh.",
            "The fourth digit contradicts the century of birth.",
        );
    }
    if year % 100 != tens * 10 + ones {
        checks.warn(
            pointer,
            "birth_year_differs",
            "Chữ số thứ năm và thứ sáu không khớp với năm sinh.",
            "The fifth and sixth digits contradict the year of birth.",
        );
    }
}

/// Hides all but the last four characters: `********1234`. Four or fewer are hidden altogether.
pub fn mask(number: &str) -> String {
    let length = number.chars().count();
    let shown = if length > 4 { 4 } else { 0 };
    "*".repeat(length - shown).chars().chain(number.chars().skip(length - shown)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Gender, PLACES, check, mask};
    use crate::{Checks, DatePrecision, PartialDate};

    /// The codes of problems and warnings for a number of a person born in `year`.
    fn codes(number: &str, gender: Gender, year: Option<&str>) -> (Vec<&'static str>, Vec<&'static str>) {
        let birth = year.map(|y| PartialDate { value: y.to_owned(), precision: DatePrecision::Year });
        let mut checks = Checks::default();
        check("/personalNumber", number, gender, birth.as_ref(), &mut checks);
        assert!(checks.problems.iter().chain(&checks.warnings).all(|p| !p.detail.en.contains(number)));
        (checks.problems.iter().map(|p| p.code).collect(), checks.warnings.iter().map(|p| p.code).collect())
    }

    #[test]
    fn the_sixty_three_provinces_are_known() {
        assert_eq!(PLACES.len(), 63);
        assert!(PLACES.contains("001") && PLACES.contains("096") && !PLACES.contains("003"));
    }

    #[test]
    fn a_number_that_fits_the_record_passes_without_a_word() {
        assert_eq!(codes("031071001234", Gender::Male, Some("1971")), (vec![], vec![]));
        assert_eq!(codes("031171001234", Gender::Female, Some("1971")), (vec![], vec![]));
        assert_eq!(codes("001304005678", Gender::Female, Some("2004")), (vec![], vec![]));
        assert_eq!(codes("001204005678", Gender::Unknown, None), (vec![], vec![]));
    }

    #[test]
    fn only_twelve_digits_are_a_personal_number() {
        assert_eq!(codes("031071001", Gender::Male, None).0, ["old_identity_card"]);
        for wrong in ["03107100123", "0310710012345", "03107100123X", "", "031 71001234", "０３１０"] {
            let mut checks = Checks::default();
            check("/personalNumber", wrong, Gender::Male, None, &mut checks);
            assert_eq!(checks.problems.first().map(|p| p.code), Some("invalid_personal_number"), "{wrong}");
        }
    }

    #[test]
    fn what_contradicts_the_record_is_only_a_warning() {
        assert_eq!(codes("999071001234", Gender::Male, Some("1971")), (vec![], vec!["unknown_birth_place_code"]));
        assert_eq!(codes("031071001234", Gender::Female, Some("1971")), (vec![], vec!["gender_differs"]));
        assert_eq!(codes("031271001234", Gender::Male, Some("1971")), (vec![], vec!["century_differs"]));
        assert_eq!(codes("031071001234", Gender::Male, Some("1972")), (vec![], vec!["birth_year_differs"]));
    }

    #[test]
    fn the_mask_shows_four_digits() {
        assert_eq!(mask("031071001234"), "********1234");
        assert_eq!(mask("123456789"), "*****6789");
        assert_eq!(mask("1234"), "****");
        assert_eq!(mask(""), "");
    }
    proptest! {
        #[test]
        fn twelve_digits_are_taken_and_nothing_else(
            number in r"(?s).{0,14}|[0-9]{9}|[0-9]{11,13}|[0-9０-９٠-٩]{12}",
            gender in prop::sample::select(Gender::ALL),
            year in r"[0-9]{4}|.{0,5}",
        ) {
            let birth = PartialDate { value: year, precision: DatePrecision::Year };
            let mut checks = Checks::default();
            check("/personalNumber", &number, gender, Some(&birth), &mut checks);
            prop_assert_eq!(checks.is_ok(), number.len() == 12 && number.bytes().all(|b| b.is_ascii_digit()));
            for told in checks.problems.iter().chain(&checks.warnings) {
                prop_assert_eq!(&told.pointer, "/personalNumber");
                prop_assert!(told.detail.vi != told.detail.en);
                prop_assert!(number.chars().count() < 9 || !told.detail.vi.contains(&number), "the number is repeated");
            }
        }

        #[test]
        fn a_mask_keeps_the_length_and_shows_four_at_most(number in r"(?s).{0,20}") {
            let (masked, length) = (mask(&number), number.chars().count());
            prop_assert_eq!(masked.chars().count(), length);
            let hidden = if length > 4 { length - 4 } else { length };
            prop_assert!(masked.starts_with(&"*".repeat(hidden)), "{} of {}", masked, length);
        }
    }
}
