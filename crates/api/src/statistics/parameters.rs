//! The parameters of a query in an address: one for each dimension, and the rest of the query model beside them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use gdtx_domain::statistics::dimension::Dimension;
use gdtx_service::{
    Code, Error, Result,
    statistics::{StatisticsCondition, StatisticsQuery},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{
    IntoParams, ToSchema,
    openapi::{
        ObjectBuilder, OpenApi, Required,
        path::{Parameter, ParameterBuilder, ParameterIn},
        schema::Type,
    },
};

use super::form::Form;
use crate::rest::{body, query};

/// Codes of members, separated by commas.
const MEMBERS: &str = "^[A-Za-z0-9_@-]+(,[A-Za-z0-9_@-]+)*$";

/// What a query takes beside dimensions.
#[derive(Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct StatisticsParameters {
    /// Dimensions to break figures down by, separated by commas; one figure for all when absent.
    #[param(pattern = "^[A-Za-z]+(,[A-Za-z]+)*$")]
    #[serde(skip_serializing_if = "Option::is_none")]
    group_by: Option<String>,
    /// Codes of measures, separated by commas; all of the data set when absent.
    #[param(pattern = "^[A-Za-z]+(,[A-Za-z]+)*$")]
    #[serde(skip_serializing_if = "Option::is_none")]
    measures: Option<String>,
    /// A condition of any shape as JSON, beside those of the dimensions:
    /// `{"any":[{"dimension":"gender","members":["female"]},{"dimension":"minority","members":["yes"]}]}`.
    #[param(pattern = r"^\{[^\u0000-\u001f\u007f-\u009f]*\}$")]
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<String>,
    /// Whether to add the totals of each dimension, under the member `_T`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    totals: bool,
    /// Places on the boundaries of this day; as they are today when absent. On a day before 2025-07-01 there are
    /// districts too (`district`), and `exact`, `coverage` and the status `estimated` tell what is not exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    boundaries: Option<NaiveDate>,
    /// A dimension or measure, `-` in front for the largest first.
    #[param(pattern = "^-?[A-Za-z]+$")]
    #[serde(skip_serializing_if = "Option::is_none")]
    sort: Option<String>,
    /// So many rows at most, after sorting.
    #[param(minimum = 1, maximum = 4_294_967_295_i64)]
    #[serde(skip_serializing_if = "Option::is_none")]
    top: Option<u32>,
    /// The form of the answer, in the place of `Accept`.
    #[param(inline)]
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<Form>,
}

/// A query as it was read, and the parameters that its conditions came from.
pub struct Parameters {
    pub query: StatisticsQuery,
    pub format: Option<Form>,
    pub names: Vec<String>,
}

/// Reads a query.
pub fn read(text: &str) -> Result<Parameters> {
    let (dimensions, own) = split(query::typed_query::<BTreeMap<String, String>>(text)?);
    let own: StatisticsParameters = typed(&own)?;
    let mut names = Vec::new();
    let mut all = Vec::new();
    for (dimension, members) in dimensions {
        names.push(dimension.code().to_owned());
        all.push(StatisticsCondition::of(dimension, list(&members)));
    }
    if let Some(filter) = &own.filter {
        names.push("filter".to_owned());
        all.push(body::read(filter.as_bytes()).map_err(|error| in_parameter(error, "filter"))?);
    }
    let group_by = own.group_by.as_deref().map(list).unwrap_or_default();
    let query = StatisticsQuery {
        measures: own.measures.as_deref().map(list).unwrap_or_default(),
        group_by: group_by.iter().map(|code| dimension(code)).collect::<Result<_>>()?,
        filter: (!all.is_empty()).then(|| StatisticsCondition { all, ..Default::default() }),
        totals: own.totals,
        boundaries: own.boundaries,
        sort: own.sort,
        top: own.top,
    };
    Ok(Parameters { query, format: own.format, names })
}

/// Reads the form alone: the query stands in the body.
pub fn format_only(text: &str) -> Result<Option<Form>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Only {
        format: Option<Form>,
    }
    Ok(query::typed_query::<Only>(text)?.format)
}

