//! The kinds of recognition on both surfaces: public reference data.

use actix_web::{
    HttpRequest,
    web::{Path, ServiceConfig},
};
use async_graphql::{Context, Object};
use chrono::NaiveDate;
use gdtx_domain::recognitions::kind::RecognitionKind;
use gdtx_service::{
    Count, PageRequest,
    recognitions::kind::{self, RecognitionKindFilter},
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    graphql::{self, Connection},
    headers::Caller,
    problem::Problem,
    rest::{
        operations::{Answer, reading},
        query,
        respond::{reference, reference_page},
    },
};

/// The day on which to look.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct KindParameters {
    /// Show only the authorities that decide on this day: none when the kind cannot be granted on it.
    as_of: Option<NaiveDate>,
}

/// List recognition kinds
///
/// What can be recognised (loại công nhận), by code: holders, levels, legal basis, validity, yearly
/// clock and who decides. The mark of each row says how well it was checked against the text: a
/// row that is not `verified` is shown and not stated as law. Public.
#[utoipa::path(
    get, path = "/v1/recognition-kinds", operation_id = "listRecognitionKinds", tag = "recognition-kinds",
    params(RecognitionKindFilter, ("sort" = Option<String>, Query, description = "`code` or `-code`.", pattern = "^-?code$")),
    responses(
        (status = 200, description = "A page.", body = ref("#/components/schemas/RecognitionKindPage")),
    ),
    security(())
)]
pub async fn list(req: HttpRequest, _caller: Caller) -> Answer {
    let asked = query::list::<RecognitionKindFilter>(req.query_string())?;
    Ok(reference_page(&req, &kind::list(&asked.filter, &asked.page)?, asked.fields.as_deref())?)
}

/// Read a recognition kind
///
/// One kind by its code, with those who decide: on every day, or on the day asked for. Public.
#[utoipa::path(
    get, path = "/v1/recognition-kinds/{code}", operation_id = "getRecognitionKind", tag = "recognition-kinds",
    params(("code" = String, Path, description = "Code of the kind, e.g. `learning_unit_province`."), KindParameters),
    responses(
        (status = 200, description = "The kind.", body = RecognitionKind),
        (status = 404, description = "There is no such kind.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn get(req: HttpRequest, _caller: Caller, code: Path<String>) -> Answer {
    let asked = query::read::<KindParameters>(req.query_string())?;
    Ok(reference(&req, &kind::get(&code, asked.given.as_of)?, asked.fields.as_deref())?)
}

pub fn mount(config: &mut ServiceConfig) {
    config.service(reading("/v1/recognition-kinds", list)).service(reading("/v1/recognition-kinds/{code}", get));
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
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<RecognitionKind>> {
        let found = kind::list(&filter.unwrap_or_default(), &PageRequest { first, after, sort, count });
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
