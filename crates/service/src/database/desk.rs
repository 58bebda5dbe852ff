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
const OLD: Duration = Duration::from_secs(600);

/// The connections, and how many may be out at a time.
#[derive(Debug)]
pub(crate) struct Desk {
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

    /// A connection, and the right to use it.
    async fn take(&self) -> Result<(SemaphorePermit<'_>, Connection, Instant), DbErr> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let permit = tokio::time::timeout(self.patience, self.gate.acquire())
            .await
            .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?
            .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))?;
        let last = || self.kept().pop();
        while let Some((connection, since)) = last() {
            if since.elapsed() < OLD {
                return Ok((permit, connection, since));
            }
        }
        let connection = match &self.pool {
            Pool::Postgres(pool) => Connection::Postgres(pool.acquire().await.map_err(acquired)?),
            Pool::Sqlite(pool) => Connection::Sqlite(pool.acquire().await.map_err(acquired)?),
        };
        Ok((permit, connection, Instant::now()))
    }

    /// Keeps a connection that did what it should; another goes back to its pool, which tests it.
    fn keep<T>(&self, connection: Connection, since: Instant, done: Result<T, sqlx::Error>) -> Result<T, DbErr> {
        let value = done.map_err(failed)?;
        self.kept().push((connection, since));
        Ok(value)
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
        let (_permit, mut connection, since) = self.take().await?;
        let done = match &mut connection {
            Connection::Postgres(c) => prepared(statement).execute(&mut **c).await.map(Into::into),
            Connection::Sqlite(c) => prepared(statement).execute(&mut **c).await.map(Into::into),
        };
        self.keep(connection, since, done)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let (_permit, mut connection, since) = self.take().await?;
        let sql = AssertSqlSafe(sql.to_owned());
        let done = match &mut connection {
            Connection::Postgres(c) => c.execute(sql).await.map(Into::into),
            Connection::Sqlite(c) => c.execute(sql).await.map(Into::into),
        };
        self.keep(connection, since, done)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let (_permit, mut connection, since) = self.take().await?;
        let done = match &mut connection {
            Connection::Postgres(c) => {
                prepared(statement).fetch_optional(&mut **c).await.map(|row| row.map(Into::into))
            }
            Connection::Sqlite(c) => prepared(statement).fetch_optional(&mut **c).await.map(|row| row.map(Into::into)),
        };
        self.keep(connection, since, done)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let (_permit, mut connection, since) = self.take().await?;
        let done = match &mut connection {
            Connection::Postgres(c) => prepared(statement).fetch_all(&mut **c).await.map(rows),
            Connection::Sqlite(c) => prepared(statement).fetch_all(&mut **c).await.map(rows),
        };
        self.keep(connection, since, done)
    }
}

fn rows<R: Into<QueryResult>>(rows: Vec<R>) -> Vec<QueryResult> {
    rows.into_iter().map(Into::into).collect()
}
