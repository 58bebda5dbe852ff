//! Copies the embedded units and code lists into tables, for people with SQL and for reports.
//!
//! The service reads its own memory and never these tables, so a load may run beside requests.

use gdtx_domain::territory::{
    code_list::{CodeItem, items, lists},
    find::units,
    stored::{
        administrative_unit, code_list_code, code_list_item,
        reference_data::{self, TERRITORY},
        unit_successor,
    },
    successor::{UnitLink, successors},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, sea_query::Expr};
use sha2::{Digest, Sha256};

use crate::{Actor, Code, Ctx, Error, Result, database::Session};

/// Rows written with one statement; their values stay below SQLite's limit of 32,766.
const CHUNK: usize = 1000;

/// How far a load has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub table: &'static str,
    /// Rows of the table that are written.
    pub done: usize,
    /// Rows that the table will have.
    pub total: usize,
}

/// Fills the tables of reference data unless they hold this very state; tells how many rows were
/// written, 0 when there was nothing to do.
///
/// All or nothing, in one transaction. Only the service itself may (`forbidden` for others).
pub async fn load(ctx: &Ctx, progress: impl Fn(Progress) + Send + Sync) -> Result<usize> {
    if ctx.actor != Actor::System {
        return Err(Error::of(Code::Forbidden));
    }
    let links: Vec<UnitLink> = units().flat_map(successors).collect();
    let print = fingerprint(&links);
    if stands(&ctx.read().await?.db, &print, false).await? {
        return Ok(0);
    }
    let tx = ctx.write().await?;
    // Two processes that start at once: the second waits at this row and then finds nothing to do.
    if stands(&tx.db, &print, true).await? {
        return Ok(0);
    }
    let all: Vec<(usize, &CodeItem)> = lists().iter().flat_map(|list| items(&list.id).iter().enumerate()).collect();
    let sequence = |place: usize| i32::try_from(place + 1).unwrap_or(i32::MAX);
    let units = units().map(administrative_unit::Model::from).collect();
    let links = links.into_iter().map(unit_successor::Model::from).collect();
    let values = all.iter().map(|(place, item)| code_list_item::Model::new(sequence(*place), item)).collect();
    let codes = all.iter().flat_map(|(_, item)| code_list_code::Model::of(item)).collect();
    let rows = fill::<administrative_unit::Entity>(&tx.db, "administrative_unit", units, &progress).await?
        + fill::<unit_successor::Entity>(&tx.db, "unit_successor", links, &progress).await?
        + fill::<code_list_item::Entity>(&tx.db, "code_list_item", values, &progress).await?
        + fill::<code_list_code::Entity>(&tx.db, "code_list_code", codes, &progress).await?;
    reference_data::Entity::update_many()
        .col_expr(reference_data::Column::Fingerprint, Expr::val(print))
        .col_expr(reference_data::Column::LoadedAt, Expr::val(ctx.clock.now()))
        .filter(reference_data::Column::Name.eq(TERRITORY))
        .exec(&tx.db)
        .await?;
    tx.commit().await?;
    Ok(rows)
}

/// SHA-256 over all that is loaded, hex.
fn fingerprint(links: &[UnitLink]) -> String {
    let mut hasher = Sha256::new();
    for unit in units() {
        hasher.update(serde_json::to_vec(unit).unwrap_or_default());
    }
    for link in links {
        hasher.update(serde_json::to_vec(link).unwrap_or_default());
    }
    for item in lists().iter().flat_map(|list| items(&list.id)) {
        hasher.update(serde_json::to_vec(item).unwrap_or_default());
    }
    hex::encode(hasher.finalize())
}

/// Whether the tables hold the state with this fingerprint; a writer keeps the row to itself.
#[expect(clippy::disallowed_methods, reason = "reference data belongs to nobody")]
async fn stands(db: &Session, print: &str, writing: bool) -> Result<bool> {
    let row = reference_data::Entity::find_by_id(TERRITORY);
    let row = if writing { row.lock_exclusive() } else { row }.one(db).await?;
    let row = row.ok_or_else(|| Error::internal("the row of the reference data is missing"))?;
    Ok(row.fingerprint == print)
}

async fn fill<E>(
    db: &Session,
    table: &'static str,
    rows: Vec<E::Model>,
    progress: &(impl Fn(Progress) + Send + Sync),
) -> Result<usize>
where
    E: EntityTrait<Model: IntoActiveModel<E::ActiveModel>, ActiveModel: ActiveModelTrait<Entity = E> + Send>,
{
    E::delete_many().exec(db).await?;
    let total = rows.len();
    let (mut rows, mut done) = (rows.into_iter(), 0);
    while done < total {
        let chunk: Vec<E::ActiveModel> = rows.by_ref().take(CHUNK).map(IntoActiveModel::into_active_model).collect();
        done += chunk.len();
        E::insert_many(chunk).exec_without_returning(db).await?;
        progress(Progress { table, done, total });
    }
    Ok(total)
}
