//! Who was shown which personal data of whom: an append-only log, chained by hashes.
//!
//! Every record that is read leaves through `Tx::show` and the one that a write answers with through
//! `once`: both note what personal data it holds. What records are looked for by tells of them too,
//! and of nobody when there are none: `Tx::looked_by` notes that. The transactions of people's records
//! end with `Tx::end` or `Tx::finish`, which write the notes down before the answer goes out. A read
//! that cannot be logged is not answered.

mod chain;
mod keep;
mod list;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use gdtx_domain::{
    DataClass,
    access::{access_entry, access_record, client, purpose::Purpose},
    exchange::resource::ResourceKind,
    learners::enrolment,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Query};
use uuid::Uuid;

use crate::{
    Ctx, Record, Resource, Result,
    access::{caller::Caller, scope::Sight},
    resource::Person,
    tx::Tx,
};

pub use chain::{Verification, verify};
pub(crate) use keep::{Queue, append, keep};
pub use list::{AccessEntry, AccessLogFilter, SeenRecord, list};

/// Personal data of one record that were shown.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    kind: ResourceKind,
    record: Uuid,
    centre: Option<Uuid>,
    person: Person,
    fields: Vec<String>,
}

/// An entry of the log that waits for its place in the chain.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    entry: access_entry::Model,
    records: Vec<access_record::Model>,
}

impl Tx {
    /// Makes a record what its reader may see, and notes which personal data that shows.
    pub(crate) fn show<R: Resource>(&self, record: &mut R::Record, sight: Sight) {
        R::show(record, sight, self.ctx.clock.today());
        self.note::<R>(record);
    }

    /// Notes which personal data a record shows, as it leaves.
    pub(crate) fn note<R: Resource>(&self, record: &R::Record) {
        let person = R::person(record);
        if person == Person::Nobody {
            return;
        }
        let mut fields = record.personal();
        if let Some(asked) = &self.ctx.asked {
            fields.retain(|name| asked.contains(name));
        }
        let looked = self.looked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        fields.extend(looked.get(&R::KIND).into_iter().flatten().cloned());
        if !fields.is_empty() {
            self.see(Seen { kind: R::KIND, record: record.id(), centre: record.centre_id(), person, fields });
        }
    }

    /// Notes the parameters by which records of a kind are looked for, where these tell personal data.
    pub(crate) fn looked_by(&self, kind: ResourceKind, parameters: &[(String, DataClass)]) {
        if parameters.is_empty() || !matches!(self.caller, Caller::Client(_)) {
            return;
        }
        let mut looked = self.looked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        looked.entry(kind).or_default().extend(parameters.iter().map(|(name, _)| name.clone()));
    }

    /// Notes that an answer names a record, kept by a centre, as one that fits these fields.
    pub(crate) fn named(
        &self,
        kind: ResourceKind,
        (record, centre): (Uuid, Option<Uuid>),
        person: Person,
        fields: &[&str],
    ) {
        let fields = fields.iter().map(|name| (*name).to_owned()).collect();
        self.see(Seen { kind, record, centre, person, fields });
    }

    /// Only what clients see is told.
    fn see(&self, seen: Seen) {
        if matches!(self.caller, Caller::Client(_)) {
            self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(seen);
        }
    }
}

