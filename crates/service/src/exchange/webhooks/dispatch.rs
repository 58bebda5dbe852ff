//! Runs webhooks: any process takes those that have something to send, holds each by a lease, and
//! serves each on a task of its own, so that a slow receiver holds up no other.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use gdtx_domain::exchange::{
    journal_head,
    webhook::{
        delivery,
        subscription::{self, WebhookState},
    },
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, Order, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, NullOrdering, Query},
};
use tokio::task::{JoinError, JoinSet};
use uuid::Uuid;

use super::{
    ledger,
    message::Courier,
    round::{Next, is_called, round},
};
use crate::{Clock, Ctx, Database, Result};

/// How often a process looks for what others left.
const LOOK: Duration = Duration::from_secs(1);
/// Changes of this long are looked at together.
const GATHERING: Duration = Duration::from_millis(20);
/// Rounds of a webhook before others have their turn.
const TURN: usize = 10;
/// For how long a webhook is left alone when a round of it failed.
const REST: chrono::Duration = chrono::Duration::seconds(5);
/// Webhooks that are looked at together.
const MOST: u64 = 10_000;
/// Changes that are not for a webhook before its position moves over them.
const SILENT: i64 = 1_000;
/// How often old deliveries are forgotten.
const FORGET: Duration = Duration::from_mins(10);

/// What sends messages in a process.
pub struct Dispatcher<C> {
    pub db: Database,
    pub clock: Clock,
    pub courier: Arc<C>,
    /// Webhooks that are served at a time.
    pub at_once: usize,
    /// Messages that are on their way to one receiver at a time.
    pub to_one: usize,
    /// How long a webhook belongs to a process that says nothing.
    pub lease: Duration,
    /// After how long without an accepted message a webhook is stopped.
    pub disable_after: chrono::Duration,
    /// How long deliveries are listed.
    pub keep: chrono::Duration,
}

impl<C> Clone for Dispatcher<C> {
    fn clone(&self) -> Self {
        Self { db: self.db.clone(), courier: Arc::clone(&self.courier), ..*self }
    }
}

/// Sends messages for as long as the process lives.
pub async fn run<C: Courier>(dispatcher: Dispatcher<C>) {
    let mut served = JoinSet::new();
    let mut sequenced = dispatcher.db.sequenced.subscribe();
    let mut forgotten: Option<Instant> = None;
    let mut silent = Silent::default();
    loop {
        while let Some(ended) = served.try_join_next() {
            told(ended);
        }
        if forgotten.is_none_or(|last| last.elapsed() > FORGET) {
            forgotten = Some(Instant::now());
            if let Err(error) = forget_old(&dispatcher).await {
                tracing::warn!(%error, "old deliveries cannot be forgotten");
            }
        }
        match claim(&dispatcher, dispatcher.at_once.saturating_sub(served.len()), &mut silent).await {
            Ok(taken) => {
                for (id, me) in taken {
                    let dispatcher = dispatcher.clone();
                    served.spawn(async move { serve(&dispatcher, id, me).await });
                }
            }
            Err(error) => tracing::warn!(%error, "webhooks cannot be looked for"),
        }
        tokio::select! {
            woken = tokio::time::timeout(LOOK, sequenced.changed()) => if woken.is_ok() {
                tokio::time::sleep(GATHERING).await;
            },
            Some(ended) = served.join_next() => told(ended),
        }
    }
}

/// A webhook that panicked is served again when its lease ends.
fn told(ended: std::result::Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a webhook broke");
    }
}

/// Serves each webhook that has something to send until nothing is left to be sent now; tells how many
/// were served.
pub async fn run_once<C: Courier>(dispatcher: &Dispatcher<C>) -> Result<usize> {
    let taken = claim(dispatcher, usize::MAX, &mut Silent::default()).await?;
    let count = taken.len();
    futures::future::join_all(taken.into_iter().map(|(id, me)| serve(dispatcher, id, me))).await;
    forget_old(dispatcher).await?;
    Ok(count)
}

/// Serves one webhook, and lets go of it.
async fn serve<C: Courier>(dispatcher: &Dispatcher<C>, id: Uuid, me: Uuid) {
    let mut rounds = 0;
    let rest = loop {
        rounds += 1;
        match round(dispatcher, id, me).await {
            Ok(Next::More) if rounds < TURN => {}
            // Others have waited longer: what is left comes with the next turn.
            Ok(Next::More | Next::Later) => break chrono::Duration::zero(),
            Err(error) => {
                tracing::warn!(webhook = %id, %error, source = ?error.source, "a webhook will be tried again");
                break REST;
            }
        }
    };
    if let Err(error) = release(dispatcher, id, me, rest).await {
        tracing::warn!(webhook = %id, %error, "a webhook is held until its lease ends");
    }
}

