//! Results: what learners have reached, who may say and see it, and that it goes where its enrolment goes.

use gdtx_domain::access::reach::Reach;
use serde_json::{Value, json};

use super::{
    classes::{class_of, step},
    people::{centre_of, person},
};
use crate::{
    exchange::imports::{CSV, counts, fault, import, receipts},
    on_both,
    statistics::counted_by,
    support::{Client, province},
};

/// Symbol of the form and name here.
const FIELDS: [(&str, &str); 13] = [
    ("HOC_KY", "term"),
    ("DIEM_TONG_KET", "overallScore"),
    ("MA_HOC_LUC", "academicLevel"),
    ("MA_HANH_KIEM", "conductLevel"),
    ("MA_DANH_HIEU", "title"),
    ("SO_NGAY_NGHI", "daysAbsent"),
    ("NHAN_XET", "remark"),
    ("IS_LEN_LOP", "promoted"),
    ("IS_REN_LUYEN_LAI", "mustRetrainConduct"),
    ("IS_DU_THI_XET_TOT_NGHIEP", "eligibleForGraduation"),
    ("DIEM_MONS", "subjectScores"),
    ("MA_LOP", "classId"),
    ("HOC_VIEN_ID", "learnerId"),
];

/// An invented learner in an invented class of a kind; tells centre, learner, class and enrolment.
pub async fn enrolled(client: &Client, kind: &str, grade: Option<&str>) -> [String; 4] {
    let centre = centre_of(client).await;
    let learner = client.post("/v1/learners", person(&centre)).await.expect(201).id();
    let class = class_of(client, &centre, kind, grade).await;
    let body = json!({ "learnerId": learner, "classId": class, "enrolledOn": "2025-09-05" });
    let enrolment = client.post("/v1/enrolments", body).await.expect(201).id();
    [centre, learner, class, enrolment]
}

async fn in_grade_10(client: &Client) -> [String; 4] {
    enrolled(client, "gdtx_upper_secondary", Some("gdtx_grade_10")).await
}

/// A whole result of a year.
fn year(enrolment: &str) -> Value {
    json!({
        "enrolmentId": enrolment, "term": "year", "overallScore": 8.4, "academicLevel": "good", "conductLevel": "good",
        "title": "excellent_learner", "daysAbsent": 3, "promoted": true, "mustRetrainConduct": false,
        "eligibleForGraduation": false, "remark": "Nhận xét thử",
        "subjectScores": [
            { "subject": "literature", "score": 6.5 }, { "subject": "mathematics", "score": 9 },
            { "subject": "history", "score": 9.1 }, { "subject": "geography", "score": 9 },
            { "subject": "physics", "score": 9.5 }, { "subject": "chemistry", "score": 10 },
        ],
    })
}

#[test]
fn each_field_is_documented_with_its_symbol() {
    let document: Value = serde_json::from_str(&gdtx_api::openapi::print()).expect("a document");
    let properties = &document["components"]["schemas"]["LearningResult"]["properties"];
    for (symbol, name) in FIELDS {
        assert!(properties[name].to_string().contains(&format!("`{symbol}`")), "{name} {symbol}");
    }
    assert!(properties["remark"].is_object());
    assert!(["disciplineText", "rewardText", "graduationClass"].iter().all(|name| properties[name].is_null()));
    let score = &document["components"]["schemas"]["SubjectScore"]["properties"]["score"];
    assert_eq!((&score["minimum"], &score["maximum"]), (&json!(0), &json!(10)));
}

