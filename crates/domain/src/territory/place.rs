//! Where something is: the code as it was sent, and today's unit it resolved to.
//!
//! A bare commune code is ambiguous in time (1,810 codes in force were once codes of another name), so what a
//! sender said and what it was taken to mean are both kept.

use async_graphql::{InputObject, SimpleObject};
use chrono::NaiveDate;
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    find::{check_code, find},
    resolution::{Candidate, Resolution, ResolutionOutcome, ResolveQuery},
    resolve::resolve,
    unit::UnitLevel,
};
use crate::Checks;

/// A place as a sender names it.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    SimpleObject,
    InputObject,
    ToSchema,
    FromJsonQueryResult,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(name = "SentPlace", input_name = "PlaceInput")]
pub struct PlaceInput {
    /// Code of the unit (Mã đơn vị hành chính) as valid on `asOf`: a commune's (5 digits), a legacy district's
    /// (3) or a province's (2).
    /// QĐ 4998: `XA_PHUONG_ID` / `TINH_THANH_ID`.
    #[schema(pattern = "^([0-9]{2}|[0-9]{3}|[0-9]{5})$")]
    pub code: String,
    /// The day on which `code` was valid; today when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// Legacy district code (Mã quận/huyện cũ, 3 digits), valid to 2025-06-30 only. QĐ 4998: `QUAN_HUYEN_ID`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[0-9]{3}$")]
    pub district_code: Option<String>,
}

/// A place as the service keeps it: today's unit, and what was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema, FromJsonQueryResult)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Today's province code. QĐ 4998: `TINH_THANH_ID`.
    pub province_code: String,
    /// Today's province name.
    pub province_name: String,
    /// Today's commune code, absent when only a province was sent. QĐ 4998: `XA_PHUONG_ID`.
    pub commune_code: Option<String>,
    /// Today's commune name.
    pub commune_name: Option<String>,
    /// The legacy district of the sent code, for places sent as of 2025-06-30 or before.
    /// QĐ 4998: `QUAN_HUYEN_ID`.
    pub district_code: Option<String>,
    /// The place as it was sent.
    pub sent: PlaceInput,
}

impl Place {
    /// The place that an input means today, or a refusal that names what it could mean.
    ///
    /// `pointer` points at the whole input. Refused are a day after `today` (`future_date`), a
    /// code that is unknown on its day (`unknown_place`) and one that went into several units of
    /// today (`ambiguous_place`), even if one of these took all the people: where a building
    /// stands is not where most people went.
    pub fn resolve(input: &PlaceInput, pointer: &str, today: NaiveDate, checks: &mut Checks) -> Option<Self> {
        if input.as_of.is_some_and(|on| on > today) {
            let pointer = format!("{pointer}/asOf");
            checks.refuse(&pointer, "future_date", "Ngày hiệu lực ở tương lai.", "The day lies in the future.");
            return None;
        }
        let query = ResolveQuery {
            code: Some(input.code.clone()),
            as_of: input.as_of,
            district_code: input.district_code.clone(),
            ..ResolveQuery::default()
        };
        let answer = resolve(&query, today);
        match (answer.outcome, answer.candidates.first()) {
            (ResolutionOutcome::Unique, Some(candidate)) => Self::of(candidate, &answer, input, today),
            (ResolutionOutcome::Ambiguous, _) => {
                refuse_ambiguous(&answer, input, pointer, checks);
                None
            }
            _ => {
                refuse_unknown(&answer, input, pointer, checks);
                None
            }
        }
    }

    fn of(candidate: &Candidate, answer: &Resolution, input: &PlaceInput, today: NaiveDate) -> Option<Self> {
        let unit = &candidate.unit;
        let province = find(&unit.province_code, Some(UnitLevel::Province), today)?;
        let commune = (unit.level == UnitLevel::Commune).then_some(unit);
        let district_code = answer.matched.first().and_then(|meant| match meant.level {
            UnitLevel::District => Some(meant.code.clone()),
            _ => meant.district_code.clone(),
        });
        Some(Self {
            province_code: province.code.clone(),
            province_name: province.name.clone(),
            commune_code: commune.map(|unit| unit.code.clone()),
            commune_name: commune.map(|unit| unit.name.clone()),
            district_code,
            sent: input.clone(),
        })
    }
}

fn refuse_ambiguous(answer: &Resolution, input: &PlaceInput, pointer: &str, checks: &mut Checks) {
    let mut named: Vec<String> =
        answer.candidates.iter().map(|c| format!("{} ({})", c.unit.code, c.unit.name_with_type)).collect();
    named.dedup();
    let (code, named) = (&input.code, named.join(", "));
    checks.refuse(
        &format!("{pointer}/code"),
        "ambiguous_place",
        format!("Mã {code} đã chia vào nhiều đơn vị: {named}. Hãy gửi mã hiện hành, không kèm asOf và mã huyện."),
        format!("The code {code} went into several units: {named}. Send today's code without asOf and district."),
    );
}

fn refuse_unknown(answer: &Resolution, input: &PlaceInput, pointer: &str, checks: &mut Checks) {
    let mut form = Checks::default();
    check_code(&format!("{pointer}/code"), Some(&input.code), None, &mut form);
    if !form.is_ok() {
        checks.problems.append(&mut form.problems);
        return;
    }
    let code = &input.code;
    let hint = answer.notes.first();
    let vi = hint.map_or_else(|| "Không có mã này vào ngày đã nêu.".to_owned(), |note| note.vi.to_owned());
    let en = hint.map_or_else(|| "There was no such code on the day given.".to_owned(), |note| note.en.to_owned());
    checks.refuse(
        &format!("{pointer}/code"),
        "unknown_place",
        format!("Mã {code}: {vi}"),
        format!("Code {code}: {en}"),
    );
}

impl From<&Place> for PlaceInput {
    /// What was sent, so that a place can be resolved again.
    fn from(place: &Place) -> Self {
        place.sent.clone()
    }
}

impl From<Place> for PlaceInput {
    fn from(place: Place) -> Self {
        place.sent
    }
}