/// Webhooks that nobody serves and that have something to send.
fn waiting(now: DateTime<Utc>, last: i64) -> Condition {
    use subscription::Column as C;
    let due = Query::select()
        .expr(Expr::val(1))
        .from(delivery::Entity)
        .and_where(Expr::col(("webhook_delivery", "webhook_id")).equals(("webhook", "id")))
        .cond_where(ledger::is_due(now))
        .to_owned();
    Condition::all()
        .add(C::State.eq(WebhookState::Active))
        .add(Condition::any().add(C::LeasedUntil.is_null()).add(C::LeasedUntil.lte(now)))
        .add(Condition::any().add(C::NextAttemptAt.is_null()).add(C::NextAttemptAt.lte(now)))
        .add(Condition::any().add(C::Position.lt(last)).add(Expr::exists(due)))
}

/// Up to which position there was nothing for a version of a webhook, as this process knows. To write
/// each down after every change would cost more than the change.
type Silent = HashMap<(Uuid, i64), i64>;

/// Takes webhooks that have something to send, those first that were served longest ago.
#[expect(clippy::disallowed_methods, reason = "the dispatcher works for every client")]
async fn claim<C>(dispatcher: &Dispatcher<C>, most: usize, silent: &mut Silent) -> Result<Vec<(Uuid, Uuid)>> {
    if most == 0 {
        return Ok(Vec::new());
    }
    let (db, now) = (&dispatcher.db, dispatcher.clock.now());
    let last = journal_head::Entity::find_by_id(1).one(db.primary()).await?.map_or(0, |head| head.position);
    let free = subscription::Entity::find()
        .filter(waiting(now, last))
        .order_by_with_nulls(subscription::Column::LeasedUntil, Order::Asc, NullOrdering::First)
        .limit(MOST)
        .all(db.primary())
        .await?;
    silent.retain(|known, _| free.iter().any(|hook| (hook.id, hook.version) == *known));
    let mut taken = Vec::new();
    for hook in free {
        if taken.len() >= most {
            break;
        }
        let (id, this) = (hook.id, (hook.id, hook.version));
        let known = silent.get(&this).map_or(hook.position, |after| Ord::max(hook.position, *after));
        // What goes wrong with one is found in its round, and keeps no other from its own.
        let called = is_called(dispatcher, &hook, known).await.unwrap_or(true);
        if last - hook.position < SILENT && !called {
            silent.insert(this, last);
            continue;
        }
        let me = crate::clock::Ids::default().next(now);
        let tx = Ctx::system(db.clone(), dispatcher.clock).write().await?;
        let mine = subscription::Entity::update_many()
            .col_expr(subscription::Column::Runner, Expr::val(me))
            .col_expr(subscription::Column::LeasedUntil, Expr::val(now + dispatcher.lease))
            .filter(subscription::Column::Id.eq(id))
            .filter(waiting(now, last))
            .exec(&tx.db)
            .await?;
        tx.commit().await?;
        if mine.rows_affected == 1 {
            taken.push((id, me));
        }
    }
    Ok(taken)
}

/// Lets go of a webhook; others leave it alone for a while when something went wrong.
async fn release<C>(dispatcher: &Dispatcher<C>, id: Uuid, me: Uuid, rest: chrono::Duration) -> Result<()> {
    let tx = Ctx::system(dispatcher.db.clone(), dispatcher.clock).write().await?;
    subscription::Entity::update_many()
        .col_expr(subscription::Column::Runner, Expr::val(None::<Uuid>))
        .col_expr(subscription::Column::LeasedUntil, Expr::val(dispatcher.clock.now() + rest))
        .filter(subscription::Column::Id.eq(id))
        .filter(subscription::Column::Runner.eq(me))
        .exec(&tx.db)
        .await?;
    tx.commit().await
}

async fn forget_old<C>(dispatcher: &Dispatcher<C>) -> Result<()> {
    loop {
        let tx = Ctx::system(dispatcher.db.clone(), dispatcher.clock).write().await?;
        let more = ledger::forget(&tx.db, dispatcher.clock.now() - dispatcher.keep).await?;
        tx.commit().await?;
        if !more {
            return Ok(());
        }
    }
}
