//! What a report is refused for, by the place of the figure; and two who write at once.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{COMMUNE, chain, entry, made, network, path, place, report, signature, step, survey, told};
use crate::on_both;

on_both!(
    async fn what_is_missing_or_does_not_add_up_is_named(s) {
        let c = chain(s).await;
        let draft = made(&c.office, "stat_year_start", Some(COMMUNE)).await;
        let (id, body) = (draft.id(), draft.body);
        let at = |line: &str, column: &str, member: &str| format!("/figures/{}/{member}", place(&body, line, column));
        let missing = step(&c.office, &id, "submit", signature()).await.expect(422);
        let lines: Vec<_> = missing.faults();
        assert_eq!(lines, ["01", "02", "03", "04", "05", "06", "07", "40", "41", "42", "43"].map(|line| (at(line, "total", "reported"), "required".to_owned())));
        let more = |entries: &[Value]| {
            let mut all = network();
            all["entries"].as_array_mut().unwrap().extend_from_slice(entries);
            all
        };
        c.office.patch(&path(&id), more(&[entry("40", "total", 9)])).await.expect(200);
        step(&c.office, &id, "submit", signature()).await.expect(422).refuses(&at("40", "total", "reported"), "sum_mismatch");
        c.office.patch(&path(&id), more(&[entry("42", "female", 6)])).await.expect(200);
        step(&c.office, &id, "submit", signature()).await.expect(422).refuses(&at("42", "female", "reported"), "exceeds_whole");
        c.office.patch(&path(&id), more(&[entry("21", "total", 1)])).await.expect(200);
        step(&c.office, &id, "submit", signature()).await.expect(422).refuses(&at("21", "total", "explanation"), "explanation_required");
        let explained = ["total", "public"].map(|column| json!({ "line": "21", "column": column, "value": 1, "explanation": "Có một người chưa có hồ sơ trên hệ thống." }));
        let patched = c.office.patch(&path(&id), more(&explained)).await.expect(200).body;
        let total = ["computed", "reported"].map(|member| told(&patched, "20", "total", member).clone());
        assert_eq!(total, [json!(0), json!(1)], "the total follows");
        step(&c.office, &id, "submit", json!({ "signerTitle": "Chủ tịch", "signedOn": "2999-01-01" })).await.expect(422).refuses("/signedOn", "future_date");
        step(&c.office, &id, "submit", json!({ "signerTitle": "Chủ tịch", "signedOn": "2025-09-29" })).await.expect(422).refuses("/signedOn", "too_early");
        step(&c.office, &id, "submit", signature()).await.expect(200);
    }
);

on_both!(
    async fn entries_and_places_are_those_of_the_form(s) {
        let c = chain(s).await;
        for (body, pointer, code) in [
            (report("happiness", Some(COMMUNE)), "/form", "unknown_code"),
            (report("department_summary", Some(COMMUNE)), "/place", "level_not_allowed"),
            (report("stat_year_start", Some("99999")), "/place/code", "unknown_place"),
        ] {
            c.office.post("/v1/reports", body).await.expect(422).refuses(pointer, code);
        }
        let mut later = report("stat_year_start", Some(COMMUNE));
        later["schoolYear"] = json!("2199");
        c.office.post("/v1/reports", later).await.expect(422).refuses("/schoolYear", "in_future");
        let id = made(&c.office, "stat_year_start", Some(COMMUNE)).await.id();
        c.office.post("/v1/reports", report("stat_year_start", Some(COMMUNE))).await.expect(409).refuses("/form", "duplicate_report");
        for (entries, pointer, code) in [
            (json!([entry("99", "total", 1)]), "/entries/0/line", "unknown_code"),
            (json!([entry("10", "female", 1)]), "/entries/0/column", "unknown_code"),
            (json!([entry("41", "total", -1)]), "/entries/0/value", "out_of_range"),
            (json!([entry("41", "total", 1), entry("41", "total", 1)]), "/entries/1/line", "duplicate"),
        ] {
            c.office.patch(&path(&id), json!({ "entries": entries })).await.expect(422).refuses(pointer, code);
        }
        let many = vec![entry("41", "total", 1); 20_000];
        let refused = c.office.patch(&path(&id), json!({ "entries": many })).await.expect(422);
        assert_eq!(refused.faults(), [("/entries".to_owned(), "too_many".to_owned())]);
        c.office.patch(&path(&id), json!({ "form": "pcgd_xmc" })).await.expect(422).refuses("/form", "immutable");
        c.office.patch(&path(&id), json!({ "schoolYear": "2024" })).await.expect(422).refuses("/schoolYear", "immutable");
        // A draft is taken off, and its place is free again.
        c.office.delete(&path(&id)).await.expect(200);
        made(&c.office, "stat_year_start", Some(COMMUNE)).await;
    }
);

on_both!(
    async fn shares_that_cannot_be_are_refused(s) {
        let c = chain(s).await;
        let draft = made(&c.office, "pcgd_xmc", Some(COMMUNE)).await;
        let (id, body) = (draft.id(), draft.body);
        c.office.patch(&path(&id), survey([100, 90, 400], [101, 90, 380], [90, 80, 350])).await.expect(200);
        let wrong = step(&c.office, &id, "submit", signature()).await.expect(422);
        let at = |line: &str| format!("/figures/{}/reported", place(&body, line, "15_25"));
        let wrong = wrong.refuses(&at("03"), "exceeds_whole").refuses(&at("04"), "exceeds_whole");
        assert!(wrong.text.contains("Biết chữ mức độ 1"), "{}", wrong.text);
    }
);

on_both!(
    async fn of_two_who_write_at_once_one_is_told(s) {
        let c = chain(s).await;
        let draft = made(&c.office, "stat_year_start", Some(COMMUNE)).await;
        let (id, tag) = (draft.id(), draft.header("etag").to_owned());
        let careful = c.office.with("if-match", &tag);
        careful.patch(&path(&id), network()).await.expect(200);
        careful.patch(&path(&id), json!({ "note": "x" })).await.expect(412);
        careful.post(&format!("{}/submit", path(&id)), signature()).await.expect(412);
        let (one, two) = tokio::join!(step(&c.office, &id, "submit", signature()), step(&c.office, &id, "submit", signature()));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let again = c.office.with("idempotency-key", "report-1");
        let sent = made(&again, "stat_year_end", Some(COMMUNE)).await;
        assert_eq!(made(&again, "stat_year_end", Some(COMMUNE)).await.id(), sent.id());
    }
);

on_both!(
    async fn what_was_filled_in_before_its_day_is_not_handed_in(s) {
        let c = chain(s).await;
        let id = made(&c.office, "stat_year_start", Some(COMMUNE)).await.id();
        c.office.patch(&path(&id), network()).await.expect(200);
        let early = "UPDATE report SET filled_at = '2025-09-29 16:59:59.000000 +00:00'";
        s.tables().await.execute_unprepared(early).await.expect("an earlier moment");
        step(&c.office, &id, "submit", signature()).await.expect(422).refuses("/filledAt", "prefill_required");
        step(&c.office, &id, "prefill", json!({})).await.expect(200);
        step(&c.office, &id, "submit", signature()).await.expect(200);
    }
);
