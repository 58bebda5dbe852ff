//! Changes and retires records that are live and of the version the caller read.

use gdtx_domain::{
    Checks,
    exchange::resource::{Operation, ResourceKind},
};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    Code, Ctx, Error, Result, Written,
    access::scope::Scope,
    error::accept,
    shape::{Meta, Record},
    tx::{Tx, outside_reach},
    written::Problem,
};

use super::{
    Draft, New, Patch, Resource,
    create::{admit, prepare, store},
    keys::forget_keys,
    once::{Request, once},
    read::{Lock, load},
};

/// Changes a record. `expected` is the version the caller read (`If-Match`).
pub async fn update<R: Resource>(
    ctx: &Ctx,
    id: Uuid,
    patch: Patch<R>,
    expected: Option<i64>,
) -> Result<Written<R::Record>> {
    let input = (expected, patch);
    let request = Request { operation: format!("update:{}:{id}", R::KIND), permission: R::WRITE, input: &input };
    once::<R, _>(ctx, request, |tx, scope| Box::pin(update_in::<R>(tx, scope, id, input.clone()))).await
}

async fn update_in<R: Resource>(
    tx: &Tx,
    scope: &Scope,
    id: Uuid,
    (expected, patch): (Option<i64>, Patch<R>),
) -> Result<Written<R::Record>> {
    let model = load_visible::<R>(tx, scope, id).await?;
    let named = named(&patch)?;
    change::<R>(tx, scope, model, (expected, &named), |new, checks| R::Record::apply(new, patch, checks)).await
}

/// Loads a row to be changed: not visible is 404, visible but not writable is 403.
pub(crate) async fn load_visible<R: Resource>(tx: &Tx, scope: &Scope, id: Uuid) -> Result<R::Model> {
    let visible = tx.require(R::READ).unwrap_or_else(|_| scope.clone());
    let model = load::<R>(tx, &visible, id, Lock::Exclusive).await?;
    let (meta, ..) = R::Record::split(model.clone());
    if scope.covers(&meta.keys()) { Ok(model) } else { Err(outside_reach(scope.permission)) }
}

/// Applies a change to a loaded row, when it is live and of the expected version. `named` are the fields that the
/// sender tells.
pub(super) async fn change<R: Resource>(
    tx: &Tx,
    scope: &Scope,
    model: R::Model,
    (expected, named): (Option<i64>, &[String]),
    apply: impl FnOnce(&mut New<R>, &mut Checks) + Send,
) -> Result<Written<R::Record>> {
    let before = R::Record::from_model(model.clone());
    check_live(&R::Record::split(model.clone()).0, expected)?;
    let mut draft = revise(tx, before.clone(), model);
    let mut checks = Checks::default();
    apply(&mut draft.new, &mut checks);
    accept(checks)?;
    let old_keys = draft.meta.keys();
    let warnings = Box::pin(prepare::<R>(tx, scope, &mut draft)).await?;
    let after = R::Record::from_model(R::Record::model(draft.meta.clone(), draft.new.clone(), draft.managed.clone()));
    if same_content(&before, &after) && !hides::<R>(tx, &before, named) {
        let mut record = before;
        R::show(&mut record, tx.sight(), tx.ctx.clock.today());
        let warnings = warnings.iter().map(|w| Problem::new(w, tx.ctx.lang)).collect();
        return Ok(Written { record, warnings, created: false });
    }
    let moved = R::KIND == ResourceKind::Centres && old_keys != draft.meta.keys();
    if moved {
        admit::<R>(tx, &mut draft).await?;
        crate::centres::relocation::follow(tx, draft.meta.version, &old_keys, &draft.meta.keys()).await?;
    }
    let written = Box::pin(store::<R>(tx, draft, Operation::Updated, warnings)).await?;
    R::changed(tx, &before, &after).await?;
    Ok(written)
}

/// The fields that hold a value in what a caller sends, by their names on the wire.
pub(super) fn named<T: Serialize>(sent: &T) -> Result<Vec<String>> {
    let sent = serde_json::to_value(sent).map_err(Error::internal)?;
    Ok(sent.as_object().map(told).unwrap_or_default())
}

