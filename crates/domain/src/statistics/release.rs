//! Releases: a data set as it was once, under a number that tells how much is new in it.
//!
//! Figures that were published stay as they were; who finds one wrong makes another release.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use semver::Version;

use crate::{List, code_enum, exchange::external_id::ExternalId};

code_enum! {
    /// Why there is a release.
    ReleaseKind {
        /// The figures of another period, or more of them.
        Regular = "regular" ("Phát hành thường kỳ", "Regular"),
        /// What was released before was wrong.
        Correction = "correction" ("Đính chính", "Correction"),
    }
}

code_enum! {
    /// What a release does to a cell of the one before it.
    ReleaseStep {
        Added = "added" ("Thêm", "Added"),
        Changed = "changed" ("Sửa", "Changed"),
        Removed = "removed" ("Bỏ", "Removed"),
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statistics_release")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    pub centre_id: Option<Uuid>,
    pub search_text: String,
    pub external_ids: List<ExternalId>,

    pub data_set: String,
    /// Its number, `1.0.0`.
    pub release: String,
    /// The number of the one before it.
    pub previous: Option<String>,
    /// Its place among the releases of the data set, from 1: none is made beside another.
    pub ordinal: i64,
    pub kind: ReleaseKind,
    /// At most 4,000 characters.
    pub notes_vi: String,
    /// At most 4,000 characters.
    pub notes_en: String,
    /// What a correction corrects, at most 1,000 characters.
    pub reason: Option<String>,
    /// The position of the journal that the figures are true at.
    pub position: i64,
    pub counted_at: DateTime<Utc>,
    /// Cells with a figure that everybody may see.
    pub cells: i64,
    pub added: i64,
    pub changed: i64,
    pub removed: i64,
    /// SHA-256 over what everybody may see of the cells.
    pub digest: String,
    /// The data set as it was declared, as JSON: another release may have other dimensions.
    pub definition: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// How much is new in a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Novelty {
    /// Figures of members that were there.
    Figures,
    /// Members that were not there, such as another school year.
    Members,
    /// Other dimensions or measures, or another meaning of them.
    Shape,
}

/// The number after another one (semver.org): readers of the one before can read it when the first part is the same.
pub fn next(before: Option<&Version>, novelty: Novelty) -> Version {
    match (before, novelty) {
        (None, _) => Version::new(1, 0, 0),
        (Some(before), Novelty::Shape) => Version::new(before.major + 1, 0, 0),
        (Some(before), Novelty::Members) => Version::new(before.major, before.minor + 1, 0),
        (Some(before), Novelty::Figures) => Version::new(before.major, before.minor, before.patch + 1),
    }
}

/// The number in a text; none in any other text.
pub fn number(text: &str) -> Option<Version> {
    Version::parse(text).ok().filter(|number| number.pre.is_empty() && number.build.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Novelty, next, number};

    #[test]
    fn a_number_tells_how_much_is_new() {
        let first = next(None, Novelty::Figures);
        let told = [Novelty::Figures, Novelty::Members, Novelty::Shape].map(|novelty| next(Some(&first), novelty));
        assert_eq!(told.map(|number| number.to_string()), ["1.0.1", "1.1.0", "2.0.0"]);
        for wrong in
            ["", "1", "1.0", "1.0.0-beta", "1.0.0+2", "v1.0.0", "1.0.0\0", "01.0.0", "1.0.99999999999999999999"]
        {
            assert_eq!(number(wrong), None, "{wrong:?}");
        }
    }
}
