//! GraphQL over HTTP: GET and POST, media types and status codes as its specification says.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, StatusCode, header},
    web::{self, Bytes, ReqData},
};
use async_graphql::{Request, Response, ServerError, Variables};
use gdtx_domain::access::rate::RateClass;
use gdtx_service::{Code, Ctx, Error};
use serde::Deserialize;
use serde_json::Value;

use super::{Loaders, documents, engine, gate};
use crate::{
    access::limits::Meter,
    headers::{context, purpose},
    problem::{Failure, graphql_error},
    state::App,
};

const RESPONSE: &str = "application/graphql-response+json";

/// The parameters of a request, in the URL or in the body.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Parameters {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<Value>,
    extensions: Option<Value>,
    /// Names a trusted document in the place of `query`.
    document_id: Option<String>,
}

/// `/graphql`, GET and POST.
pub async fn endpoint(
    req: HttpRequest,
    app: web::Data<App>,
    meter: ReqData<Arc<Meter>>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let accept = req.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or("*/*").to_ascii_lowercase();
    let strict = accept.contains(RESPONSE);
    if !(strict || accept.contains("application/json") || accept.contains("*/*") || accept.contains("application/*")) {
        return Err(Error::of(Code::NotAcceptable).into());
    }
    let mut ctx = context(&req).await?;
    let asked = parameters(&req, &body).and_then(|parameters| Ok((wanted(&parameters, &app)?, parameters)));
    let (query, parameters) = match asked {
        Ok(asked) => asked,
        Err(error) if error.code == Code::UnsupportedMediaType => return Err(error.into()),
        Err(error) => {
            // Whoever sends what is no request is counted too.
            meter.charge(&[(RateClass::Read, 1)]).await?;
            return Ok(answer(&invalid(&error, &ctx), strict, Some(StatusCode::BAD_REQUEST)));
        }
    };
    let mut request =
        Request::new(query.as_str()).variables(Variables::from_json(parameters.variables.unwrap_or_default()));
    let operation = parameters.operation_name;
    if let Some(name) = &operation {
        request = request.operation_name(name);
    }
    let document = app.documents.of(&query).ok();
    if let Some(document) = &document {
        let writes = document.writes(operation.as_deref());
        // A GET must not write, whatever the document says.
        if req.method() == Method::GET && writes {
            return Err(Error::of(Code::MethodNotAllowed).into());
        }
        if !writes {
            ctx = ctx.for_one_answer();
        }
        ctx.asked = Some(Arc::clone(&document.names));
    }
    let request = request
        .data(Loaders::new(ctx.clone()))
        .data(ctx.clone())
        .data(meter.into_inner())
        .data(app.clone())
        .data(Arc::clone(&app.documents));
    let mut response = app.schema.execute(request).await;
    if response.errors.iter().any(|error| engine::is_about_input(&error.message)) {
        let variables = parameters_again(&req, &body);
        if let Some(document) = &document {
            let found = app.inputs.faults(&document.parsed, operation.as_deref(), &variables);
            engine::replace(&mut response, found, &ctx);
        }
    }
    engine::explain(&mut response, &ctx);
    Ok(answer(&response, strict, refused(&response, strict)))
}

/// The variables once more: the engine took the first reading, and few requests need a second.
fn parameters_again(req: &HttpRequest, body: &Bytes) -> Variables {
    let variables = parameters(req, body).ok().and_then(|parameters| parameters.variables);
    Variables::from_json(variables.unwrap_or_default())
}

/// The document that a request asks for.
fn wanted(parameters: &Parameters, app: &App) -> Result<String, Error> {
    let id = parameters.document_id.as_deref();
    let hash = parameters.extensions.as_ref().and_then(documents::persisted);
    app.documents.text(parameters.query.as_deref(), id.or(hash))
}

