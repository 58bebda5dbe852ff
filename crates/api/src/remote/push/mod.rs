//! `gdtx push FILE…`: sends files that are new or have changed since they were sent last.
//!
//! What became of each file is kept beside, so the same command, run again and again, does what is
//! left to do: it goes on with an upload that broke, waits for an import that runs, and leaves alone
//! what is done.

mod ledger;

use std::{
    collections::{BTreeSet, HashMap},
    ffi::OsStr,
    fs,
    path::{Component, Path, PathBuf},
};

use clap::Args;
use gdtx_domain::exchange::resource::ResourceKind;
use indicatif::ProgressBar;
use serde_json::{Value, json};

use self::ledger::{Ledger, Outcome, Sent};
use super::{
    Connection, Ending, Target, Told, Trouble, bar,
    import::BAR,
    shelf,
    transfer::{self, NDJSON, Options, Payload},
    within,
    words::{self, say},
};

/// How the receipts of a file are called.
const RECEIPTS: &str = ".rejected.csv";

/// What is said of a sheet whose name does not begin with a kind.
const UNNAMED: (&str, &str) = (
    "tên tệp phải bắt đầu bằng loại bản ghi, như learners-2026.csv, hoặc nêu loại bằng --resource",
    "its name must begin with the kind of record, as in learners-2026.csv, or name the kind by --resource",
);

/// What `gdtx push` takes.
#[derive(Debug, Args)]
pub struct Push {
    #[command(flatten)]
    target: Target,
    /// Files, .ndjson, .csv or .xlsx, each also with .gz behind it, and folders of them. The name of a sheet
    /// begins with its kind, as in learners-2026.csv, unless --resource tells it; of a folder centres are sent
    /// before what belongs to them.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Where to keep what became of each file.
    #[arg(long, default_value = "push.state", value_name = "FILE")]
    state: PathBuf,
    #[command(flatten)]
    options: Options,
    /// A folder for the receipts of rejected rows, one CSV file for each file that has any.
    #[arg(long, value_name = "DIR")]
    rejected: Option<PathBuf>,
    /// Send also what is done and has not changed.
    #[arg(long)]
    again: bool,
    /// Seconds after which to stop, and to end with 75 when there is more to do.
    #[arg(long, value_name = "SECONDS")]
    max_time: Option<u64>,
    /// Print what was done as JSON.
    #[arg(long)]
    json: bool,
}

/// Sends what is left to send.
pub async fn run(push: Push) -> (Ending, String) {
    within(push.max_time, work(push)).await
}

async fn work(push: Push) -> Told {
    let _lock = shelf::lock(&push.state)?;
    let ledger = Ledger::open(&push.state, push.target.client_id)?;
    let (files, left) = files(&push.files, &[&push.state, &shelf::lock_of(&push.state)], push.rejected.as_deref())?;
    if files.is_empty() && left.is_empty() && !push.json {
        // A script that names the wrong folder should not look like one that has nothing to do.
        return Ok((Ending::Good, format!("{}\n", say("không có tệp nào để gửi", "no files to send"))));
    }
    if let Some(folder) = &push.rejected {
        fs::create_dir_all(folder).map_err(|e| Trouble::at(folder, &e))?;
    }
    let bar = bar(push.json, BAR);
    let Push { target, options, rejected, again, json, .. } = push;
    let (connection, sheets) = (Connection::new(target)?, sheets(&files));
    let mut pusher = Pusher { connection, ledger, options, rejected, sheets, again, bar };
    let mut done = Vec::new();
    for file in files {
        let what = match pusher.push(&file).await {
            Ok(what) => what,
            // Nothing else will pass either.
            Err(trouble) if trouble.ending() == Ending::Later || is_about_client(&trouble) => return Err(trouble),
            Err(trouble) => What::Failed(trouble.to_string()),
        };
        done.push((file, what));
    }
    done.extend(left.into_iter().map(|file| (file, What::LeftOut)));
    pusher.bar.finish_and_clear();
    let ending = done.iter().map(|(_, what)| what.ending()).fold(Ending::Good, worse);
    if json {
        let said: Vec<Value> = done.iter().map(|(file, what)| what.told(file)).collect();
        return Ok((ending, format!("{}\n", json!({ "files": said }))));
    }
    let lines: Vec<String> = done.iter().map(|(file, what)| format!("{}: {}\n", file.display(), what.line())).collect();
    Ok((ending, lines.concat()))
}

/// Whether a refusal is about the client, and not about the file.
const fn is_about_client(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Refused { status: 401 | 403, .. })
}

fn worse(one: Ending, other: Ending) -> Ending {
    if other as u8 > one as u8 { other } else { one }
}

/// What was done with a file.
enum What {
    /// Nothing: it was sent before; so many of its rows were rejected.
    Unchanged(u64),
    Sent(Value),
    Failed(String),
    /// Nothing: it lies in a folder and is no file of rows.
    LeftOut,
}

impl What {
    fn ending(&self) -> Ending {
        match self {
            Self::Failed(_) => Ending::Refused,
            Self::Unchanged(rejected) if *rejected > 0 => Ending::Rejected,
            Self::Sent(job) if transfer::rejected(job) > 0 => Ending::Rejected,
            Self::Unchanged(_) | Self::Sent(_) | Self::LeftOut => Ending::Good,
        }
    }

