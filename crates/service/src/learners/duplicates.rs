//! Warns, on entry, of records that may be about the same person.
//!
//! Only callers who may see what the comparison tells are warned: to others the warning itself
//! would tell it.

use std::collections::HashMap;

use gdtx_domain::{Checks, exchange::resource::ResourceKind, learners::learner, text};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::SimpleExpr};
use uuid::Uuid;

use super::learner::{Learner, Learners, NewLearner};
use crate::{
    Result,
    access::policy::Permission,
    resource::{Draft, Person},
    tx::Tx,
};

/// The most records that a warning names.
const MOST: usize = 10;
/// Prints that one question names.
const PRINTS: usize = 1_000;
/// The most records of one name and birth that are compared.
const COMPARED: u64 = 200;

/// By which people of one name, born on one day, are found.
pub(super) fn print(tx: &Tx, new: &NewLearner) -> Option<String> {
    let birth = new.date_of_birth.as_ref()?;
    let name = text::fold(new.full_name.as_deref()?);
    Some(tx.ctx.db.vault().print("person", &format!("{name}\n{}\n{}", birth.value, birth.precision)))
}

/// Warns of live records within reach that have the same personal number; or the same name and
/// date of birth, and the same mother or commune.
pub(super) async fn warn(tx: &Tx, draft: &Draft<Learner>, checks: &mut Checks) -> Result<()> {
    if !checks.is_ok() {
        return Ok(());
    }
    let sight = tx.sight();
    let (new, before) = (&draft.new, draft.before.as_ref());
    let mut named = Vec::new();
    let number_is_new = before.and_then(|b| b.personal_number.as_ref()) != new.personal_number.as_ref();
    if let Some(print) = draft.managed.personal_number_print.as_ref().filter(|_| sight.restricted && number_is_new) {
        let same = others(tx, draft, learner::Column::PersonalNumberPrint.eq(print)).await?;
        named.extend(same.iter().map(|row| row.id));
        for row in &same {
            named_as(tx, row, &["personalNumber"]);
        }
        tell(
            "/personalNumber",
            "Trong phạm vi đã có hồ sơ khác mang số này.",
            "Another record within reach has this number.",
            same.iter().map(|row| row.id),
            checks,
        );
    }
    let person_is_new = before.is_none_or(|b| {
        (&b.full_name, &b.date_of_birth, &b.mother_name) != (&new.full_name, &new.date_of_birth, &new.mother_name)
            || b.residence != draft.managed.residence
    });
    if let Some(print) = draft.managed.person_print.as_ref().filter(|_| sight.basic && person_is_new) {
        let same = match tx.persons::<Learners>(print) {
            Some(known) => known.into_iter().filter(|row| row.id != draft.meta.id).collect(),
            None => others(tx, draft, learner::Column::PersonPrint.eq(print)).await?,
        };
        let alike: Vec<_> = same.iter().filter(|row| !named.contains(&row.id) && is_alike(row, draft)).collect();
        for row in &alike {
            named_as(tx, row, &["fullName", "dateOfBirth"]);
        }
        tell(
            "/fullName",
            "Trong phạm vi đã có hồ sơ cùng họ tên, ngày sinh và cùng mẹ hoặc cùng xã.",
            "Another record within reach has the same name, date of birth and mother or commune.",
            alike.iter().map(|row| row.id),
            checks,
        );
    }
    Ok(())
}

/// Finds for many new learners together who on record may be the same person.
pub(super) async fn foresee(tx: &Tx, inputs: &[NewLearner]) -> Result<()> {
    let scope = tx.require(Permission::LearnerRead)?;
    let mut persons: HashMap<_, Vec<_>> = inputs.iter().filter_map(|new| Some((print(tx, new)?, Vec::new()))).collect();
    let prints: Vec<_> = persons.keys().cloned().collect();
    for some in prints.chunks(PRINTS) {
        let select = tx
            .select::<learner::Entity>(&scope)
            .filter(learner::Column::PersonPrint.is_in(some))
            .filter(learner::Column::DeletedAt.is_null());
        for row in select.all(&tx.db).await? {
            if let Some(same) = row.person_print.as_ref().and_then(|print| persons.get_mut(print)) {
                same.push(row);
            }
        }
    }
    tx.found_persons(persons);
    Ok(())
}

/// Other live records within reach, the oldest first.
async fn others(tx: &Tx, draft: &Draft<Learner>, alike: SimpleExpr) -> Result<Vec<learner::Model>> {
    let scope = tx.require(Permission::LearnerRead)?;
    let select = tx
        .select::<learner::Entity>(&scope)
        .filter(alike)
        .filter(learner::Column::DeletedAt.is_null())
        .filter(learner::Column::Id.ne(draft.meta.id))
        .order_by_asc(learner::Column::Id)
        .limit(COMPARED);
    Ok(select.all(&tx.db).await?)
}

fn is_alike(other: &learner::Model, draft: &Draft<Learner>) -> bool {
    let same = |a: Option<String>, b: Option<String>| a.is_some() && a == b;
    let mother = |name: &Option<String>| name.as_deref().map(text::fold);
    let (kept, sent) = (other.residence.as_ref(), draft.managed.residence.as_ref());
    let commune = |place: Option<&gdtx_domain::territory::place::Place>| place.and_then(|p| p.commune_code.clone());
    same(mother(&other.mother_name), mother(&draft.new.mother_name)) || same(commune(kept), commune(sent))
}

fn tell(pointer: &str, vi: &str, en: &str, found: impl Iterator<Item = Uuid>, checks: &mut Checks) {
    let links: Vec<String> = found.take(MOST).map(|id| format!("/v1/learners/{id}")).collect();
    if !links.is_empty() {
        checks.warn(pointer, "possible_duplicate", vi, en);
        checks.link(links);
    }
}

/// Notes that the answer names a learner as one that fits these fields.
fn named_as(tx: &Tx, row: &learner::Model, fields: &[&str]) {
    tx.named(ResourceKind::Learners, (row.id, row.centre_id), Person::Learner(row.id), fields);
}
