//! A transaction with its authorised caller: the only way to the tables.
//!
//! Who the caller is and what it may reach are read in the same transaction as the data, so a
//! client that was revoked a moment ago is refused at once.

use std::sync::Mutex;

use chrono::{DateTime, Utc};
use gdtx_domain::{
    Checks, Label,
    access::{
        client,
        reach::{Keys, Reach},
        revoked_token,
        role::{ClientState, Role},
    },
    exchange::idempotency,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    Select,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Actor, Code, Ctx, Error, Result,
    access::{
        keys::CLOCK_SKEW,
        log::{self, Seen},
        policy::{self, Extent, Permission},
        scope::{Scope, Sight},
    },
    exchange::sequencer,
    replicas,
};

/// Who the caller turned out to be.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    Public,
    Client(Box<client::Model>),
    System,
}

/// A running transaction.
pub struct Tx {
    pub(crate) db: DatabaseTransaction,
    pub(crate) ctx: Ctx,
    pub(crate) caller: Caller,
    /// What personal data were shown so far.
    pub(crate) seen: Mutex<Vec<Seen>>,
}

impl Ctx {
    /// Begins a read: one snapshot, of a replica that has seen enough or else of the primary. Who
    /// asks is looked up on the primary in either case: whoever was revoked is out at once.
    pub(crate) async fn read(&self) -> Result<Tx> {
        if self.db.replicas().is_any() {
            let caller = load_caller(self.db.primary(), self).await?;
            if let Some((db, position)) = self.db.replicas().begin(&self.actor, self.min_position).await {
                self.position.note(position);
                return Ok(Tx::new(db, self, caller));
            }
        }
        let db = self.db.begin_read().await?;
        let caller = load_caller(&db, self).await?;
        if self.min_position.is_some() || self.db.replicas().is_any() {
            let position = replicas::position(&db).await?;
            check_reached(self.min_position, position)?;
            self.position.note(position);
        }
        Ok(Tx::new(db, self, caller))
    }

    /// Begins a write.
    pub(crate) async fn write(&self) -> Result<Tx> {
        let db = self.db.begin_write().await?;
        let caller = load_caller(&db, self).await?;
        Ok(Tx::new(db, self, caller))
    }
}

#[expect(clippy::disallowed_methods, reason = "the caller is found here, before there is a scope")]
async fn load_caller(db: &impl ConnectionTrait, ctx: &Ctx) -> Result<Caller> {
    let client = match &ctx.actor {
        Actor::Public => return Ok(Caller::Public),
        Actor::System => return Ok(Caller::System),
        Actor::Client { id, token_id, until } => {
            check_unexpired(ctx, *until)?;
            if revoked_token::Entity::find_by_id(token_id.clone()).one(db).await?.is_some() {
                return Err(refused_token("Token đã bị thu hồi.", "The token was revoked."));
            }
            client::Entity::find_by_id(*id).one(db).await?
        }
        Actor::External { issuer, subject, until } => {
            check_unexpired(ctx, *until)?;
            client::Entity::find()
                .filter(client::Column::ExternalIssuer.eq(issuer))
                .filter(client::Column::ExternalSubject.eq(subject))
                .one(db)
                .await?
        }
    };
    match client {
        Some(client) if client.state == ClientState::Active => {
            check_purpose(ctx, &client)?;
            Ok(Caller::Client(Box::new(client)))
        }
        Some(client) => {
            let state = client.state.label();
            Err(refused_token(
                &format!("Ứng dụng ở trạng thái: {}.", state.vi.to_lowercase()),
                &format!("The client is {}.", state.en.to_lowercase()),
            ))
        }
        None => Err(refused_token("Ứng dụng chưa được đăng ký.", "The client is not registered.")),
    }
}

/// A position that the journal has not reached on the primary lies in the future.
fn check_reached(wanted: Option<i64>, last: i64) -> Result<()> {
    let Some(wanted) = wanted.filter(|wanted| *wanted > last) else { return Ok(()) };
    Err(Error::field(
        Code::InvalidHeader,
        "Min-Position",
        "beyond_the_end",
        format!("Nhật ký mới đến vị trí {last}, chưa đến {wanted}."),
        format!("The journal ends at position {last}, before {wanted}."),
    ))
}

/// A subscription goes on for longer than a token: each of its reads asks again.
fn check_unexpired(ctx: &Ctx, until: DateTime<Utc>) -> Result<()> {
    if ctx.clock.now() - CLOCK_SKEW < until {
        return Ok(());
    }
    Err(refused_token("Access token đã hết hạn.", "The access token has expired."))
}

