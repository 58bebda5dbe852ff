//! How often a caller may ask: a quota per subject, class and window, shared by every process on
//! the database.
//!
//! A process takes units from the shared row in slices (an eighth of what is left, and at least
//! what is asked for) and counts them in memory, so that most requests touch no table. From this
//! follows what is exact: in one window never more than the quota is allowed, over all processes
//! together. Who asks one process alone may be refused early by what the others hold unused, each
//! at most an eighth of what was left when it took it. `governor` and its kin count in one process
//! only, which is why this is our own.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use async_graphql::SimpleObject;
use gdtx_domain::access::rate::{self, RateClass};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Clock, Database, Error, Result};

/// A process takes this part of what is left of a quota.
const SLICE: i64 = 8;

/// Quotas as configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Length of the window, in seconds.
    pub window: i64,
    /// Requests of each class in a window; a class that is absent has no limit.
    pub requests: BTreeMap<RateClass, i64>,
}

/// Who is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject(String);

/// What a caller has of one quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "RateLimit")]
#[schema(as = RateLimit)]
pub struct Standing {
    /// Class of requests.
    pub class: RateClass,
    /// Requests in a window.
    pub quota: i64,
    /// Length of the window, in seconds.
    pub window_seconds: i64,
    /// Requests that are left in this window, as far as this process knows.
    pub remaining: i64,
    /// Seconds until the next window begins.
    pub resets_in_seconds: i64,
}

/// The limits of a GraphQL request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GraphqlLimits {
    /// Deepest nesting of fields.
    #[schema(value_type = u32)]
    pub max_depth: usize,
    /// Highest complexity: each field counts one, each list its `first` times what a record costs.
    #[schema(value_type = u32)]
    pub max_complexity: usize,
    /// Aliases in a document, at most.
    #[schema(value_type = u32)]
    pub max_aliases: usize,
    /// Directives on one field, at most.
    #[schema(value_type = u32)]
    pub max_directives: usize,
    /// Operations that are run for one request: batches are refused.
    #[schema(value_type = u32)]
    pub max_operations: usize,
    /// Whether only documents run that the operator registered.
    pub trusted_documents_only: bool,
}

/// The limits that hold for the caller, and what remains of its quotas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Quotas of the caller; a class without a limit is absent.
    pub rates: Vec<Standing>,
    /// The limits of a GraphQL request.
    pub graphql: GraphqlLimits,
    /// Records on a page, at most.
    pub max_page_size: u32,
    /// Largest request body, in bytes.
    #[schema(value_type = u32)]
    pub max_body_bytes: usize,
}

/// What a process holds of one quota.
#[derive(Debug, Default)]
struct Lease {
    /// The window it belongs to.
    started: i64,
    /// Units held.
    left: i64,
    /// Units that nobody held when the row was read last; they only become fewer.
    free: i64,
}

type Leases = HashMap<(Subject, RateClass), Arc<tokio::sync::Mutex<Lease>>>;

/// All quotas, as one process sees them.
pub struct Quotas {
    db: Database,
    clock: Clock,
    quota: Quota,
    leases: Mutex<Leases>,
    /// The window in which old rows were deleted last.
    swept: AtomicI64,
}

impl Quotas {
    pub fn new(db: Database, clock: Clock, quota: Quota) -> Self {
        Self { db, clock, quota, leases: Mutex::default(), swept: AtomicI64::new(0) }
    }

    /// A client, by its id.
    pub fn client(&self, id: Uuid) -> Subject {
        Subject(format!("client:{id}"))
    }

    /// What must not be readable in the database: an address, a subject of an outside issuer.
    pub fn hidden(&self, kind: &str, name: &str) -> Subject {
        Subject(format!("{kind}:{}", self.db.vault().print("rate", name)))
    }

    /// Whoever claims to be a client and does not prove it. However an id is spelt, it counts once.
    pub fn claimed(&self, client_id: &str) -> Subject {
        let id = client_id.parse::<Uuid>().map_or_else(|_| client_id.to_owned(), |id| id.to_string());
        self.hidden("secret", &id)
    }

    /// Takes units of some classes, or none of them. Tells what is left either way.
    pub async fn take(
        &self,
        subject: &Subject,
        costs: &[(RateClass, i64)],
    ) -> std::result::Result<Vec<Standing>, Standing> {
        let mut taken = Vec::with_capacity(costs.len());
        for (i, (class, units)) in costs.iter().enumerate() {
            match self.take_one(subject, *class, *units).await {
                Ok(standing) => taken.extend(standing),
                Err(refused) => {
                    self.give_back(subject, &costs[..i]).await;
                    return Err(refused);
                }
            }
        }
        Ok(taken)
    }

    /// Gives units back that were taken for nothing; tells what is left.
    pub async fn give_back(&self, subject: &Subject, costs: &[(RateClass, i64)]) -> Vec<Standing> {
        let mut left = Vec::with_capacity(costs.len());
        for (class, units) in costs {
            let Some(quota) = self.of(*class) else { continue };
            let (started, now) = self.window();
            let lease = self.lease(subject, *class);
            let mut lease = lease.lock().await;
            if lease.started == started {
                lease.left += units;
            }
            left.push(self.standing(*class, quota, &lease, now));
        }
        left
    }

