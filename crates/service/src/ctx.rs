//! What a use case knows about its request: who asks, in which language, when, and under which key.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use chrono::{DateTime, Utc};
use gdtx_domain::{Lang, access::purpose::Purpose};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::{AsOf, Clock, Database, access::caller::Caller, clock::Ids, exchange::period::Period};

/// Who asks, as far as the token says, and until when it speaks. What that client may do comes
/// from the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// Nobody in particular: public operations only.
    Public,
    /// A registered client, by our own token.
    Client { id: Uuid, token_id: String, until: DateTime<Utc> },
    /// A registered client, by the token of a trusted outside issuer.
    External { issuer: String, subject: String, until: DateTime<Utc> },
    /// The service itself: command line and demonstration data.
    System,
}

/// The lowest position of the journal that the reads of a request saw, or that its write got.
#[derive(Clone, Debug)]
pub struct Seen(Arc<AtomicI64>);

impl Default for Seen {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(i64::MAX)))
    }
}

impl Seen {
    pub(crate) fn note(&self, position: i64) {
        self.0.fetch_min(position, Ordering::Relaxed);
    }

    /// The position, when one was looked at.
    pub fn get(&self) -> Option<i64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|position| *position < i64::MAX)
    }
}

/// The context of one request.
#[derive(Clone, Debug)]
pub struct Ctx {
    pub(crate) db: Database,
    pub actor: Actor,
    pub clock: Clock,
    pub ids: Ids,
    pub lang: Lang,
    pub request_id: String,
    /// `Idempotency-Key` of a write.
    pub idempotency_key: Option<String>,
    /// Do everything but the commit.
    pub dry_run: bool,
    /// What personal data are read for; without it they are masked.
    pub purpose: Option<Purpose>,
    /// Show records as lists do, one at a time too.
    pub as_listed: bool,
    /// Names of the fields that the caller asked for; all of them when absent. For the access log.
    pub asked: Option<Arc<BTreeSet<String>>>,
    /// Reads must have seen the journal up to this position.
    pub min_position: Option<i64>,
    /// The moment of the past that is read; now when absent.
    pub as_of: Option<AsOf>,
    /// The position that was read or written, for the answer.
    pub position: Seen,
    /// The period that the records of an import are for.
    pub period: Option<Period>,
    /// Who asks, when reads that make up one answer ask that once together.
    pub(crate) one_answer: Option<Arc<OnceCell<Caller>>>,
}

impl Ctx {
    /// A context for one request.
    pub fn new(db: Database, actor: Actor, clock: Clock, lang: Lang, request_id: String) -> Self {
        Self {
            db,
            actor,
            clock,
            ids: Ids::default(),
            lang,
            request_id,
            idempotency_key: None,
            dry_run: false,
            purpose: None,
            as_listed: false,
            asked: None,
            min_position: None,
            as_of: None,
            position: Seen::default(),
            period: None,
            one_answer: None,
        }
    }

    /// A context for the service itself.
    pub fn system(db: Database, clock: Clock) -> Self {
        Self::new(db, Actor::System, clock, Lang::En, "system".to_owned())
    }

    /// The same for reads that make up one answer, such as a GraphQL query: who asks is read once.
    /// Writes, and reads that wait for something, ask again.
    #[must_use]
    pub fn for_one_answer(self) -> Self {
        Self { one_answer: Some(Arc::default()), ..self }
    }

    /// The same where the answer is narrowed to these fields, or to parts of them: the others are
    /// not shown.
    #[must_use]
    pub fn narrowed_to(self, fields: Option<&[String]>) -> Self {
        let first = |field: &String| field.split('.').next().unwrap_or_default().to_owned();
        Self { asked: fields.map(|fields| Arc::new(fields.iter().map(first).collect())), ..self }
    }

    /// The same for reads of this moment.
    #[must_use]
    pub fn at(&self, as_of: Option<AsOf>) -> Self {
        Self { as_of, ..self.clone() }
    }

    /// The same where each read asks anew.
    pub(crate) fn for_many_answers(&self) -> Self {
        Self { one_answer: None, ..self.clone() }
    }

    /// A new record id.
    pub fn new_id(&self) -> Uuid {
        self.ids.next(self.clock.now())
    }

    pub fn database(&self) -> &Database {
        &self.db
    }
}
