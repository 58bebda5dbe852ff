//! A vendor's first day: the sandbox, its clock, and the conformance kit that plays against it.

use std::{
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::support::{Client, process::binary};

/// A `gdtx sandbox` on a folder of its own.
struct Sandbox {
    base: String,
    id: String,
    secret: String,
    home: tempfile::TempDir,
    child: Child,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the file of credentials says.
fn exported(text: &str, name: &str) -> String {
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("export {name}=")));
    line.unwrap_or_default().to_owned()
}

impl Sandbox {
    async fn start() -> Self {
        let home = tempfile::TempDir::new().expect("a folder");
        let credentials = home.path().join("credentials");
        let child = Command::new(binary())
            .args(["sandbox", "--credentials"])
            .arg(&credentials)
            .current_dir(home.path())
            .env("GDTX_BIND", "127.0.0.1:0")
            .env("GDTX_DATA_DIR", home.path())
            .env("GDTX_LOG_LEVEL", "off")
            // What is configured for another service does not touch the sandbox.
            .env("GDTX_DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary");
        let mut sandbox = Self { base: String::new(), id: String::new(), secret: String::new(), home, child };
        loop {
            assert!(sandbox.child.try_wait().expect("a process").is_none(), "the sandbox ended");
            let text = std::fs::read_to_string(&credentials).unwrap_or_default();
            if text.lines().count() == 3 && text.ends_with('\n') {
                sandbox.base = exported(&text, "GDTX_URL");
                sandbox.id = exported(&text, "GDTX_CLIENT_ID");
                sandbox.secret = exported(&text, "GDTX_CLIENT_SECRET");
                return sandbox;
            }
            tokio::task::yield_now().await;
        }
    }

    fn kit(&self, args: &[&str], report: &Path) -> Output {
        Command::new(binary())
            .args(["conformance", "run", "--json", "--report"])
            .arg(report)
            .args(args)
            .env("GDTX_URL", &self.base)
            .env("GDTX_CLIENT_ID", &self.id)
            .env("GDTX_CLIENT_SECRET", &self.secret)
            .output()
            .expect("the binary")
    }

    async fn client(&self) -> Client {
        let mut client = Client::new(&self.base, None);
        client.id = self.id.parse().ok();
        client.secret = Some(self.secret.clone());
        client.token = Some(client.fetch_token().await);
        client
    }
}

fn story(story: impl AsyncFnOnce()) {
    actix_web::rt::System::new().block_on(story());
}

#[test]
fn the_kit_plays_every_case_and_the_sandbox_signs_what_it_saw() {
    story(async || {
        let sandbox = Sandbox::start().await;
        let report = sandbox.home.path().join("report.json");
        let files =
            std::fs::read_dir(sandbox.home.path().join("sandbox")).expect("files").map(|file| file.expect("a file"));
        let databases = files.filter(|file| file.file_name().to_string_lossy().contains(".db"));
        let modes: Vec<u32> =
            databases.map(|file| file.metadata().expect("a file").permissions().mode() & 0o777).collect();
        assert!(!modes.is_empty() && modes.iter().all(|mode| *mode == 0o600), "{modes:?}");
        let ended = sandbox.kit(&[], &report);
        let text = String::from_utf8_lossy(&ended.stdout).into_owned();
        let kept: Value =
            serde_json::from_str(&std::fs::read_to_string(&report).unwrap_or_default()).unwrap_or_default();
        assert!(ended.status.success(), "{text} {}", String::from_utf8_lossy(&ended.stderr));
        let cases = kept["report"]["cases"].as_array().unwrap();
        let names: Vec<&str> = cases.iter().map(|case| case["name"].as_str().unwrap()).collect();
        assert_eq!(
            names,
            [
                "upsert",
                "retry",
                "stale_version",
                "purpose",
                "rejected_rows",
                "cut_upload",
                "feed_resume",
                "webhook",
                "token_expiry"
            ]
        );
        assert!(cases.iter().all(|case| case["passed"] == true));
        // The report is signed by the sandbox for this client, and holds what was written down.
        let jws = kept["jws"].as_str().unwrap();
        let [head, claims, _] = jws.split('.').collect::<Vec<_>>()[..] else { panic!("{jws}") };
        let read = |part: &str| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap() };
        assert_eq!(read(head)["typ"], "gdtx-conformance+jwt");
        let keys = sandbox.client().await.get("/oauth/jwks.json").await.expect(200);
        let key =
            keys.body["keys"].as_array().unwrap().iter().find(|key| key["kid"] == read(head)["kid"]).unwrap().clone();
        let public = URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
        let (signed, signature) = jws.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let verifier = aws_lc_rs::signature::UnparsedPublicKey::new(&aws_lc_rs::signature::ED25519, public);
        verifier.verify(signed.as_bytes(), &signature).expect("a signature of the sandbox");
        assert_eq!(read(claims)["sub"], json!(sandbox.id));
        assert_eq!(read(claims)["report"], kept["report"]);
    });
}

