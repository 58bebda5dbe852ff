//! Reads query parameters: every one is known and typed, or the request is refused.

use gdtx_domain::{Checks, Label, text};
use gdtx_service::{AsOf, Code, Error, PageRequest, Record, Resource, Result};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    body::{nearest, suggestion, unknown},
    value::{is_date, unreadable},
};

/// A list request: page, filter and the fields wanted.
pub struct ListQuery<F> {
    pub page: PageRequest,
    pub filter: F,
    pub fields: Option<Vec<String>>,
}

/// Parameters that every list takes beside its filter.
const PAGE: [&str; 4] = ["first", "after", "sort", "count"];

/// The moment of the past that records are read at.
const AS_OF: &str = "asOf";

/// Parameters understood everywhere and handled elsewhere.
const EVERYWHERE: [&str; 1] = ["lang"];

/// The most characters of a value: cursors and lists of fields are the longest.
pub(super) const LONGEST: usize = 2000;

/// Names and values as they came.
type Pairs = Vec<(String, String)>;

fn pairs(query: &str) -> Result<Pairs> {
    let pairs: Pairs = serde_urlencoded::from_str(query).map_err(|_| {
        refuse("query", "unreadable", "Chuỗi truy vấn không đọc được.", "The query string cannot be read.")
    })?;
    if let Some((name, _)) = pairs.iter().find(|(_, value)| value.chars().count() > LONGEST) {
        return Err(refuse(
            name,
            "too_long",
            format!("Giá trị dài quá {LONGEST} ký tự."),
            format!("The value is longer than {LONGEST} characters."),
        ));
    }
    if let Some((name, _)) = pairs.iter().find(|(_, value)| value.chars().any(char::is_control)) {
        return Err(refuse(
            name,
            "control_character",
            "Giá trị chứa ký tự điều khiển.",
            "The value contains a control character.",
        ));
    }
    for (i, (name, _)) in pairs.iter().enumerate() {
        if pairs[..i].iter().any(|(n, _)| n == name) {
            return Err(refuse(name, "repeated", "Tham số lặp lại.", "The parameter is given twice."));
        }
    }
    Ok(pairs.into_iter().filter(|(name, _)| !EVERYWHERE.contains(&name.as_str())).collect())
}

fn refuse(parameter: &str, code: &'static str, vi: impl Into<String>, en: impl Into<String>) -> Error {
    let mut checks = Checks::default();
    checks.refuse(parameter, code, vi, en);
    Error { fields: checks.problems, ..Error::of(Code::InvalidParameter) }
}

/// A read of one thing: what is asked and the fields wanted.
pub struct ReadQuery<T> {
    pub given: T,
    pub fields: Option<Vec<String>>,
}

/// Reads the parameters of a read of one thing.
pub fn read<T: DeserializeOwned>(query: &str) -> Result<ReadQuery<T>> {
    reading(pairs(query)?, &["fields"])
}

fn reading<T: DeserializeOwned>(pairs: Pairs, also_known: &[&str]) -> Result<ReadQuery<T>> {
    let (wanted, given): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == "fields");
    let fields = wanted.first().map(|(_, value)| names(value)).transpose()?;
    Ok(ReadQuery { given: typed(&given, also_known)?, fields })
}

/// Names of fields, separated by commas: judged here, since an empty page has no fields to look for.
fn names(list: &str) -> Result<Vec<String>> {
    let names: Vec<String> = list.split(',').map(|name| name.trim().to_owned()).collect();
    match names.iter().find(|name| !text::is_path(name)) {
        None => Ok(names),
        Some(wrong) => Err(refuse(
            "fields",
            "invalid_value",
            format!("“{wrong}” không phải tên trường; ghi tên các trường, cách nhau bằng dấu phẩy."),
            format!("“{wrong}” is no name of a field; give names of fields, separated by commas."),
        )),
    }
}

/// Reads the parameters of a list.
pub fn list<F: DeserializeOwned + Serialize + Default>(query: &str) -> Result<ListQuery<F>> {
    list_of(pairs(query)?, &[])
}

/// Reads the parameters of a list of records, with the moment of the past that is wanted.
pub fn list_at<F: DeserializeOwned + Serialize + Default>(query: &str) -> Result<(ListQuery<F>, Option<AsOf>)> {
    let (as_of, rest) = moment(pairs(query)?)?;
    Ok((list_of(rest, &[AS_OF])?, as_of))
}

