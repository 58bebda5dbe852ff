//! Why the caller may do something or not, on both surfaces. What an operation needs follows from
//! its path in the document and from the resource there; the few others are listed.

use std::{collections::HashMap, sync::LazyLock};

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, ServiceConfig},
};
use async_graphql::{Context, Object};
use gdtx_domain::{DataClass, exchange::resource::ResourceKind};
use gdtx_service::access::{
    explain::{self, Explanation, Named, Needs},
    policy::Permission,
};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::{
    IntoParams,
    openapi::{OpenApi, RefOr, Schema, path::Parameter},
};

use crate::{
    graphql,
    headers::Caller,
    problem::{Failure, Problem},
    registry,
    rest::{query, respond},
};

/// Operations whose need does not follow from method and resource.
const OTHERS: [(&str, Needs); 20] = [
    ("putBatch", Needs::Grant(Permission::ImportRun)),
    ("explainAccess", Needs::Token),
    ("listAccessLog", Needs::Grant(Permission::AccessLogRead)),
    ("changes", Needs::Grant(Permission::ChangesRead)),
    ("planSync", Needs::Grant(Permission::ChangesRead)),
    ("listStatisticsRecords", Needs::Grant(Permission::StatisticsRead)),
    ("createStatisticsRelease", Needs::Grant(Permission::StatisticsRelease)),
    ("findLearners", Needs::Sight(Permission::LearnerRead, DataClass::Restricted)),
    ("createCentreEvent", Needs::Grant(Permission::CentreDecide)),
    ("assignVendor", Needs::Grant(Permission::VendorAssign)),
    ("unassignVendor", Needs::Grant(Permission::VendorAssign)),
    ("returnReport", Needs::Grant(Permission::ReportReview)),
    ("acceptReport", Needs::Grant(Permission::ReportReview)),
    ("lockReport", Needs::Grant(Permission::ReportReview)),
    ("returnRecognition", Needs::Grant(Permission::RecognitionDecide)),
    ("appraiseRecognition", Needs::Grant(Permission::RecognitionDecide)),
    ("grantRecognition", Needs::Grant(Permission::RecognitionDecide)),
    ("refuseRecognition", Needs::Grant(Permission::RecognitionDecide)),
    ("getAuthorizationServer", Needs::Nothing),
    ("getKeys", Needs::Nothing),
];

/// What each operation of the document needs, and what its id names.
static OPERATIONS: LazyLock<HashMap<String, (Needs, Option<Named>)>> = LazyLock::new(|| {
    let document = serde_json::to_value(crate::openapi::document()).unwrap_or_default();
    let mut found = HashMap::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let Some(id) = operation["operationId"].as_str() else { continue };
            let open = operation["security"] == json!([{}]);
            let needs = OTHERS.iter().find(|(name, _)| *name == id).map(|(_, needs)| *needs);
            if let Some(needs) = needs.or_else(|| by_path(path, method, open)) {
                let named = (!open).then(|| named(path)).flatten();
                found.insert(id.to_owned(), (needs, named));
            }
        }
    }
    found
});

fn by_path(path: &str, method: &str, open: bool) -> Option<Needs> {
    if open {
        return Some(if path.starts_with("/oauth/") { Needs::Proof } else { Needs::Nothing });
    }
    let (read, write) = match resource(path)? {
        Named::Client => (Permission::ClientRead, Permission::ClientWrite),
        Named::Import => (Permission::ImportRun, Permission::ImportRun),
        Named::Export => (Permission::ExportRun, Permission::ExportRun),
        Named::Webhook => (Permission::ChangesRead, Permission::ChangesRead),
        Named::Record(kind) => registry::permissions(kind)?,
    };
    Some(Needs::Grant(if method == "get" { read } else { write }))
}

/// The kind of record that a path begins with.
fn resource(path: &str) -> Option<Named> {
    let rest = path.strip_prefix("/v1/exports/").or_else(|| path.strip_prefix("/v1/"))?;
    let name = rest.split('/').next()?;
    match name {
        "clients" => Some(Named::Client),
        "imports" => Some(Named::Import),
        "export-jobs" => Some(Named::Export),
        "webhooks" => Some(Named::Webhook),
        name => ResourceKind::from_code(&name.replace('-', "_")).map(Named::Record),
    }
}

fn named(path: &str) -> Option<Named> {
    path.contains("/{id}").then(|| resource(path)).flatten()
}

/// What to explain.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct ExplainQuery {
    /// An `operationId` of this document, which is also the name of the field in GraphQL.
    #[param(required = true)]
    operation: String,
    /// The record, where the operation names one by `{id}`.
    #[param(nullable = false)]
    id: Option<String>,
}

/// Writes down what can be asked about: every operation of the document.
pub fn describe(document: &mut OpenApi) {
    let items = document.paths.paths.values();
    let operations = items.flat_map(|i| [&i.get, &i.post, &i.put, &i.patch, &i.delete]).flatten();
    let mut names: Vec<_> = operations.filter_map(|o| o.operation_id.clone()).map(Value::from).collect();
    names.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    let asked = document.paths.paths.get_mut("/v1/access/explain").and_then(|item| item.get.as_mut());
    for parameter in asked.into_iter().flat_map(|o| o.parameters.iter_mut().flatten()) {
        if let RefOr::T(Parameter { name, schema: Some(RefOr::T(Schema::Object(text))), .. }) = parameter
            && name == "operation"
        {
            text.enum_values = Some(std::mem::take(&mut names));
        }
    }
}

/// Explain access
///
/// Whether the calling client may do something: which grant allows it, or which is missing and who
/// can give it. With the id of a record also whether the record lies in reach; one that the caller
/// may not see is explained like one that does not exist. What only the content of a write decides,
/// such as the place of a new centre, is not foreseen.
#[utoipa::path(
    get, path = "/v1/access/explain", operation_id = "explainAccess", tag = "access", params(ExplainQuery),
    responses(
        (status = 200, description = "The explanation.", body = Explanation),
        (status = 400, description = "There is no such operation, or it names no record.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No or bad token.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("oauth2" = []))
)]
pub async fn read(req: HttpRequest, Caller(ctx): Caller) -> Result<HttpResponse, Failure> {
    let q: ExplainQuery = query::typed_query(req.query_string())?;
    let needs = OPERATIONS.get(&q.operation).copied();
    Ok(respond::json(&explain::explain(&ctx, &q.operation, needs, q.id.as_deref()).await?))
}

pub fn mount(config: &mut ServiceConfig) {
    config.service(web::resource("/v1/access/explain").route(web::get().to(read)));
}

#[derive(Default)]
pub struct ExplainAccessQuery;

#[Object]
impl ExplainAccessQuery {
    /// Whether the calling client may do something, by the name of its field: which grant allows it,
    /// or which is missing and who can give it.
    async fn explain_access(
        &self,
        ctx: &Context<'_>,
        operation: String,
        id: Option<async_graphql::ID>,
    ) -> async_graphql::Result<Explanation> {
        let request = graphql::caller(ctx)?;
        let needs = OPERATIONS.get(&operation).copied();
        graphql::wrap(&request, explain::explain(&request, &operation, needs, id.as_ref().map(|id| id.as_str())).await)
    }
}
