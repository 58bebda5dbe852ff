//! The kinds of recognition on both surfaces: public reference data.

use actix_web::{
    HttpRequest,
    web::{self, Path, ServiceConfig},
};
use async_graphql::{Context, Object};
use chrono::NaiveDate;
use gdtx_domain::recognitions::kind::RecognitionKind;
use gdtx_service::{
    Count, Error, Page, PageRequest,
    recognitions::kind::{self, RecognitionKindFilter},
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    graphql::{self, Connection},
    headers::Caller,
    problem::Problem,
    rest::{operations::Answer, query, respond},
};

/// Which page of reference data is wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "read by the document only; the handler reads typed options")]
pub struct PageParameters {
    /// Entries on the page; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    first: Option<u32>,
    /// The `endCursor` of the page before.
    after: Option<String>,
    /// Only `code`.
    sort: Option<String>,
    /// Ask for `totalCount`.
    count: Option<Count>,
    /// Only these fields, comma-separated.
    fields: Option<String>,
}

/// The day on which to look, and the fields wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct KindParameters {
    /// Show only the authorities that decide on this day: none when the kind cannot be granted on it.
    as_of: Option<NaiveDate>,
    /// Only these fields, comma-separated.
    fields: Option<String>,
}

/// List recognition kinds
///
/// What can be recognised (loại công nhận), by code: holders, levels, legal basis, validity, yearly
/// clock and who decides. The mark of each row says how well it was checked against the text: a
/// row that is not `verified` is shown and not stated as law. Public.
#[utoipa::path(
    get, path = "/v1/recognition-kinds", operation_id = "listRecognitionKinds", tag = "recognition-kinds",
    params(RecognitionKindFilter, PageParameters),
    responses(
        (status = 200, description = "A page.", body = Page<RecognitionKind>),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn list(req: HttpRequest, _caller: Caller) -> Answer {
    let asked = query::list::<RecognitionKindFilter>(req.query_string())?;
    Ok(respond::page(&req, &kind::list(&asked.filter, &asked.page)?, asked.fields.as_deref())?)
}

/// Read a recognition kind
///
/// One kind by its code, with those who decide: on every day, or on the day asked for. Public.
#[utoipa::path(
    get, path = "/v1/recognition-kinds/{code}", operation_id = "getRecognitionKind", tag = "recognition-kinds",
    params(("code" = String, Path, description = "Code of the kind, e.g. `learning_unit_province`."), KindParameters),
    responses(
        (status = 200, description = "The kind.", body = RecognitionKind),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such kind.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn get(req: HttpRequest, _caller: Caller, code: Path<String>) -> Answer {
    let asked: KindParameters = query::typed_query(req.query_string())?;
    narrowed(&kind::get(&code, asked.as_of)?, asked.fields.as_deref())
}

/// One entry of reference data, narrowed to the fields wanted.
pub(super) fn narrowed(entry: &impl serde::Serialize, fields: Option<&str>) -> Answer {
    let value = serde_json::to_value(entry).map_err(Error::internal)?;
    let Some(fields) = fields else { return Ok(respond::json(&value)) };
    let wanted: Vec<String> = fields.split(',').map(|f| f.trim().to_owned()).filter(|f| !f.is_empty()).collect();
    Ok(respond::json(&respond::narrow(value, &wanted)?))
}

pub fn mount(config: &mut ServiceConfig) {
    config
        .service(web::resource("/v1/recognition-kinds").route(web::get().to(list)))
        .service(web::resource("/v1/recognition-kinds/{code}").route(web::get().to(get)));
}

#[derive(Default)]
pub struct RecognitionKindQuery;

#[Object]
impl RecognitionKindQuery {
    /// Lists what can be recognised (loại công nhận), by code. Public.
    async fn list_recognition_kinds(
        &self,
        ctx: &Context<'_>,
        filter: Option<RecognitionKindFilter>,
        page: Option<PageRequest>,
    ) -> async_graphql::Result<Connection<RecognitionKind>> {
        let found = kind::list(&filter.unwrap_or_default(), &page.unwrap_or_default());
        graphql::wrap(&graphql::caller(ctx)?, found).map(Connection::new)
    }

    /// Reads one kind of recognition by its code. With `asOf`, `authorities` holds those who decide
    /// on that day: none when the kind cannot be granted on it. Public.
    async fn get_recognition_kind(
        &self,
        ctx: &Context<'_>,
        code: String,
        as_of: Option<NaiveDate>,
    ) -> async_graphql::Result<RecognitionKind> {
        graphql::wrap(&graphql::caller(ctx)?, kind::get(&code, as_of))
    }
}
