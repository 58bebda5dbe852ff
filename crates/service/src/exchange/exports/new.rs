//! What an export job is asked for: the parameters of the export, in a body.

use async_graphql::InputObject;
use gdtx_domain::{
    exchange::{
        export::job::{ExportFormat, ExportLayout},
        resource::ResourceKind,
    },
    territory::code_list::CodeScheme,
    text,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{
    ToSchema,
    openapi::{Array, ArrayBuilder, Object, ObjectBuilder, Type, schema::SchemaType},
};

use crate::{AsOf, Code, Error, Result};

/// A list that is wanted as a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewExportJob {
    /// The list.
    pub resource: ResourceKind,
    /// `ndjson` when absent.
    #[serde(default)]
    pub format: Option<ExportFormat>,
    /// `api` when absent; for sheets.
    #[serde(default)]
    pub layout: Option<ExportLayout>,
    /// The coding of codes, of those in `/v1/code-lists`; a code without a counterpart stays as it is.
    #[serde(default)]
    pub code_scheme: Option<CodeScheme>,
    /// Whether codes are followed by a column of their labels, in the language of the request; for sheets.
    #[serde(default)]
    #[graphql(default)]
    pub labels: bool,
    /// Names of the fields wanted, `commune.name` for a part of one; all when absent.
    #[serde(default)]
    #[schema(schema_with = field_names)]
    pub fields: Option<Vec<String>>,
    /// The moment of the past that is wanted: a position of the journal, or an instant (RFC 3339).
    #[serde(default)]
    #[schema(schema_with = moment)]
    pub as_of: Option<String>,
    /// The filters of the list, by the names of its parameters: `{"provinceCode": "31"}`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub filter: Option<Value>,
}

fn moment() -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .description(Some(
            "The moment of the past that is wanted: a position of the journal, or an instant (RFC 3339).",
        ))
        .pattern(Some(AsOf::PATTERN))
        .max_length(Some(40))
        .build()
}

fn field_names() -> Array {
    let name = ObjectBuilder::new().schema_type(Type::String).pattern(Some(r"^[A-Za-z0-9]+(\.[A-Za-z0-9]+)*$"));
    ArrayBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Array, Type::Null]))
        .description(Some("Names of the fields wanted, `commune.name` for a part of one; all when absent."))
        .items(name)
        .min_items(Some(1))
        .max_items(Some(200))
        .build()
}

/// What the parameters of an export are called that a filter cannot be.
const OWN: [&str; 7] = ["format", "layout", "codeScheme", "labels", "fields", "asOf", "lang"];

impl NewExportJob {
    /// The parameters of the export, as they stand in a query.
    ///
    /// # Errors
    /// `malformed_body` when the filter is no object of single values, or names what stands beside it.
    pub fn parameters(&self) -> Result<Vec<(String, String)>> {
        let mut all = vec![("format".to_owned(), self.format.unwrap_or_default().code().to_owned())];
        let mut put = |name: &str, value: Option<String>| all.extend(value.map(|value| (name.to_owned(), value)));
        put("layout", self.layout.map(|layout| layout.code().to_owned()));
        put("codeScheme", self.code_scheme.map(|scheme| scheme.code().to_owned()));
        put("labels", self.labels.then(|| "true".to_owned()));
        if let Some(fields) = &self.fields {
            check_names(fields)?;
            put("fields", Some(fields.join(",")));
        }
        put("asOf", self.as_of.clone());
        let filter = match &self.filter {
            None | Some(Value::Null) => return Ok(all),
            Some(Value::Object(filter)) => filter,
            Some(_) => {
                return Err(refused("", "invalid_value", "Cần một đối tượng JSON.", "A JSON object is needed."));
            }
        };
        for (name, value) in filter {
            if OWN.contains(&name.as_str()) {
                let (vi, en) = ("Không có bộ lọc này.", "There is no such filter.");
                return Err(refused(name, "unknown_property", vi, en));
            }
            match value {
                Value::Null => {}
                Value::String(text) => put(name, Some(text.clone())),
                Value::Bool(_) | Value::Number(_) => put(name, Some(value.to_string())),
                Value::Array(_) | Value::Object(_) => {
                    return Err(refused(name, "invalid_value", "Cần một giá trị đơn.", "A single value is needed."));
                }
            }
        }
        Ok(all)
    }

    /// An error about the parameters, told by their places in the body.
    pub fn pointed(mut error: Error) -> Error {
        if error.code == Code::InvalidParameter {
            error.code = Code::MalformedBody;
            error.detail = error.code.explanation();
        }
        if matches!(error.code, Code::MalformedBody | Code::Forbidden) {
            for field in &mut error.fields {
                if !field.pointer.starts_with('/') {
                    let own = OWN.contains(&field.pointer.as_str());
                    field.pointer = if own { format!("/{}", field.pointer) } else { place(&field.pointer) };
                }
            }
        }
        error
    }
}

fn check_names(fields: &[String]) -> Result<()> {
    let wrong = fields.iter().position(|name| !text::is_path(name));
    let pointer = match wrong {
        Some(at) => format!("/fields/{at}"),
        None if fields.is_empty() => "/fields".to_owned(),
        None => return Ok(()),
    };
    let (vi, en) = ("Cần tên một trường, như `commune.name`.", "The name of a field is needed, like `commune.name`.");
    Err(Error::field(Code::MalformedBody, &pointer, "invalid_value", vi, en))
}

fn place(name: &str) -> String {
    format!("/filter/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn refused(name: &str, code: &'static str, vi: &str, en: &str) -> Error {
    let pointer = if name.is_empty() { "/filter".to_owned() } else { place(name) };
    Error::field(Code::MalformedBody, &pointer, code, vi, en)
}

/// What is kept of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewExport {
    pub resource: ResourceKind,
    pub format: ExportFormat,
    pub as_of: Option<String>,
    /// The parameters as a query string.
    pub query: String,
}
