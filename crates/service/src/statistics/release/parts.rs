//! The cells of a release as they lie in the database: thousands in one row, compressed, with the declaration that
//! gives them their meaning.

use std::{
    collections::HashMap,
    io::Read,
    sync::{LazyLock, Mutex, PoisonError},
};

use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use gdtx_domain::statistics::{
    data_set::{self, DataSet},
    release_part,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{Error, Result, tx::Tx};

/// Cells in a part at most.
const CELLS: usize = 10_000;

/// Keys and values, in the order of members.
pub(super) type Cells = Vec<(String, i64)>;

/// Cells as parts.
pub(super) fn packed(cells: &[(String, i64)]) -> Result<Vec<Vec<u8>>> {
    let pack = |cells: &[(String, i64)]| {
        let mut part = ZlibEncoder::new(Vec::new(), Compression::default());
        serde_json::to_writer(&mut part, cells).map_err(Error::internal)?;
        part.finish().map_err(Error::internal)
    };
    cells.chunks(CELLS).map(pack).collect()
}

/// Parts as cells.
pub(super) fn unpacked(parts: &[Vec<u8>]) -> Result<Cells> {
    let mut cells = Cells::new();
    for part in parts {
        let mut json = Vec::new();
        ZlibDecoder::new(part.as_slice()).read_to_end(&mut json).map_err(Error::internal)?;
        cells.extend(serde_json::from_slice::<Cells>(&json).map_err(Error::internal)?);
    }
    Ok(cells)
}

/// Writes the parts of a release.
pub(super) async fn write(tx: &Tx, release_id: Uuid, parts: &[Vec<u8>]) -> Result<()> {
    for (part, cells) in (0..).zip(parts) {
        let row = release_part::Model { release_id, part, cells: cells.clone() };
        row.into_active_model().insert(&tx.db).await?;
    }
    Ok(())
}

/// Reads the parts of a release.
#[expect(clippy::disallowed_methods, reason = "cells belong to nobody; what is shown of them is decided by the query")]
pub(super) async fn read(tx: &Tx, release_id: Uuid) -> Result<Vec<Vec<u8>>> {
    let parts = release_part::Entity::find()
        .filter(release_part::Column::ReleaseId.eq(release_id))
        .order_by_asc(release_part::Column::Part)
        .all(&tx.db)
        .await?;
    Ok(parts.into_iter().map(|part| part.cells).collect())
}

/// A data set as a release declares it: mostly as it is today. Others are few, and held for good like those of today.
pub(super) fn declared(definition: &str) -> Result<&'static DataSet> {
    static OTHERS: LazyLock<Mutex<HashMap<String, &'static DataSet>>> = LazyLock::new(Mutex::default);
    let set: DataSet = serde_json::from_str(definition).map_err(Error::internal)?;
    if let Some(today) = data_set::find(&set.id).filter(|today| **today == set) {
        return Ok(today);
    }
    let mut others = OTHERS.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(*others.entry(definition.to_owned()).or_insert_with(|| Box::leak(Box::new(set))))
}

#[cfg(test)]
mod tests {
    use super::{CELLS, Cells, declared, packed, unpacked};
    use gdtx_domain::statistics::data_set;

    #[test]
    fn what_is_packed_comes_out_again() {
        for count in [0, 1, CELLS, CELLS + 1] {
            let cells: Cells = (0..count).map(|n| (format!("2025-2026|{n:06}|people"), 1)).collect();
            let parts = packed(&cells).expect("parts");
            assert_eq!(parts.len(), count.div_ceil(CELLS));
            assert_eq!(unpacked(&parts).expect("cells"), cells);
        }
    }

    /// As the first releases declare it; a member that nobody knows any more is passed over.
    const FIRST: &str = r#"{"id":"enrolments","of":"enrolments","titleVi":"Ghi danh","titleEn":"Enrolments","aboutVi":"a",
        "aboutEn":"b","source":"c","personal":true,"dimensions":["schoolYear","period","province","commune",
        "reportedUnit","centreKind","programmeGroup","programmeKind","gender","minority"],"weight":1,"measures":[{"code":
        "enrolments","labelVi":"d","labelEn":"e","unitVi":"f","unitEn":"g","weight":1}]}"#;

    #[test]
    fn what_the_first_releases_declare_stays_readable() {
        let set = declared(FIRST).expect("a data set");
        assert_eq!((set.id.as_str(), set.dimensions.len(), set.levels.len()), ("enrolments", 10, 0));
    }

    #[test]
    fn a_declaration_is_held_once() {
        let today = &data_set::all()[0];
        let mut other = today.clone();
        other.dimensions.reverse();
        let text = serde_json::to_string(&other).expect("JSON");
        let held = declared(&text).expect("a data set");
        assert_eq!(*held, other);
        assert!(std::ptr::eq(held, declared(&text).expect("the same")));
        assert!(std::ptr::eq(today, declared(&serde_json::to_string(today).expect("JSON")).expect("that of today")));
    }
}
