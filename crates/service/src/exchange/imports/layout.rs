//! What a file may hold of each kind of record: read off the shape that a caller sends, so that a
//! field that is added there can be imported at once, by its name and by its official symbol.

use std::collections::BTreeMap;

use gdtx_domain::{
    Label, Ruled,
    exchange::{
        import::{
            column::{Field, Kind, Layout},
            words,
        },
        resource::ResourceKind,
    },
    rule::{Form, Rule},
    territory::code_list,
    text,
};
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use crate::{Resource, resource::Recorded, shape::Record};

/// Members of a shape that a file fills in its own way.
const LEFT_OUT: [&str; 1] = ["externalIds"];
/// Shapes that are one value in a cell.
const PARTIAL_DATE: &str = "PartialDate";

/// The layout of a kind of record.
pub(super) fn of<R: Resource>() -> Layout
where
    <R::Record as Record>::New: ToSchema,
{
    let mut shapes = Vec::new();
    <<R::Record as Record>::New as ToSchema>::schemas(&mut shapes);
    let shape = <<R::Record as Record>::New as PartialSchema>::schema();
    let mut fields = fields_of(&shape, shapes, <<R::Record as Record>::New as Ruled>::RULES);
    for field in &mut fields {
        let member = field.path.split('.').next().unwrap_or_default();
        let class = R::Record::FIELDS.iter().find(|(name, _)| text::camel(name) == member);
        field.personal = class.is_some_and(|(_, class)| class.is_personal());
    }
    Layout::new(fields).beside(&shown::<R>())
}

/// The fields of a record as it is shown, each a column of a sheet.
pub fn shown<R: Resource>() -> Vec<Field> {
    let mut shapes = Vec::new();
    <R::Record as ToSchema>::schemas(&mut shapes);
    fields_of(&<R::Record as PartialSchema>::schema(), shapes, &[])
}

/// The layout of a kind of event: its fields, and the record that it belongs to.
pub(super) fn of_event<R: Recorded>() -> Layout
where
    <R::Record as Record>::New: ToSchema,
{
    let owner = Field {
        path: R::OWNER.to_owned(),
        kind: Kind::Text,
        form: Form::Any,
        max: None,
        list: None,
        symbols: Vec::new(),
        label: String::new(),
        about: "The record that the event belongs to.".to_owned(),
        required: true,
        personal: false,
        spellings: Vec::new(),
        labels: Vec::new(),
        reference: referred(R::OWNER),
    };
    let mut fields = of::<R>().fields;
    fields.insert(0, owner);
    Layout::new(fields).beside(&shown::<R>())
}

/// The fields of a shape, those of its places and the like one by one.
fn fields_of(shape: &RefOr<Schema>, shapes: Vec<(String, RefOr<Schema>)>, rules: &[(&str, Rule)]) -> Vec<Field> {
    let shapes = Shapes(shapes.into_iter().map(|(name, shape)| (name, json(&shape))).collect());
    let (shape, mut fields) = (json(shape), Vec::new());
    for (name, property) in properties(&shape) {
        if LEFT_OUT.contains(&name.as_str()) {
            continue;
        }
        let rule = rules.iter().find(|(field, _)| text::camel(field) == *name).map_or(Rule::ANY, |(_, rule)| *rule);
        let required = rule.required || requires(&shape, name);
        shapes.add(name, property, rule, required, &mut fields);
    }
    fields
}

/// The shapes that others refer to, by name.
struct Shapes(BTreeMap<String, Value>);

impl Shapes {
    /// Adds the fields of a property: itself, or the members of an object.
    fn add(&self, path: &str, property: &Value, rule: Rule, required: bool, fields: &mut Vec<Field>) {
        let (name, shape) = self.resolved(property);
        let about = said(property).or(shape["description"].as_str()).unwrap_or_default();
        if name != Some(PARTIAL_DATE) && properties(shape).next().is_some() {
            for (member, inner) in properties(shape) {
                let must = required && requires(shape, member);
                self.add(&format!("{path}.{member}"), inner, Rule::ANY, must, fields);
            }
            return;
        }
        fields.push(Field {
            path: path.to_owned(),
            kind: self.kind(property),
            form: rule.form,
            max: Some(rule.max).filter(|max| *max < usize::MAX && matches!(rule.form, Form::Text | Form::Digits)),
            spellings: spellings(self.resolved(property), list(about, name).as_deref()),
            list: list(about, name),
            labels: labels(shape),
            symbols: symbols(about),
            label: label(about),
            about: about.to_owned(),
            required,
            personal: false,
            reference: reference(path, shape),
        });
    }

    fn kind(&self, property: &Value) -> Kind {
        let (name, shape) = self.resolved(property);
        if name == Some(PARTIAL_DATE) {
            return Kind::PartialDate;
        }
        if let Some(codes) = shape["enum"].as_array() {
            return Kind::Enum(codes.iter().filter_map(|code| code.as_str().map(str::to_owned)).collect());
        }
        match type_of(shape) {
            "string" if shape["format"] == "date" => Kind::Date,
            "string" => Kind::Text,
            "integer" => Kind::Integer,
            "number" => Kind::Decimal,
            "boolean" => Kind::Boolean,
            "array" if self.kind(&shape["items"]) == Kind::Text => Kind::Texts,
            _ => Kind::Structure,
        }
    }

