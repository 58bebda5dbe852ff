//! Finds the headings of a sheet: below titles, in one row or in two with merged cells. They are kept with
//! the job, so that receipts can repeat rows under them: sealed, since a sender may write anything there.

use gdtx_domain::exchange::import::{
    cell::Cell,
    column::{Column, Layout, as_sent},
    job, receipt,
};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::Value;
use uuid::Uuid;

use super::{
    job::own,
    kinds::layout_of,
    reader::{Refusal, problem, refusal, unknown_column},
    receipts::RowProblem,
};
use crate::{Ctx, Database, Error, Result, vault::Vault};

/// Rows above the headings, such as a title.
const TITLES: usize = 10;

/// What came of looking at a row.
pub(super) enum Headed {
    /// The headings are still to come.
    Not,
    /// The columns, their headings, and the row that was the first below them.
    Columns(Vec<Column>, Vec<Cell>, Option<(i64, Vec<Cell>)>),
}

/// Looks for headings.
pub(super) struct Headings<'a> {
    job: &'a job::Model,
    layout: &'static Layout,
    /// Rows that may stand above the headings.
    above: Vec<Vec<Cell>>,
    /// Headings, unless the next row divides them.
    head: Option<Vec<Cell>>,
}

impl<'a> Headings<'a> {
    pub fn new(job: &'a job::Model, layout: &'static Layout) -> Self {
        Self { job, layout, above: Vec::new(), head: None }
    }

    /// Looks whether a row holds the headings: most of its texts are names of fields.
    pub fn take(&mut self, line: i64, cells: Vec<Cell>) -> Result<Headed, Refusal> {
        if let Some(head) = self.head.take() {
            return match self.divided(&head, &cells) {
                Some(both) => Ok(Headed::Columns(self.columns(&both)?, both, None)),
                None => Ok(Headed::Columns(self.columns(&head)?, head, Some((line, cells)))),
            };
        }
        if self.is_head(&cells) {
            self.head = Some(self.with_above(cells));
            return Ok(Headed::Not);
        }
        self.above.push(cells);
        if self.above.len() < TITLES { Ok(Headed::Not) } else { Err(headless()) }
    }

    /// Whether headings were found, which the next row may divide.
    pub fn are_found(&self) -> bool {
        self.head.is_some()
    }

    /// The end of the sheet: headings without rows are judged all the same.
    pub fn end(mut self) -> Result<(), Refusal> {
        match self.head.take() {
            Some(head) => self.columns(&head).map(drop),
            None => Err(headless()),
        }
    }

    fn is_head(&self, cells: &[Cell]) -> bool {
        let known = cells.iter().filter(|cell| self.column(cell).is_some()).count();
        known > 0 && known * 2 >= cells.iter().filter(|cell| !is_blank(cell)).count()
    }

    /// Headings with those of the row above where they are blank: cells merged downwards hold their
    /// text in the first of them.
    fn with_above(&self, mut cells: Vec<Cell>) -> Vec<Cell> {
        let Some(above) = self.above.last() else { return cells };
        if cells.len() < above.len() {
            cells.resize(above.len(), Cell::Empty);
        }
        for (cell, merged) in cells.iter_mut().zip(above) {
            if is_blank(cell) && self.column(merged).is_some() {
                *cell = merged.clone();
            }
        }
        cells
    }

    /// Headings that the next row divides: it has texts only below cells that were merged sideways,
    /// and most of them are names of fields.
    fn divided(&self, head: &[Cell], next: &[Cell]) -> Option<Vec<Cell>> {
        let width = Ord::max(head.len(), next.len());
        let blank = |at: usize| head.get(at).is_none_or(is_blank);
        let group = |at: usize| blank(at) || (at + 1 < width && blank(at + 1));
        let below = next.iter().enumerate().filter(|(_, cell)| !is_blank(cell));
        if !self.is_head(next) || !below.clone().all(|(at, _)| group(at)) {
            return None;
        }
        let mut both = head.to_vec();
        both.resize(width, Cell::Empty);
        for (at, cell) in below {
            both[at] = cell.clone();
        }
        Some(both)
    }

    fn column(&self, cell: &Cell) -> Option<Column> {
        let Cell::Text(heading) = cell else { return None };
        let heading = heading.trim();
        if self.job.ignored.0.iter().any(|ignored| ignored == heading) {
            return Some(Column::Ignored);
        }
        self.layout.find(heading)
    }

    fn columns(&self, cells: &[Cell]) -> Result<Vec<Column>, Refusal> {
        let (mut columns, mut problems) = (Vec::with_capacity(cells.len()), Vec::new());
        let texts: Vec<&str> = cells
            .iter()
            .filter_map(|cell| if let Cell::Text(text) = cell { Some(text.trim()) } else { None })
            .collect();
        // Of a place that was exported the one that was sent is read, and not what it was understood as.
        let understood = |heading: &str| {
            as_sent(heading.trim()).is_some_and(|sent| texts.iter().any(|text| text.eq_ignore_ascii_case(&sent)))
        };
        for cell in cells {
            match (self.column(cell), cell) {
                (Some(_), Cell::Text(heading)) if understood(heading) => columns.push(Column::ReadOnly),
                (Some(column), Cell::Text(heading)) => {
                    if columns.iter().any(|other| self.is_twice(*other, column)) {
                        problems.push(problem(
                            &format!("/{}", heading.trim()),
                            "repeated",
                            "Hai cột cùng một trường.",
                            "Two columns hold the same field.",
                        ));
                    }
                    columns.push(column);
                }
                (None, Cell::Text(heading)) if !heading.trim().is_empty() => {
                    problems.push(unknown_column(heading.trim(), self.layout));
                }
                _ => columns.push(Column::Blank),
            }
        }
        if let Some(key) = &self.job.key_column {
            let wanted = self.layout.find(key).and_then(|column| at(&column));
            if wanted.is_none() || !columns.iter().any(|column| at(column) == wanted) {
                problems.push(problem(
                    "/key",
                    "unknown_column",
                    "Tệp không có cột khóa đã nêu.",
                    "The file lacks the column that was named as the key.",
                ));
            }
        }
        if problems.is_empty() { Ok(columns) } else { Err(problems) }
    }

