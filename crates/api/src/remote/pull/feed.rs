//! The feed behind a copy: changes are gathered, folded into the files, and only then counted as done.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{
    After, Copier, HELD, POLL, REST, SHORTEST_REST,
    files::{self, Pending},
};
use crate::remote::Trouble;

/// A run of the feed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    pub items: Vec<Change>,
    pub next_after: i64,
    pub last_position: i64,
    pub has_more: bool,
}

/// A change, as far as a copy needs it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    resource: String,
    operation: String,
    id: Uuid,
    version: i64,
    record: Option<Box<RawValue>>,
}

/// Whether a record is gone.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct End {
    deleted_at: Option<serde::de::IgnoredAny>,
}

impl Change {
    /// Joins others: the one with the greatest version counts.
    pub fn join(self, pending: &mut Pending) {
        // A move changes no record; the change of the centre came before it.
        if self.operation == "moved" || pending.get(&self.id).is_some_and(|(held, _)| *held >= self.version) {
            return;
        }
        let live = self.record.as_deref().map(RawValue::get);
        let live = live.filter(|text| serde_json::from_str::<End>(text).is_ok_and(|end| end.deleted_at.is_none()));
        pending.insert(self.id, (self.version, live.map(|text| format!("{text}\n"))));
    }

    /// Whether it says that other records may be read now.
    fn is_of_reach(&self) -> bool {
        matches!(self.operation.as_str(), "access_gained" | "access_lost")
    }
}

/// Changes that are not in the files yet, by kind.
#[derive(Default)]
struct Held {
    kinds: BTreeMap<String, Pending>,
    /// How far they reach.
    position: i64,
    /// How long the last writing took, and when it was over.
    last: Option<(Duration, Instant)>,
}

impl Held {
    fn len(&self) -> usize {
        self.kinds.values().map(Pending::len).sum()
    }

    /// How long to wait before writing again: whoever follows writes a tenth of the time at most.
    fn rest(&self) -> Duration {
        let Some((took, at)) = self.last else { return Duration::ZERO };
        Ord::max(took * REST, SHORTEST_REST).saturating_sub(at.elapsed())
    }
}

impl Copier {
    /// Reads the feed to its end, or for as long as it goes on.
    pub(super) async fn follow(&mut self) -> Result<After, Trouble> {
        let mut held = Held { position: self.state.position.unwrap_or_default(), ..Held::default() };
        loop {
            let wait = if self.pull.follow { POLL } else { 0 };
            let wait = if held.len() > 0 { wait.min(held.rest().as_secs() + 1) } else { wait };
            let run = match self.run(held.position, None, wait).await {
                // The service was set back to an earlier state.
                Err(trouble) if trouble.is_fault("beyond_the_end") => return Ok(After::OtherReach),
                run => run?,
            };
            self.bar.set_length(run.last_position.unsigned_abs());
            self.bar.set_position(run.next_after.unsigned_abs());
            if run.items.iter().any(Change::is_of_reach) {
                return Ok(After::OtherReach);
            }
            held.position = run.next_after;
            for change in run.items {
                if self.state.records.contains_key(&change.resource) {
                    let pending = held.kinds.entry(change.resource.clone()).or_default();
                    change.join(pending);
                }
            }
            if !run.has_more && !self.pull.follow {
                self.bar.finish_and_clear();
                self.write(&mut held)?;
                return Ok(After::Reached);
            }
            if held.len() >= HELD || (!run.has_more && held.rest().is_zero()) {
                self.write(&mut held)?;
            }
        }
    }

    /// Folds what is held into the files, then notes how far they are.
    fn write(&mut self, held: &mut Held) -> Result<(), Trouble> {
        let (begun, said) = (Instant::now(), held.len() > 0);
        for (kind, pending) in std::mem::take(&mut held.kinds) {
            let tally = files::fold(&self.file(&kind), &pending)?;
            self.state.records.insert(kind.clone(), tally.total);
            let done = self.done.entry(kind).or_default();
            *done = done.and(tally);
        }
        if self.state.position != Some(held.position) {
            self.state.position = Some(held.position);
            self.keep()?;
        }
        held.last = Some((begun.elapsed(), Instant::now()));
        if self.pull.follow && said {
            crate::cli::say(&self.told()).map_err(Trouble::Here)?;
            (self.full, self.done) = (false, BTreeMap::new());
        }
        Ok(())
    }
}
