//! Settings from a file and from the environment; a wrong one stops the start with one clear line.

mod check;

use std::{net::SocketAddr, path::PathBuf};

use gdtx_service::exchange::period::SyncPeriods;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

/// An outside issuer of access tokens that this service trusts.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TrustedIssuer {
    /// The `iss` of its tokens.
    pub issuer: String,
    /// The `aud` that its tokens must carry.
    pub audience: String,
    /// File with its public keys (JWKS).
    pub jwks_file: PathBuf,
}

/// Everything that can be set. Environment: `GDTX_` and the name in capitals.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Address and port to listen on; port 0 picks a free one.
    pub bind: String,
    /// Certificate chain for TLS, a PEM file; plain HTTP when empty.
    pub tls_cert: PathBuf,
    /// The private key of that certificate, a PEM file.
    pub tls_key: PathBuf,
    /// `sqlite://…` or `postgres://…`; a file in `data_dir` when empty.
    #[serde(serialize_with = "address")]
    pub database_url: SecretString,
    /// Streaming replicas that serve reads, comma-separated `postgres://…`.
    #[serde(serialize_with = "hidden")]
    pub replica_urls: SecretString,
    /// Milliseconds that a read waits for a replica before it goes to the primary.
    pub replica_wait_milliseconds: u64,
    /// Where the embedded database lives, and the file of data keys unless they are set.
    pub data_dir: PathBuf,
    /// Keys for what lies encrypted, `name:base64` of 32 bytes each, separated by commas; the first
    /// one locks, the others still open. When empty they are read from `data.keys` in `data_dir`,
    /// which is made at the first start.
    #[serde(serialize_with = "hidden")]
    pub data_keys: SecretString,
    /// The address under which clients reach the service; also the token issuer. When absent it
    /// follows from `bind`, at port 0 as soon as the real port is known.
    pub public_url: String,
    /// Connections to the database.
    pub max_connections: u32,
    /// Seconds to wait for a free connection.
    pub acquire_timeout_seconds: u64,
    /// Threads that serve requests.
    pub workers: usize,
    /// Largest request body, in bytes.
    pub body_limit_bytes: usize,
    /// Largest file to import, in bytes.
    pub import_limit_bytes: i64,
    /// Imports that this process runs at a time; 0 leaves them to others.
    pub import_runners: usize,
    /// Payloads of one client that may be under way at a time.
    pub import_open_uploads: u64,
    /// Rows of an import that is written all or none, or rehearsed, at most.
    pub import_atomic_rows: usize,
    /// Seconds after which an import whose process says nothing goes to another one.
    pub import_lease_seconds: u64,
    /// Exports that this process runs at a time; 0 leaves them to others.
    pub export_runners: usize,
    /// Exports of one client that may wait or run at a time.
    pub export_open_jobs: u64,
    /// Largest file of an export job, in bytes.
    pub export_limit_bytes: i64,
    /// Seconds after which an export whose process says nothing goes to another one.
    pub export_lease_seconds: u64,
    /// Hours for which an export job and its file are kept after its end.
    pub export_keep_hours: i64,
    /// Seconds for which a link leads to the file of an export job.
    pub export_link_seconds: i64,
    /// How imports name the period that their rows are for.
    pub sync_periods: SyncPeriods,
    /// Webhooks that this process serves at a time; 0 leaves them to others.
    pub webhook_runners: usize,
    /// Messages that are on their way to one receiver at a time.
    pub webhook_messages: usize,
    /// Private networks that webhooks may point to, comma-separated; none when empty.
    pub webhook_networks: String,
    /// Whether webhooks may point to addresses without TLS.
    pub webhook_http: bool,
    /// Days after which a webhook whose receiver accepts nothing is stopped.
    pub webhook_disable_days: u32,
    /// Days for which deliveries are listed.
    pub webhook_log_days: u32,
    /// Whether this process counts the journal for statistics, when no other does.
    pub count_statistics: bool,
    /// Whether this process reminds of reports before their last day; of several each reminder is sent once.
    pub remind_reports: bool,
    /// Seconds within which a client must have sent its request head.
    pub client_timeout_seconds: u64,
    /// Seconds within which an answer must be ready.
    pub request_timeout_seconds: u64,
    /// Seconds for which `/readyz` refuses while requests are still answered, after SIGTERM.
    pub drain_seconds: u64,
    /// Seconds that running requests get at shutdown.
    pub shutdown_timeout_seconds: u64,
    /// `pretty` or `json`.
    pub log_format: LogFormat,
    /// Filter of log lines, e.g. `info` or `gdtx_service=debug`.
    pub log_level: String,
    /// Address of an OpenTelemetry collector that takes traces as OTLP over HTTP; none when empty.
    pub otlp_endpoint: String,
    /// Origins that browsers may call from, comma-separated; `*` for any.
    pub cors_origins: String,
    /// Whether GraphQL tells its schema.
    pub graphql_introspection: bool,
    /// Deepest nesting of a GraphQL query.
    pub graphql_max_depth: usize,
    /// Most expensive GraphQL query.
    pub graphql_max_complexity: usize,
    /// Most aliases in a GraphQL document.
    pub graphql_max_aliases: usize,
    /// File or folder of the only GraphQL documents that run; any document when empty.
    pub graphql_trusted_documents: PathBuf,
    /// Lifetime of access tokens, in seconds.
    pub token_lifetime_seconds: i64,
    /// Length of the window in which requests are counted, in seconds.
    pub rate_window_seconds: i64,
    /// Reads of a client in a window; 0 for no limit, here and below.
    pub rate_read: i64,
    /// Writes of a client in a window.
    pub rate_write: i64,
    /// Requests of a client to the change feed, imports and exports in a window.
    pub rate_bulk: i64,
    /// Requests of a client for statistics in a window.
    pub rate_statistics: i64,
    /// Requests without a token in a window, by network.
    pub rate_public: i64,
    /// Requests to the OAuth endpoints in a window, by network.
    pub rate_token: i64,
    /// Wrong secrets in a window, by client id.
    pub rate_secret: i64,
    /// Leading bits of an IPv4 address that make the network that is counted.
    pub rate_ipv4_bits: u8,
    /// Leading bits of an IPv6 address that make the network that is counted.
    pub rate_ipv6_bits: u8,
    /// Networks of proxies whose `X-Forwarded-For` is believed, comma-separated.
    pub trusted_proxies: String,
    /// Issuers trusted beside our own (file only).
    pub trusted_issuers: Vec<TrustedIssuer>,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    #[default]
    Pretty,
    Json,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            bind: "127.0.0.1:8080".to_owned(),
            tls_cert: PathBuf::new(),
            tls_key: PathBuf::new(),
            database_url: String::new().into(),
            replica_urls: String::new().into(),
            replica_wait_milliseconds: 200,
            data_dir: PathBuf::from("data"),
            data_keys: String::new().into(),
            public_url: String::new(),
            max_connections: 16,
            acquire_timeout_seconds: 10,
            workers: std::thread::available_parallelism().map_or(2, usize::from),
            body_limit_bytes: 2 * 1024 * 1024,
            import_limit_bytes: 1024 * 1024 * 1024,
            import_runners: 2,
            import_open_uploads: 20,
            import_atomic_rows: 20_000,
            import_lease_seconds: 60,
            export_runners: 2,
            export_open_jobs: 5,
            export_limit_bytes: 1024 * 1024 * 1024,
            export_lease_seconds: 60,
            export_keep_hours: 24,
            export_link_seconds: 900,
            sync_periods: SyncPeriods::Optional,
            webhook_runners: 32,
            webhook_messages: 16,
            webhook_networks: String::new(),
            webhook_http: false,
            webhook_disable_days: 5,
            webhook_log_days: 30,
            count_statistics: true,
            remind_reports: true,
            client_timeout_seconds: 10,
            request_timeout_seconds: 75,
            drain_seconds: 5,
            shutdown_timeout_seconds: 30,
            log_format: LogFormat::Pretty,
            log_level: "info".to_owned(),
            otlp_endpoint: String::new(),
            cors_origins: String::new(),
            graphql_introspection: true,
            graphql_max_depth: 16,
            graphql_max_complexity: 20_000,
            graphql_max_aliases: 100,
            graphql_trusted_documents: PathBuf::new(),
            token_lifetime_seconds: 900,
            rate_window_seconds: 60,
            rate_read: 3000,
            rate_write: 1200,
            rate_bulk: 300,
            rate_statistics: 300,
            rate_public: 600,
            rate_token: 300,
            rate_secret: 20,
            rate_ipv4_bits: 32,
            rate_ipv6_bits: 64,
            trusted_proxies: String::new(),
            trusted_issuers: Vec::new(),
        }
    }
}

