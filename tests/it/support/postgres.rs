//! A PostgreSQL server for the tests: the one of `TEST_POSTGRES_URL`, or a throwaway cluster.
//!
//! The suite must prove both databases on any machine, so it starts its own server from
//! the installed binaries, once per test process, and leaves nothing behind: a small
//! shell beside the test process waits for the end of its standard input and then stops
//! and deletes the cluster. A pipe closes however the process ends, `kill -9` included.
//!
//! Tests get their database by copying: migrate and load one database, then pass its
//! name as `template` to [`Server::create_database`].

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbErr};
use std::{
    env, fs,
    io::{BufRead, BufReader, ErrorKind, Read},
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio, id},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};
use tokio::sync::OnceCell;

/// The watching shell. `$1` binaries, `$2` home of the cluster, `$3` settings.
/// Says `ready`, or says what went wrong and ends; deletes the home in either case.
const WATCH: &str = r#"
end() { "$1/pg_ctl" stop -s -m immediate -D "$2/data"; rm -rf "$2"; }
trap 'end "$1" "$2" >/dev/null 2>&1' EXIT
trap 'exit 1' HUP INT TERM
{
    "$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --no-locale --no-sync &&
    printf '%s\n' "$3" >>"$2/data/postgresql.conf" &&
    "$1/pg_ctl" start -w -t 120 -D "$2/data" -l "$2/server.log"
} </dev/null >"$2/start.log" 2>&1 || { cat "$2/start.log" "$2/server.log"; exit 1; } 2>/dev/null
echo ready
cat >/dev/null
"#;

/// Speed before safety (the data is thrown away), many connections (each test has its own
/// pools), and no background worker that would hold a template open while it is copied.
const SETTINGS: &str = "
listen_addresses = ''
max_connections = 400
shared_buffers = '128MB'
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = '2GB'
checkpoint_timeout = '1h'
autovacuum = off
jit = off
max_parallel_workers_per_gather = 0
";

const MISSING: &str = "PostgreSQL is needed for the tests, and neither a server nor its binaries were found.\n\
    Install them (Debian, Ubuntu: apt-get install postgresql), or set TEST_POSTGRES_URL to a server\n\
    whose user may create databases, for example postgres://postgres@localhost/postgres";

/// A running server on which tests may create databases.
pub struct Server {
    /// The address of a database that always exists; the others differ in the name only.
    url: String,
    /// Holds the pipe whose closing ends a cluster of our own.
    _watch: Option<Child>,
}

static SERVER: OnceCell<Server> = OnceCell::const_new();
static NAMES: AtomicU32 = AtomicU32::new(0);

/// The server of this test process, started on the first call.
///
/// # Panics
/// When there is no server and none can be started; the text says what to install.
pub async fn server() -> &'static Server {
    SERVER
        .get_or_init(|| async {
            match env::var("TEST_POSTGRES_URL") {
                Ok(url) if !url.is_empty() => Server { url, _watch: None },
                _ => match tokio::task::spawn_blocking(start).await {
                    Ok(Ok(server)) => server,
                    Ok(Err(text)) => panic!("{text}"),
                    Err(failure) => panic!("the start of PostgreSQL was cut short: {failure}"),
                },
            }
        })
        .await
}

/// A database name that no other test of this or another process on the same server uses.
pub fn fresh_name(topic: &str) -> String {
    format!("gdtx_{}_{topic}_{}", id(), NAMES.fetch_add(1, Ordering::Relaxed))
}

impl Server {
    /// The address of the database `db` on this server.
    pub fn url_of(&self, db: &str) -> String {
        let (rest, query) = match self.url.split_once('?') {
            Some((rest, query)) => (rest, format!("?{query}")),
            None => (self.url.as_str(), String::new()),
        };
        let authority = rest.find("://").map_or(0, |at| at + 3);
        let end = rest[authority..].find('/').map_or(rest.len(), |at| authority + at);
        format!("{}/{db}{query}", &rest[..end])
    }

    /// Creates the database `name`, empty or as a copy of `template`, which nobody may be using.
    pub async fn create_database(&self, name: &str, template: Option<&str>) -> Result<(), DbErr> {
        let source = quoted(template.unwrap_or("template0"));
        self.run(&format!("CREATE DATABASE {} TEMPLATE {source}", quoted(name))).await
    }

    /// Drops the database `name` if it is there, and closes the connections to it.
    pub async fn drop_database(&self, name: &str) -> Result<(), DbErr> {
        self.run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(name))).await
    }

    /// A connection per statement: each test has its own runtime, and a connection must not outlive it.
    async fn run(&self, sql: &str) -> Result<(), DbErr> {
        let mut options = ConnectOptions::new(self.url.as_str());
        options.max_connections(1).sqlx_logging(false).acquire_timeout(Duration::from_secs(60));
        let db = Database::connect(options).await?;
        let outcome = db.execute_unprepared(sql).await;
        db.close().await?;
        outcome.map(drop)
    }
}

/// The name as an SQL identifier; a name that would need escaping is a mistake of the test.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    assert!((1..=63).contains(&name.len()) && name.chars().all(plain), "not a database name: {name:?}");
    format!("\"{name}\"")
}

fn start() -> Result<Server, String> {
    let (home, child) = watched(WATCH, SETTINGS)?;
    // Only the owner and root can enter the home, so the socket in it needs no password.
    let url = format!("postgres://postgres@localhost/postgres?host={}", home.display());
    Ok(Server { url, _watch: Some(child) })
}

