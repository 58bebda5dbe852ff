//! Where statements run: together in a transaction, or each alone at the desk.
//!
//! New rows of a transaction wait until something else is asked of the database or the transaction
//! ends, and are then written many in a statement: who reads inside it sees them, and who writes
//! one row at a time pays for a statement only once for many. PostgreSQL takes a number of them while
//! the next ones are thought out.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::Arc,
};

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, ExecResult, Iterable, PrimaryKeyTrait,
    QueryResult, QueryTrait, Statement, prelude::async_trait::async_trait,
};
use tokio::{sync::Mutex, task::JoinHandle};
use uuid::Uuid;

use super::{desk::Desk, postgres};

/// Values in one statement of SQLite, which binds at most 32,766.
const VALUES: usize = 32_000;
/// Rows that are not worth arrays.
const FEW: usize = 2;
/// Rows of a kind that wait at most.
const MOST: usize = 1_024;
/// Rows of a kind that are on their way to PostgreSQL together.
const SOME: usize = 128;

/// A place for statements, with the new rows that wait.
#[derive(Debug)]
pub(crate) struct Session {
    place: Place,
    waiting: Mutex<Waiting>,
}

/// New rows by their kinds, in the order in which these came first.
#[derive(Debug, Default)]
struct Waiting {
    kinds: Vec<(TypeId, Box<dyn Rows>)>,
    /// The writing of those before them, on PostgreSQL.
    under_way: Option<JoinHandle<Result<(), DbErr>>>,
}

impl Waiting {
    /// The end of what is under way.
    async fn reach(&mut self) -> Result<(), DbErr> {
        match self.under_way.take() {
            None => Ok(()),
            Some(task) => task.await.map_err(|broken| DbErr::Custom(broken.to_string()))?,
        }
    }
}

#[derive(Debug)]
enum Place {
    Transaction(DatabaseTransaction),
    /// A write on PostgreSQL.
    Postgres(Arc<postgres::Transaction>),
    Alone(Arc<Desk>),
}

impl Session {
    pub fn transaction(tx: DatabaseTransaction) -> Self {
        Self { place: Place::Transaction(tx), waiting: Mutex::default() }
    }

    pub(super) fn postgres(tx: postgres::Transaction) -> Self {
        Self { place: Place::Postgres(Arc::new(tx)), waiting: Mutex::default() }
    }

    pub fn alone(desk: Arc<Desk>) -> Self {
        Self { place: Place::Alone(desk), waiting: Mutex::default() }
    }

    /// Adds a row, to be written before anything else is asked.
    pub async fn add<E: EntityTrait>(&self, row: E::ActiveModel) -> Result<(), DbErr>
    where
        E::ActiveModel: Send + Sync + 'static,
    {
        self.put::<E>(None, row).await
    }

    /// Adds the row of a record; it may change while it waits.
    pub async fn add_record<E>(&self, id: Uuid, row: E::ActiveModel) -> Result<(), DbErr>
    where
        E: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>, ActiveModel: Send + Sync + 'static>,
    {
        self.put::<E>(Some(id), row).await
    }

    /// Changes the row of a record, where it waits or where it is written.
    pub async fn change_record<E>(&self, id: Uuid, row: E::ActiveModel) -> Result<(), DbErr>
    where
        E: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>, ActiveModel: Send + Sync + 'static>,
        E::Model: sea_orm::IntoActiveModel<E::ActiveModel>,
    {
        {
            let mut waiting = self.waiting.lock().await;
            let rows = kind_of::<E>(&mut waiting.kinds);
            if let Some(at) = rows.places.get(&id) {
                rows.rows[*at] = row;
                return Ok(());
            }
        }
        E::update(row).exec(self).await.map(drop)
    }

    async fn put<E: EntityTrait>(&self, id: Option<Uuid>, row: E::ActiveModel) -> Result<(), DbErr>
    where
        E::ActiveModel: Send + Sync + 'static,
    {
        let mut waiting = self.waiting.lock().await;
        let rows = kind_of::<E>(&mut waiting.kinds);
        if let Some(id) = id {
            rows.places.insert(id, rows.rows.len());
        }
        rows.rows.push(row);
        let count = rows.rows.len();
        // All kinds, since rows refer to those that came before them.
        match &self.place {
            Place::Postgres(tx) if count >= SOME => {
                waiting.reach().await?;
                let place = Place::Postgres(Arc::clone(tx));
                let mut kinds: Vec<_> = waiting.kinds.iter_mut().map(|(kind, rows)| (*kind, rows.taken())).collect();
                waiting.under_way = Some(tokio::spawn(async move { write(&place, &mut kinds).await }));
                Ok(())
            }
            Place::Transaction(_) | Place::Alone(_) if count >= MOST => write(&self.place, &mut waiting.kinds).await,
            _ => Ok(()),
        }
    }

    /// Writes the rows that wait.
    pub async fn settle(&self) -> Result<(), DbErr> {
        let mut waiting = self.waiting.lock().await;
        waiting.reach().await?;
        if let Place::Postgres(tx) = &self.place
            && waiting.kinds.iter().all(|(_, rows)| rows.count() <= FEW)
        {
            let few = waiting.kinds.iter_mut().filter_map(|(_, rows)| rows.take()).collect();
            return tx.run_together(few).await;
        }
        write(&self.place, &mut waiting.kinds).await
    }

