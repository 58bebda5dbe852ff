//! Finds what is wrong in the input of a request, all of it and by pointer: the engine stops at the
//! first fault, and calls a misspelt field a missing one.

use std::collections::{BTreeMap, HashMap};

use async_graphql::{Name, Pos, Positioned, parser::types::Field};
use async_graphql::{
    Value, Variables,
    parser::{
        parse_schema,
        types::{ExecutableDocument, InputValueDefinition, Selection, TypeKind, TypeSystemDefinition},
    },
};
use chrono::{DateTime, NaiveDate};
use gdtx_domain::{Checks, Decimal2, SchoolYear};
use uuid::Uuid;

use crate::rest::{
    body::{nearest, suggestion},
    value::unreadable,
};

/// Names with their types as the schema writes them; what has a default is not required.
type Fields = BTreeMap<String, String>;

/// The inputs of the schema.
#[derive(Debug, Default)]
pub struct Inputs {
    objects: HashMap<String, Fields>,
    enums: HashMap<String, Vec<String>>,
    /// The arguments of the fields of the roots.
    roots: HashMap<String, Fields>,
    /// Whether refusals may tell names of the schema that were not asked with.
    tells: bool,
}

/// What is wrong with the arguments of one field of a root.
pub struct Faults {
    /// Its name in the answer.
    pub key: String,
    /// Where it begins in the document.
    pub from: Pos,
    /// Where the next one begins.
    pub to: Option<Pos>,
    pub checks: Checks,
}

impl Inputs {
    /// Reads them from the schema's own text; `tells` where anyone may read it.
    pub fn of(sdl: &str, tells: bool) -> Self {
        let mut inputs = Self { tells, ..Self::default() };
        let Ok(document) = parse_schema(sdl) else { return inputs };
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let name = definition.node.name.node.to_string();
            match definition.node.kind {
                TypeKind::InputObject(object) => {
                    inputs.objects.insert(name, fields(&object.fields));
                }
                TypeKind::Enum(values) => {
                    let values = values.values.iter().map(|v| v.node.value.node.to_string());
                    inputs.enums.insert(name, values.collect());
                }
                TypeKind::Object(object) if matches!(name.as_str(), "Query" | "Mutation" | "Subscription") => {
                    for field in object.fields {
                        inputs.roots.insert(field.node.name.node.to_string(), fields(&field.node.arguments));
                    }
                }
                _ => {}
            }
        }
        inputs
    }

    /// Everything that is wrong with the arguments of the fields of the root of an operation.
    pub fn faults(&self, document: &ExecutableDocument, operation: Option<&str>, variables: &Variables) -> Vec<Faults> {
        let mut found = Vec::new();
        for (name, chosen) in document.operations.iter() {
            if operation.is_some() && name.map(Name::as_str) != operation {
                continue;
            }
            let items = &chosen.node.selection_set.node.items;
            for (i, selection) in items.iter().enumerate() {
                let Selection::Field(field) = &selection.node else { continue };
                let mut checks = Checks::default();
                self.field(field, variables, &mut checks);
                if !checks.is_ok() {
                    let key = field.node.response_key().node.to_string();
                    found.push(Faults { key, from: field.pos, to: items.get(i + 1).map(|next| next.pos), checks });
                }
            }
        }
        found
    }

    fn field(&self, field: &Positioned<Field>, variables: &Variables, checks: &mut Checks) {
        let Some(arguments) = self.roots.get(field.node.name.node.as_str()) else { return };
        for (name, value) in &field.node.arguments {
            let Some(kind) = arguments.get(name.node.as_str()) else { continue };
            let given = value.node.clone().into_const_with(|name| variables.get(&name).cloned().ok_or(()));
            let Ok(given) = given else { continue };
            // The input of a mutation is what a body is on REST: pointers are the same on both.
            let pointer = match name.node.as_str() {
                "input" | "patch" => String::new(),
                other => format!("/{other}"),
            };
            self.value(kind, &given, &pointer, checks);
        }
    }

    fn value(&self, kind: &str, value: &Value, pointer: &str, checks: &mut Checks) {
        if *value == Value::Null {
            if kind.ends_with('!') {
                checks.required::<()>(pointer, None);
            }
            return;
        }
        let kind = kind.trim_end_matches('!');
        if let Some(inner) = kind.strip_prefix('[').and_then(|k| k.strip_suffix(']')) {
            match value {
                Value::List(values) => values.iter().enumerate().for_each(|(i, value)| {
                    self.value(inner, value, &format!("{pointer}/{i}"), checks);
                }),
                one => self.value(inner, one, pointer, checks),
            }
        } else if let Some(fields) = self.objects.get(kind) {
            self.object(fields, value, pointer, checks);
        } else if let Some(codes) = self.enums.get(kind) {
            self.code(codes, value, pointer, checks);
        } else if let Some(expected) = misfit(kind, value) {
            let said = unreadable(expected);
            checks.refuse(pointer, "invalid_value", said.vi, said.en);
        }
    }

    fn object(&self, fields: &Fields, value: &Value, pointer: &str, checks: &mut Checks) {
        let Value::Object(given) = value else {
            let said = unreadable("a map");
            checks.refuse(pointer, "invalid_value", said.vi, said.en);
            return;
        };
        let known: Vec<&str> = fields.keys().map(String::as_str).collect();
        let mut meant = Vec::new();
        for name in given.keys().filter(|name| !fields.contains_key(name.as_str())) {
            let near = nearest(name, &known).filter(|_| self.tells);
            meant.extend(near);
            let (vi, en) = suggestion(near);
            checks.refuse(
                &format!("{pointer}/{name}"),
                "unknown_property",
                format!("Không có trường “{name}”.{vi}"),
                format!("There is no field “{name}”.{en}"),
            );
        }
        for (name, kind) in fields {
            let pointer = format!("{pointer}/{name}");
            match given.get(name.as_str()) {
                Some(value) => self.value(kind, value, &pointer, checks),
                // It was sent under a misspelt name, which has been told.
                None if meant.contains(&name.as_str()) => {}
                None if kind.ends_with('!') => checks.required::<()>(&pointer, None),
                None => {}
            }
        }
    }

    fn code(&self, codes: &[String], value: &Value, pointer: &str, checks: &mut Checks) {
        let given = match value {
            Value::Enum(name) => name.as_str(),
            Value::String(text) => text.as_str(),
            _ => "",
        };
        if codes.iter().any(|code| code == given) {
            return;
        }
        let (vi, en) = if self.tells {
            let known: Vec<&str> = codes.iter().map(String::as_str).collect();
            let ((vi, en), list) = (suggestion(nearest(given, &known)), known.join(", "));
            (format!(": {list}.{vi}"), format!(": {list}.{en}"))
        } else {
            (".".to_owned(), " its codes.".to_owned())
        };
        checks.refuse(pointer, "unknown_code", format!("Mã không có trong danh sách{vi}"), format!("Not one of{en}"));
    }
}

