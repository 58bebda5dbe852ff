//! The data-sharing agreement of a client (Luật 91/2025/QH15 art. 15–17; NĐ 356/2025 art. 7).

use async_graphql::{InputObject, SimpleObject};
use chrono::NaiveDate;
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::purpose::Purpose;
use crate::{Checks, DataClass, Rule, Ruled};

/// What a client agreed to: why, which kinds of data, for how long, on which legal basis.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject, ToSchema, FromJsonQueryResult,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(input_name = "AgreementInput")]
pub struct Agreement {
    /// Number or name of the signed agreement (at most 100 characters).
    pub reference: String,
    /// What the data may be read for; each read names one of these.
    pub purposes: Vec<Purpose>,
    /// The personal-data classes that may be shared: `basic`, `sensitive`, `restricted`.
    pub data_kinds: Vec<DataClass>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: NaiveDate,
    /// Legal basis, e.g. the law and article (at most 500 characters).
    pub legal_basis: String,
}

crate::rules!(Agreement { reference: text(100), legal_basis: text(500) });

impl Agreement {
    /// Whether it is in force on a day.
    pub fn in_force(&self, on: NaiveDate) -> bool {
        (self.valid_from..=self.valid_to).contains(&on)
    }

    /// Whether a class of data may be shared on a day.
    pub fn allows(&self, class: DataClass, on: NaiveDate) -> bool {
        self.in_force(on) && self.data_kinds.contains(&class)
    }

    /// Whether data may be read for a purpose on a day.
    pub fn covers(&self, purpose: Purpose, on: NaiveDate) -> bool {
        self.in_force(on) && self.purposes.contains(&purpose)
    }

    /// Checks lengths, presence and the order of dates.
    pub fn check(&mut self, pointer: &str, checks: &mut Checks) {
        self.obey(Rule::ANY, pointer, checks);
        if self.purposes.is_empty() {
            checks.required::<()>(&format!("{pointer}/purposes"), None);
        }
        checks.order(&format!("{pointer}/validTo"), Some(self.valid_from), Some(self.valid_to));
    }
}
