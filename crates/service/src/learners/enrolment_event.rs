//! Steps of enrolments: recorded one by one, kept for good; the status follows from them.

use chrono::NaiveDate;
use futures::future::BoxFuture;
use gdtx_domain::{
    Checks, SchoolYear,
    access::reach::Keys,
    exchange::resource::{Operation, ResourceKind},
    learners::{
        enrolment::{Destination, EnrolmentPeriod, EnrolmentStatus},
        enrolment_event::{self, EnrolmentEventKind},
        enrolment_rules::{check_event, transition},
    },
    territory::code_list,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::enrolment::{Enrolment, EnrolmentManaged, Enrolments, NewEnrolment};
use crate::{
    Ctx, Error, Page, PageRequest, Record, Resource, Result, Written,
    access::{policy::Permission, scope::Scope},
    error::accept,
    exchange::period,
    filter::filter,
    resource::{self, Draft, Person, Recorded, Request, Sort, once},
    shape::{Meta, record},
    tx::Tx,
};

record! {
    /// A step of an enrolment (Sự kiện ghi danh), from entering to leaving.
    EnrolmentEvent("EnrolmentEvent"), NewEnrolmentEvent, EnrolmentEventPatch, EnrolmentEventManaged of enrolment_event::Model {
    required {
        /// What happened (Sự kiện).
        kind: EnrolmentEventKind,
        /// The day from which it holds (Ngày có hiệu lực); not before the event before it.
        effective_on: NaiveDate,
    }
    optional {
        /// Part of the school year (Kỳ).
        period: EnrolmentPeriod = None,
        /// Why the learner drops out (Lý do thôi học), list `dropout_reason`; exactly with `drop_out`.
        dropout_reason: String = Basic,
        /// Institution that the learner comes from (Nơi chuyển đến từ), at most 200 characters; exactly with `transfer_in`.
        origin: String [text(200)] = Basic,
        /// Where the learner leaves to (Chuyển đi đâu); exactly with `transfer_out`.
        destination: Destination = Basic,
        /// Institution that the learner leaves to (Nơi chuyển đến), at most 200 characters; with `transfer_out` only.
        destination_name: String [text(200)] = Basic,
        /// Remark (Ghi chú), at most 1,000 characters.
        note: String [text(1000)] = Basic,
    }
    managed {
        /// The enrolment that the step belongs to.
        enrolment_id: Uuid,
        /// Place in the enrolment's history, from 1.
        sequence: i32,
        /// The enrolment's status after the step.
        status_after: EnrolmentStatus,
    }
    }
}

filter! {
    /// Which events to list.
    EnrolmentEventFilter of enrolment_event::Entity {
        /// The enrolment.
        enrolment_id: Uuid => "enrolment_id" eq,
    }
}

/// Events of enrolments as a kind of record. They are recorded by [`create_event`] only.
pub struct EnrolmentEvents;

impl Resource for EnrolmentEvents {
    type Entity = enrolment_event::Entity;
    type Model = enrolment_event::Model;
    type ActiveModel = enrolment_event::ActiveModel;
    type Record = EnrolmentEvent;
    type Filter = EnrolmentEventFilter;

    const KIND: ResourceKind = ResourceKind::EnrolmentEvents;
    const READ: Permission = Permission::LearnerRead;
    const WRITE: Permission = Permission::LearnerWrite;
    /// The search text is the place in the history: events of one instant have no order by id.
    const SORTS: &'static [Sort] = &[Sort { name: "sequence", column: "search_text", instant: false }];
    const YEAR_AT: Option<&'static str> = Some("/enrolmentId");

    fn managed(_: &NewEnrolmentEvent) -> EnrolmentEventManaged {
        EnrolmentEventManaged { enrolment_id: Uuid::nil(), sequence: 0, status_after: EnrolmentStatus::Enrolled }
    }

    fn person(event: &EnrolmentEvent) -> Person {
        Person::OfEnrolment(event.enrolment_id)
    }

    async fn school_years(tx: &Tx, draft: &Draft<EnrolmentEvent>) -> Result<Vec<SchoolYear>> {
        let scope = tx.existence(Permission::LearnerRead);
        let enrolment =
            resource::load::<Enrolments>(tx, &scope, draft.managed.enrolment_id, resource::Lock::Free).await?;
        period::year_of_class(tx, enrolment.class_id).await
    }

    async fn prepare(_: &Tx, draft: &mut Draft<EnrolmentEvent>, checks: &mut Checks) -> Result<()> {
        let new = &mut draft.new;
        checks.fields(new);
        code_list::check(checks, "/dropoutReason", "dropout_reason", new.dropout_reason.as_deref());
        Ok(())
    }
}

impl Recorded for EnrolmentEvents {
    const OWNER: &'static str = "enrolmentId";

    fn owner(model: &enrolment_event::Model) -> Option<Uuid> {
        Some(model.enrolment_id)
    }

    fn record<'a>(
        tx: &'a Tx,
        scope: &'a Scope,
        owner: Uuid,
        input: NewEnrolmentEvent,
    ) -> BoxFuture<'a, Result<Written<EnrolmentEvent>>> {
        Box::pin(create_event_in(tx, scope, owner, input, None))
    }
}

