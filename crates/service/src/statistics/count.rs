//! Counts the journal, entry by entry and each exactly once: what a record added to the cells is taken back and
//! what it adds now is put there, in the transaction that moves the count on.

use std::{collections::HashMap, time::Duration};

use gdtx_domain::{exchange::journal, statistics::count};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use super::{
    attributes::COUNTED,
    fact::{Fact, Facts},
    recount,
};
use crate::{Clock, Ctx, Database, Error, Result, exchange::image, resource::ASIDE, tx::Tx};

/// Entries that are counted together.
const BATCH: u64 = 500;
/// How often a process looks for what others wrote.
const LOOK: Duration = Duration::from_secs(1);
/// Changes of this long are counted together.
const GATHERING: Duration = Duration::from_millis(100);

/// Keeps the cells up with the journal for as long as the process lives.
pub async fn run(db: Database, clock: Clock) {
    let mut sequenced = db.sequenced.subscribe();
    loop {
        if let Err(error) = run_once(&db, clock).await {
            tracing::warn!(%error, source = ?error.source, "statistics will be counted again");
        }
        if let Ok(Ok(())) = tokio::time::timeout(LOOK, sequenced.changed()).await {
            tokio::time::sleep(GATHERING).await;
        }
    }
}

/// Counts everything that has a position; tells the last one.
pub async fn run_once(db: &Database, clock: Clock) -> Result<i64> {
    while step(db, clock, shown(db).await?.generation).await? {}
    Ok(shown(db).await?.position)
}

/// The count that is shown.
#[expect(clippy::disallowed_methods, reason = "how far the count is, is no record")]
async fn shown(db: &Database) -> Result<count::Model> {
    let found = count::Entity::find().filter(count::Column::IsShown.eq(true)).one(db.primary()).await?;
    found.ok_or_else(|| Error::internal("no count is shown"))
}

/// Counts some entries in one transaction; false when there were none.
#[expect(clippy::disallowed_methods, reason = "everything is counted, for nobody in particular")]
pub(super) async fn step(db: &Database, clock: Clock, generation: i64) -> Result<bool> {
    // A look without a lock: mostly there is nothing to do.
    let counted = Query::select()
        .column(count::Column::Position)
        .from(count::Entity)
        .and_where(count::Column::Generation.eq(generation))
        .to_owned();
    let waits = journal::Entity::find()
        .select_only()
        .column(journal::Column::Seq)
        .filter(Expr::col(journal::Column::Position).gt(counted))
        .into_tuple::<i64>()
        .one(db.primary())
        .await?;
    if waits.is_none() {
        return Ok(false);
    }
    let tx = Ctx::system(db.clone(), clock).write().await?;
    // Whoever holds the row counts; another process waits and finds it done.
    let Some(head) = count::Entity::find_by_id(generation).lock_exclusive().one(&tx.db).await? else {
        return Ok(false);
    };
    let entries = journal::Entity::find()
        .filter(journal::Column::Position.gt(head.position))
        .order_by_asc(journal::Column::Position)
        .limit(BATCH)
        .all(&tx.db)
        .await?;
    let Some(last) = entries.last().and_then(|entry| entry.position) else { return Ok(false) };
    let facts = told(&tx, entries).await?;
    recount::put(&tx, generation, last, facts).await?;
    count::Entity::update_many()
        .col_expr(count::Column::Position, Expr::val(last))
        .col_expr(count::Column::CountedAt, Expr::val(clock.now()))
        .filter(count::Column::Generation.eq(generation))
        .exec(&tx.db)
        .await?;
    tx.commit().await?;
    Ok(true)
}

/// What entries say of their records, of the kinds that are counted.
async fn told(tx: &Tx, entries: Vec<journal::Model>) -> Result<Facts> {
    // Of several changes of a record the last one tells what it is now.
    let mut newest: HashMap<Uuid, journal::Model> = HashMap::new();
    // Of a move the change of the centre tells; its own entry has no image of it.
    let counted = |entry: &journal::Model| COUNTED.contains(&entry.resource) && !ASIDE.contains(&entry.operation);
    for entry in entries.into_iter().filter(counted) {
        newest.insert(entry.record_id, entry);
    }
    let newest: Vec<journal::Model> = newest.into_values().collect();
    let people = image::today(tx, &newest).await?;
    let mut facts = Facts::new();
    for entry in &newest {
        if let Some(fact) = Fact::read(entry, people.get(&entry.record_id))? {
            facts.insert(entry.record_id, fact);
        }
    }
    Ok(facts)
}
