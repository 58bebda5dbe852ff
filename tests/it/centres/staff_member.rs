//! Staff: every field that is kept of their form, what is refused, and who may see it.

use serde_json::{Value, json};

use super::{department, make, operating};
use crate::{
    exchange::imports::{CSV, counts, fault, import, receipts},
    on_both,
    support::{Client, Service, centre, province},
};

/// Symbol of the form and name here.
const FIELDS: [(&str, &str); 23] = [
    ("GIAO_VIEN_ID", "officialId"),
    ("HO_TEN", "fullName"),
    ("NGAY_SINH", "dateOfBirth"),
    ("MA_GIOI_TINH", "gender"),
    ("QUOC_TICH_ID", "nationality"),
    ("MA_DAN_TOC", "ethnicGroup"),
    ("MA_NHOM_CAN_BO", "staffGroup"),
    ("MA_LOAI_CAN_BO", "position"),
    ("MA_TRANG_THAI_CAN_BO", "status"),
    ("MA_HINH_THUC_HOP_DONG", "contractKind"),
    ("NGAY_TUYEN_DUNG", "recruitedOn"),
    ("MA_NGACH", "careerRank"),
    ("MA_TRINH_DO_CHUYEN_MON", "professionalQualification"),
    ("MA_TRINH_DO_QLGD", "educationManagementLevel"),
    ("MA_TRINH_DO_LLCT", "politicalTheoryLevel"),
    ("MA_NGOAI_NGU", "foreignLanguage"),
    ("MA_TRINH_DO_NGOAI_NGU", "foreignLanguageLevel"),
    ("MA_TRINH_DO_TIN_HOC", "itLevel"),
    ("MA_MON_DAY", "taughtSubject"),
    ("MA_MON_KIEM_NHIEM", "secondSubject"),
    ("MA_LOAI_GV_GIANG_DAY_VAN_HOA", "cultureTeacherKind"),
    ("MA_KET_QUA_CHUAN_NGHE_NGHIEP", "professionalStandardResult"),
    ("MA_DG_VIEN_CHUC", "officialRating"),
];

/// An invented teacher with what a member of staff must have; nobody of this name or birth exists.
pub fn teacher(centre: &str) -> Value {
    json!({ "centreId": centre, "fullName": "Nguyễn Thị Giảng", "gender": "female", "staffGroup": "teacher", "status": "working" })
}

/// Everything that a member of staff can be sent with.
fn whole(centre: &str) -> Value {
    json!({
        "centreId": centre, "officialId": "GV-THU-0001", "fullName": "Nguyễn Thị Giảng",
        "dateOfBirth": { "value": "1980-04-30", "precision": "day" }, "gender": "female", "nationality": "VN",
        "ethnicGroup": "tay", "staffGroup": "teacher", "position": "to_truong_chuyen_mon", "status": "seconded",
        "contractKind": "official_indefinite", "isPartTime": false, "recruitedOn": "2004-09-01", "endedOn": "2025-06-30",
        "careerRank": "Hạng III", "professionalQualification": "thac_si", "educationManagementLevel": "certificate",
        "politicalTheoryLevel": "elementary", "foreignLanguage": "english", "foreignLanguageLevel": "level_4",
        "itLevel": "nang_cao_tt03", "taughtSubject": "toan", "secondSubject": "tin_hoc",
        "cultureTeacherKind": "supplementary_upper_secondary", "professionalStandardResult": "good",
        "officialRating": "excellent",
    })
}

