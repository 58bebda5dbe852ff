//! JSON-stat 2.0, the form that PxWeb and most readers of official statistics speak.

use gdtx_domain::{
    Label, Lang,
    statistics::{data_set::Measure, dimension::Dimension},
};
use gdtx_service::statistics::{AnswerDimension, FigureStatus, StatisticsAnswer};
use serde_json::{Map, Value, json};

use super::dense::Table;

/// The dimension of measures.
pub const MEASURE: &str = "measure";

/// An answer as a data set of JSON-stat.
pub fn table(answer: &StatisticsAnswer, lang: Lang) -> Value {
    let table = Table::of(answer);
    let mut dimensions: Map<String, Value> =
        answer.dimensions.iter().map(|d| (d.code.code().to_owned(), dimension(d))).collect();
    dimensions.insert(MEASURE.to_owned(), measures(answer, lang));
    let ids: Vec<&str> = answer.dimensions.iter().map(|d| d.code.code()).chain([MEASURE]).collect();
    let status = status(&table);
    let mut set = json!({
        "version": "2.0",
        "class": "dataset",
        "label": answer.title,
        "source": answer.source,
        "updated": answer.counted_at,
        "note": answer.notes,
        "id": ids,
        "size": table.size,
        "role": role(&answer.dimensions, MEASURE),
        "dimension": dimensions,
        "value": table.values,
        "extension": { "dataSet": answer.data_set, "position": answer.position, "version": answer.version },
    });
    if !status.is_empty() {
        set["status"] = Value::Object(status);
    }
    set
}

fn dimension(dimension: &AnswerDimension) -> Value {
    let codes: Vec<&str> = dimension.members.iter().map(|member| member.code.as_str()).collect();
    let labels: Map<String, Value> =
        dimension.members.iter().map(|member| (member.code.clone(), json!(member.label))).collect();
    json!({ "label": dimension.label, "category": { "index": codes, "label": labels } })
}

fn measures(answer: &StatisticsAnswer, lang: Lang) -> Value {
    let codes: Vec<&str> = answer.measures.iter().map(|measure| measure.code.as_str()).collect();
    let label = |measure: &Measure| (measure.code.clone(), json!(measure.label().in_lang(lang)));
    let unit =
        |measure: &Measure| (measure.code.clone(), json!({ "label": measure.unit().in_lang(lang), "decimals": 0 }));
    let labels: Map<String, Value> = answer.measures.iter().map(label).collect();
    let units: Map<String, Value> = answer.measures.iter().map(unit).collect();
    json!({
        "label": measures_label().in_lang(lang),
        "category": { "index": codes, "label": labels, "unit": units },
    })
}

/// What the dimension of measures is called.
pub fn measures_label() -> Label {
    Label::new("Số đo", "Measure")
}

/// What was done to the cells of a table, by their places.
pub fn status(table: &Table) -> Map<String, Value> {
    let told = |(at, status): (usize, &Option<FigureStatus>)| status.map(|status| (at.to_string(), json!(status)));
    table.status.iter().enumerate().filter_map(told).collect()
}

/// Which dimensions are times, places and measures.
pub fn role(dimensions: &[AnswerDimension], measure: &str) -> Value {
    let of = |is_meant: fn(Dimension) -> bool| -> Vec<&str> {
        let codes = dimensions.iter().map(|dimension| dimension.code);
        codes.filter(|code| is_meant(*code)).map(Dimension::code).collect()
    };
    let is_place = |code| matches!(code, Dimension::Province | Dimension::Commune | Dimension::ReportedUnit);
    let mut role = json!({ "metric": [measure] });
    for (name, codes) in [("time", of(Dimension::is_time)), ("geo", of(is_place))] {
        if !codes.is_empty() {
            role[name] = json!(codes);
        }
    }
    role
}
