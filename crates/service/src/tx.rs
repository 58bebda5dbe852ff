//! A transaction with its authorised caller: the only way to the tables.
//!
//! Who the caller is and what it may reach are read anew each time, within a write and right before
//! a read, so a client that was revoked a moment ago is refused at once.

use std::{
    any::TypeId,
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{LazyLock, Mutex, PoisonError, RwLock},
};

use gdtx_domain::{
    Label,
    access::{
        reach::{Keys, Reach},
        role::Role,
    },
    exchange::{idempotency, journal, resource::ResourceKind},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, IntoActiveModel,
    PrimaryKeyTrait, QueryFilter, QueryTrait, Select, Statement,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Code, Ctx, Error, Record, Resource, Result,
    access::{
        caller::Caller,
        log::{self, Seen},
        policy::{self, Extent, Permission},
        scope::{Scope, Sight},
    },
    database::Session,
    exchange::sequencer,
    memory::Memory,
    replicas,
    resource::check_present,
};

/// A running transaction, or a read of one statement.
pub struct Tx {
    pub(crate) db: Session,
    pub(crate) ctx: Ctx,
    pub(crate) caller: Caller,
    /// What personal data were shown so far.
    pub(crate) seen: Mutex<Vec<Seen>>,
    /// By which personal data records were looked for so far.
    pub(crate) looked: Mutex<BTreeMap<ResourceKind, BTreeSet<String>>>,
    /// Journal entries that wait for the end of the transaction.
    pub(crate) entries: Mutex<Vec<journal::Model>>,
    /// What a batch knows without asking.
    pub(crate) memory: Option<Mutex<Memory>>,
}

impl Ctx {
    /// Begins a read of several statements: one snapshot, of a replica that has seen enough or else
    /// of the primary.
    pub(crate) async fn read(&self) -> Result<Tx> {
        let caller = self.known_caller().await?;
        if let Some((db, position)) = self.db.replicas().begin(&self.actor, self.min_position).await {
            self.position.note(position);
            return Ok(self.begun(Session::transaction(db), caller));
        }
        let db = self.db.begin_read().await?;
        if self.needs_position() {
            let position = replicas::position(&db).await?;
            check_reached(self.min_position, position)?;
            self.position.note(position);
        }
        Ok(self.begun(db, caller))
    }

    /// Begins a read of the primary: of what decides who gets in, which must not be old.
    pub(crate) async fn read_primary(&self) -> Result<Tx> {
        let caller = self.known_caller().await?;
        Ok(self.begun(self.db.begin_read().await?, caller))
    }

    /// Begins a read of one statement, which is a snapshot by itself.
    pub(crate) async fn read_once(&self) -> Result<Tx> {
        if self.needs_position() {
            return self.read().await;
        }
        let caller = self.known_caller().await?;
        Ok(self.begun(self.db.read_alone(), caller))
    }

    /// Whether a read must tell which position it has seen.
    pub(crate) fn needs_position(&self) -> bool {
        self.min_position.is_some() || self.db.replicas().is_any()
    }

    /// Begins a write.
    pub(crate) async fn write(&self) -> Result<Tx> {
        let db = self.db.begin_write().await?;
        let caller = Caller::find(self, Some(&db)).await?;
        Ok(self.begun(db, caller))
    }

    /// Begins a write of many records, which remembers what it wrote.
    pub(crate) async fn write_many(&self) -> Result<Tx> {
        self.write().await.map(|tx| Tx { memory: Some(Mutex::default()), ..tx })
    }

    fn begun(&self, db: Session, caller: Caller) -> Tx {
        Tx {
            db,
            ctx: self.clone(),
            caller,
            seen: Mutex::default(),
            looked: Mutex::default(),
            entries: Mutex::default(),
            memory: None,
        }
    }

    /// Who reads the present: asked for each use case, or once for all that make up one answer.
    async fn known_caller(&self) -> Result<Caller> {
        check_present(self)?;
        match &self.one_answer {
            None => Caller::find(self, None).await,
            Some(caller) => caller.get_or_try_init(|| Caller::find(self, None)).await.cloned(),
        }
    }
}

