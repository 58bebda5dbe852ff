//! `gdtx pull`: the copy is what the lists say, whatever happened on the way.

use std::{collections::BTreeSet, fs::File, os::unix::fs::PermissionsExt, path::Path};

use gdtx_domain::access::reach::Reach;
use serde_json::{Value, json};

use super::{Line, begin, command, kill, run};
use crate::{
    exchange::imports::{CSV, centres, import},
    on_both,
    support::{Client, Service, centre, province},
};

/// The records of a file, in its order.
fn copied(s: &Service, kind: &str) -> Vec<Value> {
    let file = std::fs::read_to_string(s.home().join(format!("copy/{kind}.ndjson"))).expect("a file");
    file.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// Fails unless the copy of these kinds is what their lists say now.
async fn is_exact(s: &Service, client: &Client, kinds: &[&str]) {
    for kind in kinds {
        let fresh = client.get(&format!("/v1/exports/{}", kind.replace('_', "-"))).await.expect(200);
        let fresh: Vec<Value> = fresh.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(json!(copied(s, kind)), json!(fresh), "{kind}");
    }
}

/// The position of the full copy that is being made.
fn planned(s: &Service) -> Option<i64> {
    let state = std::fs::read(s.home().join("copy/pull.state")).ok()?;
    serde_json::from_slice::<Value>(&state).expect("JSON")["plan"]["position"].as_i64()
}

const PULL: [&str; 5] = ["pull", "--out", "copy", "--purpose", "school_administration"];

fn learner(centre: &str, name: &str) -> Value {
    json!({ "centreId": centre, "fullName": name, "gender": "male", "dateOfBirth": { "value": "1990", "precision": "year" }, "ethnicGroup": "tay" })
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

on_both!(
    async fn a_copy_is_made_once_and_then_kept_current(s) {
        let vendor = s.vendor().await;
        let id = vendor.post("/v1/centres", centre("Trung tâm Kéo", "11407")).await.expect(201).id();
        let mut learners = Vec::new();
        for name in ["Nguyễn Văn Một", "Nguyễn Văn Hai", "Nguyễn Văn Ba"] {
            learners.push(vendor.post("/v1/learners", learner(&id, name)).await.expect(201).id());
        }
        s.sequenced().await;
        let first = run(command(s, &vendor, &s.base, &PULL)).await.expect(0).json();
        assert_eq!((&first["full"], &first["resources"]["learners"]["records"]), (&json!(true), &json!(3)), "{first}");
        is_exact(s, &vendor, &["centres", "learners", "rooms", "data_subject_requests"]).await;
        assert_eq!(copied(s, "learners")[0]["fullName"], "Nguyễn Văn Một");
        assert_eq!(copied(s, "centre_events").len(), 1, "what has no list comes from the feed");
        let state = s.home().join("copy/pull.state");
        assert_eq!((mode(&state), mode(&s.home().join("copy/learners.ndjson"))), (0o600, 0o600));
        let said = std::fs::read_to_string(&state).unwrap();
        assert!(!said.contains("Nguyễn") && !said.contains(vendor.secret.as_ref().unwrap()), "{said}");

        // Nothing happened.
        let idle = run(command(s, &vendor, &s.base, &PULL)).await.expect(0).json();
        assert_eq!((&idle["full"], &idle["position"]), (&json!(false), &first["position"]));
        vendor.patch(&format!("/v1/learners/{}", learners[0]), json!({ "fullName": "Nguyễn Văn Bốn" })).await.expect(200);
        vendor.delete(&format!("/v1/learners/{}", learners[1])).await.expect(200);
        vendor.post("/v1/learners", learner(&id, "Nguyễn Văn Năm")).await.expect(201);
        vendor.post("/v1/rooms", json!({ "centreId": id, "roomName": "Phòng thử" })).await.expect(201);
        s.sequenced().await;
        let second = run(command(s, &vendor, &s.base, &PULL)).await.expect(0).json();
        // Sensitive fields are never in lists, and so not in a copy.
        assert!(copied(s, "learners").iter().all(|l| l["ethnicGroup"].is_null() && l["maskedFields"].to_string().contains("ethnicGroup")));
        assert_eq!(second["resources"]["learners"], json!({ "records": 3, "added": 1, "changed": 1, "removed": 1 }));
        is_exact(s, &vendor, &["centres", "learners", "rooms"]).await;
        // A file that was lost or cut is found out when nothing changes, too.
        let rooms = s.home().join("copy/rooms.ndjson");
        let kept = std::fs::read(&rooms).unwrap();
        for part in [Some(&kept[..kept.len() - 5]), None] {
            match part {
                Some(part) => std::fs::write(&rooms, part).unwrap(),
                None => std::fs::remove_file(&rooms).unwrap(),
            }
            assert!(run(command(s, &vendor, &s.base, &PULL)).await.expect(2).err.contains("--full"));
        }
        std::fs::write(&rooms, &kept).unwrap();
        // Another purpose or other kinds are another copy, which takes the place of this one only when it is meant to.
        for other in [&["pull", "--out", "copy"][..], &["pull", "--out", "copy", "--resource", "learners", "--purpose", "school_administration"]] {
            let told = run(command(s, &vendor, &s.base, other)).await.expect(2);
            assert!(told.err.contains("--purpose school_administration") && told.err.contains("--full"), "{}", told.err);
        }
        is_exact(s, &vendor, &["centres", "learners", "rooms"]).await;
        let masked = run(command(s, &vendor, &s.base, &["pull", "--out", "copy", "--resource", "learners", "--full"])).await.expect(0).json();
        assert!(!s.home().join("copy/rooms.ndjson").exists(), "nobody would keep it current");
        assert_eq!((&masked["full"], masked["resources"].as_object().unwrap().len()), (&json!(true), 1));
        assert_eq!(copied(s, "learners")[0]["fullName"], Value::Null);
    }
);

on_both!(
    async fn a_copy_survives_broken_lines_and_sudden_deaths(s) {
        let vendor = s.vendor().await;
        import(s, &vendor, "?resource=centres", CSV, &centres(0..250)).await;
        let words = ["pull", "--out", "copy", "--resource", "centres,centre_events"];
        let (mut later, mut killed, mut plans) = (0, 0, BTreeSet::new());
        // Each run carries as much more as the one before: it ends everywhere.
        for round in 0.. {
            assert!(round < 60, "it never came to an end");
            let bytes = 3_000 + round * 40_000;
            if round % 2 == 0 {
                let line = Line::stalling(s, bytes).await;
                let mut child = begin(command(s, &vendor, &line.base, &words));
                killed += i32::from(line.is_over(&mut child).await);
                kill(child);
            }
            let line = Line::breaking(s, bytes).await;
            let ended = run(command(s, &vendor, &line.base, &words)).await;
            if ended.code == Some(0) {
                break;
            }
            assert!(ended.err.contains("run the same command again"), "{}", ended.err);
            ended.expect(75);
            later += 1;
            // The world goes on, and the copy with what was planned.
            vendor.post("/v1/centres", centre(&format!("Trung tâm Giữa {round}"), "11407")).await.expect(201);
            s.sequenced().await;
            plans.extend(planned(s));
        }
        assert!(later > 1 && killed > 1 && plans.len() == 1, "{later} {killed} {plans:?}");
        is_exact(s, &vendor, &["centres"]).await;
        assert_eq!(copied(s, "centre_events").len(), 250 + later);

        // The same in the middle of what changed.
        let every: Vec<String> = copied(s, "centres").iter().map(|c| c["id"].as_str().unwrap().to_owned()).collect();
        for (nth, id) in every.iter().take(60).enumerate() {
            let patch = json!({ "phone": format!("0225 000 {nth:04}") });
            vendor.patch(&format!("/v1/centres/{id}"), patch).await.expect(200);
        }
        s.sequenced().await;
        for bytes in [3_000, 30_000] {
            let line = Line::stalling(s, bytes).await;
            let mut child = begin(command(s, &vendor, &line.base, &words));
            line.is_over(&mut child).await;
            kill(child);
        }
        // A death between the files and the state: the changes come again and change nothing.
        let state = s.home().join("copy/pull.state");
        let before = std::fs::read(&state).unwrap();
        run(command(s, &vendor, &s.base, &words)).await.expect(0);
        is_exact(s, &vendor, &["centres"]).await;
        std::fs::write(&state, before).unwrap();
        let again = run(command(s, &vendor, &s.base, &words)).await.expect(0).json();
        assert_eq!(again["resources"]["centres"], json!({ "records": 250 + later, "added": 0, "changed": 0, "removed": 0 }));
        is_exact(s, &vendor, &["centres"]).await;
    }
);

on_both!(
    async fn a_copy_follows_what_may_be_read(s) {
        let ministry = s.client("ministry", Reach::default()).await;
        for (name, commune) in [("Trung tâm Bắc", "00004"), ("Trung tâm Đông", "11407")] {
            ministry.post("/v1/centres", centre(name, commune)).await.expect(201);
        }
        let both = Reach { provinces: vec!["01".into(), "31".into()], ..Reach::default() };
        let department = s.client("province_department", both).await;
        s.sequenced().await;
        let words = ["pull", "--out", "copy", "--resource", "centres"];
        run(command(s, &department, &s.base, &words)).await.expect(0);
        assert_eq!(copied(s, "centres").len(), 2);
        let patch = serde_json::from_value(json!({ "reach": province("31") })).unwrap();
        gdtx_service::access::client::update(&s.system(), department.id.unwrap(), patch, None).await.unwrap();
        s.sequenced().await;
        let less = run(command(s, &department, &s.base, &words)).await.expect(0).json();
        assert_eq!((&less["full"], &less["resources"]["centres"]["records"]), (&json!(true), &json!(1)));
        is_exact(s, &department, &["centres"]).await;
    }
);

on_both!(
    async fn scripts_are_told_how_it_ended(s) {
        let vendor = s.vendor().await;
        let words = ["pull", "--out", "copy", "--resource", "centres"];
        // Nobody is there, and later somebody is.
        let away = run(command(s, &vendor, "http://127.0.0.1:9", &words)).await.expect(75);
        assert!(away.err.contains("not to be reached"), "{}", away.err);
        run(command(s, &vendor, &s.base, &words)).await.expect(0);
        let mut wrong = command(s, &vendor, &s.base, &words);
        wrong.env("GDTX_CLIENT_SECRET", "wrong");
        let wrong = run(wrong).await.expect(2);
        assert!(wrong.err.contains("client id and secret"), "{}", wrong.err);
        let mut none = command(s, &vendor, &s.base, &words);
        none.env_remove("GDTX_CLIENT_SECRET");
        assert!(run(none).await.expect(2).err.contains("--secret-file"));
        let mut from_file = command(s, &vendor, &s.base, &words);
        std::fs::write(s.home().join("secret"), format!("{}\n", vendor.secret.as_ref().unwrap())).unwrap();
        from_file.env_remove("GDTX_CLIENT_SECRET").args(["--secret-file", "secret"]);
        run(from_file).await.expect(0);
        run(command(s, &vendor, &s.base, &["pull", "--out", "copy2", "--resource", "teachers"])).await.expect(2);
        run(command(s, &vendor, &s.base, &["pull"])).await.expect(2);
        let held = File::create(s.home().join("copy/pull.state.lock")).unwrap();
        held.lock().unwrap();
        assert!(run(command(s, &vendor, &s.base, &words)).await.expect(75).err.contains("another run"));
        held.unlock().unwrap();
        // The time is over before a line that stalls says anything.
        let line = Line::stalling(s, 0).await;
        let slow = run(command(s, &vendor, &line.base, &[&words[..], &["--max-time", "1"]].concat())).await.expect(75);
        assert!(slow.err.contains("time is over"), "{}", slow.err);
    }
);

on_both!(
    async fn who_follows_has_what_is_written_soon_after(s) {
        let vendor = s.vendor().await;
        let child = begin(command(s, &vendor, &s.base, &["pull", "--out", "copy", "--resource", "centres", "--follow"]));
        let file = s.home().join("copy/centres.ndjson");
        for name in ["Trung tâm Theo Một", "Trung tâm Theo Hai"] {
            vendor.post("/v1/centres", centre(name, "11407")).await.expect(201);
            while !std::fs::read_to_string(&file).is_ok_and(|text| text.contains(name)) {
                tokio::task::yield_now().await;
            }
        }
        kill(child);
        is_exact(s, &vendor, &["centres"]).await;
    }
);
