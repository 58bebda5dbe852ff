//! `gdtx conformance run`: plays what a vendor's system has to do against a sandbox, case by case, and
//! brings back a report that the sandbox signed.

mod files;
mod kit;
mod receiver;
mod records;
mod webhooks;

use std::{fmt::Write, path::PathBuf, time::Instant};

use clap::{Args, Subcommand};
use futures::future::LocalBoxFuture;
use gdtx_service::Clock;
use reqwest::Method;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    remote::{Connection, Ending, Target, Told, Trouble, within},
    sandbox::SignedReport,
};
use kit::Kit;

/// Work with the conformance kit.
#[derive(Debug, Subcommand)]
pub enum ConformanceCommand {
    /// Play every case against a sandbox (`gdtx sandbox`) and write the signed report.
    ///
    /// Ends with 0 when every case passed, with 1 when one failed, with 2 when the kit cannot play, with 75 when
    /// the sandbox is away.
    Run(Run),
    /// List the cases.
    List,
}

/// What `gdtx conformance run` takes.
#[derive(Debug, Args)]
pub struct Run {
    #[command(flatten)]
    target: Target,
    /// Only this case; may be repeated.
    #[arg(long = "case", value_name = "NAME")]
    cases: Vec<String>,
    /// A commune in the client's reach, where invented centres are put.
    #[arg(long, default_value = "11407", value_name = "CODE")]
    commune: String,
    /// The address at which the sandbox reaches this machine, for webhooks.
    #[arg(long, default_value = "127.0.0.1", value_name = "HOST")]
    host: String,
    /// Where to write the signed report.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// What came of a case: what was seen, or what was not as it must be.
type Outcome = Result<String, String>;

/// One duty of a vendor's system.
struct Case {
    name: &'static str,
    title_vi: &'static str,
    title_en: &'static str,
    play: for<'a> fn(&'a Kit) -> LocalBoxFuture<'a, Outcome>,
}

/// Every case, in the order in which they are played.
const CASES: [Case; 9] = [
    Case {
        name: "upsert",
        title_vi: "Ghi theo mã của mình: gửi hai lần không đổi gì",
        title_en: "Upsert by the own key: the same content twice changes nothing",
        play: |kit| Box::pin(records::upsert(kit)),
    },
    Case {
        name: "retry",
        title_vi: "Đứt đường truyền rồi gửi lại: không có bản ghi thứ hai",
        title_en: "Retry after a cut line: no second record",
        play: |kit| Box::pin(records::retry(kit)),
    },
    Case {
        name: "stale_version",
        title_vi: "Phiên bản cũ bị từ chối; đọc lại rồi sửa",
        title_en: "A stale version is refused; read again, then change",
        play: |kit| Box::pin(records::stale_version(kit)),
    },
    Case {
        name: "purpose",
        title_vi: "Dữ liệu cá nhân chỉ hiện khi nêu mục đích",
        title_en: "Personal data are shown for a purpose only",
        play: |kit| Box::pin(records::purpose(kit)),
    },
    Case {
        name: "rejected_rows",
        title_vi: "Dòng bị từ chối có biên nhận; sửa rồi gửi lại",
        title_en: "Rejected rows have receipts; mend and send again",
        play: |kit| Box::pin(files::rejected_rows(kit)),
    },
    Case {
        name: "cut_upload",
        title_vi: "Tệp bị đứt giữa chừng được gửi tiếp",
        title_en: "A file that was cut goes on where it broke",
        play: |kit| Box::pin(files::cut_upload(kit)),
    },
    Case {
        name: "feed_resume",
        title_vi: "Đọc tiếp luồng thay đổi không hụt, không trùng",
        title_en: "The change feed goes on without gap or overlap",
        play: |kit| Box::pin(records::feed_resume(kit)),
    },
    Case {
        name: "webhook",
        title_vi: "Webhook: kiểm chữ ký, từ chối thư bị sửa, đổi khóa",
        title_en: "Webhooks: verify, refuse what was changed, rotate keys",
        play: |kit| Box::pin(webhooks::webhook(kit)),
    },
    Case {
        name: "token_expiry",
        title_vi: "Token hết hạn: lấy token mới rồi làm tiếp",
        title_en: "An expired token: get a new one and go on",
        play: |kit| Box::pin(records::token_expiry(kit)),
    },
];