/// A purpose that is named must be one that was agreed on.
fn check_purpose(ctx: &Ctx, client: &client::Model) -> Result<()> {
    let Some(purpose) = ctx.purpose else { return Ok(()) };
    if client.agreement.as_ref().is_some_and(|agreement| agreement.covers(purpose, ctx.clock.today())) {
        return Ok(());
    }
    let label = purpose.label();
    let said = Error::new(
        Code::PurposeNotAgreed,
        format!(
            "Thỏa thuận chia sẻ dữ liệu của ứng dụng không có mục đích “{}” ({purpose}) hoặc đã hết hiệu lực; quản trị hệ thống ghi thỏa thuận.",
            label.vi
        ),
        format!(
            "The client's data-sharing agreement does not name the purpose “{}” ({purpose}), or is not in force; an administrator records agreements.",
            label.en
        ),
    );
    let mut checks = Checks::default();
    checks.refuse("Data-Purpose", "purpose_not_agreed", said.detail.vi.clone(), said.detail.en.clone());
    Err(Error { fields: checks.problems, ..said })
}

fn refused_token(vi: &str, en: &str) -> Error {
    Error::new(Code::Unauthenticated, vi, en)
}

impl Tx {
    fn new(db: DatabaseTransaction, ctx: &Ctx, caller: Caller) -> Self {
        Self { db, ctx: ctx.clone(), caller, seen: Mutex::default() }
    }

    /// Proves that the caller has a permission, and tells where.
    pub(crate) fn require(&self, permission: Permission) -> Result<Scope> {
        let reach = match &self.caller {
            Caller::System => Reach::whole_country(),
            Caller::Public => return Err(Error::of(Code::Unauthenticated)),
            Caller::Client(client) => match policy::extent(client.role, permission) {
                Extent::Everywhere => Reach::whole_country(),
                Extent::Reach => client.reach.clone(),
                Extent::Nowhere => return Err(forbidden(permission, &client.role.label())),
            },
        };
        Ok(Scope { permission, reach })
    }

    /// The scope of the public directory: every centre in the country, for anybody, without a
    /// token. Only for selects that name their public columns.
    pub(crate) fn public_directory(&self) -> Scope {
        self.existence(Permission::CentreRead)
    }

    /// A scope for rules that ask whether something exists anywhere. What is found is never shown.
    #[expect(clippy::unused_self, reason = "a scope belongs to a transaction")]
    pub(crate) fn existence(&self, permission: Permission) -> Scope {
        Scope { permission, reach: Reach::whole_country() }
    }

    /// Whether the caller holds a permission over a record.
    pub(crate) fn may(&self, permission: Permission, keys: &Keys) -> bool {
        self.require(permission).is_ok_and(|scope| scope.covers(keys))
    }

    /// Which personal data the caller is shown in this read.
    pub(crate) fn sight(&self) -> Sight {
        match &self.caller {
            Caller::System => Sight::FULL,
            Caller::Public | Caller::Client(_) => self.entitled().for_purpose(self.ctx.purpose),
        }
    }

    /// Which personal data the caller may see today if it names a purpose. Rules go by this: what a
    /// caller is told of is checked before a purpose is asked for.
    pub(crate) fn entitled(&self) -> Sight {
        match &self.caller {
            Caller::System => Sight::FULL,
            Caller::Public => Sight::default(),
            Caller::Client(client) => {
                let may = |p| policy::extent(client.role, p) != Extent::Nowhere;
                Sight::new(
                    may(Permission::BasicDataRead),
                    may(Permission::SensitiveDataRead),
                    client.agreement.as_ref(),
                    self.ctx.clock.today(),
                )
            }
        }
    }

    /// The caller's role; the service itself has none.
    pub(crate) fn role(&self) -> Option<Role> {
        match &self.caller {
            Caller::Client(client) => Some(client.role),
            Caller::Public | Caller::System => None,
        }
    }

    /// The caller's own namespace of external ids.
    pub(crate) fn system(&self) -> Option<&str> {
        match &self.caller {
            Caller::Client(client) => Some(&client.system),
            Caller::Public | Caller::System => None,
        }
    }

    /// The caller's role and client id, for the journal.
    pub(crate) fn signature(&self) -> (String, Option<uuid::Uuid>) {
        match &self.caller {
            Caller::Client(client) => (client.role.code().to_owned(), Some(client.id)),
            Caller::Public => ("public".to_owned(), None),
            Caller::System => ("system".to_owned(), None),
        }
    }

    /// The only select of a record table: it carries the scope.
    #[expect(clippy::disallowed_methods, reason = "this is the finder")]
    #[expect(clippy::unused_self, reason = "a finder belongs to a transaction")]
    pub(crate) fn select<E: EntityTrait>(&self, scope: &Scope) -> Select<E> {
        E::find().filter(scope.condition())
    }

