//! The five standard operations and the upsert by an outside key, once for every kind of record.
//!
//! The order inside is always the same: authorise, transaction, load in scope, pure rule, write,
//! journal, commit, shape.

use std::{collections::HashMap, future::Future};

use chrono::NaiveDate;
use gdtx_domain::{
    Checks, DataClass, FieldProblem,
    access::reach::Keys,
    exchange::{
        external_id::ExternalId,
        record_key,
        resource::{Operation, ResourceKind},
    },
    text,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, ExprTrait, FromQueryResult, IntoActiveModel, Order,
    PaginatorTrait, PrimaryKeyTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, LikeExpr},
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    Code, Count, Ctx, Error, Page, PageInfo, PageRequest, Result, Written,
    access::{policy::Permission, scope::{Scope, Sight}},
    error::accept,
    exchange::journal::{self, Entry},
    filter::{self, Filter},
    page::{self, Cursor},
    shape::{Meta, Record},
    tx::{Tx, outside_reach},
    written::Problem,
};

/// A record on its way into the table; `prepare` completes and checks it.
pub struct Draft<T: Record> {
    pub meta: Meta,
    pub new: T::New,
    pub managed: T::Managed,
    /// The record as it is stored, when this is a change.
    pub before: Option<T>,
}

/// What the standard operations need to know about a kind of record.
pub trait Resource: Send + Sync + Sized + 'static {
    type Entity: EntityTrait<Model = Self::Model, ActiveModel = Self::ActiveModel, PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>>;
    type Model: FromQueryResult + IntoActiveModel<Self::ActiveModel> + Clone + Send + Sync;
    type ActiveModel: ActiveModelTrait<Entity = Self::Entity> + Send;
    type Record: Record<Model = Self::Model>;
    type Filter: Filter<Entity = Self::Entity>;

    const KIND: ResourceKind;
    const READ: Permission;
    const WRITE: Permission;
    /// Sort keys on the wire, their columns and what they hold.
    const SORTS: &'static [Sort] = &[Sort::ID, Sort::NAME, Sort::CREATED_AT, Sort::UPDATED_AT];
    /// What the search text holds: who may not see it can neither search nor sort by it.
    const SEARCH_TEXT: DataClass = DataClass::None;

    /// What use cases know of a new record before anything happened to it.
    fn managed(new: &<Self::Record as Record>::New) -> <Self::Record as Record>::Managed;

    /// Completes a draft (keys, search text, resolved places) and checks it against the rules.
    fn prepare(tx: &Tx, draft: &mut Draft<Self::Record>, checks: &mut Checks) -> impl Future<Output = Result<()>> + Send;

    /// What follows, in the same transaction, from a record that has just come to be.
    fn created(_tx: &Tx, _meta: &Meta, _new: &<Self::Record as Record>::New) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// What follows, in the same transaction, from a record that has just changed.
    fn changed(_tx: &Tx, _before: &Self::Record, _after: &Self::Record) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// Narrows a list; overridden where a condition depends on the day.
    fn narrow(filter: &Self::Filter, select: Select<Self::Entity>, _today: NaiveDate) -> Select<Self::Entity> {
        filter.narrow(select)
    }

    /// Makes a record what its reader may see; overridden where that depends on the record or the
    /// day. Every surface and the change feed go through here.
    fn show(record: &mut Self::Record, sight: Sight, _today: NaiveDate) {
        record.mask(sight);
    }

    /// Whether a record may be retired now.
    fn check_retire(_tx: &Tx, _record: &Self::Record) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
}

/// One sort key.
#[derive(Clone, Copy, Debug)]
pub struct Sort {
    pub name: &'static str,
    pub column: &'static str,
    /// Whether the column holds an instant (bound as such in cursors).
    pub instant: bool,
}

impl Sort {
    pub const ID: Self = Self { name: "id", column: "id", instant: false };
    pub const NAME: Self = Self { name: "name", column: "search_text", instant: false };
    pub const CREATED_AT: Self = Self { name: "createdAt", column: "created_at", instant: true };
    pub const UPDATED_AT: Self = Self { name: "updatedAt", column: "updated_at", instant: true };
}

type New<R> = <<R as Resource>::Record as Record>::New;
type Patch<R> = <<R as Resource>::Record as Record>::Patch;