/// What came of one case.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Played {
    name: &'static str,
    title_vi: &'static str,
    title_en: &'static str,
    passed: bool,
    /// What was seen, or what was not as it must be.
    detail: String,
    milliseconds: u64,
}

/// Runs a command of the kit.
pub async fn run(command: ConformanceCommand) -> (Ending, String) {
    match command {
        ConformanceCommand::List => {
            let lines: Vec<String> = CASES.iter().map(|c| format!("{:<14} {}", c.name, c.title_en)).collect();
            (Ending::Good, lines.join("\n") + "\n")
        }
        ConformanceCommand::Run(wish) => within(None, play(wish)).await,
    }
}

async fn play(wish: Run) -> Told {
    if let Some(unknown) = wish.cases.iter().find(|name| !CASES.iter().any(|case| case.name == **name)) {
        return Err(Trouble::Here(format!("there is no case {unknown}; see gdtx conformance list")));
    }
    let kit = Kit::new(Connection::new(wish.target)?, wish.commune, wish.host);
    match kit.connection.json::<Value>(Method::GET, "/sandbox/clock", |request| request).await {
        Err(Trouble::Refused { status: 404, .. }) => {
            let wrong = "that is no sandbox: the kit writes invented records, so it plays against `gdtx sandbox` only";
            return Err(Trouble::Here(wrong.to_owned()));
        }
        answer => answer?,
    };
    let mut played = Vec::new();
    for case in CASES.iter().filter(|case| wish.cases.is_empty() || wish.cases.iter().any(|name| name == case.name)) {
        let begun = Instant::now();
        let outcome = (case.play)(&kit).await;
        let (passed, detail) = outcome.map_or_else(|wrong| (false, wrong), |seen| (true, seen));
        let (name, title_vi, title_en) = (case.name, case.title_vi, case.title_en);
        let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        played.push(Played { name, title_vi, title_en, passed, detail, milliseconds });
    }
    finish(&kit, &played, wish.report, wish.json).await
}

async fn finish(kit: &Kit, played: &[Played], path: Option<PathBuf>, as_json: bool) -> Told {
    let failed = played.iter().filter(|case| !case.passed).count();
    let report = json!({
        "kit": concat!("gdtx ", env!("CARGO_PKG_VERSION")),
        "run": kit.run,
        "finishedAt": Clock::System.now(),
        "passed": played.len() - failed,
        "failed": failed,
        "cases": played,
    });
    let sign = |request: reqwest::RequestBuilder| request.json(&report);
    let signed: SignedReport = kit.connection.json(Method::POST, "/sandbox/conformance-reports", sign).await?;
    let whole = json!({ "report": report, "jws": signed.jws });
    if let Some(path) = path {
        std::fs::write(&path, format!("{whole:#}\n")).map_err(|e| Trouble::Here(format!("{}: {e}", path.display())))?;
    }
    let ending = if failed == 0 { Ending::Good } else { Ending::Rejected };
    Ok((ending, if as_json { format!("{whole}\n") } else { told(played, failed, &whole) }))
}

fn told(played: &[Played], failed: usize, whole: &Value) -> String {
    let mut text = String::new();
    for case in played {
        let mark = if case.passed { "passed" } else { "FAILED" };
        let _ = writeln!(text, "{mark}  {:<14} {} ({} ms)", case.name, case.title_en, case.milliseconds);
        if !case.passed {
            let _ = writeln!(text, "        {}", case.detail);
        }
    }
    let signature = whole["jws"].as_str().map_or(0, str::len);
    text + &format!(
        "{} passed, {failed} failed; signed by the sandbox ({signature} characters)\n",
        played.len() - failed
    )
}