    /// The kept answer of this write, when its `Idempotency-Key` was seen before.
    #[expect(clippy::disallowed_methods, reason = "kept answers belong to the caller alone")]
    pub(crate) async fn replay<T: DeserializeOwned>(
        &self,
        operation: &str,
        input: &impl Serialize,
    ) -> Result<Option<T>> {
        // A rehearsal is no retry of the real thing.
        let key = self.ctx.idempotency_key.as_ref().filter(|_| !self.ctx.dry_run);
        let (Some(key), Caller::Client(client)) = (key, &self.caller) else { return Ok(None) };
        let Some(kept) = idempotency::Entity::find_by_id((client.id, key.clone())).one(&self.db).await? else {
            return Ok(None);
        };
        if kept.created_at + chrono::Duration::hours(24) < self.ctx.clock.now() {
            idempotency::Entity::delete_by_id((client.id, key.clone())).exec(&self.db).await?;
            return Ok(None);
        }
        if kept.request_hash != self.request_print(operation, input) {
            return Err(Error::of(Code::IdempotencyMismatch));
        }
        let answer = self.ctx.db.vault().open_text(&answer_place(client.id, key), &kept.answer)?;
        serde_json::from_str(&answer).map(Some).map_err(Error::internal)
    }

    /// A keyed hash of a request: what was asked cannot be guessed from it.
    fn request_print(&self, operation: &str, input: &impl Serialize) -> String {
        let json = serde_json::to_string(input).unwrap_or_default();
        self.ctx.db.vault().print("request", &format!("{operation}\n{json}"))
    }

    /// Ends a read: the answer leaves once the access log tells what it shows.
    pub(crate) async fn end<T>(self, answer: T) -> Result<T> {
        let drafts = log::drafts(&self).await?;
        self.db.rollback().await?;
        log::keep(&self.ctx.db, drafts).await?;
        Ok(answer)
    }

    /// Ends a write: keeps the answer for retries, then commits; or undoes all when it is a
    /// rehearsal. The answer leaves once the access log tells what it shows.
    pub(crate) async fn finish<T: Serialize>(self, operation: &str, input: &impl Serialize, answer: T) -> Result<T> {
        let (db, drafts) = (self.ctx.db.clone(), log::drafts(&self).await?);
        if self.ctx.dry_run {
            self.db.rollback().await?;
        } else {
            self.keep_answer(operation, input, &answer).await?;
            self.commit().await?;
        }
        log::keep(&db, drafts).await?;
        Ok(answer)
    }

    /// Keeps the answer for retries.
    async fn keep_answer<T: Serialize>(&self, operation: &str, input: &impl Serialize, answer: &T) -> Result<()> {
        if let (Some(key), Caller::Client(client)) = (&self.ctx.idempotency_key, &self.caller) {
            let kept = idempotency::Model {
                client_id: client.id,
                key: key.clone(),
                operation: operation.to_owned(),
                request_hash: self.request_print(operation, input),
                answer: self.ctx.db.vault().seal_text(
                    &answer_place(client.id, key),
                    serde_json::to_string(answer).map_err(Error::internal)?,
                )?,
                created_at: self.ctx.clock.now(),
            };
            kept.into_active_model().insert(&self.db).await?;
            let day_ago = self.ctx.clock.now() - chrono::Duration::hours(24);
            idempotency::Entity::delete_many()
                .filter(idempotency::Column::CreatedAt.lt(day_ago))
                .exec(&self.db)
                .await?;
        }
        Ok(())
    }

    /// Commits and wakes the sequencer.
    pub(crate) async fn commit(self) -> Result<()> {
        self.db.commit().await?;
        self.ctx.db.committed.notify_one();
        // Where reads go to replicas, the writer must see what it wrote: its write gets its position
        // at once.
        if self.ctx.db.replicas().is_any() {
            match sequencer::run_once(&self.ctx.db).await {
                Ok(position) => {
                    self.ctx.position.note(position);
                    self.ctx.db.replicas().wrote(&self.ctx.actor, position);
                }
                Err(error) => tracing::warn!(error = ?error.source, "a write has no position yet"),
            }
        }
        Ok(())
    }
}

/// Where a kept answer is sealed: it holds what its caller saw.
fn answer_place(client: uuid::Uuid, key: &str) -> String {
    format!("answer/{client}/{key}")
}

fn forbidden(permission: Permission, role: &Label) -> Error {
    let what = permission.label();
    Error::new(
        Code::Forbidden,
        format!(
            "Thiếu quyền {permission} ({}); vai trò “{}” không có quyền này. Quản trị hệ thống cấp vai trò.",
            what.vi, role.vi
        ),
        format!(
            "The grant {permission} ({}) is missing: the role “{}” does not hold it. An administrator assigns roles.",
            what.en, role.en
        ),
    )
}

/// The refusal of a write outside the caller's reach.
pub(crate) fn outside_reach(permission: Permission) -> Error {
    Error::new(
        Code::Forbidden,
        format!(
            "Quyền {permission} không trải đến địa bàn hoặc cơ sở này. Cơ sở, Sở hoặc quản trị hệ thống cấp phạm vi."
        ),
        format!(
            "The grant {permission} does not reach this place or centre. The centre, its department or an administrator extends the reach."
        ),
    )
}
