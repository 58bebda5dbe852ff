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
use crate::{Ctx, Result};

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

/// The cube of a release. Whoever waits for it holds no connection: the one who reads it needs another.
pub(super) async fn cube(ctx: &Ctx, release: &Model) -> Result<Arc<Cube>> {
    let kept = &ctx.db.cubes.released;
    if let Some(cube) = kept.get(release.id) {
        return Ok(cube);
    }
    // One reads, the others wait for it and find it done.
    let _reading = kept.reading.lock().await;
    if let Some(cube) = kept.get(release.id) {
        return Ok(cube);
    }
    // A replica that does not have it yet is not asked.
    let tx = ctx.read_primary().await?;
    let (parts, set) = (read(&tx, release.id).await?, declared(&release.definition)?);
    tx.end(()).await?;
    let (db, number, at) = (ctx.db.clone(), release.release.clone(), (release.position, release.counted_at));
    let made = aside(move || Cube::released(set, &number, at, unpacked(&parts)?, db.vault()));
    let cube = Arc::new(made.await?);
    kept.put(release.id, &cube);
    Ok(cube)
}
