//! The structure of the lines of SDMX-CSV as SDMX-JSON 2.0: dataflow, data structure, concepts and lists of codes.

use gdtx_domain::{Label, Lang, statistics::dimension::Dimension};
use gdtx_service::statistics::{StatisticsAnswer, TOTAL};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    json_stat::measures_label,
    sdmx::{
        AGENCY, ATTRIBUTES, Code, ESTIMATED, FREE, INTERNAL, MEASURE, NORMAL, VALUE, VERSION, flow, id, legacy, place,
        upper,
    },
};

/// The schema of a message of structures.
const SCHEMA: &str = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/2.0.0/\
     sdmx-json-structure-schema.json";
/// The concepts that the parts of structures are.
const CONCEPTS: &str = "CONCEPTS";

/// A message of structures. What it is stands at its beginning, where readers look for it.
#[derive(Serialize)]
pub struct Message {
    meta: Value,
    data: Value,
}

/// The structure of an answer: its dimensions in the order of the data set, and of each list the codes that the answer
/// has.
pub fn message(answer: &StatisticsAnswer, lang: Lang) -> Message {
    let flow = flow(answer);
    let (dimensions, attributes) = (dimensions(answer, lang), attributes(lang));
    let value = Part::new(VALUE, Label::new("Giá trị", "Observation value").in_lang(lang), None);
    let parts: Vec<&Part> = dimensions.iter().chain([&value]).chain(&attributes).collect();
    let (mut dataflow, mut structure) = (kept(&flow, &answer.title), kept(&flow, &answer.title));
    dataflow["structure"] = json!(urn("datastructure.DataStructure", &flow));
    structure["dataStructureComponents"] = json!({
        "dimensionList": {
            "id": "DimensionDescriptor",
            "dimensions": dimensions.iter().zip(0..).map(|(part, nth)| part.dimension(nth)).collect::<Vec<_>>(),
        },
        "measureList": { "id": "MeasureDescriptor", "measures": [value.measure()] },
        "attributeList": {
            "id": "AttributeDescriptor",
            "attributes": attributes.iter().map(Part::attribute).collect::<Vec<_>>(),
        },
    });
    Message {
        meta: json!({
            "schema": SCHEMA,
            "id": format!("{flow}-{}", answer.position),
            "prepared": answer.counted_at,
            "test": false,
            "contentLanguages": [lang.tag()],
            "sender": { "id": AGENCY },
        }),
        data: json!({
            "dataflows": [dataflow],
            "dataStructures": [structure],
            "conceptSchemes": [concepts(&parts, lang)],
            "codelists": parts.iter().filter_map(|part| part.listed()).collect::<Vec<_>>(),
        }),
    }
}

/// A part of a structure: a dimension, a measure or an attribute.
struct Part {
    id: String,
    name: String,
    codes: Option<Codes>,
}

/// The list that a part is coded by, with those of its codes that an answer has.
struct Codes {
    list: String,
    codes: Vec<Value>,
}

/// The dimensions of the lines in the order of the data set, that of measures behind them.
fn dimensions(answer: &StatisticsAnswer, lang: Lang) -> Vec<Part> {
    let total = || item(TOTAL, Label::new("Tổng số", "Total").in_lang(lang));
    let broken_down = answer.dimensions.iter().enumerate().map(|(nth, one)| {
        let has_totals = answer.rows.iter().any(|row| row.members[nth] == TOTAL);
        let members = one.members.iter().map(|member| item(&member.code, &member.label));
        (one.code, &one.label, members.chain(has_totals.then(total)).collect::<Vec<_>>())
    });
    let others = answer.slice.iter().map(|one| (one.code, &one.label, vec![item(&one.member.code, &one.member.label)]));
    let mut dimensions: Vec<_> = broken_down.chain(others).collect();
    dimensions.sort_by_key(|(code, ..)| place(answer, *code).unwrap_or(usize::MAX));
    let part = |(code, label, codes): (Dimension, &String, _)| {
        // The same codes were those of other places.
        let is_place = matches!(code, Dimension::Province | Dimension::District | Dimension::Commune);
        let era = if is_place { legacy(answer) } else { String::new() };
        Part::new(&id(code), label, Some((era, codes)))
    };
    let measures = answer.measures.iter().map(|one| item(&upper(&one.code), one.label().in_lang(lang))).collect();
    let measures = Part::new(MEASURE, measures_label().in_lang(lang), Some((String::new(), measures)));
    dimensions.into_iter().map(part).chain([measures]).collect()
}

