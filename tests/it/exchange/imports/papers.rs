//! What goes with an import: templates before it, a signed summary after it, a command line around it.

use std::process::Command;

use calamine::{Data, Reader, Xlsx};
use gdtx_domain::exchange::resource::ResourceKind;
use gdtx_service::exchange::imports::KINDS;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{CSV, centres, counts, import, receipts};
use crate::{
    on_both,
    support::process::{Process, binary},
};

on_both!(
    async fn a_summary_is_signed_by_a_published_key(s) {
        let vendor = s.vendor().await;
        let opened = vendor.raw(Method::POST, "/v1/imports?resource=centres", CSV, Some(centres(0..2))).await.expect(202);
        let path = format!("/v1/imports/{}/summary", opened.id());
        vendor.get(&path).await.expect(409);
        s.run_imports().await;
        let jws = vendor.get(&path).await.expect(200).body["jws"].as_str().expect("a JWS").to_owned();
        let head = decode_header(&jws).expect("a head");
        assert_eq!(head.typ.as_deref(), Some("gdtx-import+jwt"));
        let keys = s.public().get("/oauth/jwks.json").await.expect(200).body;
        let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == json!(head.kid)).expect("the key");
        let key = DecodingKey::from_ed_components(key["x"].as_str().unwrap()).expect("a key");
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.required_spec_claims.clear();
        let said: Value = decode(&jws, &key, &rules).expect("a good signature").claims;
        assert_eq!(said["sha256"], json!(hex::encode(Sha256::digest(centres(0..2)))));
        assert_eq!((&said["created"], &said["rows"], &said["jti"]), (&json!(2), &json!(2), &json!(opened.id())));
        // The entries of an import lie in the run that is signed, those of one written in one go too.
        let whole = import(s, &vendor, "?resource=centres&mode=atomic", CSV, &centres(10..13)).await;
        let run = ["positionBefore", "positionAfter"].map(|name| whole.body[name].as_i64().expect("a position"));
        assert!(run[1] - run[0] >= 3, "{run:?}");
        // A summary is no token.
        vendor.public().with("authorization", &format!("Bearer {jws}")).get("/v1/centres").await.expect(401);
    }
);

on_both!(
    async fn what_a_template_produces_is_imported_as_it_is(s) {
        let vendor = s.vendor().await;
        import(s, &vendor, "?resource=centres", CSV, &centres(0..1)).await;
        let template = s.public().get("/v1/imports/templates/learners.xlsx").await.expect(200);
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(template.bytes)).expect("a workbook");
        let sheet = book.worksheet_range("learners").expect("the sheet");
        let headings: Vec<String> = sheet.rows().next().expect("headings").iter().map(ToString::to_string).collect();
        assert!(headings.contains(&"HO_TEN".to_owned()) && headings.contains(&"centreExternalId".to_owned()), "{headings:?}");
        let codes = book.worksheet_range("codes").expect("the codes");
        assert!(codes.rows().any(|row| row.iter().any(|cell| *cell == Data::String("female".to_owned()))));

        let mut filled = rust_xlsxwriter::Workbook::new();
        let sheet = filled.add_worksheet();
        let values = [("externalId", "h1"), ("centreExternalId", "c-0"), ("HO_TEN", "Nguyễn Thị Thử"), ("NGAY_SINH", "1990-09-05"), ("MA_GIOI_TINH", "female")];
        for (at, heading) in (0..).zip(&headings) {
            sheet.write(0, at, heading).unwrap();
            if let Some((_, value)) = values.iter().find(|(name, _)| name == heading) {
                sheet.write(1, at, *value).unwrap();
            }
        }
        let bytes = filled.save_to_buffer().unwrap();
        let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let opened = vendor.bytes(Method::POST, "/v1/imports?resource=learners", media, Some(bytes)).await.expect(202);
        s.run_imports().await;
        let job = vendor.get(&format!("/v1/imports/{}", opened.id())).await.expect(200);
        assert_eq!(counts(&job), [1, 0, 0, 0], "{} {:?}", job.text, receipts(&vendor, &job).await);
    }
);

