//! Subscribes, reads, changes, replays and unsubscribes. A webhook belongs to the client that made it;
//! others do not learn that it exists.

use async_graphql::MaybeUndefined;
use chrono::Duration;
use gdtx_domain::{
    Checks, List, Rule, Ruled,
    access::reach::Reach,
    centres::centre,
    exchange::webhook::{
        delivery,
        subscription::{self, WebhookSignature, WebhookState},
        target::Targets,
    },
    rule,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{
    key::Key,
    shape::{IssuedWebhook, NewWebhook, Webhook, WebhookPatch},
};
use crate::{
    Code, Ctx, Error, Page, PageRequest, Result,
    access::{
        caller::{self, Caller},
        policy::Permission,
        reach,
    },
    error::accept,
    field::{set_optional, set_required},
    page::{self, Cursor},
    pager::Sort,
    replicas,
    resource::check_version,
    tx::Tx,
};

/// Webhooks of one client.
const MOST: u64 = 20;
const NAME: Rule = rule::text(200);
/// Hours for which the old key signs on: when nothing else is asked, and at most.
const OVERLAP_HOURS: u32 = 24;
const MAX_OVERLAP_HOURS: u32 = 720;

/// The client that asks: webhooks belong to clients.
fn client(tx: &Tx) -> Result<Uuid> {
    caller::client(tx, Permission::ChangesRead)
}

/// The caller's own webhook with an id.
#[expect(clippy::disallowed_methods, reason = "a webhook belongs to its client alone")]
pub(crate) async fn own(tx: &Tx, id: Uuid, lock: bool) -> Result<subscription::Model> {
    let client = client(tx)?;
    let mut select = subscription::Entity::find_by_id(id).filter(subscription::Column::ClientId.eq(client));
    if lock {
        select = select.lock_exclusive();
    }
    select.one(&tx.db).await?.ok_or_else(Error::not_found)
}

/// Reads one of the caller's webhooks.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<Webhook> {
    let tx = ctx.read_primary().await?;
    let hook = Webhook::of(ctx.db.vault(), own(&tx, id, false).await?)?;
    tx.end(hook).await
}

/// Lists the caller's webhooks, oldest first.
#[expect(clippy::disallowed_methods, reason = "webhooks belong to their client alone")]
pub async fn list(ctx: &Ctx, request: PageRequest) -> Result<Page<Webhook>> {
    let size = page::size(request.first)?;
    let tx = ctx.read_primary().await?;
    let owner = client(&tx)?;
    let print = page::fingerprint("webhooks", &owner, Sort::ID.name);
    let mut select = subscription::Entity::find().filter(subscription::Column::ClientId.eq(owner));
    if let Some(after) = &request.after {
        select = select.filter(subscription::Column::Id.gt(Cursor::decode(print, after)?.i));
    }
    let rows = select.order_by_asc(subscription::Column::Id).limit(u64::from(size) + 1).all(&tx.db).await?;
    let page = Page::of(rows, &request, |row| Cursor::encode(print, &[], row.id))?
        .try_map(|row| Webhook::of(ctx.db.vault(), row))?;
    tx.end(page).await
}