    async fn settled(&self) -> Result<&Place, DbErr> {
        self.settle().await.map(|()| &self.place)
    }

    /// Makes final what was written.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.settle().await?;
        match self.place {
            Place::Transaction(tx) => tx.commit().await,
            Place::Postgres(tx) => alone(tx)?.commit().await,
            Place::Alone(_) => Ok(()),
        }
    }

    /// Undoes what was written. Rows that wait were checked by their rules, and by the database too:
    /// a rehearsal must meet what the real thing would.
    pub async fn rollback(self) -> Result<(), DbErr> {
        self.settle().await?;
        match self.place {
            Place::Transaction(tx) => tx.rollback().await,
            Place::Postgres(tx) => alone(tx)?.rollback().await,
            Place::Alone(_) => Ok(()),
        }
    }
}

/// The transaction, when nothing is under way any more.
fn alone(tx: Arc<postgres::Transaction>) -> Result<postgres::Transaction, DbErr> {
    Arc::into_inner(tx).ok_or_else(|| DbErr::Custom("rows are still under way".to_owned()))
}

async fn write(place: &Place, kinds: &mut [(TypeId, Box<dyn Rows>)]) -> Result<(), DbErr> {
    for (_, rows) in kinds {
        rows.write(place).await?;
    }
    Ok(())
}

/// Rows of one kind that wait.
#[derive(Debug)]
struct Kind<E: EntityTrait> {
    rows: Vec<E::ActiveModel>,
    /// Where the row of a record stands.
    places: HashMap<Uuid, usize>,
}

#[async_trait]
trait Rows: std::fmt::Debug + Send {
    fn count(&self) -> usize;
    /// These rows, of which none is left here.
    fn taken(&mut self) -> Box<dyn Rows>;
    /// The statement that writes all of them on PostgreSQL; none when there are none.
    fn take(&mut self) -> Option<Statement>;
    async fn write(&mut self, place: &Place) -> Result<(), DbErr>;
    fn itself(&mut self) -> &mut dyn Any;
}

#[async_trait]
impl<E: EntityTrait> Rows for Kind<E>
where
    E::ActiveModel: Send + Sync + 'static,
{
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn taken(&mut self) -> Box<dyn Rows> {
        Box::new(std::mem::replace(self, Self { rows: Vec::new(), places: HashMap::new() }))
    }

    fn take(&mut self) -> Option<Statement> {
        self.places.clear();
        let rows = std::mem::take(&mut self.rows);
        (!rows.is_empty()).then(|| E::insert_many(rows).build(DbBackend::Postgres))
    }

    /// Writes all as arrays; on SQLite a power of two in a statement: so few statements are prepared
    /// once and serve again.
    async fn write(&mut self, place: &Place) -> Result<(), DbErr> {
        self.places.clear();
        if let Place::Postgres(tx) = place {
            let rows = std::mem::take(&mut self.rows);
            return if rows.is_empty() { Ok(()) } else { tx.insert::<E>(rows).await };
        }
        let most = (VALUES / E::Column::iter().count().max(1)).ilog2();
        while let Some(log) = self.rows.len().checked_ilog2() {
            let later = self.rows.split_off(1 << log.min(most));
            let now = std::mem::replace(&mut self.rows, later);
            E::insert_many(now).exec_without_returning(place).await?;
        }
        Ok(())
    }

    fn itself(&mut self) -> &mut dyn Any {
        self
    }
}

/// The rows of a kind; kinds are written in the order in which they came first.
fn kind_of<E: EntityTrait>(waiting: &mut Vec<(TypeId, Box<dyn Rows>)>) -> &mut Kind<E>
where
    E::ActiveModel: Send + Sync + 'static,
{
    let kind = TypeId::of::<E>();
    let at = waiting.iter().position(|(known, _)| *known == kind).unwrap_or_else(|| {
        waiting.push((kind, Box::new(Kind::<E> { rows: Vec::new(), places: HashMap::new() })));
        waiting.len() - 1
    });
    match waiting[at].1.itself().downcast_mut::<Kind<E>>() {
        Some(rows) => rows,
        None => unreachable!("rows are kept under their own type"),
    }
}

#[async_trait]
impl ConnectionTrait for Session {
    fn get_database_backend(&self) -> DbBackend {
        self.place.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.settled().await?.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.settled().await?.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.settled().await?.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.settled().await?.query_all_raw(statement).await
    }
}

#[async_trait]
impl ConnectionTrait for Place {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Transaction(tx) => tx.get_database_backend(),
            Self::Postgres(tx) => tx.get_database_backend(),
            Self::Alone(desk) => desk.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Transaction(tx) => tx.execute_raw(statement).await,
            Self::Postgres(tx) => tx.execute_raw(statement).await,
            Self::Alone(desk) => desk.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Transaction(tx) => tx.execute_unprepared(sql).await,
            Self::Postgres(tx) => tx.execute_unprepared(sql).await,
            Self::Alone(desk) => desk.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Transaction(tx) => tx.query_one_raw(statement).await,
            Self::Postgres(tx) => tx.query_one_raw(statement).await,
            Self::Alone(desk) => desk.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Transaction(tx) => tx.query_all_raw(statement).await,
            Self::Postgres(tx) => tx.query_all_raw(statement).await,
            Self::Alone(desk) => desk.query_all_raw(statement).await,
        }
    }
}
