//! SDMX-CSV 2.0: a line for each figure, with the codes that SDMX tools expect.

use gdtx_service::statistics::StatisticsAnswer;

use crate::exchange::sheet;

/// Who keeps the structures.
const AGENCY: &str = "GDTX";

/// The answer, line by line; every measure is a member of the dimension `MEASURE`. A line names all dimensions of the
/// data set, also those that the figures are not broken down by (`_T`, or the one member that was asked for), so that
/// no two questions give different figures one key.
pub fn lines(answer: &StatisticsAnswer) -> Vec<u8> {
    let broken_down = answer.dimensions.iter().map(|dimension| dimension.code);
    let dimensions = broken_down.chain(answer.slice.iter().map(|one| one.code)).map(|code| upper(code.code()));
    let head = ["STRUCTURE", "STRUCTURE_ID", "ACTION"].map(str::to_owned).into_iter();
    let tail = ["MEASURE", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS"].map(str::to_owned);
    let heading = head.chain(dimensions).chain(tail).collect();
    let flow = format!("{AGENCY}:{}(1.0)", upper(&answer.data_set));
    let others = || answer.slice.iter().map(|one| one.member.code.clone());
    let rows = answer.rows.iter().flat_map(|row| {
        answer.measures.iter().zip(&row.values).map(|(measure, value)| {
            let start = ["dataflow".to_owned(), flow.clone(), "I".to_owned()].into_iter();
            // A: as it is; E: estimated, since it is rounded. F: free to be published.
            let status = if row.status.is_some() { "E" } else { "A" };
            let end = [upper(&measure.code), value.to_string(), status.to_owned(), "F".to_owned()];
            start.chain(row.members.iter().cloned()).chain(others()).chain(end).collect()
        })
    });
    sheet::lines(std::iter::once(heading).chain(rows))
}

/// A name of ours as SDMX writes it.
fn upper(name: &str) -> String {
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