async fn home(vendor: &Client) -> String {
    make(vendor, "/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await
}

/// The class of a field in the official table.
fn class_of(symbol: &str) -> String {
    let table = include_str!("../../../crates/domain/codelists/qd4998_gdtx_fields.csv");
    let rows = csv::Reader::from_reader(table.as_bytes()).into_records().flatten();
    let mut of_staff = rows.filter(|row| row[0].starts_with("staff"));
    of_staff.find(|row| &row[1] == symbol).unwrap_or_else(|| panic!("no {symbol}"))[7].to_owned()
}

#[test]
fn each_field_is_documented_with_its_symbol() {
    let document: Value = serde_json::from_str(&gdtx_api::openapi::print()).expect("a document");
    for (symbol, name) in FIELDS {
        for schema in ["StaffMember", "NewStaffMember", "StaffMemberPatch"] {
            let property = document["components"]["schemas"][schema]["properties"][name].to_string();
            assert!(property.contains(&format!("`{symbol}`")), "{schema}.{name} {symbol}: {property}");
        }
    }
    let kept = &document["components"]["schemas"]["StaffMember"]["properties"];
    for left_out in ["partyMember", "religion", "idDocumentNumber", "socialInsuranceNumber", "salaryCoefficient"] {
        assert!(kept[left_out].is_null(), "{left_out} is collected");
    }
}

on_both!(
    async fn a_whole_member_of_staff_is_kept_changed_and_retired(s) {
        let vendor = s.vendor().await;
        let centre = home(&vendor).await;
        let sent = whole(&centre);
        let made = vendor.post("/v1/staff-members", sent.clone()).await.expect(201);
        assert!(made.body["warnings"].is_null(), "{}", made.text);
        let path = format!("/v1/staff-members/{}", made.id());
        let shown = vendor.get(&path).await.expect(200).body;
        let names = FIELDS.map(|(_, name)| name).join(" ").replace("dateOfBirth", "dateOfBirth { value precision }");
        let query = format!("query($id: ID!) {{ getStaffMember(id: $id) {{ {names} isPartTime endedOn centre {{ id }} }} }}");
        let asked = vendor.data(&query, json!({ "id": made.id() })).await["getStaffMember"].clone();
        for (name, value) in sent.as_object().unwrap() {
            assert_eq!(&shown[name], value, "{name} on REST");
            if name != "centreId" {
                assert_eq!(&asked[name], value, "{name} on GraphQL");
            }
        }
        assert_eq!(asked["centre"]["id"], json!(centre));
        for filter in ["staffGroup=teacher", "status=seconded", "contractKind=official_indefinite", "search=giang", "officialId=GV-THU-0001"] {
            let found = vendor.get(&format!("/v1/staff-members?centreId={centre}&{filter}")).await.expect(200).body;
            assert_eq!(found["items"][0]["id"], json!(made.id()), "{filter}");
        }
        assert_eq!(vendor.get("/v1/staff-members?staffGroup=manager").await.expect(200).body["items"], json!([]));
        let patch = "mutation($id: ID!) { updateStaffMember(id: $id, patch: { status: \"retired\", position: null }) { record { status position version } } }";
        let changed = vendor.data(patch, json!({ "id": made.id() })).await["updateStaffMember"]["record"].clone();
        assert_eq!(changed, json!({ "status": "retired", "position": null, "version": 2 }));
        let of_centre = "query($id: ID!) { getCentre(id: $id) { staffMembers(filter: { status: \"retired\" }) { nodes { fullName } } } }";
        let seen = vendor.data(of_centre, json!({ "id": centre })).await["getCentre"]["staffMembers"]["nodes"].clone();
        assert_eq!(seen, json!([{ "fullName": "Nguyễn Thị Giảng" }]));
        department(s).await.delete(&format!("/v1/centres/{centre}")).await.expect(409);
        vendor.delete(&path).await.expect(200);
        vendor.delete(&path).await.expect(409);
    }
);

on_both!(
    async fn faults_are_named_in_both_languages(s) {
        let vendor = s.vendor().await;
        let centre = home(&vendor).await;
        let body = json!({
            "centreId": centre, "fullName": "x".repeat(51), "gender": null, "staffGroup": "03", "status": "working",
            "contractKind": "none", "nationality": "XX", "dateOfBirth": { "value": "2990", "precision": "year" },
            "recruitedOn": "2020-09-01", "endedOn": "2020-08-31", "taughtSubject": "toan", "secondSubject": "toan",
        });
        let refused = vendor.post("/v1/staff-members", body.clone()).await.expect(422);
        for (field, code) in [
            ("/fullName", "too_long"),
            ("/gender", "required"),
            ("/staffGroup", "unknown_code"),
            ("/contractKind", "unknown_code"),
            ("/dateOfBirth/value", "date_in_future"),
            ("/endedOn", "dates_out_of_order"),
            ("/secondSubject", "duplicate"),
        ] {
            assert!(refused.faults().contains(&(field.to_owned(), code.to_owned())), "{field} {code}: {}", refused.text);
        }
        assert!(refused.faults().iter().any(|(field, _)| field == "/nationality"), "{}", refused.text);
        // The Ministry's number is answered with the code it has here, in either language.
        let english = vendor.english().post("/v1/staff-members", body).await.expect(422);
        let detail = |answer: &Value| answer["errors"].as_array().unwrap().iter().find(|e| e["pointer"] == "/staffGroup").unwrap()["detail"].clone();
        let (vi, en) = (detail(&refused.body), detail(&english.body));
        assert!(vi != en && [&vi, &en].iter().all(|text| text.as_str().unwrap().contains("teacher")), "{vi} {en}");

        let mut odd = teacher(&centre);
        odd["position"] = json!("giam_doc");
        let told = vendor.english().post("/v1/staff-members", odd).await.expect(201);
        assert_eq!(told.body["warnings"][0]["code"], "position_of_other_group");
        let path = format!("/v1/staff-members/{}", told.id());
        vendor.patch(&path, json!({ "fullName": null })).await.expect(422).refuses("/fullName", "required");
        vendor.patch(&path, json!({ "centreId": centre })).await.expect(400);
        // Whoever may not see the group is not told whether the position fits it.
        let blind = Client::register(s, "vendor", province("31"), &[]).await;
        let changed = blind.patch(&path, json!({ "position": "pho_giam_doc" })).await.expect(200);
        assert!(changed.body["warnings"].is_null() && changed.body["position"].is_null(), "{}", changed.text);
    }
);

async fn masked(client: &Client, id: &str) -> [Value; 2] {
    let got = client.get(&format!("/v1/staff-members/{id}")).await.expect(200).body;
    let fed = client.get("/v1/changes?after=0&resource=staff_members&wait=10").await.expect(200).body;
    [got, fed["items"][0]["record"].clone()]
}

on_both!(
    async fn masks_follow_the_classes_of_the_official_table(s) {
        let vendor = s.vendor().await;
        let centre = home(&vendor).await;
        let id = make(&vendor, "/v1/staff-members", whole(&centre)).await;
        let blind = Client::register(s, "vendor", province("31"), &[]).await;
        let partly = Client::register(s, "vendor", province("31"), &["basic"]).await;
        for (client, classes) in [(&vendor, &["basic", "sensitive"][..]), (&partly, &["basic"]), (&blind, &[])] {
            for shown in masked(client, &id).await {
                for (symbol, name) in FIELDS {
                    let seen = classes.contains(&class_of(symbol).as_str());
                    assert_eq!(!shown[name].is_null(), seen, "{symbol} {name}");
                    assert_eq!(!shown["maskedFields"].as_array().unwrap().contains(&json!(name)), seen, "{symbol} {name}");
                }
            }
        }
        for (query, parameter) in [("search=giang", "search"), ("sort=name", "sort"), ("staffGroup=teacher", "staffGroup"), ("status=working", "status")] {
            blind.get(&format!("/v1/staff-members?{query}")).await.expect(403).refuses(parameter, "hidden_data");
        }
        // Sensitive data are shown one record at a time, never in lists.
        assert!(vendor.get("/v1/staff-members").await.expect(200).body["items"][0]["ethnicGroup"].is_null());
        let node = "query($id: ID!) { node(id: $id) { ... on StaffMember { ethnicGroup } } }";
        assert_eq!(vendor.data(node, json!({ "id": id })).await["node"]["ethnicGroup"], "tay");
        let auditor = s.client("auditor", Default::default()).await;
        let log = auditor.get("/v1/access-log?first=200").await.expect(200).body;
        let told = log["items"].as_array().unwrap().iter().any(|entry| entry["resource"] == "staff_members" && entry["records"][0]["id"] == json!(id));
        assert!(told, "{log}");
    }
);

on_both!(
    async fn roles_and_reach_hold(s) {
        let vendor = s.vendor().await;
        let centre = home(&vendor).await;
        let id = make(&vendor, "/v1/staff-members", teacher(&centre)).await;
        let path = format!("/v1/staff-members/{id}");
        let neighbour = s.client("vendor", province("01")).await;
        neighbour.get(&path).await.expect(404);
        neighbour.patch(&path, json!({ "status": "retired" })).await.expect(404);
        neighbour.post("/v1/staff-members", teacher(&centre)).await.expect(422).refuses("/centreId", "unknown_record");
        s.client("ministry", Default::default()).await.get(&path).await.expect(200);
        s.client("ministry", Default::default()).await.post("/v1/staff-members", teacher(&centre)).await.expect(403);
        let own = gdtx_domain::access::reach::Reach { centres: vec![centre.parse().unwrap()], ..Default::default() };
        s.client("centre", own).await.post("/v1/staff-members", teacher(&centre)).await.expect(201);
        s.client("portal", province("31")).await.get(&path).await.expect(403);
    }
);

/// Everything that two tables hold of a member of staff, as text.
async fn stored(s: &Service) -> String {
    use sea_orm::{ConnectionTrait, Statement};
    let db = s.tables().await;
    let mut text = String::new();
    for (table, column) in [("staff_member", "envelope"), ("journal", "after_image")] {
        let sql = format!("SELECT CAST({column} AS text) AS held FROM {table}");
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("rows");
        text.extend(rows.iter().map(|row| row.try_get::<String>("", "held").expect("a text")));
    }
    text
}

on_both!(
    async fn the_ethnic_group_lies_encrypted_and_the_past_is_read(s) {
        let vendor = s.vendor().await;
        let centre = home(&vendor).await;
        let id = make(&vendor, "/v1/staff-members", whole(&centre)).await;
        let held = stored(s).await;
        assert!(held.contains("\"sealed\"") && !held.contains("\"tay\"") && !held.contains("Giảng"), "{held}");
        s.sequenced().await;
        let then = vendor.get("/v1/changes?after=0&resource=staff_members").await.expect(200).body["items"][0]["position"].clone();
        let path = format!("/v1/staff-members/{id}");
        vendor.patch(&path, json!({ "status": "retired", "ethnicGroup": "kinh" })).await.expect(200);
        s.sequenced().await;
        let past = vendor.get(&format!("{path}?asOf={then}")).await.expect(200).body;
        assert_eq!((&past["status"], &past["ethnicGroup"]), (&json!("seconded"), &json!("tay")));
        let listed = vendor.get(&format!("/v1/staff-members?asOf={then}")).await.expect(200).body["items"][0].clone();
        assert_eq!((&listed["status"], &listed["ethnicGroup"]), (&json!("seconded"), &Value::Null));
        let history = vendor.get(&format!("{path}/history")).await.expect(200).body;
        assert_eq!(history["items"][0]["changedFields"], json!(["ethnicGroup", "status"]));
        vendor.get(&format!("/v1/staff-members?asOf={then}&status=working")).await.expect(400).refuses("status", "not_of_the_past");

        // A rotation of the operator's keys leaves staff readable with the new key alone.
        let old = std::fs::read_to_string(s.home().join("data.keys")).expect("the file of keys");
        let new = gdtx_service::Keyring::generate("second").expect("a key");
        let at = |keys: String| gdtx_api::Settings { data_keys: keys.into(), ..s.settings.clone() };
        let both = gdtx_api::server::open(&at(format!("{new},{old}"))).await.expect("an open database");
        let system = gdtx_service::Ctx::system(both.clone(), gdtx_service::Clock::System);
        assert_eq!(gdtx_service::rewrap(&system).await.expect("a count"), 1);
        both.close().await.expect("a closed database");
        let running = s.restarted(at(new)).await;
        assert_eq!(vendor.at(&running).get(&path).await.expect(200).body["ethnicGroup"], "kinh");
        running.stop().await.expect("a clean stop");
    }
);

on_both!(
    async fn sheets_of_staff_go_in_and_come_back(s) {
        let vendor = s.vendor().await;
        let centre = home(&vendor).await;
        let sheet = format!(
            "externalId,centreId,HO_TEN,NGAY_SINH (dd/mm/yyyy),MA_GIOI_TINH,Nhóm cán bộ,Trạng thái cán bộ,MA_HINH_THUC_HOP_DONG,MA_DAN_TOC\n\
            gv-1,{centre},Trần Văn Giảng,05/09/1985,male,Giáo viên,Đang làm việc,visiting,kinh\n\
            gv-2,{centre},Trần Thị Nhân,05/09/1990,female,employee,working,none,kinh\n"
        );
        let job = import(s, &vendor, "?resource=staff_members", CSV, &sheet).await;
        let told = receipts(&vendor, &job).await;
        assert_eq!(counts(&job), [1, 0, 0, 1], "{told:?}");
        assert_eq!(fault(&told[1]), ("/contractKind", "unknown_code"));
        let official = sheet.lines().take(2).collect::<Vec<_>>().join("\n").replace(",male,Giáo viên,Đang làm việc,visiting,kinh", ",01,03,01,06,01");
        let job = import(s, &vendor, "?resource=staff_members&codeScheme=moet_2020", CSV, &official).await;
        assert_eq!(counts(&job), [0, 0, 1, 0], "{:?}", receipts(&vendor, &job).await);
        for (export, scheme) in [("labels=true", ""), ("layout=qd4998", "&codeScheme=moet_2020")] {
            let out = vendor.get(&format!("/v1/exports/staff-members?format=csv&{export}")).await.expect(200).text;
            let job = import(s, &vendor, &format!("?resource=staff_members{scheme}"), CSV, &out).await;
            assert_eq!(counts(&job), [0, 0, 1, 0], "{out} {:?}", receipts(&vendor, &job).await);
        }
        let layout = vendor.get("/v1/imports/templates/staff_members").await.expect(200).text;
        assert!(layout.contains("MA_NHOM_CAN_BO") && layout.contains("staff_group"), "{layout}");
        // A class names its teacher by the sender's key.
        let programme = make(&vendor, "/v1/programmes", json!({ "centreId": centre, "kind": "on_demand", "name": "Chương trình thử" })).await;
        let classes = format!("externalId,programmeId,schoolYear,code,name,teacherExternalId\nlop-1,{programme},2025,A1,Lớp A1,gv-1\nlop-2,{programme},2025,A2,Lớp A2,gv-9\n");
        let job = import(s, &vendor, "?resource=classes", CSV, &classes).await;
        assert_eq!(counts(&job), [1, 0, 0, 1], "{:?}", receipts(&vendor, &job).await);
        let taught = vendor.data("{ listClasses { nodes { code teacher { fullName classes { nodes { code } } } } } }", json!({})).await;
        assert_eq!(taught["listClasses"]["nodes"], json!([{ "code": "A1", "teacher": { "fullName": "Trần Văn Giảng", "classes": { "nodes": [{ "code": "A1" }] } } }]));
    }
);

on_both!(
    async fn teachers_are_on_the_staff_of_the_centre(s) {
        let vendor = s.vendor().await;
        let here = home(&vendor).await;
        let elsewhere = make(&vendor, "/v1/centres", centre("Trung tâm Khác", "11407")).await;
        let ours = make(&vendor, "/v1/staff-members", teacher(&here)).await;
        let theirs = make(&vendor, "/v1/staff-members", teacher(&elsewhere)).await;
        let gone = make(&vendor, "/v1/staff-members", teacher(&here)).await;
        vendor.delete(&format!("/v1/staff-members/{gone}")).await.expect(200);
        let programme = make(&vendor, "/v1/programmes", json!({ "centreId": here, "kind": "literacy_stage_1", "name": "Xóa mù chữ" })).await;
        let class = |teacher: &str, assigned: &str| json!({
            "programmeId": programme, "schoolYear": "2025", "code": "X1", "name": "Lớp X1", "grade": "gdtx_grade_1", "teacherId": teacher,
            "subjectAssignments": [{ "subject": "mathematics", "term": 1, "teacherId": assigned }],
        });
        let nobody = crate::operations::NOBODY;
        let refused = vendor.post("/v1/classes", class(&theirs, nobody)).await.expect(422);
        refused.refuses("/teacherId", "teacher_of_other_centre").refuses("/subjectAssignments/0/teacherId", "unknown_record");
        vendor.post("/v1/classes", class(&gone, &ours)).await.expect(422).refuses("/teacherId", "retired");
        let id = make(&vendor, "/v1/classes", class(&ours, &ours)).await;
        // Who left later stays the teacher that the class had.
        vendor.delete(&format!("/v1/staff-members/{ours}")).await.expect(200);
        vendor.patch(&format!("/v1/classes/{id}"), json!({ "name": "Lớp khác" })).await.expect(200);
        let seen = vendor.data("query($id: ID!) { getClass(id: $id) { teacher { id deletedAt } } }", json!({ "id": id })).await;
        assert_eq!(seen["getClass"]["teacher"]["id"], json!(ours));
    }
);
