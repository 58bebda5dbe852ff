//! A figure is traced to the records that it counts.

use std::collections::BTreeSet;

use gdtx_domain::access::reach::Reach;
use serde_json::{Value, json};

use super::filled;
use crate::{
    on_both,
    support::{Client, province},
};

/// The ids of the records of a cell, page by page.
async fn records(client: &Client, set: &str, key: &str) -> BTreeSet<String> {
    let path = format!("/v1/statistics/datasets/{set}/cells/{key}/records?first=200");
    let (mut ids, mut after) = (BTreeSet::new(), String::new());
    loop {
        let page = client.get(&format!("{path}{after}")).await.expect(200).body;
        for record in page["items"].as_array().expect("records") {
            assert!(ids.insert(record["id"].as_str().expect("an id").to_owned()), "twice: {record}");
        }
        if page["pageInfo"]["hasNextPage"] == false {
            return ids;
        }
        after = format!("&after={}", page["pageInfo"]["endCursor"].as_str().expect("a cursor"));
    }
}

on_both!(
    async fn the_list_is_as_long_as_the_figure(s) {
        filled(s).await;
        let client = s.client("province_department", province("46")).await;
        for (set, asked) in [
            ("enrolments", "groupBy=gender,programmeGroup&province=46&schoolYear=2025&period=start"),
            ("outcomes", "groupBy=enrolmentStatus&province=46&schoolYear=2025"),
            ("enrolments_by_policy_group", "groupBy=policyGroup&province=46&schoolYear=2025&period=live"),
            ("results", "groupBy=academicLevel,conductLevel&province=46&schoolYear=2024&resultTerm=year"),
            ("learners", "groupBy=minority&province=46"),
            ("classes", "measures=classes&groupBy=programmeKind&province=46&schoolYear=2025"),
            ("centres", "groupBy=commune&province=46"),
            ("staff", "groupBy=staffGroup&province=46"),
            ("recognitions", "groupBy=recognitionState&province=46"),
        ] {
            let answer = client.get(&format!("/v1/statistics/datasets/{set}/data?{asked}")).await.expect(200).body;
            let rows = answer["rows"].as_array().expect("rows").clone();
            assert!(!rows.is_empty(), "{set}");
            let fixed = asked.split('&').filter(|part| !part.starts_with("groupBy") && !part.starts_with("measures"));
            let fixed: Vec<String> = fixed.map(|part| part.replace("=2025", "=2025-2026").replace("=2024", "=2024-2025")).collect();
            for row in rows.iter().take(4) {
                let names = answer["dimensions"].as_array().expect("dimensions").iter().map(|d| d["code"].as_str().expect("a code"));
                let members = row["members"].as_array().expect("members").iter().map(|m| m.as_str().expect("a member"));
                let own = names.zip(members).map(|(name, member)| format!("{name}={member}"));
                let key = own.chain(fixed.iter().cloned()).collect::<Vec<_>>().join(";");
                let found = records(&client, set, &key).await;
                assert_eq!(json!(found.len()), row["values"][0], "{set} {key}");
            }
        }
        // They are records that the caller may read.
        let women = records(&client, "learners", "province=46;gender=female").await;
        let one = client.get(&format!("/v1/learners/{}", women.first().expect("a learner"))).await.expect(200).body;
        assert_eq!(one["gender"], "female");
    }
);

on_both!(
    async fn only_who_may_see_the_records_is_told_of_them(s) {
        filled(s).await;
        let path = |set: &str, key: &str| format!("/v1/statistics/datasets/{set}/cells/{key}/records");
        let (own, other) = (s.client("province_department", province("46")).await, s.client("province_department", province("31")).await);
        let ministry = s.client("ministry", Reach::whole_country()).await;
        let women = path("learners", "province=46;gender=female");
        own.get(&women).await.expect(200);
        ministry.get(&path("learners", "gender=female")).await.expect(200);
        for refused in [&other, &s.vendor().await, &own.without_purpose()] {
            refused.get(&women).await.expect(403);
        }
        own.get(&path("learners", "gender=female")).await.expect(403);
        s.public().get(&women).await.expect(401);
        // A commune office has no sight of sensitive data: not of ethnic groups, by whatever way.
        let office = s.client("commune_office", Reach { communes: vec!["19753".to_owned()], ..Reach::default() }).await;
        office.get(&path("enrolments", "commune=19753;schoolYear=2025-2026;period=start;gender=female")).await.expect(200);
        office.get(&path("enrolments", "commune=19753;schoolYear=2025-2026;period=start;minority=yes")).await.expect(403);
        for (key, code) in [("colour=red", "unknown_code"), ("gender=red", "unknown_code"), ("gender", "unknown_code"), ("gender=male;gender=female", "unknown_code")] {
            own.get(&path("learners", key)).await.expect(400).refuses("key", code);
        }
        own.get(&path("enrolments", "province=46")).await.expect(400).refuses("key", "does_not_add_up");
        own.get(&path("people", "province=46")).await.expect(404);
        let document = "{ listStatisticsRecords(id: \"learners\", key: \"province=46;gender=female\", first: 2) { nodes { resource id } } }";
        let same = own.data(document, json!({})).await;
        let listed = own.get(&format!("{women}?first=2")).await.expect(200).body;
        assert_eq!(same["listStatisticsRecords"]["nodes"], listed["items"]);
        // Who was told of is in the log of reads.
        let auditor = s.client("auditor", Reach::whole_country()).await;
        let log = auditor.get("/v1/access-log?first=200&sort=-recordedAt").await.expect(200).body;
        let told = log["items"].as_array().expect("entries").iter().any(|entry| entry.to_string().contains("gender") && entry["clientId"] == json!(own.id));
        assert!(told, "{}", log["items"].as_array().map_or(&Value::Null, |items| &items[0]));
    }
);
