//! Records a decision on the life of a centre, and changes every centre that it touches.
//!
//! The centres are locked in the order of their ids, so two decisions that touch the same centres
//! wait for one another instead of blocking each other.

use std::collections::BTreeMap;

use futures::future::BoxFuture;

use gdtx_domain::{
    Checks,
    centres::{
        centre, event,
        event_rules::check_event,
        kind::CentreKind,
        life_cycle::{CentreEventKind as Kind, transition},
    },
    exchange::resource::Operation,
};
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::{
    centre::{Centre, Centres, search_text},
    event::{self as shape, CentreEvent, CentreEvents, NewCentreEvent},
};
use crate::{
    Code, Ctx, Error, Result, Written,
    access::{policy::Permission, scope::Scope},
    error::accept,
    resource::{self, Draft, Recorded, Request, check_external_ids, once},
    shape::Record,
    tx::Tx,
};

/// The most centres that can come out of one: bounds the locks of one request.
const MAX_SUCCESSORS: usize = 50;

/// Records an event of a centre. `expected` is the version of the centre that the caller read.
pub async fn record(
    ctx: &Ctx,
    centre_id: Uuid,
    input: NewCentreEvent,
    expected: Option<i64>,
) -> Result<Written<CentreEvent>> {
    let operation = format!("create_centre_event:{centre_id}");
    let request = Request { operation, permission: Permission::CentreDecide, input: &(expected, &input) };
    once::<CentreEvents, _>(ctx, request, |tx, scope| {
        Box::pin(record_in(tx, scope, centre_id, input.clone(), expected))
    })
    .await
}

impl Recorded for CentreEvents {
    const OWNER: &'static str = "centreId";

    fn owner(model: &event::Model) -> Option<Uuid> {
        model.centre_id
    }

    fn record<'a>(
        tx: &'a Tx,
        scope: &'a Scope,
        owner: Uuid,
        input: NewCentreEvent,
    ) -> BoxFuture<'a, Result<Written<CentreEvent>>> {
        Box::pin(record_in(tx, scope, owner, input, None))
    }
}

async fn record_in(
    tx: &Tx,
    scope: &Scope,
    centre_id: Uuid,
    input: NewCentreEvent,
    expected: Option<i64>,
) -> Result<Written<CentreEvent>> {
    let mut checks = Checks::default();
    let mut parties = lock(tx, scope, centre_id, &input, &mut checks).await?;
    let centre = parties.remove(&centre_id).ok_or_else(Error::not_found)?;
    resource::check_live(&Centre::split(centre.clone()).0, expected)?;
    transition(Some(centre.status), input.kind)?;

    let mut event = plan(tx, scope, &centre, input, &mut checks).await?;
    check_parties(&event.new, &parties, &mut checks);
    let warnings = accept(checks)?;
    let mut centres = vec![outcome(tx, centre, &event)];
    centres.extend(parties.into_values().filter_map(|successor| linked(tx, successor, centre_id)));
    resource::admit::<CentreEvents>(tx, &mut event).await?;
    for draft in &mut centres {
        resource::admit::<Centres>(tx, draft).await?;
    }
    let written = resource::store::<CentreEvents>(tx, event, Operation::Created, warnings).await?;
    for draft in centres {
        Box::pin(resource::store::<Centres>(tx, draft, Operation::Updated, Vec::new())).await?;
    }
    Ok(written)
}

/// Locks the centre and its successors. A successor out of sight is refused at its pointer.
async fn lock(
    tx: &Tx,
    scope: &Scope,
    centre_id: Uuid,
    input: &NewCentreEvent,
    checks: &mut Checks,
) -> Result<BTreeMap<Uuid, centre::Model>> {
    if input.successor_ids.len() > MAX_SUCCESSORS {
        let (vi, en) = (format!("Tối đa {MAX_SUCCESSORS} trung tâm."), format!("At most {MAX_SUCCESSORS} centres."));
        return Err(Error::field(Code::ValidationFailed, "/successorIds", "too_many", vi, en));
    }
    let mut wanted = BTreeMap::from([(centre_id, None)]);
    for (i, id) in input.successor_ids.iter().enumerate() {
        wanted.entry(*id).or_insert(Some(i));
    }
    let mut found = BTreeMap::new();
    for (id, successor) in wanted {
        match (resource::load_visible::<Centres>(tx, scope, id).await, successor) {
            (Ok(model), _) => {
                check_competence(tx, &model)?;
                found.insert(id, model);
            }
            (Err(error), Some(i)) if error.code == Code::NotFound => checks.refuse(
                &format!("/successorIds/{i}"),
                "unknown_record",
                "Không có bản ghi này trong phạm vi.",
                "There is no such record within reach.",
            ),
            (Err(error), _) => return Err(error),
        }
    }
    Ok(found)
}

