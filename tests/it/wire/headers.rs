//! Headers and parameters: what they may hold, and how a wrong one is named.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{centre, contract, province},
};

on_both!(
    async fn only_tags_of_the_service_match(s) {
        let vendor = s.vendor().await;
        let path = format!("/v1/centres/{}", vendor.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201).id());
        let change = json!({ "phone": "0225 000 001" });
        for foreign in ["\"1-xyz\"", "\"1-\"", "\"+1\"", "W/\"1\"", "\"one\"", "\"\""] {
            vendor.with("if-match", foreign).patch(&path, change.clone()).await.expect(412);
            // A precondition counts only where the change would pass otherwise (RFC 9110, 13.2.1).
            let nobody = "/v1/centres/0199b1e1-f680-7001-84b0-000000000000";
            vendor.with("if-match", foreign).patch(nobody, change.clone()).await.expect(404);
        }
        for malformed in ["1", "\"1", "\"1\", \"2\"x"] {
            let refused = vendor.with("if-match", malformed).patch(&path, change.clone()).await.expect(400);
            assert_eq!((&refused.body["code"], &refused.body["errors"][0]["header"]), (&json!("invalid_header"), &json!("If-Match")));
        }
        assert_eq!(vendor.get(&path).await.body["version"], 1);
        let part = vendor.get(&format!("{path}?fields=name,version")).await.expect(200).header("etag").to_owned();
        assert_ne!(part, "\"1\"");
        vendor.with("if-match", &part).patch(&path, change.clone()).await.expect(200);
        vendor.with("if-match", "*").patch(&path, change).await.expect(200);
        let (by_key, body) = ("/v1/centres/by-external-id/tag", centre("Trung tâm Thử", "11407"));
        vendor.with("if-match", "\"1\"").put(by_key, body.clone()).await.expect(412);
        vendor.put(by_key, body).await.expect(201);
        vendor.with("if-match", "\"2\"").put(by_key, centre("Khác", "11407")).await.expect(412);
        assert_eq!(vendor.with("if-match", "\"1\"").put(by_key, centre("Khác", "11407")).await.expect(200).body["version"], 2);
        let refused = vendor.with("idempotency-key", &"k".repeat(256)).post("/v1/centres", centre("A", "11407")).await.expect(400);
        assert_eq!(refused.body["errors"][0]["header"], "Idempotency-Key");
        assert!(!refused.body["detail"].as_str().unwrap().contains("truy vấn"), "{}", refused.text);
    }
);

