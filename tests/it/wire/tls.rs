//! TLS by configuration: who trusts the certificate is served, who speaks plain HTTP is not.

use std::path::{Path, PathBuf};

use gdtx_api::Settings;
use gdtx_service::Clock;
use reqwest::{Certificate, Version};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{on_both, support::Service};

/// A certificate for the loopback address, signed by itself, and its key: two files.
struct Identity {
    pem: String,
    cert: PathBuf,
    key: PathBuf,
}

impl Identity {
    fn make(folder: &Path, name: &str) -> Self {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
        let (cert, key) = (folder.join(format!("{name}.cert.pem")), folder.join(format!("{name}.key.pem")));
        std::fs::write(&cert, made.cert.pem()).expect("a file of the certificate");
        std::fs::write(&key, made.signing_key.serialize_pem()).expect("a file of the key");
        Self { pem: made.cert.pem(), cert, key }
    }

    /// A client that trusts this certificate and no other.
    fn client(&self) -> reqwest::ClientBuilder {
        let trusted = Certificate::from_pem(self.pem.as_bytes()).expect("a certificate");
        reqwest::Client::builder().no_proxy().tls_certs_only([trusted])
    }
}

fn settings(s: &Service, cert: &Path, key: &Path) -> Settings {
    let settings = Settings {
        tls_cert: cert.to_owned(),
        tls_key: key.to_owned(),
        public_url: String::new(),
        ..s.settings.clone()
    };
    settings.completed().expect("settings")
}

on_both!(
    async fn over_tls_and_in_no_other_way(s) {
        let identity = Identity::make(s.home(), "own");
        let running = s.restarted(settings(s, &identity.cert, &identity.key)).await;
        let base = format!("https://{}", running.address);

        let client = identity.client().build().expect("a client");
        let told = client.get(format!("{base}/.well-known/oauth-authorization-server")).send().await.expect("an answer");
        assert_eq!((told.status().as_u16(), told.version()), (200, Version::HTTP_2));
        assert_eq!(told.headers()["strict-transport-security"], "max-age=31536000");
        let told: serde_json::Value = told.json().await.expect("JSON");
        assert_eq!(told["issuer"], base.as_str());

        let stranger = Identity::make(s.home(), "other").client().build().expect("a client");
        assert!(stranger.get(format!("{base}/healthz")).send().await.is_err(), "another certificate was trusted");

        let mut plain = TcpStream::connect(running.address).await.expect("a connection");
        plain.write_all(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").await.expect("a request");
        let mut answer = Vec::new();
        // A reset ends the connection as well.
        let _ = plain.read_to_end(&mut answer).await;
        // 21 is the content type of an alert (RFC 8446, 5.1).
        assert!(answer.first().is_none_or(|kind| *kind == 21), "{answer:?}");

        let older = identity.client().http1_only().build().expect("a client");
        let answer = older.get(format!("{base}/v1/centres")).send().await.expect("an answer");
        assert_eq!((answer.status().as_u16(), answer.version()), (401, Version::HTTP_11));
        assert!(answer.headers().contains_key("strict-transport-security"));
        running.stop().await.expect("a clean stop");
    }
);

on_both!(
    async fn plain_http_promises_no_tls(s) {
        let answer = s.public().get("/healthz").await.expect(200);
        assert_eq!(answer.header("strict-transport-security"), "");
    }
);

on_both!(
    async fn wrong_files_stop_the_start_with_one_line(s) {
        let (own, other) = (Identity::make(s.home(), "own"), Identity::make(s.home(), "other"));
        let (absent, empty) = (s.home().join("absent.pem"), s.home().join("empty.pem"));
        std::fs::write(&empty, "-----BEGIN NOTHING-----\n").expect("a file");
        let malformed = s.home().join("malformed.pem");
        std::fs::write(&malformed, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").expect("a file");
        for (cert, key, setting, file) in [
            (&absent, &own.key, "tls_cert", &absent),
            (&own.cert, &absent, "tls_key", &absent),
            (&empty, &own.key, "tls_cert", &empty),
            (&own.key, &own.key, "tls_cert", &own.key),
            (&malformed, &own.key, "tls_cert", &malformed),
            (&own.cert, &own.cert, "tls_key", &own.cert),
            (&own.cert, &other.key, "tls_key", &other.key),
        ] {
            let settings = settings(s, cert, key);
            let db = gdtx_api::server::open(&settings).await.expect("an open database");
            let refused = gdtx_api::start(settings, db, Clock::System).err().expect("a refusal");
            let expected = format!("configuration: {setting}: {}: ", file.display());
            assert!(refused.starts_with(&expected) && !refused.contains('\n'), "{refused}");
        }
    }
);

#[test]
fn with_tls_the_address_is_https() {
    let settings = Settings { tls_cert: "cert.pem".into(), tls_key: "key.pem".into(), ..Settings::default() };
    assert_eq!(settings.completed().expect("settings").public_url, "https://127.0.0.1:8080");
    assert_eq!(Settings::default().completed().expect("settings").public_url, "http://127.0.0.1:8080");
}
