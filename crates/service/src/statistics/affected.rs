//! Which records a change touches beside its own: those that depend on it, and those that these depend on.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use gdtx_domain::{
    exchange::{journal, resource::ResourceKind},
    statistics::fact,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::fact::{Fact, Facts};
use crate::{Result, tx::Tx};

/// Ids in one statement.
const SOME: usize = 500;

/// The facts of changed records, of those that hang on them, and of those that any of them depend on; with the ids
/// of the first two, whose cells may change.
pub(super) async fn around(tx: &Tx, generation: i64, changed: &[journal::Model]) -> Result<(Facts, HashSet<Uuid>)> {
    let mut touched: BTreeMap<Uuid, ResourceKind> =
        changed.iter().map(|entry| (entry.record_id, entry.resource)).collect();
    let ids: Vec<Uuid> = touched.keys().copied().collect();
    let mut facts = load(tx, generation, fact::Column::RecordId, &ids).await?;
    // What hangs on a record names it; classes hang on programmes too, and enrolments on their classes.
    for (column, kind) in [
        (fact::Column::CentreId, ResourceKind::Centres),
        (fact::Column::ProgrammeId, ResourceKind::Programmes),
        (fact::Column::ClassId, ResourceKind::Classes),
        (fact::Column::LearnerId, ResourceKind::Learners),
    ] {
        let of_kind: Vec<Uuid> = touched.iter().filter(|(_, of)| **of == kind).map(|(id, _)| *id).collect();
        let hanging = load(tx, generation, column, &of_kind).await?;
        touched.extend(hanging.iter().map(|(id, fact)| (*id, fact.resource)));
        facts.extend(hanging);
    }
    complete(tx, generation, &mut facts).await?;
    Ok((facts, touched.into_keys().collect()))
}

/// Adds the facts that others depend on.
pub(super) async fn complete(tx: &Tx, generation: i64, facts: &mut Facts) -> Result<()> {
    loop {
        let missing: BTreeSet<Uuid> =
            facts.values().flat_map(|fact| fact.parents.ids()).filter(|id| !facts.contains_key(id)).collect();
        let missing: Vec<Uuid> = missing.into_iter().collect();
        let found = load(tx, generation, fact::Column::RecordId, &missing).await?;
        if found.is_empty() {
            return Ok(());
        }
        facts.extend(found);
    }
}

#[expect(clippy::disallowed_methods, reason = "everything is counted, for nobody in particular")]
async fn load(tx: &Tx, generation: i64, by: fact::Column, ids: &[Uuid]) -> Result<Facts> {
    let mut facts = Facts::new();
    for ids in ids.chunks(SOME) {
        let rows = fact::Entity::find()
            .filter(fact::Column::Generation.eq(generation))
            .filter(by.is_in(ids.iter().copied()))
            .all(&tx.db)
            .await?;
        for row in rows {
            let (id, fact) = Fact::open(row, tx.ctx.db.vault())?;
            facts.insert(id, fact);
        }
    }
    Ok(facts)
}
