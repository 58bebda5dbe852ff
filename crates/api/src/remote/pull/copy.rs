//! The full copy: every part of every list into a file of its own, then one file a kind. A part that is
//! there is whole, so a run that was stopped fetches only what is missing.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use futures::{StreamExt, TryStreamExt, stream};
use gdtx_domain::exchange::resource::ResourceKind;
use reqwest::Method;

use super::{
    Copier, HELD,
    files::{self, Pending},
    state::{Part, Plan},
};
use crate::remote::{
    Trouble,
    connection::away,
    shelf::{self, Draft},
};

impl Copier {
    /// Makes the copy whole, unless it is.
    pub(super) async fn complete(&mut self) -> Result<(), Trouble> {
        if self.state.position.is_some() {
            return Ok(());
        }
        let plan = match self.state.plan.clone() {
            Some(plan) => plan,
            None => self.planned().await?,
        };
        self.bar.set_length(plan.partitions.iter().map(|part| part.estimated_records).sum());
        let this = &*self;
        let fetched = plan.partitions.iter().enumerate().map(|(nth, part)| this.fetch(nth, part));
        stream::iter(fetched).buffer_unordered(self.pull.jobs.into()).try_collect::<()>().await?;
        for kind in &plan.from_feed {
            self.gather(kind, plan.position).await?;
        }
        self.bar.finish_and_clear();
        self.assemble(&plan)?;
        self.state.position = Some(plan.position);
        self.state.plan = None;
        self.keep()?;
        self.full = true;
        self.done.clear();
        fs::remove_dir_all(self.parts()).map_err(|e| Trouble::at(&self.parts(), &e))
    }

    async fn planned(&mut self) -> Result<Plan, Trouble> {
        let kinds = self.state_kinds();
        let plan: Plan = self.connection.json(Method::GET, &format!("/v1/sync{kinds}"), self.carry()).await?;
        // Parts of an earlier plan are of no use.
        let parts = self.parts();
        if parts.exists() {
            fs::remove_dir_all(&parts).map_err(|e| Trouble::at(&parts, &e))?;
        }
        fs::create_dir_all(&parts).map_err(|e| Trouble::at(&parts, &e))?;
        self.state.plan = Some(plan.clone());
        self.keep()?;
        Ok(plan)
    }

    fn state_kinds(&self) -> String {
        let kinds = self.pull.resource.join(",");
        let query = serde_urlencoded::to_string([("resources", kinds)]).unwrap_or_default();
        if self.pull.resource.is_empty() { String::new() } else { format!("?{query}") }
    }

    /// Where parts are kept until the copy is whole.
    fn parts(&self) -> PathBuf {
        self.pull.out.join(".parts")
    }

    fn part(&self, name: &str) -> PathBuf {
        self.parts().join(format!("{name}.ndjson"))
    }

    /// Where the records of a kind are.
    pub(super) fn file(&self, kind: &str) -> PathBuf {
        self.pull.out.join(format!("{kind}.ndjson"))
    }

    /// Fetches a part, unless it is there.
    async fn fetch(&self, nth: usize, part: &Part) -> Result<(), Trouble> {
        let file = self.part(&nth.to_string());
        if !file.exists() {
            let list = part.resource.replace('_', "-");
            let path = format!("/v1/exports/{list}?partition={}", part.partition);
            let (file, path) = (&file, &path);
            self.connection.patiently(|| self.download(path, file)).await?;
        }
        self.bar.set_message(part.resource.clone());
        self.bar.inc(part.estimated_records);
        Ok(())
    }

    /// A line that breaks leaves no part behind.
    async fn download(&self, path: &str, file: &Path) -> Result<(), Trouble> {
        let mut answer = self.connection.once(&Method::GET, path, self.carry()).await?;
        let mut draft = Draft::begin(file)?;
        while let Some(chunk) = answer.chunk().await.map_err(|e| away(&e))? {
            draft.write(&chunk)?;
        }
        draft.settle()
    }

    /// Gathers a kind that has no list from the feed, up to a position.
    async fn gather(&self, kind: &str, position: i64) -> Result<(), Trouble> {
        let (file, growing) = (self.part(kind), self.parts().join(format!("{kind}.growing")));
        if file.exists() {
            return Ok(());
        }
        Draft::begin(&growing)?.settle()?;
        self.bar.set_message(kind.to_owned());
        let (mut after, mut pending) = (0, Pending::new());
        while after < position {
            let run = self.run(after, Some(kind), 0).await?;
            run.items.into_iter().for_each(|change| change.join(&mut pending));
            after = run.next_after;
            if pending.len() >= HELD || after >= position {
                files::fold(&growing, &std::mem::take(&mut pending))?;
            }
        }
        fs::rename(&growing, &file).map_err(|e| Trouble::at(&file, &e))
    }

    /// One file a kind, each taking the place of the one before.
    fn assemble(&mut self, plan: &Plan) -> Result<(), Trouble> {
        let mut kinds: BTreeMap<&str, Vec<PathBuf>> = BTreeMap::new();
        for (nth, part) in plan.partitions.iter().enumerate() {
            kinds.entry(&part.resource).or_default().push(self.part(&nth.to_string()));
        }
        for kind in &plan.from_feed {
            kinds.entry(kind).or_default().push(self.part(kind));
        }
        self.state.records.clear();
        // What may be read no more, or is not wanted, would only grow old here.
        for gone in ResourceKind::ALL.iter().map(|kind| kind.code()).filter(|kind| !kinds.contains_key(kind)) {
            shelf::forget(&self.file(gone))?;
        }
        for (kind, parts) in kinds {
            let mut draft = Draft::begin(&self.file(kind))?;
            let mut records = 0;
            for part in parts {
                let mut lines = BufReader::new(File::open(&part).map_err(|e| Trouble::at(&part, &e))?);
                let mut line = Vec::new();
                while lines.read_until(b'\n', &mut line).map_err(|e| Trouble::at(&part, &e))? > 0 {
                    draft.write(&line)?;
                    records += 1;
                    line.clear();
                }
            }
            draft.settle()?;
            self.state.records.insert(kind.to_owned(), records);
        }
        Ok(())
    }
}
