//! Expressions that stand for values of a variable: masks, and the first, the last and a range of them.

/// Why an expression stands for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It cannot be read.
    Expression,
    /// A value in it is none of the variable, or none fits the mask.
    Value,
}

/// Whether a text may be an expression.
pub fn is_one(text: &str) -> bool {
    text.contains(['*', '?', '('])
}

/// The places of the values that an expression stands for; none for a value that is not listed.
pub fn places(known: &[&str], is_time: bool, text: &str) -> Result<Option<Vec<usize>>, Wrong> {
    if let Some(place) = place(known, text) {
        return Ok(Some(vec![place]));
    }
    if let Some((name, arguments)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) {
        let arguments: Vec<&str> = arguments.split(',').map(str::trim).collect();
        return called(known, is_time, &name.to_ascii_uppercase(), &arguments).map(Some);
    }
    if !text.contains(['*', '?']) {
        return Ok(None);
    }
    let mask: Vec<char> = text.to_lowercase().chars().collect();
    let fitting: Vec<usize> = (0..known.len()).filter(|at| fits(&mask, known[*at])).collect();
    if fitting.is_empty() && text != "*" { Err(Wrong::Value) } else { Ok(Some(fitting)) }
}

fn place(known: &[&str], code: &str) -> Option<usize> {
    known.iter().position(|known| known.eq_ignore_ascii_case(code))
}

fn called(known: &[&str], is_time: bool, name: &str, arguments: &[&str]) -> Result<Vec<usize>, Wrong> {
    let at = |code: &str| place(known, code).ok_or(Wrong::Value);
    match (name, arguments) {
        ("TOP" | "BOTTOM", [count]) => end(known, is_time, name, (count, "0")),
        ("TOP" | "BOTTOM", [count, skipped]) => end(known, is_time, name, (count, skipped)),
        ("FROM", [from]) => Ok((at(from)?..known.len()).collect()),
        ("TO", [to]) => Ok((0..=at(to)?).collect()),
        ("RANGE", [from, to]) => {
            let (one, other) = (at(from)?, at(to)?);
            Ok((one.min(other)..=one.max(other)).collect())
        }
        _ => Err(Wrong::Expression),
    }
}

/// The first or the last of the values. The top of a time is its latest.
fn end(known: &[&str], is_time: bool, name: &str, (count, skipped): (&str, &str)) -> Result<Vec<usize>, Wrong> {
    let number = |text: &str| text.parse::<usize>().map_err(|_| Wrong::Expression);
    let (count, skipped) = (number(count)?, number(skipped)?);
    if count == 0 {
        return Err(Wrong::Expression);
    }
    let all = 0..known.len();
    Ok(if (name == "TOP") == is_time {
        let mut places: Vec<usize> = all.rev().skip(skipped).take(count).collect();
        places.reverse();
        places
    } else {
        all.skip(skipped).take(count).collect()
    })
}

/// Whether a code fits a mask: `*` is any text, `?` any letter. Only the last star is tried anew, so the work is at
/// most that of each letter with each other.
fn fits(mask: &[char], code: &str) -> bool {
    let code: Vec<char> = code.to_lowercase().chars().collect();
    let (mut at, mut on, mut star) = (0, 0, None);
    while on < code.len() {
        match mask.get(at) {
            Some('*') => {
                star = Some((at, on));
                at += 1;
            }
            Some(letter) if *letter == '?' || *letter == code[on] => {
                at += 1;
                on += 1;
            }
            _ => {
                let Some((of_star, from)) = star else { return false };
                star = Some((of_star, from + 1));
                (at, on) = (of_star + 1, from + 1);
            }
        }
    }
    mask[at..].iter().all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::{Wrong, places};

    const YEARS: [&str; 4] = ["2022", "2023", "2024", "2025"];

    #[test]
    fn expressions_stand_for_values_in_their_order() {
        for (text, is_time, wanted) in [
            ("2023", true, vec![1]),
            ("*", false, vec![0, 1, 2, 3]),
            ("TOP(1)", true, vec![3]),
            ("top(2,1)", true, vec![1, 2]),
            ("TOP(2)", false, vec![0, 1]),
            ("BOTTOM(2)", true, vec![0, 1]),
            ("BOTTOM(1,1)", false, vec![2]),
            ("TOP(9)", false, vec![0, 1, 2, 3]),
            ("FROM(2024)", true, vec![2, 3]),
            ("TO(2023)", true, vec![0, 1]),
            ("RANGE(2024,2023)", true, vec![1, 2]),
            ("202?", false, vec![0, 1, 2, 3]),
            ("*5", false, vec![3]),
            ("?0*4", false, vec![2]),
        ] {
            assert_eq!(places(&YEARS, is_time, text), Ok(Some(wanted)), "{text}");
        }
    }

    #[test]
    fn what_stands_for_nothing_is_told() {
        for text in ["TOP(0)", "TOP(x)", "TOP(1,2,3)", "TOP()", "FROM(2022,2023)", "SUM(1)", "(2022)"] {
            assert_eq!(places(&YEARS, true, text), Err(Wrong::Expression), "{text}");
        }
        for text in ["FROM(1999)", "RANGE(2022,1999)", "19*", "????*?"] {
            assert_eq!(places(&YEARS, true, text), Err(Wrong::Value), "{text}");
        }
        assert_eq!(places(&YEARS, true, "1999"), Ok(None));
        assert_eq!(places(&[], true, "*"), Ok(Some(vec![])));
    }

    #[test]
    fn codes_are_found_whatever_their_case() {
        assert_eq!(places(&["female", "male"], false, "MALE"), Ok(Some(vec![1])));
        assert_eq!(places(&["a"], false, &"*a".repeat(10_000)), Err(Wrong::Value));
    }
}
