//! Checks a reach against what exists, and tells the client's replica what a change of it means.

use std::collections::HashMap;

use chrono::NaiveDate;
use gdtx_domain::{
    Checks,
    access::{
        client,
        reach::{Keys, Reach},
        reach_change::{Atlas, ReachChange},
    },
    centres::centre,
    exchange::resource::{Operation, ResourceKind},
    territory::{find::find, unit::UnitLevel},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    Result,
    exchange::journal::{self, Entry},
    tx::Tx,
};

/// The most centres one client names; both databases bind fewer than 32,767 values in a statement.
const MAX_CENTRES: usize = 20_000;

/// Refuses places and centres that do not exist. Today's codes only: a reach follows no history.
pub(super) async fn check(tx: &Tx, reach: &Reach, checks: &mut Checks) -> Result<()> {
    check_places("/reach", reach, tx.ctx.clock.today(), checks);
    if reach.centres.len() > MAX_CENTRES {
        checks.refuse(
            "/reach/centres",
            "too_many",
            format!("Tối đa {MAX_CENTRES} cơ sở; hãy dùng tỉnh hoặc xã."),
            format!("At most {MAX_CENTRES} centres; name provinces or communes instead."),
        );
        return Ok(());
    }
    let known = centre_keys(tx, &reach.centres).await?;
    for (i, id) in reach.centres.iter().enumerate() {
        if !known.contains_key(id) {
            checks.refuse(
                &format!("/reach/centres/{i}"),
                "unknown_centre",
                format!("Không có cơ sở {id}."),
                format!("There is no centre {id}."),
            );
        }
    }
    Ok(())
}

/// Refuses provinces and communes that do not exist today.
pub(crate) fn check_places(pointer: &str, reach: &Reach, today: NaiveDate, checks: &mut Checks) {
    for (i, code) in reach.provinces.iter().enumerate() {
        if find(code, Some(UnitLevel::Province), today).is_none() {
            unknown_province(&format!("{pointer}/provinces/{i}"), code, checks);
        }
    }
    for (i, code) in reach.communes.iter().enumerate() {
        if province_of(code, today).is_none() {
            unknown_commune(&format!("{pointer}/communes/{i}"), code, checks);
        }
    }
}

/// Refuses the code of a province that does not exist today.
pub(crate) fn unknown_province(pointer: &str, code: &str, checks: &mut Checks) {
    checks.refuse(
        pointer,
        "unknown_province",
        format!("Không có tỉnh, thành phố mã “{code}” hiện nay."),
        format!("There is no province with the code “{code}” today."),
    );
}

/// Refuses the code of a commune that does not exist today.
pub(crate) fn unknown_commune(pointer: &str, code: &str, checks: &mut Checks) {
    checks.refuse(
        pointer,
        "unknown_commune",
        format!("Không có xã, phường mã “{code}” hiện nay."),
        format!("There is no commune with the code “{code}” today."),
    );
}

/// The province of a commune of today.
fn province_of(commune: &str, today: NaiveDate) -> Option<String> {
    find(commune, Some(UnitLevel::Commune), today).map(|unit| unit.province_code.clone())
}

/// Where centres lie today, by id; unknown ones are absent.
#[expect(
    clippy::disallowed_methods,
    reason = "a reach may name any centre; only keys are read, after a permission on clients or vendors"
)]
async fn centre_keys(tx: &Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, Keys>> {
    let mut found = HashMap::with_capacity(ids.len());
    for part in ids.chunks(1000) {
        let rows: Vec<(Uuid, Option<String>, Option<String>)> = centre::Entity::find()
            .select_only()
            .columns([centre::Column::Id, centre::Column::ProvinceCode, centre::Column::CommuneCode])
            .filter(centre::Column::Id.is_in(part.iter().copied()))
            .into_tuple()
            .all(&tx.db)
            .await?;
        found.extend(
            rows.into_iter().map(|(id, province_code, commune_code)| {
                (id, Keys { province_code, commune_code, centre_id: Some(id) })
            }),
        );
    }
    Ok(found)
}

/// Journals what the client lost and then what it gained, so that a replica drops before it lists.
pub(super) async fn announce(tx: &Tx, old: &Reach, client: &client::Model) -> Result<()> {
    let new = &client.reach;
    if old == new {
        return Ok(());
    }
    let today = tx.ctx.clock.today();
    let communes = old.communes.iter().chain(&new.communes);
    let centres: Vec<Uuid> = old.centres.iter().chain(&new.centres).copied().collect();
    let atlas = Atlas {
        communes: communes.filter_map(|code| Some((code.clone(), province_of(code, today)?))).collect(),
        centres: centre_keys(tx, &centres).await?,
    };
    let change = ReachChange::between(old, new, &atlas);
    for (operation, part) in [(Operation::AccessLost, &change.lost), (Operation::AccessGained, &change.gained)] {
        if !part.is_empty() {
            append(tx, operation, client, part).await?;
        }
    }
    Ok(())
}

/// Journals one thing that happened to a client. Only the client itself sees it in the feed.
pub(crate) async fn append<T: serde::Serialize + Sync>(
    tx: &Tx,
    operation: Operation,
    client: &client::Model,
    after: &T,
) -> Result<()> {
    let entry = Entry {
        resource: ResourceKind::Access,
        operation,
        record_id: client.id,
        version: client.version,
        keys: &Keys::default(),
        at: tx.ctx.clock.now(),
        search_text: None,
    };
    journal::append(tx, entry, after).await
}