on_both!(
    async fn a_whole_result_is_kept_changed_and_retired(s) {
        let vendor = s.vendor().await;
        let [centre, learner, class, enrolment] = in_grade_10(&vendor).await;
        let sent = year(&enrolment);
        let made = vendor.post("/v1/results", sent.clone()).await.expect(201);
        assert!(made.body["warnings"].is_null(), "{}", made.text);
        assert_eq!(made.header("location"), format!("/v1/results/{}", made.id()));
        let path = format!("/v1/results/{}", made.id());
        let shown = s.client("province_department", province("31")).await.get(&path).await.expect(200).body;
        for (name, value) in sent.as_object().expect("an object") {
            assert_eq!(&shown[name], value, "{name}");
        }
        assert_eq!((&shown["centreId"], &shown["classId"], &shown["learnerId"]), (&json!(centre), &json!(class), &json!(learner)));
        let query = "query($id: ID!, $enrolment: ID!) {
            getResult(id: $id) { term overallScore academicLevel promoted subjectScores { subject score } enrolment { id } class { code } }
            getEnrolment(id: $enrolment) { results(count: exact) { totalCount nodes { id } } }
            listResults(filter: { promoted: true, term: year }) { nodes { id } } node(id: $id) { ... on LearningResult { daysAbsent } } }";
        let asked = vendor.data(query, json!({ "id": made.id(), "enrolment": enrolment })).await;
        let record = &asked["getResult"];
        assert_eq!((&record["overallScore"], &record["academicLevel"], &record["subjectScores"][1]["score"]), (&json!(8.4), &json!("good"), &json!(9)));
        assert_eq!((&record["enrolment"]["id"], &record["class"]["code"]), (&json!(enrolment), &json!("THU-1")));
        assert_eq!(asked["getEnrolment"]["results"], json!({ "totalCount": 1, "nodes": [{ "id": made.id() }] }));
        assert_eq!((&asked["listResults"]["nodes"][0]["id"], &asked["node"]["daysAbsent"]), (&json!(made.id()), &json!(3)));
        for filter in [format!("enrolmentId={enrolment}"), format!("learnerId={learner}"), format!("classId={class}"), "academicLevel=good".into(), "search=thu-1".into()] {
            assert_eq!(vendor.get(&format!("/v1/results?{filter}")).await.expect(200).body["items"][0]["id"], json!(made.id()), "{filter}");
        }
        assert_eq!(vendor.get("/v1/results?academicLevel=pass").await.expect(200).body["items"], json!([]));
        let changed = vendor.patch(&path, json!({ "title": "good_learner", "remark": null })).await.expect(200).body;
        assert_eq!((&changed["title"], &changed["remark"], &changed["version"]), (&json!("good_learner"), &Value::Null, &json!(2)));
        vendor.patch(&path, json!({ "term": "term_1" })).await.expect(422).refuses("/term", "immutable");
        // An enrolment with results stays, and so does its centre.
        vendor.delete(&format!("/v1/enrolments/{enrolment}")).await.expect(409);
        let refused = s.client("ministry", Reach::default()).await.delete(&format!("/v1/centres/{centre}")).await.expect(409);
        assert!(refused.text.contains("programme"), "{}", refused.text);
        vendor.delete(&path).await.expect(200);
        vendor.post("/v1/results", year(&enrolment)).await.expect(201);
    }
);

on_both!(
    async fn what_does_not_fit_is_refused_at_its_field(s) {
        let vendor = s.vendor().await;
        let [.., enrolment] = in_grade_10(&vendor).await;
        let [.., literacy] = enrolled(&vendor, "literacy_stage_1", Some("gdtx_literacy")).await;
        let post = async |body: Value| vendor.post("/v1/results", body).await;
        let refused = async |body: Value, pointer: &str, code: &str| {
            post(body).await.expect(422).refuses(pointer, code);
        };
        refused(json!({ "enrolmentId": crate::operations::NOBODY, "term": "year" }), "/enrolmentId", "unknown_record").await;
        let with = |name: &str, value: Value| {
            let mut body = year(&enrolment);
            body[name] = value;
            body
        };
        refused(with("term", json!("literacy_term_1")), "/term", "term_not_of_programme").await;
        refused(with("term", json!("term_2")), "/promoted", "not_allowed_here").await;
        refused(with("overallScore", json!(10.5)), "/overallScore", "out_of_range").await;
        refused(with("overallScore", json!(7.25)), "/overallScore", "too_fine").await;
        refused(with("daysAbsent", json!(46)), "/promoted", "promotion_not_allowed").await;
        refused(with("conductLevel", json!("fair")), "/title", "title_not_earned").await;
        refused(with("subjectScores", json!([{ "subject": "mathematics", "score": 6.4 }])), "/academicLevel", "level_not_reached").await;
        refused(with("subjectScores", json!([{ "subject": "mathematics", "score": 11 }])), "/subjectScores/0/score", "out_of_range").await;
        refused(json!({ "enrolmentId": literacy, "term": "literacy_term_1" }), "/literacyResult", "required").await;
        refused(json!({ "enrolmentId": literacy, "term": "literacy_term_4", "literacyResult": "completed" }), "/term", "term_not_of_programme").await;
        post(json!({ "enrolmentId": literacy, "term": "literacy_term_3", "literacyResult": "completed_well" })).await.expect(201);
        // Nothing of all that is there; and of two results of a term the second is refused.
        assert_eq!(vendor.get("/v1/results?count=exact").await.expect(200).body["totalCount"], 1);
        let both = tokio::join!(post(year(&enrolment)), post(year(&enrolment)));
        let mut states = [both.0.status.as_u16(), both.1.status.as_u16()];
        states.sort_unstable();
        assert_eq!(states, [201, 409], "{} {}", both.0.text, both.1.text);
        post(year(&enrolment)).await.expect(409).refuses("/term", "already_recorded");
        vendor.delete(&format!("/v1/enrolments/{literacy}")).await.expect(409);
        let [.., gone] = in_grade_10(&vendor).await;
        vendor.delete(&format!("/v1/enrolments/{gone}")).await.expect(200);
        refused(year(&gone), "/enrolmentId", "retired").await;
    }
);

