//! What the GraphQL engine refuses is told like our own refusals: language, code, request id, place.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Client, centre},
};

const CREATE: &str = "mutation($input: NewCentre!) { createCentre(input: $input) { record { id } } }";

/// The first error of a request in both languages, with what every error must have.
async fn both(client: &Client, query: &str, variables: Value) -> (Value, Value) {
    let vi = client.graphql(query, variables.clone()).await;
    let en = client.english().graphql(query, variables).await;
    for answer in [&vi, &en] {
        for error in answer.body["errors"].as_array().unwrap_or_else(|| panic!("no errors: {}", answer.text)) {
            let extensions = &error["extensions"];
            assert!(extensions["code"].is_string() && extensions["errors"].is_array(), "{}", answer.text);
            assert!(extensions["requestId"].as_str().is_some_and(|id| !id.is_empty()), "{}", answer.text);
        }
        for rest in ["query parameter", "tham số truy vấn", "The body", "Malformed body", "header"] {
            assert!(!answer.text.contains(rest), "{}", answer.text);
        }
    }
    let first = |answer: &crate::support::Answer| answer.body["errors"][0].clone();
    (first(&vi), first(&en))
}

on_both!(
    async fn engine_errors_speak_both_languages(s) {
        let vendor = s.vendor().await;
        for (query, code, vi, en) in [
            ("{ listCentres { nodes { nam } } }", "unknown_field", "Kiểu Centre không có trường “nam”.", "The type Centre has no field “nam”."),
            ("{ listCentres(firts: 5) { nodes { id } } }", "unknown_argument", "Trường listCentres không có đối số “firts”.", "The field listCentres has no argument “firts”."),
            ("{ getCentre { id } }", "required", "Trường getCentre cần đối số “id”", "The field getCentre needs the argument “id”"),
            ("{ listCentres { nodes { id } }", "syntax_error", "Cú pháp GraphQL sai ở dòng 1", "Not well-formed GraphQL at line 1"),
            ("{ listCentres }", "subfields_required", "cần danh sách trường con", "needs a selection of its fields"),
            ("query($x: Int) { listCentres { nodes { id } } }", "unused_variable", "Biến $x không được dùng.", "The variable $x is not used."),
            ("query($id: ID!) { getCentre(id: $id) { id } }", "required", "Biến $id chưa có giá trị", "The variable $id has no value"),
            ("query($f: CentreFilter!) { listCentres(filter: $f) { nodes { id } } }", "required", "Biến $f chưa có giá trị", "The variable $f has no value"),
            ("subscription { changes(after: 0) { position } }", "subscription_elsewhere", "/graphql/ws", "/graphql/ws (WebSocket, protocol graphql-transport-ws)"),
            ("query a { listCentres { nodes { id } } } query b { listCentres { nodes { id } } }", "operation_name_required", "cần operationName", "operationName is needed"),
        ] {
            let (said_vi, said_en) = both(&vendor, query, json!({})).await;
            assert_eq!(said_en["extensions"]["errors"][0]["code"], code, "{said_en}");
            assert_eq!(said_en["extensions"]["code"], "malformed_body");
            assert!(said_vi["message"].as_str().unwrap().contains(vi), "{said_vi}");
            assert!(said_en["message"].as_str().unwrap().contains(en), "{said_en}");
            assert!(!said_en["message"].as_str().unwrap().contains("Query"), "{said_en}");
        }
    }
);

on_both!(
    async fn a_misspelt_input_field_is_the_unknown_one(s) {
        let vendor = s.vendor().await;
        let mut input = centre("Trung tâm Thử", "11407");
        input["nmae"] = input["name"].take();
        input.as_object_mut().unwrap().remove("name");
        let (vi, en) = both(&vendor, CREATE, json!({ "input": input })).await;
        assert_eq!(en["extensions"]["errors"], json!([{
            "pointer": "/nmae", "code": "unknown_property", "detail": "There is no field “nmae”. Did you mean “name”?",
        }]));
        assert_eq!(vi["message"], "Không có trường “nmae”. Ý bạn là “name”?");
        let literal = "mutation { createCentre(input: {nmae: \"x\", kind: gdtx_centre, ownership: public, place: {code: \"11407\"}}) { record { id } } }";
        let (_, en) = both(&vendor, literal, json!({})).await;
        assert_eq!(en["extensions"]["errors"][0]["pointer"], "/nmae");
    }
);