/// A position that the journal has not reached on the primary lies in the future.
pub(crate) fn check_reached(wanted: Option<i64>, last: i64) -> Result<()> {
    let Some(wanted) = wanted.filter(|wanted| *wanted > last) else { return Ok(()) };
    Err(Error::field(
        Code::InvalidHeader,
        "Min-Position",
        "beyond_the_end",
        format!("Nhật ký mới đến vị trí {last}, chưa đến {wanted}."),
        format!("The journal ends at position {last}, before {wanted}."),
    ))
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
        Ok(Scope { permission, reach, backend: self.db.get_database_backend() })
    }

    /// The scope of the public directory: every centre in the country, for anybody, without a
    /// token. Only for selects that name their public columns.
    pub(crate) fn public_directory(&self) -> Scope {
        self.existence(Permission::CentreRead)
    }

    /// A scope for rules that ask whether something exists anywhere. What is found is never shown.
    pub(crate) fn existence(&self, permission: Permission) -> Scope {
        Scope { permission, reach: Reach::whole_country(), backend: self.db.get_database_backend() }
    }

    /// Whether the caller holds a permission over a record.
    pub(crate) fn may(&self, permission: Permission, keys: &Keys) -> bool {
        self.require(permission).is_ok_and(|scope| scope.covers(keys))
    }

    /// Which personal data the caller is shown in this read.
    pub(crate) fn sight(&self) -> Sight {
        match &self.caller {
            Caller::System => Sight::FULL,
            Caller::Public | Caller::Client(_) => self.entitled().for_request(&self.ctx),
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

    /// One row of a record table. It lies in the scope, which is judged on the row itself: a reach of
    /// many provinces costs more to send than a row to read.
    pub(crate) async fn look<R: Resource>(&self, scope: &Scope, id: uuid::Uuid) -> Result<Option<R::Model>> {
        let backend = self.db.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, select_by_id::<R::Entity>(backend), [id.into()]);
        let row = R::Model::find_by_statement(statement).one(&self.db).await?;
        Ok(row.filter(|row| scope.covers(&R::Record::keys(row))))
    }

    /// The kept answer of this write, when its `Idempotency-Key` was seen before.
    #[expect(clippy::disallowed_methods, reason = "kept answers belong to the caller alone")]
    pub(crate) async fn replay<T: DeserializeOwned>(
        &self,
        operation: &str,
        input: &impl Serialize,
    ) -> Result<Option<T>> {
        let key = self.ctx.idempotency_key.as_ref().filter(|_| !self.ctx.dry_run);
        let (Some(key), Caller::Client(client)) = (key, &self.caller) else { return Ok(None) };
        let Some(kept) = idempotency::Entity::find_by_id((client.id, key.clone())).one(&self.db).await? else {
            return Ok(None);
        };
        if kept.created_at + chrono::Duration::hours(24) < self.ctx.clock.now() {
            idempotency::Entity::delete_by_id((client.id, key.clone())).exec(&self.db).await?;
            return Ok(None);
        }
        if kept.request_hash != self.request_print(operation, input)? {
            return Err(Error::of(Code::IdempotencyMismatch));
        }
        let answer = self.ctx.db.vault().open_text(&answer_place(client.id, key), &kept.answer)?;
        serde_json::from_str(&answer).map(Some).map_err(Error::internal)
    }

    /// A keyed hash of a request: what was asked cannot be guessed from it.
    fn request_print(&self, operation: &str, input: &impl Serialize) -> Result<String> {
        let json = serde_json::to_string(input).map_err(Error::internal)?;
        Ok(self.ctx.db.vault().print("request", &format!("{operation}\n{json}")))
    }

    /// Ends a read: the answer leaves once the access log tells what it shows.
    pub(crate) async fn end<T>(self, answer: T) -> Result<T> {
        let drafts = log::drafts(&self).await?;
        self.db.rollback().await?;
        log::keep(&self.ctx.db, drafts).await?;
        Ok(answer)
    }

    /// Ends a write: keeps the answer for retries, then commits; or undoes all when it is a
    /// rehearsal. The access log tells what the answer shows as soon as the write is there.
    pub(crate) async fn finish<T: Serialize>(self, operation: &str, input: &impl Serialize, answer: T) -> Result<T> {
        let (db, drafts) = (self.ctx.db.clone(), log::drafts(&self).await?);
        if self.ctx.dry_run {
            self.db.rollback().await?;
            log::keep(&db, drafts).await?;
        } else {
            self.keep_answer(operation, input, &answer).await?;
            log::append(&self.db, drafts).await?;
            self.commit().await?;
        }
        Ok(answer)
    }

    /// Keeps the answer for retries.
    async fn keep_answer<T: Serialize>(&self, operation: &str, input: &impl Serialize, answer: &T) -> Result<()> {
        if let (Some(key), Caller::Client(client)) = (&self.ctx.idempotency_key, &self.caller) {
            let kept = idempotency::Model {
                client_id: client.id,
                key: key.clone(),
                operation: operation.to_owned(),
                request_hash: self.request_print(operation, input)?,
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

    /// Whether the journal entries of this write get their positions with its commit. Writers that run
    /// side by side would wait for each other at the end of the journal: only a batch, which pays
    /// for each of its entries once, and SQLite, where one writes at a time anyway, do so.
    pub(crate) fn places_entries(&self) -> bool {
        self.memory.is_some() || !self.ctx.db.is_postgres()
    }

    /// Gives the entries that wait their positions; the last of them. The commit comes next.
    pub(crate) async fn place(&self) -> Result<Option<i64>> {
        let entries = std::mem::take(&mut *self.entries.lock().unwrap_or_else(PoisonError::into_inner));
        if entries.is_empty() {
            return Ok(None);
        }
        self.db.settle().await?;
        sequencer::append_placed(&self.db, entries).await.map(Some)
    }

    /// Commits and wakes the sequencer.
    pub(crate) async fn commit(self) -> Result<()> {
        let placed = self.places_entries();
        let position = self.place().await?;
        self.db.commit().await?;
        if let Some(position) = position {
            sequencer::announce(&self.ctx.db, position);
        }
        if !placed {
            self.ctx.db.committed.notify_one();
        }
        // Where reads go to replicas, its writer must see a write: its position is given now.
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

/// The select of one row by its id, as text, made once: it is the most frequent of all reads.
#[expect(clippy::disallowed_methods, reason = "this makes the finder of one row")]
fn select_by_id<E: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType = uuid::Uuid>>>(backend: DbBackend) -> String {
    static KNOWN: LazyLock<RwLock<HashMap<(TypeId, bool), String>>> = LazyLock::new(RwLock::default);
    let key = (TypeId::of::<E>(), backend == DbBackend::Postgres);
    if let Some(known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return known.clone();
    }
    let sql = E::find_by_id(uuid::Uuid::nil()).build(backend).sql;
    KNOWN.write().unwrap_or_else(PoisonError::into_inner).insert(key, sql.clone());
    sql
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

/// A write outside the caller's reach.
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
