//! A row per value of every code list, with its labels.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use crate::{List, territory::code_list::CodeItem};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "code_list_item")]
pub struct Model {
    /// The id of the list, e.g. `dropout_reason`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub list: String,
    /// Our code, as records hold it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// Place in the list, in the order of the source, from 1.
    pub sequence: i32,
    pub label_vi: String,
    pub label_en: String,
    /// Our codes of the parents in the parent list.
    pub parents: List<String>,
    pub used_by_gdtx: Option<bool>,
    /// False for a known misuse, which no record may hold.
    pub accepted: bool,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    pub note: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The row of an item that stands at a place in its list.
    pub fn new(sequence: i32, item: &CodeItem) -> Self {
        let item = item.clone();
        Self {
            sequence,
            list: item.list,
            code: item.code,
            label_vi: item.label_vi,
            label_en: item.label_en,
            parents: item.parents.into(),
            used_by_gdtx: item.used_by_gdtx,
            accepted: item.accepted,
            valid_from: item.valid_from,
            valid_to: item.valid_to,
            note: item.note,
        }
    }
}