/// Subscribes. The secret in the answer is shown this once.
pub async fn create(ctx: &Ctx, input: NewWebhook, targets: &Targets) -> Result<IssuedWebhook> {
    const OPERATION: &str = "create:webhooks";
    let tx = ctx.write().await?;
    let client_id = client(&tx)?;
    if let Some(kept) = tx.replay::<IssuedWebhook>(OPERATION, &input).await? {
        return Ok(kept);
    }
    check_number(&tx, client_id).await?;
    let (id, now) = (ctx.new_id(), ctx.clock.now());
    let key = Key::new(ctx, input.signature.unwrap_or(WebhookSignature::Symmetric))?;
    let end = replicas::position(&tx.db).await?;
    let mut checks = Checks::default();
    check_position(input.after, end, &mut checks);
    let mut hook = subscription::Model {
        id,
        version: 1,
        created_at: now,
        updated_at: now,
        client_id,
        secret: key.seal(ctx.db.vault(), id)?,
        signature: input.signature.unwrap_or(WebhookSignature::Symmetric),
        position: input.after.unwrap_or(end),
        ..blank(input.clone())
    };
    check(&tx, &mut hook, targets, &mut checks).await?;
    check_operations(&hook, &mut checks);
    accept(checks)?;
    hook.clone().into_active_model().insert(&tx.db).await?;
    let webhook = Webhook::of(ctx.db.vault(), hook)?;
    let kept = tx.finish(OPERATION, &input, IssuedWebhook { webhook, secret: None }).await?;
    Ok(IssuedWebhook { secret: key.secret().filter(|_| !ctx.dry_run), ..kept })
}

fn blank(input: NewWebhook) -> subscription::Model {
    subscription::Model {
        id: Uuid::nil(),
        version: 0,
        created_at: chrono::DateTime::UNIX_EPOCH,
        updated_at: chrono::DateTime::UNIX_EPOCH,
        client_id: Uuid::nil(),
        name: input.name,
        url: input.url,
        resources: input.resources.into(),
        operations: input.operations.into(),
        within: input.within,
        purpose: input.purpose,
        signature: WebhookSignature::Symmetric,
        secret: String::new(),
        previous_secret: None,
        previous_until: None,
        state: WebhookState::Active,
        position: 0,
        failing_since: None,
        failures: 0,
        last_fault: None,
        last_status: None,
        next_attempt_at: None,
        last_delivered_at: None,
        runner: None,
        leased_until: None,
    }
}

#[expect(clippy::disallowed_methods, reason = "the caller's own webhooks are counted")]
async fn check_number(tx: &Tx, client: Uuid) -> Result<()> {
    let held = subscription::Entity::find().filter(subscription::Column::ClientId.eq(client)).count(&tx.db).await?;
    if held < MOST {
        return Ok(());
    }
    let (vi, en) = (format!("Tối đa {MOST} webhook cho một ứng dụng."), format!("At most {MOST} webhooks a client."));
    Err(Error::new(Code::Conflict, vi, en))
}

fn check_position(after: Option<i64>, end: i64, checks: &mut Checks) {
    checks.range("/after", after, 0, end);
}

/// Normalises a webhook in place and finds everything that is wrong with it.
async fn check(tx: &Tx, hook: &mut subscription::Model, targets: &Targets, checks: &mut Checks) -> Result<()> {
    hook.name.obey(NAME, "/name", checks);
    match targets.check(&hook.url) {
        Ok(url) => hook.url = url.into(),
        Err((code, said)) => checks.refuse("/url", code, said.vi, said.en),
    }
    if let Some(within) = &mut hook.within {
        within.obey(rule::any(), "/within", checks);
        *within = std::mem::take(within).tidy();
        check_within(tx, within, checks).await?;
    }
    check_purpose(tx, hook, checks);
    Ok(())
}

/// Refuses changes that never happen to the kinds of record that are told of.
fn check_operations(hook: &subscription::Model, checks: &mut Checks) {
    let kinds = &hook.resources.0;
    for (i, operation) in hook.operations.0.iter().enumerate().filter(|(_, operation)| !operation.may_happen_to(kinds))
    {
        let code = operation.code();
        checks.refuse(
            &format!("/operations/{i}"),
            "never_happens",
            format!("“{code}” không xảy ra với các loại bản ghi ở resources; hãy bỏ resources trống hoặc thêm loại phù hợp."),
            format!("“{code}” never happens to the kinds in resources: leave resources out, or add a kind that it happens to."),
        );
    }
}

