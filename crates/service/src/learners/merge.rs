//! Two records of one person become one, and two again when that was a mistake.
//!
//! The record that stays keeps what it says. The other one is retired and points to it; its
//! enrolments with their results and its keys of other systems go over, and what went over is remembered, so that
//! undoing puts back exactly that. All of it is one transaction and one request in the journal.

use async_graphql::InputObject;
use gdtx_domain::{
    exchange::{external_id::ExternalId, resource::Operation},
    learners::{
        enrolment::{self, EnrolmentStatus},
        merge::Merge,
    },
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    enrolment::{Enrolment, Enrolments},
    learner::{Learner, Learners},
    result,
};
use crate::{
    Code, Ctx, Error, Record, Result, Written,
    access::{policy::Permission, scope::Scope},
    resource::{self, Draft, Request, once},
    tx::{Tx, outside_reach},
};

/// Which record to merge into the one that stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MergeLearner {
    /// The record that goes: a live one of the same centre.
    pub duplicate_id: Uuid,
}

/// Merges another record of the same person into this one.
///
/// # Errors
/// `validation_failed` when the two cannot be one; `conflict` when both are enrolled in one class.
pub async fn merge(ctx: &Ctx, id: Uuid, input: MergeLearner, expected: Option<i64>) -> Result<Written<Learner>> {
    let request = Request {
        operation: format!("merge:learners:{id}"),
        permission: Permission::LearnerWrite,
        input: &(expected, &input),
    };
    once::<Learners, _>(ctx, request, |tx, scope| Box::pin(merge_in(tx, scope, id, input.duplicate_id, expected))).await
}

async fn merge_in(
    tx: &Tx,
    scope: &Scope,
    id: Uuid,
    duplicate: Uuid,
    expected: Option<i64>,
) -> Result<Written<Learner>> {
    let (stays, goes) = both(tx, scope, id, duplicate).await?;
    resource::check_live(&stays.meta, expected)?;
    if goes.meta.deleted_at.is_some() {
        return Err(refused("retired", "Hồ sơ này đã bị hủy.", "That record is retired."));
    }
    if goes.meta.centre_id != stays.meta.centre_id {
        return Err(refused(
            "other_centre",
            "Hai hồ sơ thuộc hai cơ sở; mỗi cơ sở giữ hồ sơ của mình.",
            "The records belong to two centres; each centre keeps its own.",
        ));
    }
    let mut moved = Vec::new();
    let (places, taken) = (places(tx, duplicate).await?, places(tx, id).await?);
    if places.iter().any(|place| !scope.covers(&Enrolment::split(place.clone()).0.keys())) {
        return Err(outside_reach(scope.permission));
    }
    if let Some(both) =
        places.iter().find(|place| stays_in(place) && taken.iter().any(|t| stays_in(t) && t.class_id == place.class_id))
    {
        return Err(enrolled_twice(both.id));
    }
    for place in places {
        moved.push(place.id);
        carry(tx, scope, place, id).await?;
    }
    let keys = goes.meta.external_ids.0.clone();
    retire(tx, goes, id, Merge { enrolments: moved, external_ids: keys.clone() }).await?;
    with_keys(tx, stays, |own| own.extend(keys)).await
}

/// Undoes a merge: `id` is the record that went.
///
/// # Errors
/// `conflict` when the record was not merged, or the one it went into is no longer live.
pub async fn unmerge(ctx: &Ctx, id: Uuid, expected: Option<i64>) -> Result<Written<Learner>> {
    let request =
        Request { operation: format!("unmerge:learners:{id}"), permission: Permission::LearnerWrite, input: &expected };
    once::<Learners, _>(ctx, request, |tx, scope| Box::pin(unmerge_in(tx, scope, id, expected))).await
}

async fn unmerge_in(tx: &Tx, scope: &Scope, id: Uuid, expected: Option<i64>) -> Result<Written<Learner>> {
    let gone = resource::load_visible::<Learners>(tx, scope, id).await?;
    let Some(into) = gone.merged_into else {
        return Err(Error::new(Code::Conflict, "Hồ sơ này không được gộp.", "This record was not merged."));
    };
    let (mut back, from) = both(tx, scope, id, into).await?;
    resource::check_version(back.meta.version - 1, expected)?;
    if from.meta.deleted_at.is_some() {
        return Err(Error::new(
            Code::Conflict,
            "Hồ sơ đã nhận gộp không còn hiệu lực; hãy khôi phục nó trước.",
            "The record that it was merged into is no longer live; restore that one first.",
        ));
    }
    let Merge { enrolments, external_ids } = back.managed.merge.take().unwrap_or_default();
    let kept: Vec<ExternalId> = external_ids.into_iter().filter(|key| from.meta.external_ids.0.contains(key)).collect();
    with_keys(tx, from, |own| own.retain(|key| !kept.contains(key))).await?;
    back.managed.merged_into = None;
    back.meta.deleted_at = None;
    back.new.external_ids = kept;
    let written = Box::pin(resource::store::<Learners>(tx, back, Operation::Unmerged, Vec::new())).await?;
    for place in places(tx, into).await? {
        if enrolments.contains(&place.id) {
            carry(tx, scope, place, id).await?;
        }
    }
    Ok(written)
}

