//! Code lists: which codes may stand in a field, what they are called, and what they are elsewhere.
//!
//! Both languages are in every answer; `title` and `label` repeat the one that was asked for.

use async_graphql::{InputObject, SimpleObject};
use gdtx_domain::{
    Lang,
    territory::{
        code_list::{self as lists, CodeItem, CodeList, CodeScheme},
        resolution::ResolutionOutcome,
    },
    text::fold,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    Ctx, Error, Page, PageRequest, Result,
    filter::check_search,
    page::{SortBy, slice},
};

/// A list of codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CodeList)]
pub struct TitledList {
    #[serde(flatten)]
    pub list: CodeList,
    /// The title in the language of the request.
    pub title: String,
}

/// A value of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "CodeItem")]
#[schema(as = CodeItem)]
pub struct LabelledItem {
    #[serde(flatten)]
    #[graphql(flatten)]
    pub item: CodeItem,
    /// The label in the language of the request.
    pub label: String,
}

/// What a code of one scheme is in another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodeTranslation {
    /// `ambiguous` when the code means several values or its value has several codes there.
    pub outcome: ResolutionOutcome,
    /// The code in the other scheme when it is the only one.
    pub code: Option<String>,
    /// Every code that it can be in the other scheme.
    pub codes: Vec<String>,
    /// The values that the code means in its own scheme.
    pub items: Vec<LabelledItem>,
    /// What to know about the values, e.g. that the code is a misuse of the list.
    pub note: Option<String>,
}

/// Which lists to show.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, InputObject, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct CodeListFilter {
    /// Words of the title in either language, of the id or of the official name; accents do not matter;
    /// at most 200 characters.
    #[param(max_length = 200)]
    pub search: Option<String>,
}

/// Which values of a list to show.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, InputObject, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct CodeItemFilter {
    /// Values that have a code in this scheme.
    pub scheme: Option<CodeScheme>,
    /// Words of the label in either language, of the note, or of a code in any scheme; accents do
    /// not matter; at most 200 characters.
    #[param(max_length = 200)]
    pub search: Option<String>,
}

/// A code to be translated.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct TranslateQuery {
    /// The scheme of the code given.
    pub from: CodeScheme,
    /// The scheme wanted.
    pub to: CodeScheme,
    /// The code.
    pub code: String,
}

/// Lists the code lists by id.
pub fn list(ctx: &Ctx, filter: &CodeListFilter, request: &PageRequest) -> Result<Page<TitledList>> {
    const SORTS: &[SortBy<&CodeList>] =
        &[("id", |l| l.id.clone()), ("titleVi", |l| fold(&l.title_vi)), ("titleEn", |l| fold(&l.title_en))];
    check_search(filter.search.as_deref())?;
    let official = |l: &CodeList| l.official_name.clone().unwrap_or_default();
    let found = lists::lists()
        .iter()
        .filter(|l| matches(filter.search.as_deref(), &[&l.id, &official(l), &l.title_vi, &l.title_en]))
        .collect();
    let page = slice(found, |l: &&CodeList| &l.id, SORTS, request, "code-lists", filter)?;
    Ok(page.map(|l| titled(l, ctx.lang)))
}

/// Reads a list by its id (`dropout_reason`) or official name (`DM_LY_DO_THOI_HOC`).
pub fn get(ctx: &Ctx, id: &str) -> Result<TitledList> {
    lists::list(id).map(|l| titled(l, ctx.lang)).ok_or_else(Error::not_found)
}

/// Lists the values of a list in the order of their source.
pub fn items(ctx: &Ctx, id: &str, filter: &CodeItemFilter, request: &PageRequest) -> Result<Page<LabelledItem>> {
    const SORTS: &[SortBy<&CodeItem>] =
        &[("code", |i| i.code.clone()), ("labelVi", |i| fold(&i.label_vi)), ("labelEn", |i| fold(&i.label_en))];
    check_search(filter.search.as_deref())?;
    let list = lists::list(id).ok_or_else(Error::not_found)?;
    let found = lists::items(&list.id)
        .iter()
        .filter(|item| filter.scheme.is_none_or(|scheme| !item.codes_in(scheme).is_empty()))
        .filter(|item| {
            let codes: Vec<&str> = CodeScheme::ALL.iter().flat_map(|scheme| item.codes_in(*scheme)).collect();
            let note = item.note.as_deref().unwrap_or_default();
            matches(filter.search.as_deref(), &[&item.label_vi, &item.label_en, note, &codes.join(" ")])
        })
        .collect();
    let page = slice(found, |i: &&CodeItem| &i.code, SORTS, request, "code-items", &(&list.id, filter))?;
    Ok(page.map(|item| labelled(item, ctx.lang)))
}

/// Translates a code of a list from one scheme into another.
pub fn translate(ctx: &Ctx, id: &str, query: &TranslateQuery) -> Result<CodeTranslation> {
    let list = lists::list(id).ok_or_else(Error::not_found)?;
    let found = lists::translate(&list.id, query.from, query.to, query.code.trim());
    Ok(CodeTranslation {
        outcome: found.outcome,
        code: found.code,
        codes: found.codes,
        items: found.items.into_iter().map(|item| labelled(item, ctx.lang)).collect(),
        note: found.note,
    })
}

fn titled(list: &CodeList, lang: Lang) -> TitledList {
    TitledList { title: list.title().in_lang(lang).to_owned(), list: list.clone() }
}

fn labelled(item: &CodeItem, lang: Lang) -> LabelledItem {
    LabelledItem { label: item.label().in_lang(lang).to_owned(), item: item.clone() }
}

/// Whether every word of a search stands somewhere in the texts.
fn matches(search: Option<&str>, texts: &[&str]) -> bool {
    let Some(search) = search else { return true };
    let texts = fold(&texts.join(" "));
    fold(search).split(' ').all(|word| texts.contains(word))
}

/// Every list with its values as JSON, one value a line, as it is committed.
pub fn print() -> String {
    fn json(value: &impl Serialize) -> String {
        serde_json::to_string(value).unwrap_or_default()
    }
    let list = |list: &CodeList| {
        let items: Vec<String> = lists::items(&list.id).iter().map(|item| format!("  {}", json(item))).collect();
        let head = json(list);
        let head = head.strip_suffix('}').unwrap_or(&head);
        format!("{head},\"items\":[\n{}\n]}}", items.join(",\n"))
    };
    let all: Vec<String> = lists::lists().iter().map(list).collect();
    format!("[\n{}\n]\n", all.join(",\n"))
}
