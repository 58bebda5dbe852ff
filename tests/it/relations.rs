//! Relations of GraphQL: what a record owns is read for all records of an answer together, and is
//! the same as the list that a filter gives.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Client, Service, centre},
};

/// A centre that owns something of each kind: three rooms, two learners with an enrolment each.
async fn owner(vendor: &Client, name: &str) -> String {
    let post = async |path: &str, body: Value| vendor.post(path, body).await.expect(201).id();
    let id = post("/v1/centres", centre(name, "11407")).await;
    for room in ["Phòng 1", "Phòng 2", "Phòng 3"] {
        post("/v1/rooms", json!({ "centreId": id, "roomName": room })).await;
    }
    let kind = "literacy_stage_1";
    let programme = json!({ "centreId": id, "kind": kind, "name": "Xóa mù chữ" });
    let programme = post("/v1/programmes", programme).await;
    let class = json!({
        "programmeId": programme, "schoolYear": "2025-2026", "code": "X1", "name": "Lớp X1", "grade": "gdtx_grade_1",
    });
    let class = post("/v1/classes", class).await;
    vendor.post(&format!("/v1/classes/{class}/approve"), json!({})).await.expect(200);
    for learner in ["Nguyễn Thị Một", "Trần Văn Hai"] {
        let person = json!({
            "centreId": id, "fullName": learner, "gender": "female",
            "dateOfBirth": { "value": "1985-04-30", "precision": "day" },
        });
        let learner = post("/v1/learners", person).await;
        let enrolment = json!({ "learnerId": learner, "classId": class, "enrolledOn": "2025-09-08" });
        post("/v1/enrolments", enrolment).await;
    }
    id
}

/// What reading centres with all that they own costs in statements, and how many were read.
async fn cost(s: &Service, vendor: &Client, first: u32) -> (u64, usize) {
    let query = "query($first: Int) { listCentres(first: $first) { nodes { name
        campuses(first: 1) { nodes { id } } lands(first: 1) { nodes { id } }
        events(first: 1) { nodes { kind } }
        rooms(first: 2, count: exact) { totalCount nodes { roomName } }
        programmes(first: 2) { nodes { classes(first: 2) { nodes { code } } } }
        learners(first: 3) { nodes { enrolments(first: 1) { nodes { events(first: 1) { nodes { kind } } } } } } } } }";
    let before = s.db.reads();
    let seen = vendor.data(query, json!({ "first": first })).await;
    let centres = seen["listCentres"]["nodes"].as_array().unwrap();
    for centre in centres {
        assert_eq!(centre["rooms"]["totalCount"], 3);
        assert_eq!(centre["rooms"]["nodes"].as_array().unwrap().len(), 2);
        assert_eq!(centre["programmes"]["nodes"], json!([{ "classes": { "nodes": [{ "code": "X1" }] } }]));
        let one = json!({ "enrolments": { "nodes": [{ "events": { "nodes": [{ "kind": "enrol" }] } }] } });
        assert_eq!(centre["learners"]["nodes"], json!([one, one]), "{centre}");
    }
    (s.db.reads() - before, centres.len())
}

on_both!(
    async fn what_records_own_costs_the_same_for_one_and_for_many(s) {
        let vendor = s.vendor().await;
        for number in 0..6 {
            owner(&vendor, &format!("Trung tâm {number}")).await;
        }
        cost(s, &vendor, 1).await;
        let (one, read) = cost(s, &vendor, 1).await;
        assert_eq!(read, 1);
        let (many, read) = cost(s, &vendor, 6).await;
        assert_eq!(read, 6);
        assert!(one > 10, "statements are counted: {one}");
        assert_eq!(one, many, "statements for one centre and for six");
    }
);

