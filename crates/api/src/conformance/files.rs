//! Cases about files: rows that are refused, and a line that is cut.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Method;
use sha2::{Digest, Sha256};

use super::{
    Outcome,
    kit::{Kit, Seen, must},
};

/// How long an import of a few rows may take.
const PATIENCE: Duration = Duration::from_mins(2);
const LOOK: Duration = Duration::from_millis(200);

fn sheet(kit: &Kit, kinds: [&str; 3]) -> String {
    let mut sheet = "externalId,name,kind,ownership,place.code\n".to_owned();
    for (number, kind) in kinds.into_iter().enumerate() {
        let (key, name) = (kit.key(&format!("row-{number}")), kit.name(&format!("Dòng {number}")));
        let _ = writeln!(sheet, "{key},{name},{kind},public,{}", kit.commune);
    }
    sheet
}

async fn import(kit: &Kit, file: &str) -> Result<Seen, String> {
    let opened = kit.ask(Method::POST, "/v1/imports?resource=centres&format=csv", |request| {
        request.header("content-type", "text/csv").body(file.to_owned())
    });
    let opened = opened.await?;
    must("status of the import", opened.status, 202)?;
    finished(kit, &opened.text("/id")).await
}

async fn finished(kit: &Kit, id: &str) -> Result<Seen, String> {
    let begun = Instant::now();
    loop {
        let job = kit.get(&format!("/v1/imports/{id}")).await?;
        if job.body["finishedAt"].is_string() {
            return Ok(job);
        }
        if begun.elapsed() > PATIENCE {
            return Err(format!("the import still is {}", job.text("/state")));
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Created, unchanged, rejected.
fn counts(job: &Seen) -> (i64, i64, i64) {
    (job.number("/created"), job.number("/unchanged"), job.number("/rejected"))
}

pub(super) async fn rejected_rows(kit: &Kit) -> Outcome {
    let job = import(kit, &sheet(kit, ["gdtx_centre", "no_such_kind", "gdtx_centre"])).await?;
    must("created, unchanged and rejected rows", counts(&job), (2, 0, 1))?;
    let receipts = kit.get(&format!("/v1/imports/{}/receipts", job.text("/id"))).await?;
    let items = receipts.body["items"].as_array().cloned().unwrap_or_default();
    let refused = items.iter().find(|item| item["outcome"] == "rejected").ok_or("no receipt of the rejected row")?;
    must("line of the rejected row", refused["line"].as_i64(), Some(3))?;
    must("pointer of its receipt", refused["errors"][0]["pointer"].as_str(), Some("/kind"))?;
    let mended = import(kit, &sheet(kit, ["gdtx_centre"; 3])).await?;
    must("created, unchanged and rejected rows after mending", counts(&mended), (1, 2, 0))?;
    Ok("2 created and 1 rejected with its pointer; mended: 1 created, 2 unchanged".to_owned())
}

pub(super) async fn cut_upload(kit: &Kit) -> Outcome {
    let file: String = (0..40).fold("externalId,name,kind,ownership,place.code\n".to_owned(), |sheet, number| {
        let (key, name) = (kit.key(&format!("cut-{number}")), kit.name(&format!("Đứt {number}")));
        sheet + &format!("{key},{name},gdtx_centre,public,{}\n", kit.commune)
    });
    let digest = STANDARD.encode(Sha256::digest(file.as_bytes()));
    let opened = kit.ask(Method::POST, "/v1/imports?resource=centres&format=csv", |request| {
        request.header("upload-complete", "?0").header("repr-digest", format!("sha-256=:{digest}:"))
    });
    let opened = opened.await?;
    must("status of the new upload", opened.status, 202)?;
    let (id, half) = (opened.text("/id"), file.len() / 2);
    let path = format!("/v1/imports/{id}/upload");
    let piece = |from: usize, to: usize, last: bool| {
        let bytes = file.as_bytes()[from..to].to_vec();
        move |request: reqwest::RequestBuilder| {
            request
                .header("upload-offset", from)
                .header("upload-complete", if last { "?1" } else { "?0" })
                .header("content-type", "application/partial-upload")
                .body(bytes.clone())
        }
    };
    let first = kit.ask(Method::PATCH, &path, piece(0, half, false)).await?;
    must("whether the first half arrived", first.status < 300, true)?;
    // Another process asks how far the file has come.
    let standing = kit.get(&path).await?;
    must("bytes that arrived", standing.number("/offset"), i64::try_from(half).unwrap_or_default())?;
    let stale = kit.ask(Method::PATCH, &path, piece(0, half, false)).await?;
    must("status of a piece that is there already", stale.status, 409)?;
    let rest = kit.ask(Method::PATCH, &path, piece(half, file.len(), true)).await?;
    must("whether the rest arrived", rest.status < 300, true)?;
    let job = finished(kit, &id).await?;
    must("created, unchanged and rejected rows", counts(&job), (40, 0, 0))?;
    let summary = kit.get(&format!("/v1/imports/{id}/summary")).await?;
    must("whether the summary is signed", summary.text("/jws").split('.').count(), 3)?;
    Ok(format!("{} bytes in two pieces, 40 rows created, summary signed", file.len()))
}
