//! Counts the journal, entry by entry and each exactly once: what a record added to the cells is taken back and
//! what it adds now is put there, in the transaction that moves the count on. What ends by its day is counted so when
//! the day has come.

use std::{collections::HashMap, time::Duration};

use chrono::NaiveDate;
use gdtx_domain::{
    exchange::journal,
    statistics::{count, fact},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use super::{
    attributes::COUNTED,
    fact::{Fact, Facts},
    meaning::{MEANING, is_own, is_under_way},
    rebuild::rebuild,
    recount,
};
use crate::{Clock, Ctx, Database, Error, Result, exchange::image, resource::ASIDE, tx::Tx};

/// Entries that are counted together.
const BATCH: u64 = 500;
/// How often a process looks for what others wrote.
const LOOK: Duration = Duration::from_secs(1);
/// Changes of this long are counted together.
const GATHERING: Duration = Duration::from_millis(400);

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

/// Counts everything that has a position, as of today, and all of it anew where it was counted as another program
/// does; tells the last position.
pub async fn run_once(db: &Database, clock: Clock) -> Result<i64> {
    if !is_own(&shown(db.primary()).await?) && !is_under_way(db, clock).await? {
        return Box::pin(rebuild(db, clock)).await;
    }
    count_all(db, clock).await
}

/// Counts everything that has a position; tells the last one. Another count may be shown meanwhile: then it goes on
/// with that one.
pub(super) async fn count_all(db: &Database, clock: Clock) -> Result<i64> {
    while step(db, clock, shown(db.primary()).await?.generation).await? {}
    Ok(shown(db.primary()).await?.position)
}

/// The count that is shown.
#[expect(clippy::disallowed_methods, reason = "how far the count is, is no record")]
pub(in crate::statistics) async fn shown(db: &impl ConnectionTrait) -> Result<count::Model> {
    let found = count::Entity::find().filter(count::Column::IsShown.eq(true)).one(db).await?;
    found.ok_or_else(|| Error::internal("no count is shown"))
}

/// Counts some of what is new in one transaction; false when nothing is.
#[expect(clippy::disallowed_methods, reason = "everything is counted, for nobody in particular")]
pub(super) async fn step(db: &Database, clock: Clock, generation: i64) -> Result<bool> {
    if !waits(db, generation, clock.today()).await? {
        return Ok(false);
    }
    let tx = Ctx::system(db.clone(), clock).write().await?;
    // Whoever holds the row counts; another process waits and finds it done.
    let Some(head) = count::Entity::find_by_id(generation).lock_exclusive().one(&tx.db).await? else {
        return Ok(false);
    };
    if !is_own(&head) {
        return Ok(false);
    }
    let Some((position, facts)) = news(&tx, &head).await? else { return Ok(false) };
    recount::put(&tx, &head, facts).await?;
    count::Entity::update_many()
        .col_expr(count::Column::Position, Expr::val(position))
        .col_expr(count::Column::Revision, Expr::val(head.revision + 1))
        .col_expr(count::Column::Meaning, Expr::val(MEANING.as_str()))
        .col_expr(count::Column::CountedAt, Expr::val(clock.now()))
        .filter(count::Column::Generation.eq(generation))
        .exec(&tx.db)
        .await?;
    tx.commit().await?;
    Ok(true)
}

/// Whether there is something to count: a look without a lock, since mostly there is not.
#[expect(clippy::disallowed_methods, reason = "everything is counted, for nobody in particular")]
async fn waits(db: &Database, generation: i64, today: NaiveDate) -> Result<bool> {
    let counted = Query::select()
        .column(count::Column::Position)
        .from(count::Entity)
        .and_where(count::Column::Generation.eq(generation))
        .to_owned();
    let entry = journal::Entity::find()
        .select_only()
        .column(journal::Column::Seq)
        .filter(Expr::col(journal::Column::Position).gt(counted))
        // By the index: what is new stands at the end of millions.
        .order_by_asc(journal::Column::Position)
        .into_tuple::<i64>();
    if entry.one(db.primary()).await?.is_some() {
        return Ok(true);
    }
    let fact = fact::Entity::find()
        .select_only()
        .column(fact::Column::RecordId)
        .filter(due(generation, today))
        .into_tuple::<Uuid>();
    Ok(fact.one(db.primary()).await?.is_some())
}

/// Facts that count differently since a day that has come.
fn due(generation: i64, today: NaiveDate) -> Condition {
    Condition::all().add(fact::Column::Generation.eq(generation)).add(fact::Column::ChangesOn.lte(today))
}

/// Some of the facts that are new, with the position that is counted by them: those of days that have come, and when
/// there are none those of entries.
#[expect(clippy::disallowed_methods, reason = "everything is counted, for nobody in particular")]
async fn news(tx: &Tx, head: &count::Model) -> Result<Option<(i64, Facts)>> {
    let today = tx.ctx.clock.today();
    let ended = fact::Entity::find().filter(due(head.generation, today)).limit(BATCH).all(&tx.db).await?;
    if !ended.is_empty() {
        let fact = |row| Fact::open(row, tx.ctx.db.vault()).map(|(id, fact)| (id, fact.on(today)));
        return Ok(Some((head.position, ended.into_iter().map(fact).collect::<Result<_>>()?)));
    }
    let entries = journal::Entity::find()
        .filter(journal::Column::Position.gt(head.position))
        .order_by_asc(journal::Column::Position)
        .limit(BATCH)
        .all(&tx.db)
        .await?;
    let Some(last) = entries.last().and_then(|entry| entry.position) else { return Ok(None) };
    Ok(Some((last, told(tx, entries).await?)))
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
    let (people, today) = (image::today(tx, &newest).await?, tx.ctx.clock.today());
    let mut facts = Facts::new();
    for entry in &newest {
        if let Some(fact) = Fact::read(entry, people.get(&entry.record_id), today)? {
            facts.insert(entry.record_id, fact);
        }
    }
    Ok(facts)
}
