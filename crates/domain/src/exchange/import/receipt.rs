//! What became of one row of an import.

use sea_orm::entity::prelude::*;

use crate::{code_enum, exchange::resource::ResourceKind};

code_enum! {
    /// What became of a row.
    RowOutcome {
        /// A record came to be.
        Created = "created" ("Tạo mới", "Created"),
        /// A record changed.
        Updated = "updated" ("Cập nhật", "Updated"),
        /// The record said the same already: nothing was written.
        Unchanged = "unchanged" ("Không đổi", "Unchanged"),
        /// The row was refused: nothing of it was written.
        Rejected = "rejected" ("Bị từ chối", "Rejected"),
    }
}

/// The columns that a sheet of receipts has before those of the sender. A sheet that comes back with them is
/// read without them.
pub const COLUMNS: [&str; 8] =
    ["line", "outcome", "resource", "id", "version", "errors", "lỗi (tiếng Việt)", "errors (English)"];

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_receipt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub job_id: Uuid,
    /// The line of the payload, or the row of the sheet, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: i64,
    /// The order in which rows were judged.
    pub place: i64,
    pub resource: Option<ResourceKind>,
    pub outcome: RowOutcome,
    pub record_id: Option<Uuid>,
    pub version: Option<i64>,
    /// Refusals and warnings in both languages, as JSON; they hold no value of the row.
    pub problems: Option<Json>,
    /// The row as it was sent, sealed, where there is something to mend.
    pub row: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
