//! Classes: what is written, what is refused, and who reaches them.

use serde_json::json;

use super::{bare, class, literacy_class, operating, published};
use crate::{
    on_both,
    support::{centre, province},
};

on_both!(
    async fn a_village_class_meets_where_its_learners_are(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "community_learning_centre").await;
        let programme = published(&vendor, &centre_id, "literacy_stage_1").await;
        let mut body = literacy_class(&programme, "XMC-01");
        body["timetable"] = json!([
            { "weekday": 2, "starts": "18:30", "ends": "20:30", "place": "Nhà văn hoá thôn" },
            { "date": "2026-01-10", "starts": "08:00", "ends": "10:00", "note": "Học bù" },
        ]);
        body["subjectAssignments"] = json!([{ "subject": "vietnamese", "term": 1 }]);
        body["partnerOrganisation"] = json!("Đồn biên phòng thử nghiệm");
        body["capacity"] = json!(25);
        let made = vendor.post("/v1/classes", body.clone()).await.expect(201);
        assert_eq!(made.body["centreId"], json!(centre_id));
        assert_eq!(made.body["schoolYear"], "2025-2026");
        assert_eq!(made.body["state"], "planned");
        assert_eq!(made.body["timetable"], body["timetable"]);
        let path = format!("/v1/classes/{}", made.id());
        vendor.patch(&path, json!({ "timetable": null, "capacity": 30 })).await.expect(200);
        let read = vendor.get(&path).await.expect(200).body;
        assert_eq!((read["timetable"].clone(), read["capacity"].clone()), (json!([]), json!(30)));
        let found = vendor.get("/v1/classes?schoolYear=2025&grade=gdtx_grade_1&search=xmc").await.expect(200).body;
        assert_eq!(found["items"][0]["id"], json!(made.id()));
        vendor.delete(&path).await.expect(200);
        vendor.delete(&path).await.expect(409);
    }
);

on_both!(
    async fn what_a_programme_does_not_allow_is_pointed_at(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let programme = vendor.post("/v1/programmes", bare(&centre_id, "gdtx_upper_secondary")).await.expect(201).id();
        let mut body = class(&programme, "10A1");
        vendor.post("/v1/classes", body.clone()).await.expect(422).refuses("/grade", "required");
        body["grade"] = json!("grade_10");
        vendor.post("/v1/classes", body.clone()).await.expect(422).refuses("/grade", "grade_of_other_level");
        body["grade"] = json!("gdtx_grade_9");
        vendor.post("/v1/classes", body.clone()).await.expect(422).refuses("/grade", "grade_not_of_programme");
        body["grade"] = json!("gdtx_grade_12");
        body["schoolYear"] = json!("2023-2024");
        // Grade 12 of GDTX follows the curriculum of 2018 since 2024-2025 only.
        vendor.post("/v1/classes", body.clone()).await.expect(422).refuses("/schoolYear", "curriculum_not_in_use");
        body["schoolYear"] = json!("2024-2025");
        body["subjectAssignments"] = json!([{ "subject": "informatics", "term": 1 }, { "subject": "history", "term": 4 }]);
        let refused = vendor.post("/v1/classes", body).await.expect(422);
        let refused = refused.refuses("/subjectAssignments/0/subject", "subject_not_of_programme");
        refused.refuses("/subjectAssignments/1/term", "term_not_of_programme");
    }
);

on_both!(
    async fn codes_days_and_times_are_checked(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let programme = vendor.post("/v1/programmes", bare(&centre_id, "on_demand")).await.expect(201).id();
        let mut body = class(&programme, "A-123456789-123456789-1");
        body["studyForm"] = json!("02");
        body["trainingClassKind"] = json!("thematics");
        body["sessionsPerWeek"] = json!("sessions_4");
        body["opensOn"] = json!("2026-05-31");
        body["closesOn"] = json!("2026-01-05");
        body["timetable"] = json!([{ "weekday": 8, "starts": "7:00", "ends": "09:00" }, { "starts": "09:00", "ends": "08:00" }]);
        let refused = vendor.english().post("/v1/classes", body).await.expect(422);
        for (field, code) in [
            ("/code", "too_long"),
            ("/studyForm", "unknown_code"),
            ("/trainingClassKind", "unknown_code"),
            ("/sessionsPerWeek", "unknown_code"),
            ("/closesOn", "dates_out_of_order"),
            ("/timetable/0/weekday", "out_of_range"),
            ("/timetable/0/starts", "invalid_time"),
            ("/timetable/1", "weekday_or_date"),
            ("/timetable/1/ends", "times_out_of_order"),
        ] {
            assert!(refused.faults().contains(&(field.to_owned(), code.to_owned())), "{field} {code}: {}", refused.text);
        }
        // The Ministry's number is answered with the code it has here.
        assert!(refused.text.contains("in_service"), "{}", refused.text);
        let mut body = class(&programme, "A1");
        body["schoolYear"] = json!("2025-2027");
        vendor.post("/v1/classes", body).await.expect(400).refuses("/schoolYear", "invalid_value");
        assert_eq!(vendor.get("/v1/classes").await.body["items"], json!([]));
    }
);