/// Lists the events of an enrolment, oldest first.
pub async fn list_events(ctx: &Ctx, enrolment_id: Uuid, page: PageRequest) -> Result<Page<EnrolmentEvent>> {
    let filter = EnrolmentEventFilter { enrolment_id: Some(enrolment_id), ..EnrolmentEventFilter::default() };
    if ctx.as_of.is_some() {
        // Whether it was there is all that is asked of the enrolment: nothing of it is shown.
        resource::find::<Enrolments>(&Ctx { purpose: None, ..ctx.clone() }, enrolment_id).await?;
        return resource::list::<EnrolmentEvents>(ctx, filter, page).await;
    }
    let tx = ctx.read().await?;
    let scope = tx.require(Permission::LearnerRead)?;
    resource::load::<Enrolments>(&tx, &scope, enrolment_id, resource::Lock::Free).await?;
    let page = resource::list_in::<EnrolmentEvents>(&tx, filter, page).await?;
    tx.end(page).await
}

/// Reads one event of an enrolment.
pub async fn get_event(ctx: &Ctx, enrolment_id: Uuid, id: Uuid) -> Result<EnrolmentEvent> {
    let event = resource::get::<EnrolmentEvents>(ctx, id).await?;
    if event.enrolment_id == enrolment_id { Ok(event) } else { Err(Error::not_found()) }
}

/// Records a step of an enrolment. `expected` is the version of the enrolment that the caller read.
pub async fn create_event(
    ctx: &Ctx,
    enrolment_id: Uuid,
    input: NewEnrolmentEvent,
    expected: Option<i64>,
) -> Result<Written<EnrolmentEvent>> {
    let operation = format!("create:enrolment_events:{enrolment_id}");
    let request = Request { operation, permission: Permission::LearnerWrite, input: &(expected, &input) };
    once::<EnrolmentEvents, _>(ctx, request, |tx, scope| {
        Box::pin(create_event_in(tx, scope, enrolment_id, input.clone(), expected))
    })
    .await
}

