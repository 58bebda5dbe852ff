//! The table of what was measured, with its bars.

use std::fmt::Write;

use crate::{
    load::Measured,
    workloads::{Bar, Pair},
};

/// What a pair of workloads showed, over all rounds.
#[derive(Default)]
pub struct Result {
    ours: Measured,
    theirs: Measured,
    ratios: Vec<f64>,
}

impl Result {
    /// Adds a round: the two ran one after the other.
    pub fn add(&mut self, ours: Measured, theirs: Measured) {
        self.ratios.push(ours.per_second() / theirs.per_second());
        self.ours.add(ours);
        self.theirs.add(theirs);
    }

    /// The middle of the rounds.
    fn ratio(&self) -> f64 {
        middle(&self.ratios)
    }
}

/// The machine and the conditions.
pub fn head(scale: &str) -> String {
    let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    let (cpu, load) = (read("/proc/cpuinfo"), read("/proc/loadavg"));
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map_or("?", |(_, m)| m);
    let load = load.split(' ').next().unwrap_or("?");
    format!(
        "# Bench\n\n{}, {} CPUs ({model}), load before the start {load}, scale {scale}, {} connections.\n\
         Ratio: requests a second against the other side, middle of the rounds.\n",
        gdtx_service::Clock::System.today(),
        std::thread::available_parallelism().map_or(0, usize::from),
        crate::load::CONNECTIONS,
    )
}

/// One line a pair.
pub fn table(pairs: &[Pair], results: &[Result]) -> String {
    let mut out =
        "| workload | req/s | p50 ms | p99 ms | other req/s | ratio | bar | |\n|---|---|---|---|---|---|---|---|\n"
            .to_owned();
    for (pair, result) in pairs.iter().zip(results) {
        let (ours, ratio) = (&result.ours, result.ratio());
        let (bar, met) = match pair.bar {
            Bar::AtLeast(bar) => (format!("≥ {bar:.2}"), ratio >= bar),
        };
        let wrong = result.ours.wrong + result.theirs.wrong;
        let example = ours.example.as_ref().or(result.theirs.example.as_ref());
        let note = if wrong == 0 { String::new() } else { format!(", {wrong} errors: {example:?}") };
        writeln!(
            out,
            "| {} against {} | {:.0} | {:.2} | {:.2} | {:.0} | {ratio:.2} | {bar} | {}{note} |",
            pair.name,
            pair.against,
            ours.per_second(),
            ours.percentile(50),
            ours.percentile(99),
            result.theirs.per_second(),
            if met { "met" } else { "missed" },
        )
        .unwrap_or_default();
    }
    out
}

/// A line for one number that must stay below its bar.
pub fn single(what: &str, measured: f64, unit: &str, bar: f64) -> String {
    let met = if measured <= bar { "met" } else { "missed" };
    format!("| {what} | {measured:.1} {unit} | | | | | ≤ {bar:.0} {unit} | {met} |\n")
}

/// What a bulk workload showed, round by round.
pub struct Rates {
    name: String,
    unit: &'static str,
    ours: Vec<f64>,
    floor: Vec<f64>,
    bar: Limit,
    /// The share of the floor that must be reached.
    share: Option<f64>,
}

enum Limit {
    Least(f64),
    Most(f64),
}

impl Rates {
    /// So many things a second at least, and this share of the floor's.
    pub fn new(name: String, unit: &'static str, least: f64, share: Option<f64>) -> Self {
        Self { name, unit, ours: Vec::new(), floor: Vec::new(), bar: Limit::Least(least), share }
    }

    /// So many things a second at least, without a floor.
    pub fn least(name: String, unit: &'static str, least: f64, ours: Vec<f64>) -> Self {
        Self { name, unit, ours, floor: Vec::new(), bar: Limit::Least(least), share: None }
    }

    /// A measure that has no floor and must stay below its bar.
    pub fn most(name: String, unit: &'static str, most: f64, ours: Vec<f64>) -> Self {
        Self { name, unit, ours, floor: Vec::new(), bar: Limit::Most(most), share: None }
    }

    /// Adds a round: the two ran one after the other.
    pub fn add(&mut self, ours: f64, floor: f64) {
        self.ours.push(ours);
        self.floor.push(floor);
    }
}

/// One line a bulk workload.
pub fn bulk(all: &[Rates]) -> String {
    let mut out = "| workload | measured | floor | ratio | bars | |\n|---|---|---|---|---|---|\n".to_owned();
    for Rates { name, unit, ours, floor, bar, share } in all {
        let measured = middle(ours);
        let ratio = middle(&ours.iter().zip(floor).map(|(ours, floor)| ours / floor).collect::<Vec<_>>());
        let (told, kept) = match bar {
            Limit::Least(least) => (format!("≥ {least:.0} {unit}/s"), measured >= *least),
            Limit::Most(most) => (format!("≤ {most:.0} {unit}"), measured <= *most),
        };
        let share_kept = share.is_none_or(|share| ratio >= share);
        let share = share.map_or_else(String::new, |share| format!(", ≥ {share:.2} of the floor"));
        let met = if kept && share_kept { "met" } else { "missed" };
        let floor = if floor.is_empty() { String::new() } else { format!("{:.0}", middle(floor)) };
        let ratio = if floor.is_empty() { String::new() } else { format!("{ratio:.2}") };
        writeln!(out, "| {name} | {measured:.0} {unit} | {floor} | {ratio} | {told}{share} | {met} |")
            .unwrap_or_default();
    }
    out
}

/// The middle of some figures.
fn middle(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
