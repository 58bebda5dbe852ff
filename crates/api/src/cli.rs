//! The command line: serve, prepare the database, print what is committed, look after the journal.

use std::{
    io::{ErrorKind, IsTerminal, Write},
    path::PathBuf,
    time::Instant,
};

use clap::{Parser, Subcommand, ValueEnum};
use gdtx_service::{
    Clock, Code, Ctx, Database,
    exchange::sequencer,
    territory::{
        code_list,
        load::{self, Progress},
    },
};
use secrecy::ExposeSecret;

use crate::{
    Settings,
    access::cli::{ClientCommand, KeyCommand, run_client, run_key},
    conformance::{self, ConformanceCommand},
    demo::{self, Plan, Summary, client},
    graphql, openapi,
    remote::{self, Ending, import::Import, pull::Pull, push::Push},
    sandbox::Sandbox,
    server,
    statistics::{self, StatisticsCommand},
    telemetry,
};

/// The GDTX exchange: REST and GraphQL for the data of Viet Nam's continuing education.
#[derive(Debug, Parser)]
#[command(name = "gdtx", version, propagate_version = true)]
pub struct Cli {
    /// Settings file (TOML); `gdtx.toml` here when it exists.
    #[arg(long, global = true, env = "GDTX_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve REST and GraphQL; prepares the database first.
    Serve {
        /// Fill an empty database with one invented province and print a client for development.
        #[arg(long)]
        demo: bool,
    },
    /// Fill an empty database with one province of invented centres and people.
    Demo {
        /// Today's code of the province.
        #[arg(long, default_value = "31")]
        province: String,
        /// First calendar year of the school year.
        #[arg(long, default_value_t = 2025, value_parser = clap::value_parser!(i32).range(2025..=2026))]
        year: i32,
        /// The same seed gives the same data.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Classes, in hundredths of the full number; or `national` for the whole country, for
        /// PostgreSQL.
        #[arg(long, default_value = "100")]
        scale: Scale,
        /// Fill although there are centres, with others beside them: give another seed. Places keep the
        /// recognitions that they have, none are added.
        #[arg(long)]
        beside: bool,
    },
    /// Bring the database to the newest schema.
    Migrate,
    /// Copy the embedded administrative units and code lists into tables, for SQL and reports.
    Load,
    /// Print a generated artefact.
    Print {
        /// Which one.
        #[arg(value_enum)]
        what: Artefact,
    },
    /// Register clients and look after them.
    Client {
        #[command(subcommand)]
        command: ClientCommand,
    },
    /// Look after the keys that sign access tokens.
    Key {
        #[command(subcommand)]
        command: KeyCommand,
    },
    /// Look after the journal.
    Journal {
        #[command(subcommand)]
        command: Journal,
    },
    /// Look after the log of what was read of people.
    AccessLog {
        #[command(subcommand)]
        command: AccessLog,
    },
    /// Look after the cells of statistics.
    Statistics {
        #[command(subcommand)]
        command: StatisticsCommand,
    },
    /// Send a file of records to a service, and wait until every row was judged.
    ///
    /// GDTX_CLIENT_SECRET holds the secret of the client. Ends with 0, with 1 when rows were rejected, with 2
    /// when it was refused, with 75 when the service is away and the same command may pass later.
    Import(Box<Import>),
    /// Send files that are new or changed since the last push; for cron.
    ///
    /// GDTX_CLIENT_SECRET holds the secret of the client. Ends with 0, with 1 when rows were rejected, with 2
    /// when something was refused, with 75 when there is more to do and the same command may pass later.
    Push(Box<Push>),
    /// Keep a copy of everything that the client may read; for cron, or with --follow for good.
    ///
    /// GDTX_CLIENT_SECRET holds the secret of the client. Ends with 0 when the copy is current, with 2 when it
    /// was refused, with 75 when there is more to do and the same command may pass later.
    Pull(Box<Pull>),
    /// Serve a sandbox: a database of its own, the same invented data each time, a clock that can be set.
    Sandbox(Sandbox),
    /// Play a vendor's duties against a sandbox.
    ///
    /// GDTX_CLIENT_SECRET holds the secret of the client.
    Conformance {
        #[command(subcommand)]
        command: ConformanceCommand,
    },
    /// Show the settings in force, without secrets.
    Config,
}

/// What can be printed without a database.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Artefact {
    /// The OpenAPI document.
    Openapi,
    /// The GraphQL schema (SDL).
    Graphql,
    /// The role × permission matrix.
    Policy,
    /// Every code list with its values.
    CodeLists,
}

/// Work on the journal.
#[derive(Debug, Subcommand)]
pub enum Journal {
    /// Check density, order and the hash chain; exit code 1 when something is wrong.
    Verify,
}

