//! The payload of an import: kept sealed in pieces, since any process may go on with it, and read
//! as one stream on a thread of its own.

use std::{
    io::{Cursor, ErrorKind, Read},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use gdtx_domain::exchange::import::chunk;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::{Database, Error, Result, tx::Tx};

/// Bytes of a piece.
pub const PIECE: usize = 512 * 1024;
/// Pieces on their way to the reader.
const AHEAD: usize = 2;

fn place(job: Uuid, starts_at: i64) -> String {
    format!("import/{job}/{starts_at}")
}

/// Keeps a piece that begins at a place.
pub(super) async fn keep(tx: &Tx, job: Uuid, starts_at: i64, piece: Vec<u8>) -> Result<()> {
    let bytes = i64::try_from(piece.len()).unwrap_or(i64::MAX);
    let sealed = tx.ctx.db.vault().seal_piece(&place(job, starts_at), piece)?;
    let row = chunk::Model { job_id: job, starts_at, bytes, sealed };
    tx.db.add::<chunk::Entity>(sea_orm::IntoActiveModel::into_active_model(row)).await?;
    Ok(())
}

/// Forgets every piece.
pub(super) async fn forget(tx: &Tx, job: Uuid) -> Result<()> {
    chunk::Entity::delete_many().filter(chunk::Column::JobId.eq(job)).exec(&tx.db).await?;
    Ok(())
}

/// The piece that begins at a place.
#[expect(clippy::disallowed_methods, reason = "a payload belongs to its import, whose owner was checked")]
pub(super) async fn piece(db: &Database, job: Uuid, starts_at: i64) -> Result<Option<Vec<u8>>> {
    let row = chunk::Entity::find_by_id((job, starts_at)).one(db.primary()).await?;
    row.map(|row| open(db, row)).transpose()
}

/// The bytes of a piece.
pub(super) fn open(db: &Database, row: chunk::Model) -> Result<Vec<u8>> {
    db.vault().open_piece(&place(row.job_id, row.starts_at), row.sealed)
}

/// The payload as bytes, to be read on a thread that may wait.
pub(super) struct Stream {
    pieces: mpsc::Receiver<std::io::Result<Vec<u8>>>,
    current: Cursor<Vec<u8>>,
    /// Bytes that were read, of all.
    read: Arc<AtomicI64>,
    bytes: i64,
}

/// Why a payload of which every byte was received cannot be fetched.
pub(super) type Failure = Arc<Mutex<Option<Error>>>;

impl Stream {
    /// Begins to fetch the pieces of a payload of so many bytes; what the database fails with is told
    /// beside it, since it says nothing of the payload.
    pub fn open(db: Database, job: Uuid, bytes: i64) -> (Self, Failure) {
        let (send, pieces) = mpsc::channel(AHEAD);
        let failure = Failure::default();
        let told = Arc::clone(&failure);
        tokio::spawn(async move {
            let mut at = 0;
            while at < bytes {
                let found = piece(&db, job, at).await;
                let found =
                    found.and_then(|found| found.ok_or_else(|| Error::internal("a piece of a payload is missing")));
                let next = found.map_err(|error| {
                    *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    std::io::Error::other("a piece is missing")
                });
                at += next.as_ref().map_or(0, |bytes| i64::try_from(bytes.len()).unwrap_or_default());
                let failed = next.is_err();
                if send.send(next).await.is_err() || failed {
                    return;
                }
            }
        });
        (Self { pieces, current: Cursor::default(), read: Arc::default(), bytes }, failure)
    }

    /// Counts the bytes that were read.
    pub fn meter(&self) -> Arc<AtomicI64> {
        Arc::clone(&self.read)
    }
}

impl Read for Stream {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let count = self.current.read(into)?;
            if count > 0 || into.is_empty() {
                self.read.fetch_add(i64::try_from(count).unwrap_or_default(), Ordering::Relaxed);
                return Ok(count);
            }
            match self.pieces.blocking_recv() {
                Some(piece) => self.current = Cursor::new(piece?),
                None if self.read.load(Ordering::Relaxed) < self.bytes => return Err(ErrorKind::UnexpectedEof.into()),
                None => return Ok(0),
            }
        }
    }
}
