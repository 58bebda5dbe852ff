//! What rows become, and what each receipt tells.

use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use super::{CSV, NDJSON, centres, count, counts, fault, import, receipts};
use crate::{on_both, support::province};

on_both!(
    async fn a_sheet_becomes_records_and_the_same_sheet_changes_nothing(s) {
        let vendor = s.vendor().await;
        let first = import(s, &vendor, "?resource=centres", CSV, &centres(0..3)).await;
        assert_eq!((first.body["state"].as_str(), counts(&first)), (Some("done"), [3, 0, 0, 0]), "{}", first.text);
        let told = receipts(&vendor, &first).await;
        assert_eq!(told.iter().map(|r| r["line"].as_i64().unwrap()).collect::<Vec<_>>(), [2, 3, 4]);
        let made = vendor.get(&format!("/v1/centres/{}", told[0]["id"].as_str().unwrap())).await.expect(200);
        assert_eq!((&made.body["name"], &made.body["version"]), (&json!("Trung tâm Thử 0"), &told[0]["version"]));
        assert_eq!(made.body["externalIds"][0]["value"], "c-0");

        s.sequenced().await;
        let before = vendor.get("/v1/changes?after=0&first=1000").await.expect(200).body["nextAfter"].clone();
        let again = import(s, &vendor, "?resource=centres", CSV, &centres(0..3)).await;
        assert_eq!(counts(&again), [0, 0, 3, 0], "{}", again.text);
        s.sequenced().await;
        let after = vendor.get("/v1/changes?after=0&first=1000").await.expect(200).body["nextAfter"].clone();
        assert_eq!(before, after, "the journal has nothing new");
        assert_eq!((&again.body["positionBefore"], &again.body["positionAfter"]), (&before, &before));

        let sheet = "place.code,TEN,EXTERNALID\n11407,Trung  tâm Đổi tên ,c-1\n";
        let changed = import(s, &vendor, "?resource=centres", CSV, sheet).await;
        assert_eq!(counts(&changed), [0, 1, 0, 0], "{}", changed.text);
        let now = vendor.get(&format!("/v1/centres/{}", told[1]["id"].as_str().unwrap())).await.expect(200);
        assert_eq!((&now.body["name"], &now.body["kind"]), (&json!("Trung tâm Đổi tên"), &json!("gdtx_centre")));
    }
);

on_both!(
    async fn a_batch_of_several_kinds_is_sorted_by_dependency(s) {
        let vendor = s.vendor().await;
        let lines = [
            json!({ "resource": "enrolments", "externalId": "e1", "learnerExternalId": "h1", "classExternalId": "l1", "enrolledOn": "2026-09-05" }),
            json!({ "resource": "learners", "externalId": "h1", "centreExternalId": "c1", "fullName": "Nguyễn Văn Thử", "gender": "male", "dateOfBirth": "1990" }),
            json!({ "resource": "classes", "externalId": "l1", "programmeExternalId": "p1", "schoolYear": "2026", "code": "T1", "name": "Lớp thử" }),
            json!({ "resource": "programmes", "externalId": "p1", "centreExternalId": "c1", "kind": "life_skills", "name": "Chương trình thử" }),
            json!({ "resource": "centres", "externalId": "c1", "name": "Trung tâm Thử", "kind": "gdtx_centre", "ownership": "public", "place": { "code": "11407" } }),
            json!({ "resource": "teachers", "externalId": "t1" }),
            json!({ "resource": "classes", "externalId": "l2", "programmeExternalId": "p9", "schoolYear": "2026", "code": "T2", "name": "Lớp thử" }),
        ];
        let file = lines.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
        let job = import(s, &vendor, "", NDJSON, &file).await;
        assert_eq!((job.body["state"].as_str(), counts(&job)), (Some("done"), [5, 0, 0, 2]), "{}", job.text);
        for receipt in receipts(&vendor, &job).await {
            match receipt["line"].as_i64() {
                Some(6) => assert_eq!(fault(&receipt), ("/resource", "unknown_code")),
                Some(7) => assert_eq!(fault(&receipt), ("/programmeExternalId", "unknown_record")),
                _ => assert_eq!(receipt["outcome"], "created", "{receipt}"),
            }
        }
        let enrolled = vendor.get("/v1/enrolments").await.expect(200);
        assert_eq!(enrolled.body["items"].as_array().map(Vec::len), Some(1));
    }
);

