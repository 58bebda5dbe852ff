//! Mergers, divisions, separations and conversions: every centre they touch changes in one step.

use serde_json::{Value, json};

use super::{decision, department, history, make, operating, with};
use crate::{
    on_both,
    support::{Client, centre, province},
};

async fn read(client: &Client, id: &str) -> Value {
    client.get(&format!("/v1/centres/{id}")).await.expect(200).body
}

fn into(kind: &str, successors: &[&String]) -> Value {
    with(decision(kind, "2026-03-01"), json!({ "successorIds": successors }))
}

on_both!(
    async fn two_merge_into_one_and_one_divides_into_two(s) {
        let department = department(s).await;
        let mut ids = Vec::new();
        for name in ["A", "B", "C", "D", "E"] {
            ids.push(make(&department, "/v1/centres", operating(&format!("Trung tâm Thử nghiệm {name}"), "11407")).await);
        }
        let [a, b, c, d, e] = ids.as_slice() else { panic!("five centres") };
        department.post(&format!("/v1/centres/{a}/events"), into("merge", &[c])).await.expect(201);
        department.post(&format!("/v1/centres/{b}/events"), into("merge", &[c])).await.expect(201);
        let (first, second, third) = (read(&department, a).await, read(&department, b).await, read(&department, c).await);
        assert_eq!((&first["status"], &second["status"], &third["status"]), (&json!("merged"), &json!("merged"), &json!("operating")));
        assert_eq!((&first["successorIds"], &first["statusSince"]), (&json!([c]), &json!("2026-03-01")));
        assert_eq!((&third["predecessorIds"], &third["version"]), (&json!([a, b]), &json!(3)));

        department.post(&format!("/v1/centres/{c}/events"), into("divide", &[d, e])).await.expect(201);
        assert_eq!(read(&department, c).await["status"], "divided");
        for child in [d, e] {
            assert_eq!(read(&department, child).await["predecessorIds"], json!([c]));
        }
        let query = "query($id: ID!) { getCentre(id: $id) {
            successors { id } predecessors { id } events { nodes { kind successors { id } } } } }";
        let seen = department.data(query, json!({ "id": c })).await["getCentre"].clone();
        assert_eq!(seen["predecessors"], json!([{"id": a}, {"id": b}]));
        assert_eq!(seen["successors"], json!([{"id": d}, {"id": e}]));
        assert_eq!(seen["events"]["nodes"][2], json!({"kind": "divide", "successors": [{"id": d}, {"id": e}]}));
    }
);

on_both!(
    async fn a_parent_goes_on_and_a_school_takes_over(s) {
        let department = department(s).await;
        let parent = make(&department, "/v1/centres", operating("Trung tâm mẹ", "11407")).await;
        let child = make(&department, "/v1/centres", operating("Trung tâm con", "11407")).await;
        let school = with(operating("Trường trung học nghề", "11407"), json!({"kind": "vocational_secondary_school"}));
        let school = make(&department, "/v1/centres", school).await;
        let events = format!("/v1/centres/{parent}/events");
        department.post(&events, into("separate", &[&child])).await.expect(201);
        assert_eq!(read(&department, &parent).await["status"], "operating");
        let warned = department.post(&format!("/v1/centres/{child}/events"), into("convert", &[&parent])).await.expect(201);
        assert_eq!(warned.body["warnings"][0]["code"], "unusual_conversion");
        let plain = department.post(&events, into("convert", &[&school])).await.expect(201);
        assert!(plain.body["warnings"].is_null());
        let ended = read(&department, &parent).await;
        assert_eq!((&ended["status"], &ended["successorIds"]), (&json!("converted"), &json!([child, school])));
    }
);

on_both!(
    async fn successors_must_exist_in_law_and_lie_within_reach(s) {
        let department = department(s).await;
        let ministry = s.client("ministry", Default::default()).await;
        let id = make(&department, "/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await;
        let proposed = make(&department, "/v1/centres", centre("Trung tâm Thử nghiệm", "11407")).await;
        let retired = make(&department, "/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await;
        department.delete(&format!("/v1/centres/{retired}")).await.expect(200);
        let away = make(&ministry, "/v1/centres", operating("Trung tâm Thử nghiệm", "00004")).await;
        let events = format!("/v1/centres/{id}/events");
        for (event, pointer, code) in [
            (into("merge", &[]), "/successorIds", "wrong_number_of_successors"),
            (into("divide", &[&retired]), "/successorIds", "wrong_number_of_successors"),
            (into("merge", &[&id]), "/successorIds", "invalid_successor"),
            (into("merge", &[&proposed]), "/successorIds/0", "successor_not_live"),
            (into("merge", &[&retired]), "/successorIds/0", "successor_not_live"),
            (into("merge", &[&away]), "/successorIds/0", "unknown_record"),
            (into("rename", &[&proposed]), "/successorIds", "not_allowed_here"),
        ] {
            department.post(&events, event).await.expect(422).refuses(pointer, code);
        }
        assert_eq!(history(&department, &id).await.len(), 2);
        assert_eq!(read(&department, &proposed).await["version"], 1);
        // The ministry reaches both provinces.
        ministry.post(&events, into("merge", &[&away])).await.expect(201);
        let hidden = s.client("province_department", province("31")).await;
        let query = "query($id: ID!) { getCentre(id: $id) { successorIds successors { id } } }";
        let seen = hidden.data(query, json!({ "id": id })).await["getCentre"].clone();
        assert_eq!(seen, json!({"successorIds": [away], "successors": []}));
    }
);