on_both!(
    async fn every_fault_of_the_input_has_its_place(s) {
        let vendor = s.vendor().await;
        let input = json!({ "kind": "school", "ownership": "public", "place": { "cod": "11407" }, "areaM2": 1.005, "hasInternet": "yes" });
        let (_, en) = both(&vendor, CREATE, json!({ "input": input })).await;
        let mut faults: Vec<(&str, &str)> = en["extensions"]["errors"].as_array().unwrap().iter()
            .map(|e| (e["pointer"].as_str().unwrap(), e["code"].as_str().unwrap())).collect();
        faults.sort_unstable();
        assert_eq!(faults, [
            ("/areaM2", "invalid_value"), ("/hasInternet", "invalid_value"), ("/kind", "unknown_code"),
            ("/name", "required"), ("/place/cod", "unknown_property"),
        ]);
        // A value is never repeated: it may be somebody's name or number.
        let campus = "mutation($input: NewCampus!) { createCampus(input: $input) { record { id } } }";
        let input = json!({ "centreId": "Nguyễn Văn Thử", "name": "Điểm", "kind": "campus" });
        let (_, en) = both(&vendor, campus, json!({ "input": input })).await;
        assert_eq!((&en["extensions"]["errors"][0]["pointer"], &en["extensions"]["errors"][0]["code"]), (&json!("/centreId"), &json!("invalid_value")));
        assert!(!en.to_string().contains("Nguyễn"), "{en}");
        let (_, en) = both(&vendor, "query($f: CentreFilter) { listCentres(filter: $f) { nodes { id } } }", json!({ "f": { "knd": "x" } })).await;
        assert_eq!(en["extensions"]["errors"][0]["pointer"], "/filter/knd");
    }
);

on_both!(
    async fn each_field_of_the_root_has_its_own_faults(s) {
        let vendor = s.vendor().await.english();
        let centre = |name: &str| json!({ "name": name, "kind": "school", "ownership": "public", "place": { "code": "11407" } });
        let room = json!({ "roomName": 5, "centreId": "x" });
        let two = "mutation two($a: NewCentre!, $b: NewRoom!) {
            a: createCentre(input: $a) { record { id } }
            b: createRoom(input: $b) { record { id } } }
            mutation other { createRoom(input: {roomNam: \"x\"}) { record { id } } }";
        let literal = "{ a: listCentres(filter: {knd: gdtx_centre}) { nodes { id } }
            b: listCampuses(filter: {centreId: 5}) { nodes { id } } }";
        let faults = |answer: &crate::support::Answer| -> Vec<Vec<(String, String)>> {
            let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
            let mut errors = answer.body["errors"].as_array().unwrap().clone();
            errors.sort_by_key(|e| e["locations"][0]["line"].as_u64());
            let of = |e: &Value| {
                let list = e["extensions"]["errors"].as_array().unwrap().clone();
                list.iter().map(|f| (text(&f["pointer"]), text(&f["code"]))).collect()
            };
            errors.iter().map(of).collect()
        };
        let fault = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        let body = json!({ "query": two, "operationName": "two", "variables": { "a": centre("Trung tâm Thử"), "b": room } });
        let answer = vendor.post("/graphql", body).await;
        let expected = vec![
            vec![fault("/kind", "unknown_code")],
            vec![fault("/centreId", "invalid_value"), fault("/roomName", "invalid_value")],
        ];
        assert_eq!(faults(&answer), expected, "{}", answer.text);
        let answer = vendor.graphql(literal, json!({})).await;
        let expected = vec![vec![fault("/filter/knd", "unknown_property")], vec![fault("/filter/centreId", "invalid_value")]];
        assert_eq!(faults(&answer), expected, "{}", answer.text);
    }
);

on_both!(
    async fn limits_are_told_with_what_was_counted(s) {
        let vendor = s.vendor().await;
        // Deep and cheap: one campus of one centre, and so on; 8 times 3 levels, one of the root and two of its list.
        let page = "(first: 1)";
        let steps = format!("centre {{ campuses{page} {{ nodes {{ ").repeat(8);
        let deep = format!("{{ listCampuses{page} {{ nodes {{ {steps} id {} }} }} }}", "} } }".repeat(8));
        let (vi, en) = both(&vendor, &deep, json!({})).await;
        assert_eq!(en["extensions"]["errors"][0]["code"], "too_deep", "{en}");
        let limit = s.settings.graphql_max_depth;
        assert_eq!(en["message"], format!("The request is nested too deep: 27 levels, at most {limit}."));
        assert_eq!(vi["message"], format!("Yêu cầu lồng quá sâu: 27 tầng, tối đa {limit}."));
        let wide = (0..60).map(|i| format!("a{i}: listCentres(first: 200) {{ nodes {{ id name campuses(first: 200) {{ nodes {{ id name }} }} }} }}")).collect::<Vec<_>>().join(" ");
        let (vi, en) = both(&vendor, &format!("{{ {wide} }}"), json!({})).await;
        assert_eq!(en["extensions"]["errors"][0]["code"], "too_complex", "{en}");
        let limit = s.settings.graphql_max_complexity.to_string();
        for (said, words) in [(vi, "tối đa"), (en, "at most")] {
            assert!(said["message"].as_str().unwrap().contains(&format!("{words} {limit}")), "{said}");
        }
    }
);

on_both!(
    async fn our_own_refusals_do_not_speak_of_rest(s) {
        let vendor = s.vendor().await;
        both(&vendor, "{ listCentres(first: 0) { nodes { id } } }", json!({})).await;
        both(&vendor, CREATE, json!({ "input": centre("", "11407") })).await;
        both(&s.public(), "{ listCentres { nodes { id } } }", json!({})).await;
    }
);
