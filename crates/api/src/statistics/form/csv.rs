//! CSV with codes and labels, and its description as CSV on the Web (W3C).

use gdtx_domain::Lang;
use gdtx_service::statistics::{FigureStatus, StatisticsAnswer};
use serde_json::{Value, json};

use super::dense::labels;
use crate::exchange::sheet;

/// A heading and a line for each row: of each dimension the code and the label, the measures, the status. The mark of
/// UTF-8 is left to sheets: readers that go by the description would take it for a part of the first name.
pub fn lines(answer: &StatisticsAnswer) -> Vec<u8> {
    sheet::lines(std::iter::once(columns(answer)).chain(rows(answer)))
}

/// The names of columns.
pub fn columns(answer: &StatisticsAnswer) -> Vec<String> {
    let dimensions = answer.dimensions.iter().flat_map(|dimension| {
        let code = dimension.code.code();
        [code.to_owned(), format!("{code}Label")]
    });
    let measures = answer.measures.iter().map(|measure| measure.code.clone());
    dimensions.chain(measures).chain(["status".to_owned()]).collect()
}

/// The cells of each row.
fn rows(answer: &StatisticsAnswer) -> impl Iterator<Item = Vec<String>> {
    let labels = labels(answer);
    answer.rows.iter().map(move |row| {
        let members = row.members.iter().zip(&labels).flat_map(|(code, labels)| {
            let label = labels.get(code.as_str()).copied().unwrap_or_default();
            [code.clone(), label.to_owned()]
        });
        let values = row.values.iter().map(i64::to_string);
        let status = row.status.map(|status| status.code().to_owned()).unwrap_or_default();
        members.chain(values).chain([status]).collect()
    })
}

/// What the columns of the CSV at an address are.
pub fn description(answer: &StatisticsAnswer, lang: Lang, url: &str) -> Value {
    let tongue = lang.tag();
    let dimensions = answer.dimensions.iter().flat_map(|dimension| {
        let code = dimension.code.code();
        [
            json!({ "name": code, "titles": code, "dc:description": dimension.label, "datatype": "string", "required": true }),
            json!({ "name": format!("{code}Label"), "titles": format!("{code}Label"), "datatype": "string", "lang": tongue }),
        ]
    });
    let measures = answer.measures.iter().map(|measure| {
        let about = format!("{} ({})", measure.label().in_lang(lang), measure.unit().in_lang(lang));
        json!({
            "name": measure.code, "titles": measure.code, "dc:description": about,
            "datatype": { "base": "integer", "minimum": 0 }, "required": true,
        })
    });
    let statuses = FigureStatus::ALL.iter().map(|status| status.code()).collect::<Vec<_>>().join("|");
    let status = json!({ "name": "status", "titles": "status", "datatype": { "base": "string", "format": statuses } });
    let keys: Vec<&str> = answer.dimensions.iter().map(|dimension| dimension.code.code()).collect();
    let mut description = json!({
        "@context": ["http://www.w3.org/ns/csvw", { "@language": tongue }],
        "url": url,
        "dc:title": answer.title,
        "dc:source": answer.source,
        "dc:description": answer.notes.join(" "),
        "dc:modified": { "@value": answer.counted_at, "@type": "xsd:dateTime" },
        "dialect": { "encoding": "utf-8", "header": true },
        "tableSchema": {
            "columns": dimensions.chain(measures).chain([status]).collect::<Vec<Value>>(),
        },
    });
    // One figure for all has no key.
    if !keys.is_empty() {
        description["tableSchema"]["primaryKey"] = json!(keys);
    }
    description
}
