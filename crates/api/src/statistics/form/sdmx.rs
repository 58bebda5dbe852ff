//! SDMX-CSV 2.0: a line for each figure, with the codes that SDMX tools expect.

use gdtx_domain::statistics::{data_set, dimension::Dimension};
use gdtx_service::statistics::{FigureStatus, Row, StatisticsAnswer};

use crate::exchange::sheet;

/// Who keeps the structures.
pub const AGENCY: &str = "GDTX";
/// Their version.
pub const VERSION: &str = "1.0";
/// The dimension of measures.
pub const MEASURE: &str = "MEASURE";
/// What stands behind the value of a line.
pub const ATTRIBUTES: [&str; 3] = ["OBS_STATUS", "CONF_STATUS", "COMMENT_OBS"];
/// The value of a line.
pub const VALUE: &str = "OBS_VALUE";

/// A code with its meanings.
pub type Code = (&'static str, &'static str, &'static str);
/// Status of an observation, in the codes of SDMX. What is rounded is estimated, too; `COMMENT_OBS` tells which.
pub const NORMAL: Code = ("A", "Giá trị bình thường", "Normal value");
pub const ESTIMATED: Code = ("E", "Giá trị ước tính", "Estimated value");
/// Confidentiality of an observation, in the codes of SDMX.
pub const FREE: Code = ("F", "Được công bố", "Free to be published");
pub const INTERNAL: Code = ("N", "Không công bố, chỉ dùng nội bộ", "Not for publication, for internal use only");

/// The answer, line by line; every measure is a member of the dimension `MEASURE`. A line names all dimensions of the
/// data set, also those that the figures are not broken down by: `_T`, the one member that was asked for, or `_X` where
/// there were several.
pub fn lines(answer: &StatisticsAnswer) -> Vec<u8> {
    let broken_down = answer.dimensions.iter().map(|dimension| dimension.code);
    let dimensions = broken_down.chain(answer.slice.iter().map(|one| one.code)).map(id);
    let head = ["STRUCTURE", "STRUCTURE_ID", "ACTION"].into_iter().map(str::to_owned);
    let tail = [MEASURE, VALUE].into_iter().chain(ATTRIBUTES).map(str::to_owned);
    let heading = head.chain(dimensions).chain(tail).collect();
    let flow = format!("{AGENCY}:{}({VERSION})", flow(answer));
    let others = || answer.slice.iter().map(|one| one.member.code.clone());
    let rows = answer.rows.iter().flat_map(|row| {
        answer.measures.iter().zip(&row.values).map(|(measure, value)| {
            let start = ["dataflow".to_owned(), flow.clone(), "I".to_owned()].into_iter();
            let status = if row.status.is_some() { ESTIMATED } else { NORMAL };
            let comment = row.status.map(FigureStatus::code).unwrap_or_default();
            let attributes = [status.0, confidentiality(answer, row).0, comment];
            let end = [upper(&measure.code), value.to_string()].into_iter().chain(attributes.map(str::to_owned));
            start.chain(row.members.iter().cloned()).chain(others()).chain(end).collect()
        })
    });
    sheet::lines(std::iter::once(heading).chain(rows))
}

/// Numbers of people as they are were shown for a duty.
fn confidentiality(answer: &StatisticsAnswer, row: &Row) -> Code {
    let is_personal = data_set::find(&answer.data_set).is_none_or(|set| set.personal);
    let is_rounded = match row.status {
        Some(FigureStatus::Rounded) => true,
        Some(FigureStatus::Estimated) => answer.status_of_zero.is_some(),
        Some(FigureStatus::Withheld) | None => false,
    };
    if is_personal && !is_rounded { INTERNAL } else { FREE }
}

/// The dataflow of an answer. Figures on the boundaries of before 2025-07-01, where codes mean other places, and those
/// that areas or districts are told of are other ones than those of the data set.
pub fn flow(answer: &StatisticsAnswer) -> String {
    let codes = answer.dimensions.iter().map(|one| one.code).chain(answer.slice.iter().map(|one| one.code));
    let mut following: Vec<String> =
        codes.filter(|code| place(answer, *code).is_none()).map(|code| format!("_BY_{}", id(code))).collect();
    following.sort_unstable();
    [upper(&answer.data_set), legacy(answer), following.concat()].concat()
}

/// What tells names apart that mean something else on the boundaries of before 2025-07-01.
pub fn legacy(answer: &StatisticsAnswer) -> String {
    let day = answer.coverage.as_ref().map(|coverage| coverage.boundaries.format("_ON_%Y_%m_%d").to_string());
    day.unwrap_or_default()
}

/// Where a dimension stands in the data set; nowhere where it only follows from the place.
pub fn place(answer: &StatisticsAnswer, dimension: Dimension) -> Option<usize> {
    data_set::find(&answer.data_set)?.place(dimension)
}

/// A dimension as SDMX writes it.
pub fn id(dimension: Dimension) -> String {
    upper(dimension.code())
}

/// A name of ours as SDMX writes it.
pub fn upper(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() {
            out.push('_');
        }
        out.extend(letter.to_uppercase());
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_written_as_sdmx_does() {
        assert_eq!(
            ["schoolYear", "gender", "enrolments_by_age"].map(super::upper),
            ["SCHOOL_YEAR", "GENDER", "ENROLMENTS_BY_AGE"]
        );
    }
}
