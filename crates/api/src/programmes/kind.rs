//! The public reference of what may be taught, on both surfaces.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Path, ServiceConfig},
};
use async_graphql::{Context, Object};
use gdtx_domain::programmes::{
    curriculum::Subject,
    level::{ItModule, LanguageLevel},
};
use gdtx_service::{
    Page, PageRequest,
    programmes::kind::{self, ProgrammeKind, ProgrammeKindFilter},
};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::{
    graphql::{self, Connection},
    headers::Caller,
    problem::{Failure, Problem},
    rest::{
        query::{self, Options},
        respond,
    },
};

type Answer = Result<HttpResponse, Failure>;

/// Which page of a reference list is wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the document only; the handler reads typed options")]
pub struct ReferencePage {
    /// Entries on the page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    first: Option<u32>,
    /// The `endCursor` of the page before.
    after: Option<String>,
    /// Only `code`.
    sort: Option<String>,
    /// Ask for `totalCount`: `exact` or `estimated`.
    count: Option<String>,
    /// Only these fields, comma-separated.
    fields: Option<String>,
}

/// A list that is never narrowed.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {}

/// List programme kinds
///
/// The kinds of programme in continuing education (loại chương trình), each with its group a to d
/// in Luật Giáo dục 43/2019/QH14 art. 43, the document behind it, the kinds of centre that may run
/// it, its grades, levels and curricula. Public.
#[utoipa::path(
    get, path = "/v1/programme-kinds", operation_id = "listProgrammeKinds", tag = "programme-kinds",
    params(ProgrammeKindFilter, ReferencePage),
    responses(
        (status = 200, description = "A page.", body = Page<ProgrammeKind>),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn list_kinds(req: HttpRequest, _caller: Caller) -> Answer {
    let query = query::list::<ProgrammeKindFilter>(req.query_string())?;
    Ok(respond::page(&req, &kind::list(&query.filter, &query.page)?, query.fields.as_deref())?)
}

/// Read a programme kind
///
/// One kind of programme in continuing education, by its code. Public.
#[utoipa::path(
    get, path = "/v1/programme-kinds/{code}", operation_id = "getProgrammeKind", tag = "programme-kinds",
    params(
        ("code" = String, Path, description = "Code of the kind, e.g. `gdtx_upper_secondary`."),
        ("fields" = Option<String>, Query, description = "Only these fields, comma-separated."),
    ),
    responses(
        (status = 200, description = "The kind.", body = ProgrammeKind),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such kind.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn get_kind(req: HttpRequest, _caller: Caller, code: Path<String>) -> Answer {
    let options: Options = query::typed_query(req.query_string())?;
    let found = kind::get(&code)?;
    let value = serde_json::to_value(found).map_err(gdtx_service::Error::internal)?;
    let value = match options.fields() {
        None => value,
        Some(fields) => respond::narrow(value, &fields)?,
    };
    Ok(respond::json(&value))
}

/// List language levels
///
/// The six levels of Viet Nam's language framework (bậc năng lực ngoại ngữ, TT 01/2014/TT-BGDĐT)
/// with their European equals and the suggested hours of practical English. Public.
#[utoipa::path(
    get, path = "/v1/language-levels", operation_id = "listLanguageLevels", tag = "language-levels", params(ReferencePage),
    responses(
        (status = 200, description = "A page.", body = Page<LanguageLevel>),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn list_levels(req: HttpRequest, _caller: Caller) -> Answer {
    whole(&req, kind::language_levels)
}

/// List IT modules
///
/// The fifteen modules of the IT skills standard (mô đun CNTT, TT 03/2014/TT-BTTTT). Public.
#[utoipa::path(
    get, path = "/v1/it-modules", operation_id = "listItModules", tag = "it-modules", params(ReferencePage),
    responses(
        (status = 200, description = "A page.", body = Page<ItModule>),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn list_modules(req: HttpRequest, _caller: Caller) -> Answer {
    whole(&req, kind::it_modules)
}

/// List subjects
///
/// The subjects and activities of the programmes (môn học, hoạt động giáo dục) with the Ministry's
/// codes for continuing education. Public.
#[utoipa::path(
    get, path = "/v1/subjects", operation_id = "listSubjects", tag = "subjects", params(ReferencePage),
    responses(
        (status = 200, description = "A page.", body = Page<Subject>),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn list_subjects(req: HttpRequest, _caller: Caller) -> Answer {
    whole(&req, kind::subjects)
}

fn whole<T: Serialize>(req: &HttpRequest, list: fn(&PageRequest) -> gdtx_service::Result<Page<T>>) -> Answer {
    let query = query::list::<Whole>(req.query_string())?;
    Ok(respond::page(req, &list(&query.page)?, query.fields.as_deref())?)
}

pub fn mount(config: &mut ServiceConfig) {
    config
        .service(web::resource("/v1/programme-kinds").route(web::get().to(list_kinds)))
        .service(web::resource("/v1/programme-kinds/{code}").route(web::get().to(get_kind)))
        .service(web::resource("/v1/language-levels").route(web::get().to(list_levels)))
        .service(web::resource("/v1/it-modules").route(web::get().to(list_modules)))
        .service(web::resource("/v1/subjects").route(web::get().to(list_subjects)));
}

#[derive(Default)]
pub struct ProgrammeKindQuery;

#[Object]
impl ProgrammeKindQuery {
    /// Lists the kinds of programme in continuing education (loại chương trình). Public.
    async fn list_programme_kinds(
        &self,
        ctx: &Context<'_>,
        filter: Option<ProgrammeKindFilter>,
        page: Option<PageRequest>,
    ) -> async_graphql::Result<Connection<ProgrammeKind>> {
        connect(ctx, kind::list(&filter.unwrap_or_default(), &page.unwrap_or_default()))
    }

    /// Reads one kind of programme by its code. Public.
    async fn get_programme_kind(&self, ctx: &Context<'_>, code: String) -> async_graphql::Result<ProgrammeKind> {
        graphql::wrap(&graphql::caller(ctx)?, kind::get(&code))
    }

    /// Lists the six levels of the language framework (bậc năng lực ngoại ngữ). Public.
    async fn list_language_levels(&self, ctx: &Context<'_>, page: Option<PageRequest>) -> async_graphql::Result<Connection<LanguageLevel>> {
        connect(ctx, kind::language_levels(&page.unwrap_or_default()))
    }

    /// Lists the modules of the IT skills standard (mô đun CNTT). Public.
    async fn list_it_modules(&self, ctx: &Context<'_>, page: Option<PageRequest>) -> async_graphql::Result<Connection<ItModule>> {
        connect(ctx, kind::it_modules(&page.unwrap_or_default()))
    }

    /// Lists the subjects and activities of the programmes (môn học, hoạt động giáo dục). Public.
    async fn list_subjects(&self, ctx: &Context<'_>, page: Option<PageRequest>) -> async_graphql::Result<Connection<Subject>> {
        connect(ctx, kind::subjects(&page.unwrap_or_default()))
    }
}

fn connect<T: async_graphql::OutputType + Clone>(
    ctx: &Context<'_>,
    page: gdtx_service::Result<Page<T>>,
) -> async_graphql::Result<Connection<T>> {
    graphql::wrap(&graphql::caller(ctx)?, page).map(Connection::new)
}
