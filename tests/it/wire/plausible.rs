//! Texts, contacts and days that cannot be meant are refused where they stand; odd ones are told.

use serde_json::json;

use crate::{
    learners::{
        classes::Setting,
        people::{centre_of, person, person_with},
    },
    on_both,
    support::{Client, centre, province},
};

on_both!(
    async fn characters_that_nobody_sees_are_refused_with_their_number(s) {
        let vendor = s.vendor().await;
        for hidden in ['\u{200B}', '\u{200E}', '\u{202A}', '\u{202E}', '\u{2066}', '\u{2069}', '\u{FEFF}'] {
            let refused = vendor.post("/v1/centres", centre(&format!("Trung tâm{hidden} Thử"), "11407")).await.expect(422);
            let refused = refused.refuses("/name", "hidden_character");
            assert!(refused.text.contains(&format!("U+{:04X}", u32::from(hidden))), "{}", refused.text);
        }
        let id = centre_of(&vendor).await;
        vendor.post("/v1/learners", person_with(&id, json!({"fullName": "Nguyễn\u{202E} Thử"}))).await.expect(422).refuses("/fullName", "hidden_character");
        vendor.post("/v1/learners", person_with(&id, json!({"rewards": [{"note": "a\u{200B}"}]}))).await.expect(422).refuses("/rewards/0/note", "hidden_character");
        let query = "mutation($input: NewLearner!) { createLearner(input: $input) { record { id } } }";
        let input = person_with(&id, json!({"fatherName": "Nguyễn\u{2067} Thử"}));
        let refused = vendor.graphql(query, json!({ "input": input })).await;
        assert_eq!(refused.body["errors"][0]["extensions"]["errors"][0]["pointer"], "/fatherName");
    }
);

on_both!(
    async fn contacts_have_a_form(s) {
        let vendor = s.vendor().await;
        let at = |field: &str, value: &str| {
            let mut body = centre("Trung tâm Thử", "11407");
            body[field] = json!(value);
            body
        };
        for (field, value, code) in [
            ("phone", "không có", "invalid_phone"), ("fax", "02x5 000", "invalid_phone"), ("directorPhone", "+", "invalid_phone"),
            ("website", "không có", "invalid_website"), ("website", "javascript:alert(1)", "invalid_website"),
            ("website", "ftp://gdtx.example.vn", "invalid_website"),
        ] {
            vendor.post("/v1/centres", at(field, value)).await.expect(422).refuses(&format!("/{field}"), code);
        }
        for (field, value) in [
            ("phone", "0225.3000000-113"), ("phone", "+84 (225) 300 0000"), ("website", "https://gdtx.example.vn/"), ("phone", " "),
        ] {
            let made = vendor.post("/v1/centres?dryRun=true", at(field, value)).await.expect(201);
            assert!(made.body["warnings"].is_null(), "{}", made.text);
        }
        let bare = vendor.post("/v1/centres?dryRun=true", at("website", "gdtx.example.vn")).await.expect(201);
        assert_eq!(bare.body["warnings"][0]["code"], "website_without_scheme");
        let id = centre_of(&vendor).await;
        vendor.post("/v1/learners", person_with(&id, json!({"contactPhone": "gọi mẹ"}))).await.expect(422).refuses("/contactPhone", "invalid_phone");
        vendor.post("/v1/campuses", json!({"centreId": id, "name": "Điểm", "kind": "campus", "phone": "x"})).await.expect(422).refuses("/phone", "invalid_phone");
    }
);

on_both!(
    async fn a_country_is_one_of_iso_3166(s) {
        let vendor = s.vendor().await;
        let id = centre_of(&vendor).await;
        let of = |code: &str| person_with(&id, json!({ "nationality": code }));
        for (code, hint) in [("XX", ""), ("VNM", "“VN”"), ("la", "“LA”")] {
            let refused = vendor.post("/v1/learners", of(code)).await.expect(422).refuses("/nationality", "invalid_country");
            assert!(refused.text.contains(hint), "{}", refused.text);
        }
        vendor.post("/v1/learners?dryRun=true", of("LA")).await.expect(201);
        let lists = vendor.get("/v1/code-lists?first=200").await.expect(200).body;
        for official in ["DM_HINH_THUC_SO_HUU", "DM_TINH_TRANG_SO_HUU"] {
            let list = lists["items"].as_array().unwrap().iter().find(|l| l["officialName"] == official);
            assert_eq!(list.map(|l| &l["mark"]), Some(&json!("unverified")), "{official}");
        }
    }
);

on_both!(
    async fn the_first_day_lies_in_a_life_and_in_reach(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let on = |day: &str| set.enrolment_with(json!({ "enrolledOn": day }));
        vendor.post("/v1/enrolments", on("1985-04-29")).await.expect(422).refuses("/enrolledOn", "before_birth");
        vendor.post("/v1/enrolments", on("2199-09-05")).await.expect(422).refuses("/enrolledOn", "too_far_ahead");
        let odd = vendor.post("/v1/enrolments?dryRun=true", on("2019-09-05")).await.expect(201);
        assert_eq!(odd.body["warnings"][0]["code"], "outside_school_year", "{}", odd.text);
        assert!(vendor.post("/v1/enrolments?dryRun=true", on("2025-09-05")).await.expect(201).body["warnings"].is_null());
        let path = set.enrolled(&vendor).await;
        vendor.patch(&path, json!({"enrolledOn": "1980-01-01"})).await.expect(422).refuses("/enrolledOn", "before_birth");
        // Who may not see a birth is not told of it by a refusal.
        let blind = Client::register(s, "vendor", province("31"), &[]).await;
        let centre = centre_of(&vendor).await;
        let learner = vendor.post("/v1/learners", person(&centre)).await.expect(201).id();
        let body = json!({ "learnerId": learner, "classId": set.class, "enrolledOn": "1985-04-29" });
        blind.post("/v1/enrolments?dryRun=true", body).await.expect(201);
    }
);
