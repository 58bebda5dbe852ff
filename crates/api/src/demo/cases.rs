//! The recognitions of the demonstration as a table: kind, holder, year, level, days, outcome.
//!
//! Days and authorities follow the law of their day: what the district level decided lies before
//! 1 July 2025. Kinds valid for a calendar year that is over are shown as expired today.

/// Who or what holds a recognition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A commune of today.
    Commune,
    /// A commune as it was before the reform.
    OldCommune,
    /// A district as it was before the reform.
    OldDistrict,
    Province,
    /// A GDTX or GDNN-GDTX centre.
    Centre,
    Organisation,
    Family,
    Clan,
    Village,
    Citizen,
}

impl Holder {
    /// Whether a place has as many of them as one likes.
    pub fn is_many(self) -> bool {
        matches!(self, Self::Organisation | Self::Family | Self::Clan | Self::Village | Self::Citizen)
    }
}

/// How far a dossier came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Draft,
    Submitted,
    /// Sent back to be completed: a draft again.
    Returned,
    Appraised,
    Granted,
    Refused,
    Withdrawn,
}

/// So many dossiers of one kind.
pub struct Case {
    pub kind: &'static str,
    pub holder: Holder,
    /// How many; as many as there are holders when there are fewer.
    pub count: usize,
    /// The year assessed.
    pub year: i32,
    pub level: Option<i32>,
    pub submitted: &'static str,
    pub decided: &'static str,
    /// Kind of the authority, where a text names it.
    pub authority: Option<&'static str>,
    /// The outcomes, taken in turn.
    pub ends: &'static [End],
}

const GRANTED: &[End] = &[End::Granted];
const MOSTLY: &[End] = &[End::Granted, End::Granted, End::Refused, End::Granted, End::Withdrawn];
const UNDECIDED: &[End] = &[End::Draft, End::Submitted, End::Returned, End::Appraised, End::Refused, End::Withdrawn];

/// Everything but the literacy standard of the communes of today, which every commune has.
#[rustfmt::skip] // A table reads best with a row on a line.
pub const CASES: [Case; 20] = [
    case("literacy_place", Holder::OldCommune, 12, 2024, Some(2), ("2024-10-02", "2024-10-20"), Some("ubnd_huyen"), GRANTED),
    case("literacy_place", Holder::OldDistrict, 3, 2024, Some(2), ("2024-10-06", "2024-11-15"), Some("ubnd_tinh"), GRANTED),
    case("literacy_place", Holder::Province, 1, 2024, Some(2), ("2024-10-12", "2024-12-20"), Some("bo_gddt"), GRANTED),
    case("pcgd_place", Holder::Commune, 12, 2025, Some(2), ("2025-10-01", "2025-10-05"), None, MOSTLY),
    case("pcgd_place", Holder::OldCommune, 6, 2024, Some(3), ("2024-10-02", "2024-10-20"), Some("ubnd_huyen"), MOSTLY),
    case("learning_unit_province", Holder::Centre, 8, 2023, Some(1), ("2024-01-30", "2024-02-20"), Some("ubnd_tinh"), GRANTED),
    // Upgrades, after the twelve months that must lie between. Counted: Đà Lạt recognised 36 learning
    // units at level 1 and 19 at level 2 (2025); here 5 and 3 stand today.
    case("learning_unit_province", Holder::Centre, 3, 2024, Some(2), ("2025-01-10", "2025-03-10"), Some("ubnd_tinh"), GRANTED),
    case("learning_unit_province", Holder::Centre, 6, 2025, Some(1), ("2025-10-01", "2025-10-05"), Some("ubnd_tinh"), UNDECIDED),
    case("learning_unit_district", Holder::Organisation, 8, 2024, Some(1), ("2025-01-10", "2025-02-14"), Some("ubnd_huyen"), MOSTLY),
    case("learning_community_commune", Holder::OldCommune, 10, 2023, Some(1), ("2024-02-27", "2024-03-29"), Some("phong_gddt"), MOSTLY),
    case("learning_community_commune", Holder::OldCommune, 2, 2024, Some(2), ("2025-02-27", "2025-03-31"), Some("phong_gddt"), GRANTED),
    case("learning_community_district", Holder::OldDistrict, 3, 2024, Some(1), ("2025-04-15", "2025-05-30"), Some("so_gddt"), MOSTLY),
    case("learning_community_province", Holder::Province, 1, 2025, Some(1), ("", ""), None, &[End::Draft]),
    // The city prepares to join: a draft is all there is.
    case("unesco_learning_city", Holder::Province, 1, 2025, None, ("", ""), None, &[End::Draft]),
    case("learning_family", Holder::Family, 12, 2024, None, ("2025-01-05", "2025-01-20"), Some("ubnd_xa"), MOSTLY),
    case("learning_family", Holder::Family, 6, 2025, None, ("2025-10-01", "2025-10-05"), Some("ubnd_xa"), UNDECIDED),
    case("learning_clan", Holder::Clan, 4, 2024, None, ("2025-01-05", "2025-01-20"), Some("ubnd_xa"), MOSTLY),
    case("learning_community_village", Holder::Village, 6, 2025, None, ("2025-10-01", "2025-10-05"), Some("ubnd_xa"), MOSTLY),
    case("learning_unit_commune", Holder::Organisation, 6, 2025, None, ("2025-10-01", "2025-10-05"), Some("ubnd_xa"), MOSTLY),
    case("learning_citizen", Holder::Citizen, 12, 2025, None, ("2025-10-01", "2025-10-05"), None, MOSTLY),
];

const fn case(
    kind: &'static str,
    holder: Holder,
    count: usize,
    year: i32,
    level: Option<i32>,
    (submitted, decided): (&'static str, &'static str),
    authority: Option<&'static str>,
    ends: &'static [End],
) -> Case {
    Case { kind, holder, count, year, level, submitted, decided, authority, ends }
}
