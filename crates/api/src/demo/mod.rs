//! One province of invented centres and people, through the same use cases as the API.
//!
//! Deterministic: a seed gives the same records, ids and instants on every machine. Everything
//! invented is marked so: centres carry “(mẫu)”, people an external id of the system `invented`.

mod centres;
pub mod client;
mod dice;
mod lessons;
mod people;
mod recognitions;
mod school;

use chrono::{NaiveDate, TimeZone, Utc};
use gdtx_domain::exchange::resource::ResourceKind;
use gdtx_service::{Clock, Ctx, Database, Error, Ids};
use serde::de::DeserializeOwned;
use serde_json::Value;

use dice::Dice;

/// What to invent.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Today's code of the province.
    pub province: String,
    /// First calendar year of the school year.
    pub year: i32,
    pub seed: u64,
    /// Classes in hundredths of the full number; chance rounds.
    pub scale: u32,
}

impl Plan {
    /// The first day of the school year.
    pub fn start(&self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, 9, 5).unwrap_or_default()
    }

    /// The day on which the demonstration was entered: a month into the school year.
    fn entered(&self) -> Clock {
        Clock::Fixed(Utc.with_ymd_and_hms(self.year, 10, 5, 1, 0, 0).single().unwrap_or_default())
    }
}

/// What was invented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub centres: usize,
    pub programmes: usize,
    pub classes: usize,
    pub learners: usize,
    pub enrolments: usize,
    pub recognitions: usize,
}

/// Fills the database. `progress` hears of every centre done: how many of how many.
pub async fn fill(db: &Database, plan: &Plan, mut progress: impl FnMut(usize, usize)) -> Result<Summary, Error> {
    let mut ctx = Ctx::system(db.clone(), plan.entered());
    ctx.ids = Ids::seeded(plan.seed);
    let mut dice = Dice::new(plan.seed);
    let mut summary = Summary::default();
    let centres = centres::all(plan, &mut dice);
    let count = centres.len();
    for (number, centre) in centres.into_iter().enumerate() {
        Box::pin(school::fill(&ctx, plan, &mut dice, centre, &mut summary)).await?;
        progress(number + 1, count);
    }
    summary.recognitions = recognitions::fill(&ctx, plan, &mut dice).await?;
    Ok(summary)
}

/// Whether the database holds no centre yet.
pub async fn is_empty(db: &Database) -> Result<bool, Error> {
    let ctx = Ctx::system(db.clone(), Clock::System);
    Ok(gdtx_service::exchange::journal::last_of(&ctx, ResourceKind::Centres).await?.is_none())
}

/// Reads an invented record into the shape that the API takes.
fn shape<T: DeserializeOwned>(value: Value) -> Result<T, Error> {
    serde_json::from_value(value).map_err(Error::internal)
}
