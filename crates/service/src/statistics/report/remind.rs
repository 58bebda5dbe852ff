//! Reminders before the last day: who reports for a place is told by its feed and its webhooks that a report is due,
//! once for each reminder of the form.

use std::{
    collections::{BTreeSet, HashSet},
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
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::OnConflict};
use uuid::Uuid;

use super::{
    DueReport, DueReportsQuery, Reports,
    due::{Round, duties, found, places, rounds},
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
const LOOK: Duration = Duration::from_mins(10);

/// Who was reminded of what: client, form, year, place and days before the last one.
type Told = HashSet<(Uuid, String, SchoolYear, String, i64)>;

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
    let mut news = Vec::new();
    for client in clients {
        let mut own = places(&client.reach, None);
        own.retain(|(level, _)| *level == level_of(client.role));
        let mut due = duties(&tx, &rounds, &own, on, &found);
        due.retain(|duty| reminder(&client, duty).is_some_and(|row| !told.contains(&key(row))));
        if !due.is_empty() {
            news.push((client, due));
        }
    }
    tx.end(()).await?;
    let mut sent = 0;
    for (client, due) in news {
        sent += tell(&ctx, &client, &due).await?;
    }
    Ok(sent)
}

/// The clients that report for places of these levels.
#[expect(clippy::disallowed_methods, reason = "each client is told of its own duties alone")]
async fn reporters(tx: &Tx, levels: &BTreeSet<WindowLevel>) -> Result<Vec<client::Model>> {
    let reports = |role: &Role| extent(*role, Reports::WRITE) != Extent::Nowhere && levels.contains(&level_of(*role));
    let clients = client::Entity::find()
        .filter(client::Column::State.eq(ClientState::Active))
        .filter(client::Column::Role.is_in(Role::ALL.iter().copied().filter(reports)));
    Ok(clients.all(&tx.db).await?)
}

/// What was told of last days that are not over.
#[expect(clippy::disallowed_methods, reason = "each client is told of its own duties alone")]
async fn told(tx: &Tx) -> Result<Told> {
    let today = tx.ctx.clock.today();
    let rows = report_reminder::Entity::find().filter(report_reminder::Column::DueOn.gte(today)).all(&tx.db).await?;
    Ok(rows.into_iter().map(key).collect())
}

fn key(row: report_reminder::Model) -> (Uuid, String, SchoolYear, String, i64) {
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

/// Tells a client what is due, in one write; another process that is at it too tells the rest. What is over is
/// forgotten.
#[expect(clippy::disallowed_methods, reason = "each client is told of its own duties alone")]
async fn tell(ctx: &Ctx, client: &client::Model, due: &[DueReport]) -> Result<usize> {
    let tx = ctx.write().await?;
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
