//! A row per official code of a value in another scheme, so that foreign codes can be joined.
//!
//! A table of its own, since a value may have several codes in a scheme and a code several values.

use sea_orm::entity::prelude::*;

use crate::territory::code_list::{CodeItem, CodeScheme};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "code_list_code")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub list: String,
    /// Our code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub scheme: CodeScheme,
    /// The code in that scheme.
    #[sea_orm(primary_key, auto_increment = false)]
    pub scheme_code: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The rows of an item: one for each of its codes in other schemes.
    pub fn of(item: &CodeItem) -> impl Iterator<Item = Self> {
        item.codes.iter().map(|code| Self {
            list: item.list.clone(),
            code: item.code.clone(),
            scheme: code.scheme,
            scheme_code: code.code.clone(),
        })
    }
}