    /// The shape of a property, behind a reference or beside a null, with its name if it has one.
    fn resolved<'a>(&'a self, property: &'a Value) -> (Option<&'a str>, &'a Value) {
        if let Some(name) = property["$ref"].as_str().and_then(|path| path.rsplit('/').next())
            && let Some((name, shape)) = self.0.get_key_value(name)
        {
            return (Some(name), shape);
        }
        let other = choices(property).find(|choice| choice["type"] != "null");
        other.map_or((None, property), |choice| self.resolved(choice))
    }
}

/// The shapes that a value may have.
fn choices(property: &Value) -> impl Iterator<Item = &Value> {
    let several = property["oneOf"].as_array().or(property["allOf"].as_array()).or(property["anyOf"].as_array());
    several.into_iter().flatten()
}

/// What the documentation says of a property, which may stand beside the name of its shape.
fn said(property: &Value) -> Option<&str> {
    property["description"].as_str().or_else(|| choices(property).find_map(|choice| choice["description"].as_str()))
}

fn json(shape: &impl serde::Serialize) -> Value {
    serde_json::to_value(shape).unwrap_or_default()
}

fn properties(shape: &Value) -> impl Iterator<Item = (&String, &Value)> {
    shape["properties"].as_object().into_iter().flatten()
}

fn requires(shape: &Value, name: &str) -> bool {
    shape["required"].as_array().into_iter().flatten().any(|required| required == name)
}

/// The type of a shape beside null.
fn type_of(shape: &Value) -> &str {
    match &shape["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or_default(),
        one => one.as_str().unwrap_or_default(),
    }
}

/// The code list that the documentation names, or that an enum of ours stands for.
fn list(about: &str, name: Option<&str>) -> Option<String> {
    let named = about.split("list `").nth(1).and_then(|rest| rest.split('`').next()).map(str::to_owned);
    let list = named.or_else(|| name.map(snake))?;
    code_list::list(&list).map(|list| list.id.clone())
}

/// What the codes of a field are called: the labels of its enum or code list, and the words that sheets
/// use for them. What two codes are called names neither.
fn spellings((name, shape): (Option<&str>, &Value), list: Option<&str>) -> Vec<(String, String)> {
    let labelled = labels(shape).into_iter().map(|(code, label)| (text::key(&label.vi), code));
    let items = list.map_or(&[][..], code_list::items).iter().filter(|item| item.accepted && shape["enum"].is_null());
    let listed = items.map(|item| (text::key(&item.label_vi), item.code.clone()));
    let used = name
        .map(snake)
        .into_iter()
        .flat_map(|list| words::of(&list).map(|(word, code)| (word, code.to_owned())).collect::<Vec<_>>());
    let mut found: BTreeMap<String, Option<String>> = BTreeMap::new();
    for (word, code) in labelled.chain(listed).chain(used).filter(|(word, _)| !word.is_empty()) {
        let same = |known: &mut Option<String>| {
            if known.as_deref() != Some(&code) {
                *known = None;
            }
        };
        found.entry(word).and_modify(same).or_insert_with(|| Some(code.clone()));
    }
    found.into_iter().filter_map(|(word, code)| Some((word, code?))).collect()
}

/// The labels of the codes of a closed list: its description is `code` label (label in English); for each of them.
fn labels(shape: &Value) -> Vec<(String, Label)> {
    let codes = shape["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let meanings = shape["description"].as_str().unwrap_or_default();
    let labelled = codes.filter_map(|code| {
        let (_, rest) = meanings.split_once(&format!("`{code}` "))?;
        let rest = rest.split("; `").next()?.strip_suffix(')')?;
        let (vi, en) = rest.split_once(" (")?;
        Some((code.to_owned(), Label::new(vi, en)))
    });
    labelled.collect()
}

fn snake(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.char_indices() {
        if c.is_uppercase() && i > 0 {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// The official symbols in the documentation: what stands in backticks behind `QĐ 4998:`.
fn symbols(about: &str) -> Vec<String> {
    let Some((_, rest)) = about.split_once("QĐ 4998: ") else { return Vec::new() };
    let quoted = rest.split('`').skip(1).step_by(2);
    let is_symbol = |s: &&str| s.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    quoted.take_while(is_symbol).map(str::to_owned).collect()
}

/// The Vietnamese name: the first brackets of the documentation, up to a comma.
fn label(about: &str) -> String {
    let inner = about.split_once('(').and_then(|(_, rest)| rest.split([')', ',']).next());
    inner.unwrap_or_default().trim().to_owned()
}

/// The kind of record whose id a field holds.
fn reference(path: &str, shape: &Value) -> Option<ResourceKind> {
    if shape["format"] == "uuid" { referred(path) } else { None }
}

fn referred(path: &str) -> Option<ResourceKind> {
    match path {
        "centreId" => Some(ResourceKind::Centres),
        "campusId" => Some(ResourceKind::Campuses),
        "programmeId" => Some(ResourceKind::Programmes),
        "classId" => Some(ResourceKind::Classes),
        "enrolmentId" => Some(ResourceKind::Enrolments),
        "learnerId" => Some(ResourceKind::Learners),
        "roomId" => Some(ResourceKind::Rooms),
        "teacherId" => Some(ResourceKind::StaffMembers),
        _ => None,
    }
}
