//! Code lists, their values and translations on both surfaces.

use actix_web::{HttpRequest, web};
use async_graphql::{Context, Object};
use gdtx_domain::territory::code_list::{CodeList, CodeScheme};
use gdtx_service::{
    Count, PageRequest,
    territory::code_list::{
        self, CodeItemFilter, CodeListFilter, CodeTranslation, LabelledItem, TitledList, TranslateQuery,
    },
};

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

/// List code lists
///
/// Every list with its official name, its source, its validity and the schemes that have codes for
/// its values. Sort keys: `id`, `titleVi`, `titleEn`.
#[utoipa::path(
    get, path = "/v1/code-lists", operation_id = "listCodeLists", tag = "code-lists",
    params(CodeListFilter, ("sort" = Option<String>, Query, description = "`id`, `titleVi` or `titleEn`; `-` in front turns the order around.", pattern = "^-?(id|titleVi|titleEn)$")),
    responses((status = 200, description = "A page.", body = ref("#/components/schemas/CodeListPage"))),
    security(())
)]
pub async fn list(req: HttpRequest, Caller(ctx): Caller) -> Answer {
    let asked = query::list::<CodeListFilter>(req.query_string())?;
    Ok(reference_page(&req, &code_list::list(&ctx, &asked.filter, &asked.page)?, asked.fields.as_deref())?)
}

/// Read a code list
///
/// The head of one list, without its values.
#[utoipa::path(
    get, path = "/v1/code-lists/{id}", operation_id = "getCodeList", tag = "code-lists",
    params(("id" = String, Path, description = "`dropout_reason`, or the official name `DM_LY_DO_THOI_HOC`.")),
    responses(
        (status = 200, description = "The list.", body = TitledList),
        (status = 404, description = "There is no such list.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn get(req: HttpRequest, Caller(ctx): Caller, id: web::Path<String>) -> Answer {
    let asked = query::read::<query::NoParameters>(req.query_string())?;
    Ok(reference(&req, &code_list::get(&ctx, &id)?, asked.fields.as_deref())?)
}

/// List the values of a code list
///
/// The values in the order of their source, with labels in both languages and their codes in other
/// schemes. A value that is not `accepted` is a known misuse. Sort keys: `code`, `labelVi`, `labelEn`.
#[utoipa::path(
    get, path = "/v1/code-lists/{id}/items", operation_id = "listCodeItems", tag = "code-lists",
    params(
        ("id" = String, Path, description = "Id or official name of the list."),
        CodeItemFilter,
        ("sort" = Option<String>, Query, description = "`code`, `labelVi` or `labelEn`; `-` in front turns the order around.", pattern = "^-?(code|labelVi|labelEn)$"),
    ),
    responses(
        (status = 200, description = "A page.", body = ref("#/components/schemas/CodeItemPage")),
        (status = 404, description = "There is no such list.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn items(req: HttpRequest, Caller(ctx): Caller, id: web::Path<String>) -> Answer {
    let asked = query::list::<CodeItemFilter>(req.query_string())?;
    let page = code_list::items(&ctx, &id, &asked.filter, &asked.page)?;
    Ok(reference_page(&req, &page, asked.fields.as_deref())?)
}

/// Translate a code
///
/// What a code of one scheme is in another. The same number means different things in different
/// schemes, so both schemes are named; an answer is never guessed.
#[utoipa::path(
    get, path = "/v1/code-lists/{id}/translate", operation_id = "translateCode", tag = "code-lists",
    params(("id" = String, Path, description = "Id or official name of the list."), TranslateQuery),
    responses(
        (status = 200, description = "What the code is there.", body = CodeTranslation),
        (status = 404, description = "There is no such list.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn translate(req: HttpRequest, Caller(ctx): Caller, id: web::Path<String>) -> Answer {
    let asked = query::read::<TranslateQuery>(req.query_string())?;
    Ok(reference(&req, &code_list::translate(&ctx, &id, &asked.given)?, asked.fields.as_deref())?)
}

pub fn mount(config: &mut web::ServiceConfig) {
    let path = "/v1/code-lists";
    config
        .service(reading(path, list))
        .service(reading(&format!("{path}/{{id}}"), get))
        .service(reading(&format!("{path}/{{id}}/items"), items))
        .service(reading(&format!("{path}/{{id}}/translate"), translate));
}

/// A list with its values.
#[derive(Clone)]
pub struct CodeListNode(TitledList);

/// A list of codes.
#[Object(name = "CodeList")]
impl CodeListNode {
    #[graphql(flatten)]
    async fn fields(&self) -> &CodeList {
        &self.0.list
    }

    /// The title in the language of the request.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The values in the order of their source.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn items(
        &self,
        ctx: &Context<'_>,
        filter: Option<CodeItemFilter>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<LabelledItem>> {
        values(ctx, &self.0.list.id, filter, &PageRequest { first, after, sort, count })
    }
}

fn values(
    ctx: &Context<'_>,
    id: &str,
    filter: Option<CodeItemFilter>,
    page: &PageRequest,
) -> async_graphql::Result<Connection<LabelledItem>> {
    let request = graphql::caller(ctx)?;
    let found = code_list::items(&request, id, &filter.unwrap_or_default(), page);
    graphql::wrap(&request, found).map(Connection::new)
}

#[derive(Default)]
pub struct CodeListQuery;

#[Object]
impl CodeListQuery {
    /// Lists the code lists by id.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_code_lists(
        &self,
        ctx: &Context<'_>,
        filter: Option<CodeListFilter>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<CodeListNode>> {
        let request = graphql::caller(ctx)?;
        let found = code_list::list(&request, &filter.unwrap_or_default(), &PageRequest { first, after, sort, count });
        graphql::wrap(&request, found).map(|page| Connection::new(page.map(CodeListNode)))
    }

    /// Reads a code list by its id or official name.
    async fn get_code_list(&self, ctx: &Context<'_>, id: String) -> async_graphql::Result<CodeListNode> {
        let request = graphql::caller(ctx)?;
        graphql::wrap(&request, code_list::get(&request, &id)).map(CodeListNode)
    }

    /// Lists the values of a code list in the order of their source.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_code_items(
        &self,
        ctx: &Context<'_>,
        id: String,
        filter: Option<CodeItemFilter>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<LabelledItem>> {
        values(ctx, &id, filter, &PageRequest { first, after, sort, count })
    }

    /// Translates a code of a list from one scheme into another.
    async fn translate_code(
        &self,
        ctx: &Context<'_>,
        id: String,
        from: CodeScheme,
        to: CodeScheme,
        code: String,
    ) -> async_graphql::Result<CodeTranslation> {
        let request = graphql::caller(ctx)?;
        graphql::wrap(&request, code_list::translate(&request, &id, &TranslateQuery { from, to, code }))
    }
}