/// A query as the parameters of an address.
pub fn written(query: &StatisticsQuery, form: Form) -> String {
    let joined = |list: Vec<&str>| (!list.is_empty()).then(|| list.join(","));
    let own = StatisticsParameters {
        group_by: joined(query.group_by.iter().map(|dimension| dimension.code()).collect()),
        measures: joined(query.measures.iter().map(String::as_str).collect()),
        filter: query.filter.as_ref().and_then(|filter| serde_json::to_string(filter).ok()),
        totals: query.totals,
        boundaries: query.boundaries,
        sort: query.sort.clone(),
        top: query.top,
        format: Some(form),
    };
    serde_urlencoded::to_string(own).unwrap_or_default()
}

/// A refusal of a condition names the parameter that the condition came from.
pub fn named(mut error: Error, names: &[String]) -> Error {
    for field in &mut error.fields {
        let nth =
            field.pointer.strip_prefix("filter/all/").and_then(|rest| rest.split('/').next()?.parse::<usize>().ok());
        if let Some(name) = nth.and_then(|nth| names.get(nth)) {
            field.pointer.clone_from(name);
        }
    }
    error
}

/// Adds the parameters to the operation that reads a path, which follow from the dimensions; but for some.
pub fn describe(document: &mut OpenApi, path: &str, but: &[&str]) {
    if let Some(read) = document.paths.paths.get_mut(path).and_then(|item| item.get.as_mut()) {
        let parameters = described().filter(|parameter| !but.contains(&parameter.name.as_str()));
        read.parameters.get_or_insert_default().extend(parameters.map(Into::into));
    }
}

fn described() -> impl Iterator<Item = Parameter> {
    let dimension = |dimension: &Dimension| {
        let label = dimension.label();
        let latest = if dimension.is_time() {
            " `latest` is the one that has begun last, `latest-1` the one before."
        } else {
            ""
        };
        ParameterBuilder::new()
            .name(dimension.code())
            .parameter_in(ParameterIn::Query)
            .required(Required::False)
            .description(Some(format!(
                "{} ({}): one of these members, separated by commas.{latest}",
                label.vi, label.en
            )))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String).pattern(Some(MEMBERS)).build()))
            .build()
    };
    StatisticsParameters::into_params(|| None).into_iter().chain(Dimension::ALL.iter().map(dimension))
}

type Dimensions = Vec<(Dimension, String)>;

fn split(pairs: BTreeMap<String, String>) -> (Dimensions, BTreeMap<String, String>) {
    let (mut dimensions, mut own) = (Vec::new(), BTreeMap::new());
    for (name, value) in pairs {
        match Dimension::from_code(&name) {
            Some(dimension) => dimensions.push((dimension, value)),
            None => {
                own.insert(name, value);
            }
        }
    }
    (dimensions, own)
}

fn typed<T: DeserializeOwned>(pairs: &BTreeMap<String, String>) -> Result<T> {
    query::typed_query(&serde_urlencoded::to_string(pairs).map_err(Error::internal)?)
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(|part| part.trim().to_owned()).collect()
}

fn dimension(code: &str) -> Result<Dimension> {
    Dimension::from_code(code).ok_or_else(|| {
        let code: String = code.chars().take(60).collect();
        let near = body::nearest(&code, &Dimension::ALL.iter().map(|known| known.code()).collect::<Vec<_>>());
        let (vi, en) = body::suggestion(near);
        Error::field(
            Code::InvalidParameter,
            "groupBy",
            "unknown_code",
            format!("Không có chiều “{code}”.{vi}"),
            format!("There is no dimension “{code}”.{en}"),
        )
    })
}

/// A refusal of a text in a parameter.
fn in_parameter(error: Error, name: &str) -> Error {
    let fields = error.fields.into_iter().map(|mut field| {
        name.clone_into(&mut field.pointer);
        field
    });
    Error { fields: fields.collect(), ..Error::of(Code::InvalidParameter) }
}