/// Lists records in the caller's reach, one page.
pub async fn list<R: Resource>(ctx: &Ctx, filter: R::Filter, request: PageRequest) -> Result<Page<R::Record>> {
    list_in::<R>(&ctx.read().await?, filter, request).await
}

/// Lists records in a running transaction.
pub(crate) async fn list_in<R: Resource>(tx: &Tx, filter: R::Filter, request: PageRequest) -> Result<Page<R::Record>> {
    let scope = tx.require(R::READ)?;
    let size = page::size(request.first)?;
    let name = request.sort.as_deref().unwrap_or("id");
    let (key, order) = name.strip_prefix('-').map_or((name, Order::Asc), |key| (key, Order::Desc));
    let sort = R::SORTS
        .iter()
        .find(|s| s.name == key)
        .ok_or_else(|| page::unknown_sort(key, &R::SORTS.iter().map(|s| s.name).collect::<Vec<_>>()))?;
    let print = page::fingerprint(R::KIND.code(), &filter, name);
    let mut personal = filter.personal();
    personal.extend(filter.search().map(|_| ("search".to_owned(), R::SEARCH_TEXT)));
    personal.extend((sort.column == Sort::NAME.column).then(|| ("sort".to_owned(), R::SEARCH_TEXT)));
    filter::check_sight(&personal, tx.sight())?;

    let today = tx.ctx.clock.today();
    let mut select = R::narrow(&filter, tx.select::<R::Entity>(&scope), today);
    if !filter.with_retired() {
        select = select.filter(Expr::col("deleted_at").is_null());
    }
    if let Some(words) = filter.search() {
        select = select.filter(search_condition(words));
    }
    let total_count = match request.count {
        None => None,
        Some(Count::Exact) => Some(select.clone().count(&tx.db).await?),
        Some(Count::Estimated) => Some(select.clone().limit(10_001).count(&tx.db).await?),
    };
    if let Some(text) = request.after.as_deref() {
        select = select.filter(after(sort, &order, &Cursor::decode(&print, text)?)?);
    }
    let mut models = select
        .order_by(Expr::col(sort.column), order.clone())
        .order_by(Expr::col("id"), order)
        .limit(u64::from(size) + 1)
        .all(&tx.db)
        .await?;
    let has_next_page = models.len() > size as usize;
    models.truncate(size as usize);

    let sight = tx.sight();
    let (mut items, mut cursors) = (Vec::with_capacity(models.len()), Vec::with_capacity(models.len()));
    for model in models {
        let (meta, ..) = R::Record::split(model.clone());
        cursors.push(Cursor::encode(&print, sort_value(sort, &meta), meta.id));
        let mut record = R::Record::from_model(model);
        R::show(&mut record, sight, today);
        items.push(record);
    }
    Ok(Page { page_info: PageInfo { end_cursor: cursors.last().cloned(), has_next_page }, items, cursors, total_count })
}

pub(crate) fn search_condition(words: &str) -> Condition {
    let folded = text::fold(words);
    folded.split(' ').filter(|w| !w.is_empty()).fold(Condition::all(), |all, word| {
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        all.add(Expr::col("search_text").like(LikeExpr::new(format!("%{escaped}%")).escape('\\')))
    })
}

fn sort_value(sort: &Sort, meta: &Meta) -> String {
    match sort.column {
        "search_text" => meta.search_text.clone(),
        "created_at" => meta.created_at.to_rfc3339(),
        "updated_at" => meta.updated_at.to_rfc3339(),
        _ => String::new(),
    }
}

/// The row-value comparison that both databases answer from an index.
pub(crate) fn after(sort: &Sort, order: &Order, cursor: &Cursor) -> Result<sea_orm::sea_query::Expr> {
    let id = || Expr::val(cursor.i);
    let (left, right) = if sort.column == "id" {
        (Expr::tuple([Expr::col("id")]), Expr::tuple([id()]))
    } else {
        let value = if sort.instant {
            let instant: chrono::DateTime<chrono::Utc> =
                cursor.k.parse().map_err(|_| page::unknown_sort(&cursor.k, &["a cursor of this list"]))?;
            Expr::val(instant)
        } else {
            Expr::val(cursor.k.clone())
        };
        (Expr::tuple([Expr::col(sort.column), Expr::col("id")]), Expr::tuple([value, id()]))
    };
    Ok(if *order == Order::Desc { left.lt(right) } else { left.gt(right) })
}

