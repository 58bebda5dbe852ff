//! The two databases behind one door: SQLite with many readers and one writer, PostgreSQL with a pool.
//!
//! Everything that differs between them stands in this room.

mod desk;
mod dialect;
mod postgres;
mod session;
mod slices;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, IsolationLevel,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sqlx::{Connection, SqliteConnection};
use tokio::sync::Notify;

use crate::{
    Keyring,
    access::{caller::Callers, log::Queue},
    replicas::Replicas,
    resource::Probes,
    statistics::Cubes,
    vault::Vault,
};

pub(crate) use desk::Desk;
pub(crate) use dialect::one_of;
pub(crate) use session::Session;
pub(crate) use slices::{delete_some, put_all};

/// Whether a connection that comes back may be used again.
///
/// When a disk is full SQLite may undo a transaction by itself. The driver then counts one that is
/// not there, and would take every later commit for a part of it, which nothing ever writes. Such a
/// connection is closed; the next one is new. The ping waits for a rollback that is on its way.
async fn is_out_of_transaction(conn: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    conn.ping().await?;
    Ok(!conn.is_in_transaction())
}

/// How many connections and how long to wait for one.
#[derive(Clone, Debug)]
pub struct DatabaseOptions {
    pub url: String,
    pub max_connections: u32,
    pub acquire_timeout: Duration,
    /// Addresses of streaming replicas (PostgreSQL only).
    pub replicas: Vec<String>,
    /// How long a read waits for a replica to reach the position that it needs.
    pub replica_wait: Duration,
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
    /// Reads of one statement.
    desk: Arc<Desk>,
    /// Reads of several statements.
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    /// Copies that are read in the place of the primary.
    replicas: Arc<Replicas>,
    /// The keys of what lies encrypted.
    vault: Arc<Vault>,
    /// Requests that wait to hear who asks.
    pub(crate) callers: Arc<Callers>,
    /// Requests that wait to hear which version of a record stands.
    pub(crate) probes: Arc<Probes>,
    /// The cells of statistics that this process has read.
    pub(crate) cubes: Arc<Cubes>,
    /// Entries of the access log on their way.
    pub(crate) access_log: Arc<Queue>,
    /// Statements of reads so far.
    reads: Arc<AtomicU64>,
    /// Woken when the payload of an import is complete.
    pub(crate) imported: Arc<Notify>,
    /// Woken when an export waits for its turn.
    pub(crate) exported: Arc<Notify>,
    /// Woken after a commit whose entries have no position yet.
    pub(crate) committed: Arc<Notify>,
    /// Woken after new positions were given, for long polls and subscriptions.
    pub(crate) sequenced: Arc<tokio::sync::watch::Sender<i64>>,
}

/// Connections that read a SQLite file, at most.
const SQLITE_READERS: u32 = 8;
/// Nothing is mapped into memory: the system keeps the file's pages once for all connections, and
/// would count them for each.
const SQLITE_PRAGMAS: [(&str, &str); 3] = [("foreign_keys", "ON"), ("journal_mode", "WAL"), ("synchronous", "NORMAL")];

impl Database {
    /// Opens the database at `url`; the schema must be there.
    pub async fn open(options: &DatabaseOptions) -> Result<Self, OpenError> {
        let connect = |url: &str, connections: u32, lazy: bool| {
            let mut o = ConnectOptions::new(url);
            o.max_connections(connections.max(1))
                .acquire_timeout(options.acquire_timeout)
                .connect_timeout(options.acquire_timeout)
                .test_before_acquire(false)
                .connect_lazy(lazy)
                .sqlx_logging(false)
                .map_sqlx_sqlite_opts(|mut sqlite| {
                    sqlite = sqlite.busy_timeout(Duration::from_secs(30)).create_if_missing(true);
                    for (name, value) in SQLITE_PRAGMAS {
                        sqlite = sqlite.pragma(name, value);
                    }
                    sqlite
                })
                .map_sqlx_sqlite_pool_opts(|pool| pool.after_release(|conn, _| Box::pin(is_out_of_transaction(conn))));
            sea_orm::Database::connect(o)
        };
        let sqlite = options.url.starts_with("sqlite");
        // Half of the connections read single statements, the rest runs transactions. Those of SQLite
        // are threads here, each with the schema and a cache of its own.
        let most = if sqlite { options.max_connections.min(SQLITE_READERS) } else { options.max_connections };
        let at_desk = most.div_ceil(2);
        let mut reader = connect(&options.url, most / 2, false).await?;
        let writer = if sqlite { connect(&options.url, 1, false).await? } else { reader.clone() };
        let reads = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&reads);
        reader.set_metric_callback(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
        });
        let single = connect(&options.url, 2 * at_desk, true).await?;
        let desk = Arc::new(Desk::new(&single, at_desk, options.acquire_timeout, Arc::clone(&reads)));
        let vault = Arc::new(Vault::open(&writer, options.data_keys.clone()).await?);
        let mut pools = Vec::new();
        for url in &options.replicas {
            pools.push(connect(url, options.max_connections, true).await?);
        }
        let replicas = Arc::new(Replicas::new(pools, options.replica_wait));
        let (sequenced, _) = tokio::sync::watch::channel(0);
        Ok(Self {
            desk,
            reader,
            writer,
            replicas,
            vault,
            callers: Arc::default(),
            probes: Arc::default(),
            cubes: Arc::default(),
            access_log: Arc::default(),
            reads,
            imported: Arc::default(),
            exported: Arc::default(),
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
        Session::alone(Arc::clone(&self.desk))
    }

    /// The primary, for single statements outside of a transaction.
    pub(crate) fn primary(&self) -> &Desk {
        &self.desk
    }

    /// The copies of the primary.
    pub fn replicas(&self) -> &Replicas {
        &self.replicas
    }

    /// A write transaction. On SQLite it starts as the writer, so that it never fails half-way.
    pub(crate) async fn begin_write(&self) -> Result<Session, DbErr> {
        if self.is_postgres() {
            let tx = postgres::Transaction::begin(self.writer.get_postgres_connection_pool()).await?;
            return Ok(Session::postgres(tx));
        }
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

    /// Whether the database answers, for single reads as for transactions.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.reader.ping().await?;
        self.desk.execute_unprepared("SELECT 1").await.map(drop)
    }

    pub fn is_postgres(&self) -> bool {
        self.reader.get_database_backend() == DbBackend::Postgres
    }

    /// Open and idle connections, for the metrics.
    pub fn pool_state(&self) -> (u32, usize) {
        let (open, idle) = if self.is_postgres() {
            let pool = self.reader.get_postgres_connection_pool();
            (pool.size(), pool.num_idle())
        } else {
            let pool = self.reader.get_sqlite_connection_pool();
            (pool.size(), pool.num_idle())
        };
        let (single, at_hand) = self.desk.state();
        (open + single, idle + at_hand)
    }

    /// How many statements of reads there were since it was opened, for the metrics.
    pub fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }

    /// Closes every connection after the last request.
    pub async fn close(self) -> Result<(), DbErr> {
        self.replicas.close().await?;
        self.desk.close().await;
        self.reader.clone().close().await?;
        self.writer.clone().close().await
    }
}
