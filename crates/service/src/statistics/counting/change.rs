//! Which cells the last revisions of a count changed, so that whoever holds the cells of one reads no others again.

use std::collections::{BTreeMap, BTreeSet};

use gdtx_domain::statistics::{
    cell::{self, change},
    count,
    data_set::DataSet,
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use crate::{Error, Result, tx::Tx};

/// Revisions that are told of. Whoever is further behind reads every cell.
const KEPT: i64 = 4_000;
/// Changed cells that are told of at once: of more it is quicker to read every cell.
const MOST: i64 = 50_000;
/// What stands between keys.
const LINE: &str = "\n";

/// Keeps which cells a revision changes, and forgets it of the one that nobody asks for any more.
pub(super) async fn keep(tx: &Tx, generation: i64, revision: i64, cells: &[cell::Model]) -> Result<()> {
    use change::Column as C;
    let mut of_sets: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for cell in cells {
        of_sets.entry(&cell.data_set).or_default().push(&cell.key);
    }
    let row = |(set, keys): (&str, Vec<&str>)| {
        let row = change::Model {
            generation,
            revision,
            data_set: set.to_owned(),
            cells: i64::try_from(keys.len()).map_err(Error::internal)?,
            keys: tx.ctx.db.vault().seal_text(&place(generation, revision, set), keys.join(LINE))?,
        };
        Ok(row.into_active_model())
    };
    let rows = of_sets.into_iter().map(row).collect::<Result<Vec<_>>>()?;
    if !rows.is_empty() {
        change::Entity::insert_many(rows).exec_without_returning(&tx.db).await?;
    }
    let old =
        change::Entity::delete_many().filter(C::Generation.eq(generation)).filter(C::Revision.lte(revision - KEPT));
    old.exec(&tx.db).await?;
    Ok(())
}

/// Forgets of a count which cells changed: an erasure leaves nothing behind that tells of one person. The caller raises
/// the revision since which it is told.
pub(super) async fn forget(tx: &Tx, generation: i64) -> Result<()> {
    change::Entity::delete_many().filter(change::Column::Generation.eq(generation)).exec(&tx.db).await?;
    Ok(())
}

/// The keys of the cells of a data set that changed since a revision; none when that is too long ago or these are too
/// many to tell.
#[expect(clippy::disallowed_methods, reason = "cells belong to nobody; what is shown of them is decided by the query")]
pub(in crate::statistics) async fn changed(
    tx: &Tx,
    shown: &count::Model,
    set: &DataSet,
    since: i64,
) -> Result<Option<BTreeSet<String>>> {
    use change::Column as C;
    if since < Ord::max(shown.told_since, shown.revision - KEPT) {
        return Ok(None);
    }
    let changes = change::Entity::find()
        .filter(C::Generation.eq(shown.generation))
        .filter(C::Revision.gt(since))
        .filter(C::DataSet.eq(set.id.as_str()));
    let sizes: Vec<i64> = changes.clone().select_only().column(C::Cells).into_tuple().all(&tx.db).await?;
    if sizes.into_iter().sum::<i64>() > MOST {
        return Ok(None);
    }
    let mut keys = BTreeSet::new();
    for row in changes.all(&tx.db).await? {
        let text = tx.ctx.db.vault().open_text(&place(row.generation, row.revision, &row.data_set), &row.keys)?;
        keys.extend(text.split(LINE).map(str::to_owned));
    }
    Ok(Some(keys))
}

/// Where the keys of a revision are sealed.
fn place(generation: i64, revision: i64, set: &str) -> String {
    format!("statistics/{generation}/{revision}/{set}")
}
