//! A selection of the values of variables, as a query on the data set.

use gdtx_domain::statistics::dimension::{Dimension, NOT_TOLD};
use gdtx_service::{
    Code, Error, Result,
    statistics::{AnswerDimension, StatisticsCondition, StatisticsDataSet, StatisticsQuery},
};
use serde::{Deserialize, Serialize};

use super::{
    CONTENTS,
    expression::{self, Wrong},
    refuse, told,
};

/// Values and expressions in one selection at most.
const MOST: usize = 10_000;
/// Expressions among them: each is held against every value.
const MOST_EXPRESSIONS: usize = 100;

/// What is selected of one variable; a variable of which nothing is selected is summed over.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VariableSelection {
    pub variable_code: String,
    #[serde(default)]
    pub value_codes: Vec<String>,
    /// There are no other lists of values than those of the variables themselves.
    #[serde(default, alias = "codelist", skip_serializing_if = "Option::is_none")]
    pub code_list: Option<String>,
}

/// Where variables stand in a printed table.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Placement {
    pub heading: Vec<String>,
    pub stub: Vec<String>,
}

/// What is selected of a table.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Selection {
    pub selection: Vec<VariableSelection>,
    pub placement: Option<Placement>,
}

/// What is selected where nothing is asked for: of the latest time all measures by province and by what does not add
/// up.
pub fn by_default(set: &StatisticsDataSet) -> Selection {
    let select = |dimension: &AnswerDimension| {
        let all = values(dimension);
        let first = match (dimension.adds_up && dimension.code != Dimension::Province, dimension.code.is_time()) {
            (true, _) => all.len(),
            (false, true) => all.len().saturating_sub(1),
            (false, false) => 0,
        };
        variable(dimension.code.code(), all[first..].iter().map(|code| (*code).to_owned()).collect())
    };
    let measures = set.measures.iter().map(|measure| measure.code.clone()).collect();
    let selection: Vec<VariableSelection> =
        set.dimensions.iter().map(select).chain([variable(CONTENTS, measures)]).collect();
    let shown = selection.iter().filter(|one| !one.value_codes.is_empty()).map(|one| one.variable_code.clone());
    let is_time = |code: &str| Dimension::from_code(code).is_some_and(Dimension::is_time);
    let (heading, stub) = shown.partition(|code| code == CONTENTS || is_time(code));
    Selection { selection, placement: Some(Placement { heading, stub }) }
}

fn variable(code: &str, value_codes: Vec<String>) -> VariableSelection {
    VariableSelection { variable_code: code.to_owned(), value_codes, code_list: None }
}

/// The codes of a variable that expressions are about: what is not told is no time.
fn values(dimension: &AnswerDimension) -> Vec<&str> {
    let codes = dimension.members.iter().map(|member| member.code.as_str());
    codes.filter(|code| !dimension.code.is_time() || *code != NOT_TOLD).collect()
}

/// The query that a selection means.
pub fn query(set: &StatisticsDataSet, asked: &Selection) -> Result<StatisticsQuery> {
    let named = check(set, asked)?;
    if named.iter().all(Vec::is_empty) {
        return query(set, &by_default(set));
    }
    let mut query = StatisticsQuery::default();
    let mut all = Vec::new();
    for (dimension, texts) in set.dimensions.iter().zip(&named) {
        let code = dimension.code.code();
        if texts.is_empty() && !dimension.adds_up {
            return Err(missing(code));
        }
        if !texts.is_empty() {
            query.group_by.push(dimension.code);
            let members = codes(&values(dimension), dimension.code.is_time(), texts, code)?;
            all.push(StatisticsCondition::of(dimension.code, members));
        }
    }
    let measures: Vec<&str> = set.measures.iter().map(|measure| measure.code.as_str()).collect();
    let texts = named.last().filter(|texts| !texts.is_empty()).ok_or_else(|| missing(CONTENTS))?;
    query.measures = codes(&measures, false, texts, CONTENTS)?;
    query.filter = (!all.is_empty()).then(|| StatisticsCondition { all, ..Default::default() });
    Ok(query)
}

