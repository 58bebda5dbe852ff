//! Reminders before the last day: who reports for a place is told by its feed and its webhooks that a report is due,
//! once for each reminder of the form.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    time::Duration,
};

use gdtx_domain::{
    Lang, SchoolYear,
    access::{
        client,
        role::{ClientState, Role},
    },
    exchange::{resource::Operation, window::WindowLevel},
    statistics::{report_form, report_reminder},
    territory::{
        find::units,
        unit::{Unit, UnitLevel},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::OnConflict};
use uuid::Uuid;

use super::{
    DueReport, DueReportsQuery, Reports,
    due::{Reporter, Round, duties, found, rounds},
    record::COUNTRY,
};
use crate::{
    Clock, Ctx, Database, Resource, Result,
    access::{
        policy::{Extent, extent},
        reach,
    },
    exchange::window::level_of,
    tx::Tx,
};

/// How often a process looks whether somebody is to be reminded.
const LOOK: Duration = Duration::from_mins(1);

/// A reminder: client, form, year, place and days before the last one.
type Key = (Uuid, String, SchoolYear, String, i64);

/// Reminds for as long as the process lives.
pub async fn remind(db: Database, clock: Clock) {
    loop {
        if let Err(error) = remind_once(&db, clock).await {
            tracing::warn!(%error, source = ?error.source, "reminders of reports will be sent later");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Reminds every client of what it is not reminded of yet and has not handed in; tells how many reminders that were.
pub async fn remind_once(db: &Database, clock: Clock) -> Result<usize> {
    let on = clock.today();
    let mut rounds: Vec<Round> = report_form::all().iter().flat_map(|form| rounds(form, on)).collect();
    rounds.retain(|round| round.reminder(on).is_some());
    if rounds.is_empty() {
        return Ok(0);
    }
    let ctx = Ctx { lang: Lang::Vi, ..Ctx::system(db.clone(), clock) };
    let tx = ctx.read_primary().await?;
    let levels: BTreeSet<WindowLevel> = rounds.iter().map(|round| round.level).collect();
    let years = rounds.iter().map(|round| round.year).collect();
    let found = found(&tx, &DueReportsQuery::default(), levels.clone(), years).await?;
    let (clients, told) = (reporters(&tx, &levels).await?, told(&tx).await?);
    tx.end(()).await?;
    let today = today();
    let mut sent = 0;
    for client in clients {
        let mut due = duties(&ctx, &rounds, &own_places(&client, &today), on, &found);
        due.retain(|duty| reminder(&client, duty).is_some_and(|row| !told.contains(&key(row))));
        if !due.is_empty() {
            match tell(&ctx, &client, &due).await {
                Ok(new) => sent += new,
                // One that cannot be told keeps nobody else from it.
                Err(error) => tracing::warn!(%error, source = ?error.source, "a reminder will be sent later"),
            }
        }
    }
    Ok(sent)
}

/// The clients that report for places of these levels.
#[expect(clippy::disallowed_methods, reason = "the service itself looks who reports")]
async fn reporters(tx: &Tx, levels: &BTreeSet<WindowLevel>) -> Result<Vec<client::Model>> {
    let reports = |role: &Role| extent(*role, Reports::WRITE) != Extent::Nowhere && levels.contains(&level_of(*role));
    let clients = client::Entity::find()
        .filter(client::Column::State.eq(ClientState::Active))
        .filter(client::Column::Role.is_in(Role::ALL.iter().copied().filter(reports)));
    Ok(clients.all(&tx.db).await?)
}

/// The units of today, by their levels and codes.
fn today() -> HashMap<(UnitLevel, &'static str), &'static Unit> {
    let today = units().filter(|unit| unit.valid_to.is_none());
    today.map(|unit| ((unit.level, unit.code.as_str()), unit)).collect()
}

/// The places that a client reports for.
fn own_places(client: &client::Model, today: &HashMap<(UnitLevel, &str), &'static Unit>) -> Vec<Reporter> {
    let level = level_of(client.role);
    let (of, codes) = match level {
        WindowLevel::Country => return vec![(level, None)],
        WindowLevel::Province => (UnitLevel::Province, &client.reach.provinces),
        _ => (UnitLevel::Commune, &client.reach.communes),
    };
    codes.iter().filter_map(|code| Some((level, Some(*today.get(&(of, code.as_str()))?)))).collect()
}

/// What was told of last days that are not over.
#[expect(clippy::disallowed_methods, reason = "the service itself looks what it has told")]
async fn told(tx: &Tx) -> Result<HashSet<Key>> {
    let today = tx.ctx.clock.today();
    let rows = report_reminder::Entity::find().filter(report_reminder::Column::DueOn.gte(today)).all(&tx.db).await?;
    Ok(rows.into_iter().map(key).collect())
}

fn key(row: report_reminder::Model) -> Key {
    (row.client_id, row.form, row.school_year, row.place_key, row.days)
}

/// The reminder of a duty, where one holds.
fn reminder(client: &client::Model, duty: &DueReport) -> Option<report_reminder::Model> {
    Some(report_reminder::Model {
        client_id: client.id,
        form: duty.form.clone(),
        school_year: duty.school_year,
        place_key: duty.place_code.clone().unwrap_or_else(|| COUNTRY.to_owned()),
        days: duty.reminder?,
        due_on: duty.due_on,
    })
}

/// Tells a client what is due, in one write; what another process has told meanwhile is not told again, and neither is
/// anything to a client that is another one since. What is over is forgotten.
#[expect(clippy::disallowed_methods, reason = "the client is told about its own duties")]
async fn tell(ctx: &Ctx, client: &client::Model, due: &[DueReport]) -> Result<usize> {
    let tx = ctx.write().await?;
    if client::Entity::find_by_id(client.id).one(&tx.db).await?.as_ref() != Some(client) {
        tx.db.rollback().await?;
        return Ok(0);
    }
    let over = report_reminder::Entity::delete_many()
        .filter(report_reminder::Column::ClientId.eq(client.id))
        .filter(report_reminder::Column::DueOn.lt(ctx.clock.today()));
    over.exec(&tx.db).await?;
    let mut sent = 0;
    for duty in due {
        let Some(row) = reminder(client, duty) else { continue };
        let once = report_reminder::Entity::insert(row.into_active_model())
            .on_conflict(OnConflict::new().do_nothing().to_owned());
        if once.exec_without_returning(&tx.db).await? > 0 {
            reach::append(&tx, Operation::ReportDue, client, duty).await?;
            sent += 1;
        }
    }
    tx.commit().await?;
    Ok(sent)
}