/// Reads the parameters of a read of one record: the fields and the moment of the past wanted.
pub fn read_at(query: &str) -> Result<(Option<Vec<String>>, Option<AsOf>)> {
    let (as_of, rest) = moment(pairs(query)?)?;
    let read = reading::<NoParameters>(rest, &["fields", AS_OF])?;
    Ok((read.fields, as_of))
}

/// The moment of the past that parameters name, and the others.
fn moment(pairs: Pairs) -> Result<(Option<AsOf>, Pairs)> {
    let (named, rest): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == AS_OF);
    Ok((named.first().map(|(_, value)| value.parse()).transpose()?, rest))
}

fn list_of<F: DeserializeOwned + Serialize + Default>(pairs: Pairs, also_known: &[&str]) -> Result<ListQuery<F>> {
    let mut fields = None;
    let (mut page, mut filter) = (Vec::new(), Vec::new());
    for (name, value) in pairs {
        if name == "fields" {
            fields = Some(names(&value)?);
        } else if PAGE.contains(&name.as_str()) {
            page.push((name, value));
        } else {
            filter.push((name, value));
        }
    }
    Ok(ListQuery {
        page: typed(&page, &[])?,
        filter: typed(&filter, &[&PAGE[..], &["fields"], also_known].concat())?,
        fields,
    })
}

/// The parameters of an operation that has none of its own, and the filter of a list without one.
#[derive(Default, Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoParameters {}

/// Reads the parameters of one operation into a flat shape.
pub fn typed_query<T: DeserializeOwned>(query: &str) -> Result<T> {
    typed(&pairs(query)?, &[])
}

/// Deserialises parameters one by one first, so that the refusal names the parameter.
fn typed<T: DeserializeOwned>(pairs: &[(String, String)], also_known: &[&str]) -> Result<T> {
    let encode = |pairs: &[&(String, String)]| serde_urlencoded::to_string(pairs).unwrap_or_default();
    match serde_urlencoded::from_str(&encode(&pairs.iter().collect::<Vec<_>>())) {
        Ok(value) => Ok(value),
        Err(error) => {
            let culprit = pairs.iter().find(|pair| {
                serde_urlencoded::from_str::<T>(&encode(&[pair]))
                    .is_err_and(|e| !e.to_string().starts_with("missing field"))
            });
            let name = culprit.map(|(n, _)| n.as_str());
            let takes = |sample: &str| {
                let pair = (name.unwrap_or_default().to_owned(), sample.to_owned());
                let read = serde_urlencoded::from_str::<T>(&encode(&[&pair]));
                read.map_or_else(|e| e.to_string().starts_with("missing field"), |_| true)
            };
            let text = match error.to_string() {
                // A text that is no date and no instant: the parser does not say which of the two is due.
                text if is_date(&text) => if takes("2026-09-05") { "formatted date" } else { "RFC 3339" }.to_owned(),
                text => text,
            };
            Err(explain(name, &text, also_known))
        }
    }
}

fn explain(culprit: Option<&str>, text: &str, also_known: &[&str]) -> Error {
    let (wrong, known) = unknown(text);
    if text.starts_with("unknown field") {
        let known: Vec<&str> = known.iter().chain(also_known).copied().collect();
        let (vi, en) = suggestion(nearest(wrong, &known));
        return refuse(
            wrong,
            "unknown_parameter",
            format!("Không có tham số này.{vi}"),
            format!("There is no such parameter.{en}"),
        );
    }
    if text.starts_with("missing field") {
        let wrong = wrong.trim_end_matches('`');
        return refuse(wrong, "required", "Tham số này là bắt buộc.", "This parameter is required.");
    }
    let said = if text.starts_with("unknown variant") {
        let (vi, en) = suggestion(nearest(wrong, &known));
        let list = known.join(", ");
        Label::new(
            format!("Giá trị không hợp lệ; dùng một trong: {list}.{vi}"),
            format!("Not a valid value; use one of: {list}.{en}"),
        )
    } else {
        unreadable(text)
    };
    refuse(culprit.unwrap_or("query"), "invalid_value", said.vi, said.en)
}

/// `dryRun` and `fields` of a write or a single read.
#[derive(Debug, Default)]
pub struct Options {
    pub dry_run: bool,
    pub fields: Option<Vec<String>>,
}

