//! Judges rows of one kind in a transaction: what they name is found, what they say is written or
//! refused, and each gets its receipt.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use gdtx_domain::exchange::{
    import::{
        place_name::{Unclear, Understood, understand},
        receipt::{self, RowOutcome},
    },
    resource::ResourceKind,
};
use sea_orm::IntoActiveModel;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    kinds::{Written, importable},
    reader::problem,
    receipts::{RowProblem, place, problems},
    row::{Content, NamedPlace, Row},
};
use crate::{
    Error, Result,
    resource::{Put, known_by},
    tx::Tx,
};

/// What became of a row.
pub(super) struct Judged {
    pub line: i64,
    pub kind: Option<ResourceKind>,
    pub outcome: RowOutcome,
    pub record: Option<(Uuid, i64)>,
    pub problems: Vec<RowProblem>,
    /// Kept where the row is rejected, for its own sake or that of others.
    sent: String,
}

impl Judged {
    fn rejected(line: i64, kind: Option<ResourceKind>, sent: String, problems: Vec<RowProblem>) -> Self {
        Self { line, kind, outcome: RowOutcome::Rejected, record: None, problems, sent }
    }

    /// Rejects a row for the sake of others.
    pub fn reject(&mut self, why: RowProblem) {
        if self.outcome != RowOutcome::Rejected {
            (self.outcome, self.record) = (RowOutcome::Rejected, None);
            self.problems.push(why);
        }
    }
}

/// Writes rows of one kind. The error is a failure of the database, after which the transaction is
/// of no use.
pub(super) async fn judge(tx: &Tx, kind: ResourceKind, rows: Vec<Row>) -> Result<Vec<Judged>> {
    let one = importable(kind)?;
    let refused = tx.require(one.permission()).err().map(|error| problems(&error));
    let known = if refused.is_some() { HashMap::new() } else { referred(tx, &rows).await? };
    let (mut judged, mut puts, mut places) = (Vec::with_capacity(rows.len()), Vec::new(), Vec::new());
    for Row { line, kind, sent, content, .. } in rows {
        let ready = match (&refused, content) {
            (Some(refused), Ok(_)) => Err(refused.clone()),
            (_, content) => content.and_then(|content| resolved(content, &known, tx.ctx.clock.today())),
        };
        match ready {
            Err(problems) => judged.push(Judged::rejected(line, kind, sent, problems)),
            Ok((put, notes)) => {
                places.push(judged.len());
                puts.push(put);
                judged.push(Judged { line, kind, outcome: RowOutcome::Unchanged, record: None, problems: notes, sent });
            }
        }
    }
    if puts.is_empty() {
        return Ok(judged);
    }
    for (place, done) in places.into_iter().zip(one.write(tx, puts).await?) {
        let row = &mut judged[place];
        match done {
            Ok(Written { outcome, id, version, warnings }) => {
                (row.outcome, row.record) = (outcome, Some((id, version)));
                row.problems.extend(warnings);
            }
            Err(error) => (row.outcome, row.problems) = (RowOutcome::Rejected, problems(&error)),
        }
    }
    Ok(judged)
}

/// The records that rows name by the sender's keys.
async fn referred(tx: &Tx, rows: &[Row]) -> Result<HashMap<(ResourceKind, String), Uuid>> {
    let mut wanted: BTreeMap<ResourceKind, Vec<String>> = BTreeMap::new();
    for reference in rows.iter().filter_map(|row| row.content.as_ref().ok()).flat_map(|content| &content.references) {
        wanted.entry(reference.kind).or_default().push(reference.key.clone());
    }
    let mut known = HashMap::new();
    for (kind, keys) in wanted {
        known.extend(known_by(tx, kind, keys).await?.into_iter().map(|(key, id)| ((kind, key), id)));
    }
    Ok(known)
}