/// What stands behind the value of a line.
fn attributes(lang: Lang) -> [Part; 3] {
    let codes = |codes: &[Code]| {
        let codes = codes.iter().map(|(id, vi, en)| item(id, Label::new(*vi, *en).in_lang(lang)));
        Some((String::new(), codes.collect::<Vec<_>>()))
    };
    let [status, confidentiality, comment] = ATTRIBUTES;
    [
        (status, Label::new("Tình trạng của giá trị", "Observation status"), codes(&[NORMAL, ESTIMATED])),
        (confidentiality, Label::new("Mức độ bảo mật", "Confidentiality status"), codes(&[FREE, INTERNAL])),
        (comment, Label::new("Ghi chú về giá trị", "Comment on the observation"), None),
    ]
    .map(|(id, label, codes)| Part::new(id, label.in_lang(lang), codes))
}

fn concepts(parts: &[&Part], lang: Lang) -> Value {
    let mut scheme = kept(CONCEPTS, Label::new("Khái niệm", "Concepts").in_lang(lang));
    scheme["isPartial"] = json!(true);
    scheme["concepts"] = parts.iter().map(|part| item(&part.id, &part.name)).collect();
    scheme
}

impl Part {
    /// Its codes come with what tells their list apart from that of the same codes with other meanings.
    fn new(id: &str, name: &str, codes: Option<(String, Vec<Value>)>) -> Self {
        let codes = codes.map(|(era, codes)| Codes { list: format!("CL_{id}{era}"), codes });
        Self { id: id.to_owned(), name: name.to_owned(), codes }
    }

    /// Its list; the schema knows none without a code.
    fn listed(&self) -> Option<Value> {
        let Codes { list, codes } = self.codes.as_ref()?;
        let mut list = kept(list, &self.name);
        list["isPartial"] = json!(true);
        if !codes.is_empty() {
            list["codes"] = json!(codes);
        }
        Some(list)
    }

    fn shown(&self, kind: &str) -> Value {
        let concept = format!("{}.{}", urn("conceptscheme.Concept", CONCEPTS), self.id);
        let form = match &self.codes {
            Some(Codes { list, .. }) => json!({ "enumeration": urn("codelist.Codelist", list) }),
            None => json!({ "format": { "dataType": kind } }),
        };
        json!({ "id": self.id, "conceptIdentity": concept, "localRepresentation": form })
    }

    fn dimension(&self, nth: usize) -> Value {
        let mut part = self.shown("String");
        part["position"] = json!(nth);
        part
    }

    fn measure(&self) -> Value {
        let mut part = self.shown("Long");
        part["usage"] = json!("mandatory");
        part
    }

    fn attribute(&self) -> Value {
        let mut part = self.shown("String");
        part["attributeRelationship"] = json!({ "observation": {} });
        part
    }
}

/// Something that the agency keeps.
fn kept(id: &str, name: &str) -> Value {
    json!({ "id": id, "agencyID": AGENCY, "version": VERSION, "name": name })
}

/// A code or a concept.
fn item(id: &str, name: &str) -> Value {
    json!({ "id": id, "name": name })
}

/// The name of a structure in the whole world.
fn urn(class: &str, id: &str) -> String {
    format!("urn:sdmx:org.sdmx.infomodel.{class}={AGENCY}:{id}({VERSION})")
}
