//! Classes of requests that are counted apart, and the shared count of each.
//!
//! A row says how much of a quota was given out to processes, not how many requests there were: a
//! process takes units in slices, so that a read costs no write of its own.

use sea_orm::entity::prelude::*;

use crate::code_enum;

code_enum! {
    /// A class of requests with a quota of its own.
    RateClass {
        /// Reads by a client.
        Read = "read" ("đọc", "read"),
        /// Writes by a client.
        Write = "write" ("ghi", "write"),
        /// The change feed, imports and exports.
        Bulk = "bulk" ("khối lượng lớn", "bulk"),
        /// Statistics.
        Statistics = "statistics" ("thống kê", "statistics"),
        /// Everything that is asked without a token, by network address.
        Public = "public" ("công khai", "public"),
        /// Requests to the OAuth endpoints, by network address.
        Token = "token" ("xin token", "token"),
        /// Wrong secrets, by client id.
        Secret = "secret" ("sai mã bí mật", "wrong secret"),
    }
}

/// How much of one quota is given out in its present window.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rate_window")]
pub struct Model {
    /// Who is counted: a client id, or a keyed hash of an address or of a claimed id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub class: RateClass,
    /// First second of the window (Unix time).
    pub started: i64,
    /// Units given out since then.
    pub used: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