/// Variables that start with the prefix but are not settings.
const NOT_SETTINGS: [&str; 5] = ["GDTX_CONFIG", "GDTX_BIN", "GDTX_URL", "GDTX_CLIENT_ID", "GDTX_CLIENT_SECRET"];

impl Settings {
    /// Reads the file named by `path` or `GDTX_CONFIG`, or `gdtx.toml` when it is there, then the
    /// environment. The error is one line that names the setting.
    pub fn load(path: Option<PathBuf>) -> Result<Self, String> {
        let variables = std::env::vars_os()
            .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
            .filter(|(k, _)| !NOT_SETTINGS.contains(&k.as_str()))
            .collect();
        let named = path.or_else(|| std::env::var_os("GDTX_CONFIG").map(PathBuf::from));
        let required = named.is_some();
        let file = config::File::from(named.unwrap_or_else(|| "gdtx.toml".into()))
            .required(required)
            .format(config::FileFormat::Toml);
        let environment =
            config::Environment::with_prefix("GDTX").prefix_separator("_").try_parsing(true).source(Some(variables));
        let settings: Self = config::Config::builder()
            .add_source(file)
            .add_source(environment)
            .build()
            .and_then(config::Config::try_deserialize)
            .map_err(|e| format!("configuration: {e}"))?;
        settings.completed()
    }

