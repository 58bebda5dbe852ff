//! Starts the service for one test, on its own database, and talks to it as clients do.
//!
//! Every story runs twice: on a SQLite file and on a PostgreSQL database, each a copy of a
//! template that was migrated once.

pub mod client;
pub mod contract;
pub mod postgres;
pub mod process;
pub mod receiver;
pub mod replica;

use std::{future::Future, path::PathBuf, sync::OnceLock, time::Duration};

use gdtx_api::{Running, Settings, exchange::webhooks::HttpCourier};
use gdtx_domain::access::reach::Reach;
use gdtx_service::{
    Clock, Ctx, Database,
    exchange::{exports, imports, webhooks::Dispatcher},
};
use secrecy::ExposeSecret;
use tempfile::TempDir;
use tokio::sync::OnceCell;

pub use client::{Answer, Client};

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// A running service with its own database.
pub struct Service {
    pub base: String,
    pub settings: Settings,
    pub db: Database,
    pub backend: Backend,
    running: Option<Running>,
    home: TempDir,
    database: String,
}

/// Runs one story on one database, inside an actix system.
pub fn run<F, Fut>(backend: Backend, story: F)
where
    F: FnOnce(Service) -> Fut,
    Fut: Future<Output = Service>,
{
    actix_web::rt::System::new().block_on(async {
        let service = Service::start(backend).await;
        story(service).await.end().await;
    });
}

/// Declares a test that runs on both databases: `on_both!(async fn name(s) { … });`
#[macro_export]
macro_rules! on_both {
    ($(#[$meta:meta])* async fn $name:ident($service:ident) $body:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(#[$meta])*
            async fn story($service: &$crate::support::Service) $body

            #[test]
            fn sqlite() {
                $crate::support::run($crate::support::Backend::Sqlite, |s| async { story(&s).await; s });
            }

            #[test]
            fn postgres() {
                $crate::support::run($crate::support::Backend::Postgres, |s| async { story(&s).await; s });
            }
        }
    };
}

impl Service {
    /// Starts on a fresh copy of the template.
    pub async fn start(backend: Backend) -> Self {
        let home = TempDir::new().expect("a temporary folder");
        let (url, database) = match backend {
            Backend::Sqlite => {
                let file = home.path().join("gdtx.db");
                std::fs::copy(sqlite_template().await, &file).expect("a copy of the template");
                (format!("sqlite://{}?mode=rwc", file.display()), String::new())
            }
            Backend::Postgres => {
                let server = postgres::server().await;
                let name = postgres::fresh_name("story");
                server.create_database(&name, Some(postgres_template().await)).await.expect("a copy of the template");
                (server.url_of(&name), name)
            }
        };
        Self::start_at(backend, url, home, database).await
    }

    /// Starts at an address. A database without a name is not dropped at the end.
    async fn start_at(backend: Backend, url: String, home: TempDir, database: String) -> Self {
        let settings = settings(url, home.path().into());
        let db = gdtx_api::server::open(&settings).await.expect("an open database");
        let running = gdtx_api::start(settings.clone(), db.clone(), Clock::System).expect("a running service");
        let base = format!("http://{}", running.address);
        Self { base, settings, db, backend, running: Some(running), home, database }
    }

    /// Another process on the same database, as far as a test can tell.
    pub async fn second(&self) -> Running {
        let db = gdtx_api::server::open(&self.settings).await.expect("an open database");
        gdtx_api::start(self.settings.clone(), db, Clock::System).expect("a second service")
    }

    /// A process on the same database with other settings.
    pub async fn restarted(&self, settings: Settings) -> Running {
        self.at_time(settings, Clock::System).await
    }

    /// A process on the same database with other settings, at a time of its own.
    pub async fn at_time(&self, settings: Settings, clock: Clock) -> Running {
        let db = gdtx_api::server::open(&settings).await.expect("an open database");
        gdtx_api::start(settings, db, clock).expect("a service")
    }

    /// Waits for nothing: everything committed so far has its position in the feed afterwards, of which it tells the
    /// last one.
    pub async fn sequenced(&self) -> i64 {
        let system = self.system();
        gdtx_service::exchange::sequencer::run_once(system.database()).await.expect("a sequenced journal")
    }

    /// Counts the whole journal.
    pub async fn counted(&self) {
        self.sequenced().await;
        let db = self.system().database().clone();
        gdtx_service::statistics::run_once(&db, Clock::System).await.expect("a counted journal");
    }

    /// Runs every import that waits.
    pub async fn run_imports(&self) {
        let runner = self.runner(Duration::from_secs(60));
        while imports::run_once(&runner).await.expect("imports that run") {}
    }

    /// What runs imports, which believe in it for a time.
    pub fn runner(&self, lease: Duration) -> imports::Runner {
        let (db, clock) = (self.db.clone(), Clock::System);
        imports::Runner { db, clock, lease, atomic_rows: 100, declared_periods: false }
    }