impl Options {
    /// Refuses a field that records of this kind do not have: a write is refused before it happens.
    pub fn check<R: Resource>(&self) -> Result<()> {
        let own = R::Record::FIELDS.iter().map(|(name, _)| text::camel(name));
        let known: Vec<String> = META.iter().map(|name| (*name).to_owned()).chain(own).collect();
        let first = |field: &String| field.split('.').next().unwrap_or_default().to_owned();
        match self.fields.iter().flatten().find(|field| !known.contains(&first(field))) {
            None => Ok(()),
            Some(field) => Err(unknown_field(field, &known.iter().map(String::as_str).collect::<Vec<_>>())),
        }
    }
}

/// What every record has.
const META: [&str; 8] =
    ["id", "version", "createdAt", "updatedAt", "deletedAt", "centreId", "externalIds", "maskedFields"];

/// The refusal of a field that an answer does not have.
pub fn unknown_field(field: &str, known: &[&str]) -> Error {
    let (vi, en) = suggestion(nearest(field.rsplit('.').next().unwrap_or(field), known));
    refuse(
        "fields",
        "unknown_field",
        format!("Không có trường “{field}”.{vi}"),
        format!("There is no field “{field}”.{en}"),
    )
}

/// What a write takes beside `fields`.
#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Rehearsal {
    dry_run: bool,
}

/// Reads the parameters of a write or a single read.
pub fn options(query: &str) -> Result<Options> {
    let read = read::<Rehearsal>(query)?;
    Ok(Options { dry_run: read.given.dry_run, fields: read.fields })
}

#[cfg(test)]
mod tests {
    use gdtx_domain::{
        FieldProblem,
        territory::{resolution::ResolveQuery, unit::UnitLevel},
    };
    use gdtx_service::territory::unit::AdministrativeUnitFilter;
    use proptest::prelude::*;

    use super::*;

    /// The one fault of refused parameters.
    fn fault<T>(read: Result<T>) -> Option<FieldProblem> {
        let error = read.err()?;
        assert_eq!(error.code, Code::InvalidParameter);
        let [field] = error.fields.as_slice() else { panic!("{} faults", error.fields.len()) };
        assert!(field.detail.vi != field.detail.en && !field.detail.en.is_empty());
        Some(field.clone())
    }

    proptest! {
        #[test]
        fn any_query_is_read_or_refused(query in r"(?s).{0,40}|([a-zA-Z%+`]{0,8}=[^&]{0,6}&?){0,4}") {
            fault(list::<AdministrativeUnitFilter>(&query));
            fault(read::<ResolveQuery>(&query));
            fault(options(&query));
        }

        #[test]
        fn an_unknown_parameter_is_named(name in "[A-Z`~, ]{1,8}", value in "[a-z0-9]{0,8}") {
            let query = serde_urlencoded::to_string([(&name, &value)]).unwrap();
            let field = fault(list::<AdministrativeUnitFilter>(&query)).unwrap();
            prop_assert_eq!((field.pointer, field.code), (name, "unknown_parameter"));
        }

        #[test]
        fn a_value_of_the_wrong_kind_is_laid_to_its_parameter(
            name in prop::sample::select(vec!["first", "count", "asOf", "level"]), value in "[A-Z~/`\", %é]{1,8}",
        ) {
            let query = serde_urlencoded::to_string([("search", "thu"), (name, &value)]).unwrap();
            let field = fault(list::<AdministrativeUnitFilter>(&query)).unwrap();
            prop_assert_eq!(field.pointer, name);
            prop_assert!(!field.detail.en.contains(&value) || value.chars().count() < 3, "{} is repeated", value);
        }

        #[test]
        fn what_is_written_is_read_again(
            search in prop::option::of("[^\\p{Cc}]{0,40}"), code in prop::option::of("[0-9]{2}"), first in prop::option::of(any::<u32>()),
            level in prop::option::of(prop::sample::select(UnitLevel::ALL)),
        ) {
            let filter = AdministrativeUnitFilter { search, province_code: code, level, ..Default::default() };
            let page = PageRequest { first, ..PageRequest::default() };
            let written = |shape: String| if shape.is_empty() { shape } else { format!("{shape}&") };
            let query = written(serde_urlencoded::to_string(&filter).unwrap()) + &serde_urlencoded::to_string(&page).unwrap();
            let read = list::<AdministrativeUnitFilter>(query.trim_end_matches('&')).unwrap();
            prop_assert_eq!((read.filter, read.page), (filter, page));
        }
    }
}