/// Reads one record.
pub async fn get<R: Resource>(ctx: &Ctx, id: Uuid) -> Result<R::Record> {
    let tx = ctx.read().await?;
    let scope = tx.require(R::READ)?;
    let mut record = R::Record::from_model(load::<R>(&tx, &scope, id, false).await?);
    R::show(&mut record, tx.sight(), ctx.clock.today());
    Ok(record)
}

/// Reads several records at once, for the loaders of GraphQL: the same scope and the same mask.
pub async fn get_many<R: Resource>(ctx: &Ctx, ids: Vec<Uuid>) -> Result<HashMap<Uuid, R::Record>> {
    let tx = ctx.read().await?;
    let scope = tx.require(R::READ)?;
    let models = tx.select::<R::Entity>(&scope).filter(Expr::col("id").is_in(ids)).all(&tx.db).await?;
    let sight = tx.sight();
    Ok(models
        .into_iter()
        .map(|model| {
            let mut record = R::Record::from_model(model);
            R::show(&mut record, sight, ctx.clock.today());
            (record.id(), record)
        })
        .collect())
}

/// Loads one row in scope; with a lock when it is to be changed.
pub(crate) async fn load<R: Resource>(tx: &Tx, scope: &Scope, id: Uuid, lock: bool) -> Result<R::Model> {
    let mut select: Select<R::Entity> = tx.select::<R::Entity>(scope).filter(Expr::col("id").eq(id));
    if lock {
        select = select.lock_exclusive();
    }
    select.one(&tx.db).await?.ok_or_else(Error::not_found)
}