    /// Runs every export that waits.
    pub async fn run_exports(&self) {
        while exports::run_once(&self.exporter(Clock::System)).await.expect("exports that run") {}
    }

    /// What makes the files of export jobs, at a time of its own.
    pub fn exporter(&self, clock: Clock) -> exports::Runner {
        let app = &self.running.as_ref().expect("a running service").app;
        exports::Runner { clock, ..gdtx_api::server::exporter(app) }
    }

    /// What sends the messages of webhooks.
    pub fn dispatcher(&self, clock: Clock) -> Dispatcher<HttpCourier> {
        let app = &self.running.as_ref().expect("a running service").app;
        Dispatcher { clock, ..gdtx_api::server::dispatcher(app) }
    }

    /// The tables themselves, for what no operation shows.
    pub async fn tables(&self) -> sea_orm::DatabaseConnection {
        sea_orm::Database::connect(self.settings.database_url.expose_secret()).await.expect("a connection")
    }

    /// The context of the service itself.
    pub fn system(&self) -> Ctx {
        Ctx::system(self.db.clone(), Clock::System)
    }

    /// A caller without a token.
    pub fn public(&self) -> Client {
        Client::new(&self.base, None)
    }

    /// A registered client with a token: role, reach, and an agreement on all classes of data.
    pub async fn client(&self, role: &str, reach: Reach) -> Client {
        Client::register(self, role, reach, &["basic", "sensitive", "restricted"]).await
    }

    /// A vendor that acts for the whole of Hải Phòng (31), all classes of data agreed.
    pub async fn vendor(&self) -> Client {
        self.client("vendor", province("31")).await
    }

    /// Folder of this test.
    pub fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    /// On a primary of its own, which has a standby.
    pub async fn on(pair: &replica::Pair) -> Self {
        let home = TempDir::new().expect("a temporary folder");
        prepare(&pair.primary()).await;
        Self::start_at(Backend::Postgres, pair.primary(), home, String::new()).await
    }

    pub async fn end(mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await.expect("a clean stop");
        }
        let Self { db, database, .. } = self;
        db.close().await.ok();
        if !database.is_empty() {
            postgres::server().await.drop_database(&database).await.ok();
        }
    }
}

/// An invented centre in a commune of today (11407 lies in Hải Phòng, 00004 in Hà Nội).
pub fn centre(name: &str, commune: &str) -> serde_json::Value {
    serde_json::json!({
        "name": name, "kind": "gdtx_centre", "ownership": "public", "place": { "code": commune },
    })
}

/// Looks until something is so, four times a second, which no quota minds; fails when it takes longer than `most`.
pub async fn within(most: Duration, is_so: impl AsyncFn() -> bool) {
    let looking = async {
        let mut looks = tokio::time::interval(Duration::from_millis(250));
        while !is_so().await {
            looks.tick().await;
        }
    };
    tokio::time::timeout(most, looking).await.expect("it never came to be so");
}

/// The reach of one province.
pub fn province(code: &str) -> Reach {
    Reach { provinces: vec![code.to_owned()], ..Reach::default() }
}

fn settings(url: String, data_dir: PathBuf) -> Settings {
    let settings = Settings {
        bind: "127.0.0.1:0".to_owned(),
        database_url: url.into(),
        data_dir,
        public_url: "http://gdtx.test".to_owned(),
        workers: 1,
        max_connections: 6,
        // Stories run their imports and exports when they want to.
        import_runners: 0,
        export_runners: 0,
        webhook_runners: 0,
        count_statistics: false,
        remind_reports: false,
        // Their receivers stand on this machine.
        webhook_http: true,
        webhook_networks: "127.0.0.0/8".to_owned(),
        log_level: std::env::var("TEST_LOG").unwrap_or_else(|_| "off".to_owned()),
        ..Settings::default()
    };
    gdtx_api::telemetry::start_logs(&settings);
    settings.completed().expect("right settings")
}

async fn sqlite_template() -> &'static PathBuf {
    static TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();
    static HOME: OnceLock<TempDir> = OnceLock::new();
    TEMPLATE
        .get_or_init(|| async {
            let home = HOME.get_or_init(|| TempDir::new().expect("a temporary folder"));
            let file = home.path().join("template.db");
            prepare(&format!("sqlite://{}?mode=rwc", file.display())).await;
            file
        })
        .await
}

async fn postgres_template() -> &'static str {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(|| async {
            let server = postgres::server().await;
            let name = postgres::fresh_name("template");
            server.create_database(&name, None).await.expect("an empty database");
            prepare(&server.url_of(&name)).await;
            name
        })
        .await
}

/// Brings an empty database to the newest schema. A start also copies the reference data into
/// tables; stories do without: the service reads its own memory and never those tables, and the
/// stories of the copying need them empty.
async fn prepare(url: &str) {
    let settings = settings(url.to_owned(), std::env::temp_dir());
    gdtx_migration::migrate(settings.database_url.expose_secret()).await.expect("a migrated template");
}