    /// What a caller has of these classes now, the shared count read anew.
    pub async fn standings(&self, subject: &Subject, classes: &[RateClass]) -> Result<Vec<Standing>> {
        let (started, now) = self.window();
        let rows = self.rows(subject).await?;
        let mut found = Vec::with_capacity(classes.len());
        for class in classes {
            let Some(quota) = self.of(*class) else { continue };
            let used = rows.iter().find(|r| r.class == *class && r.started >= started).map_or(0, |r| r.used);
            let lease = self.lease(subject, *class);
            let mut lease = lease.lock().await;
            lease.enter(started, quota);
            lease.free = (quota - used).max(0);
            found.push(self.standing(*class, quota, &lease, now));
        }
        Ok(found)
    }

    async fn take_one(
        &self,
        subject: &Subject,
        class: RateClass,
        units: i64,
    ) -> std::result::Result<Option<Standing>, Standing> {
        let Some(quota) = self.of(class) else { return Ok(None) };
        let lease = self.lease(subject, class);
        let mut lease = lease.lock().await;
        let (started, now) = self.window();
        lease.enter(started, quota);
        let missing = units - lease.left;
        if missing > 0 && missing <= lease.free {
            match self.lend(subject, class, quota, missing, started).await {
                Ok((granted, free)) => {
                    lease.left += granted;
                    lease.free = free;
                }
                // Whoever cannot be counted is let in: what needs the database will say that it is away.
                Err(error) => {
                    tracing::warn!(error = ?error.source, class = class.code(), "a quota could not be read");
                    return Ok(None);
                }
            }
        }
        let enough = lease.left >= units;
        if enough {
            lease.left -= units;
        }
        let standing = self.standing(class, quota, &lease, now);
        if enough { Ok(Some(standing)) } else { Err(standing) }
    }

    /// Takes a slice from the shared row: what was granted, and what is free after it.
    #[expect(clippy::disallowed_methods, reason = "a quota is counted before there is a scope")]
    async fn lend(
        &self,
        subject: &Subject,
        class: RateClass,
        quota: i64,
        wanted: i64,
        started: i64,
    ) -> Result<(i64, i64)> {
        let tx = self.db.begin_write().await?;
        if self.swept.swap(started, Ordering::Relaxed) != started {
            let old = started - self.quota.window;
            rate::Entity::delete_many().filter(rate::Column::Started.lt(old)).exec(&tx).await?;
            self.leases().retain(|_, lease| lease.try_lock().map_or(true, |lease| lease.started >= started));
        }
        let new = rate::Model { subject: subject.0.clone(), class, started, used: 0 };
        rate::Entity::insert(new.into_active_model())
            .on_conflict(OnConflict::columns([rate::Column::Subject, rate::Column::Class]).do_nothing().to_owned())
            .exec_without_returning(&tx)
            .await?;
        let row = rate::Entity::find_by_id((subject.0.clone(), class)).lock_exclusive().one(&tx).await?;
        let row = row.ok_or_else(|| Error::internal("no row of a quota after making one"))?;
        // A process whose clock is ahead may have begun the next window; it counts for this one too.
        let ahead = (started..=started + self.quota.window).contains(&row.started);
        let used = if ahead { row.used } else { 0 };
        let free = (quota - used).max(0);
        let granted = if free < wanted { 0 } else { wanted.max(free / SLICE) };
        rate::Entity::update_many()
            .col_expr(rate::Column::Started, Expr::val(if ahead { row.started } else { started }))
            .col_expr(rate::Column::Used, Expr::val(used + granted))
            .filter(rate::Column::Subject.eq(&subject.0))
            .filter(rate::Column::Class.eq(class))
            .exec(&tx)
            .await?;
        tx.commit().await?;
        Ok((granted, free - granted))
    }

    #[expect(clippy::disallowed_methods, reason = "a quota is counted before there is a scope")]
    async fn rows(&self, subject: &Subject) -> Result<Vec<rate::Model>> {
        let tx = self.db.begin_read().await?;
        Ok(rate::Entity::find().filter(rate::Column::Subject.eq(&subject.0)).all(&tx).await?)
    }

    fn of(&self, class: RateClass) -> Option<i64> {
        self.quota.requests.get(&class).copied()
    }

    /// The first second of the present window, and the present second.
    fn window(&self) -> (i64, i64) {
        let now = self.clock.now().timestamp();
        (now - now.rem_euclid(self.quota.window), now)
    }

    fn leases(&self) -> std::sync::MutexGuard<'_, Leases> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lease(&self, subject: &Subject, class: RateClass) -> Arc<tokio::sync::Mutex<Lease>> {
        Arc::clone(self.leases().entry((subject.clone(), class)).or_default())
    }

    fn standing(&self, class: RateClass, quota: i64, lease: &Lease, now: i64) -> Standing {
        Standing {
            class,
            quota,
            window_seconds: self.quota.window,
            remaining: lease.left + lease.free,
            resets_in_seconds: lease.started + self.quota.window - now,
        }
    }
}

impl Lease {
    /// Begins a window, unless it has begun.
    fn enter(&mut self, started: i64, quota: i64) {
        if self.started < started {
            *self = Self { started, left: 0, free: quota };
        }
    }
}
