//! A transaction with its authorised caller: the only way to the tables.
//!
//! Who the caller is and what it may reach are read when the transaction begins, so a client that
//! was revoked a moment ago is refused at once.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use gdtx_domain::{
    Checks, Label,
    access::{
        client,
        reach::{Keys, Reach},
        role::{ClientState, Role},
    },
    exchange::idempotency,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Select};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Actor, Code, Ctx, Error, Result,
    access::{
        caller::{self, Named},
        keys::CLOCK_SKEW,
        log::{self, Seen},
        policy::{self, Extent, Permission},
        scope::{Scope, Sight},
    },
    database::Session,
    memory::Memory,
};

/// Who the caller turned out to be.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    Public,
    Client(Arc<client::Model>),
    System,
}

/// A running transaction, or a read of one statement.
pub struct Tx {
    pub(crate) db: Session,
    pub(crate) ctx: Ctx,
    pub(crate) caller: Caller,
    /// What personal data were shown so far.
    pub(crate) seen: Mutex<Vec<Seen>>,
    /// What a batch knows without asking.
    pub(crate) memory: Option<Mutex<Memory>>,
}

impl Ctx {
    /// Begins a read of several statements: one snapshot.
    pub(crate) async fn read(&self) -> Result<Tx> {
        let caller = self.known_caller().await?;
        Ok(self.begun(self.db.begin_read().await?, caller))
    }

    /// Begins a read of one statement, which is a snapshot by itself.
    pub(crate) async fn read_once(&self) -> Result<Tx> {
        let caller = self.known_caller().await?;
        Ok(self.begun(self.db.read_alone(), caller))
    }

    /// Begins a write.
    pub(crate) async fn write(&self) -> Result<Tx> {
        let caller = find_caller(self).await?;
        Ok(self.begun(self.db.begin_write().await?, caller))
    }

    /// Begins a write of many records, which remembers what it wrote.
    pub(crate) async fn write_many(&self) -> Result<Tx> {
        self.write().await.map(|tx| Tx { memory: Some(Mutex::default()), ..tx })
    }

    fn begun(&self, db: Session, caller: Caller) -> Tx {
        Tx { db, ctx: self.clone(), caller, seen: Mutex::default(), memory: None }
    }

    /// Who reads: asked for each use case, or once for all that make up one answer.
    async fn known_caller(&self) -> Result<Caller> {
        match &self.one_answer {
            None => find_caller(self).await,
            Some(caller) => caller.get_or_try_init(|| find_caller(self)).await.cloned(),
        }
    }
}

async fn find_caller(ctx: &Ctx) -> Result<Caller> {
    let (named, until) = match &ctx.actor {
        Actor::Public => return Ok(Caller::Public),
        Actor::System => return Ok(Caller::System),
        Actor::Client { id, token_id, until } => (Named::Id { client: *id, token_id: token_id.clone() }, *until),
        Actor::External { issuer, subject, until } => {
            (Named::Outside { issuer: issuer.clone(), subject: subject.clone() }, *until)
        }
    };
    check_unexpired(ctx, until)?;
    let known = caller::know(&ctx.db, named).await?;
    if known.token_revoked {
        return Err(refused_token("Token đã bị thu hồi.", "The token was revoked."));
    }
    match known.client {
        Some(client) if client.state == ClientState::Active => {
            check_purpose(ctx, &client)?;
            Ok(Caller::Client(client))
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
