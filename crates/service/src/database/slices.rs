//! Many rows in few statements, each short enough for both databases and for those who wait behind it.

use sea_orm::{
    ActiveModelTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};

/// Rows written in a statement; thirteen values each stay below SQLite's limit of 32,766.
const SLICE: usize = 1000;

/// Writes rows; `known` tells what becomes of those that are there.
pub(crate) async fn put_all<E>(db: &impl ConnectionTrait, rows: Vec<E::Model>, known: &OnConflict) -> Result<(), DbErr>
where
    E: EntityTrait<ActiveModel: Send, Model: IntoActiveModel<E::ActiveModel>>,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
{
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let slice: Vec<E::ActiveModel> = rows.by_ref().take(SLICE).collect();
        E::insert_many(slice).on_conflict(known.clone()).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Deletes so many rows of those that fit, at most; tells how many.
pub(crate) async fn delete_some<E: EntityTrait>(
    db: &impl ConnectionTrait,
    key: &[E::Column],
    fitting: Condition,
    most: u64,
) -> Result<u64, DbErr> {
    let columns = || key.iter().map(|column| Expr::col(*column));
    let some =
        Query::select().columns(key.iter().copied()).from(E::default()).cond_where(fitting).limit(most).to_owned();
    let gone = E::delete_many().filter(Expr::tuple(columns()).in_subquery(some)).exec(db).await?;
    Ok(gone.rows_affected)
}