#[test]
fn a_case_that_is_not_as_it_must_be_fails() {
    story(async || {
        let sandbox = Sandbox::start().await;
        let report = sandbox.home.path().join("report.json");
        // A place out of the client's reach: its centres are refused.
        let ended = sandbox.kit(&["--commune", "00004", "--case", "upsert"], &report);
        assert_eq!(ended.status.code(), Some(1));
        let told: Value = serde_json::from_slice(&ended.stdout).unwrap();
        assert_eq!((&told["report"]["passed"], &told["report"]["failed"]), (&json!(0), &json!(1)));
        assert_eq!(told["report"]["cases"][0]["detail"], "status of the first upsert: 403 in place of 201");
        assert_eq!(sandbox.kit(&["--case", "nothing"], &report).status.code(), Some(2));
    });
}

#[test]
fn the_clock_of_a_sandbox_can_be_set_and_goes_on() {
    story(async || {
        let sandbox = Sandbox::start().await;
        let client = sandbox.client().await;
        client.public().get("/sandbox/clock").await.expect(401);
        client.put("/sandbox/clock", json!({})).await.expect(422).refuses("/now", "out_of_range");
        client.put("/sandbox/clock", json!({ "now": "9999-01-01T00:00:00Z" })).await.expect(422);
        let set = client.put("/sandbox/clock", json!({ "now": "2031-05-31T16:59:00Z" })).await.expect(200);
        assert!(set.body["now"].as_str().unwrap().starts_with("2031-05-31T16:59:"), "{}", set.text);
        // The token is years old now; a new one is good.
        client.get("/v1/limits").await.expect(401);
        let later = sandbox.client().await;
        let id = later.post("/v1/centres", crate::support::centre("Trung tâm Thử", "11407")).await.expect(201);
        assert!(id.body["createdAt"].as_str().unwrap().starts_with("2031-05-31T"), "{}", id.text);
        let both = json!({ "now": "2031-05-31T16:59:00Z", "advanceSeconds": 60 });
        later.put("/sandbox/clock", both).await.expect(422).refuses("/advanceSeconds", "not_allowed_here");
        let back = later.delete("/sandbox/clock").await.expect(200);
        assert_eq!(back.body["offsetSeconds"], 0);
    });
}

#[test]
fn quotas_go_on_when_the_clock_jumps() {
    story(async || {
        let sandbox = Sandbox::start().await;
        let left = async |client: &Client| client.get("/v1/limits").await.expect(200).body["rates"][0].clone();
        let client = sandbox.client().await;
        let quota = left(&client).await["quota"].as_i64().unwrap();
        client.put("/sandbox/clock", json!({ "advanceSeconds": 7200 })).await.expect(200);
        let later = sandbox.client().await;
        left(&later).await;
        later.delete("/sandbox/clock").await.expect(200);
        let back = left(&sandbox.client().await).await;
        assert!(back["resetsInSeconds"].as_i64().unwrap() <= 60, "{back}");
        assert!((1..=quota).contains(&back["remaining"].as_i64().unwrap()), "{back}");
    });
}

crate::on_both!(
    async fn no_other_service_has_a_clock_to_be_set(s) {
        let vendor = s.vendor().await;
        vendor.get("/sandbox/clock").await.expect(404);
        vendor.put("/sandbox/clock", json!({ "advanceSeconds": 60 })).await.expect(404);
        vendor.post("/sandbox/conformance-reports", json!({})).await.expect(404);
    }
);