/// Work on the access log.
#[derive(Debug, Subcommand)]
pub enum AccessLog {
    /// Check density and the hash chain; exit code 1 when something is wrong.
    Verify,
}

/// Runs a command; the error is one line for the terminal.
pub async fn run(cli: Cli) -> Result<Ending, String> {
    let (ending, text) = match cli.command {
        Command::Import(import) => Box::pin(remote::import::run(*import)).await,
        Command::Push(push) => Box::pin(remote::push::run(*push)).await,
        Command::Pull(pull) => Box::pin(remote::pull::run(*pull)).await,
        Command::Conformance { command } => Box::pin(conformance::run(command)).await,
        here => {
            Box::pin(run_here(here, Settings::load(cli.config)?)).await?;
            return Ok(Ending::Good);
        }
    };
    say(&text).map(|()| ending)
}

/// Runs a command on a database of these settings.
async fn run_here(command: Command, settings: Settings) -> Result<(), String> {
    match command {
        Command::Import(_) | Command::Push(_) | Command::Pull(_) | Command::Conformance { .. } => Ok(()),
        Command::Sandbox(sandbox) => Box::pin(play(&sandbox, sandbox.settings(settings)?)).await,
        Command::Serve { demo } => Box::pin(serve(settings, demo)).await,
        Command::Demo { province, year, seed, scale, beside } => {
            let db = prepared(&settings).await?;
            let (scale, national) = match scale {
                Scale::Province(hundredths) => (hundredths, false),
                Scale::National => (100, true),
            };
            Box::pin(fill(&db, &Plan { province, year, seed, scale, national, beside })).await
        }
        Command::Migrate => {
            let steps = migrate(&settings).await?;
            say(&format!("schema up to date, {steps} step(s) applied\n"))
        }
        Command::Load => prepared(&settings).await.map(drop),
        Command::Print { what } => say(&artefact(what, &settings)),
        Command::Client { command } => say(&run_client(command, &system(&settings).await?).await?),
        Command::Key { command } => say(&run_key(command, &settings, async || system(&settings).await).await?),
        Command::Journal { command: Journal::Verify } => verify(&settings).await,
        Command::AccessLog { command: AccessLog::Verify } => verify_access_log(&settings).await,
        Command::Statistics { command } => {
            let ctx = system(&settings).await?;
            say(&Box::pin(statistics::run(command, ctx.database())).await?)
        }
        Command::Config => say(&settings.show()),
    }
}

/// Writes to standard output. Whoever reads may stop early, as `head` does: that is no error.
pub(crate) fn say(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(format!("standard output: {error}")),
        _ => Ok(()),
    }
}

async fn serve(settings: Settings, demo: bool) -> Result<(), String> {
    telemetry::start_logs(&settings);
    let db = prepared(&settings).await?;
    if demo {
        // A newcomer should not wait: a twentieth of the classes is enough to look around.
        let plan = Plan { province: "31".to_owned(), year: 2025, seed: 1, scale: 5, national: false, beside: false };
        Box::pin(fill(&db, &plan)).await?;
    }
    let running = server::start(settings.clone(), db.clone(), Clock::System)?;
    tracing::info!(address = %running.address, "serving");
    if demo {
        say(&client::announce(&db, &running.app.settings.public_url).await?.to_string())?;
    }
    running.wait().await.map_err(|e| format!("server: {e}"))
}

/// Serves a sandbox.
async fn play(sandbox: &Sandbox, settings: Settings) -> Result<(), String> {
    telemetry::start_logs(&settings);
    let db = prepared(&settings).await?;
    // A hundredth of the classes holds every kind of record.
    let plan = Plan { province: "31".to_owned(), year: 2025, seed: 1, scale: 1, national: false, beside: false };
    if demo::is_empty(&db).await.map_err(|e| e.to_string())? {
        Box::pin(fill(&db, &plan)).await?;
    }
    let running = server::start(settings, db.clone(), sandbox.clock())?;
    let credentials = client::announce(&db, &running.app.settings.public_url).await?;
    sandbox.keep(&credentials)?;
    say(&credentials.to_string())?;
    running.wait().await.map_err(|e| format!("server: {e}"))
}

/// The database of these settings, migrated and loaded.
async fn prepared(settings: &Settings) -> Result<Database, String> {
    migrate(settings).await?;
    let db = server::open(settings).await?;
    load(&db).await?;
    Ok(db)
}