/// What is selected of each variable in the order of the table, that of measures at the end.
fn check(set: &StatisticsDataSet, asked: &Selection) -> Result<Vec<Vec<String>>> {
    let texts = || asked.selection.iter().flat_map(|one| &one.value_codes);
    let expressions = texts().filter(|text| expression::is_one(text)).count();
    if texts().count() > MOST || expressions > MOST_EXPRESSIONS {
        return Err(refuse(
            "valueCodes",
            "too_many",
            format!("Tối đa {MOST} giá trị, trong đó {MOST_EXPRESSIONS} biểu thức."),
            format!("{MOST} values at most, {MOST_EXPRESSIONS} of them expressions."),
        ));
    }
    let placement = asked.placement.iter().flat_map(|placement| placement.heading.iter().chain(&placement.stub));
    for code in placement {
        place(set, code)?;
    }
    let mut named = vec![Vec::new(); set.dimensions.len() + 1];
    for one in &asked.selection {
        if let Some(list) = one.code_list.as_deref().filter(|list| !list.is_empty()) {
            let list: String = list.chars().take(60).collect();
            return Err(refuse(
                &format!("codelist[{}]", one.variable_code),
                "unknown_code",
                format!("Không có danh sách mã “{list}”."),
                format!("There is no code list “{list}”."),
            ));
        }
        named[place(set, &one.variable_code)?].extend(one.value_codes.iter().cloned());
    }
    Ok(named)
}

/// The place of a variable in the table. `time` is the one of time, whatever it is called.
fn place(set: &StatisticsDataSet, code: &str) -> Result<usize> {
    let names = || set.dimensions.iter().map(|dimension| dimension.code.code()).chain([CONTENTS]);
    let by_name = names().position(|name| name.eq_ignore_ascii_case(code));
    let of_time = || set.dimensions.iter().position(|dimension| dimension.code.is_time());
    let found = by_name.or_else(|| code.eq_ignore_ascii_case("time").then(of_time).flatten());
    found.ok_or_else(|| {
        let (code, known): (String, _) = (code.chars().take(60).collect(), names().collect::<Vec<_>>().join(", "));
        refuse(
            "valueCodes",
            "unknown_code",
            format!("Bảng không có biến “{code}”; có: {known}."),
            format!("The table has no variable “{code}”; it has: {known}."),
        )
    })
}

/// The codes that texts stand for. One that is not listed is left to the query: it may be a value without a figure.
fn codes(known: &[&str], is_time: bool, texts: &[String], variable: &str) -> Result<Vec<String>> {
    let mut wanted = vec![false; known.len()];
    let mut others = Vec::new();
    for text in texts {
        let name = format!("valueCodes[{variable}]");
        match expression::places(known, is_time, text) {
            Ok(Some(places)) => places.into_iter().for_each(|place| wanted[place] = true),
            Ok(None) => others.push(text.clone()),
            Err(wrong) => return Err(unreadable(&name, text, wrong)),
        }
    }
    let listed = known.iter().zip(wanted).filter(|(_, wanted)| *wanted).map(|(code, _)| (*code).to_owned());
    Ok(listed.chain(others).collect())
}

fn unreadable(name: &str, text: &str, wrong: Wrong) -> Error {
    let text: String = text.chars().take(60).collect();
    match wrong {
        Wrong::Expression => refuse(
            name,
            "invalid_value",
            format!("Không hiểu biểu thức “{text}”; có: *, ?, TOP, BOTTOM, FROM, TO, RANGE."),
            format!("The expression “{text}” cannot be read; there are: *, ?, TOP, BOTTOM, FROM, TO, RANGE."),
        ),
        Wrong::Value => refuse(
            name,
            "unknown_code",
            format!("“{text}” không ứng với giá trị nào của biến."),
            format!("“{text}” stands for no value of the variable."),
        ),
    }
}

fn missing(variable: &str) -> Error {
    refuse(
        &format!("valueCodes[{variable}]"),
        "required",
        format!("Biến {variable} là bắt buộc: không cộng được theo biến này."),
        format!("The variable {variable} is mandatory: figures do not add up over it."),
    )
}

/// A refusal of the query in the words of the protocol: the variable at fault, and 403 for too many cells.
pub fn refused(error: Error, query: &StatisticsQuery) -> Error {
    if error.fields.iter().any(|field| field.code == "too_many_figures") {
        let detail = told(error).detail;
        return Error { detail, ..Error::of(Code::Forbidden) };
    }
    let mut error = error;
    for field in &mut error.fields {
        let nth = field.pointer.strip_prefix("filter/all/").and_then(|rest| rest.split('/').next()?.parse().ok());
        let variable = match nth.and_then(|nth: usize| query.group_by.get(nth)) {
            Some(dimension) => dimension.code(),
            None if field.pointer == "measures" => CONTENTS,
            None => continue,
        };
        field.pointer = format!("valueCodes[{variable}]");
    }
    told(error)
}
