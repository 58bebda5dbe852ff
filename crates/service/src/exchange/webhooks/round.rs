//! One round of one webhook: what is due and what is new is sent, and what came of it is written down
//! together with how far the webhook has come.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use futures::{StreamExt, stream};
use gdtx_domain::{
    Lang,
    access::client,
    exchange::{
        resource::Operation,
        webhook::{
            delivery::{self, DeliveryFault, DeliveryState},
            patience,
            subscription::{self, WebhookState},
        },
    },
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;
use uuid::Uuid;

use super::{
    dispatch::Dispatcher,
    ledger,
    message::{Courier, Reply, Signer},
};
use crate::{
    Actor, Code, Ctx, Error, Result,
    access::reach,
    database::Session,
    exchange::changes::{self, Change, Changes, Wanted},
};

/// New changes in a round, and in one that finds out whether a receiver is back.
const CHUNK: usize = 500;
const PROBE: usize = 4;
/// Rounds of which a receiver that answers accepts nothing before their changes wait by themselves.
const IN_A_ROW: i32 = 3;
/// For how long messages of a round leave.
const SENDING: Duration = Duration::from_secs(20);
/// When a client that is suspended is looked at again.
const SUSPENDED: chrono::Duration = chrono::Duration::minutes(5);

/// What follows a round.
pub(super) enum Next {
    More,
    Later,
}

/// A delivery on its way: the row about it, and what came back; nothing when it was not sent.
struct Item {
    row: delivery::Model,
    change: Option<Change>,
    came: Option<Reply>,
}

pub(super) async fn round<C: Courier>(dispatcher: &Dispatcher<C>, id: Uuid, me: Uuid) -> Result<Next> {
    let now = dispatcher.clock.now();
    let Some((hook, due)) = look(dispatcher, id, me, now).await? else { return Ok(Next::Later) };
    let again: Vec<i64> = due.iter().map(|row| row.position).collect();
    let changes = match read(dispatcher, &hook, &again).await {
        Ok(changes) => changes,
        // Suspended, revoked or without the grant: nothing leaves, and nothing is lost.
        Err(error) if error.code.status() < 500 => return set_aside(dispatcher, hook, me).await,
        Err(error) => return Err(error),
    };
    let (ready, mut rows) = sort_out(dispatcher, &hook, due, changes.items, now).await?;
    let signer = Signer::new(dispatcher.db.vault(), &hook, now)?;
    let fresh = ready.values().flatten().any(|item| item.row.position > hook.position);
    let sent = send(dispatcher, &signer, ready).await?;
    let verdict = Verdict::of(&sent, fresh);
    let before = hook.clone();
    let mut after = hook;
    judge(dispatcher, &mut after, &verdict, changes.next_after);
    if after.position > before.position || matches!(verdict, Verdict::Works | Verdict::Idle | Verdict::Refuses) {
        rows.extend(sent.into_iter().map(|item| settled(dispatcher, item)));
    } else {
        // The receiver as a whole is away: new changes wait in the journal.
        rows.clear();
    }
    let more = changes.has_more || !again.is_empty();
    if !store(dispatcher, &before, &after, me, rows).await? {
        return Ok(Next::Later);
    }
    let goes_on = matches!(verdict, Verdict::Works | Verdict::Idle);
    Ok(if goes_on && more { Next::More } else { Next::Later })
}

/// The webhook, as long as it is in these hands, and what is to be tried again.
#[expect(clippy::disallowed_methods, reason = "the dispatcher works for every client")]
async fn look<C>(
    dispatcher: &Dispatcher<C>,
    id: Uuid,
    me: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<(subscription::Model, Vec<delivery::Model>)>> {
    let tx = Ctx::system(dispatcher.db.clone(), dispatcher.clock).read_primary().await?;
    let hook = subscription::Entity::find_by_id(id)
        .filter(subscription::Column::Runner.eq(me))
        .filter(subscription::Column::State.eq(WebhookState::Active))
        .one(&tx.db)
        .await?;
    let Some(hook) = hook else { return Ok(None) };
    let most = if hook.failures > 0 { PROBE } else { CHUNK };
    let due = ledger::due(&tx.db, id, now, most as u64).await?;
    tx.end(Some((hook, due))).await
}

/// Whether there is something to send after a position; a client that may see nothing is for a round to
/// set aside.
pub(super) async fn is_called<C>(dispatcher: &Dispatcher<C>, hook: &subscription::Model, after: i64) -> Result<bool> {
    let now = dispatcher.clock.now();
    let tx = Ctx::system(dispatcher.db.clone(), dispatcher.clock).read_primary().await?;
    let due = ledger::due(&tx.db, hook.id, now, 1).await?;
    if !tx.end(due).await?.is_empty() {
        return Ok(true);
    }
    match changes::is_any(&of(dispatcher, hook), &Wanted { after, ..wanted(hook, &[]) }).await {
        Err(error) if error.code.status() < 500 => Ok(true),
        read => read,
    }
}

/// The client of a webhook, as which changes are read.
fn of<C>(dispatcher: &Dispatcher<C>, hook: &subscription::Model) -> Ctx {
    let actor = Actor::Client { id: hook.client_id, token_id: String::new(), until: DateTime::<Utc>::MAX_UTC };
    let request = format!("webhook-{}", hook.id.simple());
    let mut ctx = Ctx::new(dispatcher.db.clone(), actor, dispatcher.clock, Lang::Vi, request);
    ctx.purpose = hook.purpose;
    ctx
}

fn wanted<'a>(hook: &'a subscription::Model, again: &'a [i64]) -> Wanted<'a> {
    Wanted {
        after: hook.position,
        again,
        resources: &hook.resources.0,
        operations: &hook.operations.0,
        within: hook.within.as_ref(),
        first: if hook.failures > 0 { PROBE } else { CHUNK },
    }
}

/// What the client may see of the changes now.
async fn read<C>(dispatcher: &Dispatcher<C>, hook: &subscription::Model, again: &[i64]) -> Result<Changes> {
    let (mut ctx, wanted) = (of(dispatcher, hook), wanted(hook, again));
    match changes::wanted(&ctx, &wanted).await {
        // The agreement has ended: what it opened is masked from now on.
        Err(error) if error.code == Code::PurposeNotAgreed => {
            ctx.purpose = None;
            changes::wanted(&ctx, &wanted).await
        }
        read => read,
    }
}

/// What can be sent now, by record and in order; and rows about the others.
async fn sort_out<C>(
    dispatcher: &Dispatcher<C>,
    hook: &subscription::Model,
    due: Vec<delivery::Model>,
    changes: Vec<Change>,
    now: DateTime<Utc>,
) -> Result<(BTreeMap<Uuid, Vec<Item>>, Vec<delivery::Model>)> {
    let (old, new): (Vec<_>, Vec<_>) = changes.into_iter().partition(|change| change.position <= hook.position);
    let records: HashSet<Uuid> = new.iter().map(|change| change.id).collect();
    let tx = Ctx::system(dispatcher.db.clone(), dispatcher.clock).read_primary().await?;
    let held = ledger::held_back(&tx.db, hook.id, records.into_iter().collect()).await?;
    tx.end(()).await?;
    let mut old: HashMap<i64, Change> = old.into_iter().map(|change| (change.position, change)).collect();
    let (mut ready, mut rows) = (BTreeMap::<Uuid, Vec<Item>>::new(), Vec::new());
    for mut row in due {
        if let Some(change) = old.remove(&row.position) {
            ready.entry(change.id).or_default().push(Item { row, change: Some(change), came: None });
        } else {
            (row.state, row.finished_at, row.next_attempt_at) = (DeliveryState::Withheld, Some(now), None);
            rows.push(row);
        }
    }
    for change in new {
        let row = opened(hook.id, &change, now);
        if held.contains(&change.id) {
            rows.push(row);
        } else {
            ready.entry(change.id).or_default().push(Item { row, change: Some(change), came: None });
        }
    }
    Ok((ready, rows))
}

/// A delivery that was not tried yet.
fn opened(webhook_id: Uuid, change: &Change, now: DateTime<Utc>) -> delivery::Model {
    delivery::Model {
        webhook_id,
        position: change.position,
        resource: change.resource,
        record_id: change.id,
        operation: change.operation,
        state: DeliveryState::Waiting,
        attempts: 0,
        last_fault: None,
        last_status: None,
        milliseconds: None,
        next_attempt_at: None,
        created_at: now,
        finished_at: None,
    }
}

/// Sends changes, those of one record one after the other until one fails.
async fn send<C: Courier>(
    dispatcher: &Dispatcher<C>,
    signer: &Signer,
    ready: BTreeMap<Uuid, Vec<Item>>,
) -> Result<Vec<Item>> {
    let began = Instant::now();
    let records = stream::iter(ready.into_values()).map(|items| async move {
        let (mut done, mut goes_on) = (Vec::with_capacity(items.len()), true);
        for mut item in items {
            if let Some(change) = item.change.take().filter(|_| goes_on && began.elapsed() < SENDING) {
                let message = signer.message(change, dispatcher.clock.now())?;
                let left = Instant::now();
                let reply = dispatcher.courier.post(message).await;
                item.row.milliseconds = i32::try_from(left.elapsed().as_millis()).ok();
                item.came = Some(reply);
                goes_on = accepted(reply);
            }
            done.push(item);
        }
        Ok::<_, Error>(done)
    });
    let done: Vec<Result<Vec<Item>>> = records.buffer_unordered(dispatcher.to_one).collect().await;
    Ok(done.into_iter().collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

fn accepted(reply: Reply) -> bool {
    matches!(reply, Reply::Answered { status: 200..=299, .. })
}

/// What a round says about the receiver.
enum Verdict {
    /// It accepted something.
    Works,
    /// Nothing was sent, so nothing is known of it.
    Idle,
    /// It accepted nothing of what it had refused before; nothing new was sent.
    Refuses,
    /// It accepted nothing at all.
    Away { reply: Reply },
    /// It says that nobody lives there any more.
    Gone { reply: Reply },
}

impl Verdict {
    fn of(sent: &[Item], fresh: bool) -> Self {
        let replies = || sent.iter().filter_map(|item| item.came);
        if let Some(reply) = replies().find(|reply| matches!(reply, Reply::Answered { status: 410, .. })) {
            return Self::Gone { reply };
        }
        match replies().next() {
            None => Self::Idle,
            Some(_) if replies().any(accepted) => Self::Works,
            Some(reply) if fresh => Self::Away { reply },
            Some(_) => Self::Refuses,
        }
    }
}

fn told(reply: Reply) -> (Option<DeliveryFault>, Option<i32>) {
    match reply {
        Reply::Answered { status: status @ 200..=299, .. } => (None, Some(i32::from(status))),
        Reply::Answered { status, .. } => (Some(DeliveryFault::Refused), Some(i32::from(status))),
        Reply::Lost(fault) => (Some(fault), None),
    }
}

/// How the webhook stands after the round.
fn judge<C>(dispatcher: &Dispatcher<C>, hook: &mut subscription::Model, verdict: &Verdict, next_after: i64) {
    let now = dispatcher.clock.now();
    match verdict {
        Verdict::Works => {
            hook.position = next_after;
            (hook.failures, hook.failing_since, hook.next_attempt_at) = (0, None, None);
            (hook.last_fault, hook.last_status) = (None, None);
        }
        Verdict::Idle | Verdict::Refuses => hook.position = next_after,
        Verdict::Away { reply } => {
            hook.failures = hook.failures.saturating_add(1);
            hook.failing_since.get_or_insert(now);
            (hook.last_fault, hook.last_status) = told(*reply);
            let asked = if let Reply::Answered { wait: Some(wait), .. } = reply { *wait } else { Duration::ZERO };
            let asked = chrono::Duration::from_std(asked).unwrap_or_default().min(chrono::Duration::days(1));
            hook.next_attempt_at = Some(now + patience::after_failures(hook.failures).max(asked));
            // It is there and refuses what comes now: that waits by itself, so that others come to their turn.
            if matches!(reply, Reply::Answered { .. }) && hook.failures > IN_A_ROW {
                hook.position = next_after;
            }
            if hook.failing_since.is_some_and(|since| now - since >= dispatcher.disable_after) {
                hook.state = WebhookState::Disabled;
            }
        }
        Verdict::Gone { reply } => {
            (hook.last_fault, hook.last_status) = told(*reply);
            hook.state = WebhookState::Gone;
        }
    }
}

/// The row about a delivery after the round.
fn settled<C>(dispatcher: &Dispatcher<C>, item: Item) -> delivery::Model {
    let (now, mut row) = (dispatcher.clock.now(), item.row);
    let Some(reply) = item.came else { return row };
    row.attempts += 1;
    (row.last_fault, row.last_status) = told(reply);
    row.next_attempt_at = None;
    if accepted(reply) {
        (row.state, row.finished_at) = (DeliveryState::Delivered, Some(now));
    } else if let Some(wait) = patience::after_attempts(row.attempts) {
        row.next_attempt_at = Some(now + wait);
    } else {
        (row.state, row.finished_at) = (DeliveryState::GivenUp, Some(now));
    }
    row
}

/// Lets a webhook rest whose client may see nothing now.
async fn set_aside<C>(dispatcher: &Dispatcher<C>, hook: subscription::Model, me: Uuid) -> Result<Next> {
    let mut after = hook.clone();
    after.next_attempt_at = Some(dispatcher.clock.now() + SUSPENDED);
    store(dispatcher, &hook, &after, me, Vec::new()).await?;
    Ok(Next::Later)
}

/// Writes down what came of a round, if the webhook is still in these hands and stands where it stood.
async fn store<C>(
    dispatcher: &Dispatcher<C>,
    before: &subscription::Model,
    after: &subscription::Model,
    me: Uuid,
    rows: Vec<delivery::Model>,
) -> Result<bool> {
    let now = dispatcher.clock.now();
    let tx = Ctx::system(dispatcher.db.clone(), dispatcher.clock).write().await?;
    let delivered = rows.iter().any(|row| row.state == DeliveryState::Delivered);
    let changed = subscription::ActiveModel {
        state: Set(after.state),
        position: Set(after.position),
        failing_since: Set(after.failing_since),
        failures: Set(after.failures),
        last_fault: Set(after.last_fault),
        last_status: Set(after.last_status),
        next_attempt_at: Set(after.next_attempt_at),
        last_delivered_at: Set(if delivered { Some(now) } else { after.last_delivered_at }),
        leased_until: Set(Some(now + dispatcher.lease)),
        ..ActiveModelTrait::default()
    };
    let kept = subscription::Entity::update_many()
        .set(changed)
        .filter(subscription::Column::Id.eq(before.id))
        .filter(subscription::Column::Runner.eq(me))
        .filter(subscription::Column::Position.eq(before.position))
        .exec(&tx.db)
        .await?;
    if kept.rows_affected == 0 {
        tx.db.rollback().await?;
        return Ok(false);
    }
    ledger::keep(&tx.db, rows).await?;
    if before.failures > 0 && after.failures == 0 {
        ledger::hurry(&tx.db, before.id).await?;
    }
    if after.state == WebhookState::Disabled {
        announce(&tx.db, &tx, after).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Tells the client that its webhook was stopped, by its feed and its other webhooks.
#[expect(clippy::disallowed_methods, reason = "the client is told about its own webhook")]
async fn announce(db: &Session, tx: &crate::tx::Tx, hook: &subscription::Model) -> Result<()> {
    let Some(client) = client::Entity::find_by_id(hook.client_id).one(db).await? else { return Ok(()) };
    let told = json!({
        "webhookId": hook.id,
        "name": hook.name,
        "position": hook.position,
        "failingSince": hook.failing_since,
        "lastFault": hook.last_fault,
        "lastStatus": hook.last_status,
    });
    reach::append(tx, Operation::WebhookDisabled, &client, &told).await
}