on_both!(
    async fn every_kind_has_a_template_whose_columns_are_known(s) {
        for kind in KINDS {
            let told = s.public().get(&format!("/v1/imports/templates/{kind}")).await.expect(200);
            assert_eq!(told.body["columns"][0]["name"], "externalId");
            s.public().get(&format!("/v1/imports/templates/{kind}.xlsx")).await.expect(200);
        }
        s.public().get("/v1/imports/templates/teachers").await.expect(400).refuses("resource", "unknown_code");
        let learners = s.public().get(&format!("/v1/imports/templates/{}", ResourceKind::Learners)).await.expect(200);
        let columns = learners.body["columns"].as_array().unwrap();
        let of = |name: &str| columns.iter().find(|column| column["name"] == name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(of("fullName")["symbols"], json!(["HO_TEN"]));
        assert_eq!((&of("fullName")["label"], &of("fullName")["required"]), (&json!("Họ tên"), &json!(true)));
        assert_eq!((&of("ethnicGroup")["list"], &of("ethnicGroup")["kind"]), (&json!("ethnic_group"), &json!("code")));
        assert_eq!(of("dateOfBirth")["kind"], "partial_date");
        assert_eq!(of("centreExternalId")["required"], true);
    }
);

on_both!(
    async fn the_command_line_sends_a_file_and_tells_scripts_how_it_went(s) {
        let vendor = s.vendor().await;
        let process = Process::importing(s).await;
        let file = s.home().join("centres.csv");
        let run = |sheet: &str, base: &str| {
            std::fs::write(&file, sheet).expect("a file");
            let mut command = Command::new(binary());
            command.args(["import", "--url", base, "--resource", "centres", "--json", "--rejected", "rejected.csv"]).arg(&file);
            command.current_dir(s.home()).env("GDTX_CLIENT_ID", vendor.id.expect("an id").to_string());
            command.env("GDTX_CLIENT_SECRET", vendor.secret.clone().expect("a secret"));
            let output = command.output().expect("an end");
            (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
        };
        let (code, out, err) = run(&centres(0..3), &process.base);
        let job: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
        assert_eq!((code, &job["created"]), (Some(0), &json!(3)));
        // Sent again it is another import, in which nothing changes, unless the record has gone meanwhile.
        let again = || {
            let (code, again, _) = run(&centres(0..3), &process.base);
            assert_eq!(code, Some(0));
            serde_json::from_str::<Value>(&again).expect("JSON")
        };
        assert_eq!(again()["unchanged"], 3);
        let mut there = vendor.clone();
        there.base.clone_from(&process.base);
        let one = there.get("/v1/centres?externalId=c-1").await.expect(200).body["items"][0]["id"].clone();
        there.delete(&format!("/v1/centres/{}", one.as_str().expect("an id"))).await.expect(200);
        let third = again();
        assert_eq!((&third["created"], &third["unchanged"]), (&json!(1), &json!(2)), "{third}");
        let (code, ..) = run(&format!("{}c-9,Trung tâm Hỏng,no_such_kind,public,11407\n", centres(0..3)), &process.base);
        assert_eq!(code, Some(1));
        let rejected = std::fs::read_to_string(s.home().join("rejected.csv")).expect("receipts");
        assert!(rejected.contains("c-9,Trung tâm Hỏng"), "{rejected}");
        let head = rejected.lines().next().unwrap_or_default();
        assert!(head.ends_with(",errors (English),externalId,name,kind,ownership,place.code"), "{head}");
        // Receipts of an earlier file do not stay beside one without.
        assert_eq!(again()["rejected"], 0);
        assert!(!s.home().join("rejected.csv").exists());
        let (code, _, err) = run("a,b\n1,2\n", &process.base);
        assert_eq!(code, Some(2), "{err}");
    }
);
