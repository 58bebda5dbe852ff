//! The two databases behind one door: SQLite with many readers and one writer, PostgreSQL with a pool.
//!
//! Everything that differs between them stands in this file.

mod session;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    AccessMode, ConnectOptions, DatabaseConnection, DbBackend, DbErr, IsolationLevel, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use tokio::sync::Notify;

use crate::{
    Keyring,
    access::{caller::Callers, log::Queue},
    vault::Vault,
};

pub(crate) use session::Session;

/// How many connections and how long to wait for one.
#[derive(Clone, Debug)]
pub struct DatabaseOptions {
    pub url: String,
    pub max_connections: u32,
    pub acquire_timeout: Duration,
    /// The operator's keys for what lies encrypted.
    pub data_keys: Keyring,
}

/// Why a database does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// The configured keys are not those of this database.
    #[error("data_keys: {0}")]
    Keys(String),
}

/// An open database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Database {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    /// The keys of what lies encrypted.
    vault: Arc<Vault>,
    /// Requests that wait to hear who asks.
    pub(crate) callers: Arc<Callers>,
    /// Entries of the access log on their way.
    pub(crate) access_log: Arc<Queue>,
    /// Statements of reads so far.
    reads: Arc<AtomicU64>,
    /// Woken after each commit, so that the sequencer runs at once.
    pub(crate) committed: Arc<Notify>,
    /// Woken after new positions were given, for long polls and subscriptions.
    pub(crate) sequenced: Arc<tokio::sync::watch::Sender<i64>>,
}

const SQLITE_PRAGMAS: [(&str, &str); 4] =
    [("foreign_keys", "ON"), ("journal_mode", "WAL"), ("synchronous", "NORMAL"), ("mmap_size", "268435456")];

impl Database {
    /// Opens the database at `url`; the schema must be there.
    pub async fn open(options: &DatabaseOptions) -> Result<Self, OpenError> {
        let connect = |connections: u32| {
            let mut o = ConnectOptions::new(&options.url);
            o.max_connections(connections.max(1))
                .acquire_timeout(options.acquire_timeout)
                .connect_timeout(options.acquire_timeout)
                .test_before_acquire(false)
                .sqlx_logging(false)
                .map_sqlx_sqlite_opts(|mut sqlite| {
                    sqlite = sqlite.busy_timeout(Duration::from_secs(30)).create_if_missing(true);
                    for (name, value) in SQLITE_PRAGMAS {
                        sqlite = sqlite.pragma(name, value);
                    }
                    sqlite
                });
            sea_orm::Database::connect(o)
        };
        let sqlite = options.url.starts_with("sqlite");
        let mut reader = connect(options.max_connections).await?;
        let writer = if sqlite { connect(1).await? } else { reader.clone() };
        let reads = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&reads);
        reader.set_metric_callback(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
        });
        let vault = Arc::new(Vault::open(&writer, options.data_keys.clone()).await?);
        let (sequenced, _) = tokio::sync::watch::channel(0);
        Ok(Self {
            reader,
            writer,
            vault,
            callers: Arc::default(),
            access_log: Arc::default(),
            reads,
            committed: Arc::new(Notify::new()),
            sequenced: Arc::new(sequenced),
        })
    }

    /// A read transaction: one snapshot from begin to end.
    #[expect(clippy::disallowed_methods, reason = "transactions begin here and nowhere else")]
    pub(crate) async fn begin_read(&self) -> Result<Session, DbErr> {
        let tx = match self.reader.get_database_backend() {
            DbBackend::Postgres => {
                self.reader.begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)).await
            }
            _ => self.reader.begin().await,
        };
        tx.map(Session::transaction)
    }

    /// Statements that are each a snapshot of their own.
    pub(crate) fn read_alone(&self) -> Session {
        Session::alone(self.reader.clone())
    }

    /// What is read where there is no caller yet.
    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// A write transaction. On SQLite it starts as the writer, so that it never fails half-way.
    pub(crate) async fn begin_write(&self) -> Result<Session, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.writer.begin_with_options(options).await.map(Session::transaction)
    }

    /// The keys of what lies encrypted.
    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.reader.ping().await
    }

    pub fn is_postgres(&self) -> bool {
        self.reader.get_database_backend() == DbBackend::Postgres
    }

    /// Open and idle connections, for the metrics.
    pub fn pool_state(&self) -> (u32, usize) {
        if self.is_postgres() {
            let pool = self.reader.get_postgres_connection_pool();
            (pool.size(), pool.num_idle())
        } else {
            let pool = self.reader.get_sqlite_connection_pool();
            (pool.size(), pool.num_idle())
        }
    }

    /// How many statements of reads there were since it was opened, for the metrics.
    pub fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }

    /// Closes every connection after the last request.
    pub async fn close(self) -> Result<(), DbErr> {
        self.reader.clone().close().await?;
        self.writer.clone().close().await
    }
}