    fn line(&self) -> String {
        match self {
            Self::Unchanged(0) => say("đã gửi trước đó", "sent before").to_owned(),
            Self::Unchanged(rejected) => {
                let (before, refused) = (say("đã gửi trước đó", "sent before"), say("bị từ chối", "rejected"));
                let again = say("--again gửi lại", "--again sends it once more");
                format!("{before}, {} {refused} ({again})", words::rows(*rejected))
            }
            Self::Sent(job) => transfer::line(job),
            Self::Failed(why) => why.clone(),
            Self::LeftOut => say(
                "không gửi: là thư mục con hoặc liên kết, là phiếu kết quả của chính thư mục này, hoặc đuôi không phải .ndjson, .csv, .xlsx",
                "not sent: a folder in a folder or a link, receipts of this very folder, or the ending is none of .ndjson, .csv, .xlsx",
            )
            .to_owned(),
        }
    }

    fn told(&self, file: &Path) -> Value {
        match self {
            Self::Unchanged(rejected) => json!({ "file": file, "outcome": "unchanged", "rejected": rejected }),
            Self::Sent(job) => json!({ "file": file, "outcome": "sent", "import": job }),
            Self::Failed(why) => json!({ "file": file, "outcome": "failed", "detail": why }),
            Self::LeftOut => json!({ "file": file, "outcome": "leftOut" }),
        }
    }
}

struct Pusher {
    connection: Connection,
    ledger: Ledger,
    options: Options,
    rejected: Option<PathBuf>,
    /// What the receipts of each file are called.
    sheets: HashMap<PathBuf, PathBuf>,
    again: bool,
    bar: ProgressBar,
}

impl Pusher {
    async fn push(&mut self, file: &Path) -> Result<What, Trouble> {
        fs::metadata(file).map_err(|e| Trouble::at(file, &e))?;
        let format = transfer::format_of(file).ok_or_else(|| Trouble::Here(transfer::no_format().to_owned()))?;
        let mut options = self.options.clone();
        options.resource = options.resource.or_else(|| kind_of(file).map(|kind| kind.code().to_owned()));
        // Lines of JSON may name the kind each; a sheet holds one.
        if options.resource.is_none() && format != NDJSON {
            return Err(Trouble::Here(say(UNNAMED.0, UNNAMED.1).to_owned()));
        }
        let query = options.query(format);
        let mut payload = Payload::open(file)?;
        let place = fs::canonicalize(file).map_err(|e| Trouble::at(file, &e))?;
        let mut sent = self.ledger.entry(&place, &payload.digest, &query);
        match sent.outcome {
            Some(Outcome::Done { rejected }) if !self.again => return Ok(What::Unchanged(rejected)),
            Some(_) => sent.next(),
            None => {}
        }
        self.bar.set_message(file.display().to_string());
        let job = self.judged(&place, &mut sent, &mut payload, &query).await?;
        let failure = transfer::failure(&job);
        if failure.is_none() {
            self.keep_rejected(file, &job).await?;
        }
        let done = Outcome::Done { rejected: transfer::rejected(&job) };
        sent.outcome = Some(if failure.is_some() { Outcome::Failed } else { done });
        self.keep(&place, &sent)?;
        Ok(failure.map_or_else(|| What::Sent(job), What::Failed))
    }

    /// The import of a file, when it is over.
    async fn judged(
        &mut self,
        place: &Path,
        sent: &mut Sent,
        payload: &mut Payload,
        query: &str,
    ) -> Result<Value, Trouble> {
        loop {
            let known = sent.import.clone();
            let id = if let Some(id) = &known {
                id.clone()
            } else {
                // What is noted before it is done is found again by the same attempt.
                self.keep(place, sent)?;
                let id = transfer::open(&self.connection, payload, query, &sent.key).await?;
                sent.import = Some(id.clone());
                self.keep(place, sent)?;
                id
            };
            let over = async {
                transfer::upload(&self.connection, &id, payload, &self.bar).await?;
                transfer::wait(&self.connection, &id, payload.bytes, &self.bar).await
            };
            match over.await {
                // The service has forgotten the import that was begun.
                Err(Trouble::Refused { status: 404, .. }) if known.is_some() => sent.next(),
                Err(trouble @ Trouble::Refused { .. }) => {
                    sent.outcome = Some(Outcome::Failed);
                    self.keep(place, sent)?;
                    return Err(trouble);
                }
                over => return over,
            }
        }
    }

    /// A rehearsal leaves no trace here either.
    fn keep(&mut self, place: &Path, sent: &Sent) -> Result<(), Trouble> {
        if self.options.dry_run { Ok(()) } else { self.ledger.keep(place, sent) }
    }

