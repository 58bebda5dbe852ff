//! Reads of one statement, on connections that stay at hand between them: a pool greets every
//! connection that comes back to it, which costs as much as a small read.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement,
    prelude::async_trait::async_trait,
};
use sqlx::{AssertSqlSafe, Executor, PgPool, Postgres, Sqlite, SqlitePool, pool::PoolConnection};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::postgres::{acquired, failed, prepared};

/// A connection that is older than this is closed: a server that was replaced must not be held on to.
const OLD: Duration = Duration::from_mins(10);

/// The connections, and how many may be out at a time.
#[derive(Debug)]
pub(crate) struct Desk {
    /// Twice as large as the gate is wide: who closes a connection keeps nobody waiting.
    pool: Pool,
    gate: Semaphore,
    patience: Duration,
    kept: Mutex<Vec<(Connection, Instant)>>,
    /// Statements so far.
    reads: Arc<AtomicU64>,
}

#[derive(Debug)]
enum Pool {
    Postgres(PgPool),
    Sqlite(SqlitePool),
}

#[derive(Debug)]
enum Connection {
    Postgres(PoolConnection<Postgres>),
    Sqlite(PoolConnection<Sqlite>),
}

impl Connection {
    fn close(mut self) {
        match &mut self {
            Self::Postgres(connection) => connection.close_on_drop(),
            Self::Sqlite(connection) => connection.close_on_drop(),
        }
    }
}

/// A connection that is out, with the right to use it. One that is not given back, because its reader
/// went away or it failed, is closed.
struct Out<'a> {
    connection: Option<Connection>,
    since: Instant,
    desk: &'a Desk,
    _permit: SemaphorePermit<'a>,
}

impl Drop for Out<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.close();
        }
    }
}

impl Out<'_> {
    fn connection(&mut self) -> Result<&mut Connection, DbErr> {
        self.connection.as_mut().ok_or(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))
    }

    /// Gives the connection back unless it broke; a refused statement does not break it.
    fn done<T>(mut self, outcome: Result<T, sqlx::Error>) -> Result<T, DbErr> {
        if matches!(outcome, Ok(_) | Err(sqlx::Error::Database(_)))
            && let Some(connection) = self.connection.take()
        {
            self.desk.keep(connection, self.since);
        }
        outcome.map_err(failed)
    }
}

impl Desk {
    /// All connections of a pool, which nobody else may use; `reads` is counted up.
    pub fn new(db: &DatabaseConnection, size: u32, patience: Duration, reads: Arc<AtomicU64>) -> Self {
        let pool = match db.get_database_backend() {
            DbBackend::Postgres => Pool::Postgres(db.get_postgres_connection_pool().clone()),
            _ => Pool::Sqlite(db.get_sqlite_connection_pool().clone()),
        };
        let gate = Semaphore::new(usize::try_from(size).unwrap_or(Semaphore::MAX_PERMITS));
        Self { pool, gate, patience, kept: Mutex::default(), reads }
    }

    /// Open and idle connections.
    pub fn state(&self) -> (u32, usize) {
        let (open, idle) = match &self.pool {
            Pool::Postgres(pool) => (pool.size(), pool.num_idle()),
            Pool::Sqlite(pool) => (pool.size(), pool.num_idle()),
        };
        (open, idle + self.kept().len())
    }

    /// Closes the connections, those in use as soon as they are free.
    pub async fn close(&self) {
        self.gate.close();
        self.kept().clear();
        match &self.pool {
            Pool::Postgres(pool) => pool.close().await,
            Pool::Sqlite(pool) => pool.close().await,
        }
    }

    fn kept(&self) -> MutexGuard<'_, Vec<(Connection, Instant)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection to ask.
    async fn take(&self) -> Result<Out<'_>, DbErr> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let permit = match self.gate.try_acquire() {
            Ok(permit) => permit,
            Err(_) => tokio::time::timeout(self.patience, self.gate.acquire())
                .await
                .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?
                .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))?,
        };
        let last = || self.kept().pop();
        while let Some((connection, since)) = last() {
            if since.elapsed() < OLD {
                return Ok(Out { connection: Some(connection), since, desk: self, _permit: permit });
            }
            connection.close();
        }
        let connection = match &self.pool {
            Pool::Postgres(pool) => Connection::Postgres(pool.acquire().await.map_err(acquired)?),
            Pool::Sqlite(pool) => Connection::Sqlite(pool.acquire().await.map_err(acquired)?),
        };
        Ok(Out { connection: Some(connection), since: Instant::now(), desk: self, _permit: permit })
    }

    /// Keeps a connection at hand, unless all is being closed. The one that nobody needed for longest
    /// goes when it is old.
    fn keep(&self, connection: Connection, since: Instant) {
        let mut kept = self.kept();
        if self.gate.is_closed() {
            return;
        }
        if kept.first().is_some_and(|(_, since)| since.elapsed() >= OLD) {
            kept.remove(0).0.close();
        }
        kept.push((connection, since));
    }
}

#[async_trait]
impl ConnectionTrait for Desk {
    fn get_database_backend(&self) -> DbBackend {
        match self.pool {
            Pool::Postgres(_) => DbBackend::Postgres,
            Pool::Sqlite(_) => DbBackend::Sqlite,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let mut out = self.take().await?;
        let done = match out.connection()? {
            Connection::Postgres(c) => prepared(statement).execute(&mut **c).await.map(Into::into),
            Connection::Sqlite(c) => prepared(statement).execute(&mut **c).await.map(Into::into),
        };
        out.done(done)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let mut out = self.take().await?;
        let sql = AssertSqlSafe(sql.to_owned());
        let done = match out.connection()? {
            Connection::Postgres(c) => c.execute(sql).await.map(Into::into),
            Connection::Sqlite(c) => c.execute(sql).await.map(Into::into),
        };
        out.done(done)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let mut out = self.take().await?;
        let done = match out.connection()? {
            Connection::Postgres(c) => {
                prepared(statement).fetch_optional(&mut **c).await.map(|row| row.map(Into::into))
            }
            Connection::Sqlite(c) => prepared(statement).fetch_optional(&mut **c).await.map(|row| row.map(Into::into)),
        };
        out.done(done)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut out = self.take().await?;
        let done = match out.connection()? {
            Connection::Postgres(c) => prepared(statement).fetch_all(&mut **c).await.map(rows),
            Connection::Sqlite(c) => prepared(statement).fetch_all(&mut **c).await.map(rows),
        };
        out.done(done)
    }
}

fn rows<R: Into<QueryResult>>(rows: Vec<R>) -> Vec<QueryResult> {
    rows.into_iter().map(Into::into).collect()
}