/// Whoever names a centre that it may not see learns nothing of it.
async fn check_within(tx: &Tx, within: &Reach, checks: &mut Checks) -> Result<()> {
    if within.is_empty() {
        let (vi, en) = ("Hãy nêu ít nhất một địa bàn hoặc cơ sở.", "Name a place or a centre at least.");
        checks.refuse("/within", "required", vi, en);
    }
    reach::check_places("/within", within, tx.ctx.clock.today(), checks);
    let seen = tx.select::<centre::Entity>(&tx.require(Permission::ChangesRead)?);
    let seen = seen.select_only().column(centre::Column::Id).filter(centre::Column::Id.is_in(within.centres.clone()));
    let seen: Vec<Uuid> = seen.into_tuple().all(&tx.db).await?;
    for (i, id) in within.centres.iter().enumerate().filter(|(_, id)| !seen.contains(id)) {
        checks.refuse(
            &format!("/within/centres/{i}"),
            "unknown_centre",
            format!("Không có cơ sở {id} trong phạm vi."),
            format!("There is no centre {id} within reach."),
        );
    }
    Ok(())
}

fn check_purpose(tx: &Tx, hook: &subscription::Model, checks: &mut Checks) {
    let Some(purpose) = hook.purpose else { return };
    let today = tx.ctx.clock.today();
    let agreement = if let Caller::Client(client) = &tx.caller { client.agreement.as_ref() } else { None };
    if !agreement.is_some_and(|agreement| agreement.covers(purpose, today)) {
        checks.refuse(
            "/purpose",
            "purpose_not_agreed",
            "Thỏa thuận chia sẻ dữ liệu của ứng dụng không có mục đích này hoặc đã hết hiệu lực.",
            "The client's data-sharing agreement does not name this purpose, or is not in force.",
        );
    }
}

/// Changes a webhook. `expected` is the version the caller read (`If-Match`).
pub async fn update(
    ctx: &Ctx,
    id: Uuid,
    patch: WebhookPatch,
    expected: Option<i64>,
    targets: &Targets,
) -> Result<Webhook> {
    let operation = format!("update:webhooks:{id}");
    let tx = ctx.write().await?;
    let input = (expected, serde_json::to_value(&patch).unwrap_or_default());
    let before = own(&tx, id, true).await?;
    if let Some(kept) = tx.replay::<Webhook>(&operation, &input).await? {
        return Ok(kept);
    }
    check_version(before.version, expected)?;
    let (mut after, mut checks) = (before.clone(), Checks::default());
    apply(&mut after, patch, &mut checks);
    check(&tx, &mut after, targets, &mut checks).await?;
    if (&after.resources, &after.operations) != (&before.resources, &before.operations) {
        check_operations(&after, &mut checks);
    }
    accept(checks)?;
    if after == before {
        return tx.finish(&operation, &input, Webhook::of(ctx.db.vault(), before)?).await;
    }
    let hook = store(&tx, after).await?;
    tx.finish(&operation, &input, hook).await
}

fn apply(hook: &mut subscription::Model, patch: WebhookPatch, checks: &mut Checks) {
    set_required("/name", &mut hook.name, patch.name, checks);
    set_required("/url", &mut hook.url, patch.url, checks);
    set_list(&mut hook.resources, patch.resources);
    set_list(&mut hook.operations, patch.operations);
    set_optional(&mut hook.within, patch.within);
    set_optional(&mut hook.purpose, patch.purpose);
    match patch.state {
        MaybeUndefined::Value(WebhookState::Active) => awaken(hook),
        MaybeUndefined::Value(WebhookState::Paused) => hook.state = WebhookState::Paused,
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null | MaybeUndefined::Value(WebhookState::Disabled | WebhookState::Gone) => checks.refuse(
            "/state",
            "not_settable",
            "Chỉ đặt được “active” hoặc “paused”.",
            "Only “active” and “paused” can be set.",
        ),
    }
}

fn set_list<T>(list: &mut List<T>, change: MaybeUndefined<Vec<T>>) {
    match change {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *list = List::default(),
        MaybeUndefined::Value(items) => *list = items.into(),
    }
}

