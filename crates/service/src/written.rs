//! The answer to a write: the record, and warnings that did not stop it.

use async_graphql::SimpleObject;
use gdtx_domain::{FieldProblem, Label, Lang};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something wrong, or merely worth a look, with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Warning)]
#[graphql(name = "Warning")]
pub struct Problem {
    /// JSON Pointer (RFC 6901) into the body.
    pub pointer: String,
    /// Stable snake_case code.
    pub code: String,
    /// What is wrong, in the language of the request.
    pub detail: String,
    /// Addresses of the records that it is about; absent when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// The same in both languages, for receipts.
    #[serde(skip)]
    #[schema(ignore)]
    #[graphql(skip)]
    pub(crate) label: Label,
}

impl Problem {
    pub fn new(problem: &FieldProblem, lang: Lang) -> Self {
        Self {
            pointer: problem.pointer.clone(),
            code: problem.code.to_owned(),
            detail: problem.detail.in_lang(lang).to_owned(),
            links: problem.links.clone(),
            label: problem.detail.clone(),
        }
    }
}

/// A record after a write, with warnings.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Written<T> {
    #[serde(flatten)]
    pub record: T,
    /// Absent when there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Problem>,
    /// Whether the record came to be with this write.
    #[serde(skip)]
    pub created: bool,
}