on_both!(
    async fn the_level_of_conduct_is_for_those_who_may_know_it_and_lies_sealed(s) {
        let vendor = s.vendor().await;
        let [.., enrolment] = in_grade_10(&vendor).await;
        let mut body = year(&enrolment);
        for (name, value) in [("title", Value::Null), ("conductLevel", json!("pass"))] {
            body[name] = value;
        }
        let id = vendor.post("/v1/results", body).await.expect(201).id();
        let path = format!("/v1/results/{id}");
        let department = s.client("province_department", province("31")).await;
        assert_eq!(department.get(&path).await.expect(200).body["conductLevel"], "pass");
        s.sequenced().await;
        let fed = async |client: &Client| client.get("/v1/changes?after=0&resource=results").await.expect(200).body["items"][0]["record"].clone();
        assert_eq!(fed(&department).await["conductLevel"], "pass");
        for (classes, hidden) in [(&["basic", "sensitive"][..], &["conductLevel"][..]), (&[], &["conductLevel", "academicLevel", "overallScore", "promoted"])] {
            let client = Client::register(s, "vendor", province("31"), classes).await;
            for view in [client.get(&path).await.expect(200).body, client.get("/v1/results").await.expect(200).body["items"][0].clone(), fed(&client).await] {
                for name in hidden {
                    assert!(view[name].is_null() && view["maskedFields"].as_array().expect("a list").contains(&json!(name)), "{name}: {view}");
                }
                assert_eq!(view["term"], "year");
            }
        }
        // Who may not see the level changes what it may, and the level stays.
        let partly = Client::register(s, "vendor", province("31"), &["basic"]).await;
        partly.patch(&path, json!({ "daysAbsent": 9 })).await.expect(200);
        let kept = department.get(&path).await.expect(200).body;
        assert_eq!((&kept["conductLevel"], &kept["daysAbsent"]), (&json!("pass"), &json!(9)));
        let count = async |table: &str, condition: &str| {
            let sql = format!("SELECT 'rows', count(*) FROM {table} WHERE {condition}");
            counted_by(s, &sql).await["rows"]
        };
        for (table, column, of) in [("learning_result", "envelope", "version = 2"), ("journal", "after_image", "resource = 'results'")] {
            assert!(count(table, of).await > 0, "{table}");
            let clear = format!("{of} AND CAST({column} AS TEXT) LIKE '%onduct%pass%'");
            assert_eq!(count(table, &clear).await, 0, "{table}");
        }
        // Somebody who may be a child: not for purposes that do not serve the learner.
        let inspector = s.client("province_department", province("31")).await.with("data-purpose", "inspection");
        let last = s.sequenced().await;
        let query = "query($id: ID!) { getResult(id: $id) { conductLevel } }";
        let seen = [
            inspector.get(&path).await.expect(200).body["conductLevel"].clone(),
            inspector.get(&format!("{path}?asOf={last}")).await.expect(200).body["conductLevel"].clone(),
            inspector.get(&format!("{path}/history")).await.expect(200).body["items"][0]["record"]["conductLevel"].clone(),
            inspector.data(query, json!({ "id": id })).await["getResult"]["conductLevel"].clone(),
            fed(&inspector).await["conductLevel"].clone(),
        ];
        assert!(seen.iter().all(Value::is_null), "{seen:?}");
        s.counted().await;
        let cell = "/v1/statistics/datasets/results/cells/province=31;schoolYear=2025-2026;resultTerm=year;conductLevel=pass/records";
        inspector.get(cell).await.expect(403);
        assert_eq!(department.get(cell).await.expect(200).body["items"][0]["id"], json!(id));
        // Figures by it are those of everybody to who may not see it.
        let figures = "/v1/statistics/datasets/results/data?schoolYear=2025&resultTerm=year&groupBy=conductLevel&province=31";
        assert!(department.get(figures).await.expect(200).body["statusOfZero"].is_null());
        let reach = Reach { communes: vec!["11407".to_owned()], ..Reach::default() };
        let commune = s.client("commune_office", reach).await;
        let figures = figures.replace("province=31", "commune=11407");
        assert_eq!(commune.get(&figures).await.expect(200).body["statusOfZero"], "rounded");
        assert!(commune.get(&figures.replace("conductLevel", "academicLevel")).await.expect(200).body["statusOfZero"].is_null());
        let facts = "resource = 'results' AND body LIKE '%pass%'";
        assert_eq!((count("statistics_fact", facts).await, count("statistics_fact", "resource = 'results'").await), (0, 1));
        let blind = Client::register(s, "vendor", province("31"), &[]).await;
        // Whether a guess is right is not told to who may not see the value.
        for guess in ["good", "pass"] {
            let guessed = partly.patch(&format!("{path}?dryRun=true"), json!({ "conductLevel": guess })).await.expect(200);
            assert_eq!(guessed.body["version"], 3, "{guess}");
        }
        // What a blind sender sends is judged, as far as that tells it nothing.
        for (body, pointer, code) in [
            (json!({ "overallScore": 7.25 }), "/overallScore", "too_fine"),
            (json!({ "literacyResult": "completed" }), "/literacyResult", "not_allowed_here"),
            (json!({ "subjectScores": [{ "subject": "vietnamese", "score": 5 }] }), "/subjectScores/0/subject", "subject_not_of_programme"),
        ] {
            blind.patch(&path, body).await.expect(422).refuses(pointer, code);
        }
        partly.patch(&path, json!({ "conductLevel": "fail" })).await.expect(422).refuses("/promoted", "promotion_not_allowed");
        blind.get("/v1/results?academicLevel=good").await.expect(403).refuses("academicLevel", "hidden_data");
    }
);

