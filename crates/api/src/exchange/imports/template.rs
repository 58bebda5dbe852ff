//! What a file may hold of a kind of record, as data and as a workbook to fill in.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, http::header, web::Path};
use async_graphql::SimpleObject;
use gdtx_domain::{
    exchange::{
        import::column::{Column, Field, KEY, Kind, Layout},
        resource::ResourceKind,
    },
    territory::code_list,
};
use gdtx_service::{Error, Result, exchange::imports};
use rust_xlsxwriter::{Color, DataValidation, Format, Formula, Note, Workbook, Worksheet, XlsxError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::exchange::sheet::XLSX;
use crate::rest::{
    operations::Answer,
    query::{self, NoParameters},
    respond,
};

/// A column that a file may have.
#[derive(Clone, Debug, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportColumn {
    /// Its heading: the field's place in the record.
    pub name: String,
    /// Official symbols (QĐ 4998) that serve as headings too.
    pub symbols: Vec<String>,
    /// Its Vietnamese name, a heading as well where no other column has it.
    pub label: String,
    /// `text`, `integer`, `decimal`, `boolean`, `date`, `partial_date`, `code`, `texts` or `json`.
    pub kind: String,
    /// Whether a new record needs it.
    pub required: bool,
    /// The code list that its values come from.
    pub list: Option<String>,
    /// The codes that it takes, where they are few.
    pub codes: Vec<String>,
    /// What it holds.
    pub about: String,
}

/// The columns of a kind of record.
#[derive(Clone, Debug, Serialize, Deserialize, SimpleObject, ToSchema)]
pub struct ImportTemplate {
    pub resource: ResourceKind,
    pub columns: Vec<ImportColumn>,
}

/// What stands behind the name of a workbook.
pub const BOOK: &str = ".xlsx";
/// Codes that are worth a list beside a field.
const FEW: usize = 200;
/// Rows that get drop-down lists and formats.
const ROWS: u32 = 5_000;

/// The template of a kind of record.
pub fn template(resource: ResourceKind) -> Result<ImportTemplate> {
    let key = ImportColumn {
        name: KEY.to_owned(),
        symbols: Vec::new(),
        label: "Khóa của bên gửi".to_owned(),
        kind: "text".to_owned(),
        required: true,
        list: None,
        codes: Vec::new(),
        about: "The sender's own key of the record: the same key is the same record.".to_owned(),
    };
    let fields = imports::layout_of(resource)?.fields.iter().map(column);
    Ok(ImportTemplate { resource, columns: std::iter::once(key).chain(fields).collect() })
}

fn column(field: &Field) -> ImportColumn {
    let codes = codes(field);
    ImportColumn {
        name: field.by_key().unwrap_or_else(|| field.path.clone()),
        symbols: field.symbols.clone(),
        label: field.label.clone(),
        kind: match &field.kind {
            Kind::Enum(_) => "code",
            Kind::Text if field.list.is_some() => "code",
            Kind::Text => "text",
            Kind::Integer => "integer",
            Kind::Decimal => "decimal",
            Kind::Boolean => "boolean",
            Kind::Date => "date",
            Kind::PartialDate => "partial_date",
            Kind::Texts => "texts",
            Kind::Structure => "json",
        }
        .to_owned(),
        required: field.required,
        list: field.list.clone(),
        codes: if codes.len() <= FEW { codes.into_iter().map(|(code, _)| code).collect() } else { Vec::new() },
        about: field.about.clone(),
    }
}

/// The codes that a field takes, with their Vietnamese labels.
fn codes(field: &Field) -> Vec<(String, String)> {
    let items = field.list.as_deref().map(code_list::items).unwrap_or_default();
    let label = |code: &str| items.iter().find(|item| item.code == code).map(|item| item.label_vi.clone());
    match &field.kind {
        Kind::Enum(codes) => codes.iter().map(|code| (code.clone(), label(code).unwrap_or_default())).collect(),
        _ => items.iter().filter(|item| item.accepted).map(|item| (item.code.clone(), item.label_vi.clone())).collect(),
    }
}

/// Get the template of a kind of record
///
/// Every column that a file of these records may have, by all its names. With `.xlsx` behind the kind a
/// workbook to fill in: headings with notes, drop-down lists of codes, and columns formatted so that
/// leading zeros stay. What is filled in is imported as it is.
#[utoipa::path(
    get, path = "/v1/imports/templates/{resource}", operation_id = "getImportTemplate", tag = "imports",
    params(("resource" = String, Path, description = "The kind of record, `learners` or `learners.xlsx`.")),
    responses(
        (status = 200, description = "The columns, or the workbook.", content((ImportTemplate = "application/json"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
        (status = 400, description = "No such records are imported.", body = crate::problem::Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn read(req: HttpRequest, name: Path<String>) -> Answer {
    let _: NoParameters = query::typed_query(req.query_string())?;
    let (kind, is_book) = name.strip_suffix(BOOK).map_or((name.as_str(), false), |kind| (kind, true));
    let resource = named(kind)?;
    if !is_book {
        return Ok(respond::reference(&req, &template(resource)?, None)?);
    }
    let book = workbook(resource, imports::layout_of(resource)?).map_err(Error::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, XLSX))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{resource}{BOOK}\"")))
        .body(book))
}