/// Records a step in a running transaction: the enrolment takes its new status, then the event is written.
pub(crate) async fn create_event_in(
    tx: &Tx,
    scope: &Scope,
    enrolment_id: Uuid,
    input: NewEnrolmentEvent,
    expected: Option<i64>,
) -> Result<Written<EnrolmentEvent>> {
    let model = resource::load_visible::<Enrolments>(tx, scope, enrolment_id).await?;
    let before = Enrolment::from_model(model.clone());
    resource::check_live(&Enrolment::split(model.clone()).0, expected)?;
    let mut enrolment = resource::revise(tx, before, model);
    let status_before = enrolment.managed.status;
    let status_after = transition(Some(status_before), input.kind)?;
    let previous = history(tx, enrolment_id).await?;
    let sequence = previous.last().map_or(0, |e| e.sequence) + 1;
    let managed = EnrolmentEventManaged { enrolment_id, sequence, status_after };
    let mut draft = draft(tx, input, &enrolment.meta.keys(), managed);
    let mut checks = Checks::default();
    resource::check_external_ids(tx, &[], &mut draft.new.external_ids, &mut checks);
    EnrolmentEvents::prepare(tx, &mut draft, &mut checks).await?;
    let event = EnrolmentEvent::model(draft.meta.clone(), draft.new.clone(), draft.managed.clone());
    check_event(&event, Some(status_before), &previous, tx.ctx.clock.today(), &mut checks);
    let warnings = accept(checks)?;
    take(&mut enrolment.managed, &event);
    resource::admit::<EnrolmentEvents>(tx, &mut draft).await?;
    tx.forget_seats(enrolment.new.class_id);
    Box::pin(resource::store::<Enrolments>(tx, enrolment, Operation::Updated, Vec::new())).await?;
    Box::pin(resource::store::<EnrolmentEvents>(tx, draft, Operation::Created, warnings)).await
}

/// What an enrolment takes over from a step.
fn take(enrolment: &mut EnrolmentManaged, event: &enrolment_event::Model) {
    enrolment.status = event.status_after;
    enrolment.status_since = event.effective_on;
    enrolment.period = event.period;
    enrolment.ended_on = (!event.status_after.is_current()).then_some(event.effective_on);
    enrolment.dropout_reason.clone_from(&event.dropout_reason);
    enrolment.destination = event.destination;
    enrolment.destination_name.clone_from(&event.destination_name);
}

/// Writes the event that a new enrolment begins with.
pub(super) async fn begin(tx: &Tx, enrolment: &Meta, new: &NewEnrolment) -> Result<()> {
    let kind = new.entry.unwrap_or(EnrolmentEventKind::Enrol);
    let input = NewEnrolmentEvent {
        external_ids: Vec::new(),
        kind,
        effective_on: new.enrolled_on,
        period: new.period,
        dropout_reason: None,
        origin: new.origin.clone(),
        destination: None,
        destination_name: None,
        note: None,
    };
    let managed =
        EnrolmentEventManaged { enrolment_id: enrolment.id, sequence: 1, status_after: transition(None, kind)? };
    let draft = draft(tx, input, &enrolment.keys(), managed);
    resource::store::<EnrolmentEvents>(tx, draft, Operation::Created, Vec::new()).await.map(drop)
}

/// Moves the first event to the first day of its enrolment, after that day was mended.
pub(super) async fn correct_first(tx: &Tx, enrolment: &Enrolment) -> Result<()> {
    let Some(first) = history(tx, enrolment.id).await?.into_iter().next() else { return Ok(()) };
    let before = EnrolmentEvent::from_model(first.clone());
    let mut draft = resource::revise(tx, before, first);
    draft.new.effective_on = enrolment.enrolled_on;
    resource::store::<EnrolmentEvents>(tx, draft, Operation::Updated, Vec::new()).await.map(drop)
}

/// The events of an enrolment within reach, oldest first.
pub(super) async fn history(tx: &Tx, enrolment_id: Uuid) -> Result<Vec<enrolment_event::Model>> {
    let mine = |event: &enrolment_event::Model| event.enrolment_id == enrolment_id;
    if let Some(mut events) = tx.made_under::<Enrolments, EnrolmentEvents>(enrolment_id, mine) {
        events.sort_by_key(|event| event.sequence);
        return Ok(events);
    }
    let scope = tx.require(Permission::LearnerRead)?;
    let select = tx
        .select::<enrolment_event::Entity>(&scope)
        .filter(enrolment_event::Column::EnrolmentId.eq(enrolment_id))
        .order_by_asc(enrolment_event::Column::Sequence);
    Ok(select.all(&tx.db).await?)
}

fn draft(tx: &Tx, new: NewEnrolmentEvent, keys: &Keys, managed: EnrolmentEventManaged) -> Draft<EnrolmentEvent> {
    let mut meta = Meta::fresh(&tx.ctx);
    meta.set_keys(keys);
    meta.search_text = format!("{:06}", managed.sequence);
    Draft { meta, new, managed, before: None }
}