on_both!(
    async fn a_key_and_an_id_that_name_two_records_are_refused(s) {
        let vendor = s.vendor().await;
        let first = import(s, &vendor, "?resource=centres", CSV, &centres(0..2)).await;
        let ids: Vec<Value> = receipts(&vendor, &first).await.iter().map(|receipt| receipt["id"].clone()).collect();
        let room = |key: &str, centre: &Value| {
            json!({ "resource": "campuses", "externalId": key, "centreExternalId": "c-0", "centreId": centre, "name": "Cơ sở thử", "kind": "campus" }).to_string()
        };
        let file = [room("p0", &ids[0]), room("p1", &ids[1]), room("p2", &Value::Null), room("p3", &json!(7))].join("\n");
        let job = import(s, &vendor, "", NDJSON, &file).await;
        assert_eq!(counts(&job), [2, 0, 0, 2], "{}", job.text);
        let told = receipts(&vendor, &job).await;
        assert_eq!(fault(&told[1]), ("/centreExternalId", "two_records"));
        assert_eq!(fault(&told[3]).0, "/centreId");
    }
);

on_both!(
    async fn official_symbols_and_codes_of_a_named_scheme_are_understood(s) {
        let vendor = s.vendor().await;
        import(s, &vendor, "?resource=centres", CSV, &centres(0..1)).await;
        let sheet = "externalId;centreExternalId;HO_TEN;NGAY_SINH (dd/mm/yyyy);MA_GIOI_TINH;MA_DAN_TOC;residence.code\n\
            h1;c-0;Nguyễn Thị Thử;05/09/1990;female;02;11407\n\
            h2;c-0;Trần Văn Thử;1991;male;2;11407\n\
            h3;c-0;Lê Văn Thử;31/02/1990;male;01;11407\n\
            h4;c-0;;01/01/1990;male;01;99999\n";
        let job = import(s, &vendor, "?resource=learners&codeScheme=gso_1979", CSV, sheet).await;
        assert_eq!(counts(&job), [1, 0, 0, 3], "{}", job.text);
        let told = receipts(&vendor, &job).await;
        let made = vendor.get(&format!("/v1/learners/{}", told[0]["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(made.body["ethnicGroup"], "tay");
        assert_eq!(made.body["dateOfBirth"], json!({ "value": "1990-09-05", "precision": "day" }));
        assert_eq!(fault(&told[1]), ("/ethnicGroup", "lost_zeros"));
        assert_eq!(fault(&told[2]), ("/dateOfBirth", "invalid_date"));
        let codes: Vec<_> = told[3]["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
        assert!(codes.contains(&"/fullName"), "{}", told[3]);
        assert_eq!(told[1]["row"], r#"["h2","c-0","Trần Văn Thử","1991","male","2","11407"]"#);
        assert!(told[0]["row"].is_null(), "an accepted row is not kept");
    }
);

on_both!(
    async fn all_or_none_and_rehearsals_write_nothing_that_is_not_meant(s) {
        let vendor = s.vendor().await;
        let broken = format!("{}c-9,Trung tâm Hỏng,no_such_kind,public,11407\n", centres(0..2));
        let job = import(s, &vendor, "?resource=centres&mode=atomic", CSV, &broken).await;
        assert_eq!((job.body["state"].as_str(), counts(&job)), (Some("failed"), [0, 0, 0, 3]), "{}", job.text);
        assert_eq!(job.body["errors"][0]["code"], "rows_refused");
        let told = receipts(&vendor, &job).await;
        assert_eq!((fault(&told[0]).1, fault(&told[2])), ("other_rows_refused", ("/kind", "unknown_code")));
        assert_eq!(count(&vendor, "/v1/centres").await, 0);

        let job = import(s, &vendor, "?resource=centres&dryRun=true", CSV, &broken).await;
        assert_eq!((job.body["state"].as_str(), counts(&job)), (Some("done"), [2, 0, 0, 1]), "{}", job.text);
        assert!(receipts(&vendor, &job).await[0]["id"].is_null());
        assert_eq!(count(&vendor, "/v1/centres").await, 0);

        let job = import(s, &vendor, "?resource=centres&mode=atomic", CSV, &centres(0..2)).await;
        assert_eq!((job.body["state"].as_str(), counts(&job)), (Some("done"), [2, 0, 0, 0]), "{}", job.text);
        assert_eq!(count(&vendor, "/v1/centres").await, 2);

        let job = import(s, &vendor, "?resource=centres&mode=atomic", CSV, &centres(0..101)).await;
        assert_eq!(job.body["errors"][0]["code"], "too_many_rows", "{}", job.text);
    }
);

on_both!(
    async fn what_a_row_leaves_out_stays_and_what_it_empties_goes(s) {
        let vendor = s.vendor().await;
        let sheet = "externalId,name,kind,ownership,place.code,phone,email\n\
            c1,Trung tâm Thử,gdtx_centre,public,11407,0225 3000000,mau@example.vn\n";
        let job = import(s, &vendor, "?resource=centres", CSV, sheet).await;
        let id = receipts(&vendor, &job).await[0]["id"].as_str().unwrap().to_owned();
        import(s, &vendor, "?resource=centres", CSV, "externalId,phone\nc1,\n").await;
        let now = vendor.get(&format!("/v1/centres/{id}")).await.expect(200);
        assert_eq!((&now.body["phone"], &now.body["email"]), (&Value::Null, &json!("mau@example.vn")));
        assert_eq!(now.body["version"], 2);
    }
);

on_both!(
    async fn a_column_of_the_sheet_may_be_the_key(s) {
        let vendor = s.vendor().await;
        let sheet = "STT,Mã trung tâm,TEN,kind,ownership,place.code\n\
            1,GD-31-001,Trung tâm Một,gdtx_centre,public,11407\n2,,Trung tâm Hai,gdtx_centre,public,11407\n";
        let job = import(s, &vendor, "?resource=centres&key=officialId&ignore=STT", CSV, sheet).await;
        assert_eq!(counts(&job), [1, 0, 0, 1], "{}", job.text);
        let told = receipts(&vendor, &job).await;
        assert_eq!(fault(&told[1]), ("/officialId", "required"));
        let made = vendor.get(&format!("/v1/centres/{}", told[0]["id"].as_str().unwrap())).await.expect(200);
        assert_eq!((&made.body["officialId"], &made.body["externalIds"][0]["value"]), (&json!("GD-31-001"), &json!("GD-31-001")));
    }
);

on_both!(
    async fn a_key_that_comes_twice_is_one_record(s) {
        let vendor = s.vendor().await;
        let sheet = format!("{}c-0,Trung tâm Khác,gdtx_centre,public,11407\n", centres(0..2));
        let job = import(s, &vendor, "?resource=centres", CSV, &sheet).await;
        assert_eq!(counts(&job), [2, 1, 0, 0], "{}", job.text);
        assert_eq!(count(&vendor, "/v1/centres").await, 2);
    }
);

on_both!(
    async fn rows_beyond_the_reach_are_refused_and_jobs_are_nobody_elses(s) {
        let vendor = s.vendor().await;
        let sheet = centres(0..2).replace("c-1,Trung tâm Thử 1,gdtx_centre,public,11407", "c-1,Trung tâm Xa,gdtx_centre,public,00004");
        let job = import(s, &vendor, "?resource=centres", CSV, &sheet).await;
        assert_eq!(counts(&job), [1, 0, 0, 1], "{}", job.text);
        assert_eq!(fault(&receipts(&vendor, &job).await[1]), ("", "forbidden"));
        let neighbour = s.client("vendor", province("01")).await;
        let path = format!("/v1/imports/{}", job.id());
        for hidden in [path.clone(), format!("{path}/receipts")] {
            neighbour.get(&hidden).await.expect(404);
        }
        neighbour.post(&format!("{path}/cancel"), json!({})).await.expect(404);
        assert_eq!(neighbour.get("/v1/imports").await.expect(200).body["items"], json!([]));
        assert_eq!(vendor.get("/v1/imports").await.expect(200).body["items"][0]["id"], json!(job.id()));
        s.client("portal", province("31")).await.get("/v1/imports").await.expect(403);
    }
);

on_both!(
    async fn receipts_go_back_as_a_sheet_that_shows_the_rows(s) {
        let vendor = s.vendor().await;
        let sheet = format!("{}c-8,=1+1,no_such_kind,public,11407\n", centres(0..1));
        // Titles above the headings, a column of the sender's own, and a text that no cell holds.
        let long = format!("\"{}\"", "x".repeat(40_000));
        let sheet = sheet.replacen("externalId,name", "@STT,externalId,name", 1).replace("\nc-0", "\n1,c-0").replace("\nc-8", &format!("\n{long},c-8"));
        let job = import(s, &vendor, "?resource=centres&ignore=%40STT", CSV, &sheet).await;
        let path = format!("/v1/imports/{}/receipts", job.id());
        let lines = vendor.get(&format!("{path}?format=ndjson")).await.expect(200);
        assert_eq!(lines.text.lines().count(), 2);
        let refused = vendor.get(&format!("{path}?format=csv&outcome=rejected")).await.expect(200);
        let rows: Vec<&str> = refused.text.lines().collect();
        assert_eq!(rows.len(), 2);
        assert!(rows[1].starts_with("3,rejected,centres,") && rows[1].contains(",c-8,'=1+1,no_such_kind"), "{}", rows[1]);
        assert!(rows[0].ends_with(",errors (English),'@STT,externalId,name,kind,ownership,place.code"), "{}", rows[0]);
        let tables = s.tables().await;
        let stored = Statement::from_string(tables.get_database_backend(), "SELECT headings FROM import_job");
        let stored: String = tables.query_one_raw(stored).await.unwrap().unwrap().try_get("", "headings").unwrap();
        assert!(!stored.contains("STT"), "what a sender writes as a heading is sealed");
        tables.close().await.unwrap();
        let book = vendor.get(&format!("{path}?format=xlsx")).await.expect(200);
        assert!(book.bytes.starts_with(b"PK"), "a workbook is a zip file");
        let run = vendor.get(&format!("{path}?first=1")).await.expect(200);
        assert_eq!((run.body["nextAfter"].as_i64(), run.body["hasMore"].as_bool()), (Some(1), Some(true)));
    }
);

on_both!(
    async fn graphql_sends_rows_and_reads_receipts(s) {
        let vendor = s.vendor().await;
        let send = "mutation($input: NewImportInput!) { createImport(input: $input) { id state } }";
        let input = json!({ "resource": "centres", "format": "csv", "content": centres(0..2) });
        let opened = vendor.data(send, json!({ "input": input })).await;
        assert_eq!(opened["createImport"]["state"], "queued");
        s.run_imports().await;
        let read = "query($id: ID!) { getImport(id: $id) { state created } listImports { nodes { id } }
            listImportReceipts(id: $id) { hasMore items { line outcome recordId } } }";
        let told = vendor.data(read, json!({ "id": opened["createImport"]["id"] })).await;
        assert_eq!(told["getImport"], json!({ "state": "done", "created": 2 }));
        assert_eq!(told["listImportReceipts"]["items"][1]["line"], 3);
        assert_eq!(told["listImports"]["nodes"][0]["id"], opened["createImport"]["id"]);
    }
);