    /// Fills what follows from other settings, and checks the rest.
    pub fn completed(mut self) -> Result<Self, String> {
        let bind: SocketAddr =
            self.bind.parse().map_err(|_| format!("configuration: bind: “{}” is not ADDRESS:PORT", self.bind))?;
        if self.database_url.expose_secret().is_empty() {
            self.database_url = format!("sqlite://{}/gdtx.db?mode=rwc", self.data_dir.display()).into();
        }
        let url = self.database_url.expose_secret();
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err("configuration: database_url: must start with sqlite:// or postgres://".to_owned());
        }
        if self.public_url.is_empty() && bind.port() != 0 {
            self.public_url = self.at(bind);
        }
        check::ranges(&self)?;
        check::tls(&self)?;
        check::collector(&self)?;
        self.proxies()?;
        self.targets()?;
        self.replicas()?;
        Ok(self)
    }

    /// Whether clients are served over TLS.
    pub fn tls(&self) -> bool {
        !self.tls_cert.as_os_str().is_empty()
    }

    /// The address under which clients reach a listener when no other is told.
    pub fn at(&self, address: SocketAddr) -> String {
        format!("{}://{address}", if self.tls() { "https" } else { "http" })
    }

    /// The settings as TOML, without secrets.
    pub fn show(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }
}

/// An address of a database without user and password.
fn address<S: Serializer>(url: &SecretString, out: S) -> Result<S::Ok, S::Error> {
    let url = url.expose_secret();
    match (url.find("://"), url.rfind('@')) {
        (Some(start), Some(end)) if start < end => {
            out.serialize_str(&format!("{}://***{}", &url[..start], &url[end..]))
        }
        _ => out.serialize_str(url),
    }
}

/// Whether there is a secret, and not which.
fn hidden<S: Serializer>(secret: &SecretString, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(if secret.expose_secret().is_empty() { "" } else { "***" })
}

#[cfg(test)]
mod tests {
    use super::Settings;

    #[test]
    fn passwords_are_not_shown() {
        let settings =
            Settings { database_url: "postgres://gdtx:hunter2@db/gdtx".to_owned().into(), ..Settings::default() };
        let shown = settings.show();
        assert!(shown.contains("postgres://***@db/gdtx") && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn a_wrong_setting_is_named() {
        let wrong = Settings { bind: "here".to_owned(), ..Settings::default() }.completed();
        assert!(wrong.is_err_and(|e| e.starts_with("configuration: bind")));
        let wrong = Settings { database_url: "mysql://x".to_owned().into(), ..Settings::default() }.completed();
        assert!(wrong.is_err_and(|e| e.starts_with("configuration: database_url")));
    }
}