/// Both records on their way to the next version, locked in one order whoever asks.
async fn both(tx: &Tx, scope: &Scope, one: Uuid, other: Uuid) -> Result<(Draft<Learner>, Draft<Learner>)> {
    if one == other {
        resource::load_visible::<Learners>(tx, scope, one).await?;
        return Err(refused("same_record", "Hai hồ sơ là một.", "Both are the same record."));
    }
    let load = async |id: Uuid| {
        let model = resource::load_visible::<Learners>(tx, scope, id).await.map_err(|error| match error.code {
            Code::NotFound if id == other => {
                refused("unknown_record", "Không có hồ sơ này trong phạm vi.", "There is no such record within reach.")
            }
            _ => error,
        })?;
        Ok::<_, Error>(resource::revise(tx, Learner::from_model(model.clone()), model))
    };
    if one < other {
        let first = load(one).await?;
        Ok((first, load(other).await?))
    } else {
        // What is wrong with the other one is told to those who may see the first.
        let second = load(other).await;
        Ok((load(one).await?, second?))
    }
}

fn refused(code: &'static str, vi: &str, en: &str) -> Error {
    Error::field(Code::ValidationFailed, "/duplicateId", code, vi, en)
}

fn enrolled_twice(id: Uuid) -> Error {
    Error::field(
        Code::Conflict,
        "/duplicateId",
        "already_enrolled",
        format!("Cả hai hồ sơ đều ghi danh vào một lớp; hủy một ghi danh trước (id {id})."),
        format!("Both records are enrolled in one class; retire one enrolment first (id {id})."),
    )
}

/// Whoever left for elsewhere may be enrolled in the same class again.
fn stays_in(place: &enrolment::Model) -> bool {
    place.status != EnrolmentStatus::TransferredOut
}

/// The live enrolments of a learner, wherever they are.
async fn places(tx: &Tx, learner: Uuid) -> Result<Vec<enrolment::Model>> {
    let select = tx
        .select::<enrolment::Entity>(&tx.existence(Permission::LearnerWrite))
        .filter(enrolment::Column::LearnerId.eq(learner))
        .filter(enrolment::Column::DeletedAt.is_null())
        .order_by_asc(enrolment::Column::Id)
        .lock_exclusive();
    Ok(select.all(&tx.db).await?)
}

/// Gives an enrolment, with its results, to another record of the person.
async fn carry(tx: &Tx, scope: &Scope, place: enrolment::Model, to: Uuid) -> Result<()> {
    let before = Enrolment::from_model(place.clone());
    let mut draft = resource::revise(tx, before, place);
    if !scope.covers(&draft.meta.keys()) {
        return Err(outside_reach(scope.permission));
    }
    draft.new.learner_id = to;
    let written = Box::pin(resource::store::<Enrolments>(tx, draft, Operation::Updated, Vec::new())).await?;
    result::follow(tx, scope, written.record.id, to).await
}

/// Takes the merged record out of use; its address leads to the one that stays.
async fn retire(tx: &Tx, mut goes: Draft<Learner>, into: Uuid, merge: Merge) -> Result<()> {
    goes.meta.deleted_at = Some(goes.meta.updated_at);
    goes.managed.merged_into = Some(into);
    goes.managed.merge = Some(merge);
    goes.new.external_ids.clear();
    Box::pin(resource::store::<Learners>(tx, goes, Operation::Merged, Vec::new())).await.map(drop)
}

/// Writes the record that stays with other keys.
async fn with_keys(
    tx: &Tx,
    mut draft: Draft<Learner>,
    change: impl FnOnce(&mut Vec<ExternalId>),
) -> Result<Written<Learner>> {
    change(&mut draft.new.external_ids);
    draft.new.external_ids.sort_by(|a, b| (&a.system, &a.value).cmp(&(&b.system, &b.value)));
    Box::pin(resource::store::<Learners>(tx, draft, Operation::Updated, Vec::new())).await
}
