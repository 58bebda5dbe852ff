//! A row on its way from the payload to the record.

use chrono::NaiveDate;
use gdtx_domain::{
    Checks,
    exchange::{
        import::{
            cell::{self, Cell, MASKED, Reading},
            column::{Column, Field, KEY, Layout},
            job,
            place_name::PlaceNames,
        },
        resource::ResourceKind,
    },
    territory::unit::UnitLevel,
    text,
};
use serde_json::{Map, Value};

use super::{
    reader::{problem, unknown_column},
    receipts::RowProblem,
};

/// A row as the payload has it.
#[derive(Clone)]
pub(super) struct Row {
    /// The line of the payload, or the row of the sheet, from 1.
    pub line: i64,
    /// The kind of record; none when the row does not tell it.
    pub kind: Option<ResourceKind>,
    /// The row as it was sent, for the one who mends it.
    pub sent: String,
    /// Bytes of the payload that were read up to here.
    pub read: i64,
    pub content: Result<Content, Vec<RowProblem>>,
}

/// What a row says.
#[derive(Clone)]
pub(super) struct Content {
    /// The sender's own key of the record.
    pub key: String,
    pub members: Map<String, Value>,
    /// Records that it names by the sender's keys.
    pub references: Vec<Reference>,
    /// Places that it tells by their names.
    pub places: Vec<NamedPlace>,
}

/// A place told by its names.
#[derive(Clone)]
pub(super) struct NamedPlace {
    /// The member that takes it, `place` or `residence`.
    pub member: String,
    pub names: PlaceNames,
    /// The day of the names, when the sender told one for the whole file.
    pub as_of: Option<NaiveDate>,
}

/// A record named by the sender's key of it.
#[derive(Clone)]
pub(super) struct Reference {
    /// The member that takes its id.
    pub member: String,
    /// Where the key stands.
    pub pointer: String,
    pub kind: ResourceKind,
    pub key: String,
}

/// How the sender writes rows.
#[derive(Clone, Debug)]
pub(super) struct Options {
    pub reading: Reading,
    /// The day of the names of places.
    pub places_as_of: Option<NaiveDate>,
    /// The column that holds the sender's own key.
    pub key: Option<String>,
    /// Columns to leave out.
    pub ignored: Vec<String>,
}

impl From<&job::Model> for Options {
    fn from(job: &job::Model) -> Self {
        let reading = Reading { scheme: job.code_scheme, dates: job.date_format, since_1904: false };
        let (key, ignored) = (job.key_column.clone(), job.ignored.0.clone());
        Self { reading, places_as_of: job.places_as_of, key, ignored }
    }
}

/// Makes rows of cells under their columns.
pub(super) struct Builder<'a> {
    layout: &'a Layout,
    reading: Reading,
    places_as_of: Option<NaiveDate>,
    /// The column that holds the sender's own key, where it is a field of the record too.
    key_field: Option<usize>,
}

impl<'a> Builder<'a> {
    pub fn new(layout: &'a Layout, options: &Options) -> Self {
        let key_field = options.key.as_deref().and_then(|name| match layout.find(name) {
            Some(Column::Field { field, .. }) => Some(field),
            _ => None,
        });
        Self { layout, reading: options.reading, places_as_of: options.places_as_of, key_field }
    }

    /// The content of a JSON object whose members go by any of their names.
    pub fn object(&self, members: Map<String, Value>, ignored: &[String]) -> Result<Content, Vec<RowProblem>> {
        let (mut unknown, mut outside, mut cells) = (Vec::new(), Map::new(), Vec::with_capacity(members.len()));
        for (name, value) in members {
            let cell = if value.is_null() { Cell::Empty } else { Cell::Json(value) };
            // An object says what is meant: what only the service writes is refused.
            match self.layout.find(&name).filter(|column| *column != Column::ReadOnly) {
                Some(column) if cells.iter().any(|(known, _)| *known == column) => unknown.push(problem(
                    &format!("/{name}"),
                    "repeated",
                    "Hai trường cùng một nghĩa.",
                    "Two members name the same field.",
                )),
                Some(column) => cells.push((column, cell)),
                None if ignored.contains(&name) => {}
                // Members that are objects, such as a place, keep the shape that they have elsewhere.
                None if self.layout.holds(&name) => {
                    outside.insert(name, if let Cell::Json(value) = cell { value } else { Value::Null });
                }
                None => unknown.push(unknown_column(&name, self.layout)),
            }
        }
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let mut content = self.build(cells.into_iter())?;
        content.members.append(&mut outside);
        Ok(content)
    }

