//! Erases what need not be kept of a learner, in the record and in its past.
//!
//! The record gets a new key and the old one is forgotten: what the journal has sealed of the
//! learner until now stays unreadable for ever, while the statutory core goes on under the new key.

use gdtx_domain::{Checks, exchange::resource::Operation, learners::erasure::KEPT};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::learner::{Learner, Learners};
use crate::{Code, Error, Record, Result, access::scope::Scope, resource, tx::Tx};

/// What became of a learner's personal fields.
pub(super) struct Erased {
    /// Names of the fields that were blanked.
    pub erased: Vec<String>,
    /// Names of the fields that stayed.
    pub kept: Vec<String>,
}

/// Erases a learner's optional data in a running transaction.
pub(super) async fn erase(tx: &Tx, scope: &Scope, id: Uuid) -> Result<Erased> {
    let model = resource::load_visible::<Learners>(tx, scope, id).await?;
    let before = Learner::from_model(model.clone());
    let (kept, erased): (Vec<_>, Vec<_>) =
        before.personal().into_iter().partition(|name| KEPT.contains(&name.as_str()));
    let mut draft = resource::revise(tx, before, model);
    if draft.meta.deleted_at.is_some() {
        return Err(Error::new(Code::Conflict, "Hồ sơ học viên đã bị hủy.", "The learner's record is retired."));
    }
    let blank: Map<String, Value> = erased.iter().map(|name| (name.clone(), Value::Null)).collect();
    Learner::apply(
        &mut draft.new,
        serde_json::from_value(Value::Object(blank)).map_err(Error::internal)?,
        &mut Checks::default(),
    );
    draft.managed.residence = None;
    draft.managed.birth_place = None;
    // Whoever compares people finds this one by number only.
    draft.managed.person_print = None;
    draft.managed.envelope = None;
    Box::pin(resource::store::<Learners>(tx, draft, Operation::Erased, Vec::new())).await?;
    Ok(Erased { erased, kept })
}
