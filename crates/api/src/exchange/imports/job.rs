//! Imports as jobs on REST: list, read, cancel.

use actix_web::{HttpRequest, HttpResponse, web::Path};
use gdtx_service::{
    PageInfo, PageRequest,
    exchange::imports::{self, ImportJob},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    headers::Caller,
    rest::refusals::{Common, OfOne, Writing},
    rest::{
        operations::{Answer, parse_id},
        query, respond,
    },
};

/// A page of imports.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "read by the documentation only")]
pub struct ImportJobPage {
    items: Vec<ImportJob>,
    page_info: PageInfo,
}

/// Which imports to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct ImportsParameters {
    /// Jobs on the page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    first: Option<u32>,
    /// The `endCursor` of the page before.
    after: Option<String>,
}

/// List imports
///
/// Those of the calling client, newest first; they are kept for 90 days.
#[utoipa::path(
    get, path = "/v1/imports", operation_id = "listImports", tag = "imports", params(ImportsParameters),
    responses((status = 200, description = "A page.", body = ImportJobPage), Common),
    security(("oauth2" = []))
)]
pub async fn list(req: HttpRequest, Caller(ctx): Caller) -> Answer {
    let asked: ImportsParameters = query::typed_query(req.query_string())?;
    let request = PageRequest { first: asked.first, after: asked.after, ..PageRequest::default() };
    Ok(respond::page(&req, &imports::list(&ctx, request).await?, None)?)
}

/// Read an import
///
/// Where it stands, how far it is, and the counts of its outcomes so far.
#[utoipa::path(
    get, path = "/v1/imports/{id}", operation_id = "getImport", tag = "imports",
    params(("id" = uuid::Uuid, Path, description = "The import.")),
    responses((status = 200, description = "The job.", body = ImportJob), Common, OfOne),
    security(("oauth2" = []))
)]
pub async fn get(Caller(ctx): Caller, id: Path<String>) -> Answer {
    Ok(respond::json(&imports::get(&ctx, parse_id(&id)?).await?))
}

/// Cancel an import
///
/// Rows that were written stay, with their receipts; the rest of the file is forgotten.
#[utoipa::path(
    post, path = "/v1/imports/{id}/cancel", operation_id = "cancelImport", tag = "imports",
    params(("id" = uuid::Uuid, Path, description = "The import.")),
    responses((status = 200, description = "The cancelled job.", body = ImportJob), Common, OfOne, Writing),
    security(("oauth2" = []))
)]
pub async fn cancel(Caller(ctx): Caller, id: Path<String>) -> Answer {
    let job = imports::cancel(&ctx, parse_id(&id)?).await?;
    Ok(HttpResponse::Ok().json(&job))
}