/// Creates a record.
pub async fn create<R: Resource>(ctx: &Ctx, input: New<R>) -> Result<Written<R::Record>> {
    let operation = format!("create:{}", R::KIND);
    let tx = ctx.write().await?;
    let scope = tx.require(R::WRITE)?;
    if let Some(kept) = tx.replay::<Written<R::Record>>(&operation, &input).await? {
        return Ok(Written { created: true, ..kept });
    }
    let written = Box::pin(create_in::<R>(&tx, &scope, input.clone())).await?;
    tx.finish(&operation, &input, written).await
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

async fn prepare<R: Resource>(tx: &Tx, scope: &Scope, draft: &mut Draft<R::Record>) -> Result<Vec<FieldProblem>> {
    let mut checks = Checks::default();
    check_external_ids(R::Record::external_ids(&draft.new), &mut checks);
    R::prepare(tx, draft, &mut checks).await?;
    let warnings = accept(checks)?;
    if !scope.covers(&draft.meta.keys()) {
        return Err(outside_reach(scope.permission));
    }
    Ok(warnings)
}

/// Writes a prepared draft: row, outside keys and journal entry.
pub(crate) async fn store<R: Resource>(
    tx: &Tx,
    draft: Draft<R::Record>,
    operation: Operation,
    warnings: Vec<FieldProblem>,
) -> Result<Written<R::Record>> {
    let keys = draft.meta.keys();
    let created = draft.before.is_none();
    let external_ids = R::Record::external_ids(&draft.new).to_vec();
    let model = R::Record::model(draft.meta, draft.new, draft.managed);
    let active = model.clone().into_active_model().reset_all();
    if created {
        R::Entity::insert(active).exec_without_returning(&tx.db).await?;
    } else {
        R::Entity::update(active).exec(&tx.db).await?;
    }
    let mut record = R::Record::from_model(model);
    keep_external_ids::<R>(tx, record.id(), &external_ids, created).await?;
    let entry = Entry {
        resource: R::KIND,
        operation,
        record_id: record.id(),
        version: record.version(),
        keys: &keys,
        after: &record,
    };
    journal::append(tx, entry).await?;
    R::show(&mut record, tx.sight(), tx.ctx.clock.today());
    let warnings = warnings.iter().map(|w| Problem::new(w, tx.ctx.lang)).collect();
    Ok(Written { record, warnings, created })
}

pub(crate) fn check_external_ids(ids: &[ExternalId], checks: &mut Checks) {
    for (i, id) in ids.iter().enumerate() {
        let fits = |s: &str| s.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if id.system.is_empty() || id.system.len() > 60 || !fits(&id.system) {
            checks.refuse(
                &format!("/externalIds/{i}/system"),
                "invalid_system",
                "Mã hệ thống gồm chữ thường, số và gạch dưới, tối đa 60 ký tự.",
                "A system is lower-case letters, digits and underscores, at most 60 characters.",
            );
        }
        let mut value = id.value.clone();
        checks.text(&format!("/externalIds/{i}/value"), &mut value, 255);
    }
}

/// Keeps the index of outside keys in step; a key of another record is a conflict.
#[expect(clippy::disallowed_methods, reason = "the key index holds no data of records")]
async fn keep_external_ids<R: Resource>(tx: &Tx, record_id: Uuid, ids: &[ExternalId], created: bool) -> Result<()> {
    use record_key::{Column, Entity, Model};
    if !created {
        Entity::delete_many()
            .filter(Column::RecordId.eq(record_id))
            .filter(Column::Resource.eq(R::KIND))
            .exec(&tx.db)
            .await?;
    }
    for (i, id) in ids.iter().enumerate() {
        let key = (R::KIND, id.system.clone(), id.value.clone());
        if Entity::find_by_id(key).one(&tx.db).await?.is_some() {
            return Err(Error::field(
                Code::Conflict,
                &format!("/externalIds/{i}"),
                "external_id_taken",
                "Khóa này đã thuộc về một bản ghi khác.",
                "This key belongs to another record already.",
            ));
        }
        let row = Model { resource: R::KIND, system: id.system.clone(), value: id.value.clone(), record_id };
        Entity::insert(row.into_active_model()).exec_without_returning(&tx.db).await?;
    }
    Ok(())
}

/// Changes a record. `expected` is the version the caller read (`If-Match`).
pub async fn update<R: Resource>(ctx: &Ctx, id: Uuid, patch: Patch<R>, expected: Option<i64>) -> Result<Written<R::Record>> {
    let operation = format!("update:{}:{id}", R::KIND);
    let tx = ctx.write().await?;
    let scope = tx.require(R::WRITE)?;
    let fingerprint = (expected, serde_json::to_value(&patch).unwrap_or_default());
    if let Some(kept) = tx.replay::<Written<R::Record>>(&operation, &fingerprint).await? {
        return Ok(kept);
    }
    let model = load_visible::<R>(&tx, &scope, id).await?;
    let written =
        Box::pin(change::<R>(&tx, &scope, model, expected, |new, checks| R::Record::apply(new, patch, checks))).await?;
    tx.finish(&operation, &fingerprint, written).await
}

/// Loads a row to be changed: not visible is 404, visible but not writable is 403.
pub(crate) async fn load_visible<R: Resource>(tx: &Tx, scope: &Scope, id: Uuid) -> Result<R::Model> {
    let visible = tx.require(R::READ).unwrap_or_else(|_| scope.clone());
    let model = load::<R>(tx, &visible, id, true).await?;
    let (meta, ..) = R::Record::split(model.clone());
    if scope.covers(&meta.keys()) { Ok(model) } else { Err(outside_reach(scope.permission)) }
}

/// Applies a change to a loaded row, when it is live and of the expected version.
async fn change<R: Resource>(
    tx: &Tx,
    scope: &Scope,
    model: R::Model,
    expected: Option<i64>,
    apply: impl FnOnce(&mut New<R>, &mut Checks) + Send,
) -> Result<Written<R::Record>> {
    let before = R::Record::from_model(model.clone());
    let (mut meta, mut new, managed) = R::Record::split(model.clone());
    check_live(&meta, expected)?;
    let mut checks = Checks::default();
    apply(&mut new, &mut checks);
    accept(checks)?;
    let old_keys = meta.keys();
    meta.version += 1;
    meta.updated_at = tx.ctx.clock.now();
    let mut draft = Draft { meta, new, managed, before: Some(before.clone()) };
    let warnings = Box::pin(prepare::<R>(tx, scope, &mut draft)).await?;
    let after = R::Record::from_model(R::Record::model(draft.meta.clone(), draft.new.clone(), draft.managed.clone()));
    if same_content(&before, &after) {
        let mut record = before;
        R::show(&mut record, tx.sight(), tx.ctx.clock.today());
        let warnings = warnings.iter().map(|w| Problem::new(w, tx.ctx.lang)).collect();
        return Ok(Written { record, warnings, created: false });
    }
    let moved = R::KIND == ResourceKind::Centres && old_keys != draft.meta.keys();
    if moved {
        crate::centres::relocation::follow(tx, &old_keys, &draft.meta.keys()).await?;
    }
    let written = Box::pin(store::<R>(tx, draft, Operation::Updated, warnings)).await?;
    R::changed(tx, &before, &after).await?;
    Ok(written)
}

/// Whether a record may change at all, and is the one that the caller read.
pub(crate) fn check_live(meta: &Meta, expected: Option<i64>) -> Result<()> {
    if meta.deleted_at.is_some() {
        return Err(Error::new(Code::Conflict, "Bản ghi đã bị hủy.", "The record is retired."));
    }
    match expected {
        Some(version) if version != meta.version => Err(Error::new(
            Code::StaleVersion,
            format!("Bản ghi đang ở phiên bản {}, không phải {version}.", meta.version),
            format!("The record is at version {}, not {version}.", meta.version),
        )),
        _ => Ok(()),
    }
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

/// Retires a record: it stays readable with `deletedAt`.
pub async fn retire<R: Resource>(ctx: &Ctx, id: Uuid, expected: Option<i64>) -> Result<Written<R::Record>> {
    let operation = format!("retire:{}:{id}", R::KIND);
    let tx = ctx.write().await?;
    let scope = tx.require(R::WRITE)?;
    if let Some(kept) = tx.replay::<Written<R::Record>>(&operation, &expected).await? {
        return Ok(kept);
    }
    let model = load_visible::<R>(&tx, &scope, id).await?;
    let before = R::Record::from_model(model.clone());
    let (mut meta, new, managed) = R::Record::split(model);
    check_live(&meta, expected)?;
    R::check_retire(&tx, &before).await?;
    meta.version += 1;
    meta.updated_at = tx.ctx.clock.now();
    meta.deleted_at = Some(meta.updated_at);
    let draft = Draft { meta, new, managed, before: Some(before) };
    let written = store::<R>(&tx, draft, Operation::Retired, Vec::new()).await?;
    tx.finish(&operation, &expected, written).await
}

/// Creates or replaces a record by the caller's own key. The same content twice changes nothing.
#[expect(clippy::disallowed_methods, reason = "the key index holds no data of records")]
pub async fn upsert<R: Resource>(ctx: &Ctx, value: String, mut input: New<R>) -> Result<Written<R::Record>>
where
    New<R>: WithExternalIds,
{
    let tx = ctx.write().await?;
    let scope = tx.require(R::WRITE)?;
    let system = tx.system().unwrap_or("system").to_owned();
    let own = ExternalId { system: system.clone(), value: value.clone() };
    if !input.external_ids_mut().contains(&own) {
        input.external_ids_mut().push(own);
    }
    let found = record_key::Entity::find_by_id((R::KIND, system, value)).one(&tx.db).await?;
    let written = match found {
        None => Box::pin(create_in::<R>(&tx, &scope, input.clone())).await?,
        Some(key) => {
            let model = load_visible::<R>(&tx, &scope, key.record_id).await?;
            Box::pin(change::<R>(&tx, &scope, model, None, |new, _| *new = input.clone())).await?
        }
    };
    tx.finish("upsert", &input, written).await
}

/// Access to the outside keys of an input.
pub trait WithExternalIds {
    fn external_ids_mut(&mut self) -> &mut Vec<ExternalId>;
}

/// Loads the record that a new one names as its owner, in the caller's read scope, or explains
/// at the pointer why it cannot be used.
pub(crate) async fn owner<P: Resource>(tx: &Tx, pointer: &str, id: Uuid, checks: &mut Checks) -> Result<Option<(P::Record, Keys)>> {
    let row = owner_row::<P>(tx, pointer, id, checks).await?;
    Ok(row.map(|model| (P::Record::from_model(model.clone()), P::Record::split(model).0.keys())))
}

/// The same as a row, for rules that judge an owner and its child together.
pub(crate) async fn owner_row<P: Resource>(tx: &Tx, pointer: &str, id: Uuid, checks: &mut Checks) -> Result<Option<P::Model>> {
    let scope = tx.require(P::READ)?;
    match load::<P>(tx, &scope, id, false).await {
        Ok(model) => {
            if P::Record::split(model.clone()).0.deleted_at.is_some() {
                checks.refuse(pointer, "retired", "Bản ghi này đã bị hủy.", "That record is retired.");
            }
            Ok(Some(model))
        }
        Err(error) if error.code == Code::NotFound => {
            checks.refuse(pointer, "unknown_record", "Không có bản ghi này trong phạm vi.", "There is no such record within reach.");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