on_both!(
    async fn results_go_where_their_enrolment_goes(s) {
        let vendor = s.vendor().await;
        let [centre, stays, class, enrolment] = in_grade_10(&vendor).await;
        let path = format!("/v1/results/{}", vendor.post("/v1/results", year(&enrolment)).await.expect(201).id());
        let goes = vendor.post("/v1/learners", person(&centre)).await.expect(201).id();
        // The person is the other record too: the one with the results goes over, and comes back.
        let of = async || vendor.get(&path).await.expect(200).body["learnerId"].clone();
        vendor.post(&format!("/v1/learners/{goes}/merge"), json!({ "duplicateId": stays })).await.expect(200);
        assert_eq!(of().await, json!(goes));
        vendor.post(&format!("/v1/learners/{stays}/unmerge"), json!({})).await.expect(200);
        assert_eq!(of().await, json!(stays));
        // They are learning records: an erasure leaves them.
        let asked = json!({ "learnerId": stays, "kind": "erase", "receivedOn": "2026-11-02", "requestedBy": "data_subject" });
        let asked = vendor.post("/v1/data-subject-requests", asked).await.expect(201).id();
        vendor.post(&format!("/v1/data-subject-requests/{asked}/fulfil"), json!({})).await.expect(200);
        let left = vendor.get(&path).await.expect(200).body;
        assert_eq!((&left["academicLevel"], &left["conductLevel"]), (&json!("good"), &json!("good")));
        // With the centre they move to another province.
        let (from, to) = (s.client("province_department", province("31")).await, s.client("province_department", province("01")).await);
        to.get(&path).await.expect(404);
        let ministry = s.client("ministry", Reach::default()).await;
        ministry.patch(&format!("/v1/centres/{centre}"), json!({ "place": { "code": "00004" } })).await.expect(200);
        from.get(&path).await.expect(404);
        assert_eq!(to.get(&path).await.expect(200).body["classId"], json!(class));
    }
);

