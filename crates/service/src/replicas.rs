//! Streaming replicas of PostgreSQL: reads go there when they have seen enough of the journal, and
//! to the primary otherwise.
//!
//! Enough is what the request asks for (`Min-Position`) and what its client wrote through this
//! process. A replica that does not answer is left alone for a while; nobody is refused for it.

use std::{
    num::NonZeroUsize,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use gdtx_domain::exchange::journal_head;
use lru::LruCache;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait, IsolationLevel,
    QuerySelect, TransactionTrait,
};

use crate::Actor;

/// A replica that failed is not asked again for this long.
const REST: Duration = Duration::from_secs(5);
/// A replica that has not begun a read by then counts as gone.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often a replica that is behind is asked again.
const STEP: Duration = Duration::from_millis(10);
/// Clients whose last write is remembered.
const MOST_WRITERS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(9_999);

/// How reads were served since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Served {
    /// By a replica.
    pub replica: u64,
    /// By the primary, because the replica was behind.
    pub behind: u64,
    /// Failures of replicas.
    pub failed: u64,
}

/// The replicas of a database; none on SQLite.
#[derive(Debug)]
pub struct Replicas {
    pools: Vec<(DatabaseConnection, Mutex<Option<Instant>>)>,
    wait: Duration,
    next: AtomicUsize,
    /// What each client wrote last through this process.
    written: Mutex<LruCache<Actor, i64>>,
    replica: AtomicU64,
    behind: AtomicU64,
    failed: AtomicU64,
}

impl Replicas {
    pub(crate) fn new(pools: Vec<DatabaseConnection>, wait: Duration) -> Self {
        Self {
            pools: pools.into_iter().map(|pool| (pool, Mutex::default())).collect(),
            wait,
            next: AtomicUsize::default(),
            written: Mutex::new(LruCache::new(MOST_WRITERS)),
            replica: AtomicU64::default(),
            behind: AtomicU64::default(),
            failed: AtomicU64::default(),
        }
    }

    /// Whether there are any.
    pub fn is_any(&self) -> bool {
        !self.pools.is_empty()
    }

    /// How reads were served.
    pub fn served(&self) -> Served {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Served { replica: read(&self.replica), behind: read(&self.behind), failed: read(&self.failed) }
    }

    /// Remembers how far a client must see from now on.
    pub(crate) fn wrote(&self, actor: &Actor, position: i64) {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).put(unaged(actor), position);
    }

    /// A snapshot of a replica that has seen enough, and its position; none sends to the primary.
    pub(crate) async fn begin(&self, actor: &Actor, wanted: Option<i64>) -> Option<(DatabaseTransaction, i64)> {
        let own = self.written.lock().unwrap_or_else(PoisonError::into_inner).get(&unaged(actor)).copied();
        let wanted = wanted.max(own).unwrap_or(0);
        let until = Instant::now() + self.wait;
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        for i in 0..self.pools.len() {
            let (pool, resting) = &self.pools[(first + i) % self.pools.len()];
            let rests = || resting.lock().unwrap_or_else(PoisonError::into_inner);
            if rests().is_some_and(|since| since.elapsed() < REST) {
                continue;
            }
            match snapshot(pool, wanted, until).await {
                Ok(Some(found)) => {
                    *rests() = None;
                    self.replica.fetch_add(1, Ordering::Relaxed);
                    return Some(found);
                }
                Ok(None) => {
                    self.behind.fetch_add(1, Ordering::Relaxed);
                }
                Err(error) => {
                    tracing::warn!(replica = (first + i) % self.pools.len(), %error, "a replica does not answer; reads go on without it");
                    self.failed.fetch_add(1, Ordering::Relaxed);
                    *rests() = Some(Instant::now());
                }
            }
        }
        None
    }

    /// Closes the connections.
    pub(crate) async fn close(&self) -> Result<(), DbErr> {
        for (pool, _) in &self.pools {
            pool.clone().close().await?;
        }
        Ok(())
    }
}

/// A client, whatever token it came with.
fn unaged(actor: &Actor) -> Actor {
    let mut actor = actor.clone();
    match &mut actor {
        Actor::Client { token_id, until, .. } => {
            token_id.clear();
            *until = chrono::DateTime::UNIX_EPOCH;
        }
        Actor::External { until, .. } => *until = chrono::DateTime::UNIX_EPOCH,
        Actor::Public | Actor::System => {}
    }
    actor
}

/// A snapshot that has seen a position; none when the replica has not got there in time.
async fn snapshot(
    pool: &DatabaseConnection,
    wanted: i64,
    until: Instant,
) -> Result<Option<(DatabaseTransaction, i64)>, DbErr> {
    loop {
        let begun = async {
            let config = (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly));
            let tx = pool.begin_with_config(config.0, config.1).await?;
            let position = position(&tx).await?;
            Ok::<_, DbErr>((tx, position))
        };
        let (tx, position) = tokio::time::timeout(PATIENCE, begun)
            .await
            .map_err(|_| DbErr::Custom("no answer within a second".to_owned()))??;
        if position >= wanted {
            return Ok(Some((tx, position)));
        }
        tx.rollback().await?;
        if Instant::now() >= until {
            return Ok(None);
        }
        tokio::time::sleep(STEP).await;
    }
}

/// The last position of the journal in a snapshot.
#[expect(clippy::disallowed_methods, reason = "the end of the journal belongs to nobody")]
pub(crate) async fn position(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let head = journal_head::Entity::find_by_id(1).select_only().column(journal_head::Column::Position);
    Ok(head.into_tuple().one(db).await?.unwrap_or(0))
}
