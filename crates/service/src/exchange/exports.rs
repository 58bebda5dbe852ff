//! Exports: all records of a list, run by run, so that a million of them need no more memory than one
//! run; each run is authorised, masked and traced like a page of the list.

use gdtx_domain::exchange::import::column::Field;
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use super::imports::fields_of;
use crate::{Ctx, Record, Resource, Result, resource::list_run};

/// Records in one run.
const RUN: u64 = 1_000;

/// The fields of a record as it is shown, each a column of a sheet.
pub fn columns<R: Resource>() -> Vec<Field>
where
    R::Record: ToSchema,
{
    let mut shapes = Vec::new();
    <R::Record as ToSchema>::schemas(&mut shapes);
    fields_of(&<R::Record as PartialSchema>::schema(), shapes, &[])
}

/// The caller's own namespace of keys.
pub async fn own_system(ctx: &Ctx) -> Result<Option<String>> {
    let tx = ctx.read_once().await?;
    let system = tx.system().map(str::to_owned);
    tx.end(system).await
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