/// Fills an empty database, showing how far it is; a database with centres is left alone, unless more is wanted.
async fn fill(db: &Database, plan: &Plan) -> Result<(), String> {
    if !plan.beside && !demo::is_empty(db).await.map_err(|e| e.to_string())? {
        eprintln!(
            "the database holds centres already, so it stays as it is: demonstration data fill an empty database only. \
             Set GDTX_DATA_DIR or GDTX_DATABASE_URL to fill another one."
        );
        return Ok(());
    }
    // Beside the filling, so that the feed is ready soon after it.
    let sequencer = tokio::spawn(sequencer::run(db.clone()));
    let (terminal, begun, mut told) = (std::io::stderr().is_terminal(), Instant::now(), 0);
    let show = |so_far: Summary| {
        if so_far.centres >= told + 100 {
            told = so_far.centres;
            let (start, end) = if terminal { ("\r", "") } else { ("", "\n") };
            let seconds = usize::try_from(begun.elapsed().as_secs()).unwrap_or_default().max(1);
            let Summary { centres, learners, enrolments, .. } = so_far;
            let rate = enrolments / seconds;
            eprint!(
                "{start}inventing: {centres} centres, {learners} learners, {enrolments} enrolments ({rate} a second){end}"
            );
        }
    };
    let made = if plan.national {
        Box::pin(demo::fill_country(db, plan, show)).await
    } else {
        Box::pin(demo::fill(db, plan, show)).await
    };
    sequencer.abort();
    let made = made.map_err(|e| match e.code {
        Code::NotFound => format!("demo: there is no province {}", plan.province),
        _ => format!("demo: {e} {:?} {:?}", e.fields, e.source),
    })?;
    sequencer::run_once(db).await.map_err(|e| e.to_string())?;
    eprintln!("{}invented {made}, in {} s", if terminal { "\n" } else { "" }, begun.elapsed().as_secs());
    Ok(())
}

/// The size of demonstration data.
#[derive(Clone, Copy, Debug)]
pub enum Scale {
    /// One province, with its classes in hundredths of the full number.
    Province(u32),
    /// The whole country.
    National,
}

impl std::str::FromStr for Scale {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            _ if text == "national" => Ok(Self::National),
            Ok(hundredths @ 1..=100) => Ok(Self::Province(hundredths)),
            _ => Err("1 to 100, or national".to_owned()),
        }
    }
}

/// The service itself as the caller, on an up-to-date database.
async fn system(settings: &Settings) -> Result<Ctx, String> {
    migrate(settings).await?;
    Ok(Ctx::system(server::open(settings).await?, Clock::System))
}

async fn migrate(settings: &Settings) -> Result<usize, String> {
    let url = settings.database_url.expose_secret();
    if url.starts_with("sqlite:") {
        std::fs::create_dir_all(&settings.data_dir).map_err(|e| format!("data_dir: {e}"))?;
        keep_private(url);
    }
    gdtx_migration::migrate(url).await.map_err(|e| format!("database: {e}"))
}

/// Makes the file of a new database for its owner alone; those that SQLite puts beside it are like it. Where that
/// does not work, opening it tells why.
fn keep_private(url: &str) {
    use std::os::unix::fs::OpenOptionsExt;
    if let Some((path, "mode=rwc")) = url.trim_start_matches("sqlite:").trim_start_matches("//").split_once('?') {
        let _ = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    }
}

/// Fills the tables of reference data, showing how far it is on a terminal.
async fn load(db: &Database) -> Result<(), String> {
    let terminal = std::io::stderr().is_terminal();
    let show = |Progress { table, done, total }| match (terminal, done == total) {
        (true, false) => eprint!("\rloading {table}: {done} of {total} rows"),
        (true, true) => eprintln!("\rloaded {table}: {total} rows           "),
        (false, true) => eprintln!("loaded {table}: {total} rows"),
        (false, false) => {}
    };
    load::load(&Ctx::system(db.clone(), Clock::System), show).await.map(drop).map_err(|e| format!("load: {e}"))
}

fn artefact(what: Artefact, settings: &Settings) -> String {
    match what {
        Artefact::Openapi => openapi::print(),
        Artefact::Graphql => graphql::build(settings).sdl(),
        Artefact::Policy => gdtx_service::access::policy::print(),
        Artefact::CodeLists => code_list::print(),
    }
}

async fn verify(settings: &Settings) -> Result<(), String> {
    let db = server::open(settings).await?;
    let found = sequencer::verify(&db).await.map_err(|e| e.to_string())?;
    say(&format!("{} entries, {} pending\n", found.entries, found.pending))?;
    told(&found.faults, "the journal")
}

async fn verify_access_log(settings: &Settings) -> Result<(), String> {
    let db = server::open(settings).await?;
    let found = gdtx_service::access::log::verify(&db).await.map_err(|e| e.to_string())?;
    say(&format!("{} entries\n", found.entries))?;
    told(&found.faults, "the access log")
}

/// Tells what is wrong with a chain of entries, if anything is.
fn told(faults: &[(i64, &str)], what: &str) -> Result<(), String> {
    for (position, fault) in faults {
        say(&format!("position {position}: {fault}\n"))?;
    }
    if faults.is_empty() { Ok(()) } else { Err(format!("{} fault(s) in {what}", faults.len())) }
}