    /// Whether two columns say the same. A province beside a commune names the same place less closely.
    fn is_twice(&self, one: Column, other: Column) -> bool {
        match at(&other) {
            Some(field) => at(&one) == Some(field) && !self.layout.fields[field].is_place(),
            None => one == other && !matches!(other, Column::Ignored | Column::ReadOnly | Column::Blank),
        }
    }
}

fn at(column: &Column) -> Option<usize> {
    match column {
        Column::Field { field, .. } => Some(*field),
        _ => None,
    }
}

/// The refusal of a sheet whose headings were not found.
fn headless() -> Refusal {
    // What stands there may be data of people: it is not repeated.
    refusal(
        "no_headings",
        "Không thấy dòng tiêu đề: đặt tên trường (fullName), ký hiệu (HO_TEN) hoặc tên tiếng Việt ở dòng đầu.",
        "No row of headings was found: name fields (fullName), symbols (HO_TEN) or Vietnamese names in the first row.",
    )
}

/// How many cells of a row are headings of receipts, at its beginning.
pub(super) fn of_receipts(cells: &[Cell]) -> usize {
    let named = |(cell, name): (&Cell, &str)| matches!(cell, Cell::Text(text) if text.trim() == name);
    let whole = cells.len() >= receipt::COLUMNS.len() && cells.iter().zip(receipt::COLUMNS).all(named);
    if whole { receipt::COLUMNS.len() } else { 0 }
}

/// The problem of a quotation mark that is not closed in its cell.
pub(super) fn unclosed(line: i64) -> RowProblem {
    problem(
        "",
        "quote_not_closed",
        format!(
            "Từ dòng {line}, một dấu nháy kép được mở mà không đóng trong ô của nó, nên các dòng sau bị đọc nhầm. Bỏ dấu đó, hoặc viết cả ô trong nháy kép với dấu đó viết hai lần."
        ),
        format!(
            "In or after line {line} a quotation mark was opened and not closed in its cell, so the lines after it were read wrongly. Drop it, or put the whole cell in quotation marks and write that one twice."
        ),
    )
}

/// What is wrong with a row that has values where no heading is, as below merged cells.
pub(super) fn beyond(columns: &[Column], cells: &[Cell]) -> Option<RowProblem> {
    let headed = |at: usize| columns.get(at).is_some_and(|column| *column != Column::Blank);
    let place = cells.iter().enumerate().position(|(at, cell)| !headed(at) && !is_blank(cell))? + 1;
    Some(problem(
        "",
        "value_without_heading",
        format!("Cột thứ {place} có giá trị nhưng không có tiêu đề; nếu tiêu đề là ô gộp, hãy tách ra."),
        format!("Column {place} holds a value and has no heading; if the heading is a merged cell, split it."),
    ))
}

pub(super) fn is_blank(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// Where the headings of a job are sealed.
fn place(job: Uuid) -> String {
    format!("import/{job}/headings")
}

/// Keeps the headings of a sheet, a list in JSON, unless they are kept.
pub(super) async fn keep(db: &Database, job: Uuid, headings: String) -> Result<()> {
    let sealed = db.vault().seal_text(&place(job), headings)?;
    let tx = db.begin_write().await?;
    job::Entity::update_many()
        .col_expr(job::Column::Headings, Expr::val(sealed))
        .filter(job::Column::Id.eq(job))
        .filter(job::Column::Headings.is_null())
        .exec(&tx)
        .await?;
    Ok(tx.commit().await?)
}

/// The headings of an import of the caller, in the order of its columns: none for lines of JSON, and until
/// they were read.
///
/// # Errors
/// `not_found` for an import of somebody else.
pub async fn headings(ctx: &Ctx, id: Uuid) -> Result<Vec<String>> {
    // Of the primary, as the rows beneath them: they are written while the import runs.
    let tx = ctx.read_primary().await?;
    let headings = kept(&own(&tx, id).await?, ctx.db.vault())?;
    tx.end(headings).await
}

/// The columns of an import that were not read, since only the service writes what they hold.
pub(super) fn passed_over(job: &job::Model, vault: &Vault) -> Result<Vec<String>> {
    let Some(kind) = job.resource else { return Ok(Vec::new()) };
    let layout = layout_of(kind)?;
    let mut headings = kept(job, vault)?;
    headings.retain(|heading| layout.find(heading) == Some(Column::ReadOnly) && !job.ignored.0.contains(heading));
    Ok(headings)
}

fn kept(job: &job::Model, vault: &Vault) -> Result<Vec<String>> {
    let opened = job.headings.as_ref().map(|sealed| vault.open_text(&place(job.id), sealed)).transpose()?;
    let cells: Vec<Value> =
        opened.map(|text| serde_json::from_str(&text)).transpose().map_err(Error::internal)?.unwrap_or_default();
    let texts = cells.into_iter().map(|cell| match cell {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        // A year over a column is a number in a sheet.
        other => other.to_string(),
    });
    Ok(texts.collect())
}