on_both!(
    async fn centres_with_programmes_and_numbers_of_enrolments_are_three_statements(s) {
        let vendor = s.vendor().await;
        for number in 0..3 {
            owner(&vendor, &format!("Trung tâm {number}")).await;
        }
        let query = "{ listCentres(first: 20) { nodes {
            programmes { nodes { name } } enrolments(count: exact) { totalCount } } } }";
        vendor.data(query, json!({})).await;
        let before = s.db.reads();
        let seen = vendor.data(query, json!({})).await["listCentres"]["nodes"].clone();
        // One more tells who asks.
        assert_eq!(s.db.reads() - before, 3 + 1);
        let one = json!({ "programmes": { "nodes": [{ "name": "Xóa mù chữ" }] }, "enrolments": { "totalCount": 2 } });
        assert_eq!(seen, json!([one, one, one]));
    }
);

/// The variables of a page, as a query declares them and as a field takes them.
const TAKES: &str = "$first: Int, $after: String, $sort: String, $count: Count";
const GIVES: &str = "first: $first, after: $after, sort: $sort, count: $count";

/// The variables of a page of what one record owns.
fn of(id: &str, page: &Value) -> Value {
    let mut variables = page.clone();
    variables["id"] = json!(id);
    variables
}

on_both!(
    async fn what_a_record_owns_is_the_list_that_a_filter_gives(s) {
        let vendor = s.vendor().await;
        let ids = [owner(&vendor, "Trung tâm A").await, owner(&vendor, "Trung tâm B").await];
        let page = "edges { cursor node { id roomName } } pageInfo { endCursor hasNextPage } totalCount";
        let nested = format!(
            "query({TAKES}) {{ listCentres(first: 2, sort: \"name\") {{ nodes {{ rooms({GIVES}) {{ {page} }} }} }} }}"
        );
        let listed = format!(
            "query($id: UUID, {TAKES}) {{ listRooms(filter: {{centreId: $id}}, {GIVES}) {{ {page} }} }}"
        );
        for asked in [
            json!({}),
            json!({ "first": 2, "sort": "-createdAt", "count": "exact" }),
            json!({ "first": 3, "sort": "name", "count": "estimated" }),
        ] {
            let seen = vendor.data(&nested, asked.clone()).await["listCentres"]["nodes"].clone();
            for (i, id) in ids.iter().enumerate() {
                let alone = vendor.data(&listed, of(id, &asked)).await["listRooms"].clone();
                assert_eq!(seen[i]["rooms"], alone, "{asked}");
            }
        }

        let one = "query($id: ID!, $first: Int, $after: String) { getCentre(id: $id) { rooms(first: $first, after: $after) {
            nodes { roomName } pageInfo { endCursor hasNextPage } } } }";
        let first = vendor.data(one, json!({ "id": ids[0], "first": 2 })).await["getCentre"]["rooms"].clone();
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        let rest = json!({ "first": 2, "after": first["pageInfo"]["endCursor"] });
        let last = vendor.data(one, of(&ids[0], &rest)).await["getCentre"]["rooms"].clone();
        assert_eq!(last["nodes"], json!([{ "roomName": "Phòng 3" }]));
        let foreign = vendor.graphql(one, of(&ids[1], &rest)).await;
        assert!(foreign.text.contains("foreign_cursor"), "{}", foreign.text);
    }
);

on_both!(
    async fn a_refused_list_leaves_the_others_alone(s) {
        let vendor = s.vendor().await;
        let id = owner(&vendor, "Trung tâm A").await;
        let query = "query($id: ID!) {
            wrong: getCentre(id: $id) { rooms(first: 0) { nodes { id } } }
            right: getCentre(id: $id) { rooms(first: 1) { nodes { roomName } } } }";
        let answer = vendor.graphql(query, json!({ "id": id })).await;
        let errors = answer.body["errors"].as_array().unwrap();
        assert!(!errors.is_empty() && errors.iter().all(|e| e["path"][0] == "wrong"), "{}", answer.text);
        assert_eq!(answer.body["data"]["right"], json!({ "rooms": { "nodes": [{ "roomName": "Phòng 1" }] } }), "{}", answer.text);
    }
);
