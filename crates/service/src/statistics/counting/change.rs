//! Which cells the last revisions of a count changed, so that whoever holds the cells of one reads no others again.

use std::collections::{BTreeMap, BTreeSet};

use gdtx_domain::statistics::{
    cell::{self, change},
    count,
    data_set::DataSet,
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use crate::{Result, tx::Tx};

/// Revisions that are told of. Whoever is further behind reads every cell.
const KEPT: i64 = 1_000;
/// What stands between keys.
const LINE: &str = "\n";

/// Keeps which cells a revision changes, and forgets it of the one that nobody asks for any more.
#[expect(clippy::disallowed_methods, reason = "cells belong to nobody")]
pub(super) async fn keep(tx: &Tx, generation: i64, revision: i64, cells: &[cell::Model]) -> Result<()> {
    use change::Column as C;
    let mut of_sets: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for cell in cells {
        of_sets.entry(&cell.data_set).or_default().push(&cell.key);
    }
    let row = |(set, keys): (&str, Vec<&str>)| change::Model {
        generation,
        revision,
        data_set: set.to_owned(),
        keys: keys.join(LINE),
    };
    let rows: Vec<_> = of_sets.into_iter().map(row).map(IntoActiveModel::into_active_model).collect();
    if !rows.is_empty() {
        change::Entity::insert_many(rows).exec_without_returning(&tx.db).await?;
    }
    let old =
        change::Entity::delete_many().filter(C::Generation.eq(generation)).filter(C::Revision.lte(revision - KEPT));
    old.exec(&tx.db).await?;
    Ok(())
}

/// The keys of the cells of a data set that changed since a revision; none when that is too long ago to tell.
#[expect(clippy::disallowed_methods, reason = "cells belong to nobody; what is shown of them is decided by the query")]
pub(in crate::statistics) async fn changed(
    tx: &Tx,
    shown: &count::Model,
    set: &DataSet,
    since: i64,
) -> Result<Option<BTreeSet<String>>> {
    use change::Column as C;
    if since < shown.revision - KEPT {
        return Ok(None);
    }
    let changes = change::Entity::find()
        .select_only()
        .column(C::Keys)
        .filter(C::Generation.eq(shown.generation))
        .filter(C::Revision.gt(since))
        .filter(C::DataSet.eq(set.id.as_str()));
    let changes: Vec<String> = changes.into_tuple().all(&tx.db).await?;
    Ok(Some(changes.iter().flat_map(|keys| keys.split(LINE)).map(str::to_owned).collect()))
}
