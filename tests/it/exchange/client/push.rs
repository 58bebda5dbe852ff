//! `gdtx push`: what is new or changed is sent, once, whatever happened on the way.

use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use super::{Line, begin, command, kill, run};
use crate::{
    exchange::imports::{centres, count},
    on_both,
    support::{Client, Service, process::Process, receiver::Receiver},
};

/// The imports that the service knows.
async fn imports(client: &Client) -> Vec<Value> {
    client.get("/v1/imports").await.expect(200).body["items"].as_array().expect("imports").clone()
}

/// Where the one import stands; not by a request, of which so many would use up a quota.
async fn state(s: &Service) -> String {
    let tables = s.tables().await;
    let statement = Statement::from_string(tables.get_database_backend(), "SELECT state FROM import_job");
    let row = tables.query_one_raw(statement).await.expect("an answer").expect("an import");
    tables.close().await.expect("a closed connection");
    row.try_get("", "state").expect("a state")
}

fn write(s: &Service, name: &str, text: &str) {
    std::fs::create_dir_all(s.home().join("files")).unwrap();
    std::fs::write(s.home().join("files").join(name), text).unwrap();
}

const PUSH: [&str; 4] = ["push", "files", "--rejected", "rejected"];

fn learners(names: &[&str]) -> String {
    let mut sheet = "externalId,centreExternalId,fullName,dateOfBirth,gender\n".to_owned();
    for (nth, name) in names.iter().enumerate() {
        sheet += &format!("h{nth},c-0,{name},1990,female\n");
    }
    sheet
}

