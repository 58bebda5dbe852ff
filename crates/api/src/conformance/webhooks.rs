//! The case about webhooks.

use reqwest::Method;
use serde_json::json;

use super::{
    Outcome,
    kit::{Kit, must},
    receiver::{Message, Receiver},
};

pub(super) async fn webhook(kit: &Kit) -> Outcome {
    let mut receiver = Receiver::start(&kit.host)?;
    let input = json!({
        "name": kit.name("Webhook"), "url": receiver.url, "resources": ["centres"], "operations": ["created"],
    });
    let made = kit.send(Method::POST, "/v1/webhooks", &input).await?;
    must("status of the new webhook", made.status, 201)?;
    let path = format!("/v1/webhooks/{}", made.text("/webhook/id"));
    let played = duties(kit, &mut receiver, &path, &made.text("/secret")).await;
    receiver.stop().await;
    let gone = kit.ask(Method::DELETE, &path, |request| request).await?;
    let seen = played?;
    must("status of the removal", gone.status, 200)?;
    Ok(seen)
}

async fn duties(kit: &Kit, receiver: &mut Receiver, path: &str, first: &str) -> Outcome {
    let tried = kit.send(Method::POST, &format!("{path}/test"), &json!({})).await?;
    must("whether the test message was accepted", tried.body["accepted"].as_bool(), Some(true))?;
    must("whether the test message fits the secret", receiver.next().await?.fits(first), true)?;

    let centre = kit.send(Method::POST, "/v1/centres", &kit.centre("Báo tin")).await?;
    let message = about(receiver, &centre.text("/id")).await?;
    must("whether the message fits the secret", message.fits(first), true)?;
    let changed = Message { body: message.body.replace("created", "updated"), ..message.clone() };
    must("whether a message that was changed fits", changed.fits(first), false)?;

    let turned = kit.send(Method::POST, &format!("{path}/rotate-secret"), &json!({ "overlapHours": 1 })).await?;
    let second = turned.text("/secret");
    let position = kit.get(path).await?.number("/position");
    let centre = kit.send(Method::POST, "/v1/centres", &kit.centre("Báo tin sau khi đổi khóa")).await?;
    let both = about(receiver, &centre.text("/id")).await?;
    must("whether both keys fit while keys change", (both.fits(first), both.fits(&second)), (true, true))?;
    must("signatures while keys change", both.signature.split(' ').count(), 2)?;

    let replayed = kit.send(Method::POST, &format!("{path}/replay"), &json!({ "after": position })).await?;
    must("status of the replay", replayed.status, 200)?;
    let again = about(receiver, &centre.text("/id")).await?;
    must("webhook-id of a message that comes again", again.id, both.id)?;
    Ok("verified, a changed message refused, two signatures while keys change, the same id when sent again".to_owned())
}

/// The next message about a record.
async fn about(receiver: &mut Receiver, id: &str) -> Result<Message, String> {
    loop {
        let message = receiver.next().await?;
        let body: serde_json::Value = serde_json::from_str(&message.body).unwrap_or_default();
        if body["data"]["id"] == id {
            return Ok(message);
        }
    }
}