/// A commune decides on community learning centres only (NĐ 142/2025/NĐ-CP, TT 11/2025/TT-BGDĐT).
fn check_competence(tx: &Tx, centre: &centre::Model) -> Result<()> {
    if tx.role().is_none_or(|role| role.decides_on(centre.kind)) {
        return Ok(());
    }
    Err(Error::new(
        Code::Forbidden,
        "UBND cấp xã chỉ quyết định về trung tâm học tập cộng đồng (NĐ 142/2025/NĐ-CP, TT 11/2025/TT-BGDĐT); \
         trung tâm này do Sở Giáo dục và Đào tạo ghi quyết định.",
        "A commune decides on community learning centres only (NĐ 142/2025/NĐ-CP, TT 11/2025/TT-BGDĐT); \
         decisions on this centre are recorded by the provincial department.",
    ))
}

/// The event, checked against the centre's status and history.
async fn plan(
    tx: &Tx,
    scope: &Scope,
    centre: &centre::Model,
    input: NewCentreEvent,
    checks: &mut Checks,
) -> Result<Draft<CentreEvent>> {
    let previous = tx.select::<event::Entity>(scope).filter(event::Column::CentreId.eq(centre.id)).all(&tx.db).await?;
    let (meta, ..) = Centre::split(centre.clone());
    let mut draft = shape::draft(tx, &meta.keys(), input, previous.len());
    check_external_ids(tx, &[], &mut draft.new.external_ids, checks);
    checks.fields(&mut draft.new);
    draft.meta.search_text = shape::search_text(&draft.new);
    draft.managed.old_name = (draft.new.kind == Kind::Rename).then(|| centre.name.clone());
    let model = CentreEvent::model(draft.meta.clone(), draft.new.clone(), draft.managed.clone());
    if let Some(next) = check_event(&model, Some(centre.status), &previous, tx.ctx.clock.today(), checks) {
        draft.managed.status_after = next;
    }
    Ok(draft)
}

/// Successors exist in law: established, not retired, not ended.
fn check_parties(new: &NewCentreEvent, parties: &BTreeMap<Uuid, centre::Model>, checks: &mut Checks) {
    for (i, id) in new.successor_ids.iter().enumerate() {
        let Some(successor) = parties.get(id) else { continue };
        let pointer = format!("/successorIds/{i}");
        if successor.deleted_at.is_some() || !successor.status.is_live() {
            let label = successor.status.label();
            checks.refuse(
                &pointer,
                "successor_not_live",
                format!("Trung tâm kế thừa ở trạng thái “{}”; phải đã thành lập và chưa kết thúc.", label.vi),
                format!("The successor is in the state “{}”: it must be established and not ended.", label.en),
            );
        }
        if new.kind == Kind::Convert && successor.kind != CentreKind::VocationalSecondarySchool {
            checks.warn(
                &pointer,
                "unusual_conversion",
                "Luật Giáo dục nghề nghiệp 124/2025/QH15 chuyển đổi thành trường trung học nghề.",
                "The law on vocational education 124/2025/QH15 converts into vocational secondary schools.",
            );
        }
    }
}

/// What the event makes of its centre.
fn outcome(tx: &Tx, model: centre::Model, event: &Draft<CentreEvent>) -> Draft<Centre> {
    let (event, status) = (&event.new, event.managed.status_after);
    let mut draft = changed(tx, model);
    if draft.managed.status != status {
        draft.managed.status = status;
        draft.managed.status_since = event.effective_on;
    }
    match event.kind {
        Kind::Rename => {
            if let Some(name) = &event.new_name {
                draft.new.name.clone_from(name);
            }
        }
        Kind::TransferAuthority => {
            draft.new.managing_body.clone_from(&event.new_managing_body);
            // A kind that is not told is unknown: the old body's kind would be wrong.
            draft.new.authority_kind = event.new_authority_kind;
        }
        _ => {}
    }
    for id in &event.successor_ids {
        if !draft.managed.successor_ids.contains(id) {
            draft.managed.successor_ids.push(*id);
        }
    }
    draft.meta.search_text = search_text(&draft.new, draft.managed.place.as_ref());
    draft
}

/// A successor with the note where it came from; none when it tells so already.
fn linked(tx: &Tx, model: centre::Model, predecessor: Uuid) -> Option<Draft<Centre>> {
    if model.predecessor_ids.0.contains(&predecessor) {
        return None;
    }
    let mut draft = changed(tx, model);
    draft.managed.predecessor_ids.push(predecessor);
    Some(draft)
}

/// The next version of a centre.
fn changed(tx: &Tx, model: centre::Model) -> Draft<Centre> {
    let before = Centre::from_model(model.clone());
    resource::revise(tx, before, model)
}
