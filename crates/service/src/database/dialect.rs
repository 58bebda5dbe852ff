//! Conditions that the two databases say in different words.

use sea_orm::{
    DbBackend, ExprTrait, Value,
    sea_query::{Expr, extension::postgres::PgFunc},
};

/// A column that holds one of some values, which PostgreSQL takes as one.
pub(crate) fn one_of<V: Into<Value>>(column: &'static str, values: impl Iterator<Item = V>, backend: DbBackend) -> Expr
where
    Vec<V>: Into<Value>,
{
    match backend {
        DbBackend::Postgres => Expr::col(column).eq(PgFunc::any(Expr::val(values.collect::<Vec<_>>()))),
        _ => Expr::col(column).is_in(values),
    }
}
