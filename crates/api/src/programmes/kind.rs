//! The public reference of what may be taught, on both surfaces.

use actix_web::{
    HttpRequest,
    web::{Path, ServiceConfig},
};
use async_graphql::{Context, Object};
use gdtx_domain::programmes::{
    curriculum::Subject,
    level::{ItModule, LanguageLevel},
};
use gdtx_service::{
    Count, Page, PageRequest,
    programmes::kind::{self, ProgrammeKind, ProgrammeKindFilter},
};
use serde::Serialize;

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

/// List programme kinds
///
/// The kinds of programme in continuing education (loại chương trình) in the order of the law, each
/// with its group a to d in Luật Giáo dục 43/2019/QH14 art. 43, the document behind it, the kinds of
/// centre that may run it, its grades, levels and curricula.
#[utoipa::path(
    get, path = "/v1/programme-kinds", operation_id = "listProgrammeKinds", tag = "programme-kinds",
    params(ProgrammeKindFilter, ("sort" = Option<String>, Query, description = "`code`, `labelVi` or `labelEn`; `-` in front turns the order around.", pattern = "^-?(code|labelVi|labelEn)$")),
    responses((status = 200, description = "A page.", body = ref("#/components/schemas/ProgrammeKindPage"))),
    security(())
)]
pub async fn list_kinds(req: HttpRequest, Caller(ctx): Caller) -> Answer {
    let asked = query::list::<ProgrammeKindFilter>(req.query_string())?;
    Ok(reference_page(&req, &kind::list(&ctx, &asked.filter, &asked.page)?, asked.fields.as_deref())?)
}

/// Read a programme kind
///
/// One kind of programme in continuing education, by its code.
#[utoipa::path(
    get, path = "/v1/programme-kinds/{code}", operation_id = "getProgrammeKind", tag = "programme-kinds",
    params(("code" = String, Path, description = "Code of the kind, e.g. `gdtx_upper_secondary`.")),
    responses(
        (status = 200, description = "The kind.", body = ProgrammeKind),
        (status = 404, description = "There is no such kind.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn get_kind(req: HttpRequest, Caller(ctx): Caller, code: Path<String>) -> Answer {
    let asked = query::read::<query::NoParameters>(req.query_string())?;
    Ok(reference(&req, &kind::get(&ctx, &code)?, asked.fields.as_deref())?)
}

/// List language levels
///
/// The six levels of Viet Nam's language framework (bậc năng lực ngoại ngữ, TT 01/2014/TT-BGDĐT)
/// with their European equals and the suggested hours of practical English.
#[utoipa::path(
    get, path = "/v1/language-levels", operation_id = "listLanguageLevels", tag = "language-levels",
    params(("sort" = Option<String>, Query, description = "`level`; `-` in front turns the order around.", pattern = "^-?level$")),
    responses((status = 200, description = "A page.", body = ref("#/components/schemas/LanguageLevelPage"))),
    security(())
)]
pub async fn list_levels(req: HttpRequest, _caller: Caller) -> Answer {
    whole(&req, kind::language_levels)
}

/// List IT modules
///
/// The fifteen modules of the IT skills standard (mô đun CNTT, TT 03/2014/TT-BTTTT).
#[utoipa::path(
    get, path = "/v1/it-modules", operation_id = "listItModules", tag = "it-modules",
    params(("sort" = Option<String>, Query, description = "`code`, `labelVi` or `labelEn`; `-` in front turns the order around.", pattern = "^-?(code|labelVi|labelEn)$")),
    responses((status = 200, description = "A page.", body = ref("#/components/schemas/ItModulePage"))),
    security(())
)]
pub async fn list_modules(req: HttpRequest, _caller: Caller) -> Answer {
    whole(&req, kind::it_modules)
}

/// List subjects
///
/// The subjects and activities of the programmes (môn học, hoạt động giáo dục) with the Ministry's
/// codes for continuing education.
#[utoipa::path(
    get, path = "/v1/subjects", operation_id = "listSubjects", tag = "subjects",
    params(("sort" = Option<String>, Query, description = "`code`, `labelVi` or `labelEn`; `-` in front turns the order around.", pattern = "^-?(code|labelVi|labelEn)$")),
    responses((status = 200, description = "A page.", body = ref("#/components/schemas/SubjectPage"))),
    security(())
)]
pub async fn list_subjects(req: HttpRequest, _caller: Caller) -> Answer {
    whole(&req, kind::subjects)
}

fn whole<T: Serialize>(req: &HttpRequest, list: fn(&PageRequest) -> gdtx_service::Result<Page<T>>) -> Answer {
    let asked = query::list::<query::NoParameters>(req.query_string())?;
    Ok(reference_page(req, &list(&asked.page)?, asked.fields.as_deref())?)
}

pub fn mount(config: &mut ServiceConfig) {
    config
        .service(reading("/v1/programme-kinds", list_kinds))
        .service(reading("/v1/programme-kinds/{code}", get_kind))
        .service(reading("/v1/language-levels", list_levels))
        .service(reading("/v1/it-modules", list_modules))
        .service(reading("/v1/subjects", list_subjects));
}

#[derive(Default)]
pub struct ProgrammeKindQuery;

#[Object]
impl ProgrammeKindQuery {
    /// Lists the kinds of programme in continuing education (loại chương trình) in the order of the law.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_programme_kinds(
        &self,
        ctx: &Context<'_>,
        filter: Option<ProgrammeKindFilter>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<ProgrammeKind>> {
        let request = graphql::caller(ctx)?;
        let found = kind::list(&request, &filter.unwrap_or_default(), &PageRequest { first, after, sort, count });
        graphql::wrap(&request, found).map(Connection::new)
    }

    /// Reads one kind of programme by its code.
    async fn get_programme_kind(&self, ctx: &Context<'_>, code: String) -> async_graphql::Result<ProgrammeKind> {
        let request = graphql::caller(ctx)?;
        graphql::wrap(&request, kind::get(&request, &code))
    }

    /// Lists the six levels of the language framework (bậc năng lực ngoại ngữ).
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_language_levels(
        &self,
        ctx: &Context<'_>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<LanguageLevel>> {
        let request = graphql::caller(ctx)?;
        graphql::wrap(&request, kind::language_levels(&PageRequest { first, after, sort, count })).map(Connection::new)
    }

    /// Lists the modules of the IT skills standard (mô đun CNTT).
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_it_modules(
        &self,
        ctx: &Context<'_>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<ItModule>> {
        let request = graphql::caller(ctx)?;
        graphql::wrap(&request, kind::it_modules(&PageRequest { first, after, sort, count })).map(Connection::new)
    }

    /// Lists the subjects and activities of the programmes (môn học, hoạt động giáo dục).
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_subjects(
        &self,
        ctx: &Context<'_>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<Subject>> {
        let request = graphql::caller(ctx)?;
        graphql::wrap(&request, kind::subjects(&PageRequest { first, after, sort, count })).map(Connection::new)
    }
}
