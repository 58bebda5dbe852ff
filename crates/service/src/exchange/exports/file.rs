//! The file of an export: kept sealed in pieces, and handed out to whoever holds a link.
//!
//! A link is signed and ends. The signature is a keyed hash over job, client, file and end; the key follows from
//! the service's own and is in no table. Who may be served is asked anew with each request: a client that is
//! suspended, or whose role, reach or agreement is another one than when the file was made, has no links.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use chrono::{DateTime, Utc};
use futures::{Stream, stream};
use gdtx_domain::{
    Lang,
    exchange::export::{
        chunk,
        job::{self, ExportState},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Actor, Code, Ctx, Database, Error, Result,
    access::{caller::Caller, log, policy::Permission},
    tx::Tx,
    vault::Vault,
};

/// Bytes of a piece; the last one may be shorter.
pub(super) const PIECE: usize = 512 * 1024;

/// Where the parameters of an export are sealed.
pub(super) fn place_of_query(job: Uuid) -> String {
    format!("export/{job}/query")
}

/// Where a piece is sealed: who begins the file anew seals elsewhere.
fn place(job: Uuid, runner: Option<Uuid>, starts_at: i64) -> String {
    format!("export/{job}/{}/{starts_at}", runner.unwrap_or_default())
}

/// Keeps a piece that begins at a place.
pub(super) async fn keep(tx: &Tx, job: &job::Model, starts_at: i64, piece: Vec<u8>) -> Result<()> {
    let sealed = tx.ctx.db.vault().seal_piece(&place(job.id, job.runner, starts_at), piece)?;
    let row = chunk::Model { job_id: job.id, starts_at, sealed };
    tx.db.add::<chunk::Entity>(row.into_active_model()).await?;
    Ok(())
}

/// Forgets every piece.
pub(super) async fn forget(tx: &Tx, job: Uuid) -> Result<()> {
    chunk::Entity::delete_many().filter(chunk::Column::JobId.eq(job)).exec(&tx.db).await?;
    Ok(())
}

/// The context of the client that a job belongs to, as long as that may do anything.
pub(super) fn owner(ctx: &Ctx, job: &job::Model) -> Ctx {
    let actor = Actor::Client { id: job.client_id, token_id: String::new(), until: DateTime::<Utc>::MAX_UTC };
    let lang = if job.in_english { Lang::En } else { Lang::Vi };
    let mut owner = Ctx::new(ctx.db.clone(), actor, ctx.clock, lang, job.id.to_string());
    owner.purpose = job.purpose;
    owner
}

/// A hash of the role, reach and agreement under which the client of a job reads now: what its file may show
/// follows from them.
///
/// # Errors
/// When it may not export at all.
pub(super) async fn rights(owner: &Ctx) -> Result<Option<String>> {
    let tx = owner.read_primary().await?;
    tx.require(Permission::ExportRun)?;
    let rights = match &tx.caller {
        Caller::Client(client) => {
            let said = serde_json::to_vec(&(client.role, &client.reach, &client.agreement)).map_err(Error::internal)?;
            Some(hex::encode(Sha256::digest(said)))
        }
        Caller::Public | Caller::System => None,
    };
    tx.end(rights).await
}

/// The link to a file, good until an instant, and that instant.
pub(super) fn link(vault: &Vault, job: &job::Model, until: DateTime<Utc>, address: &str) -> (String, DateTime<Utc>) {
    let until = DateTime::from_timestamp(until.timestamp(), 0).unwrap_or(until);
    let signature = signature(vault, job, until.timestamp());
    let address = address.trim_end_matches('/');
    let path = format!("{address}/v1/export-jobs/{}/file", job.id);
    (format!("{path}?expires={}&signature={signature}", until.timestamp()), until)
}

fn signature(vault: &Vault, job: &job::Model, until: i64) -> String {
    let file = job.digest.as_deref().unwrap_or_default();
    vault.print("export_link", &format!("{}\n{}\n{file}\n{until}", job.id, job.client_id))
}

/// A file that may be handed out.
#[derive(Clone, Debug)]
pub struct ExportFile {
    job: job::Model,
    db: Database,
}

impl ExportFile {
    pub const fn job(&self) -> &job::Model {
        &self.job
    }

    /// SHA-256 of the file.
    pub fn digest(&self) -> Vec<u8> {
        self.job.digest.as_ref().and_then(|digest| hex::decode(digest).ok()).unwrap_or_default()
    }
}

/// The file that a link leads to.
///
/// # Errors
/// `not_found` for a link that the service did not sign, and for a file that is gone; `forbidden` for one that has
/// ended, and when the client may not be served any more.
#[expect(clippy::disallowed_methods, reason = "a link proves by itself that its holder may have the file")]
pub async fn open(ctx: &Ctx, id: Uuid, until: i64, signed: &str) -> Result<ExportFile> {
    let found = job::Entity::find_by_id(id).one(ctx.db.primary()).await?.ok_or_else(Error::not_found)?;
    let expected = signature(ctx.db.vault(), &found, until);
    verify_slices_are_equal(expected.as_bytes(), signed.as_bytes()).map_err(|_| Error::not_found())?;
    let now = ctx.clock.now();
    if found.state != ExportState::Done || found.expires_at <= now {
        return Err(Error::not_found());
    }
    if until <= now.timestamp() {
        return Err(Error::new(
            Code::Forbidden,
            "Liên kết này đã hết hạn: đọc lại lần xuất để có liên kết mới.",
            "This link has ended: read the export job for a new one.",
        ));
    }
    match rights(&owner(ctx, &found)).await {
        Ok(rights) if rights == found.rights => Ok(ExportFile { job: found, db: ctx.db.clone() }),
        Ok(_) => Err(Error::new(
            Code::Forbidden,
            "Vai trò, phạm vi hoặc thỏa thuận của ứng dụng đã đổi từ khi tạo tệp: hãy xuất lại.",
            "The role, reach or agreement of the client has changed since the file was made: export anew.",
        )),
        // Whose file it is may not act any more; a token is nothing that would help.
        Err(error) if error.code == Code::Unauthenticated => Err(Error { code: Code::Forbidden, ..error }),
        Err(error) => Err(error),
    }
}

/// Writes into the access log that a file is fetched, where it shows personal data.
pub async fn trace(ctx: &Ctx, file: &ExportFile) -> Result<()> {
    let tx = owner(ctx, &file.job).read_primary().await?;
    let drafts = log::fetched(&tx, file.job.created_at, file.job.rows).await?;
    tx.end(()).await?;
    log::keep(&ctx.db, drafts).await
}

/// The bytes of a file from one place up to another, piece by piece.
pub fn pieces(file: ExportFile, from: i64, to: i64) -> impl Stream<Item = Result<Vec<u8>>> {
    stream::try_unfold((file, from), move |(file, at)| async move {
        if at >= to {
            return Ok(None);
        }
        let size = i64::try_from(PIECE).unwrap_or(i64::MAX);
        let starts_at = at - at % size;
        let mut bytes = piece(&file, starts_at).await?;
        let within = |place: i64| usize::try_from(place - starts_at).unwrap_or_default();
        bytes.truncate(within(to));
        let bytes = bytes.split_off(within(at).min(bytes.len()));
        if bytes.is_empty() {
            return Err(Error::of(Code::Unavailable));
        }
        Ok(Some((bytes, (file, starts_at + size))))
    })
}

#[expect(clippy::disallowed_methods, reason = "a file belongs to its job, whose link was checked")]
async fn piece(file: &ExportFile, starts_at: i64) -> Result<Vec<u8>> {
    let row = chunk::Entity::find_by_id((file.job.id, starts_at)).one(file.db.primary()).await?;
    // It was taken back while it was on its way.
    let row = row.ok_or_else(Error::not_found)?;
    file.db.vault().open_piece(&place(file.job.id, file.job.runner, starts_at), row.sealed)
}
