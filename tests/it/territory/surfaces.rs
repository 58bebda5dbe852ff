//! REST and GraphQL answer the same, and the relations of a unit stay in its time.

use serde_json::{Value, json};

use crate::on_both;

const UNIT: &str = "id code level name nameWithType kind provinceCode districtCode validFrom validTo areaKm2
    lastResolutionNo lastResolutionOn citizenIdCode changes { on fromKind toKind legalBasis }";
const LINK: &str = "fromId fromCode toId toCode areaExtent populationExtent evidence note effectiveOn";
const ITEM: &str =
    "list code labelVi labelEn label parents codes { scheme code } usedByGdtx accepted validFrom validTo note";
const LIST: &str = "id officialName titleVi titleEn title source validFrom validTo mark parentList schemes";

fn page(selection: &str) -> String {
    format!("{{ items: nodes {{ {selection} }} pageInfo {{ endCursor hasNextPage }} }}")
}

on_both!(
    async fn every_operation_answers_the_same(s) {
        let (public, link) = (s.public().english(), format!("{LINK} unit {{ {UNIT} }}"));
        let candidates = format!("outcome defaultForPeople notes {{ code vi en }} matched {{ {UNIT} }}
            candidates {{ areaExtent populationExtent fromCode unit {{ {UNIT} }} }}");
        let units = "/v1/administrative-units";
        for (path, field, selection) in [
            (format!("{units}?search=hoa binh&first=7&asOf=2025-06-30"),
                "listAdministrativeUnits(filter: {search: \"hoa binh\", asOf: \"2025-06-30\"}, first: 7)", page(UNIT)),
            (format!("{units}/26368?asOf=2026-04-29"), "getAdministrativeUnit(code: \"26368\", asOf: \"2026-04-29\")", format!("{{ {UNIT} }}")),
            (format!("{units}/00001@legacy/ancestors"), "listAdministrativeUnitAncestors(code: \"00001@legacy\")", page(UNIT)),
            (format!("{units}/001/descendants?asOf=2025-06-30&first=3&sort=-name"),
                "listAdministrativeUnitDescendants(code: \"001\", asOf: \"2025-06-30\", first: 3, sort: \"-name\")", page(UNIT)),
            (format!("{units}/23053@legacy/successors"), "listAdministrativeUnitSuccessors(code: \"23053@legacy\")", page(&link)),
            (format!("{units}/31/predecessors"), "listAdministrativeUnitPredecessors(code: \"31\")", page(&link)),
            (format!("{units}/resolve?code=00139&asOf=2025-06-30"),
                "resolveAdministrativeUnit(query: {code: \"00139\", asOf: \"2025-06-30\"})", format!("{{ {candidates} }}")),
            ("/v1/code-lists?search=hoc&first=3".into(), "listCodeLists(filter: {search: \"hoc\"}, first: 3)", page(LIST)),
            ("/v1/code-lists/DM_DAN_TOC".into(), "getCodeList(id: \"DM_DAN_TOC\")", format!("{{ {LIST} }}")),
            ("/v1/code-lists/gender/items?scheme=vendor".into(), "listCodeItems(id: \"gender\", filter: {scheme: vendor})", page(ITEM)),
            ("/v1/code-lists/gender/translate?from=vendor&to=api&code=0".into(),
                "translateCode(id: \"gender\", from: vendor, to: api, code: \"0\")", format!("{{ outcome code codes note items {{ {ITEM} }} }}")),
        ] {
            let rest = public.get(&path).await.expect(200).body;
            let graphql = public.data(&format!("{{ answer: {field} {selection} }}"), Value::Null).await;
            assert_eq!(graphql["answer"], rest, "{path}");
        }
    }
);

on_both!(
    async fn refusals_are_the_same(s) {
        let public = s.public();
        for (query, code, status) in [
            ("{ getAdministrativeUnit(code: \"99999\") { id } }", "not_found", 404),
            ("{ listAdministrativeUnits(first: 0) { nodes { id } } }", "invalid_parameter", 400),
            ("{ listCodeItems(id: \"nothing\") { nodes { code } } }", "not_found", 404),
        ] {
            let extensions = public.graphql(query, Value::Null).await.body["errors"][0]["extensions"].clone();
            assert_eq!((&extensions["code"], &extensions["status"]), (&code.into(), &status.into()), "{query}");
        }
    }
);

on_both!(
    async fn relations_stay_in_their_time(s) {
        let public = s.public();
        let query = "{ getAdministrativeUnit(code: \"26368\", asOf: \"2026-04-29\") {
            nameWithType parent { nameWithType children(first: 1, count: exact) { totalCount nodes { parent { nameWithType } } } } } }";
        let unit = &public.data(query, Value::Null).await["getAdministrativeUnit"];
        assert_eq!((&unit["nameWithType"], &unit["parent"]["nameWithType"]), (&"Xã Long Thành".into(), &"Tỉnh Đồng Nai".into()));
        assert_eq!(unit["parent"]["children"]["nodes"][0]["parent"]["nameWithType"], "Tỉnh Đồng Nai");
        let query = "query($id: ID!) { node(id: $id) { id ... on AdministrativeUnit {
            ancestors { nodes { code } } successors { nodes { unit { code parent { name } predecessors(count: exact) { totalCount } } } } } } }";
        let node = &public.data(query, json!({"id": "00001@legacy"})).await["node"];
        assert_eq!(node["ancestors"]["nodes"], json!([{"code": "001"}, {"code": "01"}]));
        let successor = &node["successors"]["nodes"][0]["unit"];
        assert_eq!((&successor["code"], &successor["parent"]["name"]), (&"00097".into(), &"Hà Nội".into()));
        assert!(successor["predecessors"]["totalCount"].as_u64() > Some(1));
        let gone = public.data("{ node(id: \"99999@legacy\") { id } }", Value::Null).await;
        assert_eq!(gone["node"], Value::Null);
        let list = public.data("{ getCodeList(id: \"gender\") { items(filter: {search: \"nu\"}) { nodes { code } } } }", Value::Null).await;
        assert_eq!(list["getCodeList"]["items"]["nodes"], json!([{"code": "female"}]));
    }
);