/// A row with the ids of the records and the codes of the places that it names, and what is to be said
/// of these.
fn resolved(
    Content { key, mut members, references, places }: Content,
    known: &HashMap<(ResourceKind, String), Uuid>,
    today: NaiveDate,
) -> Result<(Put, Vec<RowProblem>), Vec<RowProblem>> {
    let (mut problems, mut notes) = (Vec::new(), Vec::new());
    for place in places {
        match placed(&place, &mut members, today) {
            Ok(note) => notes.extend(note),
            Err(unclear) => problems.push(unclear),
        }
    }
    for reference in references {
        match known.get(&(reference.kind, reference.key)) {
            Some(id) => {
                let told = members.get(&reference.member).filter(|told| !told.is_null());
                match told.map(|told| told.as_str().and_then(|told| told.parse::<Uuid>().ok())) {
                    None => drop(members.insert(reference.member, id.to_string().into())),
                    Some(Some(other)) if other != *id => problems.push(problem(
                        &reference.pointer,
                        "two_records",
                        "Khóa này và mã định danh trong cùng dòng chỉ hai bản ghi khác nhau.",
                        "This key and the id in the same row name two different records.",
                    )),
                    // What is no id is refused as what it is.
                    Some(_) => {}
                }
            }
            None => problems.push(problem(
                &reference.pointer,
                "unknown_record",
                "Hệ thống của bên gửi chưa có bản ghi nào mang khóa này.",
                "No record goes by this key of the sender's system.",
            )),
        }
    }
    if problems.is_empty() { Ok((Put { key, members }, notes)) } else { Err(problems) }
}

/// Puts the unit that names mean into the place of the row; the note says what was read as what.
fn placed(
    NamedPlace { member, names, as_of }: &NamedPlace,
    members: &mut Map<String, Value>,
    today: NaiveDate,
) -> Result<Option<RowProblem>, RowProblem> {
    let pointer = format!("/{member}");
    let told = members.get(member);
    if told.is_some_and(|place| place["code"].is_string()) {
        // Beside a code names say nothing more.
        let (vi, en) =
            ("Đã dùng mã; tên đơn vị trong dòng không được xét.", "The code was taken; the names were not looked at.");
        return Ok((!names.is_empty()).then(|| problem(&pointer, "place_names_unused", vi, en)));
    }
    if names.is_empty() {
        members.insert(member.clone(), Value::Null);
        return Ok(None);
    }
    let as_of = told.and_then(|place| place["asOf"].as_str()?.parse().ok()).or(*as_of);
    match understand(names, as_of, today) {
        Ok(Understood { input, said }) => {
            members.insert(member.clone(), serde_json::to_value(input).unwrap_or_default());
            Ok(Some(problem(&pointer, "place_understood", said.vi, said.en)))
        }
        Err(Unclear { level, code, said }) => Err(problem(&format!("{pointer}/{level}Name"), code, said.vi, said.en)),
    }
}

/// The problem as it is put on record: where a person lives is not told there, whatever was written.
fn discreet(kind: Option<ResourceKind>, problem: &RowProblem) -> RowProblem {
    let named =
        problem.code.contains("place") || problem.pointer.ends_with("Name") && problem.pointer.matches('/').count() > 1;
    if kind != Some(ResourceKind::Learners) || !named {
        return problem.clone();
    }
    RowProblem {
        detail_vi: "Địa danh được đọc theo tên; biên nhận không nhắc lại nơi ở của học viên.".to_owned(),
        detail_en: "The place was read by its names; receipts do not repeat where a learner lives.".to_owned(),
        ..problem.clone()
    }
}

/// Puts receipts on record; the first has the place after `after`.
pub(super) async fn keep(tx: &Tx, job: Uuid, after: i64, judged: &[Judged]) -> Result<()> {
    for (row, nth) in judged.iter().zip(after + 1..) {
        let sealed = (row.outcome == RowOutcome::Rejected && !row.sent.is_empty())
            .then(|| tx.ctx.db.vault().seal_text(&place(job, row.line), row.sent.clone()))
            .transpose()?;
        let problems: Vec<RowProblem> = row.problems.iter().map(|problem| discreet(row.kind, problem)).collect();
        let problems = (!problems.is_empty()).then(|| serde_json::to_value(&problems)).transpose();
        let model = receipt::Model {
            job_id: job,
            line: row.line,
            place: nth,
            resource: row.kind,
            outcome: row.outcome,
            record_id: row.record.map(|(id, _)| id),
            version: row.record.map(|(_, version)| version),
            problems: problems.map_err(Error::internal)?,
            row: sealed,
        };
        tx.db.add::<receipt::Entity>(model.into_active_model()).await?;
    }
    Ok(())
}
