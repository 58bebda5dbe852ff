//! The clients of statistical offices read the same figures by their own protocol.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::filled;
use crate::{
    on_both,
    support::{Answer, Client, Service, province},
};

const ROOT: &str = "/pxweb/v2";
const DATA: &str = "/pxweb/v2/tables/outcomes/data";
/// Outcomes of a year by gender and by how they ended.
const ASKED: &str =
    "valueCodes[schoolYear]=2025-2026&valueCodes[gender]=*&valueCodes[enrolmentStatus]=*&valueCodes[ContentsCode]=*";

async fn department(s: &Service) -> Client {
    s.client("province_department", province("46")).await
}

/// Figures that are not zero by the codes of their values.
type Figures = BTreeMap<Vec<String>, i64>;

/// The keys of an object in the order of its numbers.
fn keys(index: &Value) -> Vec<String> {
    let mut keys: Vec<(i64, String)> = index
        .as_object()
        .expect("an index")
        .iter()
        .map(|(key, at)| (at.as_i64().expect("a place"), key.clone()))
        .collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, key)| key).collect()
}

fn texts(values: &Value) -> Vec<String> {
    values.as_array().expect("a list").iter().map(|value| value.as_str().expect("a text").to_owned()).collect()
}

/// The figures of a table in JSON-stat, without the variable of the one measure.
fn figures(table: &Value) -> Figures {
    let ids = texts(&table["id"]);
    let codes: Vec<Vec<String>> = ids.iter().map(|id| keys(&table["dimension"][id]["category"]["index"])).collect();
    let places = codes.iter().fold(vec![Vec::new()], |places: Vec<Vec<String>>, codes| {
        places.iter().flat_map(|place| codes.iter().map(|code| [place.clone(), vec![code.clone()]].concat())).collect()
    });
    let values = table["value"].as_array().expect("values");
    assert_eq!(values.len(), places.len(), "a value in each place");
    let all = places.into_iter().zip(values).map(|(mut place, value)| {
        place.pop();
        (place, value.as_i64().expect("a number"))
    });
    all.filter(|(_, value)| *value != 0).collect()
}

async fn by_rest(client: &Client, query: &str) -> Figures {
    let body = client.get(&format!("/v1/statistics/datasets/outcomes/data?{query}")).await.expect(200).body;
    let rows = body["rows"].as_array().expect("rows");
    rows.iter().map(|row| (texts(&row["members"]), row["values"][0].as_i64().expect("a number"))).collect()
}

async fn selected(client: &Client, selection: &str) -> Answer {
    client.get(&format!("{DATA}?valueCodes[ContentsCode]=enrolments&{selection}")).await
}

on_both!(
    async fn the_figures_are_those_of_rest(s) {
        filled(s).await;
        let (department, public) = (department(s).await, s.public());
        for client in [&department, &public] {
            let own = client.get(&format!("{DATA}?{ASKED}")).await.expect(200);
            let wanted = by_rest(client, "groupBy=schoolYear,gender,enrolmentStatus&schoolYear=2025").await;
            assert!(wanted.len() > 2, "{wanted:?}");
            assert_eq!(figures(&own.body), wanted);
            let body = json!({ "selection": [
                { "variableCode": "ContentsCode", "valueCodes": ["enrolments"] },
                { "variableCode": "TIME", "valueCodes": ["2025-2026"] },
                { "variableCode": "enrolmentStatus", "valueCodes": ["*"] },
                { "variableCode": "gender", "valueCodes": ["FEMALE", "?ale", "*"], "codelist": null },
                { "variableCode": "province", "valueCodes": [] },
            ], "placement": { "heading": ["schoolYear"], "stub": ["gender"] } });
            assert_eq!(client.post(DATA, body).await.expect(200).body, own.body);
        }
        // Who has no duty that needs them is told that the numbers are rounded.
        let shown = public.english().get(&format!("{DATA}?{ASKED}")).await.expect(200).body;
        assert!(figures(&shown).values().all(|value| value % 5 == 0) && shown["status"]["0"] == "rounded");
        assert!(shown["note"].as_array().expect("notes").iter().any(|note| note.as_str().expect("a text").contains("rounded")));
        let within = format!("{ASKED}&valueCodes[province]=46");
        let exact = department.get(&format!("{DATA}?{within}")).await.expect(200).body;
        assert!(exact["status"].is_null() && figures(&exact).values().any(|value| value % 5 != 0));
    }
);

