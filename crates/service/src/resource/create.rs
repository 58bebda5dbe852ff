//! Creates records, and writes what every write leaves behind: row, outside keys, journal entry.

use gdtx_domain::{Checks, FieldProblem, exchange::resource::Operation};
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use crate::{
    Ctx, Result, Written,
    access::scope::Scope,
    error::accept,
    exchange::{
        journal::{self, Entry},
        period,
    },
    shape::{Meta, Record},
    tx::{Tx, outside_reach},
    written::Problem,
};

use super::{
    Draft, New, Resource,
    keys::{check_external_ids, check_keys_free, find_free, keep_external_ids},
    once::{Request, once},
};

/// Creates a record.
pub async fn create<R: Resource>(ctx: &Ctx, input: New<R>) -> Result<Written<R::Record>> {
    R::make_ready(ctx).await?;
    let request = Request { operation: format!("create:{}", R::KIND), permission: R::WRITE, input: &input };
    once::<R, _>(ctx, request, |tx, scope| Box::pin(create_in::<R>(tx, scope, input.clone()))).await
}

/// Creates a record in a running transaction.
pub(crate) async fn create_in<R: Resource>(tx: &Tx, scope: &Scope, input: New<R>) -> Result<Written<R::Record>> {
    let managed = R::managed(&input);
    let mut draft = Draft { meta: Meta::fresh(&tx.ctx), new: input, managed, before: None };
    let warnings = Box::pin(prepare::<R>(tx, scope, &mut draft)).await?;
    let (meta, new) = (draft.meta.clone(), draft.new.clone());
    let written = Box::pin(store::<R>(tx, draft, Operation::Created, warnings)).await?;
    R::created(tx, &meta, &new).await?;
    Ok(written)
}

/// Creates many records in a running transaction: what their checks ask of the database is asked
/// for all of them together.
pub(crate) async fn create_all_in<R: Resource>(
    tx: &Tx,
    scope: &Scope,
    mut inputs: Vec<New<R>>,
) -> Result<Vec<Written<R::Record>>> {
    find_free::<R>(tx, &mut inputs).await?;
    R::foresee(tx, &inputs).await?;
    let mut written = Vec::with_capacity(inputs.len());
    for input in inputs {
        written.push(Box::pin(create_in::<R>(tx, scope, input)).await?);
    }
    Ok(written)
}

pub(super) async fn prepare<R: Resource>(
    tx: &Tx,
    scope: &Scope,
    draft: &mut Draft<R::Record>,
) -> Result<Vec<FieldProblem>> {
    let mut checks = Checks::default();
    check_external_ids(tx, &draft.meta.external_ids.0, R::Record::external_ids(&mut draft.new), &mut checks);
    R::prepare(tx, draft, &mut checks).await?;
    let warnings = accept(checks)?;
    if !scope.covers(&draft.meta.keys()) {
        return Err(outside_reach(scope.permission));
    }
    Ok(warnings)
}

/// Refuses a prepared draft that may not be written now: its period is closed, or a key of it belongs
/// to another record. What writes several records asks this for all of them before it writes the
/// first: others in the same transaction go on after a refusal.
pub(crate) async fn admit<R: Resource>(tx: &Tx, draft: &mut Draft<R::Record>) -> Result<()> {
    period::check::<R>(tx, draft).await?;
    check_keys_free::<R>(tx, draft).await
}

/// Writes a prepared draft: row, outside keys and journal entry.
pub(crate) async fn store<R: Resource>(
    tx: &Tx,
    mut draft: Draft<R::Record>,
    operation: Operation,
    warnings: Vec<FieldProblem>,
) -> Result<Written<R::Record>> {
    admit::<R>(tx, &mut draft).await?;
    let (keys, at) = (draft.meta.keys(), draft.meta.updated_at);
    let search_text = (!R::SEARCH_TEXT.is_personal()).then(|| draft.meta.search_text.clone());
    let before = draft.before;
    let created = before.is_none();
    let mut model = R::Record::model(draft.meta, draft.new, draft.managed);
    let key = tx.ctx.db.vault().seal::<R::Record>(&tx.ctx.ids, &mut model)?;
    let active = model.clone().into_active_model().reset_all();
    let mut record = R::Record::from_model(model.clone());
    keep_external_ids::<R>(tx, &record, before.as_ref()).await?;
    let id = record.id();
    if created {
        tx.db.add_record::<R::Entity>(id, active).await?;
    } else {
        tx.db.change_record::<R::Entity>(id, active).await?;
    }
    tx.wrote::<R>(&model, created);
    let (record_id, version) = (record.id(), record.version());
    let entry = Entry { resource: R::KIND, operation, record_id, version, keys: &keys, at, search_text };
    match key {
        Some(key) => journal::append(tx, entry, &key.veiled(&record)?).await?,
        None => journal::append(tx, entry, &record).await?,
    }
    R::show(&mut record, tx.sight(), tx.ctx.clock.today());
    let warnings = warnings.iter().map(|w| Problem::new(w, tx.ctx.lang)).collect();
    Ok(Written { record, warnings, created })
}
