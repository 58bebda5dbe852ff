//! One province of invented centres and people, through the same use cases as the API.
//!
//! Deterministic: a seed gives the same records, ids and instants on every machine. Everything
//! invented is marked so: centres and holders carry “(mẫu)”, people an external id of the system
//! `invented`. Every number stands in [`shares`], with where it comes from.

mod cases;
mod centres;
pub mod client;
mod country;
mod dice;
mod histories;
mod lessons;
mod life;
mod people;
mod premises;
mod recognitions;
mod school;
mod shares;
mod staff;
mod subjects;

use std::fmt;

use chrono::{NaiveDate, TimeZone, Utc};
use gdtx_domain::{
    exchange::resource::ResourceKind,
    territory::{find::UnitFilter, find::valid_on, unit::Unit, unit::UnitLevel},
};
use gdtx_service::{Clock, Code, Ctx, Database, Error, Ids, Problem, Written};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

pub use country::fill_country;
use dice::Dice;

/// What to invent.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Today's code of the province.
    pub province: String,
    /// First calendar year of the school year.
    pub year: i32,
    pub seed: u64,
    /// Classes in hundredths of the full number; chance rounds. The first centre of each kind
    /// teaches at least one class of everything.
    pub scale: u32,
    /// Whether the province is filled as a part of the whole country: fewer centres, more
    /// recognitions, and learners of courses with those that they took before.
    pub national: bool,
    /// Whether there are invented records already: places have their recognitions then.
    pub beside: bool,
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

/// How many records were invented, and how many answers carried a warning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub centres: usize,
    /// Beside those that a centre begins with.
    pub centre_events: usize,
    pub campuses: usize,
    pub lands: usize,
    pub rooms: usize,
    pub staff_members: usize,
    pub programmes: usize,
    pub classes: usize,
    pub learners: usize,
    pub enrolments: usize,
    /// Beside those that an enrolment begins with.
    pub enrolment_events: usize,
    pub results: usize,
    pub recognitions: usize,
    pub warned: usize,
}

impl Summary {
    /// Every number of it, to be added up.
    fn numbers(&mut self) -> [&mut usize; 14] {
        [
            &mut self.centres,
            &mut self.centre_events,
            &mut self.campuses,
            &mut self.lands,
            &mut self.rooms,
            &mut self.staff_members,
            &mut self.programmes,
            &mut self.classes,
            &mut self.learners,
            &mut self.enrolments,
            &mut self.enrolment_events,
            &mut self.results,
            &mut self.recognitions,
            &mut self.warned,
        ]
    }

    /// Adds what another plan made.
    fn add(&mut self, mut other: Self) {
        for (mine, others) in self.numbers().into_iter().zip(other.numbers()) {
            *mine += *others;
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = [
            (self.centres, "centres"),
            (self.centre_events, "later events of centres"),
            (self.campuses, "campuses"),
            (self.lands, "lands"),
            (self.rooms, "rooms"),
            (self.staff_members, "members of staff"),
            (self.programmes, "programmes"),
            (self.classes, "classes"),
            (self.learners, "learners"),
            (self.enrolments, "enrolments"),
            (self.enrolment_events, "later events of enrolments"),
            (self.results, "results"),
            (self.recognitions, "recognitions"),
        ];
        for (count, name) in rows {
            write!(f, "{count} {name}, ")?;
        }
        write!(f, "{} writes with a warning", self.warned)
    }
}

/// What is being filled.
struct World<'a> {
    ctx: &'a Ctx,
    plan: &'a Plan,
    dice: Dice,
    summary: Summary,
    /// The GDTX and GDNN-GDTX centres.
    secondary: Vec<Uuid>,
}

impl World<'_> {
    fn noted<T>(&mut self, written: &Written<T>) {
        self.warned(&written.warnings);
    }

    fn warned(&mut self, warnings: &[Problem]) {
        self.summary.warned += usize::from(!warnings.is_empty());
    }
}

/// Fills the database. `progress` hears after every centre what was made so far.
///
/// # Errors
/// `not_found` when the province is none of today's.
pub async fn fill(db: &Database, plan: &Plan, mut progress: impl FnMut(Summary)) -> Result<Summary, Error> {
    let communes = communes(plan);
    if communes.is_empty() {
        return Err(Error::of(Code::NotFound));
    }
    let mut ctx = Ctx::system(db.clone(), plan.entered());
    ctx.ids = Ids::seeded(plan.seed);
    let mut dice = Dice::new(plan.seed);
    let centres = centres::all(plan, &mut dice, &communes);
    let mut world = World { ctx: &ctx, plan, dice, summary: Summary::default(), secondary: Vec::new() };
    let mut neighbour: Option<(&str, Uuid)> = None;
    for centre in &centres {
        let id = Box::pin(world.fill_centre(centre)).await?;
        let into = neighbour.filter(|(kind, _)| *kind == centre.kind).map(|(_, id)| id);
        world.live(id, &centre.name, centre.fate, into).await?;
        if centre.formed_anew {
            world.form_out_of_old(centre.unit, id).await?;
        }
        if centre.fate.teaches() {
            neighbour = Some((centre.kind, id));
        }
        if centre.kind.ends_with("gdtx_centre") {
            world.secondary.push(id);
        }
        progress(world.summary);
    }
    if !plan.beside {
        Box::pin(world.recognise(&communes)).await?;
    }
    Ok(world.summary)
}

/// Today's communes of the province.
fn communes(plan: &Plan) -> Vec<&'static Unit> {
    let filter =
        UnitFilter { level: Some(UnitLevel::Commune), province_code: Some(&plan.province), ..UnitFilter::default() };
    valid_on(plan.start(), &filter)
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
