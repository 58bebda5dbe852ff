//! The cubes of releases that a process holds: those that were asked for last, so many at most.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use gdtx_domain::statistics::release::Model;
use lru::LruCache;
use uuid::Uuid;

use super::{
    super::{ask::aside, cube::Cube},
    parts::{declared, read, unpacked},
};
use crate::{Result, tx::Tx};

/// Cubes of releases at most. One of the whole country takes tens of megabytes.
const MOST: NonZeroUsize = NonZeroUsize::MIN.saturating_add(5);

/// The cubes, and the right to read one more.
#[derive(Debug)]
pub(in crate::statistics) struct Kept {
    reading: tokio::sync::Mutex<()>,
    cubes: Mutex<LruCache<Uuid, Arc<Cube>>>,
}

impl Default for Kept {
    fn default() -> Self {
        Self { reading: tokio::sync::Mutex::default(), cubes: Mutex::new(LruCache::new(MOST)) }
    }
}

impl Kept {
    fn get(&self, id: Uuid) -> Option<Arc<Cube>> {
        self.cubes.lock().unwrap_or_else(PoisonError::into_inner).get(&id).map(Arc::clone)
    }

    fn put(&self, id: Uuid, cube: &Arc<Cube>) {
        self.cubes.lock().unwrap_or_else(PoisonError::into_inner).put(id, Arc::clone(cube));
    }
}

/// The cube of a release.
pub(super) async fn cube(tx: &Tx, release: &Model) -> Result<Arc<Cube>> {
    let kept = &tx.ctx.db.cubes.released;
    if let Some(cube) = kept.get(release.id) {
        return Ok(cube);
    }
    // One reads, the others wait for it and find it done.
    let _reading = kept.reading.lock().await;
    if let Some(cube) = kept.get(release.id) {
        return Ok(cube);
    }
    let (parts, set) = (read(tx, release.id).await?, declared(&release.definition)?);
    let (db, number, at) = (tx.ctx.db.clone(), release.release.clone(), (release.position, release.counted_at));
    let made = aside(move || Cube::released(set, &number, at, unpacked(&parts)?, db.vault()));
    let cube = Arc::new(made.await?);
    kept.put(release.id, &cube);
    Ok(cube)
}