/// It is tried at once, as if nothing had failed.
fn awaken(hook: &mut subscription::Model) {
    if hook.state != WebhookState::Active || hook.next_attempt_at.is_some() {
        (hook.state, hook.failures) = (WebhookState::Active, 0);
        (hook.failing_since, hook.next_attempt_at) = (None, None);
    }
}

/// Gives a webhook a new key. The old one signs on for `overlap_hours` (0 to 720; 24 when absent).
pub async fn rotate_secret(ctx: &Ctx, id: Uuid, overlap_hours: Option<u32>) -> Result<IssuedWebhook> {
    let operation = format!("rotate:webhooks:{id}");
    let tx = ctx.write().await?;
    let mut hook = own(&tx, id, true).await?;
    if let Some(kept) = tx.replay::<IssuedWebhook>(&operation, &overlap_hours).await? {
        return Ok(kept);
    }
    let hours = overlap_hours.unwrap_or(OVERLAP_HOURS);
    let mut checks = Checks::default();
    checks.range("/overlapHours", Some(hours), 0, MAX_OVERLAP_HOURS);
    accept(checks)?;
    let key = Key::new(ctx, hook.signature)?;
    let old = std::mem::replace(&mut hook.secret, key.seal(ctx.db.vault(), id)?);
    hook.previous_secret = Some(old).filter(|_| hours > 0);
    hook.previous_until = hook.previous_secret.is_some().then(|| ctx.clock.now() + Duration::hours(hours.into()));
    let webhook = store(&tx, hook).await?;
    let kept = tx.finish(&operation, &overlap_hours, IssuedWebhook { webhook, secret: None }).await?;
    Ok(IssuedWebhook { secret: key.secret().filter(|_| !ctx.dry_run), ..kept })
}

/// Sends changes again, from a position on: everything after it that fits.
pub async fn replay(ctx: &Ctx, id: Uuid, after: i64) -> Result<Webhook> {
    let operation = format!("replay:webhooks:{id}");
    let tx = ctx.write().await?;
    let mut hook = own(&tx, id, true).await?;
    if let Some(kept) = tx.replay::<Webhook>(&operation, &after).await? {
        return Ok(kept);
    }
    let mut checks = Checks::default();
    check_position(Some(after), hook.position, &mut checks);
    accept(checks)?;
    delivery::Entity::delete_many()
        .filter(delivery::Column::WebhookId.eq(id))
        .filter(delivery::Column::Position.gt(after))
        .exec(&tx.db)
        .await?;
    (hook.position, hook.next_attempt_at) = (after, None);
    let hook = store(&tx, hook).await?;
    tx.finish(&operation, &after, hook).await
}

/// Unsubscribes: the webhook and its list of deliveries are gone.
pub async fn delete(ctx: &Ctx, id: Uuid, expected: Option<i64>) -> Result<Webhook> {
    let operation = format!("delete:webhooks:{id}");
    let tx = ctx.write().await?;
    client(&tx)?;
    if let Some(kept) = tx.replay::<Webhook>(&operation, &expected).await? {
        return Ok(kept);
    }
    let hook = own(&tx, id, true).await?;
    check_version(hook.version, expected)?;
    delivery::Entity::delete_many().filter(delivery::Column::WebhookId.eq(id)).exec(&tx.db).await?;
    subscription::Entity::delete_by_id(id).exec(&tx.db).await?;
    let gone = Webhook::of(ctx.db.vault(), hook)?;
    tx.finish(&operation, &expected, gone).await
}

/// Writes a changed webhook; whoever is at work on it finds out and begins again.
async fn store(tx: &Tx, mut hook: subscription::Model) -> Result<Webhook> {
    hook.version += 1;
    hook.updated_at = tx.ctx.clock.now();
    (hook.runner, hook.leased_until) = (None, None);
    subscription::Entity::update(hook.clone().into_active_model().reset_all()).exec(&tx.db).await?;
    Webhook::of(tx.ctx.db.vault(), hook)
}