/// The members that hold a value.
pub(super) fn told(members: &Map<String, Value>) -> Vec<String> {
    members.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name.clone()).collect()
}

/// Whether the sender tells a field that it may not see: that nothing changes would tell it the value.
fn hides<R: Resource>(tx: &Tx, before: &R::Record, named: &[String]) -> bool {
    let mut seen = before.clone();
    R::show(&mut seen, tx.entitled(), tx.ctx.clock.today());
    seen.masked().iter().any(|field| named.contains(field))
}

/// Whether a record may change at all, and is the one that the caller read.
pub(crate) fn check_live(meta: &Meta, expected: Option<i64>) -> Result<()> {
    if meta.deleted_at.is_some() {
        return Err(Error::new(Code::Conflict, "Bản ghi đã bị hủy.", "The record is retired."));
    }
    check_version(meta.version, expected)
}

/// Whether the record is the one that the caller read.
pub(crate) fn check_version(stored: i64, expected: Option<i64>) -> Result<()> {
    let stale = |vi: String, en: String| Err(Error::new(Code::StaleVersion, vi, en));
    match expected {
        Some(version) if version == stored => Ok(()),
        Some(_) if stored == 0 => stale(
            "Chưa có bản ghi này; bỏ If-Match để tạo.".into(),
            "There is no such record yet: leave out If-Match.".into(),
        ),
        Some(0) => stale(
            format!("Đã có bản ghi, ở phiên bản {stored}."),
            format!("There is a record already, at version {stored}."),
        ),
        Some(version) if version < 0 => stale(
            format!("ETag này không phải của bản ghi, đang ở phiên bản {stored}."),
            format!("The ETag is none of the record's, which is at version {stored}."),
        ),
        Some(version) => stale(
            format!("Bản ghi đang ở phiên bản {stored}, không phải {version}."),
            format!("The record is at version {stored}, not {version}."),
        ),
        None => Ok(()),
    }
}

/// The next version of a record: `after` is what it shall be, `before` what is stored.
pub(crate) fn revise<T: Record>(tx: &Tx, before: T, after: T::Model) -> Draft<T> {
    let (mut meta, new, managed) = T::split(after);
    meta.version += 1;
    meta.updated_at = tx.ctx.clock.now();
    Draft { meta, new, managed, before: Some(before) }
}

/// Whether two states of a record say the same apart from version and time.
pub(crate) fn same_content<T: Serialize>(a: &T, b: &T) -> bool {
    let plain = |record: &T| {
        let mut value = serde_json::to_value(record).unwrap_or_default();
        if let Some(map) = value.as_object_mut() {
            map.remove("version");
            map.remove("updatedAt");
        }
        value
    };
    plain(a) == plain(b)
}

/// Retires a record: it stays readable with `deletedAt`. Its outside keys are free again.
pub async fn retire<R: Resource>(ctx: &Ctx, id: Uuid, expected: Option<i64>) -> Result<Written<R::Record>> {
    let request = Request { operation: format!("retire:{}:{id}", R::KIND), permission: R::WRITE, input: &expected };
    once::<R, _>(ctx, request, |tx, scope| Box::pin(retire_in::<R>(tx, scope, id, expected))).await
}

async fn retire_in<R: Resource>(tx: &Tx, scope: &Scope, id: Uuid, expected: Option<i64>) -> Result<Written<R::Record>> {
    let model = load_visible::<R>(tx, scope, id).await?;
    let before = R::Record::from_model(model.clone());
    check_live(&R::Record::split(model.clone()).0, expected)?;
    R::check_retire(tx, &before).await?;
    let mut draft = revise(tx, before, model);
    draft.meta.deleted_at = Some(draft.meta.updated_at);
    let written = store::<R>(tx, draft, Operation::Retired, Vec::new()).await?;
    forget_keys::<R>(tx, id).await?;
    Ok(written)
}