/// Runs a watching shell with these settings of the server; tells its home when it is ready.
pub(super) fn watched(script: &str, settings: &str) -> Result<(PathBuf, Child), String> {
    let binaries = binaries().ok_or(MISSING)?;
    let owner = owner()?;
    let home = home(owner)?;
    let mut watch = Command::new("sh");
    watch.args(["-c", script, "gdtx-test-postgres"]).arg(&binaries).arg(&home);
    watch.arg(format!("{settings}unix_socket_directories = '{}'", home.display()));
    watch.current_dir(&home).env("LC_ALL", "C").env_remove("PGDATA").env_remove("PGOPTIONS");
    watch.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    // A group of its own: Ctrl-C in the terminal must end the tests, not the one who cleans up.
    watch.process_group(0);
    if let Some((user, group)) = owner {
        watch.uid(user).gid(group);
    }
    let mut child = watch.spawn().map_err(|e| format!("cannot start a shell: {e}"))?;
    let mut answer = String::new();
    if let Some(out) = child.stdout.take() {
        let mut out = BufReader::new(out);
        let heard = out.read_line(&mut answer);
        if heard.is_err() || answer.trim() != "ready" {
            let _ = out.read_to_string(&mut answer);
            return Err(format!("PostgreSQL of {} did not start:\n{answer}", binaries.display()));
        }
    }
    Ok((home, child))
}

/// The newest folder that holds PostgreSQL's server programs.
fn binaries() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    folders.extend(output("pg_config", "--bindir").map(PathBuf::from));
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    folders.retain(|folder| ["initdb", "pg_ctl"].iter().all(|program| folder.join(program).is_file()));
    folders.into_iter().max_by_key(|folder| major(folder))
}

/// The major version of the programs in a folder: `pg_ctl (PostgreSQL) 15.18 (…)` is 15.
fn major(folder: &Path) -> Option<u32> {
    let text = output(folder.join("pg_ctl"), "--version")?;
    text.split_whitespace().nth(2)?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// PostgreSQL refuses to run as root; then `(user, group)` of an unprivileged account, else nothing.
fn owner() -> Result<Option<(u32, u32)>, String> {
    if output("id", "-u").as_deref() != Some("0") {
        return Ok(None);
    }
    let accounts = fs::read_to_string("/etc/passwd").map_err(|e| format!("cannot read the accounts: {e}"))?;
    let numbers = |name: &str| {
        let mut parts = accounts.lines().find(|line| line.starts_with(&format!("{name}:")))?.split(':').skip(2);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    let found = numbers("postgres").or_else(|| numbers("nobody"));
    found.map(Some).ok_or_else(|| "PostgreSQL cannot run as root, and there is no user postgres or nobody".to_owned())
}

/// A new folder of the owner's. Under `/tmp` and not `TMPDIR`: a socket's path must be short,
/// and the unprivileged user must be able to reach it.
fn home(owner: Option<(u32, u32)>) -> Result<PathBuf, String> {
    for attempt in 0..100 {
        let path = PathBuf::from(format!("/tmp/gdtx-pg-{}-{attempt}", id()));
        match fs::create_dir(&path) {
            Err(e) if e.kind() == ErrorKind::AlreadyExists => continue,
            made => made
                .and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o700)))
                .and_then(|()| owner.map_or(Ok(()), |(user, group)| chown(&path, Some(user), Some(group))))
                .map_err(|e| format!("cannot make {}: {e}", path.display()))?,
        }
        return Ok(path);
    }
    Err("no free name for a folder under /tmp".to_owned())
}

/// The first line that a program prints, when it succeeds.
fn output(program: impl AsRef<std::ffi::OsStr>, argument: &str) -> Option<String> {
    let done = Command::new(program).arg(argument).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(done.stdout).ok()?;
    done.status.success().then(|| text.lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str) -> Server {
        Server { url: url.to_owned(), _watch: None }
    }

    #[test]
    fn the_address_of_another_database_keeps_user_host_and_options() {
        let plain = at("postgres://u:p%2F@db.example:5433/postgres");
        assert_eq!(plain.url_of("a"), "postgres://u:p%2F@db.example:5433/a");
        assert_eq!(at("postgres://u@db.example").url_of("a"), "postgres://u@db.example/a");
        let socket = at("postgres://postgres@localhost/postgres?host=/tmp/x&sslmode=disable");
        assert_eq!(socket.url_of("a"), "postgres://postgres@localhost/a?host=/tmp/x&sslmode=disable");
    }

    #[test]
    #[should_panic(expected = "not a database name")]
    fn a_name_that_needs_escaping_is_refused() {
        quoted("a\"; DROP DATABASE b");
    }

    #[tokio::test]
    async fn copies_of_a_template_hold_its_rows_and_go_their_own_ways() -> Result<(), DbErr> {
        let server = server().await;
        let (template, copies) = (fresh_name("template"), [fresh_name("copy"), fresh_name("copy")]);
        server.create_database(&template, None).await?;
        let db = Database::connect(server.url_of(&template)).await?;
        db.execute_unprepared("CREATE TABLE t (v text)").await?;
        db.execute_unprepared("INSERT INTO t VALUES ('Hòa Bình')").await?;
        db.close().await?;
        let (one, two) = futures::join!(
            server.create_database(&copies[0], Some(&template)),
            server.create_database(&copies[1], Some(&template)),
        );
        one.and(two)?;
        for copy in &copies {
            let db = Database::connect(server.url_of(copy)).await?;
            let changed = db.execute_unprepared("UPDATE t SET v = '' WHERE v = 'Hòa Bình'").await?;
            assert_eq!(changed.rows_affected(), 1, "{copy}");
            // Not closed: a drop must not wait for whoever forgot a connection.
            server.drop_database(copy).await?;
            assert!(Database::connect(server.url_of(copy)).await.is_err(), "{copy} is gone");
        }
        server.drop_database(&template).await
    }
}
