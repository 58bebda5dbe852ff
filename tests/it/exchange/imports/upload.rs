//! Payloads that come in pieces, twice, cut or wrong.

use std::io::Write;

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::{Compression, write::GzEncoder};
use reqwest::Method;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{CSV, centres, count, counts};
use crate::on_both;

on_both!(
    async fn a_file_comes_in_pieces_and_goes_on_where_it_broke(s) {
        let vendor = s.vendor().await;
        let file = centres(0..3);
        let digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(&file)));
        let open = vendor.with("upload-complete", "?0").with("repr-digest", &digest).with("idempotency-key", "night-1");
        let (one, rest) = file.split_at(40);
        let opened = open.raw(Method::POST, "/v1/imports?resource=centres", CSV, Some(one.to_owned())).await.expect(202);
        assert_eq!((opened.body["state"].as_str(), opened.body["bytes"].as_i64()), (Some("receiving"), Some(40)));
        let path = format!("/v1/imports/{}/upload", opened.id());
        let asked = vendor.send(Method::HEAD, &path, None).await.expect(200);
        assert_eq!((asked.header("upload-offset"), asked.header("upload-complete")), ("40", "?0"));

        let piece = |offset: &str, last: &str| vendor.with("upload-offset", offset).with("upload-complete", last);
        let partial = "application/partial-upload";
        piece("20", "?0").raw(Method::PATCH, &path, partial, Some("x".to_owned())).await.expect(409);
        piece("90", "?0").raw(Method::PATCH, &path, partial, Some("x".to_owned())).await.expect(409);
        piece("-1", "?0").raw(Method::PATCH, &path, partial, Some("x".to_owned())).await.expect(400);
        vendor.raw(Method::PATCH, &path, partial, Some("x".to_owned())).await.expect(400);
        piece("40", "?0").raw(Method::PATCH, &path, partial, Some(rest[..10].to_owned())).await.expect(200);

        // The whole once more, under the same key: what arrived is read past.
        let whole = open.with("upload-complete", "?1");
        let again = whole.raw(Method::POST, "/v1/imports?resource=centres", CSV, Some(file.clone()));
        let again = again.await.expect(202);
        assert_eq!((again.id(), again.body["state"].as_str()), (opened.id(), Some("queued")));
        assert_eq!(again.body["bytes"].as_i64(), i64::try_from(file.len()).ok());
        s.run_imports().await;
        let done = vendor.get(&format!("/v1/imports/{}", opened.id())).await.expect(200);
        assert_eq!(counts(&done), [3, 0, 0, 0], "{}", done.text);
        assert_eq!(done.body["sha256"], json!(hex::encode(Sha256::digest(&file))));
        open.raw(Method::POST, "/v1/imports?resource=centres", CSV, Some(file)).await.expect(202);
        s.run_imports().await;
        assert_eq!(vendor.get("/v1/imports").await.expect(200).body["items"].as_array().map(Vec::len), Some(1));
    }
);

on_both!(
    async fn what_arrived_must_be_what_was_sent(s) {
        let vendor = s.vendor().await;
        let digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest("something else")));
        let wrong = vendor.with("repr-digest", &digest);
        let sent = wrong.raw(Method::POST, "/v1/imports?resource=centres", CSV, Some(centres(0..1)));
        let told = sent.await.expect(422).refuses("Repr-Digest", "digest_mismatch");
        assert_eq!(told.body["errors"][0]["header"], "Repr-Digest");
        vendor.with("repr-digest", "md5=x").raw(Method::POST, "/v1/imports?resource=centres", CSV, Some(centres(0..1))).await.expect(400);
        s.run_imports().await;
        assert_eq!(count(&vendor, "/v1/centres").await, 0);
    }
);

on_both!(
    async fn another_file_under_the_same_key_is_refused(s) {
        let vendor = s.vendor().await;
        let (path, file) = ("/v1/imports?resource=centres", centres(0..3));
        let keyed = vendor.with("idempotency-key", "night-2");
        let part = keyed.with("upload-complete", "?0").raw(Method::POST, path, CSV, Some(file[..50].to_owned())).await;
        let id = part.expect(202).id();
        for other in [file.replace("c-0", "d-0"), file[..30].to_owned(), String::new()] {
            keyed.raw(Method::POST, path, CSV, Some(other)).await.expect(422);
        }
        assert_eq!(keyed.raw(Method::POST, path, CSV, Some(file.clone())).await.expect(202).id(), id);
        keyed.raw(Method::POST, path, CSV, Some(file.replace("c-0", "d-0"))).await.expect(422);
        assert_eq!(keyed.raw(Method::POST, path, CSV, Some(file)).await.expect(202).id(), id);
    }
);

on_both!(
    async fn compressed_files_are_read_and_broken_ones_are_told(s) {
        let vendor = s.vendor().await;
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(centres(0..2).as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        for (bytes, state) in [(packed.clone(), "done"), (packed[..packed.len() - 12].to_vec(), "failed")] {
            let opened = vendor.bytes(Method::POST, "/v1/imports?resource=centres", CSV, Some(bytes)).await.expect(202);
            s.run_imports().await;
            let job = vendor.get(&format!("/v1/imports/{}", opened.id())).await.expect(200);
            assert_eq!(job.body["state"], state, "{}", job.text);
        }
        assert_eq!(count(&vendor, "/v1/centres").await, 2);
    }
);

on_both!(
    async fn what_cannot_be_imported_is_refused_at_once(s) {
        let vendor = s.vendor().await;
        let post = async |query: &str, media: &str| {
            vendor.raw(Method::POST, &format!("/v1/imports{query}"), media, Some("x".to_owned())).await
        };
        post("?resource=centres", "application/pdf").await.expect(415);
        post("", CSV).await.expect(400).refuses("resource", "required");
        post("?resource=access", CSV).await.expect(400).refuses("resource", "unknown_code");
        post("?resource=centres&mode=some", CSV).await.expect(400).refuses("mode", "invalid_value");
        post("?resource=centres&key=nmae", CSV).await.expect(400).refuses("key", "unknown_column");
        post("?resource=learners&key=personalNumber", CSV).await.expect(400).refuses("key", "personal_key");
        post("?resource=centres&colour=red", CSV).await.expect(400).refuses("colour", "unknown_parameter");
        s.public().raw(Method::POST, "/v1/imports?resource=centres", CSV, Some("x".to_owned())).await.expect(401);
    }
);

on_both!(
    async fn a_cancelled_import_is_not_run(s) {
        let vendor = s.vendor().await;
        let opened = vendor.raw(Method::POST, "/v1/imports?resource=centres", CSV, Some(centres(0..2))).await.expect(202);
        let path = format!("/v1/imports/{}/cancel", opened.id());
        assert_eq!(vendor.post(&path, json!({})).await.expect(200).body["state"], "cancelled");
        vendor.post(&path, json!({})).await.expect(409);
        s.run_imports().await;
        assert_eq!(count(&vendor, "/v1/centres").await, 0);
    }
);