    async fn keep_rejected(&self, file: &Path, job: &Value) -> Result<(), Trouble> {
        let Some(folder) = &self.rejected else { return Ok(()) };
        let path = folder.join(self.sheets.get(file).cloned().unwrap_or_default());
        fs::create_dir_all(path.parent().unwrap_or(folder)).map_err(|e| Trouble::at(folder, &e))?;
        if transfer::rejected(job) > 0 {
            return transfer::keep_rejected(&self.connection, job, &path).await;
        }
        shelf::forget(&path)
    }
}

/// A path without links and detours; as it is where nothing is.
fn whole(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The files that were named, and those of folders in the order in which their records depend on each other;
/// and what lies in those folders and is not sent. The command's own files are none of these, and receipts that
/// it wrote go back only from a folder of their own.
fn files(named: &[PathBuf], own: &[&Path], rejected: Option<&Path>) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Trouble> {
    let (mut files, mut left) = (Vec::new(), Vec::new());
    let rejected = rejected.map(whole);
    let own: BTreeSet<PathBuf> = own.iter().map(|path| whole(path)).chain(rejected.clone()).collect();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let inside = fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let inside = inside.map_err(|e| Trouble::at(path, &e))?.into_iter().map(|entry| entry.path());
        let visible = |file: &PathBuf| !file.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        let receipts_here = rejected.as_deref() == Some(&*whole(path));
        let is_receipts = |file: &PathBuf| file.to_string_lossy().ends_with(RECEIPTS);
        let sendable = |file: &PathBuf| {
            // A link could lead anywhere.
            let is_file = fs::symlink_metadata(file).is_ok_and(|known| known.is_file());
            is_file && transfer::format_of(file).is_some() && !(receipts_here && is_receipts(file))
        };
        let inside = inside.filter(visible).filter(|file| !own.contains(&whole(file)));
        let (mut inside, mut others): (Vec<PathBuf>, Vec<PathBuf>) = inside.partition(sendable);
        let order = |file: &PathBuf| {
            let kind = kind_of(file).and_then(|kind| ResourceKind::ALL.iter().position(|known| *known == kind));
            (kind.unwrap_or(usize::MAX), file.clone())
        };
        inside.sort_by_cached_key(order);
        others.sort();
        files.append(&mut inside);
        left.append(&mut others);
    }
    Ok((files, left))
}

/// What the receipts of files are called: as the file, and where several files have one name, under the folders
/// of each.
fn sheets(files: &[PathBuf]) -> HashMap<PathBuf, PathBuf> {
    let places: BTreeSet<PathBuf> = files.iter().map(|file| whole(file)).collect();
    let sheet = |file: &PathBuf| {
        let alone = places.iter().filter(|place| place.file_name() == file.file_name()).count() < 2;
        let upwards = file.components().any(|part| part == Component::ParentDir);
        let path = if upwards { whole(file) } else { file.clone() };
        let named = path.components().filter(|part| matches!(part, Component::Normal(_)));
        let mut name = if alone { file.file_name().unwrap_or_default().into() } else { named.collect::<PathBuf>() };
        name.as_mut_os_string().push(RECEIPTS);
        (file.clone(), name)
    };
    files.iter().map(sheet).collect()
}

/// The kind of record that the name of a file begins with.
fn kind_of(file: &Path) -> Option<ResourceKind> {
    let name = file.file_name().and_then(OsStr::to_str)?.to_lowercase().replace('-', "_");
    let name = name.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '_' | ' ' | '.'));
    let begins = |kind: &&ResourceKind| {
        let rest = name.strip_prefix(kind.code());
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphabetic()))
    };
    ResourceKind::ALL.iter().filter(begins).max_by_key(|kind| kind.code().len()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_kind_that_it_begins_with() {
        let kind = |name: &str| kind_of(Path::new(name)).map(ResourceKind::code);
        assert_eq!(kind("/a/learners-2026.csv"), Some("learners"));
        assert_eq!(kind("02_Classes.csv.gz"), Some("classes"));
        assert_eq!(kind("centres.ndjson"), Some("centres"));
        assert_eq!(kind("centre-events.csv"), Some("centre_events"));
        for other in ["classesroom.csv", "batch.ndjson", "my-learners.csv", ""] {
            assert_eq!(kind(other), None, "{other}");
        }
    }

    #[test]
    fn a_folder_is_sent_in_the_order_of_what_depends_on_what() {
        let folder = tempfile::tempdir().unwrap();
        let names = [
            "learners-b.csv",
            "learners-a.csv",
            "all.ndjson",
            "centres.xlsx",
            "notes.txt",
            ".classes.csv",
            "centres.xlsx.rejected.csv",
            "push.state",
        ];
        for name in names {
            fs::write(folder.path().join(name), "").unwrap();
        }
        fs::create_dir(folder.path().join("older")).unwrap();
        let state = folder.path().join("push.state");
        let (sent, left) = files(&[folder.path().to_owned()], &[&state], Some(folder.path())).unwrap();
        let names =
            |files: &[PathBuf]| files.iter().map(|f| f.file_name().unwrap().display().to_string()).collect::<Vec<_>>();
        assert_eq!(names(&sent), ["centres.xlsx", "learners-a.csv", "learners-b.csv", "all.ndjson"]);
        assert_eq!(names(&left), ["centres.xlsx.rejected.csv", "notes.txt", "older"]);
    }
}
