//! A primary and its streaming standby, both thrown away: PostgreSQL's own replication, which a test
//! can hold still and end.

use std::{io::Write, path::PathBuf, process::Child};

use sea_orm::{ConnectOptions, ConnectionTrait, Database};

use super::postgres::watched;

/// The watching shell, as for a single server. Lines on its standard input end the
/// standby, and stop and start the primary.
const WATCH: &str = r#"
stop() { "$1/pg_ctl" stop -s -m immediate -D "$2"; }
end() { stop "$1" "$2/standby"; stop "$1" "$2/data"; rm -rf "$2"; }
trap 'end "$1" "$2" >/dev/null 2>&1' EXIT
trap 'exit 1' HUP INT TERM
{
    "$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --no-locale --no-sync &&
    printf '%s\n' "$3" >>"$2/data/postgresql.conf" &&
    "$1/pg_ctl" start -w -t 120 -D "$2/data" -l "$2/server.log" &&
    "$1/pg_basebackup" -h "$2" -U postgres -D "$2/standby" -R -X stream -c fast --no-sync &&
    echo "port = 5433" >>"$2/standby/postgresql.conf" &&
    "$1/pg_ctl" start -w -t 120 -D "$2/standby" -l "$2/standby.log"
} </dev/null >"$2/start.log" 2>&1 || { cat "$2/start.log" "$2/server.log" "$2/standby.log"; exit 1; } 2>/dev/null
echo ready
while read -r line; do
    case "$line" in
    lose) stop "$1" "$2/standby" ;;
    stop) "$1/pg_ctl" stop -s -m fast -D "$2/data" ;;
    start) "$1/pg_ctl" start -w -t 120 -D "$2/data" -l "$2/server.log" </dev/null ;;
    esac >/dev/null 2>&1
done
"#;

const SETTINGS: &str = "
listen_addresses = ''
max_connections = 60
fsync = off
synchronous_commit = off
wal_level = replica
max_wal_senders = 4
max_standby_streaming_delay = -1
autovacuum = off
";

/// A primary with a standby.
pub struct Pair {
    home: PathBuf,
    watch: Child,
}

impl Pair {
    /// Starts both; the text of the panic says what is missing.
    pub fn start() -> Self {
        let (home, watch) = watched(WATCH, SETTINGS).unwrap_or_else(|text| panic!("{text}"));
        Self { home, watch }
    }

    pub fn primary(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.home.display())
    }

    pub fn standby(&self) -> String {
        format!("{}&port=5433", self.primary())
    }

    /// Lets the standby stand still.
    pub async fn pause(&self) {
        self.say("SELECT pg_wal_replay_pause()").await;
        while self.ask("SELECT pg_get_wal_replay_pause_state()").await != "paused" {
            tokio::task::yield_now().await;
        }
    }

    /// Lets it go on.
    pub async fn resume(&self) {
        self.say("SELECT pg_wal_replay_resume()").await;
    }

    /// Waits until the standby has seen a position of the journal.
    pub async fn reaches(&self, position: i64) {
        while self.ask("SELECT position::text FROM journal_head").await.parse::<i64>().expect("a number") < position {
            tokio::task::yield_now().await;
        }
    }

    /// Ends the standby at once, and waits until nobody answers there.
    pub async fn lose(&mut self) {
        self.tell("lose");
        while answers(self.standby()).await {
            tokio::task::yield_now().await;
        }
    }

    /// Stops the primary with all its connections, and waits until nobody answers there.
    pub async fn stop_primary(&mut self) {
        self.tell("stop");
        while answers(self.primary()).await {
            tokio::task::yield_now().await;
        }
    }

    /// Starts it again and waits until it answers.
    pub async fn start_primary(&mut self) {
        self.tell("start");
        while !answers(self.primary()).await {
            tokio::task::yield_now().await;
        }
    }

    fn tell(&mut self, what: &str) {
        let input = self.watch.stdin.as_mut().expect("the input of the shell");
        writeln!(input, "{what}").and_then(|()| input.flush()).expect("a shell that listens");
    }

    async fn say(&self, sql: &str) {
        let db = Database::connect(options(self.standby())).await.expect("the standby");
        db.execute_unprepared(sql).await.expect("an answer");
        db.close().await.expect("a closed connection");
    }

    async fn ask(&self, sql: &str) -> String {
        let db = Database::connect(options(self.standby())).await.expect("the standby");
        let row = db.query_one_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, sql)).await;
        let text = row.expect("an answer").expect("a row").try_get_by_index(0).expect("a text");
        db.close().await.expect("a closed connection");
        text
    }
}

/// Whether a server takes connections.
async fn answers(url: String) -> bool {
    match Database::connect(options(url)).await {
        Ok(db) => db.close().await.is_ok(),
        Err(_) => false,
    }
}

fn options(url: String) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    options
}
