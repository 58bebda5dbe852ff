//! `gdtx pull`: keeps a copy of everything that a client may read, one file of lines a kind of record.
//!
//! The first run reads the lists in parts, side by side; later runs read what changed. A run that is
//! stopped, however hard, is gone on with by the same command: what was fetched stays, and nothing is
//! in the copy twice.

mod copy;
mod feed;
mod files;
mod state;

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use clap::Args;
use indicatif::ProgressBar;
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use self::{feed::Run, files::Tally, state::State};
use super::{Connection, Ending, Target, Told, Trouble, bar, shelf, within};

/// What `gdtx pull` takes.
#[derive(Debug, Args)]
pub struct Pull {
    #[command(flatten)]
    target: Target,
    /// The folder of the copy: a file `learners.ndjson` and so on, each record on a line, in the order of ids.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Where to keep how far the copy is; pull.state in the folder when absent.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Kinds of record, comma-separated; every kind that the client may read when absent.
    #[arg(long, value_delimiter = ',', value_name = "KINDS")]
    resource: Vec<String>,
    /// What personal data are read for; without it they come masked.
    #[arg(long)]
    purpose: Option<String>,
    /// Parts of lists that are read at a time.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=16))]
    jobs: u8,
    /// Make the copy anew, also with another purpose or other kinds than before.
    #[arg(long)]
    full: bool,
    /// Go on for as long as the service does, and write changes as they come.
    #[arg(long)]
    follow: bool,
    /// Seconds after which to stop, and to end with 75 when there is more to do.
    #[arg(long, value_name = "SECONDS")]
    max_time: Option<u64>,
    /// Print what was done as JSON.
    #[arg(long)]
    json: bool,
}

/// Changes that are held before they are written.
const HELD: usize = 20_000;
/// How much longer than a writing takes the next one is put off, while changes are followed.
const REST: u32 = 10;
const SHORTEST_REST: Duration = Duration::from_secs(1);
/// The longest wait for a change, in seconds.
const POLL: u64 = 20;

/// Brings the copy up to date.
pub async fn run(pull: Pull) -> (Ending, String) {
    within(pull.max_time, work(pull)).await
}

async fn work(pull: Pull) -> Told {
    let kept = pull.state.clone().unwrap_or_else(|| pull.out.join("pull.state"));
    std::fs::create_dir_all(&pull.out).map_err(|e| Trouble::at(&pull.out, &e))?;
    let _lock = shelf::lock(&kept)?;
    let mut copier = Copier::new(pull, kept)?;
    copier.check_files()?;
    loop {
        match copier.complete().await {
            // The plan is of another release, or of data that were set back since.
            Err(trouble) if trouble.is_fault("invalid_partition") || trouble.is_fault("beyond_the_end") => {
                copier.begin_anew()?;
                copier.complete().await?;
            }
            done => done?,
        }
        match copier.follow().await? {
            After::Reached if copier.pull.follow => {}
            After::Reached => return Ok((Ending::Good, copier.told())),
            // What may be read is another part of the world now: the lists know it.
            After::OtherReach => copier.begin_anew()?,
        }
    }
}

/// Where reading the feed has led.
enum After {
    /// To its end.
    Reached,
    /// To a change of what the client may read, or behind what the service knows.
    OtherReach,
}

/// A copy at work.
struct Copier {
    pull: Pull,
    connection: Connection,
    kept: PathBuf,
    state: State,
    /// What this run did, by kind.
    done: BTreeMap<String, Tally>,
    full: bool,
    bar: ProgressBar,
}

impl Copier {
    fn new(mut pull: Pull, kept: PathBuf) -> Result<Self, Trouble> {
        let known: Option<State> = shelf::read(&kept)?;
        pull.resource.sort();
        pull.resource.dedup();
        let wanted = State::of(&pull);
        let state = match known {
            Some(known) if known.is_of(&wanted) => Some(known).filter(|_| !pull.full).unwrap_or(wanted),
            // Masked records, or no records, in the place of what is there would be found out too late.
            Some(known) if !pull.full => return Err(known.other_copy(&pull.out)),
            _ => wanted,
        };
        let bar = bar(pull.json, "{bar:40} {pos}/{len} {msg} {elapsed}");
        let connection = Connection::new(pull.target.clone())?;
        Ok(Self { pull, connection, kept, state, done: BTreeMap::new(), full: false, bar })
    }

    fn keep(&self) -> Result<(), Trouble> {
        shelf::keep(&self.kept, &self.state)
    }

    /// Whether the files of a whole copy are there, and none was cut.
    fn check_files(&self) -> Result<(), Trouble> {
        let kept = self.state.records.keys().filter(|_| self.state.position.is_some());
        match kept.map(|kind| self.file(kind)).find(|file| !files::is_whole(file)) {
            Some(file) => Err(files::changed(&file)),
            None => Ok(()),
        }
    }

    fn begin_anew(&mut self) -> Result<(), Trouble> {
        (self.state.position, self.state.plan) = (None, None);
        self.keep()
    }

    /// What every request carries.
    fn carry(&self) -> impl Fn(RequestBuilder) -> RequestBuilder + use<'_> {
        |request| match &self.pull.purpose {
            Some(purpose) => request.header("data-purpose", purpose),
            None => request,
        }
    }

    /// The run of the feed behind a position.
    async fn run(&self, after: i64, resource: Option<&str>, wait: u64) -> Result<Run, Trouble> {
        let kind = resource.map(|kind| format!("&resource={kind}")).unwrap_or_default();
        let path = format!("/v1/changes?after={after}&first=1000&wait={wait}&asListed=true{kind}");
        self.connection.json(Method::GET, &path, self.carry()).await
    }

    /// What was done, for the terminal or for a program.
    fn told(&self) -> String {
        let position = self.state.position.unwrap_or_default();
        let kinds = self
            .state
            .records
            .iter()
            .map(|(kind, records)| (kind, *records, self.done.get(kind).copied().unwrap_or_default()));
        if self.pull.json {
            let kinds = kinds.map(|(kind, records, Tally { added, changed, removed, .. })| {
                (kind.clone(), json!({ "records": records, "added": added, "changed": changed, "removed": removed }))
            });
            let resources: serde_json::Map<_, _> = kinds.collect();
            return format!("{}\n", json!({ "position": position, "full": self.full, "resources": resources }));
        }
        let kinds = kinds.map(|(kind, records, tally)| {
            let Tally { added, changed, removed, .. } = tally;
            let what = if self.full { String::new() } else { format!(" (+{added} ~{changed} -{removed})") };
            format!("{kind} {records}{what}")
        });
        format!("position {position}: {}\n", kinds.collect::<Vec<_>>().join(", "))
    }
}
