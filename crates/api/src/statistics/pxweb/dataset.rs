//! A table as JSON-stat 2.0 with the extension of PxWeb: its variables, and its figures where they are asked for.

use chrono::SecondsFormat;
use gdtx_domain::{
    Lang,
    statistics::{
        data_set::Measure,
        dimension::{Dimension, NOT_TOLD},
    },
};
use gdtx_service::statistics::{AnswerDimension, StatisticsAnswer, StatisticsDataSet};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{
    super::form::{
        dense::Table,
        json_stat::{self, measures_label},
    },
    CONTENTS,
};

/// What there is to tell of a table, with figures or without.
pub struct Subject<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub source: &'a str,
    pub notes: Vec<&'a str>,
    pub updated: String,
    pub measures: &'a [Measure],
    pub dimensions: &'a [AnswerDimension],
}

impl<'a> From<&'a StatisticsDataSet> for Subject<'a> {
    fn from(set: &'a StatisticsDataSet) -> Self {
        Self {
            id: &set.id,
            title: &set.title,
            source: &set.source,
            notes: std::iter::once(&set.about).chain(&set.notes).map(String::as_str).collect(),
            updated: set.counted_at.to_rfc3339_opts(SecondsFormat::Secs, true),
            measures: &set.measures,
            dimensions: &set.dimensions,
        }
    }
}

impl<'a> From<&'a StatisticsAnswer> for Subject<'a> {
    fn from(answer: &'a StatisticsAnswer) -> Self {
        Self {
            id: &answer.data_set,
            title: &answer.title,
            source: &answer.source,
            notes: answer.notes.iter().map(String::as_str).collect(),
            updated: answer.counted_at.to_rfc3339_opts(SecondsFormat::Secs, true),
            measures: &answer.measures,
            dimensions: &answer.dimensions,
        }
    }
}

/// An object whose order tells something: clients take the first key for the first value.
struct Ordered<T>(Vec<(String, T)>);

impl<T: Serialize> Serialize for Ordered<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

#[derive(Serialize)]
struct Category {
    index: Ordered<usize>,
    label: Ordered<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<Ordered<Value>>,
}

#[derive(Serialize)]
struct Variable {
    label: String,
    category: Category,
    extension: Value,
}

/// A table as JSON-stat.
#[derive(Serialize)]
pub struct DataSet<'a> {
    version: &'a str,
    class: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    label: &'a str,
    source: &'a str,
    updated: &'a str,
    note: &'a [&'a str],
    role: Value,
    id: Vec<&'a str>,
    size: Vec<usize>,
    dimension: Ordered<Variable>,
    extension: Value,
    /// Empty where no figures are asked for, since the protocol has it in metadata, too.
    value: Vec<i64>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    status: Map<String, Value>,
}

/// A table without figures.
pub fn table<'a>(subject: &'a Subject<'a>, lang: Lang) -> DataSet<'a> {
    let dimensions = subject.dimensions.iter().map(|one| (one.code.code().to_owned(), variable(one)));
    let measures = (CONTENTS.to_owned(), contents(subject.measures, lang));
    let sizes = subject.dimensions.iter().map(|dimension| dimension.members.len());
    DataSet {
        version: "2.0",
        class: "dataset",
        href: None,
        label: subject.title,
        source: subject.source,
        updated: &subject.updated,
        note: &subject.notes,
        role: json_stat::role(subject.dimensions, CONTENTS),
        id: subject.dimensions.iter().map(|dimension| dimension.code.code()).chain([CONTENTS]).collect(),
        size: sizes.chain([subject.measures.len()]).collect(),
        dimension: Ordered(dimensions.chain([measures]).collect()),
        extension: extension(subject, lang),
        value: Vec::new(),
        status: Map::new(),
    }
}

/// An answer with all of its cells.
pub fn written(answer: &StatisticsAnswer, lang: Lang) -> serde_json::Result<Vec<u8>> {
    let (subject, cells) = (Subject::from(answer), Table::of(answer));
    let status = json_stat::status(&cells);
    serde_json::to_vec(&DataSet { value: cells.values, status, ..table(&subject, lang) })
}

fn variable(dimension: &AnswerDimension) -> Variable {
    let codes = || dimension.members.iter().map(|member| member.code.clone());
    Variable {
        label: dimension.label.clone(),
        category: Category {
            index: Ordered(codes().zip(0..).collect()),
            label: Ordered(codes().zip(dimension.members.iter().map(|member| member.label.clone())).collect()),
            unit: None,
        },
        extension: json!({ "elimination": dimension.adds_up, "show": "value", "codeLists": [] }),
    }
}

fn contents(measures: &[Measure], lang: Lang) -> Variable {
    let codes = || measures.iter().map(|measure| measure.code.clone());
    let unit = |measure: &Measure| json!({ "base": measure.unit().in_lang(lang), "decimals": 0 });
    let kinds: Map<String, Value> = codes().map(|code| (code, json!("Stock"))).collect();
    Variable {
        label: measures_label().in_lang(lang).to_owned(),
        category: Category {
            index: Ordered(codes().zip(0..).collect()),
            label: Ordered(codes().zip(measures.iter().map(|m| m.label().in_lang(lang).to_owned())).collect()),
            unit: Some(Ordered(codes().zip(measures.iter().map(unit)).collect())),
        },
        extension: json!({ "elimination": false, "show": "value", "codeLists": [], "measuringType": kinds }),
    }
}

fn extension(subject: &Subject<'_>, lang: Lang) -> Value {
    let all = subject.dimensions.iter().map(|dimension| dimension.code);
    let (heading, stub): (Vec<Dimension>, Vec<Dimension>) = all.partition(|code| code.is_time());
    let names = |codes: &[Dimension]| codes.iter().map(|code| code.code()).collect::<Vec<_>>();
    let must_be_shown: Map<String, Value> = (0..subject.notes.len()).map(|at| (at.to_string(), json!(true))).collect();
    let mut extension = json!({
        "noteMandatory": must_be_shown,
        "px": {
            "tableid": subject.id,
            "matrix": subject.id,
            "decimals": 0,
            "official-statistics": false,
            "aggregallowed": subject.dimensions.iter().all(|dimension| dimension.adds_up),
            "language": lang.tag(),
            "contents": subject.title,
            "heading": names(&heading).into_iter().chain([CONTENTS]).collect::<Vec<_>>(),
            "stub": names(&stub),
        },
        "timeUnit": time_unit(subject.dimensions.iter().map(|dimension| dimension.code)),
        "discontinued": false,
    });
    if let Some((first, last)) = periods(subject.dimensions) {
        extension["firstPeriod"] = json!(first);
        extension["lastPeriod"] = json!(last);
    }
    extension
}

/// The first and the last time that there are figures of.
pub fn periods(dimensions: &[AnswerDimension]) -> Option<(&str, &str)> {
    let time = dimensions.iter().find(|dimension| dimension.code.is_time())?;
    let mut codes = time.members.iter().map(|member| member.code.as_str()).filter(|code| *code != NOT_TOLD);
    let first = codes.next()?;
    Some((first, codes.next_back().unwrap_or(first)))
}

/// How long the times of a table are.
pub fn time_unit(dimensions: impl IntoIterator<Item = Dimension>) -> &'static str {
    if dimensions.into_iter().any(Dimension::is_time) { "Annual" } else { "Other" }
}
