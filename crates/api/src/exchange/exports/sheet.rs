//! Records as rows of a sheet: columns by name or by official symbol, codes in the scheme asked for.

use gdtx_domain::{
    Lang,
    exchange::import::{
        cell::MASKED,
        column::{Field, KEY, Kind, LABEL},
    },
    territory::code_list::{self, CodeItem, CodeScheme, translate},
};
use gdtx_service::{Error, Result, exchange::exports};
use serde::Serialize;
use serde_json::Value;

use super::{ExportLayout, ExportParameters};
use crate::{resource::Exposed, rest::query::unknown_field};

/// What a sheet shows as its key, or not at all.
const HEAD: [&str; 3] = [KEY, "externalIds", "maskedFields"];

/// A column of an export.
struct Column {
    heading: String,
    field: Field,
    /// Whether it shows the label of the code.
    label: bool,
}

/// The columns of an export.
pub struct Columns {
    list: Vec<Column>,
    scheme: CodeScheme,
    lang: Lang,
    /// The caller's own namespace of keys.
    system: Option<String>,
}

impl Columns {
    /// The columns of a resource; of them those of the fields asked for.
    pub fn of<R: Exposed>(
        own: &ExportParameters,
        scheme: CodeScheme,
        fields: Option<&[String]>,
        (lang, system): (Lang, Option<String>),
    ) -> Result<Self> {
        let asked = |path: &str| {
            fields.is_none_or(|fields| {
                fields.iter().any(|field| {
                    path.strip_prefix(field.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                })
            })
        };
        let mut known = exports::columns::<R>();
        if own.layout == ExportLayout::Qd4998 {
            // A form's own fields have their symbols before the centre that every record belongs to, and where
            // somebody lives is meant before where somebody was born.
            known.sort_by_key(|field| (field.path == "centreId", !field.path.starts_with("residence.")));
        }
        for name in fields.into_iter().flatten() {
            let is_own = HEAD.contains(&name.as_str());
            let holds = |field: &Field| field.path == *name || field.path.starts_with(&format!("{name}."));
            if !is_own && !known.iter().any(holds) {
                return Err(unknown_field(name, &known.iter().map(|field| field.path.as_str()).collect::<Vec<_>>()));
            }
        }
        let mut columns = Vec::new();
        for field in known.into_iter().filter(|field| asked(&field.path)) {
            let heading = match own.layout {
                ExportLayout::Api => field.path.clone(),
                // A symbol that several fields share goes to the first.
                ExportLayout::Qd4998 => {
                    let free = |symbol: &&String| columns.iter().all(|known: &Column| known.heading != **symbol);
                    let Some(symbol) = field.symbols.iter().find(free) else { continue };
                    symbol.clone()
                }
            };
            let label = own.labels && (field.list.is_some() || !field.labels.is_empty());
            columns.push(Column { heading: heading.clone(), field: field.clone(), label: false });
            if label {
                columns.push(Column { heading: format!("{heading}{LABEL}"), field, label: true });
            }
        }
        Ok(Self { list: columns, scheme, lang, system })
    }

    /// Whether records are written as they are.
    pub fn is_plain(&self) -> bool {
        self.scheme == CodeScheme::Api
    }

    /// Writes codes in the scheme asked for.
    pub fn translate(&self, record: &mut Value) {
        for column in self.list.iter().filter(|column| column.field.list.is_some()) {
            match record.pointer_mut(&column.field.pointer()) {
                Some(Value::String(code)) => *code = self.coded(&column.field, code),
                Some(Value::Array(items)) => {
                    for item in items {
                        if let Value::String(code) = item {
                            *code = self.coded(&column.field, code);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn coded(&self, field: &Field, code: &str) -> String {
        let list = field.list.as_deref().unwrap_or_default();
        match self.scheme {
            CodeScheme::Api => code.to_owned(),
            scheme => translate(list, CodeScheme::Api, scheme, code).code.unwrap_or_else(|| code.to_owned()),
        }
    }

    /// The headings.
    pub fn headings(&self) -> Vec<String> {
        std::iter::once(KEY.to_owned()).chain(self.list.iter().map(|column| column.heading.clone())).collect()
    }

    /// The rows of a run.
    pub fn rows<T: Serialize>(&self, run: &[T]) -> Result<Vec<Vec<String>>> {
        run.iter().map(|record| self.cells(record)).collect()
    }

    fn cells<T: Serialize>(&self, record: &T) -> Result<Vec<String>> {
        let value = serde_json::to_value(record).map_err(Error::internal)?;
        // The caller's own key, by which a sheet finds its records when it comes back.
        let keys = value["externalIds"].as_array().into_iter().flatten();
        let own = keys.filter(|id| id["system"].as_str() == self.system.as_deref()).find_map(|id| id["value"].as_str());
        let key = own.unwrap_or_default().to_owned();
        let masked = value["maskedFields"].as_array().cloned().unwrap_or_default();
        let each = self.list.iter().map(|column| {
            let at = value.pointer(&column.field.pointer()).unwrap_or(&Value::Null);
            let member = column.field.path.split('.').next().unwrap_or_default();
            let is_blank = at.is_null() || at.as_array().is_some_and(Vec::is_empty);
            if is_blank && masked.iter().any(|name| name == member) {
                // A blank cell would clear what its reader may not see.
                return MASKED.to_owned();
            }
            self.cell(column, at)
        });
        Ok(std::iter::once(key).chain(each).collect())
    }

    fn cell(&self, column: &Column, value: &Value) -> String {
        let (field, listed) = (&column.field, column.field.list.as_deref());
        let coded = |code: &str| {
            if column.label {
                let own = field.labels.iter().find(|(known, _)| known == code).map(|(_, label)| label.clone());
                let label = own.or_else(|| code_list::item(listed?, code).map(CodeItem::label));
                return label.map(|label| label.in_lang(self.lang).to_owned());
            }
            Some(if listed.is_some() { self.coded(field, code) } else { code.to_owned() })
        };
        let coded = |code: &str| coded(code).unwrap_or_default();
        match value {
            Value::Null => String::new(),
            Value::String(text) => coded(text),
            Value::Array(items) if column.field.kind == Kind::Texts => {
                items.iter().filter_map(Value::as_str).map(coded).collect::<Vec<_>>().join(";")
            }
            // A date that is partly known tells its precision by its length.
            Value::Object(date) if column.field.kind == Kind::PartialDate => {
                date.get("value").and_then(Value::as_str).unwrap_or_default().to_owned()
            }
            other => other.to_string(),
        }
    }
}