on_both!(
    async fn a_class_keeps_its_programme_and_warns_of_its_twin(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let one = vendor.post("/v1/programmes", bare(&centre_id, "on_demand")).await.expect(201).id();
        let two = vendor.post("/v1/programmes", bare(&centre_id, "life_skills")).await.expect(201).id();
        let id = vendor.post("/v1/classes", class(&one, "L1")).await.expect(201).id();
        let path = format!("/v1/classes/{id}");
        vendor.patch(&path, json!({ "programmeId": two })).await.expect(422).refuses("/programmeId", "immutable");
        vendor.patch(&path, json!({ "programmeId": one, "name": "Lớp một" })).await.expect(200);
        let twin = vendor.post("/v1/classes", class(&two, "L1")).await.expect(201).body;
        assert_eq!(twin["warnings"][0]["pointer"], "/code");
        assert_eq!(twin["warnings"][0]["code"], "code_in_use");
        vendor.post(&format!("/v1/programmes/{two}/withdraw"), json!({})).await.expect(200);
        vendor.post("/v1/classes", class(&two, "L2")).await.expect(422).refuses("/programmeId", "programme_withdrawn");
    }
);

on_both!(
    async fn an_upsert_and_a_retry_write_once(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let programme = vendor.post("/v1/programmes", bare(&centre_id, "on_demand")).await.expect(201).id();
        let path = "/v1/classes/by-external-id/7%2FA";
        let made = vendor.put(path, class(&programme, "A1")).await.expect(201);
        let again = vendor.put(path, class(&programme, "A1")).await.expect(200);
        assert_eq!((again.id(), again.body["version"].clone()), (made.id(), json!(1)));
        let caller = vendor.with("idempotency-key", "class-a2");
        let first = caller.post("/v1/classes", class(&programme, "A2")).await.expect(201);
        let retry = caller.post("/v1/classes", class(&programme, "A2")).await.expect(201);
        assert_eq!(first.id(), retry.id());
        assert_eq!(vendor.get("/v1/classes?count=exact").await.body["totalCount"], 2);
    }
);

on_both!(
    async fn a_neighbour_reaches_no_class(s) {
        let vendor = s.vendor().await;
        let neighbour = s.client("province_department", province("01")).await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let programme = vendor.post("/v1/programmes", bare(&centre_id, "on_demand")).await.expect(201).id();
        let id = vendor.post("/v1/classes", class(&programme, "A1")).await.expect(201).id();
        let path = format!("/v1/classes/{id}");
        neighbour.get(&path).await.expect(404);
        neighbour.patch(&path, json!({ "name": "Khác" })).await.expect(404);
        neighbour.post(&format!("{path}/approve"), json!({})).await.expect(404);
        neighbour.post("/v1/classes", class(&programme, "A2")).await.expect(422).refuses("/programmeId", "unknown_record");
        s.public().post(&format!("{path}/approve"), json!({})).await.expect(401);
        s.client("auditor", province("31")).await.post(&format!("{path}/approve"), json!({})).await.expect(403);
        assert_eq!(neighbour.get("/v1/classes").await.expect(200).body["items"], json!([]));
    }
);

on_both!(
    async fn classes_move_with_their_centre_and_show_in_the_feed(s) {
        let ministry = s.client("ministry", Default::default()).await;
        let hanoi = s.client("province_department", province("01")).await;
        let centre_id = ministry.post("/v1/centres", centre("Cơ sở sẽ chuyển", "11407")).await.expect(201).id();
        let programme = ministry.post("/v1/programmes", bare(&centre_id, "on_demand")).await.expect(201).id();
        let id = ministry.post("/v1/classes", class(&programme, "A1")).await.expect(201).id();
        ministry.patch(&format!("/v1/centres/{centre_id}"), json!({ "place": { "code": "00004" } })).await.expect(200);
        hanoi.get(&format!("/v1/classes/{id}")).await.expect(200);
        hanoi.get(&format!("/v1/programmes/{programme}")).await.expect(200);
        s.sequenced().await;
        let feed = hanoi.get("/v1/changes?after=0&resource=classes").await.expect(200).body;
        assert_eq!(feed["items"][0]["record"]["code"], "A1");
        let feed = hanoi.get("/v1/changes?after=0&resource=programmes").await.expect(200).body;
        assert_eq!(feed["items"][0]["record"]["kind"], "on_demand");
    }
);

on_both!(
    async fn a_class_knows_its_learners_and_stays_while_it_has_some(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let programme = published(&vendor, &centre_id, "on_demand").await;
        let id = vendor.post("/v1/classes", class(&programme, "A1")).await.expect(201).id();
        vendor.post(&format!("/v1/classes/{id}/approve"), json!({})).await.expect(200);
        let person = json!({
            "centreId": centre_id, "fullName": "Nguyễn Thị Thử", "gender": "female",
            "dateOfBirth": { "value": "1985-04-30", "precision": "day" },
        });
        let learner = vendor.post("/v1/learners", person).await.expect(201).id();
        let body = json!({ "learnerId": learner, "classId": id, "enrolledOn": "2025-09-08" });
        let enrolment = vendor.post("/v1/enrolments", body).await.expect(201).id();
        let query = "query($id: ID!, $enrolment: ID!) {
            getClass(id: $id) { enrolments { nodes { id learner { id } } } } getEnrolment(id: $enrolment) { class { code } } }";
        let data = vendor.data(query, json!({ "id": id, "enrolment": enrolment })).await;
        assert_eq!(data["getClass"]["enrolments"]["nodes"], json!([{ "id": enrolment, "learner": { "id": learner } }]));
        assert_eq!(data["getEnrolment"]["class"]["code"], "A1");
        vendor.delete(&format!("/v1/classes/{id}")).await.expect(409);
    }
);
