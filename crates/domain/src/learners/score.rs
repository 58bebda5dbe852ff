//! Means of scores, computed in whole tenths so that no rounding error creeps in.
//!
//! A score 7.6 is 76. Means are rounded half up to one decimal: usual practice, not written in the
//! circulars.

/// The highest score, 10.0.
pub const HIGHEST: i32 = 100;

/// Mean of a subject in a term of the literacy programme, from three tests during the term
/// (weight 1) and the test at its end (weight 2), all in tenths (TT 10/2022/TT-BGDĐT).
///
/// `None` when a score lies outside 0 to 10.
pub fn literacy_mean(in_term: [i32; 3], end: i32) -> Option<i32> {
    weighted(&in_term, &[(end, 2)])
}

/// Mean of a subject in a semester: regular scores (weight 1), mid-term (2) and final (3), all in
/// tenths (TT 43/2021/TT-BGDĐT art. 9).
///
/// `None` without any regular score, or when a score lies outside 0 to 10.
pub fn semester_mean(regular: &[i32], mid_term: i32, last: i32) -> Option<i32> {
    if regular.is_empty() {
        return None;
    }
    weighted(regular, &[(mid_term, 2), (last, 3)])
}

/// Mean of a year: the second semester counts twice; in tenths (TT 43/2021/TT-BGDĐT art. 9).
///
/// `None` when a mean lies outside 0 to 10.
pub fn year_mean(first_semester: i32, second_semester: i32) -> Option<i32> {
    weighted(&[first_semester], &[(second_semester, 2)])
}

fn weighted(once: &[i32], more: &[(i32, i64)]) -> Option<i32> {
    let all = || once.iter().map(|score| (*score, 1)).chain(more.iter().copied());
    if all().any(|(score, _)| !(0..=HIGHEST).contains(&score)) {
        return None;
    }
    let (sum, weights) = all().fold((0, 0), |(sum, weights), (score, w)| (sum + i64::from(score) * w, weights + w));
    i32::try_from((2 * sum + weights) / (2 * weights)).ok()
}

#[cfg(test)]
mod tests {
    use super::{literacy_mean, semester_mean, year_mean};

    #[test]
    fn a_semester_with_four_regular_scores_divides_by_nine() {
        // (7 + 8 + 6 + 9 + 2 * 7 + 3 * 8) / 9 = 68 / 9 = 7.55...
        assert_eq!(semester_mean(&[70, 80, 60, 90], 70, 80), Some(76));
        assert_eq!(semester_mean(&[], 70, 80), None);
        assert_eq!(semester_mean(&[101], 70, 80), None);
    }

    #[test]
    fn the_second_semester_counts_twice() {
        // (7.0 + 2 * 7.6) / 3 = 22.2 / 3
        assert_eq!(year_mean(70, 76), Some(74));
        assert_eq!(year_mean(-1, 76), None);
    }

    #[test]
    fn a_literacy_term_divides_by_five() {
        // (6 + 7 + 8 + 2 * 7) / 5 = 35 / 5
        assert_eq!(literacy_mean([60, 70, 80], 70), Some(70));
    }

    #[test]
    fn halves_are_rounded_up() {
        // (6.0 + 6.1 + 2 * 6.0 + 3 * 6.0) / 7 = 42.1 / 7 = 6.014...
        assert_eq!(semester_mean(&[60, 61], 60, 60), Some(60));
        // (6.5 + 2 * 6.0 + 3 * 6.0) / 6 = 36.5 / 6 = 6.083...
        assert_eq!(semester_mean(&[65], 60, 60), Some(61));
        // (6.3 + 2 * 6.0 + 3 * 6.0) / 6 = 36.3 / 6 = 6.05
        assert_eq!(semester_mean(&[63], 60, 60), Some(61));
        // (6.2 + 2 * 6.0 + 3 * 6.0) / 6 = 36.2 / 6 = 6.03...
        assert_eq!(semester_mean(&[62], 60, 60), Some(60));
    }
}
