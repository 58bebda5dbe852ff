//! Exports as jobs on GraphQL: the same use cases; the file itself is fetched by its link.

use actix_web::web::Data;
use async_graphql::{Context, ID, Object, Result};
use gdtx_service::{
    PageRequest,
    exchange::exports::{self, ExportJob, NewExportJob},
};

use super::job::{opened, terms};
use crate::{
    graphql::{Connection, caller, wrap, writer},
    rest::operations::parse_id,
    state::App,
};

#[derive(Default)]
pub struct ExportJobQuery;

#[Object]
impl ExportJobQuery {
    /// Lists the export jobs of the calling client, newest first.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_export_jobs(
        &self,
        ctx: &Context<'_>,
        first: Option<u32>,
        after: Option<String>,
    ) -> Result<Connection<ExportJob>> {
        let request = caller(ctx)?;
        let page = PageRequest { first, after, ..PageRequest::default() };
        wrap(&request, exports::list(&request, page, &terms(ctx.data::<Data<App>>()?)).await).map(Connection::new)
    }

    /// Reads an export job: how far it is and, once it is done, a new link to its file.
    async fn get_export_job(&self, ctx: &Context<'_>, id: ID) -> Result<ExportJob> {
        let request = caller(ctx)?;
        let id = wrap(&request, parse_id(&id))?;
        wrap(&request, exports::get(&request, id, &terms(ctx.data::<Data<App>>()?)).await)
    }
}

#[derive(Default)]
pub struct ExportJobMutation;

#[Object]
impl ExportJobMutation {
    /// Has a list made into a file beside requests.
    async fn create_export_job(
        &self,
        ctx: &Context<'_>,
        input: NewExportJob,
        #[graphql(default)] dry_run: bool,
    ) -> Result<ExportJob> {
        let request = writer(ctx, dry_run)?;
        wrap(&request, exports::authorise(&request).await)?;
        wrap(&request, opened(&request, ctx.data::<Data<App>>()?, input).await)
    }

    /// Ends an export job, or takes its file back: links to it lead nowhere any more.
    async fn cancel_export_job(
        &self,
        ctx: &Context<'_>,
        id: ID,
        #[graphql(default)] dry_run: bool,
    ) -> Result<ExportJob> {
        let request = writer(ctx, dry_run)?;
        let id = wrap(&request, parse_id(&id))?;
        wrap(&request, exports::cancel(&request, id, &terms(ctx.data::<Data<App>>()?)).await)
    }
}
