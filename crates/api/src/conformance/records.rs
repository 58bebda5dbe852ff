//! Cases about single records and the feed.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use super::{
    Outcome,
    kit::{Kit, must},
};

pub(super) async fn upsert(kit: &Kit) -> Outcome {
    let (path, before) = (format!("/v1/centres/by-external-id/{}", kit.key("upsert")), kit.position().await?);
    let mut centre = kit.centre("Ghi đè");
    let first = kit.send(Method::PUT, &path, &centre).await?;
    must("status of the first upsert", first.status, 201)?;
    let again = kit.send(Method::PUT, &path, &centre).await?;
    must("status of the same upsert", again.status, 200)?;
    must("version after the same content", again.number("/version"), 1)?;
    must("record of the same key", again.text("/id"), first.text("/id"))?;
    centre["phone"] = json!("0225 000 000");
    let changed = kit.send(Method::PUT, &path, &centre).await?;
    must("version after other content", changed.number("/version"), 2)?;
    let told = kit.changes_of(&first.text("/id"), before, 2).await?;
    let versions: Vec<i64> =
        told.iter().filter(|c| c["resource"] == "centres").filter_map(|c| c["version"].as_i64()).collect();
    must("versions in the feed", versions, vec![1, 2])?;
    Ok(format!("{path}: created, unchanged, updated; two entries in the feed"))
}

pub(super) async fn retry(kit: &Kit) -> Outcome {
    let (centre, key) = (kit.centre("Gửi lại"), kit.key("retry"));
    let post = |request: reqwest::RequestBuilder| request.header("idempotency-key", &key).json(&centre);
    // The answer to the first attempt is not waited for: it may have been done, or not.
    let cut = tokio::time::timeout(Duration::from_millis(1), kit.ask(Method::POST, "/v1/centres", post)).await;
    let first = kit.ask(Method::POST, "/v1/centres", post).await?;
    let again = kit.ask(Method::POST, "/v1/centres", post).await?;
    must("status of a retry", (first.status, again.status), (201, 201))?;
    must("record of a retry", again.text("/id"), first.text("/id"))?;
    let query = serde_urlencoded::to_string([("search", kit.name("Gửi lại").as_str()), ("count", "exact")]);
    let found = kit.get(&format!("/v1/centres?{}", query.unwrap_or_default())).await?;
    must("centres of that name", found.number("/totalCount"), 1)?;
    let other = kit.centre("Khác");
    let other =
        kit.ask(Method::POST, "/v1/centres", |request| request.header("idempotency-key", &key).json(&other)).await?;
    must("status of another request under the same key", other.status, 422)?;
    Ok(format!("one record after three attempts{}", if cut.is_err() { ", the first of them cut" } else { "" }))
}

pub(super) async fn stale_version(kit: &Kit) -> Outcome {
    let made = kit.send(Method::POST, "/v1/centres", &kit.centre("Phiên bản")).await?;
    must("status of the new centre", made.status, 201)?;
    let path = format!("/v1/centres/{}", made.text("/id"));
    let change = |etag: &str, phone: &str| {
        let (etag, body) = (etag.to_owned(), json!({ "phone": phone }));
        move |request: reqwest::RequestBuilder| request.header("if-match", &etag).json(&body)
    };
    let theirs = kit.ask(Method::PATCH, &path, change(&made.etag, "0225 000 001")).await?;
    must("status of the first change", theirs.status, 200)?;
    let stale = kit.ask(Method::PATCH, &path, change(&made.etag, "0225 000 002")).await?;
    must("status of a change of the old version", stale.status, 412)?;
    let fresh = kit.get(&path).await?;
    must("phone after the refusal", fresh.text("/phone"), "0225 000 001".to_owned())?;
    let mine = kit.ask(Method::PATCH, &path, change(&fresh.etag, "0225 000 002")).await?;
    must("status of the change after reading again", mine.status, 200)?;
    Ok("412 for the old version, 200 after reading again".to_owned())
}

pub(super) async fn purpose(kit: &Kit) -> Outcome {
    let centre = kit.send(Method::POST, "/v1/centres", &kit.centre("Học viên")).await?;
    let learner = json!({
        "centreId": centre.text("/id"), "fullName": "Nguyễn Văn Mẫu", "gender": "male",
        "dateOfBirth": { "value": "1990", "precision": "year" },
    });
    let made = kit.send(Method::POST, "/v1/learners", &learner).await?;
    must("status of the new learner", made.status, 201)?;
    let path = format!("/v1/learners/{}", made.text("/id"));
    let hidden = kit.get(&path).await?;
    must("name without a purpose", hidden.text("/fullName"), String::new())?;
    let names = hidden.body["maskedFields"].as_array().cloned().unwrap_or_default();
    must("whether the name is said to be masked", names.contains(&json!("fullName")), true)?;
    let shown = kit.ask(Method::GET, &path, |request| request.header("data-purpose", "school_administration")).await?;
    must("name for a purpose", shown.text("/fullName"), "Nguyễn Văn Mẫu".to_owned())?;
    Ok("masked without a purpose, shown for one".to_owned())
}

pub(super) async fn feed_resume(kit: &Kit) -> Outcome {
    let start = kit.position().await?;
    let mut wanted = Vec::new();
    for number in 0..5 {
        let made = kit.send(Method::POST, "/v1/centres", &kit.centre(&format!("Luồng {number}"))).await?;
        must("status of a new centre", made.status, 201)?;
        wanted.push(made.text("/id"));
    }
    // A run of two, and then another process with nothing but the position that was kept.
    let (mut kept, mut positions, mut seen) = (start, Vec::new(), Vec::new());
    while seen.len() < wanted.len() {
        let run = kit.get(&format!("/v1/changes?after={kept}&first=2&wait=5&resource=centres")).await?;
        must("status of the feed", run.status, 200)?;
        let items = run.body["items"].as_array().cloned().unwrap_or_default();
        if items.is_empty() {
            return Err(format!("{} of {} records after the last position", seen.len(), wanted.len()));
        }
        positions.extend(items.iter().filter_map(|item| item["position"].as_i64()));
        seen.extend(
            items.iter().filter_map(|item| item["id"].as_str().map(str::to_owned)).filter(|id| wanted.contains(id)),
        );
        kept = run.number("/nextAfter");
    }
    must("records of the feed", &seen, &wanted)?;
    must("whether positions rise", positions.windows(2).all(|pair| pair[0] < pair[1]), true)?;
    Ok(format!("{} records in {} entries, from position {start} to {kept}", seen.len(), positions.len()))
}

pub(super) async fn token_expiry(kit: &Kit) -> Outcome {
    let path = "/v1/limits";
    let token = kit.connection.token().await.map_err(|e| e.to_string())?;
    let under = || async { kit.connection.status_with(path, &token).await.map_err(|e| e.to_string()) };
    must("status before", under().await?, 200)?;
    let moved = kit.send(Method::PUT, "/sandbox/clock", &json!({ "advanceSeconds": 2 * 3600 })).await?;
    must("status of moving the clock", moved.status, 200)?;
    let (expired, renewed) = (under().await, kit.get(path).await);
    // The clock goes back whatever was seen.
    let back = kit.send(Method::PUT, "/sandbox/clock", &json!({ "advanceSeconds": -2 * 3600 })).await?;
    must("status of moving the clock back", back.status, 200)?;
    must("status with the expired token", expired?, 401)?;
    must("status with a new token", renewed?.status, 200)?;
    Ok("401 with the expired token, 200 with a new one".to_owned())
}
