//! JSON-px, the older form of PxWeb: a row for each combination of values, its figures as texts.

use chrono::SecondsFormat;
use gdtx_domain::Lang;
use gdtx_service::statistics::{AnswerDimension, StatisticsAnswer};
use serde_json::{Value, json};

use super::super::form::dense::Table;

/// An answer as JSON-px.
pub fn table(answer: &StatisticsAnswer, lang: Lang) -> Value {
    let dimensions = answer.dimensions.iter().map(|dimension| {
        let kind = if dimension.code.is_time() { "t" } else { "d" };
        json!({ "code": dimension.code.code(), "text": dimension.label, "type": kind })
    });
    let measures = answer.measures.iter().map(|measure| {
        json!({
            "code": measure.code, "text": measure.label().in_lang(lang), "type": "c",
            "unit": measure.unit().in_lang(lang),
        })
    });
    let values = Table::of(answer).values;
    let figures = values.chunks_exact(answer.measures.len().max(1));
    let rows: Vec<Value> = figures
        .enumerate()
        .map(|(place, figures)| {
            let texts: Vec<String> = figures.iter().map(i64::to_string).collect();
            json!({ "key": key(&answer.dimensions, place), "values": texts })
        })
        .collect();
    json!({
        "columns": dimensions.chain(measures).collect::<Vec<_>>(),
        "comments": [],
        "data": rows,
        "metadata": [{
            "infofile": "",
            "updated": answer.counted_at.to_rfc3339_opts(SecondsFormat::Secs, true),
            "label": answer.title,
            "source": answer.source,
            "notes": answer.notes,
        }],
    })
}

/// The values of a place, the last variable running fastest.
fn key(dimensions: &[AnswerDimension], place: usize) -> Vec<&str> {
    let mut rest = place;
    let mut key: Vec<&str> = Vec::with_capacity(dimensions.len());
    for dimension in dimensions.iter().rev() {
        let size = dimension.members.len().max(1);
        key.push(dimension.members.get(rest % size).map_or("", |member| member.code.as_str()));
        rest /= size;
    }
    key.reverse();
    key
}
