//! The same figures by GET, by QUERY and on GraphQL, and in every form.

use std::collections::{BTreeMap, BTreeSet};

use parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::RowAccessor,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::filled;
use crate::{
    on_both,
    support::{Answer, Client, Service, province},
};

const DATA: &str = "/v1/statistics/datasets/outcomes/data";
/// Outcomes of a year by programme and by how they ended.
const ASKED: &str = "groupBy=programmeGroup,enrolmentStatus&schoolYear=2025";

async fn department(s: &Service) -> Client {
    s.client("province_department", province("46")).await
}

/// Asks for ASKED in Hue in a form, by `Accept`.
async fn in_form(client: &Client, media: &str) -> Answer {
    client.with("Accept", media).get(&format!("{DATA}?{ASKED}&province=46")).await.expect(200)
}

/// Figures by the codes of their members.
pub type Figures = BTreeMap<Vec<String>, i64>;

fn texts(values: &Value) -> Vec<String> {
    values.as_array().expect("a list").iter().map(|value| value.as_str().expect("a text").to_owned()).collect()
}

fn of_json(body: &Value) -> Figures {
    let rows = body["rows"].as_array().expect("rows");
    rows.iter().map(|row| (texts(&row["members"]), row["values"][0].as_i64().expect("a number"))).collect()
}

fn of_csv(text: &str, columns: &[&str], value: &str) -> Figures {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heading = reader.headers().expect("a heading").clone();
    let at =
        |name: &str| heading.iter().position(|column| column == name).unwrap_or_else(|| panic!("{name}: {heading:?}"));
    let line = |line: csv::StringRecord| {
        (columns.iter().map(|name| line[at(name)].to_owned()).collect(), line[at(value)].parse().expect("a number"))
    };
    reader.records().map(|record| line(record.expect("a line"))).collect()
}

fn of_json_stat(set: &Value) -> Figures {
    let codes = |id: &str| texts(&set["dimension"][id]["category"]["index"]);
    let (groups, states) = (codes("programmeGroup"), codes("enrolmentStatus"));
    assert_eq!(texts(&set["id"]), ["programmeGroup", "enrolmentStatus", "measure"]);
    assert_eq!(set["size"], json!([groups.len(), states.len(), 1]));
    let values = set["value"].as_array().expect("values");
    assert_eq!(values.len(), groups.len() * states.len());
    let places = groups.iter().flat_map(|group| states.iter().map(move |state| vec![group.clone(), state.clone()]));
    let figures = places.zip(values).map(|(members, value)| (members, value.as_i64().expect("a number")));
    figures.filter(|(_, value)| *value != 0).collect()
}

pub fn of_parquet(bytes: Vec<u8>) -> Figures {
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).expect("a Parquet file");
    let row = |row: parquet::record::Row| {
        let text = |at: usize| row.get_string(at).expect("a text").clone();
        (vec![text(0), text(1)], row.get_long(2).expect("a number"))
    };
    reader.get_row_iter(None).expect("rows").map(|next| row(next.expect("a row"))).collect()
}

