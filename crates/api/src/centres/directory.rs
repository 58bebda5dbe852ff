//! The public directory of centres on both surfaces: no token, no personal data.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Path},
};
use async_graphql::{Context, ID, Object};
use gdtx_service::{
    Count, PageRequest,
    centres::directory::{self, DirectoryCentre, DirectoryFilter},
};
use utoipa::openapi::OpenApi;

use crate::{
    graphql::{self, Connection},
    headers::Caller,
    problem::{Failure, Problem},
    rest::{describe, operations::parse_id, query, respond},
};

/// List the public directory
///
/// Every centre of continuing education in the country with its place, status and published
/// programmes. Needs no token and shows no personal data.
#[utoipa::path(
    get, path = "/v1/directory/centres", operation_id = "listDirectoryCentres", tag = "directory",
    params(
        DirectoryFilter,
        ("first" = Option<u32>, Query, description = "Records on the page, 1 to 200; 50 when absent.", minimum = 1, maximum = 200),
        ("after" = Option<String>, Query, description = "The `endCursor` of the page before."),
        ("sort" = Option<String>, Query, description = "`name` (when absent) or `id`; `-` in front turns the order around.", pattern = "^-?(name|id)$"),
        ("count" = Option<gdtx_service::Count>, Query, description = "Ask for `totalCount`."),
        ("fields" = Option<String>, Query, description = "Only these fields, comma-separated."),
    ),
    responses(
        (status = 200, description = "A page.", body = ref("#/components/schemas/DirectoryCentrePage")),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn list(req: HttpRequest, Caller(ctx): Caller) -> Result<HttpResponse, Failure> {
    let query = query::list::<DirectoryFilter>(req.query_string())?;
    let page = directory::list(&ctx, query.filter, query.page).await?;
    Ok(respond::page(&req, &page, query.fields.as_deref())?)
}

/// Read one centre of the public directory
///
/// Needs no token and shows no personal data.
#[utoipa::path(
    get, path = "/v1/directory/centres/{id}", operation_id = "getDirectoryCentre", tag = "directory",
    params(
        ("id" = uuid::Uuid, Path, description = "Identity of the centre."),
        ("fields" = Option<String>, Query, description = "Only these fields, comma-separated."),
    ),
    responses(
        (status = 200, description = "The centre.", body = DirectoryCentre),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such centre.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn get(req: HttpRequest, Caller(ctx): Caller, id: Path<String>) -> Result<HttpResponse, Failure> {
    let options = query::options(req.query_string())?;
    let found = directory::get(&ctx, parse_id(&id)?).await?;
    Ok(respond::narrowed(&found, options.fields.as_deref())?)
}

/// Adds the page that the list refers to.
pub fn describe(document: &mut OpenApi) {
    describe::page::<DirectoryCentre>(document);
}

pub fn mount(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/v1/directory/centres").route(web::get().to(list)))
        .service(web::resource("/v1/directory/centres/{id}").route(web::get().to(get)));
}

#[derive(Default)]
pub struct DirectoryQuery;

#[Object]
impl DirectoryQuery {
    /// Lists the public directory of centres. Needs no token.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_directory_centres(
        &self,
        ctx: &Context<'_>,
        filter: Option<DirectoryFilter>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<DirectoryCentre>> {
        let request = graphql::caller(ctx)?;
        let found =
            directory::list(&request, filter.unwrap_or_default(), PageRequest { first, after, sort, count }).await;
        graphql::wrap(&request, found).map(Connection::new)
    }

    /// Reads one centre of the public directory. Needs no token.
    async fn get_directory_centre(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<DirectoryCentre> {
        let request = graphql::caller(ctx)?;
        let id = graphql::wrap(&request, parse_id(&id))?;
        graphql::wrap(&request, directory::get(&request, id).await)
    }
}
