//! The rules that the document declares are the rules that the service checks.

use serde_json::{Value, json};

use crate::{on_both, support::Client};

fn schemas() -> Value {
    serde_json::to_value(gdtx_api::openapi::document()).expect("a document")["components"]["schemas"].clone()
}

/// The limit that a description tells, `at most 1,000 characters`; none where it tells another thing.
fn told(description: &str) -> Option<u64> {
    let words = description.replace('\n', " ");
    let (_, rest) = words.split_once("at most ")?;
    let rest = rest.strip_prefix("100 of at most ").unwrap_or(rest);
    let (number, unit) = rest.split_once(' ')?;
    unit.starts_with("characters").then(|| number.replace(',', "").parse().expect("a number"))
}

/// What a schema says of each text, in a property or in the items of its list.
fn limit(property: &Value) -> &Value {
    let of = if property["items"].is_object() { &property["items"] } else { property };
    &of["maxLength"]
}

#[test]
fn every_limit_that_is_told_is_declared() {
    let (schemas, mut seen) = (schemas(), 0);
    for (name, schema) in schemas.as_object().expect("schemas") {
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            let description = property["description"].as_str().unwrap_or_default();
            if let Some(most) = told(description) {
                assert_eq!(limit(property), &json!(most), "{name}.{field}: {description}");
                seen += 1;
            }
        }
    }
    assert!(seen > 150, "{seen}");
}

#[test]
fn numbers_phones_and_addresses_are_declared_too() {
    let schemas = schemas();
    let learner = &schemas["NewLearner"]["properties"];
    assert_eq!((&learner["heightCm"]["minimum"], &learner["heightCm"]["maximum"]), (&json!(20), &json!(280)));
    assert_eq!(learner["personalNumber"]["pattern"], "^[0-9]{12}$");
    assert_eq!(learner["contactPhone"]["pattern"], "^( *|([- +().,;/]*[0-9]){3}[- +().,;/0-9]*)$");
    assert_eq!((&learner["fullName"]["minLength"], &learner["fullName"]["type"]), (&json!(1), &json!("string")));
    assert_eq!(schemas["NewCentre"]["properties"]["name"]["minLength"], 1);
    assert_eq!(schemas["CentrePatch"]["properties"]["name"]["maxLength"], 200);
}

/// For each kind of record the least that is accepted; `centreId` and the like are filled in.
async fn least(client: &Client) -> Vec<(&'static str, &'static str, Value)> {
    let make = async |path: &str, body: &Value| client.post(path, body.clone()).await.expect(201).id();
    let centre =
        json!({ "name": "Trung tâm Thử", "kind": "gdtx_centre", "ownership": "public", "place": { "code": "11407" } });
    let centre_id = make("/v1/centres", &centre).await;
    let campus = json!({ "centreId": centre_id, "name": "Điểm thử", "kind": "campus" });
    let land = json!({ "centreId": centre_id, "location": "Thôn Thử" });
    let room = json!({ "centreId": centre_id, "roomName": "Phòng thử" });
    let learner = json!({
        "centreId": centre_id, "fullName": "Nguyễn Thị Thử", "gender": "female",
        "dateOfBirth": { "value": "1985-04-30", "precision": "day" },
    });
    let programme = json!({ "centreId": centre_id, "kind": "on_demand", "name": "Chương trình thử" });
    let programme_id = make("/v1/programmes", &programme).await;
    let class = json!({ "programmeId": programme_id, "schoolYear": "2025-2026", "code": "THU-1", "name": "Lớp Thử" });
    let class_id = make("/v1/classes", &class).await;
    let learner_id = make("/v1/learners", &learner).await;
    let enrolment = json!({ "learnerId": learner_id, "classId": class_id, "enrolledOn": "2025-09-05" });
    vec![
        ("NewCentre", "/v1/centres", centre),
        ("NewCampus", "/v1/campuses", campus),
        ("NewLand", "/v1/lands", land),
        ("NewRoom", "/v1/rooms", room),
        ("NewLearner", "/v1/learners", learner),
        ("NewProgramme", "/v1/programmes", programme),
        ("NewClass", "/v1/classes", class),
        ("NewEnrolment", "/v1/enrolments", enrolment),
    ]
}

on_both!(
    async fn what_is_required_is_exactly_what_is_refused_when_absent(s) {
        let vendor = s.vendor().await;
        let schemas = schemas();
        for (shape, path, body) in least(&vendor).await {
            let mut required: Vec<&str> = schemas[shape]["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            let mut sent: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
            required.sort_unstable();
            sent.sort_unstable();
            assert_eq!(required, sent, "{shape}: the least that is accepted");
            vendor.post(&format!("{path}?dryRun=true"), body.clone()).await.expect(201);
            for field in required {
                let mut lacking = body.clone();
                lacking.as_object_mut().unwrap().remove(field);
                let refused = vendor.post(path, lacking).await;
                assert!([400, 422].contains(&refused.status.as_u16()), "{shape}.{field}: {}", refused.text);
                refused.refuses(&format!("/{field}"), "required");
            }
        }
    }
);

on_both!(
    async fn every_declared_length_is_kept_to_the_character(s) {
        let vendor = s.vendor().await;
        let schemas = schemas();
        for (shape, path, body) in least(&vendor).await {
            let (mut fits, mut exceeds, mut limited) = (body.clone(), body.clone(), Vec::new());
            for (field, property) in schemas[shape]["properties"].as_object().unwrap() {
                // What has a form of its own, or belongs to another field, is tested where it stands.
                let free = property["pattern"].as_str().is_none_or(|pattern| pattern.starts_with("^[^"));
                let plain = free && property["items"].is_null() && property["format"].is_null();
                let other = ["email", "contactEmail", "directorEmail", "website", "egovId", "partnerEgovId", "idDocumentNumber", "origin", "partnerOrganisation"];
                let Some(most) = property["maxLength"].as_u64().filter(|_| plain && !other.contains(&field.as_str())) else { continue };
                let most = usize::try_from(most).unwrap();
                fits[field] = json!("Ặ".repeat(most));
                exceeds[field] = json!("Ặ".repeat(most + 1));
                limited.push(format!("/{field}"));
            }
            vendor.post(&format!("{path}?dryRun=true"), fits).await.expect(201);
            let refused = vendor.post(path, exceeds).await.expect(422);
            for pointer in limited {
                assert!(refused.faults().contains(&(pointer.clone(), "too_long".to_owned())), "{shape} {pointer}: {}", refused.text);
            }
        }
    }
);
