//! Which records are counted in a cell: those whose facts stand there.

use gdtx_domain::{
    exchange::resource::ResourceKind,
    statistics::{cell::told, data_set::DataSet, dimension::Dimension, fact},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{
    affected::{enrolments_of, facts_of},
    attributes::{Attributes, Location, Parents},
    count::shown,
    fact::{Fact, Facts, Layers},
    meaning::check_meaning,
    subject::cells,
};
use crate::{Result, tx::Tx};

/// Facts that are looked at together.
const SLICE: u64 = 500;
/// How often so many are looked at for one page: a cell of few records may have them anywhere in the country.
const MOST_SLICES: usize = 60;

/// The members that a cell is of.
pub(in crate::statistics) type Key = [(Dimension, String)];

/// Records that are counted in a cell.
pub(in crate::statistics) struct Found {
    pub records: Vec<Counted>,
    /// The record that was looked at last, where others follow it that were not.
    pub stopped_at: Option<Uuid>,
    /// The position that this is true at.
    pub position: i64,
}

/// A record that is counted.
pub(in crate::statistics) struct Counted {
    pub id: Uuid,
    pub centre: Option<Uuid>,
    pub learner: Option<Uuid>,
}

/// The records behind one that are counted in a cell, in the order of their ids, so many at most.
#[expect(clippy::disallowed_methods, reason = "the caller may see whatever lies in this cell")]
pub(in crate::statistics) async fn counted(
    tx: &Tx,
    set: &DataSet,
    key: &Key,
    mut after: Option<Uuid>,
    most: usize,
) -> Result<Found> {
    let shown = shown(&tx.db).await?;
    check_meaning(&shown)?;
    let centres = centres_in(tx, shown.generation, set, key).await?;
    let mut records = Vec::new();
    let mut stopped_at = None;
    for slice in 1.. {
        let mut select = fact::Entity::find()
            .filter(fact::Column::Generation.eq(shown.generation))
            .filter(fact::Column::Resource.eq(set.of))
            .order_by_asc(fact::Column::RecordId)
            .limit(SLICE);
        if let Some(centres) = &centres {
            select = select.filter(fact::Column::CentreId.is_in(centres.iter().copied()));
        }
        if let Some(after) = after {
            select = select.filter(fact::Column::RecordId.gt(after));
        }
        let rows = select.all(&tx.db).await?;
        let Some(last) = rows.last().map(|row| row.record_id) else { break };
        after = Some(last);
        let ids: Vec<Uuid> = rows.iter().map(|row| row.record_id).collect();
        let facts = opened(tx, shown.generation, set, rows).await?;
        let facts = Layers::of([&facts]);
        records.extend(ids.into_iter().filter_map(|id| {
            let Parents { centre, learner, .. } = facts.get(&id)?.parents;
            stands_in(&facts, id, set, key).then_some(Counted { id, centre, learner })
        }));
        if records.len() >= most {
            break;
        }
        if slice == MOST_SLICES {
            stopped_at = after;
            break;
        }
    }
    records.truncate(most);
    Ok(Found { records, stopped_at, position: shown.position })
}

/// The centres of the place that a cell is of, where it is of one and its records are told by their centres.
#[expect(clippy::disallowed_methods, reason = "the caller may see whatever lies in this cell")]
async fn centres_in(tx: &Tx, generation: i64, set: &DataSet, key: &Key) -> Result<Option<Vec<Uuid>>> {
    let of = |wanted: Dimension| key.iter().find(|(dimension, _)| *dimension == wanted).map(|(_, member)| member);
    let (province, commune) = (of(Dimension::Province), of(Dimension::Commune));
    let has_own_place = matches!(set.of, ResourceKind::Centres | ResourceKind::Recognitions);
    if has_own_place || (province.is_none() && commune.is_none()) {
        return Ok(None);
    }
    let rows = fact::Entity::find()
        .filter(fact::Column::Generation.eq(generation))
        .filter(fact::Column::Resource.eq(ResourceKind::Centres))
        .all(&tx.db)
        .await?;
    let mut inside = Vec::new();
    for row in rows {
        let (id, fact) = Fact::open(row, tx.ctx.db.vault())?;
        let lies = |place: &Location| {
            province.is_none_or(|code| place.province == *code)
                && commune.is_none_or(|code| place.commune.as_ref() == Some(code))
        };
        if matches!(&fact.body.attributes, Attributes::Centre(centre) if lies(&centre.place)) {
            inside.push(id);
        }
    }
    Ok(Some(inside))
}

/// Facts with those that they depend on.
async fn opened(tx: &Tx, generation: i64, set: &DataSet, rows: Vec<fact::Model>) -> Result<Facts> {
    let mut facts = rows.into_iter().map(|row| Fact::open(row, tx.ctx.db.vault())).collect::<Result<Facts>>()?;
    if set.dimensions.contains(&Dimension::Entry) {
        let others = enrolments_of(tx, generation, facts.values()).await?;
        facts.extend(others);
    }
    loop {
        let parents = facts.values().flat_map(|fact| fact.parents.ids());
        let missing: Vec<Uuid> = parents.filter(|id| !facts.contains_key(id)).collect();
        let more = facts_of(tx, generation, &missing).await?;
        if more.is_empty() {
            return Ok(facts);
        }
        facts.extend(more);
    }
}

/// Whether a record is counted in a cell.
fn stands_in(facts: &Layers<'_, 1>, id: Uuid, set: &DataSet, key: &Key) -> bool {
    let places: Vec<Option<usize>> = key.iter().map(|(dimension, _)| set.place(*dimension)).collect();
    let mut stands = false;
    cells(facts, id, |other, own, numbers| {
        stands |= other.id == set.id
            && told(set, &own, numbers).any(|(members, number)| {
                let fits = |((_, member), place): (&(Dimension, String), &Option<usize>)| {
                    place.and_then(|place| members.get(place).copied()) == Some(member.as_str())
                };
                number != 0 && key.iter().zip(&places).all(fits)
            });
    });
    stands
}
