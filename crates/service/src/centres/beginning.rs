//! Puts the first events of a new centre on record, so that its history is complete from the start.

use chrono::NaiveDate;
use gdtx_domain::{
    Checks,
    access::reach::Keys,
    centres::{
        beginning::first_steps,
        event_rules::check_event,
        life_cycle::{CentreEventKind as Kind, CentreStatus},
    },
    exchange::resource::Operation,
};
use uuid::Uuid;

use super::{
    centre::NewCentre,
    event::{self, CentreEvent, CentreEvents, NewCentreEvent},
};
use crate::{
    Result,
    resource::{self, Draft},
    shape::Record,
    tx::Tx,
};

/// Checks how a centre comes on record; tells where it then stands, and since when.
pub(super) fn check(tx: &Tx, centre_id: Uuid, new: &NewCentre, checks: &mut Checks) -> (CentreStatus, NaiveDate) {
    let keys = Keys { centre_id: Some(centre_id), ..Keys::default() };
    let first = plan(tx, &keys, new, checks);
    first
        .last()
        .map_or((CentreStatus::Proposed, tx.ctx.clock.today()), |e| (e.managed.status_after, e.new.effective_on))
}

/// Writes the first events of a centre that has just been written itself.
pub(super) async fn write(tx: &Tx, keys: &Keys, new: &NewCentre) -> Result<()> {
    for draft in plan(tx, keys, new, &mut Checks::default()) {
        resource::store::<CentreEvents>(tx, draft, Operation::Created, Vec::new()).await?;
    }
    Ok(())
}

/// The first events, up to the first that is not lawful.
fn plan(tx: &Tx, keys: &Keys, new: &NewCentre, checks: &mut Checks) -> Vec<Draft<CentreEvent>> {
    let today = tx.ctx.clock.today();
    let steps = first_steps(new.initial_status, new.establishment.as_ref(), today, checks);
    let (mut drafts, mut previous) = (Vec::new(), Vec::new());
    let mut status = CentreStatus::Proposed;
    for (kind, on) in steps {
        let mut found = Checks::default();
        let mut draft = event::draft(tx, keys, told(new, kind, on), previous.len());
        found.fields(&mut draft.new);
        draft.meta.search_text = event::search_text(&draft.new);
        let model = CentreEvent::model(draft.meta.clone(), draft.new.clone(), draft.managed.clone());
        // A history may begin with its dossier, or with the decision that answered it.
        let before = (kind != Kind::Apply).then_some(status);
        let next = check_event(&model, before, &previous, today, &mut found);
        point(found, kind, checks);
        let Some(next) = next else { break };
        status = next;
        draft.managed.status_after = next;
        drafts.push(draft);
        previous.push(model);
    }
    drafts
}

/// What a new centre tells about one of its first events.
fn told(new: &NewCentre, kind: Kind, on: NaiveDate) -> NewCentreEvent {
    let event = NewCentreEvent::of(kind, on);
    match &new.establishment {
        Some(decision) if kind == Kind::Establish => NewCentreEvent {
            decision_number: Some(decision.decision_number.clone()),
            decision_date: Some(decision.decision_date),
            authority_kind: Some(decision.authority_kind),
            authority_name: decision.authority_name.clone(),
            ..event
        },
        _ => event,
    }
}

/// Points at the fields of the new centre instead of those of its event.
fn point(found: Checks, kind: Kind, checks: &mut Checks) {
    let at = |pointer: &str| match (kind, pointer) {
        (Kind::StartOperating, "/effectiveOn") => "/establishment/operatingSince".to_owned(),
        (Kind::Apply, _) => "/initialStatus".to_owned(),
        _ => format!("/establishment{pointer}"),
    };
    for mut problem in found.problems {
        problem.pointer = at(&problem.pointer);
        checks.problems.push(problem);
    }
    for mut warning in found.warnings {
        warning.pointer = at(&warning.pointer);
        checks.warnings.push(warning);
    }
}
