//! Bodies that are larger than they look, and clients that never finish.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use flate2::{Compression, write::GzEncoder};
use reqwest::StatusCode;

use crate::on_both;

on_both!(
    async fn a_compressed_bomb_is_too_large(s) {
        let vendor = s.vendor().await;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(br#"{"name":""#).expect("a head");
        let blanks = vec![b' '; 1 << 20];
        for _ in 0..64 {
            encoder.write_all(&blanks).expect("a body");
        }
        let bomb = encoder.finish().expect("a bomb");
        assert!(bomb.len() < 100_000, "64 MiB in {} bytes", bomb.len());
        for path in ["/v1/centres", "/graphql"] {
            let answer = reqwest::Client::new()
                .post(format!("{}{path}", s.base))
                .bearer_auth(vendor.token.as_deref().expect("a token"))
                .header("content-type", "application/json")
                .header("content-encoding", "gzip")
                .body(bomb.clone())
                .send()
                .await
                .expect("an answer");
            assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE, "{path}");
            let text = answer.text().await.expect("a body");
            assert!(text.contains("\"payload_too_large\""), "{text}");
        }
        vendor.get("/v1/centres").await.expect(200);
    }
);

on_both!(
    async fn a_compressed_body_of_fair_size_is_read(s) {
        let vendor = s.vendor().await;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(crate::support::centre("Trung tâm Thử", "11407").to_string().as_bytes()).expect("a body");
        let send = |encoding: &'static str, body: Vec<u8>| {
            reqwest::Client::new()
                .post(format!("{}/v1/centres", s.base))
                .bearer_auth(vendor.token.as_deref().expect("a token"))
                .header("content-type", "application/json")
                .header("content-encoding", encoding)
                .body(body)
                .send()
        };
        let packed = encoder.finish().expect("a body");
        assert_eq!(send("gzip", packed.clone()).await.expect("an answer").status(), StatusCode::CREATED);
        // What is not what it says is the sender's fault.
        let broken = send("gzip", b"no gzip at all".to_vec()).await.expect("an answer");
        assert!(broken.status().is_client_error(), "{}", broken.status());
    }
);

on_both!(
    async fn who_never_finishes_is_cut_off_and_holds_nobody_up(s) {
        let mut settings = s.settings.clone();
        settings.client_timeout_seconds = 1;
        settings.request_timeout_seconds = 1;
        let hasty = s.restarted(settings).await;
        let vendor = s.vendor().await.at(&hasty);
        let token = vendor.token.clone().expect("a token");
        let address = hasty.address;
        let start = "POST /v1/centres HTTP/1.1\r\nhost: gdtx.test\r\n".to_owned();
        let half = format!("{start}authorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{{\"name\"");
        let slow: Vec<_> = [start, half]
            .into_iter()
            .map(|sent| {
                std::thread::spawn(move || {
                    let mut stream = TcpStream::connect(address).expect("a connection");
                    // Far longer than the service waits: the test ends when the service gives up.
                    stream.set_read_timeout(Some(Duration::from_secs(120))).expect("a timeout");
                    stream.write_all(sent.as_bytes()).expect("half a request");
                    let mut answer = String::new();
                    stream.read_to_string(&mut answer).map(|_| answer)
                })
            })
            .collect();
        // Meanwhile everybody else is served.
        vendor.get("/v1/centres").await.expect(200);
        for thread in slow {
            while !thread.is_finished() {
                tokio::task::yield_now().await;
            }
            let answer = thread.join().expect("a thread").expect("an end of the connection");
            assert!(["", "HTTP/1.1 408", "HTTP/1.1 503"].iter().any(|start| answer.starts_with(start)), "{answer}");
            assert!(!answer.starts_with("HTTP/1.1 500") && !answer.starts_with("HTTP/1.1 2"), "{answer}");
        }
        hasty.stop().await.expect("a clean stop");
    }
);
