//! The moment of the past that a read looks at.
//!
//! A position means the state after all entries up to it. An instant means the state after all entries
//! that were recorded until then, and of each record the highest version among them: positions are
//! given at the commit, so entries of writers that ran side by side may stand in another order. A list
//! that was begun goes on as it began: of an instant its pages keep the end of the journal, since a
//! write that began before it may be committed between two of them.

use std::{fmt, str::FromStr};

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType};
use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use gdtx_domain::exchange::{journal, journal_head};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};

use crate::{Code, Ctx, Error, Result, page, tx::Tx};

/// A moment as its reader names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AsOf {
    /// After the entry of the journal with this position; 0 is before the first one.
    Position(i64),
    /// After everything that was recorded until this instant.
    Instant(DateTime<Utc>),
    /// The same, of what the journal held up to this position.
    Settled(DateTime<Utc>, i64),
}

impl AsOf {
    /// A position of the journal, or an instant (RFC 3339).
    pub const PATTERN: &'static str = r"^([0-9]{1,18}|[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9]))$";
}

impl FromStr for AsOf {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            return text.parse().map(Self::Position).map_err(|_| unreadable());
        }
        // A plus that was not escaped arrives as a blank.
        let instant = DateTime::parse_from_rfc3339(&text.replace(' ', "+")).map_err(|_| unreadable())?;
        Ok(Self::Instant(instant.with_timezone(&Utc).trunc_subsecs(6)))
    }
}

impl fmt::Display for AsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Position(position) => write!(f, "{position}"),
            Self::Instant(instant) | Self::Settled(instant, _) => f.write_str(&instant.to_rfc3339()),
        }
    }
}

/// A moment of the past: a position of the journal, or an instant such as `2026-09-05T10:00:00Z`.
#[Scalar(name = "AsOf", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for AsOf {
    fn parse(value: async_graphql::Value) -> InputValueResult<Self> {
        let text = match &value {
            async_graphql::Value::Number(number) => number.to_string(),
            async_graphql::Value::String(text) => text.clone(),
            _ => return Err(InputValueError::expected_type(value)),
        };
        text.parse().map_err(|_| InputValueError::custom("a position of the journal, or an instant of RFC 3339"))
    }

    fn to_value(&self) -> async_graphql::Value {
        self.to_string().into()
    }
}

/// A moment that has been.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    /// Entries that were recorded later do not belong to it, when an instant was named.
    until: Option<DateTime<Utc>>,
    /// The last position that belongs to it.
    last: i64,
    /// The day of the moment in Viet Nam: what follows from the calendar is told as of that day.
    pub day: NaiveDate,
}

impl Moment {
    /// Looks a moment up; the future is refused.
    #[expect(clippy::disallowed_methods, reason = "the end of the journal belongs to nobody")]
    pub async fn find(tx: &Tx, as_of: AsOf) -> Result<Self> {
        let clock = tx.ctx.clock;
        let last = journal_head::Entity::find_by_id(1).one(&tx.db).await?.map_or(0, |head| head.position);
        let recorded = match as_of {
            AsOf::Position(position) if position > last => return Err(future(last)),
            AsOf::Instant(instant) | AsOf::Settled(instant, _) if instant > clock.now() => return Err(future(last)),
            AsOf::Instant(instant) | AsOf::Settled(instant, _) => instant,
            AsOf::Position(position) => {
                let entry = journal::Entity::find().filter(journal::Column::Position.eq(position)).one(&tx.db).await?;
                entry.map_or_else(|| clock.now(), |entry| entry.recorded_at)
            }
        };
        let (until, last) = match as_of {
            AsOf::Position(position) => (None, position),
            AsOf::Instant(instant) => (Some(instant), last),
            AsOf::Settled(instant, last) => (Some(instant), last),
        };
        Ok(Self { until, last, day: clock.day_of(recorded) })
    }

    /// What a cursor keeps beside the value of its record.
    pub fn kept(self, value: String) -> String {
        if self.until.is_some() { format!("{}/{value}", self.last) } else { value }
    }

    /// The moment of the page before, of which this was kept, and the value without it.
    pub fn of(self, kept: String) -> Result<(Self, String)> {
        if self.until.is_none() {
            return Ok((self, kept));
        }
        let (last, value) = kept.split_once('/').ok_or_else(page::unreadable)?;
        let last = last.parse().map_err(|_| page::unreadable())?;
        Ok((Self { last, ..self }, value.to_owned()))
    }

    /// Whether an entry, by the name of its table in the statement, belongs to the moment.
    pub fn holds(&self, entry: &'static str) -> Expr {
        let placed = Expr::col((entry, "position")).lte(self.last);
        match self.until {
            None => placed,
            Some(until) => Expr::col((entry, "recorded_at")).lte(until).and(placed),
        }
    }
}

/// Refuses to read the present where the past was asked for: nothing mixes the two.
pub(crate) fn check_present(ctx: &Ctx) -> Result<()> {
    if ctx.as_of.is_none() {
        return Ok(());
    }
    Err(refused(
        "not_of_the_past",
        "Phần này chỉ đọc được ở hiện tại; hãy hỏi riêng, không kèm asOf.",
        "This can be read as of now only: ask for it apart, without asOf.",
    ))
}

fn unreadable() -> Error {
    refused(
        "invalid_value",
        "asOf là một vị trí của nhật ký, hoặc một thời điểm như 2026-09-05T10:00:00Z.",
        "asOf is a position of the journal, or an instant such as 2026-09-05T10:00:00Z.",
    )
}

fn future(last: i64) -> Error {
    refused(
        "beyond_the_end",
        format!("Thời điểm này chưa đến; nhật ký kết thúc ở vị trí {last}."),
        format!("That moment has not come yet; the journal ends at position {last}."),
    )
}

fn refused(code: &'static str, vi: impl Into<String>, en: impl Into<String>) -> Error {
    Error::field(Code::InvalidParameter, "asOf", code, vi, en)
}
