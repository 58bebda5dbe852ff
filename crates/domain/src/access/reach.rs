//! The part of the country that a client may reach, and what changes when it changes.

use async_graphql::{InputObject, SimpleObject};
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Where a client's permissions hold. Empty lists and `country: false` reach nothing.
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
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[graphql(input_name = "ReachInput")]
pub struct Reach {
    /// The whole country; the lists are then ignored.
    #[graphql(default)]
    pub country: bool,
    /// Today's province codes.
    #[graphql(default)]
    pub provinces: Vec<String>,
    /// Today's commune codes.
    #[graphql(default)]
    pub communes: Vec<String>,
    /// Centres, by id; a vendor's centres are those that assigned it.
    #[graphql(default)]
    pub centres: Vec<Uuid>,
}

crate::rules!(Reach { provinces: digits(2), communes: digits(5) });

/// The keys of a record that decide who may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Keys {
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    pub centre_id: Option<Uuid>,
}

impl Reach {
    /// The whole country.
    pub fn whole_country() -> Self {
        Self { country: true, ..Self::default() }
    }

    /// Whether a record with these keys lies inside.
    pub fn covers(&self, keys: &Keys) -> bool {
        self.country
            || keys.province_code.as_ref().is_some_and(|p| self.provinces.contains(p))
            || keys.commune_code.as_ref().is_some_and(|c| self.communes.contains(c))
            || keys.centre_id.as_ref().is_some_and(|c| self.centres.contains(c))
    }

    /// Whether nothing lies inside.
    pub fn is_empty(&self) -> bool {
        !self.country && self.provinces.is_empty() && self.communes.is_empty() && self.centres.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{Keys, Reach};

    #[test]
    fn a_province_reaches_its_records_only() {
        let reach = Reach { provinces: vec!["31".to_owned()], ..Reach::default() };
        let keys = |p: &str| Keys { province_code: Some(p.to_owned()), ..Keys::default() };
        assert!(reach.covers(&keys("31")));
        assert!(!reach.covers(&keys("01")));
        assert!(!reach.covers(&Keys::default()));
        assert!(!Reach::default().covers(&keys("31")));
    }
}