on_both!(
    async fn every_form_of_the_protocol_holds_them(s) {
        filled(s).await;
        let client = department(s).await;
        let wanted = figures(&client.get(&format!("{DATA}?{ASKED}")).await.expect(200).body);
        let older = client.get(&format!("{DATA}?{ASKED}&outputFormat=json-px")).await.expect(200).body;
        let kinds: Vec<&str> = older["columns"].as_array().expect("columns").iter().map(|c| c["type"].as_str().expect("a kind")).collect();
        assert_eq!(kinds, ["t", "d", "d", "c"]);
        let rows = older["data"].as_array().expect("rows").iter();
        let rows = rows.map(|row| (texts(&row["key"]), row["values"][0].as_str().expect("a text").parse::<i64>().expect("a number")));
        assert_eq!(rows.filter(|(_, value)| *value != 0).collect::<Figures>(), wanted);
        let rest = "/v1/statistics/datasets/outcomes/data?groupBy=schoolYear,gender,enrolmentStatus&schoolYear=2025";
        for form in ["csv", "parquet", "xlsx"] {
            let (own, other) = (
                client.get(&format!("{DATA}?{ASKED}&outputFormat={form}&outputFormatParams=UseCodes")).await.expect(200),
                client.get(&format!("{rest}&format={form}")).await.expect(200),
            );
            assert_eq!(own.header("content-type"), other.header("content-type"));
            assert!(own.header("content-disposition").contains("outcomes."));
            assert!(form == "xlsx" || own.bytes == other.bytes, "{form}");
        }
    }
);

on_both!(
    async fn expressions_select_and_what_is_left_out_is_summed(s) {
        filled(s).await;
        let client = department(s).await;
        let codes = async |selection: &str, variable: &str| {
            let table = selected(&client, selection).await.expect(200).body;
            keys(&table["dimension"][variable]["category"]["index"])
        };
        let all = codes("valueCodes[time]=*", "schoolYear").await;
        assert_eq!(codes("valueCodes[schoolYear]=TOP(1)", "schoolYear").await, all[all.len() - 1..]);
        assert_eq!(codes("valuecodes[schoolyear]=bottom(1)", "schoolYear").await, all[..1]);
        assert_eq!(codes(&format!("valueCodes[schoolYear]=FROM({})", all[0]), "schoolYear").await, all);
        assert_eq!(codes(&format!("valueCodes[schoolYear]=RANGE({0},{0})", all[0]), "schoolYear").await, all[..1]);
        let year = "valueCodes[schoolYear]=2025-2026";
        let states = codes(&format!("{year}&valueCodes[enrolmentStatus]=*"), "enrolmentStatus").await;
        assert!(states.len() > 2);
        assert_eq!(codes(&format!("{year}&valueCodes[enrolmentStatus]=TO({})", states[1]), "enrolmentStatus").await, states[..2]);
        assert_eq!(codes(&format!("{year}&valueCodes[enrolmentStatus]=TOP(1,1)"), "enrolmentStatus").await, states[1..2]);
        assert_eq!(codes(&format!("{year}&valueCodes[gender]=??male,male"), "gender").await, ["female", "male"]);
        let sum = figures(&selected(&client, year).await.expect(200).body);
        let parts = figures(&selected(&client, &format!("{year}&valueCodes[gender]=*")).await.expect(200).body);
        assert_eq!(sum.values().sum::<i64>(), parts.values().sum::<i64>());
        assert_eq!(sum.into_keys().collect::<Vec<_>>(), [["2025-2026"]]);
        // Nothing selected at all is the selection that the table tells of.
        let told = client.get(&format!("{ROOT}/tables/outcomes/defaultselection")).await.expect(200).body;
        let body = json!({ "selection": told["selection"], "placement": told["placement"] });
        let by_default = client.get(DATA).await.expect(200).body;
        assert_eq!(client.post(DATA, body).await.expect(200).body, by_default);
        assert!(by_default["size"].as_array().expect("sizes").iter().all(|size| *size != 0));
    }
);