fn fields(definitions: &[Positioned<InputValueDefinition>]) -> Fields {
    let kind = |input: &InputValueDefinition| {
        let written = input.ty.node.to_string();
        if input.default_value.is_some() { written.trim_end_matches('!').to_owned() } else { written }
    };
    definitions.iter().map(|input| (input.node.name.node.to_string(), kind(&input.node))).collect()
}

/// What was expected, by the sign that [`unreadable`] knows, where a value does not fit a scalar.
fn misfit(kind: &str, value: &Value) -> Option<&'static str> {
    let text = |fits: fn(&str) -> bool| matches!(value, Value::String(text) if fits(text));
    let (fits, sign) = match kind {
        "String" => (matches!(value, Value::String(_)), "a string"),
        "ID" => (matches!(value, Value::String(_) | Value::Number(_)), "a string"),
        "Boolean" => (matches!(value, Value::Boolean(_)), "boolean"),
        "Int" => (matches!(value, Value::Number(n) if n.is_i64() || n.is_u64()), "i32"),
        "Float" => (matches!(value, Value::Number(_)), "f64"),
        "UUID" => (text(|t| t.parse::<Uuid>().is_ok()), "UUID"),
        "NaiveDate" => (text(|t| t.parse::<NaiveDate>().is_ok()), "formatted date"),
        "DateTime" => (text(|t| DateTime::parse_from_rfc3339(t).is_ok()), "RFC 3339"),
        "SchoolYear" => {
            let year = match value {
                Value::Number(n) => n.to_string(),
                Value::String(text) => text.clone(),
                _ => String::new(),
            };
            (year.parse::<SchoolYear>().is_ok(), "school year")
        }
        "Decimal2" => {
            let number = if let Value::Number(n) = value { n.as_f64() } else { None };
            (number.and_then(Decimal2::from_f64).is_some(), "decimal digit")
        }
        _ => (true, ""),
    };
    (!fits).then_some(sign)
}