on_both!(
    async fn a_challenge_speaks_of_a_token_only_when_there_was_one(s) {
        let public = s.public();
        let none = public.get("/v1/centres").await.expect(401);
        assert_eq!(none.header("www-authenticate"), r#"Bearer realm="gdtx""#);
        let bad = public.with("authorization", "Bearer nonsense").get("/v1/centres").await.expect(401);
        assert_eq!(bad.header("www-authenticate"), r#"Bearer realm="gdtx", error="invalid_token""#);
        let basic = public.with("authorization", "Basic eDp5").get("/v1/centres").await.expect(401);
        assert_eq!(basic.header("www-authenticate"), r#"Bearer realm="gdtx""#);
    }
);

on_both!(
    async fn no_parser_speaks_to_the_caller(s) {
        let vendor = s.vendor().await.english();
        for (path, parameter, said) in [
            ("/v1/campuses?centreId=x", "centreId", "a UUID"),
            ("/v1/campuses?centreId=01999999-0000-7000-8000-00000000000g", "centreId", "a UUID"),
            ("/v1/centres?first=many", "first", "a whole number"),
            ("/v1/centres?withRetired=perhaps", "withRetired", "true or false"),
            ("/v1/centres?updatedSince=yesterday", "updatedSince", "an instant"),
            ("/v1/centres?kind=school", "kind", "use one of"),
            ("/v1/classes?schoolYear=26", "schoolYear", "a school year"),
            ("/v1/enrolments?enrolledFrom=05/09/2025", "enrolledFrom", "a date (2026-09-05)"),
            ("/v1/enrolments?enrolledFrom=2025-09-05T08:00:00Z", "enrolledFrom", "a date (2026-09-05)"),
            ("/v1/centres?updatedSince=2025-09-05", "updatedSince", "an instant (2026-09-05T08:00:00Z)"),
            ("/v1/changes?after=first", "after", "a whole number"),
        ] {
            let refused = vendor.get(path).await.expect(400).refuses(parameter, "invalid_value");
            let detail = refused.body["errors"][0]["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains(said), "{path}: {detail}");
            for theirs in ["parsing failed", "invalid digit", "premature end", "provided string", "invalid characters"] {
                assert!(!refused.text.contains(theirs), "{path}: {}", refused.text);
            }
        }
        let words = "a".repeat(201);
        vendor.get(&format!("/v1/centres?search={words}")).await.expect(400).refuses("search", "too_long");
        vendor.get(&format!("/v1/administrative-units?search={words}")).await.expect(400).refuses("search", "too_long");
        vendor.get(&format!("/v1/directory/centres?search={words}")).await.expect(400).refuses("search", "too_long");
        vendor.get(&format!("/v1/code-lists?search={words}")).await.expect(400).refuses("search", "too_long");
        for odd in ["First=1", "%2Fa=1", "=1"] {
            let refused = vendor.get(&format!("/v1/centres?{odd}")).await.expect(400);
            let fault = &refused.body["errors"][0];
            assert!(fault["parameter"].is_string() && fault["header"].is_null() && fault["pointer"].is_null(), "{}", refused.text);
        }
        let long = "a".repeat(2001);
        vendor.get(&format!("/v1/centres?officialId={long}")).await.expect(400).refuses("officialId", "too_long");
        let body = json!({ "name": 5, "kind": "gdtx_centre", "ownership": "public", "place": { "code": "11407" } });
        let refused = vendor.post("/v1/centres", body).await.expect(400).refuses("/name", "invalid_value");
        assert!(refused.text.contains("expected a text") && !refused.text.contains("invalid type"), "{}", refused.text);
        let broken = vendor.raw(reqwest::Method::POST, "/v1/centres", "application/json", Some("{\"name\": }".to_owned())).await.expect(400);
        assert!(broken.text.contains("line 1, column 10"), "{}", broken.text);
    }
);

on_both!(
    async fn a_value_of_the_wrong_kind_is_told_what_its_place_takes(s) {
        let vendor = s.vendor().await.english();
        let said = async |path: &str, body: Value, pointer: &str| -> String {
            let refused = vendor.post(path, body).await.expect(400).refuses(pointer, "invalid_value");
            refused.body["errors"][0]["detail"].as_str().unwrap().to_owned()
        };
        for (body, pointer, due) in [
            (json!({ "name": true }), "/name", "a text"),
            (json!({ "name": 1.5 }), "/name", "a text"),
            (json!({ "place": true }), "/place", "a JSON object"),
            (json!({ "place": ["11407"] }), "/place", "a JSON object"),
            (json!({ "accreditationLevel": true }), "/accreditationLevel", "a whole number"),
            (json!({ "accreditationLevel": 99_999_999_999_i64 }), "/accreditationLevel", "too large"),
            (json!({ "accreditationLevel": 1e30 }), "/accreditationLevel", "too large"),
            (json!({ "establishment": { "decisionDate": "2026-09-05T08:00:00Z" } }), "/establishment/decisionDate", "a date (2026-09-05)"),
            (json!({ "kind": 5 }), "/kind", "one of: gdtx_centre"),
            (json!({ "kind": ["gdtx_centre"] }), "/kind", "one of: gdtx_centre"),
            (json!([]), "", "A JSON object is needed."),
            (json!(["Trung tâm Thử", "gdtx_centre"]), "", "A JSON object is needed."),
        ] {
            let told = said("/v1/centres", body.clone(), pointer).await;
            assert!(told.contains(due), "{body}: {told}");
        }
        let id = vendor.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201).id();
        let patch = async |media: &str, body: &str| {
            vendor.raw(reqwest::Method::PATCH, &format!("/v1/centres/{id}"), media, Some(body.to_owned())).await
        };
        patch("application/json-patch+json", r#"[{"op": "remove", "path": "/phone"}]"#).await.expect(415);
        patch("application/merge-patch+json", r#"{"phone": "0225 000 001"}"#).await.expect(200);
        let lost = vendor.get("/v1/nowhere").await.expect(404);
        assert_eq!((&lost.body["code"], &lost.body["detail"]), (&json!("not_found"), &json!("There is no such path.")));
    }
);

on_both!(
    async fn the_feed_ends_where_the_journal_ends(s) {
        let vendor = s.vendor().await;
        let last = vendor.get("/v1/changes?after=0").await.expect(200).body["lastPosition"].as_i64().unwrap();
        vendor.get(&format!("/v1/changes?after={last}")).await.expect(200);
        let refused = vendor.get(&format!("/v1/changes?after={}", last + 1000)).await.expect(400).refuses("after", "beyond_the_end");
        assert!(refused.body["errors"][0]["detail"].as_str().unwrap().contains(&last.to_string()), "{}", refused.text);
        let graphql = vendor.graphql("query($after: Int!) { changes(after: $after) { nextAfter } }", json!({ "after": last + 1000 })).await;
        assert_eq!(graphql.body["errors"][0]["extensions"]["errors"][0]["code"], "beyond_the_end");
    }
);

on_both!(
    async fn an_event_is_read_where_its_location_says(s) {
        let department = s.client("province_department", province("31")).await;
        let id = department.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201).id();
        let today = gdtx_service::Clock::System.today();
        let decision = json!({
            "kind": "establish", "effectiveOn": today, "decisionNumber": "1/QĐ", "decisionDate": today, "authorityKind": "ubnd_tinh",
        });
        let events = format!("/v1/centres/{id}/events");
        assert_eq!(department.post(&format!("{events}?dryRun=true"), decision.clone()).await.expect(201).header("location"), "");
        let made = department.post(&events, decision).await.expect(201);
        let location = made.header("location").to_owned();
        assert_eq!(location, format!("{events}/{}", made.id()));
        let read = department.get(&location).await.expect(200);
        assert_eq!((read.id(), &read.body["kind"], read.header("etag")), (made.id(), &json!("establish"), "\"1\""));
        department.with("if-none-match", "\"1\"").get(&location).await.expect(304);
        let other = department.post("/v1/centres", centre("Trung tâm khác", "11407")).await.expect(201).id();
        department.get(&format!("/v1/centres/{other}/events/{}", made.id())).await.expect(404);
        s.client("province_department", province("01")).await.get(&location).await.expect(404);
        let query = "query($centre: ID!, $id: ID!) { getCentreEvent(centreId: $centre, id: $id) { id kind centre { id } } }";
        let seen = department.data(query, json!({ "centre": id, "id": made.id() })).await;
        assert_eq!(seen["getCentreEvent"], json!({ "id": made.id(), "kind": "establish", "centre": { "id": id } }));
    }
);

on_both!(
    async fn who_has_a_record_already_is_told_so(s) {
        let vendor = s.vendor().await;
        let hidden = json!({ "directorName": "Nguyễn Văn Thử (bịa)" });
        let path = format!("/v1/centres/{}", vendor.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201).id());
        vendor.patch(&path, hidden).await.expect(200);
        let (open, masked) = (vendor.get(&path).await.expect(200), vendor.without_purpose().get(&path).await.expect(200));
        let tags = [open.header("etag").to_owned(), masked.header("etag").to_owned()];
        assert!(tags[0] == "\"2\"" && tags[1].starts_with("\"2-"), "{tags:?}");
        // Each knows its own representation, and not the other's.
        for (reader, own, other) in [(&vendor, 0, 1), (&vendor.without_purpose(), 1, 0)] {
            reader.with("if-none-match", &tags[own]).get(&path).await.expect(304);
            reader.with("if-none-match", &tags[other]).get(&path).await.expect(200);
            let part = reader.get(&format!("{path}?fields=id")).await.expect(200).header("etag").to_owned();
            reader.with("if-none-match", &part).get(&format!("{path}?fields=id")).await.expect(304);
            reader.with("if-none-match", &part).get(&path).await.expect(200);
        }
        // Many at once share a question; each gets its own answer.
        let neighbour = s.client("province_department", province("01")).await;
        let knowing = vendor.without_purpose().with("if-none-match", &tags[1]);
        let (any, nowhere) = (neighbour.with("if-none-match", "*"), format!("/v1/centres/{}", gdtx_service::Ids::default().next(gdtx_service::Clock::System.now())));
        let nobody = s.public().with("if-none-match", "*");
        let answers = futures::join!(
            knowing.get(&path), any.get(&path), knowing.get(&nowhere), knowing.get(&path), nobody.get(&path),
        );
        assert_eq!([answers.0.status, answers.1.status, answers.2.status, answers.3.status, answers.4.status], [304, 404, 404, 304, 401]);
        // A change is seen at once.
        vendor.patch(&path, json!({ "directorName": null })).await.expect(200);
        assert_eq!(knowing.get(&path).await.expect(200).header("etag"), "\"3\"");
    }
);

#[test]
fn every_201_documents_where_the_record_is() {
    for (path, method, operation) in contract::operations() {
        let created = &operation["responses"]["201"];
        if path.starts_with("/v1/") && !created.is_null() {
            let headers = &created["headers"];
            assert!(headers["Location"].is_object() && headers["ETag"].is_object(), "{method} {path}: {headers}");
        }
    }
}

on_both!(
    async fn a_code_of_the_wrong_form_is_refused_not_unknown(s) {
        let public = s.public();
        for (query, parameter) in [
            ("code=abc", "code"), ("code=1234", "code"), ("code=0000a", "code"), ("code=4", "code"), ("code=000004", "code"),
            ("code=00001&districtCode=1", "districtCode"), ("name=Ba Đình&provinceCode=HN", "provinceCode"),
        ] {
            let path = format!("/v1/administrative-units/resolve?{query}");
            public.get(&path).await.expect(400).refuses(parameter, "invalid_code");
        }
        assert_eq!(public.get("/v1/administrative-units/resolve?code=99999").await.expect(200).body["outcome"], "unknown");
        let answer = public.graphql("{ resolveAdministrativeUnit(query: {code: \"abc\"}) { outcome } }", Value::Null).await;
        assert_eq!(answer.body["errors"][0]["extensions"]["errors"][0]["code"], "invalid_code");
        let vendor = s.vendor().await;
        vendor.post("/v1/centres", centre("Trung tâm Thử", "H1407")).await.expect(422).refuses("/place/code", "invalid_code");
    }
);