on_both!(
    async fn tables_are_found_and_described(s) {
        filled(s).await;
        let client = s.public().english();
        let config = client.get(&format!("{ROOT}/config")).await.expect(200).body;
        assert_eq!((&config["apiVersion"], &config["maxDataCells"], &config["defaultLanguage"]), (&json!("2.0.0"), &json!(100_000), &json!("vi")));
        let page = client.get(&format!("{ROOT}/tables?pageSize=4&pageNumber=2&includeDiscontinued=False&pastDays=2")).await.expect(200).body;
        assert_eq!((&page["page"]["totalElements"], &page["page"]["totalPages"]), (&json!(15), &json!(4)));
        let next = page["page"]["links"].as_array().expect("links").iter().find(|link| link["rel"] == "next").expect("a next page");
        let next = next["href"].as_str().expect("an address");
        let next = &next[next.find(ROOT).expect("a path of the protocol")..];
        assert_eq!(client.get(next).await.expect(200).body["tables"].as_array().expect("tables").len(), 4);
        let found = client.get(&format!("{ROOT}/tables?query=OUTCOMES%20dropped&lang=en")).await.expect(200).body;
        assert_eq!((found["tables"].as_array().expect("tables").len(), &found["tables"][0]["id"]), (1, &json!("outcomes")));
        let folded = client.get(&format!("{ROOT}/tables?query=ket%20qua&lang=vi")).await.expect(200).body;
        assert_eq!((&folded["tables"][0]["label"], &folded["language"]), (&json!("Kết quả ghi danh"), &json!("vi")));
        let table = client.get(&format!("{ROOT}/tables/outcomes")).await.expect(200).body;
        assert_eq!((&table["timeUnit"], &table["type"], &table["lastPeriod"]), (&json!("Annual"), &json!("Table"), &json!("2025-2026")));
        for set in gdtx_domain::statistics::data_set::all() {
            let described = client.get(&format!("{ROOT}/tables/{}/metadata?outputFormat=json-stat2", set.id)).await.expect(200).body;
            let ids = texts(&described["id"]);
            assert_eq!(ids.last().map(String::as_str), Some("ContentsCode"));
            assert_eq!((&described["role"]["metric"], &described["value"]), (&json!(["ContentsCode"]), &json!([])));
            for (dimension, id) in set.dimensions.iter().zip(&ids) {
                assert_eq!(described["dimension"][id]["extension"]["elimination"], dimension.adds_up(), "{id}");
            }
            let figures = client.get(&format!("{ROOT}/tables/{}/data", set.id)).await.expect(200).body;
            assert_eq!(figures["label"], described["label"]);
        }
        let shorter = client.get(&format!("{ROOT}/tables/outcomes/metadata?defaultSelection=true")).await.expect(200).body;
        assert_eq!(texts(&shorter["id"]), ["schoolYear", "province", "ContentsCode"]);
    }
);

on_both!(
    async fn the_path_that_the_client_of_r_needs_leads_to_the_same(s) {
        filled(s).await;
        let client = s.public().english();
        let other = "/pxweb/api/v2";
        for path in ["config", "tables", "tables/outcomes", "tables/outcomes/metadata", "tables/outcomes/defaultselection", "tables/outcomes/data"] {
            let [known, same] = [ROOT, other].map(|root| format!("{root}/{path}"));
            let (known, same) = (client.get(&known).await.expect(200), client.get(&same).await.expect(200));
            // Its links stay on that path.
            assert_eq!(known.text.replace(ROOT, other), same.text);
            assert_eq!(known.text.contains(ROOT), !["config", "tables/outcomes/data"].contains(&path), "{path}");
        }
        let all = json!({ "selection": [{ "variableCode": "schoolYear", "valueCodes": ["*"] }, { "variableCode": "ContentsCode", "valueCodes": ["*"] }] });
        let posted = client.post(&format!("{other}/tables/outcomes/data"), all.clone()).await.expect(200);
        assert_eq!(posted.body, client.post(DATA, all).await.expect(200).body);
    }
);

