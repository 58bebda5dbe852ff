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
        let mut sorted = self.ratios.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
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
