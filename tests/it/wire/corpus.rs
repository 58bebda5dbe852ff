//! Inputs that have broken other services: each is refused where it stands, in both languages, and none
//! is a fault of ours. The files of `corpus/` are kept as they are; `LONG` stands for 5,000 letters.

use std::path::PathBuf;

use reqwest::Method;
use serde_json::json;

use crate::{
    learners::people::{centre_of, person},
    support::{Answer, Backend, Client, run},
};

fn corpus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("it/corpus")
}

/// The lines of a file.
fn lines(name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(corpus().join(name)).expect("a corpus");
    text.lines().map(|line| line.replace("LONG", &"a".repeat(5000))).collect()
}

/// The bodies, with the code that each is refused with.
fn bodies() -> Vec<(String, String, Vec<u8>)> {
    let files = std::fs::read_dir(corpus().join("bodies")).expect("bodies").flatten();
    let body = |entry: std::fs::DirEntry| {
        let name = entry.file_name().into_string().expect("a name");
        let code = name.split('.').next().expect("a code").to_owned();
        (name, code, std::fs::read(entry.path()).expect("a body"))
    };
    files.map(body).collect()
}

/// A vendor with a learner, whose path is told.
async fn setting(s: &crate::support::Service) -> (Client, String) {
    let vendor = s.vendor().await;
    let centre = centre_of(&vendor).await;
    let id = vendor.post("/v1/learners", person(&centre)).await.expect(201).id();
    (vendor, format!("/v1/learners/{id}"))
}

/// Fails unless both answers are one refusal in two languages, which says where the fault is.
fn refused(what: &str, place: &str, vi: &Answer, en: &Answer) {
    for answer in [vi, en] {
        let status = answer.status.as_u16();
        assert!(matches!(status, 400 | 422), "{what}: {status} {}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
        for error in answer.body["errors"].as_array().unwrap_or_else(|| panic!("{what}: {}", answer.text)) {
            assert!(error[place].is_string(), "{what} tells no {place}: {}", answer.text);
        }
    }
    let words = |answer: &Answer| {
        let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| error["detail"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(vi.faults(), en.faults(), "{what}");
    assert!(words(vi).iter().zip(words(en)).all(|(vi, en)| !vi.is_empty() && *vi != en), "{what}: {}", en.text);
}

/// A request in both languages.
async fn both(client: &Client, method: Method, path: &str, body: Option<&[u8]>) -> (Answer, Answer) {
    let media = if method == Method::PATCH { "application/merge-patch+json" } else { "application/json" };
    let (vi, en) = (client.with("accept-language", "vi"), client.english());
    let body = || body.map(<[u8]>::to_vec);
    (vi.bytes(method.clone(), path, media, body()).await, en.bytes(method, path, media, body()).await)
}

#[test]
fn bodies_are_refused_where_they_are_wrong() {
    run(Backend::Sqlite, |s| async {
        let (vendor, learner) = setting(&s).await;
        let bodies = bodies();
        assert!(bodies.len() >= 16, "{}", bodies.len());
        for (name, code, body) in &bodies {
            let (vi, en) = both(&vendor, Method::PATCH, &learner, Some(body)).await;
            refused(name, "pointer", &vi, &en);
            assert_eq!(en.faults().first().map(|(_, code)| code), Some(code), "{name}: {}", en.text);
            for (method, path) in [
                (Method::POST, "/v1/learners"),
                (Method::POST, "/v1/centres"),
                (Method::POST, "/v1/learners/find"),
                (Method::PUT, "/v1/learners/by-external-id/1"),
            ] {
                let (vi, en) = both(&vendor, method, path, Some(body)).await;
                refused(&format!("{name} at {path}"), "pointer", &vi, &en);
            }
        }
        // None of them left a trace.
        assert_eq!(vendor.get(&learner).await.expect(200).body["version"], json!(1));
        s
    });
}

#[test]
fn queries_are_refused_by_the_name_of_the_parameter() {
    run(Backend::Sqlite, |s| async {
        let (vendor, _) = setting(&s).await;
        for query in lines("queries.txt") {
            let (vi, en) = both(&vendor, Method::GET, &format!("/v1/learners?{query}"), None).await;
            refused(&query, "parameter", &vi, &en);
        }
        s
    });
}

#[test]
fn headers_are_refused_by_their_name() {
    run(Backend::Sqlite, |s| async {
        let (vendor, learner) = setting(&s).await;
        for line in lines("headers.txt") {
            let (name, value) = line.split_once(": ").expect("a header");
            let client = vendor.with(&name.to_lowercase(), value);
            let (vi, en) = both(&client, Method::PATCH, &learner, Some(b"{\"fullName\": \"Th\"}")).await;
            refused(&line, "header", &vi, &en);
            assert_eq!(en.body["errors"][0]["header"], name, "{}", en.text);
        }
        s
    });
}

#[test]
fn a_cursor_of_another_list_or_of_nobody_is_refused() {
    run(Backend::Sqlite, |s| async {
        let (vendor, learner) = setting(&s).await;
        let centre = vendor.get(&learner).await.expect(200).body["centreId"].as_str().expect("a centre").to_owned();
        vendor.post("/v1/learners", person(&centre)).await.expect(201);
        let first = vendor.get("/v1/learners?first=1&sort=name").await.expect(200).body;
        let cursor = first["pageInfo"]["endCursor"].as_str().expect("a cursor").to_owned();
        let bytes =
            base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, &cursor).expect("base64url");
        assert!(!String::from_utf8_lossy(&bytes).contains("nguyen"), "a cursor tells a name");
        vendor.get(&format!("/v1/learners?first=1&sort=name&after={cursor}")).await.expect(200);
        for other in
            ["learners?sort=id", "learners?sort=-name", "learners?sort=name&gender=female", "centres?sort=name"]
        {
            let (vi, en) = both(&vendor, Method::GET, &format!("/v1/{other}&after={cursor}"), None).await;
            refused(other, "parameter", &vi, &en);
            assert_eq!(en.faults(), [("after".to_owned(), "foreign_cursor".to_owned())], "{other}");
        }
        for at in 0..bytes.len() {
            let mut forged = bytes.clone();
            forged[at] ^= 1;
            let forged = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, forged);
            let answer = vendor.get(&format!("/v1/learners?first=1&sort=name&after={forged}")).await.expect(400);
            assert_eq!(answer.faults()[0].0, "after", "byte {at}");
        }
        s
    });
}
