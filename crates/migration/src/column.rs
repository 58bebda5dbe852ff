//! The column kinds of the house, decided once for both databases.
//!
//! Decimals are integers in the smallest unit, lists and nested values are JSON, instants are
//! written by the service with microseconds, and ids are UUIDs that are never compared as text.

use sea_orm_migration::{
    prelude::{ColumnDef, Index, IndexCreateStatement, Table, TableCreateStatement},
    sea_orm::sea_query::IntoIden,
};

/// A table that does not exist yet.
pub fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).if_not_exists().to_owned()
}

/// A required UUID.
pub fn id(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().to_owned()
}

/// An optional UUID.
pub fn id_opt(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().to_owned()
}

/// A required text of any length; the service checks lengths.
pub fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().to_owned()
}

/// An optional text.
pub fn text_opt(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().to_owned()
}

/// A required code of a closed list or code list.
pub fn code(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).string_len(60).not_null().to_owned()
}

/// An optional code.
pub fn code_opt(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).string_len(60).to_owned()
}

/// A required whole number (32 bits).
pub fn integer(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().not_null().to_owned()
}

/// An optional whole number (32 bits).
pub fn integer_opt(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().to_owned()
}

/// A required whole number (64 bits): counters, versions, positions.
pub fn big(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().to_owned()
}

/// An optional whole number (64 bits): money in đồng, hundredths of a unit.
pub fn big_opt(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().to_owned()
}

/// A required yes or no.
pub fn flag(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().to_owned()
}

/// An optional yes or no.
pub fn flag_opt(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().to_owned()
}

/// A required calendar day.
pub fn day(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).date().not_null().to_owned()
}

/// An optional calendar day.
pub fn day_opt(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).date().to_owned()
}

/// A required instant in UTC.
pub fn instant(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().not_null().to_owned()
}

/// An optional instant in UTC.
pub fn instant_opt(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().to_owned()
}

/// A required JSON value: lists and nested values of a record.
pub fn json(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).json_binary().not_null().to_owned()
}

/// An optional JSON value.
pub fn json_opt(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).json_binary().to_owned()
}

/// Required bytes: what is sealed and not small.
pub fn bytes(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).binary().not_null().to_owned()
}

/// The columns that every record of the data model starts with: identity, version, times,
/// the keys that decide who may see it, its search text and the keys of other systems.
pub fn record(name: &'static str, own: impl IntoIterator<Item = ColumnDef>) -> TableCreateStatement {
    let mut statement = table(name);
    statement
        .col(id("id").primary_key())
        .col(big("version"))
        .col(instant("created_at"))
        .col(instant("updated_at"))
        .col(instant_opt("deleted_at"))
        .col(code_opt("province_code"))
        .col(code_opt("commune_code"))
        .col(id_opt("centre_id"))
        .col(text("search_text"))
        .col(json("external_ids"));
    for column in own {
        statement.col(column);
    }
    statement.clone()
}

/// An index named after its table and columns.
pub fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    named(table, columns, "ix")
}

/// A unique index named after its table and columns.
pub fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    named(table, columns, "ux").unique().to_owned()
}

fn named(table: &'static str, columns: &[&'static str], prefix: &str) -> IndexCreateStatement {
    let mut statement =
        Index::create().if_not_exists().name(format!("{prefix}_{table}_{}", columns.join("_"))).table(table).to_owned();
    for column in columns {
        statement.col(column.into_iden());
    }
    statement
}

/// The indexes that every record table has: pages within a reach, and by change.
pub fn record_indexes(table: &'static str) -> Vec<IndexCreateStatement> {
    vec![
        index(table, &["province_code", "id"]),
        index(table, &["commune_code", "id"]),
        index(table, &["centre_id", "id"]),
        index(table, &["updated_at", "id"]),
    ]
}