fn named(name: &str) -> Result<ResourceKind> {
    // What is no kind at all is told like a kind that files do not bring.
    let kind = ResourceKind::from_code(name).unwrap_or(ResourceKind::Access);
    imports::layout_of(kind).map(|_| kind)
}

fn workbook(resource: ResourceKind, layout: &Layout) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (head, must) = (
        Format::new().set_bold().set_background_color(Color::RGB(0xE8_EE_F7)).set_text_wrap(),
        Format::new().set_bold().set_background_color(Color::RGB(0xFD_E7_D9)).set_text_wrap(),
    );
    let fields: Vec<&Field> = layout.fields.iter().filter(|field| field.kind != Kind::Structure).collect();
    let mut lists = Lists::default();
    let sheet = book.add_worksheet().set_name(resource.code())?;
    sheet.set_freeze_panes(1, 1)?;
    put(sheet, 0, KEY, &must, "Khóa của bên gửi / the sender's own key")?;
    sheet.set_column_format(0, &Format::new().set_num_format("@"))?;
    for (at, field) in (1..).zip(&fields) {
        let format = if field.required { &must } else { &head };
        put(sheet, at, &heading(layout, field), format, &note(field))?;
        let format = match field.kind {
            Kind::Date | Kind::PartialDate => "yyyy-mm-dd",
            Kind::Integer | Kind::Decimal => "General",
            _ => "@",
        };
        sheet.set_column_format(at, &Format::new().set_num_format(format))?;
        if let Some(range) = lists.range(field) {
            let choice = DataValidation::new().allow_list_formula(Formula::new(range)).ignore_blank(true);
            sheet.add_data_validation(1, at, ROWS, at, &choice)?;
        }
    }
    lists.write(book.add_worksheet().set_name("codes")?, &head)?;
    explain(book.add_worksheet().set_name("columns")?, layout, &head)?;
    book.save_to_buffer()
}

fn put(sheet: &mut Worksheet, at: u16, text: &str, format: &Format, note: &str) -> std::result::Result<(), XlsxError> {
    sheet.write_string_with_format(0, at, text, format)?;
    sheet.insert_note(0, at, &Note::new(note))?;
    sheet.set_column_width(at, 20)?;
    Ok(())
}

/// The heading that people know: the official symbol where it names this field alone.
fn heading(layout: &Layout, field: &Field) -> String {
    let mine = |name: &str| matches!(layout.find(name), Some(Column::Field { field: at, .. }) if layout.fields[at].path == field.path);
    let symbol = field.symbols.iter().find(|symbol| mine(symbol)).cloned();
    field.by_key().or(symbol).unwrap_or_else(|| field.path.clone())
}

fn note(field: &Field) -> String {
    let must = if field.required { "Bắt buộc / required. " } else { "" };
    let text = format!("{must}{}\n{}\n{}", field.label, field.path, field.about);
    text.chars().take(1_000).collect()
}

/// The sheet of codes, a pair of columns a list.
#[derive(Default)]
struct Lists {
    columns: Vec<Vec<(String, String)>>,
    known: BTreeMap<String, usize>,
    names: Vec<String>,
}

impl Lists {
    /// Where the codes of a field stand.
    fn range(&mut self, field: &Field) -> Option<String> {
        let codes = if field.kind == Kind::Boolean {
            vec![("true".to_owned(), "Có".to_owned()), ("false".to_owned(), "Không".to_owned())]
        } else {
            codes(field)
        };
        // A cell with several codes cannot be chosen from a list.
        if codes.is_empty() || field.kind == Kind::Texts {
            return None;
        }
        let name = match (&field.list, &field.kind) {
            (_, Kind::Boolean) => "boolean".to_owned(),
            (Some(list), Kind::Text) => list.clone(),
            _ => field.path.clone(),
        };
        let rows = codes.len() + 1;
        let at = *self.known.entry(name.clone()).or_insert_with(|| {
            self.columns.push(codes);
            self.names.push(name);
            self.columns.len() - 1
        });
        let letter = rust_xlsxwriter::utility::column_number_to_name(u16::try_from(2 * at).ok()?);
        Some(format!("=codes!${letter}$2:${letter}${rows}"))
    }

    fn write(self, sheet: &mut Worksheet, head: &Format) -> std::result::Result<(), XlsxError> {
        for (at, (name, codes)) in (0..).step_by(2).zip(self.names.iter().zip(self.columns)) {
            sheet.write_string_with_format(0, at, name, head)?;
            for (row, (code, label)) in (1..).zip(codes) {
                sheet.write_string(row, at, code)?;
                sheet.write_string(row, at + 1, label)?;
            }
        }
        Ok(())
    }
}

/// The sheet that explains every column.
fn explain(sheet: &mut Worksheet, layout: &Layout, head: &Format) -> std::result::Result<(), XlsxError> {
    let headings = ["field", "QĐ 4998", "tên tiếng Việt", "required", "list", "about"];
    for (at, heading) in (0..).zip(headings) {
        sheet.write_string_with_format(0, at, heading, head)?;
    }
    for (row, field) in (1..).zip(&layout.fields) {
        let required = if field.required { "x" } else { "" };
        let list = field.list.as_deref().unwrap_or_default();
        let cells = [&field.path, &field.symbols.join(", "), &field.label, required, list, &field.about];
        for (at, cell) in (0..).zip(cells) {
            sheet.write_string(row, at, cell)?;
        }
    }
    Ok(())
}
