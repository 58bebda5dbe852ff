//! The clock of a sandbox: a vendor sees today what its system does on the last day of the year.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Bytes, Data},
};
use chrono::{DateTime, Datelike, Duration, Utc};
use gdtx_service::{Actor, Clock, Code, Ctx, Error, Result, Shift};
use serde::{Deserialize, Serialize};

use crate::{
    headers::Caller,
    rest::{body, operations::Answer, respond},
    state::App,
};

/// How the clock stands.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Standing {
    now: DateTime<Utc>,
    /// Seconds ahead of the machine's clock.
    offset_seconds: i64,
}

/// What to set: an instant, or by how much to go on.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Wish {
    now: Option<DateTime<Utc>>,
    advance_seconds: Option<i64>,
}

pub async fn read(Caller(ctx): Caller, app: Data<App>) -> Answer {
    Ok(standing(movable(&ctx, &app)?))
}

pub async fn set(req: HttpRequest, Caller(ctx): Caller, app: Data<App>, bytes: Bytes) -> Answer {
    let shift = movable(&ctx, &app)?;
    let wish: Wish = body::parse(&req, &bytes)?;
    if wish.now.is_some() && wish.advance_seconds.is_some() {
        return Err(both().into());
    }
    let further = |seconds| Duration::try_seconds(seconds).and_then(|by| app.clock.now().checked_add_signed(by));
    let wanted = wish.now.or_else(|| wish.advance_seconds.and_then(further));
    let now = wanted.filter(|now| (1970..2200).contains(&now.year())).ok_or_else(wrong)?;
    shift.set(now);
    Ok(standing(shift))
}

pub async fn reset(Caller(ctx): Caller, app: Data<App>) -> Answer {
    let shift = movable(&ctx, &app)?;
    shift.reset();
    Ok(standing(shift))
}

fn both() -> Error {
    Error::field(
        Code::ValidationFailed,
        "/advanceSeconds",
        "not_allowed_here",
        "Chỉ nêu một trong hai: `now` hoặc `advanceSeconds`.",
        "Name one of the two: `now` or `advanceSeconds`.",
    )
}

fn wrong() -> Error {
    Error::field(
        Code::ValidationFailed,
        "/now",
        "out_of_range",
        "Nêu `now` hoặc `advanceSeconds`, một thời điểm từ năm 1970 đến năm 2199.",
        "Name `now` or `advanceSeconds`: an instant between the years 1970 and 2199.",
    )
}

fn standing(shift: &'static Shift) -> HttpResponse {
    respond::json(&Standing { now: Clock::Moved(shift).now(), offset_seconds: shift.seconds() })
}

/// The clock, for any client of a sandbox.
pub(super) fn movable(ctx: &Ctx, app: &App) -> Result<&'static Shift> {
    let Clock::Moved(shift) = app.clock else { return Err(Error::not_found()) };
    if ctx.actor == Actor::Public {
        return Err(Error::of(Code::Unauthenticated));
    }
    Ok(shift)
}