on_both!(
    async fn what_cannot_be_selected_is_refused(s) {
        filled(s).await;
        let client = s.public().english();
        let year = "valueCodes[schoolYear]=2025-2026";
        for (query, field, code) in [
            ("valueCodes[gender]=female", "valueCodes[schoolYear]", "required"),
            ("valueCodes[schoolYear]=", "valueCodes[schoolYear]", "required"),
            (&format!("{year}&valueCodes[gender]=red"), "valueCodes[gender]", "unknown_code"),
            (&format!("{year}&valueCodes[gender]=x*"), "valueCodes[gender]", "unknown_code"),
            (&format!("{year}&valueCodes[gender]=TOP(0)"), "valueCodes[gender]", "invalid_value"),
            (&format!("{year}&valueCodes[ContentsCode]=people"), "valueCodes[ContentsCode]", "unknown_code"),
            (&format!("{year}&valueCodes[colour]=red"), "valueCodes", "unknown_code"),
            (&format!("{year}&codelist[gender]=agg_1"), "codelist[gender]", "unknown_code"),
            (&format!("{year}&heading=colour"), "valueCodes", "unknown_code"),
            (&format!("{year}&outputFormat=px"), "outputFormat", "invalid_value"),
            (&format!("{year}&outputFormatParams=SeparatorTab"), "outputFormatParams", "invalid_value"),
            (&format!("{year}&lang=fr"), "lang", "unknown_code"),
            (&format!("{year}&colour=red"), "colour", "unknown_parameter"),
        ] {
            let refused = selected(&client, query).await.expect(400).refuses(field, code).body;
            assert_eq!((&refused["status"], &refused["detail"]), (&json!(400), &refused["errors"][0]["detail"]), "{query}");
        }
        client.get(&format!("{DATA}?{year}")).await.expect(400).refuses("valueCodes[ContentsCode]", "required");
        client.post(DATA, json!({ "selection": [{ "variableCode": 1 }] })).await.expect(400).refuses("/selection/0/variableCode", "invalid_value");
        client.post(DATA, json!({ "selection": [{ "variableCode": "gender", "valueCodes": vec!["*"; 10_001] }] })).await.expect(400).refuses("valueCodes", "too_many");
        let numbers = |most: usize| (1..=most).map(|number| number.to_string()).collect::<Vec<_>>();
        let many = json!({ "selection": [
            { "variableCode": "year", "valueCodes": numbers(400) }, { "variableCode": "level", "valueCodes": numbers(300) },
            { "variableCode": "ContentsCode", "valueCodes": ["*"] },
        ] });
        let many = client.post(&format!("{ROOT}/tables/recognitions/data"), many).await.expect(403).body;
        assert!(many["detail"].as_str().is_some_and(|detail| detail.contains("120000 figures")), "{many}");
        for path in ["tables/people", "tables/people/data", "tables/people/metadata", "tables?pageNumber=2", "codelists/vs_1"] {
            client.get(&format!("{ROOT}/{path}")).await.expect(404);
        }
        for (path, field) in [("tables?pageSize=0", "pageSize"), ("tables?pageSize=x", "pagesize"), ("config?colour=red", "colour")] {
            assert_eq!(client.get(&format!("{ROOT}/{path}")).await.expect(400).faults()[0].0, field);
        }
    }
);

on_both!(
    async fn who_has_the_table_is_told_so(s) {
        filled(s).await;
        let (client, public) = (department(s).await, s.public());
        let path = format!("{DATA}?{ASKED}");
        let first = public.get(&path).await.expect(200);
        assert_eq!(first.header("cache-control"), "public, no-cache");
        assert!(first.header("ratelimit-policy").contains("public"), "{}", first.header("ratelimit-policy"));
        for known in [first.header("etag"), "*"] {
            assert_eq!(public.with("If-None-Match", known).get(&path).await.expect(304).header("etag"), first.header("etag"));
        }
        public.with("If-None-Match", "*").get(&format!("{path}&valuecodes[colour]=red")).await.expect(400);
        for (who, path) in [(&client, path.clone()), (&public, format!("{path}&lang=en")), (&public, format!("{path}&outputFormat=csv"))] {
            who.with("If-None-Match", first.header("etag")).get(&path).await.expect(200);
        }
    }
);
