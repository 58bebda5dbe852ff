//! `gdtx client …` and `gdtx key …`: the way to the first administrator.

use std::process::{Command, Output};

use secrecy::ExposeSecret;
use serde_json::Value;

use crate::{
    on_both,
    support::{Client, Service, process::binary},
};

fn gdtx(s: &Service, line: &str) -> Output {
    Command::new(binary())
        .args(line.split(' '))
        .current_dir(s.home())
        .env("GDTX_DATABASE_URL", s.settings.database_url.expose_secret())
        .env("GDTX_DATA_DIR", s.home())
        .env("GDTX_LOG_LEVEL", "off")
        .output()
        .expect("the binary, built with `cargo build --workspace --bins --tests`")
}

#[track_caller]
fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

on_both!(
    async fn the_first_administrator_comes_from_the_command_line(s) {
        let add = "client add --name Admin --organisation Ministry --role administrator --json";
        let made: Value = serde_json::from_str(&said(&gdtx(s, add))).unwrap();
        let id = made["client"]["id"].as_str().unwrap().to_owned();
        let mut admin = Client::new(&s.base, None);
        admin.id = id.parse().ok();
        admin.secret = made["clientSecret"].as_str().map(str::to_owned);
        admin.token = Some(admin.fetch_token().await);
        admin.get("/v1/clients").await.expect(200);

        let shown = said(&gdtx(s, &format!("client show {id}")));
        assert!(shown.contains("role: administrator") && !shown.contains("secret"), "{shown}");
        assert!(said(&gdtx(s, "client list --role administrator")).starts_with(&id));
        assert_eq!(said(&gdtx(s, "client list --state revoked")), "");
        let rotated = said(&gdtx(s, &format!("client rotate {id} --overlap-hours 0")));
        assert!(rotated.contains("client secret: gdtx_"), "{rotated}");
        admin.get("/v1/clients").await.expect(200);
        said(&gdtx(s, &format!("client suspend {id}")));
        admin.get("/v1/clients").await.expect(401);
        said(&gdtx(s, &format!("client resume {id}")));
        admin.get("/v1/clients").await.expect(200);
        assert!(said(&gdtx(s, &format!("client revoke {id}"))).contains("state: revoked"));
        admin.get("/v1/clients").await.expect(401);
        assert!(said(&gdtx(s, "key rotate")).starts_with("signing key: "));
    }
);

on_both!(
    async fn a_refusal_names_the_field_and_leaves_a_code(s) {
        let wrong = gdtx(s, "client add --name A --organisation B --role province_department --province 99");
        assert_eq!(wrong.status.code(), Some(1));
        assert!(wrong.stdout.is_empty());
        let text = String::from_utf8_lossy(&wrong.stderr).into_owned();
        assert!(text.starts_with("gdtx: ") && text.contains("/reach/provinces/0: There is no province"), "{text}");
        let short = gdtx(s, "key rotate --overlap-minutes 1");
        assert!(String::from_utf8_lossy(&short.stderr).contains("at least 990 seconds"), "{short:?}");
        assert_eq!(gdtx(s, "client add --name A --organisation B --role king").status.code(), Some(2));
    }
);

#[test]
fn whoever_stops_reading_early_is_no_error() {
    let mut child = Command::new(binary())
        .args(["print", "openapi"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the binary, built with `cargo build --workspace --bins --tests`");
    drop(child.stdout.take());
    let done = child.wait_with_output().expect("an end");
    assert!(done.status.success() && done.stderr.is_empty(), "{}", String::from_utf8_lossy(&done.stderr));
}
