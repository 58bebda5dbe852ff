//! All records of a list, run by run, so that a million of them need no more memory than one
//! run; each run is authorised, masked and traced like a page of the list.

use uuid::Uuid;

use crate::{AsOf, Ctx, Record, Resource, Result, exchange::sequencer, replicas, resource::list_run};

/// Records in one run.
const RUN: u64 = 1_000;

/// The caller's own namespace of keys.
pub async fn own_system(ctx: &Ctx) -> Result<Option<String>> {
    let tx = ctx.at(None).read_once().await?;
    let system = tx.system().map(str::to_owned);
    tx.end(system).await
}

/// The context in which every run of an export reads the same: of an instant it keeps the end of the journal,
/// since a write that began before it may be committed between two runs.
pub async fn settled(ctx: Ctx) -> Result<Ctx> {
    let Some(AsOf::Instant(instant)) = ctx.as_of else { return Ok(ctx) };
    sequencer::settle(&ctx.db).await?;
    let tx = ctx.at(None).read_primary().await?;
    let last = replicas::position(&tx.db).await?;
    tx.end(()).await?;
    Ok(ctx.at(Some(AsOf::Settled(instant, last))))
}

/// The next records of a list after one, in the order of their ids, and where to go on; none when the
/// list is over.
pub async fn run<R: Resource>(
    ctx: &Ctx,
    filter: &R::Filter,
    after: Option<Uuid>,
) -> Result<(Vec<R::Record>, Option<Uuid>)> {
    let records = list_run::<R>(ctx, filter, after, RUN).await?;
    let next = records.last().map(Record::id).filter(|_| records.len() as u64 == RUN);
    Ok((records, next))
}

/// Whether the caller may read this list so: what it would be refused is told, and nothing is shown.
pub async fn probe<R: Resource>(ctx: &Ctx, filter: &R::Filter) -> Result<()> {
    list_run::<R>(ctx, filter, None, 0).await.map(drop)
}