on_both!(
    async fn only_what_changed_is_sent(s) {
        let vendor = s.vendor().await;
        let process = Process::importing(s).await;
        let push = async || run(command(s, &vendor, &process.base, &PUSH)).await;
        write(s, "learners.csv", &learners(&["Nguyễn Thị Một", "Nguyễn Thị Hai"]));
        write(s, "centres.csv", &centres(0..2));
        let first = push().await.expect(0).json();
        let files = first["files"].as_array().unwrap();
        // Learners name a centre by its key, so centres come first.
        let created: Vec<_> = files.iter().map(|f| (f["file"].as_str().unwrap(), f["import"]["created"].as_i64().unwrap())).collect();
        assert_eq!(created, [("files/centres.csv", 2), ("files/learners.csv", 2)]);
        let again = push().await.expect(0).json();
        assert!(again["files"].as_array().unwrap().iter().all(|f| f["outcome"] == "unchanged"), "{again}");
        assert_eq!(imports(&vendor).await.len(), 2);

        write(s, "learners.csv", &learners(&["Nguyễn Thị Một", "Nguyễn Thị Ba"]));
        let changed = push().await.expect(0).json();
        assert_eq!((&changed["files"][0]["outcome"], &changed["files"][1]["import"]["updated"]), (&json!("unchanged"), &json!(1)));
        // What was sent before the last time is a change too.
        write(s, "learners.csv", &learners(&["Nguyễn Thị Một", "Nguyễn Thị Hai"]));
        assert_eq!(push().await.expect(0).json()["files"][1]["import"]["updated"], 1);

        write(s, "learners.csv", &learners(&["Nguyễn Thị Một", ""]));
        let rejected = push().await.expect(1).json();
        assert_eq!(rejected["files"][1]["import"]["rejected"], 1);
        let receipts = s.home().join("rejected/learners.csv.rejected.csv");
        assert!(std::fs::read_to_string(&receipts).unwrap().contains("h1"));
        assert_eq!(push().await.expect(1).json()["files"][1], json!({ "file": "files/learners.csv", "outcome": "unchanged", "rejected": 1 }));
        write(s, "learners.csv", &learners(&["Nguyễn Thị Một", "Nguyễn Thị Bốn"]));
        push().await.expect(0);
        assert!(!receipts.exists());
        let state = std::fs::read_to_string(s.home().join("push.state")).unwrap();
        assert!(!state.contains("Nguyễn") && !state.contains(vendor.secret.as_ref().unwrap()), "{state}");

        // A file that is refused does not stop the others.
        write(s, "classes.csv", "a,b\n1,2\n");
        write(s, "learners.csv", &learners(&["Nguyễn Thị Năm"]));
        let mixed = push().await.expect(2).json();
        let outcomes: Vec<_> = mixed["files"].as_array().unwrap().iter().map(|f| f["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["unchanged", "failed", "sent"]);
    }
);

on_both!(
    async fn a_sending_that_was_cut_off_goes_on_where_it_was(s) {
        let vendor = s.vendor().await;
        write(s, "centres.csv", &centres(0..2_000));
        let line = Line::stalling(s, 60_000).await;
        let mut child = begin(command(s, &vendor, &line.base, &PUSH));
        assert!(line.is_over(&mut child).await);
        kill(child);
        let line = Line::breaking(s, 30_000).await;
        run(command(s, &vendor, &line.base, &PUSH)).await.expect(75);
        run(command(s, &vendor, "http://127.0.0.1:9", &PUSH)).await.expect(75);
        // All is there, and nobody runs it yet: killed while it waits.
        let child = begin(command(s, &vendor, &s.base, &PUSH));
        while state(s).await != "queued" {}
        kill(child);
        s.run_imports().await;
        let last = run(command(s, &vendor, &s.base, &PUSH)).await.expect(0).json();
        assert_eq!(last["files"][0]["import"]["created"], 2_000);
        assert_eq!((imports(&vendor).await.len(), count(&vendor, "/v1/centres").await), (1, 2_000));
    }
);

on_both!(
    async fn a_sending_that_cannot_work_says_so(s) {
        let vendor = s.vendor().await;
        write(s, "centres.csv", &centres(0..1));
        let mut wrong = command(s, &vendor, &s.base, &PUSH);
        wrong.env("GDTX_CLIENT_SECRET", "wrong");
        assert!(run(wrong).await.expect(2).err.contains("client id and secret"));
        run(command(s, &vendor, &s.base, &["push", "no-such-file.csv"])).await.expect(2);
        run(command(s, &vendor, &s.base, &["push"])).await.expect(2);
        assert_eq!(imports(&vendor).await.len(), 0);
        // A rehearsal is not kept as done.
        let process = Process::importing(s).await;
        let rehearsed = [&PUSH[..], &["--dry-run"]].concat();
        let told = run(command(s, &vendor, &process.base, &rehearsed)).await.expect(0).json();
        assert_eq!((&told["files"][0]["import"]["created"], count(&vendor, "/v1/centres").await), (&json!(1), 0));
        run(command(s, &vendor, &process.base, &PUSH)).await.expect(0);
        assert_eq!(count(&vendor, "/v1/centres").await, 1);
        // What is not sent is told: a sheet of no kind is a fault, what lies beside is not.
        write(s, "notes.txt", "");
        std::fs::create_dir_all(s.home().join("files/older")).unwrap();
        let beside = run(command(s, &vendor, &process.base, &PUSH)).await.expect(0).json();
        let outcomes: Vec<_> = beside["files"].as_array().unwrap().iter().map(|f| f["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["unchanged", "leftOut", "leftOut"]);
        write(s, "hocvien.csv", &centres(0..1));
        // A link is not followed, wherever it leads.
        std::os::unix::fs::symlink("/etc/passwd", s.home().join("files/learners-link.csv")).unwrap();
        let unnamed = run(command(s, &vendor, &process.base, &PUSH)).await.expect(2).json();
        assert!(unnamed["files"][1]["detail"].as_str().unwrap().contains("learners-2026.csv"), "{unnamed}");
        let link = unnamed["files"].as_array().unwrap().iter().find(|f| f["file"] == "files/learners-link.csv").expect("the link");
        assert_eq!(link["outcome"], "leftOut");
        // A state speaks of one client.
        let other = s.vendor().await;
        assert!(run(command(s, &other, &process.base, &PUSH)).await.expect(2).err.contains("another client"));
    }
);

on_both!(
    async fn files_of_one_name_keep_their_receipts_apart(s) {
        let vendor = s.vendor().await;
        let process = Process::importing(s).await;
        let bad = |key: &str| format!("externalId,name,kind,ownership,place.code\n{key},,gdtx_centre,public,11407\n");
        for (folder, key) in [("north", "bac"), ("south", "nam")] {
            std::fs::create_dir_all(s.home().join(folder)).unwrap();
            std::fs::write(s.home().join(folder).join("centres.csv"), bad(key)).unwrap();
        }
        run(command(s, &vendor, &process.base, &["push", "north", "south", "--rejected", "rejected"])).await.expect(1);
        for (folder, key) in [("north", "bac"), ("south", "nam")] {
            let sheet = s.home().join("rejected").join(folder).join("centres.csv.rejected.csv");
            assert!(std::fs::read_to_string(&sheet).unwrap().contains(key), "{}", sheet.display());
        }
    }
);

on_both!(
    async fn people_are_told_what_is_wrong_in_their_language(s) {
        let vendor = s.vendor().await;
        let process = Process::importing(s).await;
        write(s, "centres.csv", &centres(0..1));
        let plain = |base: &str, words: &[&str]| {
            let mut told = command(s, &vendor, base, &[]);
            let args: Vec<_> = words.iter().copied().chain(["--url", base, "--retry", "0"]).collect();
            let envs: Vec<_> = told.get_envs().filter_map(|(k, v)| Some((k.to_owned(), v?.to_owned()))).collect();
            told = std::process::Command::new(told.get_program());
            told.args(args).envs(envs).current_dir(s.home());
            told
        };
        let wrong = ["import", "files/centres.csv", "--resource", "centres", "--code-scheme", "api", "--key", "khoa"];
        let mut vietnamese = plain(&process.base, &wrong);
        vietnamese.env("LANG", "vi_VN.UTF-8");
        let (vi, en) = (run(vietnamese).await.expect(2).err, run(plain(&process.base, &wrong)).await.expect(2).err);
        assert!(vi != en && vi.contains("\n  key: ") && en.contains("\n  key: "), "{vi}{en}");
        // One row, and none.
        let one = run(plain(&process.base, &["import", "files/centres.csv", "--resource", "centres"])).await.expect(0);
        assert_eq!(one.out, "done: 1 row: 1 created, 0 updated, 0 unchanged, 0 rejected\n");
        let only = async |text: &str, more: &[&str]| {
            write(s, "only.csv", text);
            let words = [&["import", "files/only.csv", "--resource", "centres"], more].concat();
            run(plain(&process.base, &words)).await
        };
        assert_eq!(only("externalId,name\n", &[]).await.expect(0).out, "done: no rows\n");
        // A file of nothing at all was meant to be something.
        assert!(only("", &[]).await.expect(2).err.contains("No row of headings"));
        let rehearsed = only(&centres(0..1), &["--dry-run"]).await.expect(0).out;
        assert!(rehearsed.starts_with("dry run, nothing written; done: 1 row"), "{rehearsed}");
        let missing = run(plain(&process.base, &["push", "no-such-folder"])).await.expect(2);
        assert!(missing.out.contains("No such file"), "{}{}", missing.out, missing.err);
    }
);

on_both!(
    async fn an_address_that_can_never_work_is_no_matter_of_time(s) {
        let vendor = s.vendor().await;
        let process = Process::importing(s).await;
        write(s, "centres.csv", &centres(0..1));
        let import = ["import", "files/centres.csv", "--resource", "centres"];
        // With the version at its end it is understood.
        run(command(s, &vendor, &format!("{}/v1/", process.base), &import)).await.expect(0);
        for (base, said) in [
            (format!("{}/elsewhere", process.base), "no GDTX service at this address (it answered 404)"),
            (format!("http://{}.example", "a".repeat(70)), "no machine has the name"),
            ("no address".to_owned(), "not a URL"),
        ] {
            let ended = run(command(s, &vendor, &base, &import)).await.expect(2);
            assert!(ended.err.contains(said), "{base}: {}", ended.err);
        }
        // A page in the place of an answer.
        let other = Receiver::start();
        other.answers(|_| 200);
        let ended = run(command(s, &vendor, &other.url, &import)).await.expect(2);
        assert!(ended.err.contains("no GDTX service at this address (it answered 200)"), "{}", ended.err);
    }
);

on_both!(
    async fn a_sending_is_an_import_of_its_own_whatever_was_sent_before(s) {
        let vendor = s.vendor().await;
        let process = Process::importing(s).await;
        write(s, "centres.csv", &centres(0..1));
        run(command(s, &vendor, &process.base, &PUSH)).await.expect(0);
        let push = async |name: &str, more: &[&str]| {
            write(s, "learners.csv", &learners(&[name]));
            run(command(s, &vendor, &process.base, &[&PUSH[..], more].concat())).await.expect(0).json()
        };
        push("Nguyễn Thị Một", &[]).await;
        push("Nguyễn Thị Hai", &[]).await;
        // The state is lost, or another machine sends: what was sent before is not taken for this.
        let told = push("Nguyễn Thị Một", &["--state", "other.state"]).await;
        assert_eq!(told["files"][1]["import"]["updated"], 1, "{told}");
        // Again is now, also after the same file went by another command.
        for _ in 0..2 {
            run(command(s, &vendor, &process.base, &["import", "files/learners.csv", "--resource", "learners"])).await.expect(0);
        }
        let before = imports(&vendor).await.len();
        push("Nguyễn Thị Một", &["--again"]).await;
        assert_eq!(imports(&vendor).await.len(), before + 2, "both files are sent anew");
    }
);