on_both!(
    async fn every_form_holds_the_same_figures(s) {
        filled(s).await;
        let client = department(s).await;
        let json = in_form(&client, "application/json").await.body;
        let figures = of_json(&json);
        assert!(figures.len() > 4 && figures.values().sum::<i64>() > 100, "{figures:?}");
        assert_eq!(of_json_stat(&in_form(&client, "application/vnd.json-stat+json").await.body), figures);
        let csv = in_form(&client, "text/csv").await;
        assert_eq!(of_csv(&csv.text, &["programmeGroup", "enrolmentStatus"], "enrolments"), figures);
        let sdmx = in_form(&client, "application/vnd.sdmx.data+csv").await;
        assert_eq!(of_csv(&sdmx.text, &["PROGRAMME_GROUP", "ENROLMENT_STATUS"], "OBS_VALUE"), figures);
        // A key names every dimension, so that it is that of no other question.
        let keys = of_csv(&sdmx.text, &["SCHOOL_YEAR", "PROVINCE", "GENDER", "PROGRAMME_GROUP", "ENROLMENT_STATUS"], "OBS_VALUE");
        assert_eq!(keys.len(), figures.len());
        assert!(keys.keys().all(|key| key[..3] == ["2025-2026", "46", "_T"]), "{keys:?}");
        assert_eq!(of_parquet(in_form(&client, "application/vnd.apache.parquet").await.bytes), figures);
        let book = in_form(&client, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet").await;
        let rows = sheet(&book.bytes);
        assert_eq!(rows.len(), figures.len() + 1);
        assert_eq!(rows.iter().skip(1).map(|row| row[2].parse::<i64>().expect("a number")).sum::<i64>(), figures.values().sum::<i64>());
        // The description of the CSV names its columns.
        let described = description(&client, &csv).await;
        let names: Vec<Value> = described["tableSchema"]["columns"].as_array().expect("columns").iter().map(|c| c["name"].clone()).collect();
        assert_eq!(csv.text.lines().next().expect("a heading"), names.iter().map(|n| n.as_str().expect("a name")).collect::<Vec<_>>().join(","));
        let itself = client.get(described["url"].as_str().expect("an address")).await.expect(200);
        assert_eq!(itself.text, csv.text);
        // That of the SDMX-CSV names its columns in the order of the data set, and its codes.
        let structure = description(&client, &sdmx).await["data"].clone();
        let parts = &structure["dataStructures"][0]["dataStructureComponents"]["dimensionList"]["dimensions"];
        let ids: Vec<&str> = parts.as_array().expect("dimensions").iter().map(|part| part["id"].as_str().expect("an id")).collect();
        assert_eq!((ids.first(), ids.last()), (Some(&"SCHOOL_YEAR"), Some(&"MEASURE")), "{ids:?}");
        let codes = |list: &str| {
            let lists = structure["codelists"].as_array().expect("lists").iter();
            let list = lists.filter(|one| one["id"] == list).collect::<Vec<_>>();
            let [list] = list[..] else { panic!("one list") };
            list["codes"].as_array().expect("codes").iter().map(|code| code["id"].as_str().expect("a code").to_owned()).collect::<BTreeSet<_>>()
        };
        let groups: BTreeSet<String> = figures.keys().map(|key| key[0].clone()).collect();
        assert_eq!(codes("CL_PROGRAMME_GROUP"), groups);
        assert_eq!(codes("CL_SCHOOL_YEAR"), BTreeSet::from(["2025-2026".to_owned()]));
    }
);

/// What describes an answer, as its header `Link` tells.
async fn description(client: &Client, answer: &Answer) -> Value {
    let link = answer.header("link").split('>').next().expect("a link").trim_start_matches('<').to_owned();
    client.get(&link).await.expect(200).body
}

/// The cells of the first sheet of a workbook.
pub fn sheet(bytes: &[u8]) -> Vec<Vec<String>> {
    use calamine::Reader;
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).expect("a workbook");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("cells");
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

on_both!(
    async fn a_question_has_one_answer_however_it_is_put(s) {
        filled(s).await;
        let client = department(s).await.english();
        let got = client.get(&format!("{DATA}?{ASKED}&province=46&totals=true&sort=-enrolments")).await.expect(200);
        let query = json!({
            "groupBy": ["programmeGroup", "enrolmentStatus"], "totals": true, "sort": "-enrolments",
            "filter": { "all": [
                { "dimension": "province", "members": ["46"] }, { "dimension": "schoolYear", "members": ["2025-2026"] },
            ] },
        });
        let method = Method::from_bytes(b"QUERY").expect("a method");
        let queried = client.send(method.clone(), DATA, Some(query)).await.expect(200);
        assert_eq!(queried.body, got.body);
        assert_eq!(client.get(queried.header("content-location")).await.expect(200).body, got.body, "its own address");
        let document = "query($query: StatisticsQuery!) { queryStatistics(id: \"outcomes\", query: $query) \
            { dataSet title position version measures { code } dimensions { code label addsUp members { code label } } rows { members values status } statusOfZero } }";
        let graphql = client.data(document, json!({ "query": {
            "groupBy": ["programmeGroup", "enrolmentStatus"], "totals": true, "sort": "-enrolments",
            "filter": { "any": [{ "all": [
                { "dimension": "province", "members": ["46"] }, { "dimension": "schoolYear", "members": ["2025"] },
            ] }] },
        } })).await;
        let same = &graphql["queryStatistics"];
        for field in ["dataSet", "title", "position", "version", "dimensions", "statusOfZero"] {
            assert_eq!(same[field], got.body[field], "{field}");
        }
        assert_eq!(of_json(same), of_json(&got.body));
        let all = json!(["_T", "_T"]);
        assert_eq!(got.body["rows"][0]["members"], all, "the largest first");
    }
);

on_both!(
    async fn who_has_the_figures_is_told_so(s) {
        filled(s).await;
        let (client, public) = (department(s).await, s.public());
        let path = format!("{DATA}?{ASKED}");
        let tag = client.get(&path).await.expect(200).header("etag").to_owned();
        client.with("If-None-Match", &tag).get(&path).await.expect(304);
        for (who, path) in [(&client, format!("{path}&totals=true")), (&client, format!("{path}&format=csv")), (&public, path.clone()), (&client.english(), path.clone())] {
            who.with("If-None-Match", &tag).get(&path).await.expect(200);
        }
        let any = client.with("If-None-Match", "*");
        assert_eq!(any.get(&path).await.expect(304).header("etag"), tag);
        any.get(&format!("{DATA}?groupBy=colour")).await.expect(400);
        // What other data sets count does not change these figures.
        client.with("If-None-Match", &tag).get(&path).await.expect(304);
        let vendor = s.vendor().await;
        vendor.post("/v1/centres", crate::support::centre("Trung tâm mới", "11407")).await.expect(201);
        s.counted().await;
        client.with("If-None-Match", &tag).get(&path).await.expect(304);
        let centres = public.get("/v1/statistics/datasets/centres/data").await.expect(200);
        assert_eq!(centres.header("cache-control"), "public, no-cache");
        vendor.post("/v1/centres", crate::support::centre("Trung tâm khác", "11407")).await.expect(201);
        s.counted().await;
        let changed = public.with("If-None-Match", centres.header("etag")).get("/v1/statistics/datasets/centres/data").await.expect(200);
        assert_eq!(changed.body["rows"][0]["values"][0].as_i64(), centres.body["rows"][0]["values"][0].as_i64().map(|n| n + 1));
    }
);

on_both!(
    async fn what_cannot_be_asked_is_told_where_it_stands(s) {
        let client = s.public();
        for (query, field, code) in [
            ("groupBy=colour", "groupBy", "unknown_code"),
            ("groupBy=gender,gender&schoolYear=2025", "groupBy", "repeated"),
            ("groupBy=facility&schoolYear=2025", "groupBy", "unknown_code"),
            ("groupBy=gender", "groupBy", "does_not_add_up"),
            ("schoolYear=2025,2026", "groupBy", "does_not_add_up"),
            ("schoolYear=2025&gender=red", "gender", "unknown_code"),
            ("schoolYear=soon", "schoolYear", "unknown_code"),
            ("schoolYear=2025&facility=internet", "facility", "unknown_code"),
            ("schoolYear=2025&province=latest", "province", "unknown_code"),
            ("schoolYear=2025&filter={", "filter", "invalid_json"),
            ("schoolYear=2025&filter={\"colour\":1}", "filter", "unknown_property"),
            ("schoolYear=2025&measures=people", "measures", "unknown_code"),
            ("schoolYear=2025&sort=colour", "sort", "unknown_code"),
            ("schoolYear=2025&top=-1", "top", "invalid_value"),
            ("schoolYear=2025&top=0", "top", "out_of_range"),
            ("schoolYear=2025&colour=red", "colour", "unknown_parameter"),
            ("schoolYear=2025&format=pdf", "format", "invalid_value"),
            ("schoolYear=2025&format=json_stat&top=3", "format", "not_allowed_here"),
        ] {
            let refused = client.get(&format!("{DATA}?{query}")).await.expect(400);
            assert!(refused.faults().contains(&(field.to_owned(), code.to_owned())), "{query}: {}", refused.text);
        }
        let method = Method::from_bytes(b"QUERY").expect("a method");
        let queried = async |query: Value| client.send(method.clone(), DATA, Some(query)).await;
        let deep = (0..12).fold(json!({}), |inner, _| json!({ "all": [inner] }));
        for (query, field, code) in [
            (json!({ "filter": { "dimension": "schoolYear", "members": ["2025"], "any": [{ "dimension": "gender", "members": ["red"] }] } }), "/filter/any/0/members", "unknown_code"),
            (json!({ "filter": { "members": ["2025"] } }), "/filter/dimension", "required"),
            (json!({ "filter": deep }), "/filter/all/0/all/0/all/0/all/0/all/0/all/0/all/0/all/0/all/0", "too_deep"),
            (json!({ "groupBy": ["gender"] }), "/groupBy", "does_not_add_up"),
            (json!({ "groupBy": ["colour"] }), "/groupBy/0", "unknown_code"),
        ] {
            queried(query).await.expect(400).refuses(field, code);
        }
        client.with("Accept", "image/png").get(&format!("{DATA}?schoolYear=2025")).await.expect(406);
        client.get("/v1/statistics/datasets/people").await.expect(404);
        client.get("/v1/statistics/datasets/people/data").await.expect(404);
    }
);

on_both!(
    async fn data_sets_tell_what_can_be_asked_of_them(s) {
        filled(s).await;
        let client = s.public().english();
        let list = client.get("/v1/statistics/datasets").await.expect(200).body;
        let ids: Vec<String> = list["items"].as_array().expect("data sets").iter().map(|set| set["id"].as_str().expect("an id").to_owned()).collect();
        assert!(ids.contains(&"enrolments".to_owned()) && ids.len() >= 11, "{ids:?}");
        for id in ids {
            let set = client.get(&format!("/v1/statistics/datasets/{id}")).await.expect(200).body;
            // Each data set answers what it says can be asked of it.
            let needed = set["dimensions"].as_array().expect("dimensions").iter().filter(|d| d["addsUp"] == false);
            let needed: Vec<&str> = needed.map(|d| d["code"].as_str().expect("a code")).collect();
            let group = if needed.is_empty() { String::new() } else { format!("?groupBy={}", needed.join(",")) };
            let answer = client.get(&format!("/v1/statistics/datasets/{id}/data{group}")).await.expect(200).body;
            assert!(!answer["rows"].as_array().expect("rows").is_empty(), "{id}");
            assert_eq!(answer["notes"][0], set["about"]);
        }
    }
);