    /// The content of a row.
    pub fn build(&self, cells: impl Iterator<Item = (Column, Cell)>) -> Result<Content, Vec<RowProblem>> {
        let mut checks = Checks::default();
        let mut content =
            Content { key: String::new(), members: Map::new(), references: Vec::new(), places: Vec::new() };
        for (column, cell) in cells {
            if matches!(&cell, Cell::Text(text) if text == MASKED) {
                continue;
            }
            match column {
                Column::Ignored | Column::ReadOnly | Column::Resource | Column::Blank => {}
                Column::PlaceName { field, level } => self.name_place(field, level, &cell, &mut content),
                Column::Key => content.key = key_of(&cell),
                Column::Reference { field } => refer(&self.layout.fields[field], &cell, &mut content),
                Column::Field { field, dates } => {
                    if self.key_field == Some(field) {
                        content.key = key_of(&cell);
                    }
                    let reading = Reading { dates: dates.unwrap_or(self.reading.dates), ..self.reading };
                    let field = &self.layout.fields[field];
                    if let Some(value) = cell::value(field, cell, reading, &mut checks) {
                        place(&mut content.members, &field.path, value);
                    }
                }
            }
        }
        // Of a place, or another object of several columns, nothing may be all that a row tells.
        for value in content.members.values_mut() {
            if value.as_object().is_some_and(|object| object.values().all(Value::is_null)) {
                *value = Value::Null;
            }
        }
        if content.key.is_empty() {
            let pointer = self.key_field.map_or_else(|| format!("/{KEY}"), |field| self.layout.fields[field].pointer());
            checks.refuse(
                &pointer,
                "required",
                "Dòng thiếu khóa của bên gửi, nên không biết là bản ghi nào.",
                "The row lacks the sender's key, so it is not known which record it is.",
            );
        }
        if checks.is_ok() { Ok(content) } else { Err(checks.problems.iter().map(RowProblem::from).collect()) }
    }
}

impl Builder<'_> {
    /// Notes the name of a unit.
    fn name_place(&self, field: usize, level: UnitLevel, cell: &Cell, content: &mut Content) {
        let Some(member) = self.layout.fields[field].place() else { return };
        let at = content.places.iter().position(|place| place.member == member).unwrap_or_else(|| {
            let (member, names) = (member.to_owned(), PlaceNames::default());
            content.places.push(NamedPlace { member, names, as_of: self.places_as_of });
            content.places.len() - 1
        });
        let name = key_of(cell);
        if !name.is_empty() {
            content.places[at].names.set(level, name);
        }
    }
}

/// Notes a record that a row names by a key.
fn refer(field: &Field, cell: &Cell, content: &mut Content) {
    let (key, name) = (key_of(cell), field.by_key().unwrap_or_default());
    if let Some(kind) = field.reference.filter(|_| !key.is_empty()) {
        let pointer = format!("/{name}");
        content.references.push(Reference { member: field.path.clone(), pointer, kind, key });
    }
}

/// A key as a text; a number in a sheet is one, too.
fn key_of(cell: &Cell) -> String {
    let raw = match cell {
        Cell::Text(text) | Cell::Json(Value::String(text)) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Json(Value::Number(number)) => number.to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::Empty | Cell::Boolean(_) | Cell::Json(_) | Cell::Broken => String::new(),
    };
    text::clean(&raw).unwrap_or(raw)
}

/// Puts a value at a path, `residence.code` into the member `residence`.
fn place(members: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        // Of two columns for one place the closer one counts: a commune has more digits than its province.
        None if members.get(path).and_then(Value::as_str).map(str::len) > value.as_str().map(str::len) => {}
        None => {
            members.insert(path.to_owned(), value);
        }
        Some((member, rest)) => {
            if let Value::Object(inner) = members.entry(member).or_insert_with(|| Value::Object(Map::new())) {
                place(inner, rest, value);
            }
        }
    }
}