fn parameters(req: &HttpRequest, body: &Bytes) -> Result<Parameters, Error> {
    let wrong = |pointer: &str| {
        Error::field(
            Code::MalformedBody,
            pointer,
            "invalid_value",
            "Tham số GraphQL sai kiểu.",
            "A GraphQL parameter of the wrong kind.",
        )
    };
    let parameters: Parameters = if req.method() == Method::GET {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(req.query_string()).map_err(|_| wrong("/query"))?;
        let mut out = Parameters::default();
        for (name, value) in pairs {
            match name.as_str() {
                "query" => out.query = Some(value),
                "documentId" if !value.is_empty() => out.document_id = Some(value),
                "operationName" if !value.is_empty() => out.operation_name = Some(value),
                "variables" if !value.is_empty() => {
                    out.variables = Some(serde_json::from_str(&value).map_err(|_| wrong("/variables"))?);
                }
                "extensions" if !value.is_empty() => {
                    out.extensions = Some(serde_json::from_str(&value).map_err(|_| wrong("/extensions"))?);
                }
                _ => {}
            }
        }
        out
    } else if body.trim_ascii_start().starts_with(b"[") {
        return Err(documents::refused(
            "no_batches",
            "Mỗi lần gửi một yêu cầu GraphQL; muốn nhiều việc một lần, hãy đặt nhiều trường ở gốc.",
            "Send one request at a time; to ask for several things at once, use several fields at the root.",
        ));
    } else {
        crate::rest::body::parse(req, body)?
    };
    for (pointer, value) in [("/variables", &parameters.variables), ("/extensions", &parameters.extensions)] {
        if value.as_ref().is_some_and(|v| !v.is_object() && !v.is_null()) {
            return Err(wrong(pointer));
        }
    }
    Ok(parameters)
}

/// The status of a refusal before any field ran. That a quota is used up is told to every client,
/// since those who speak HTTP wait by it.
fn refused(response: &Response, strict: bool) -> Option<StatusCode> {
    let code = |error: &ServerError| error.extensions.as_ref().and_then(|e| e.get("code")).cloned();
    let limited = async_graphql::Value::from(Code::RateLimited.as_str());
    if !refused_before_running(response) {
        None
    } else if response.errors.iter().any(|error| code(error).as_ref() == Some(&limited)) {
        Some(StatusCode::TOO_MANY_REQUESTS)
    } else {
        strict.then_some(StatusCode::BAD_REQUEST)
    }
}

/// Whether the document was refused before any field ran.
fn refused_before_running(response: &Response) -> bool {
    response.is_err()
        && response.data == async_graphql::Value::Null
        && response.errors.iter().all(|e| e.path.is_empty())
}

fn invalid(error: &Error, ctx: &Ctx) -> Response {
    let mut response = Response::from_errors(vec![gate::whole(error, ctx.lang)]);
    engine::explain(&mut response, ctx);
    response
}

fn answer(response: &Response, strict: bool, status: Option<StatusCode>) -> HttpResponse {
    // Clients that only know application/json get 200 with the errors inside, as the
    // specification's legacy rule says, unless nothing could be run at all.
    let status = status.unwrap_or(StatusCode::OK);
    let kind = if strict { RESPONSE } else { "application/json" };
    HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, format!("{kind}; charset=utf-8")))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(body(response, status).unwrap_or_default())
}

/// What never ran has errors and no `data` entry.
fn body(response: &Response, status: StatusCode) -> serde_json::Result<Vec<u8>> {
    if status.is_client_error() {
        return serde_json::to_vec(&serde_json::json!({ "errors": response.errors }));
    }
    serde_json::to_vec(response)
}

/// `/graphql/ws`: subscriptions. Browsers cannot set headers here, so the token may also come in
/// the payload of `connection_init`, as `Authorization`, and what data are read for as `Data-Purpose`.
pub async fn websocket(
    req: HttpRequest,
    payload: web::Payload,
    app: web::Data<App>,
    meter: ReqData<Arc<Meter>>,
) -> actix_web::Result<HttpResponse> {
    let ctx = context(&req).await.map_err(Failure)?;
    let schema = app.schema.clone();
    async_graphql_actix_web::GraphQLSubscription::new(schema)
        .on_connection_init(move |parameters: Value| async move {
            let mut ctx = ctx;
            // A key of the upgrade would belong to every mutation of the connection.
            ctx.idempotency_key = None;
            let named = |name: &str| {
                let mut members = parameters.as_object()?.iter();
                members.find(|(key, _)| key.eq_ignore_ascii_case(name))?.1.as_str()
            };
            let purpose = purpose(named("data-purpose").map(str::as_bytes)).map_err(|e| graphql_error(&e, ctx.lang))?;
            ctx.purpose = purpose.or(ctx.purpose);
            let token = named("authorization").and_then(|v| v.split_once(' ')).map(|(_, token)| token.trim());
            if let Some(token) = token.filter(|t| !t.is_empty()) {
                let actor = app.tokens.actor(&app.db, app.clock, token).await;
                ctx.actor = actor.map_err(|e| graphql_error(&e, ctx.lang))?;
            }
            let mut data = async_graphql::Data::default();
            data.insert(Loaders::new(ctx.clone()));
            data.insert(app.clone());
            data.insert(Arc::clone(&app.documents));
            data.insert(Arc::new(meter.with(&ctx.actor)));
            data.insert(ctx);
            Ok(data)
        })
        .start(&req, payload)
}
