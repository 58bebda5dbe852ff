//! Erases what need not be kept of a learner, in the record and in its past.
//!
//! The record gets a new key and the old one is forgotten: what the journal has sealed of the
//! learner until now stays unreadable for ever, while the statutory core goes on under the new key.

use gdtx_domain::{
    Checks,
    exchange::resource::Operation,
    learners::{erasure::KEPT, learner},
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::learner::{Learner, Learners};
use crate::{Error, Record, Result, access::scope::Scope, exchange::exports, resource, statistics, tx::Tx};

/// What became of a learner's personal fields.
pub(super) struct Erased {
    /// Names of the fields that were blanked.
    pub erased: Vec<String>,
    /// Names of the fields that stayed.
    pub kept: Vec<String>,
}

/// Erases a person's optional data in a running transaction: in the record that stands for the
/// person today, and in all that were merged into it. A retired record is erased like any other. Statistics come
/// last: who counts waits for them.
pub(super) async fn erase(tx: &Tx, scope: &Scope, id: Uuid) -> Result<Erased> {
    let mut stays = resource::load_visible::<Learners>(tx, scope, id).await?;
    while let Some(into) = stays.merged_into {
        stays = resource::load_visible::<Learners>(tx, scope, into).await?;
    }
    let (mut records, mut all) = (vec![stays.id], vec![stays.id]);
    let mut erased = erase_record(tx, stays).await?;
    while let Some(into) = records.pop() {
        for gone in merged_into(tx, scope, into).await? {
            let record = resource::load_visible::<Learners>(tx, scope, gone).await?;
            let more = erase_record(tx, record).await?;
            add(&mut erased.erased, more.erased);
            add(&mut erased.kept, more.kept);
            records.push(gone);
            all.push(gone);
        }
    }
    statistics::forget(tx, &all).await?;
    Ok(erased)
}

fn add(names: &mut Vec<String>, more: Vec<String>) {
    names.extend(more);
    names.sort();
    names.dedup();
}

/// The records that were merged into one.
async fn merged_into(tx: &Tx, scope: &Scope, id: Uuid) -> Result<Vec<Uuid>> {
    let select = tx
        .select::<learner::Entity>(scope)
        .filter(learner::Column::MergedInto.eq(id))
        .order_by_asc(learner::Column::Id)
        .select_only()
        .column(learner::Column::Id);
    Ok(select.into_tuple().all(&tx.db).await?)
}

async fn erase_record(tx: &Tx, model: learner::Model) -> Result<Erased> {
    let before = Learner::from_model(model.clone());
    exports::make_anew(tx, model.id).await?;
    let (kept, erased): (Vec<_>, Vec<_>) =
        before.personal().into_iter().partition(|name| KEPT.contains(&name.as_str()));
    let mut draft = resource::revise(tx, before, model);
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
