//! Messages are signed after Standard Webhooks, and keys can be changed without a message that fails.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::Duration;
use gdtx_service::Clock;
use serde_json::json;
use standardwebhooks::Webhook;

use super::{deliver, deliver_at, later, path, some_centres, subscribe};
use crate::{
    on_both,
    support::receiver::{Message, Receiver},
};

/// Whether one signature of a message is that of this secret.
fn fits(secret: &str, message: &Message) -> bool {
    let expected = Webhook::new(secret).unwrap().sign(&message.id, message.timestamp, message.text.as_bytes()).unwrap();
    message.signature.split(' ').any(|signature| signature == expected)
}

/// The same with a public key.
fn fits_public(key: &str, message: &Message) -> bool {
    let key = STANDARD.decode(key.strip_prefix("whpk_").expect("a public key")).unwrap();
    let signed = format!("{}.{}.{}", message.id, message.timestamp, message.text);
    message.signature.split(' ').filter_map(|signature| signature.strip_prefix("v1a,")).any(|signature| {
        UnparsedPublicKey::new(&ED25519, &key).verify(signed.as_bytes(), &STANDARD.decode(signature).unwrap()).is_ok()
    })
}

on_both!(
    async fn a_shared_secret_is_changed_with_two_signatures_for_a_while(s) {
        let (vendor, receiver) = (s.vendor().await, Receiver::start());
        let made = subscribe(&vendor, &receiver, json!({ "resources": ["centres"] })).await;
        let first = made.body["secret"].as_str().unwrap().to_owned();
        assert!(first.starts_with("whsec_") && STANDARD.decode(&first[6..]).unwrap().len() == 32);
        assert_eq!(made.header("cache-control"), "no-store");
        some_centres(&vendor, 1).await;
        deliver(s).await;
        let message = receiver.accepted().remove(0);
        assert!(fits(&first, &message) && !message.signature.contains(' '), "{}", message.signature);
        assert!((message.timestamp - Clock::System.now().timestamp()).abs() < 300);
        // A body that was changed on its way does not fit.
        assert!(!fits(&first, &Message { text: message.text.replace("Thử", "Khác"), ..message }));

        let turned = vendor.post(&format!("{}/rotate-secret", path(&made)), json!({ "overlapHours": 2 })).await.expect(200);
        let second = turned.body["secret"].as_str().unwrap().to_owned();
        assert_ne!(first, second);
        some_centres(&vendor, 1).await;
        deliver(s).await;
        let message = receiver.accepted().remove(0);
        assert!(fits(&first, &message) && fits(&second, &message));
        some_centres(&vendor, 1).await;
        deliver_at(s, later(Duration::hours(3))).await;
        let message = receiver.accepted().remove(0);
        assert!(!fits(&first, &message) && fits(&second, &message));
    }
);

on_both!(
    async fn a_public_key_verifies_and_is_no_secret(s) {
        let (vendor, receiver) = (s.vendor().await, Receiver::start());
        let made = subscribe(&vendor, &receiver, json!({ "resources": ["centres"], "signature": "ed25519" })).await;
        assert!(made.body["secret"].is_null());
        let first = made.body["webhook"]["publicKey"].as_str().unwrap().to_owned();
        some_centres(&vendor, 1).await;
        deliver(s).await;
        assert!(fits_public(&first, &receiver.accepted()[0]));
        vendor.post(&format!("{}/rotate-secret", path(&made)), json!({})).await.expect(200);
        let second = vendor.get(&path(&made)).await.expect(200).body["publicKey"].as_str().unwrap().to_owned();
        some_centres(&vendor, 1).await;
        deliver(s).await;
        let message = receiver.accepted().remove(0);
        assert!(first != second && fits_public(&first, &message) && fits_public(&second, &message));
        // Without an overlap the old key is out at once.
        vendor.post(&format!("{}/rotate-secret", path(&made)), json!({ "overlapHours": 0 })).await.expect(200);
        some_centres(&vendor, 1).await;
        deliver(s).await;
        assert!(!fits_public(&second, &receiver.accepted()[0]));
    }
);
