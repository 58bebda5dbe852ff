//! The figures of a data set, by GET and by QUERY, in the form that is asked for.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{Method, header},
    web::{self, Bytes},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use gdtx_service::{
    Actor, Code, Ctx, Error, Result,
    statistics::{
        self, StatisticsAnswer, StatisticsQuery,
        release::{self, LATEST},
    },
};
use sha2::{Digest, Sha256};

use super::{
    form::{Form, wanted},
    parameters::{self, Parameters},
    release::newest,
};
use crate::{
    headers::Caller,
    problem::Problem,
    rest::{
        body,
        operations::{Answer, reading},
        respond::{known, names},
    },
};

/// The path of the figures of a data set.
pub const PATH: &str = "/v1/statistics/datasets/{id}/data";
/// The path of those of a release.
pub const RELEASED: &str = "/v1/statistics/datasets/{dataSet}/releases/{version}/data";

/// Addresses that are longer are not told: many readers take no header of more.
const LONGEST_ADDRESS: usize = 4_000;

/// Query statistics
///
/// Figures of a data set, broken down and filtered as asked: `?groupBy=province,gender&schoolYear=latest&period=start`.
/// Each dimension is a parameter that takes members, separated by commas, of which one must hold; conditions of any
/// shape go into `filter` as JSON. The same query as a JSON body by the method `QUERY` (RFC 10008) is the same
/// question: `{"groupBy":["gender"],"filter":{"all":[{"dimension":"schoolYear","members":["latest"]},{"any":[…]},
/// {"none":[…]}]},"totals":true}`. What does not add up (`addsUp` of a dimension) is named in `groupBy` or filtered to one member.
///
/// The form goes by `Accept` or `format`: JSON, JSON-stat 2.0, CSV (RFC 4180) with its CSVW description, XLSX,
/// Parquet, SDMX-CSV 2.0 with its structure as SDMX-JSON 2.0. Numbers of people are rounded to multiples of five for who has no duty that needs them
/// (`status`); bodies with one see their area as it is, with their token.
#[utoipa::path(
    get, path = "/v1/statistics/datasets/{id}/data", operation_id = "queryStatistics", tag = "statistics",
    params(("id" = String, Path, description = "`enrolments`.")),
    responses(
        (status = 200, description = "The figures.", headers(("ETag" = String, description = "Weak, made of the question and the version of the figures."), ("Link" = String, description = "The description of CSV and SDMX-CSV (`describedby`).")), content(
            (StatisticsAnswer = "application/json"),
            (serde_json::Value = "application/vnd.json-stat+json"),
            (String = "text/csv"),
            (serde_json::Value = "application/csvm+json"),
            (String = "application/vnd.sdmx.data+csv"),
            (serde_json::Value = "application/vnd.sdmx.structure+json"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (String = "application/vnd.apache.parquet"),
        )),
        (status = 304, description = "The caller has these figures."),
        (status = 400, description = "The data set does not have what is asked for, or too much is asked for.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such data set.", body = Problem, content_type = "application/problem+json"),
        (status = 406, description = "There is no such form.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn read(req: HttpRequest, Caller(ctx): Caller, id: web::Path<String>) -> Answer {
    asked(&req, &ctx, Of { id: &id, release: None }).await
}

/// Query a release
///
/// The same queries in the same forms on the figures of a release. The address of a release never answers anything
/// else, and may be kept for good; that of `latest` leads to the newest one. What is `latest` among school years, and
/// what members are called, is that of the day of the release. A release holds counts and no persons, so an erasure of
/// personal data leaves it as it is.
#[utoipa::path(
    get, path = "/v1/statistics/datasets/{dataSet}/releases/{version}/data", operation_id = "queryStatisticsRelease", tag = "statistics",
    params(
        ("dataSet" = String, Path, description = "`enrolments`."),
        ("version" = String, Path, description = "`1.0.0`, or `latest`."),
        ("If-None-Match" = Option<String>, Header, description = "ETag of the answer the caller has; answered with 304."),
    ),
    responses(
        (status = 200, description = "The figures.", headers(("ETag" = String, description = "Strong, it begins with data set and release."), ("Link" = String, description = "The description of CSV and SDMX-CSV (`describedby`).")), content(
            (StatisticsAnswer = "application/json"),
            (serde_json::Value = "application/vnd.json-stat+json"),
            (String = "text/csv"),
            (serde_json::Value = "application/csvm+json"),
            (String = "application/vnd.sdmx.data+csv"),
            (serde_json::Value = "application/vnd.sdmx.structure+json"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (String = "application/vnd.apache.parquet"),
        )),
        (status = 304, description = "The caller has these figures."),
        (status = 307, description = "The newest release is at this address.", headers(("Location" = String, description = "Path of the figures."))),
        (status = 400, description = "The data set does not have what is asked for, or too much is asked for.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such data set or release.", body = Problem, content_type = "application/problem+json"),
        (status = 406, description = "There is no such form.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn read_released(req: HttpRequest, Caller(ctx): Caller, of: web::Path<(String, String)>) -> Answer {
    let (id, release) = of.into_inner();
    asked(&req, &ctx, Of { id: &id, release: Some(&release) }).await
}

/// The same with the query as a body.
async fn queried(req: HttpRequest, Caller(ctx): Caller, id: web::Path<String>, bytes: Bytes) -> Answer {
    asked_in_body(&req, &ctx, Of { id: &id, release: None }, &bytes).await
}

async fn queried_released(
    req: HttpRequest,
    Caller(ctx): Caller,
    of: web::Path<(String, String)>,
    bytes: Bytes,
) -> Answer {
    let (id, release) = of.into_inner();
    asked_in_body(&req, &ctx, Of { id: &id, release: Some(&release) }, &bytes).await
}

/// Whose figures: those of today, or of a release.
#[derive(Clone, Copy)]
struct Of<'a> {
    id: &'a str,
    release: Option<&'a str>,
}

async fn asked(req: &HttpRequest, ctx: &Ctx, of: Of<'_>) -> Answer {
    if of.release == Some(LATEST) {
        return newest(req, ctx, of.id).await;
    }
    let Parameters { query, format, names } = parameters::read(req.query_string())?;
    let form = wanted(req, format)?;
    let answer = figures(req, ctx, (of, query, form)).await;
    Ok(answer.map_err(|error| parameters::named(error, &names))?)
}

async fn asked_in_body(req: &HttpRequest, ctx: &Ctx, of: Of<'_>, bytes: &Bytes) -> Answer {
    if of.release == Some(LATEST) {
        return newest(req, ctx, of.id).await;
    }
    let format = parameters::format_only(req.query_string())?;
    let form = wanted(req, format)?;
    let query = body::parse(req, bytes)?;
    Ok(figures(req, ctx, (of, query, form)).await.map_err(in_body)?)
}

/// A refusal of a query points into its body.
fn in_body(mut error: Error) -> Error {
    if error.code == Code::InvalidParameter {
        error.fields.iter_mut().for_each(|field| field.pointer.insert(0, '/'));
    }
    error
}

async fn figures(
    req: &HttpRequest,
    ctx: &Ctx,
    (of, query, form): (Of<'_>, StatisticsQuery, Form),
) -> Result<HttpResponse> {
    let text = serde_json::to_string(&query).map_err(Error::internal)?;
    let question = format!("{}\n{text}\n{form:?}", of.id);
    if form.is_whole() && (query.sort.is_some() || query.top.is_some()) {
        return Err(Error::field(
            Code::InvalidParameter,
            "format",
            "not_allowed_here",
            "Dạng này chứa mọi ô của bảng: không dùng cùng sort và top.",
            "This form holds every cell of the table: it does not go with sort and top.",
        ));
    }
    let address = |form: Form| format!("{}?{}", req.path(), address(req, &query, form));
    let (own, csv) = (address(form), address(Form::Csv));
    let description = form.described_by().map(|form| (form.media(), address(form)));
    let tagged = |version: &str| match of.release {
        None => format!("W/{}", tag(ctx, &question, version)),
        Some(_) => kept_tag(ctx, &question, version),
    };
    let mut held = String::new();
    let has = |version: &str| {
        held = tagged(version);
        names(req, held.trim_start_matches("W/"))
    };
    let answer = match of.release {
        None => statistics::ask(ctx, of.id, query, has).await?,
        Some(release) => release::ask(ctx, (of.id, release), query, has).await?,
    };
    let headers = if of.release.is_some() { kept } else { headers };
    let tag = answer.as_ref().map_or(held, |answer| tagged(&answer.version));
    let Some(answer) = answer.filter(|_| !known(req, tag.trim_start_matches("W/"))) else {
        return Ok(headers(HttpResponse::NotModified(), ctx).insert_header((header::ETAG, tag)).finish());
    };
    let lang = ctx.lang;
    let release = of.release.map(|release| format!("-{release}")).unwrap_or_default();
    let file = format!("{}{release}.{}", answer.data_set, form.extension());
    let body = web::block(move || form.write(&answer, lang, &csv)).await.map_err(Error::internal)??;
    let mut response = headers(HttpResponse::Ok(), ctx);
    response.insert_header((header::ETAG, tag)).content_type(form.media());
    if *req.method() != Method::GET && own.len() <= LONGEST_ADDRESS {
        // The address of the same answer (RFC 9110, 8.7).
        response.insert_header((header::CONTENT_LOCATION, own));
    }
    if form.is_file() {
        response.insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")));
    }
    if let Some((media, address)) = description.filter(|(_, address)| address.len() <= LONGEST_ADDRESS) {
        let link = format!("<{address}>; rel=\"describedby\"; type=\"{media}\"");
        response.insert_header((header::LINK, link));
    }
    Ok(response.body(body))
}

/// The same question in another form as the parameters of an address: those that came, in their order, where they came
/// in one, so that a description names the address that its reader knows.
fn address(req: &HttpRequest, query: &StatisticsQuery, form: Form) -> String {
    if *req.method() != Method::GET && *req.method() != Method::HEAD {
        return parameters::written(query, form);
    }
    let is_form = |part: &str| part.starts_with("format=");
    let (own, parts) =
        (format!("format={}", form.code()), req.query_string().split('&').filter(|part| !part.is_empty()));
    let end = (!parts.clone().any(is_form)).then_some(own.as_str());
    let parts: Vec<&str> = parts.map(|part| if is_form(part) { own.as_str() } else { part }).chain(end).collect();
    parts.join("&")
}

/// The tag of the answer to a question, of a version of the figures. Labels go by the day and the language.
pub(super) fn tag(ctx: &Ctx, question: &str, version: &str) -> String {
    let print = Sha256::digest(format!("{question}\n{:?}\n{}\n{version}", ctx.lang, ctx.clock.today()));
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(&print[..12]))
}

/// The tag of the answer to a question on a release, which is the same on every day.
pub(super) fn kept_tag(ctx: &Ctx, question: &str, version: &str) -> String {
    let print = Sha256::digest(format!("{question}\n{:?}", ctx.lang));
    format!("\"{version}.{}\"", URL_SAFE_NO_PAD.encode(&print[..9]))
}

/// The answer to a question, unless the caller has the one of this version.
pub(super) fn versioned(
    req: &HttpRequest,
    ctx: &Ctx,
    (question, version): (&str, &str),
    answer: impl FnOnce() -> Result<HttpResponse>,
) -> Result<HttpResponse> {
    let tag = tag(ctx, question, version);
    let mut response =
        headers(HttpResponse::NotModified(), ctx).insert_header((header::ETAG, format!("W/{tag}"))).finish();
    if !known(req, &tag) {
        let headers = std::mem::replace(response.headers_mut(), header::HeaderMap::new());
        response = answer()?;
        headers.into_iter().for_each(|(name, value)| drop(response.headers_mut().insert(name, value)));
    }
    Ok(response)
}

/// What holds for answers that stay as they are: without a token they may be kept for good. What somebody sees beyond
/// that follows from what they may see.
pub(super) fn kept(mut response: HttpResponseBuilder, ctx: &Ctx) -> HttpResponseBuilder {
    let how = if ctx.actor == Actor::Public { "public, max-age=31536000, immutable" } else { "private, no-cache" };
    response
        .insert_header((header::CACHE_CONTROL, how))
        .insert_header((header::VARY, "Authorization, Accept, Accept-Language"));
    response
}

/// What holds for every answer: figures follow the records, so a copy is asked for by its tag.
pub(super) fn headers(mut response: HttpResponseBuilder, ctx: &Ctx) -> HttpResponseBuilder {
    let whose = if ctx.actor == Actor::Public { "public" } else { "private" };
    response
        .insert_header((header::CACHE_CONTROL, format!("{whose}, no-cache")))
        .insert_header((header::VARY, "Authorization, Accept, Accept-Language"));
    response
}

pub fn mount(config: &mut web::ServiceConfig) {
    let (mut today, mut released) = (reading(PATH, read), reading(RELEASED, read_released));
    if let Ok(query) = Method::from_bytes(b"QUERY") {
        today = today.route(web::method(query.clone()).to(queried));
        released = released.route(web::method(query).to(queried_released));
    }
    config.service(today).service(released);
}
