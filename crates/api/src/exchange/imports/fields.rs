//! Imports on GraphQL: the same jobs and receipts; small payloads as a text.

use actix_web::web::Data;
use async_graphql::{Context, ID, InputObject, Object, Result};
use chrono::NaiveDate;
use gdtx_domain::{
    SchoolYear,
    exchange::{
        import::{
            job::{DateFormat, ImportFormat, ImportMode},
            receipt::RowOutcome,
        },
        resource::ResourceKind,
        window::SyncKind,
    },
    territory::code_list::CodeScheme,
};
use gdtx_service::{
    PageRequest,
    exchange::imports::{self, ImportJob, ImportReceipts, ImportUpload, NewImport, Piece, ReceiptsRequest},
};

use super::{
    summary::{ImportSummary, signed},
    template::{ImportTemplate, template},
};
use crate::{
    graphql::{Connection, caller, wrap, writer},
    rest::operations::parse_id,
    state::App,
};

/// What is to be imported, and how.
#[derive(InputObject)]
pub struct NewImportInput {
    /// The kind of record; absent for a batch of several kinds, whose lines each name theirs.
    resource: Option<ResourceKind>,
    /// `perRow` when absent.
    mode: Option<ImportMode>,
    /// `ndjson` when absent. Workbooks are sent by REST.
    format: Option<ImportFormat>,
    /// The coding of codes in the text; `api` when absent.
    code_scheme: Option<CodeScheme>,
    /// How dates without a format in their heading are written; `iso` when absent.
    date_format: Option<DateFormat>,
    /// The column that holds the sender's own key; `externalId` when absent.
    key: Option<String>,
    /// Columns to leave out.
    #[graphql(default)]
    ignore: Vec<String>,
    /// The day of the names of places in the text; today's before older ones when absent.
    places_as_of: Option<NaiveDate>,
    /// The school year that the rows are for; with `syncKind` or not at all.
    school_year: Option<SchoolYear>,
    /// What the rows are sent for; see `listSyncWindows`.
    sync_kind: Option<SyncKind>,
    /// The rows, or the first of them.
    content: String,
    /// Whether more rows follow with `uploadImport`.
    #[graphql(default)]
    goes_on: bool,
}

/// The largest payload.
fn limit(ctx: &Context<'_>) -> Result<i64> {
    Ok(ctx.data::<Data<App>>()?.settings.import_limit_bytes)
}

#[derive(Default)]
pub struct ImportQuery;

#[Object]
impl ImportQuery {
    /// Lists the imports of the calling client, newest first.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_imports(
        &self,
        ctx: &Context<'_>,
        first: Option<u32>,
        after: Option<String>,
    ) -> Result<Connection<ImportJob>> {
        let request = caller(ctx)?;
        let page = imports::list(&request, PageRequest { first, after, ..PageRequest::default() }).await;
        wrap(&request, page).map(Connection::new)
    }

    /// Reads an import: where it stands and how far it is.
    async fn get_import(&self, ctx: &Context<'_>, id: ID) -> Result<ImportJob> {
        let request = caller(ctx)?;
        let id = wrap(&request, parse_id(&id))?;
        wrap(&request, imports::get(&request, id).await)
    }

    /// How far the payload of an import has come.
    async fn get_import_upload(&self, ctx: &Context<'_>, id: ID) -> Result<ImportUpload> {
        let request = caller(ctx)?;
        let id = wrap(&request, parse_id(&id))?;
        wrap(&request, imports::upload(&request, id).await)
    }

    /// The signed summary of an import that is over: a JWS over digest, counts and run of the journal.
    async fn get_import_summary(&self, ctx: &Context<'_>, id: ID) -> Result<ImportSummary> {
        let request = caller(ctx)?;
        let id = wrap(&request, parse_id(&id))?;
        wrap(&request, signed(&request, ctx.data::<Data<App>>()?, id).await)
    }

    /// The columns that a file of these records may have.
    async fn get_import_template(&self, ctx: &Context<'_>, resource: ResourceKind) -> Result<ImportTemplate> {
        wrap(&caller(ctx)?, template(resource))
    }

    /// Reads the receipts of an import, in the order in which rows were judged.
    #[graphql(complexity = "first.unwrap_or(200).min(1_000) as usize * child_complexity.min(1_000_000) / 10 + 1")]
    async fn list_import_receipts(
        &self,
        ctx: &Context<'_>,
        id: ID,
        after: Option<i64>,
        first: Option<u32>,
        outcome: Option<RowOutcome>,
    ) -> Result<ImportReceipts> {
        let request = caller(ctx)?;
        let id = wrap(&request, parse_id(&id))?;
        wrap(&request, imports::list_receipts(&request, id, ReceiptsRequest { after, first, outcome }).await)
    }
}

#[derive(Default)]
pub struct ImportMutation;

#[Object]
impl ImportMutation {
    /// Imports rows that are sent as a text; files are sent by REST.
    async fn create_import(
        &self,
        ctx: &Context<'_>,
        input: NewImportInput,
        #[graphql(default)] dry_run: bool,
    ) -> Result<ImportJob> {
        // A rehearsal is a job as well: it is kept, its rows are not.
        let request = writer(ctx, false)?;
        let settings = &ctx.data::<Data<App>>()?.settings;
        let new = NewImport {
            resource: input.resource,
            mode: input.mode.unwrap_or(ImportMode::PerRow),
            dry_run,
            format: input.format.unwrap_or(ImportFormat::Ndjson),
            code_scheme: input.code_scheme.unwrap_or(CodeScheme::Api),
            date_format: input.date_format.unwrap_or(DateFormat::Iso),
            key: input.key,
            ignore: input.ignore,
            places_as_of: input.places_as_of,
            school_year: input.school_year,
            sync_kind: input.sync_kind,
            sync_periods: settings.sync_periods,
            most_open: settings.import_open_uploads,
            digest: None,
        };
        let job = wrap(&request, imports::create(&request, new).await)?;
        let here = wrap(&request, imports::upload(&request, job.id).await)?;
        if here.is_complete {
            return Ok(job);
        }
        let piece = Piece { offset: 0, bytes: input.content.into_bytes(), is_last: !input.goes_on };
        if here.offset > 0 {
            // A retry: the first piece is here.
            return Ok(job);
        }
        wrap(&request, imports::append(&request, job.id, piece, limit(ctx)?).await)
    }

    /// Adds a piece to the payload of an import, which begins at `offset`; with the last one it begins
    /// to wait for its turn.
    async fn upload_import(
        &self,
        ctx: &Context<'_>,
        id: ID,
        offset: i64,
        content: String,
        is_last: bool,
    ) -> Result<ImportJob> {
        let request = writer(ctx, false)?;
        let id = wrap(&request, parse_id(&id))?;
        let piece = Piece { offset, bytes: content.into_bytes(), is_last };
        wrap(&request, imports::append(&request, id, piece, limit(ctx)?).await)
    }

    /// Ends an import: rows that were written stay.
    async fn cancel_import(&self, ctx: &Context<'_>, id: ID) -> Result<ImportJob> {
        let request = writer(ctx, false)?;
        let id = wrap(&request, parse_id(&id))?;
        wrap(&request, imports::cancel(&request, id).await)
    }
}
