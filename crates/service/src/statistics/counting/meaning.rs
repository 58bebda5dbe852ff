//! What cells mean: a program whose data sets have other dimensions counts anew, and neither shows nor adds to cells
//! that were counted otherwise.

use std::sync::LazyLock;

use chrono::TimeDelta;
use gdtx_domain::statistics::{
    count,
    data_set::{self, DataSet, Measure},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};

use crate::{Clock, Code, Database, Error, Result};

/// Rises when records stand in other cells than before though the data sets have the same dimensions.
const EDITION: u32 = 2;
/// A count that has not moved for this long is nobody's work any more.
const REST: TimeDelta = TimeDelta::minutes(1);

/// What this program counts, as one word.
pub(super) static MEANING: LazyLock<String> = LazyLock::new(|| {
    let codes = |set: &DataSet| set.measures.iter().map(|Measure { code, .. }| code.clone()).collect::<Vec<_>>();
    let sets: Vec<_> = data_set::all().iter().map(|set| (&set.id, set.of, &set.dimensions, codes(set))).collect();
    hex::encode(&Sha256::digest(format!("{EDITION} {sets:?}"))[..8])
});

/// Whether a count means what this program counts; the first one is empty and means nothing yet.
pub(super) fn is_own(count: &count::Model) -> bool {
    count.meaning.is_empty() || count.meaning == *MEANING
}

/// Refuses cells that were counted otherwise.
pub(in crate::statistics) fn check_meaning(count: &count::Model) -> Result<()> {
    if is_own(count) {
        return Ok(());
    }
    Err(Error::new(
        Code::Unavailable,
        "Thống kê đang được đếm lại sau khi nâng cấp; hãy thử lại sau.",
        "Statistics are being counted anew after an upgrade; try again later.",
    ))
}

/// Whether somebody is counting anew what this program means.
#[expect(clippy::disallowed_methods, reason = "how far counts are, is no record")]
pub(super) async fn is_under_way(db: &Database, clock: Clock) -> Result<bool> {
    let hidden = count::Entity::find()
        .filter(count::Column::IsShown.eq(false))
        .filter(count::Column::Meaning.eq(MEANING.as_str()))
        .filter(count::Column::CountedAt.gt(clock.now() - REST));
    Ok(hidden.one(db.primary()).await?.is_some())
}
