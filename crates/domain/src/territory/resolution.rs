//! The question what a code or a name means, and the shape of the answer.
//!
//! An answer shows both times: the units meant in the time of the sender, and the units of
//! today that these went into, with extents, so that a reader can decide what we must not.

use async_graphql::{InputObject, SimpleObject};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    successor::{AreaExtent, PopulationExtent},
    unit::{Unit, UnitLevel},
};
use crate::code_enum;

code_enum! {
    /// What came of an attempt to tell what a code or a name means.
    ResolutionOutcome {
        Unique = "unique" ("Xác định duy nhất", "Exactly one"),
        Ambiguous = "ambiguous" ("Có nhiều khả năng", "Several are possible"),
        Unknown = "unknown" ("Không xác định được", "None is known"),
    }
}

/// What is known of a unit that is asked for; at least one of code, name, district or province.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, InputObject, ToSchema, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(name = "UnitQuery")]
#[into_params(parameter_in = Query)]
#[schema(as = UnitQuery)]
pub struct ResolveQuery {
    /// A province (2 digits), legacy district (3) or commune code (5).
    #[param(pattern = "^ *([0-9]{2}|d?[0-9]{3}|[0-9]{5}) *$")]
    pub code: Option<String>,
    /// A name, with or without accents and the word for its kind: `Ba Đình`, `P. 5`, `tinh ha nam`.
    #[param(
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$"
    )]
    pub name: Option<String>,
    /// The day on which code and name were valid; today when absent.
    pub as_of: Option<NaiveDate>,
    /// A legacy district code: says that code and name are those of 2025-06-30 or before.
    #[param(pattern = "^ *d?[0-9]{3} *$")]
    pub district_code: Option<String>,
    /// A legacy district name: says the same.
    #[param(
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$"
    )]
    pub district_name: Option<String>,
    /// The province, in the era of code and name.
    #[param(pattern = "^ *[0-9]{2} *$")]
    pub province_code: Option<String>,
    /// The level of the unit wanted.
    pub level: Option<UnitLevel>,
}

/// A unit of today that the input can mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "UnitCandidateFields")]
#[schema(as = UnitCandidate)]
pub struct Candidate {
    /// The unit as it is today.
    #[graphql(skip)]
    pub unit: Unit,
    /// How much of the legacy unit's ground it took; absent when the input names a unit of today.
    pub area_extent: Option<AreaExtent>,
    /// How many of the legacy unit's people it took; absent when the input names a unit of today.
    pub population_extent: Option<PopulationExtent>,
    /// The code that leads to it: a legacy code, or its own.
    pub from_code: String,
}

/// A remark on how an answer was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "UnitResolutionNote")]
#[schema(as = UnitResolutionNote)]
pub struct Note {
    /// Stable code, e.g. `legacy_code_needs_as_of`.
    pub code: &'static str,
    pub vi: &'static str,
    pub en: &'static str,
}

/// The answer to a [`ResolveQuery`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "UnitResolutionFields")]
#[schema(as = UnitResolution)]
pub struct Resolution {
    pub outcome: ResolutionOutcome,
    /// The units that the input can mean in its own time.
    #[graphql(skip)]
    pub matched: Vec<Unit>,
    /// The units of today that it can mean.
    #[graphql(skip)]
    pub candidates: Vec<Candidate>,
    /// The one candidate, among several, that took all the people: a default for people's
    /// addresses, never for buildings.
    pub default_for_people: Option<String>,
    pub notes: Vec<Note>,
}

pub(super) const FUTURE: Note =
    Note { code: "future_date", vi: "Ngày hiệu lực ở tương lai.", en: "The day lies in the future." };
pub(super) const NO_DISTRICTS: Note = Note {
    code: "district_not_in_force",
    vi: "Cấp huyện chỉ tồn tại đến 30/06/2025.",
    en: "Districts existed to 2025-06-30 only.",
};
pub(super) const NOTHING_GIVEN: Note = Note {
    code: "nothing_given",
    vi: "Cần mã, tên, huyện hoặc tỉnh.",
    en: "A code, a name, a district or a province is needed.",
};
pub(super) const LEGACY_CODE: Note = Note {
    code: "legacy_code_needs_as_of",
    vi: "Mã này chỉ có hiệu lực đến 30/06/2025; hãy gửi asOf hoặc mã huyện cũ.",
    en: "This code was valid to 2025-06-30 only; send asOf or the legacy district.",
};
pub(super) const LEGACY_NAME: Note = Note {
    code: "legacy_name",
    vi: "Tên này không còn đơn vị nào mang; đã tra theo đơn vị đến 30/06/2025.",
    en: "No unit bears this name today; units up to 2025-06-30 were searched.",
};
pub(super) const NAME_DIFFERS: Note = Note {
    code: "name_differs_from_code",
    vi: "Mã và tên không cùng chỉ một đơn vị.",
    en: "Code and name do not mean the same unit.",
};
pub(super) const LEGACY_STATE: Note = Note {
    code: "state_of_2025_06_30",
    vi: "Trước 01/07/2025, tra theo danh mục ngày 30/06/2025.",
    en: "Before 2025-07-01 the list of 2025-06-30 is used.",
};