/// What a transaction has to tell the log: one entry for each kind of record that it showed.
pub(crate) async fn drafts(tx: &Tx) -> Result<Vec<Draft>> {
    let seen = std::mem::take(&mut *tx.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    let (Caller::Client(client), Some(purpose)) = (&tx.caller, tx.ctx.purpose) else { return Ok(Vec::new()) };
    let learners = learners_of(tx, &seen).await?;
    let looked = std::mem::take(&mut *tx.looked.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    let mut kinds: BTreeMap<ResourceKind, (BTreeSet<String>, BTreeMap<Uuid, access_record::Model>)> =
        looked.into_iter().map(|(kind, fields)| (kind, (fields, BTreeMap::new()))).collect();
    for one in seen {
        let (fields, records) = kinds.entry(one.kind).or_default();
        fields.extend(one.fields);
        let learner_id = match one.person {
            Person::Learner(id) => Some(id),
            Person::OfEnrolment(id) => learners.get(&id).copied(),
            Person::Other | Person::Nobody => None,
        };
        let entry_id = Uuid::nil();
        records.insert(
            one.record,
            access_record::Model { entry_id, record_id: one.record, learner_id, centre_id: one.centre },
        );
    }
    let drafts = kinds.into_iter().map(|(resource, (fields, records))| {
        let entry = entry(&tx.ctx, client, purpose, (resource, fields, records.len() as u64));
        let records =
            records.into_values().map(|record| access_record::Model { entry_id: entry.id, ..record }).collect();
        Draft { entry, records }
    });
    Ok(drafts.collect())
}

/// An entry about so many records of a kind, and these fields of them.
fn entry(
    ctx: &Ctx,
    client: &client::Model,
    purpose: Purpose,
    (resource, fields, count): (ResourceKind, BTreeSet<String>, u64),
) -> access_entry::Model {
    let agreement = client.agreement.as_ref();
    access_entry::Model {
        id: ctx.new_id(),
        position: 0,
        recorded_at: ctx.clock.now(),
        client_id: client.id,
        organisation: client.organisation.clone(),
        egov_id: client.egov_id.clone(),
        role: client.role,
        purpose,
        agreement: agreement.map(|a| a.reference.clone()).unwrap_or_default(),
        legal_basis: agreement.map(|a| a.legal_basis.clone()).unwrap_or_default(),
        request_id: ctx.request_id.clone(),
        resource,
        fields: fields.into_iter().collect::<Vec<_>>().into(),
        result_count: i32::try_from(count).unwrap_or(i32::MAX),
        hash: String::new(),
    }
}

/// What the log is told when a file of so many records is fetched that was made before, under the same request: an
/// entry for each kind of record whose data it shows. Whose records these are stands in the entries of the making.
#[expect(clippy::disallowed_methods, reason = "the log is asked about the client's own file")]
pub(crate) async fn fetched(tx: &Tx, made: DateTime<Utc>, records: i64) -> Result<Vec<Draft>> {
    let (Caller::Client(client), Some(purpose)) = (&tx.caller, tx.ctx.purpose) else { return Ok(Vec::new()) };
    // Ids begin with the time at which they were made, by the clocks of several machines.
    let since = u64::try_from((made - TimeDelta::days(1)).timestamp_millis()).unwrap_or_default();
    let making = access_entry::Entity::find()
        .filter(access_entry::Column::ClientId.eq(client.id))
        .filter(access_entry::Column::Id.gt(Uuid::from_u64_pair(since << 16, 0)))
        .filter(access_entry::Column::RequestId.eq(&tx.ctx.request_id));
    let mut kinds: BTreeMap<ResourceKind, BTreeSet<String>> = BTreeMap::new();
    for entry in making.all(&tx.db).await? {
        kinds.entry(entry.resource).or_default().extend(entry.fields.0);
    }
    let count = u64::try_from(records).unwrap_or_default();
    let drafts = kinds.into_iter().map(|(resource, fields)| Draft {
        entry: entry(&tx.ctx, client, purpose, (resource, fields, count)),
        records: Vec::new(),
    });
    Ok(drafts.collect())
}

/// The requests under which data of a learner were shown.
#[expect(clippy::disallowed_methods, reason = "asked for the learner's sake; nothing of the log is shown")]
pub(crate) async fn shown_under(tx: &Tx, learner: Uuid) -> Result<HashSet<String>> {
    let of_learner = Query::select()
        .column(access_record::Column::EntryId)
        .from(access_record::Entity)
        .and_where(access_record::Column::LearnerId.eq(learner))
        .to_owned();
    let requests = access_entry::Entity::find()
        .select_only()
        .column(access_entry::Column::RequestId)
        .filter(access_entry::Column::Id.in_subquery(of_learner))
        .into_tuple::<String>()
        .all(&tx.db)
        .await?;
    Ok(requests.into_iter().collect())
}

/// The learners of the enrolments whose events were shown.
#[expect(clippy::disallowed_methods, reason = "the log names the person whose event the caller has just seen")]
async fn learners_of(tx: &Tx, seen: &[Seen]) -> Result<HashMap<Uuid, Uuid>> {
    let of = |one: &Seen| if let Person::OfEnrolment(id) = one.person { Some(id) } else { None };
    let ids: BTreeSet<Uuid> = seen.iter().filter_map(of).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let pairs: Vec<(Uuid, Uuid)> = enrolment::Entity::find()
        .select_only()
        .columns([enrolment::Column::Id, enrolment::Column::LearnerId])
        .filter(enrolment::Column::Id.is_in(ids))
        .into_tuple()
        .all(&tx.db)
        .await?;
    Ok(pairs.into_iter().collect())
}
