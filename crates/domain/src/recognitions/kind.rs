//! Kinds of recognition: legal basis, holders, levels, validity, yearly clock and who decides.
//!
//! Who decides depends on the day: the district level ended with 2025-06-30. An authority that
//! no text names is kept open and labelled, never guessed.

use std::sync::LazyLock;

use async_graphql::SimpleObject;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Mark, Refusal, centres::life_cycle::AuthorityKind, code_enum, territory::unit::UnitLevel};

code_enum! {
    /// Who or what holds a recognition.
    HolderKind {
        /// An organisation or unit.
        Organisation = "organisation" ("Tổ chức, đơn vị", "Organisation"),
        /// A commune, ward or special zone.
        Commune = "commune" ("Cấp xã", "Commune"),
        /// A district; the level ended with 2025-06-30.
        District = "district" ("Cấp huyện", "District"),
        /// A province or city.
        Province = "province" ("Cấp tỉnh", "Province"),
        /// A family.
        Family = "family" ("Gia đình", "Family"),
        /// A clan.
        Clan = "clan" ("Dòng họ", "Clan"),
        /// A village or neighbourhood.
        Village = "village" ("Thôn, bản, tổ dân phố", "Village or neighbourhood"),
        /// A person.
        Citizen = "citizen" ("Công dân", "Citizen"),
    }
}

impl HolderKind {
    /// Whether the holder's name is personal data: a family or a citizen.
    pub const fn is_person(self) -> bool {
        matches!(self, Self::Family | Self::Citizen)
    }

    /// The level of the administrative unit that holds it, for a place.
    pub const fn unit_level(self) -> Option<UnitLevel> {
        match self {
            Self::Commune => Some(UnitLevel::Commune),
            Self::District => Some(UnitLevel::District),
            Self::Province => Some(UnitLevel::Province),
            Self::Organisation | Self::Family | Self::Clan | Self::Village | Self::Citizen => None,
        }
    }
}

/// Who decides, for which holders and levels, and between which days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecidingAuthority {
    pub holders: Vec<HolderKind>,
    /// Levels decided on; empty means every level.
    #[serde(default)]
    pub levels: Vec<i32>,
    /// First day of this row; absent when it holds from the start of the kind.
    pub from: Option<NaiveDate>,
    /// Last day of this row; absent while it holds.
    pub to: Option<NaiveDate>,
    /// The kind of authority; absent when unknown or outside the State.
    pub authority_kind: Option<AuthorityKind>,
    pub label_vi: String,
    pub label_en: String,
    pub basis: Option<String>,
    pub mark: Mark,
}

/// The day on which the figures of a place are taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DataDate {
    pub holder: HolderKind,
    /// `MM-DD` of the assessed year.
    pub day: String,
}

/// The yearly clock of a kind. Days are `MM-DD`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecognitionClock {
    /// Last day to submit, in the year after the assessed one.
    pub submit_by: Option<String>,
    /// Last day to decide: in the year after the assessed one, or in the assessed year itself
    /// for the standards of a place.
    pub decide_by: Option<String>,
    /// Code of the administrative procedure (TTHC).
    pub procedure_code: Option<String>,
    #[serde(default)]
    pub data_dates: Vec<DataDate>,
    pub mark: Mark,
}

/// A kind of recognition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecognitionKind {
    /// Stable code, e.g. `learning_unit_province`.
    pub code: String,
    pub label_vi: String,
    pub label_en: String,
    /// Document and articles.
    pub basis: String,
    /// Who may hold it.
    pub holders: Vec<HolderKind>,
    /// Levels that can be asked for; empty when the title has none.
    #[serde(default)]
    pub levels: Vec<i32>,
    /// Names of the levels, in their order, where they have names.
    #[serde(default)]
    pub level_labels_vi: Vec<String>,
    #[serde(default)]
    pub level_labels_en: Vec<String>,
    /// First day on which the kind exists, where known.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it can be granted; older grants stay readable.
    pub valid_to: Option<NaiveDate>,
    /// How long a grant is kept, counted from 1 January after the assessed year.
    pub validity_months: Option<u32>,
    /// How long after the decision on level 1 a decision on level 2 may follow.
    pub upgrade_after_months: Option<u32>,
    /// Code of the criteria set.
    pub criteria_set: Option<String>,
    pub clock: Option<RecognitionClock>,
    pub authorities: Vec<DecidingAuthority>,
    pub mark: Mark,
    pub note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    kind: Vec<RecognitionKind>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    toml::from_str(include_str!("../../rules/recognition_kinds.toml"))
        .unwrap_or_else(|error| panic!("rules/recognition_kinds.toml: {error}"))
});

/// Every kind.
pub fn all() -> &'static [RecognitionKind] {
    &RULES.kind
}

/// The kind with this code.
pub fn find(code: &str) -> Option<&'static RecognitionKind> {
    all().iter().find(|kind| kind.code == code)
}

impl RecognitionKind {
    /// Whether this holder may be recognised in this kind and level on a day.
    ///
    /// # Errors
    /// `kind_not_in_force`, `holder_not_allowed`, `district_abolished`, `level_not_allowed`.
    pub fn admits(&self, holder: HolderKind, level: Option<i32>, on: NaiveDate) -> Result<(), Refusal> {
        let refuse = |code, vi: &str, en: &str| Err(Refusal::new(code, vi, en, self.basis.clone()));
        if holder == HolderKind::District && AuthorityKind::UbndHuyen.valid_to().is_some_and(|last| on > last) {
            return refuse(
                "district_abolished",
                "Cấp huyện không còn từ ngày 1/7/2025; chỉ tra cứu được kết quả cũ.",
                "The district level ended with 2025-06-30; older results can only be read.",
            );
        }
        if self.valid_from.is_some_and(|first| on < first) || self.valid_to.is_some_and(|last| on > last) {
            return refuse(
                "kind_not_in_force",
                "Loại công nhận này không có hiệu lực vào ngày đó.",
                "This kind of recognition is not in force on that day.",
            );
        }
        if !self.holders.contains(&holder) {
            return refuse(
                "holder_not_allowed",
                "Đối tượng này không thuộc loại công nhận đã chọn.",
                "This kind of recognition has other holders.",
            );
        }
        let fits = level.map_or(self.levels.is_empty(), |l| self.levels.contains(&l));
        if fits {
            Ok(())
        } else {
            refuse("level_not_allowed", "Mức độ không hợp lệ.", "Not a level of this kind.")
        }
    }
}

/// Who decides on a holder and level of a kind on a day.
///
/// The row may be open (`authority_kind` absent, mark `unverified`): then the caller records who
/// decided and the answer says that no text names the authority.
///
/// # Errors
/// Those of [`RecognitionKind::admits`]; `authority_unknown` when no row covers the day.
pub fn deciding_authority(
    kind: &RecognitionKind,
    holder: HolderKind,
    level: Option<i32>,
    on: NaiveDate,
) -> Result<&DecidingAuthority, Refusal> {
    kind.admits(holder, level, on)?;
    kind.authorities
        .iter()
        .find(|row| {
            row.holders.contains(&holder)
                && level.is_none_or(|l| row.levels.is_empty() || row.levels.contains(&l))
                && row.from.is_none_or(|from| from <= on)
                && row.to.is_none_or(|to| on <= to)
        })
        .ok_or_else(|| {
            Refusal::new(
                "authority_unknown",
                "Không có quy định về thẩm quyền cho ngày này.",
                "No authority is laid down for this day.",
                kind.basis.clone(),
            )
        })
}

#[cfg(test)]
#[path = "kind_tests.rs"]
mod tests;