on_both!(
    async fn who_completed_stage_1_enters_stage_2(s) {
        let vendor = s.vendor().await;
        let [centre, learner, _, first] = enrolled(&vendor, "literacy_stage_1", Some("gdtx_literacy")).await;
        vendor.patch(&format!("/v1/learners/{learner}"), json!({ "literacyLevel": "none" })).await.expect(200);
        let class = class_of(&vendor, &centre, "literacy_stage_2", Some("gdtx_post_literacy")).await;
        let second = json!({ "learnerId": learner, "classId": class, "enrolledOn": "2025-09-05" });
        vendor.post("/v1/enrolments", second.clone()).await.expect(422).refuses("/learnerId", "literacy_level_too_low");
        let result = |of: &str| json!({ "enrolmentId": first, "term": "literacy_term_3", "literacyResult": of });
        let made = vendor.post("/v1/results", result("not_completed")).await.expect(201);
        assert!(made.body["warnings"].is_null(), "{}", made.text);
        vendor.post("/v1/enrolments", second.clone()).await.expect(422).refuses("/learnerId", "literacy_level_too_low");
        let path = format!("/v1/results/{}", made.id());
        let changed = vendor.patch(&path, json!({ "literacyResult": "completed" })).await.expect(200);
        assert_eq!(changed.body["warnings"][0]["code"], "literacy_level_behind", "{}", changed.text);
        vendor.post("/v1/enrolments", second).await.expect(201);
        vendor.patch(&format!("/v1/learners/{learner}"), json!({ "literacyLevel": "level_1" })).await.expect(200);
        let same = vendor.patch(&path, json!({ "literacyResult": "completed_well" })).await.expect(200);
        assert!(same.body["warnings"].is_null(), "{}", same.text);
    }
);

on_both!(
    async fn sheets_of_results_go_in_and_come_back(s) {
        let vendor = s.vendor().await;
        let [.., enrolment] = in_grade_10(&vendor).await;
        step(&vendor, &format!("/v1/enrolments/{enrolment}"), "start", "2025-09-06", json!({})).await.expect(201);
        let sheet = format!(
            "externalId,enrolmentId,HOC_KY,DIEM_TONG_KET,MA_HOC_LUC,MA_HANH_KIEM,IS_LEN_LOP\n\
            kq-1,{enrolment},1,7.5,fair,good,\n\
            kq-2,{enrolment},year,12,fair,good,true\n"
        );
        let job = import(s, &vendor, "?resource=results", CSV, &sheet).await;
        let told = receipts(&vendor, &job).await;
        assert_eq!(counts(&job), [1, 0, 0, 1], "{told:?}");
        assert_eq!(fault(&told[1]), ("/overallScore", "out_of_range"));
        let department = s.client("province_department", province("31")).await;
        let out = department.get("/v1/exports/results?format=csv&layout=qd4998").await.expect(200);
        assert!(out.text.contains("MA_HOC_LUC") && out.text.contains("DIEM_TONG_KET"), "{}", out.text);
        // What a list hides is not cleared when it comes back.
        vendor.put("/v1/results/by-external-id/kq-3", year(&enrolment)).await.expect(201);
        let hidden = vendor.without_purpose().get("/v1/exports/results?format=csv").await.expect(200).text;
        assert!(hidden.lines().any(|line| line.starts_with("kq-3") && !line.contains("[]")), "{hidden}");
        let job = import(s, &vendor, "?resource=results", CSV, &hidden).await;
        assert_eq!(counts(&job), [0, 0, 2, 0], "{hidden} {:?}", receipts(&vendor, &job).await);
        let again = vendor.get("/v1/exports/results?format=csv").await.expect(200).text;
        let job = import(s, &vendor, "?resource=results", CSV, &again).await;
        assert_eq!(counts(&job), [0, 0, 2, 0], "{again} {:?}", receipts(&vendor, &job).await);
    }
);
