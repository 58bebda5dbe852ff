//! Releases: figures that stay, under numbers that tell what is new, with a list of what changed.

use std::collections::BTreeMap;

use futures::future::join_all;
use gdtx_domain::access::reach::Reach;
use reqwest::Method;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    filled,
    wire::{of_parquet, sheet},
};
use crate::{
    learners::classes::Setting,
    on_both,
    support::{Answer, Client, Service, centre, province},
};

/// Where the releases of a data set are.
pub fn of(set: &str) -> String {
    format!("/v1/statistics/datasets/{set}/releases")
}

pub async fn ministry(s: &Service) -> Client {
    s.client("ministry", Reach { country: true, ..Default::default() }).await
}

pub fn regular() -> Value {
    json!({ "kind": "regular", "notesVi": "Số liệu thử", "notesEn": "Invented figures" })
}

/// Counts what was written and releases a data set; its number.
pub async fn released(s: &Service, ministry: &Client, set: &str) -> String {
    s.counted().await;
    let made = ministry.post(&of(set), regular()).await.expect(201);
    let read = ministry.get(made.header("location")).await.expect(200);
    assert_eq!(made.header("etag"), read.header("etag"));
    made.body["release"].as_str().expect("a number").to_owned()
}

/// Every change of a release, page by page.
async fn changes(client: &Client, set: &str, release: &str, first: usize) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{}/{release}/changes?first={first}{after}", of(set))).await.expect(200);
        all.extend(page.body["items"].as_array().expect("items").iter().cloned());
        if page.body["pageInfo"]["hasNextPage"] == false {
            return all;
        }
        after = format!("&after={}", page.body["pageInfo"]["endCursor"].as_str().expect("a cursor"));
    }
}

/// Figures by their cells.
type Figures = BTreeMap<String, i64>;

/// The figures of a release by all dimensions, as a caller sees them.
async fn figures(client: &Client, set: &str, release: &str) -> Figures {
    let told = client.get(&format!("/v1/statistics/datasets/{set}")).await.expect(200).body;
    let dimensions = told["dimensions"].as_array().expect("dimensions").iter().map(|d| d["code"].as_str().unwrap());
    let dimensions: Vec<&str> = dimensions.collect();
    let data =
        client.get(&format!("{}/{release}/data?groupBy={}", of(set), dimensions.join(","))).await.expect(200).body;
    let row = |row: &Value| {
        let members = row["members"].as_array().unwrap().iter().map(|member| member.as_str().unwrap());
        let cell: Vec<String> =
            dimensions.iter().zip(members).map(|(name, member)| format!("{name}={member}")).collect();
        (cell.join(";"), row["values"][0].as_i64().unwrap())
    };
    data["rows"].as_array().expect("rows").iter().map(row).collect()
}

/// Figures after these changes, each of which must fit.
fn applied(mut figures: Figures, changes: &[Value]) -> Figures {
    for change in changes {
        let cell = change["cell"].as_str().unwrap().to_owned();
        assert_eq!(figures.remove(&cell), change["before"].as_i64(), "{change}");
        let step = match (change["before"].as_i64(), change["after"].as_i64()) {
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        };
        assert_eq!(change["step"], step);
        figures.extend(change["after"].as_i64().map(|after| (cell, after)));
    }
    figures
}

/// The same question in a form: its bytes, or for binary forms what they hold.
async fn in_form(client: &Client, address: &str, form: &str) -> String {
    let answer = client.get(&format!("{address}?groupBy=province,ownership&format={form}")).await.expect(200);
    match form {
        "json" => answer.body["rows"].to_string(),
        "json_stat" => json!([answer.body["value"], answer.body["dimension"]]).to_string(),
        "xlsx" => format!("{:?}", sheet(&answer.bytes)),
        "parquet" => format!("{:?}", of_parquet(answer.bytes)),
        _ => answer.text,
    }
}

on_both!(
    async fn a_release_stays_while_the_figures_go_on(s) {
        let (vendor, ministry, public) = (s.vendor().await, ministry(s).await, s.public());
        vendor.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201);
        assert_eq!(released(s, &ministry, "centres").await, "1.0.0");
        let (live, kept) = ("/v1/statistics/datasets/centres/data", format!("{}/1.0.0/data", of("centres")));
        let mut frozen = BTreeMap::new();
        for form in ["json", "json_stat", "csv", "xlsx", "parquet", "sdmx_csv", "sdmx_structure"] {
            let held = in_form(&public, &kept, form).await;
            assert_eq!(held, in_form(&public, live, form).await, "{form}");
            frozen.insert(form, held);
        }
        let first = public.get(&kept).await.expect(200);
        assert_eq!(first.header("cache-control"), "public, max-age=31536000, immutable");
        assert!(first.header("etag").starts_with("\"centres@1.0.0."), "{}", first.header("etag"));
        assert_eq!(first.body["version"], "centres@1.0.0");
        let private = vendor.get(&kept).await.expect(200);
        assert_eq!(private.header("cache-control"), "private, no-cache");
        assert!(private.header("vary").starts_with("Authorization, Accept, Accept-Language"), "{}", private.header("vary"));

        vendor.post("/v1/centres", centre("Trung tâm khác", "11407")).await.expect(201);
        s.counted().await;
        for (form, held) in &frozen {
            assert_eq!(in_form(&public, &kept, form).await, *held, "{form}");
            assert_ne!(in_form(&public, live, form).await, *held, "{form}");
        }
        let again = public.get(&kept).await.expect(200);
        assert_eq!((&again.text, again.header("etag")), (&first.text, first.header("etag")));
        let unchanged = public.with("If-None-Match", first.header("etag")).get(&kept).await.expect(304);
        assert_eq!(unchanged.header("etag"), first.header("etag"));
        public.with("If-None-Match", first.header("etag")).get(&format!("{kept}?groupBy=province")).await.expect(200);
        let file = public.get(&format!("{kept}?format=csv")).await.expect(200);
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"centres-1.0.0.csv\"");
        // A second process reads the same.
        let second = s.second().await;
        assert_eq!(public.at(&second).get(&kept).await.expect(200).text, first.text);
        second.stop().await.expect("a clean stop");
    }
);

on_both!(
    async fn numbers_and_changes_tell_what_is_new(s) {
        let (vendor, ministry, public) = (s.vendor().await, ministry(s).await, s.public());
        let new = async |commune: &str, ownership: &str| {
            let mut body = centre("Trung tâm Thử", commune);
            body["ownership"] = json!(ownership);
            ministry.post("/v1/centres", body).await.expect(201).id()
        };
        let moved = new("11407", "public").await;
        new("11407", "public").await;
        new("11407", "private").await;
        s.counted().await;
        let correction = json!({ "kind": "correction", "notesVi": "Sửa", "notesEn": "Mended", "reason": "Loại hình ghi sai" });
        ministry.post(&of("centres"), correction.clone()).await.expect(422).refuses("/kind", "nothing_to_correct");
        assert_eq!(released(s, &ministry, "centres").await, "1.0.0");
        ministry.post(&of("centres"), regular()).await.expect(409);

        let path = format!("/v1/centres/{moved}");
        vendor.patch(&path, json!({ "ownership": "private" })).await.expect(200);
        s.counted().await;
        let mut without = correction.clone();
        without.as_object_mut().unwrap().remove("reason");
        ministry.post(&of("centres"), without).await.expect(422).refuses("/reason", "required");
        let mended = ministry.post(&of("centres"), correction).await.expect(201).body;
        let told = ["release", "previous", "reason", "kind"].map(|field| mended[field].as_str().unwrap());
        assert_eq!(told, ["1.0.1", "1.0.0", "Loại hình ghi sai", "correction"]);
        assert_eq!(["cells", "added", "changed", "removed"].map(|field| mended[field].as_i64().unwrap()), [2, 0, 2, 0]);
        let cell = |ownership: &str| {
            format!("province=31;commune=11407;reportedUnit=11407;centreKind=gdtx_centre;ownership={ownership};centreStatus=proposed;terrain=unknown;digitalLevel=unknown")
        };
        let changed = |ownership: &str, before: i64, after: i64| {
            json!({ "step": "changed", "cell": cell(ownership), "measure": "centres", "before": before, "after": after, "status": null })
        };
        assert_eq!(changes(&public, "centres", "1.0.1", 1).await, [changed("private", 1, 2), changed("public", 2, 1)]);

        let other = new("00004", "public").await;
        assert_eq!(released(s, &ministry, "centres").await, "1.1.0", "another province is new");
        ministry.delete(&format!("/v1/centres/{other}")).await.expect(200);
        assert_eq!(released(s, &ministry, "centres").await, "1.1.1");
        let gone = changes(&ministry, "centres", "1.1.1", 200).await;
        assert_eq!((gone.len(), &gone[0]["step"], &gone[0]["before"], &gone[0]["after"]), (1, &json!("removed"), &json!(1), &Value::Null));
        // A data set that means something else begins anew.
        let tables = s.tables().await;
        tables.execute_unprepared("UPDATE statistics_release SET definition = REPLACE(definition, '\"aboutEn\":\"', '\"aboutEn\":\"Once: ')").await.expect("other words");
        tables.close().await.expect("a closed connection");
        let restarted = s.second().await;
        let made = ministry.at(&restarted).post(&of("centres"), regular()).await.expect(201);
        assert_eq!(made.body["release"], "2.0.0");
        restarted.stop().await.expect("a clean stop");
        let listed = public.get(&of("centres")).await.expect(200).body;
        let numbers: Vec<&str> = listed["items"].as_array().unwrap().iter().map(|one| one["release"].as_str().unwrap()).collect();
        assert_eq!(numbers, ["2.0.0", "1.1.1", "1.1.0", "1.0.1", "1.0.0"]);
        let page = public.get(&format!("{}?first=2", of("centres"))).await.expect(200);
        let rest = public.get(&format!("{}?after={}", of("centres"), page.body["pageInfo"]["endCursor"].as_str().unwrap())).await.expect(200);
        assert_eq!(rest.body["items"].as_array().unwrap()[..], listed["items"].as_array().unwrap()[2..]);
    }
);

on_both!(
    async fn another_school_year_is_new(s) {
        let (vendor, ministry) = (s.vendor().await, ministry(s).await);
        let set = Setting::new(&vendor).await;
        assert_eq!(released(s, &ministry, "classes").await, "1.0.0");
        let programme = vendor.get(&format!("/v1/classes/{}", set.class)).await.expect(200).body["programmeId"].clone();
        let class = json!({ "programmeId": programme, "schoolYear": "2026-2027", "code": "THU-2", "name": "Lớp Thử" });
        vendor.post("/v1/classes", class).await.expect(201);
        assert_eq!(released(s, &ministry, "classes").await, "1.1.0");
        let years = |data: Answer| data.body["rows"].as_array().unwrap().iter().map(|row| row["members"][0].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        let data = async |release: &str| years(s.public().get(&format!("{}/{release}/data?groupBy=schoolYear", of("classes"))).await.expect(200));
        assert_eq!((data("1.0.0").await, data("1.1.0").await), (vec!["2025-2026".to_owned()], vec!["2025-2026".to_owned(), "2026-2027".to_owned()]));
    }
);

on_both!(
    async fn the_public_changes_lead_from_release_to_release_and_hide_the_rest(s) {
        const SET: &str = "enrolments_by_ethnicity";
        filled(s).await;
        let (ministry, public) = (ministry(s).await, s.public());
        assert_eq!(released(s, &ministry, SET).await, "1.0.0");
        let vendor = s.client("vendor", province("46")).await;
        let learners = vendor.get("/v1/learners?first=120&fields=id,version").await.expect(200).body;
        for learner in learners["items"].as_array().expect("learners") {
            let path = format!("/v1/learners/{}", learner["id"].as_str().unwrap());
            vendor.patch(&path, json!({ "ethnicGroup": "tay" })).await.expect(200);
        }
        let second = released(s, &ministry, SET).await;
        let department = s.client("province_department", province("46")).await;
        for (who, is_rounded) in [(&public, true), (&vendor, true), (&ministry, false), (&department, false)] {
            let (begun, then) = (changes(who, SET, "1.0.0", 200).await, changes(who, SET, &second, 7).await);
            let first = applied(Figures::new(), &begun);
            assert_eq!(first, figures(who, SET, "1.0.0").await);
            assert_eq!(applied(first, &then), figures(who, SET, &second).await);
            for change in begun.iter().chain(&then) {
                let numbers = [&change["before"], &change["after"]].map(|figure| figure.as_i64().unwrap_or_default());
                assert_eq!(change["status"] == "rounded", is_rounded, "{change}");
                assert!(numbers[0] != numbers[1] && (!is_rounded || numbers.iter().all(|figure| figure % 5 == 0)), "{change}");
            }
        }
        let (told, all) = (changes(&public, SET, &second, 200).await, changes(&ministry, SET, &second, 200).await);
        assert!(!told.is_empty() && told.len() < all.len(), "{} of {}", told.len(), all.len());
        // What a release says of itself is what everybody may see, to everybody.
        let head = ministry.get(&format!("{}/{second}", of(SET))).await.expect(200).body;
        let count = |step: &str| told.iter().filter(|change| change["step"] == step).count() as i64;
        assert_eq!(["added", "changed", "removed"].map(|step| head[step].as_i64().unwrap()), ["added", "changed", "removed"].map(count));
        let line = |change: &Value| format!("{}\t{}\t{}\n", change["cell"].as_str().unwrap(), change["measure"].as_str().unwrap(), change["after"]);
        let begun = changes(&public, SET, "1.0.0", 200).await;
        let first = public.get(&format!("{}/1.0.0", of(SET))).await.expect(200).body;
        assert_eq!(first["digest"], hex::encode(Sha256::digest(begun.iter().map(line).collect::<String>())));
        assert_eq!(first["cells"].as_i64().unwrap(), begun.len() as i64);
        // A cursor tells nobody how many cells it passed, and is no other list's.
        let cursor = public.get(&format!("{}/{second}/changes?first=1", of(SET))).await.expect(200).body["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        public.get(&format!("{}/1.0.0/changes?after={cursor}", of(SET))).await.expect(400).refuses("after", "foreign_cursor");
        public.get(&format!("{}/{second}/changes?after={}A", of(SET), &cursor[..cursor.len() - 2])).await.expect(400).refuses("after", "invalid_cursor");
    }
);

on_both!(
    async fn only_the_ministry_releases_and_no_number_twice(s) {
        let vendor = s.vendor().await;
        vendor.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201);
        s.counted().await;
        s.public().post(&of("centres"), regular()).await.expect(401);
        for role in ["province_department", "vendor", "portal"] {
            s.client(role, province("31")).await.post(&of("centres"), regular()).await.expect(403);
        }
        let ministry = ministry(s).await;
        ministry.post(&of("people"), regular()).await.expect(404);
        let rehearsed = ministry.post(&format!("{}?dryRun=true", of("centres")), regular()).await.expect(201);
        assert_eq!((rehearsed.body["release"].as_str(), rehearsed.header("location")), (Some("1.0.0"), ""));
        let list = of("centres");
        let answers = join_all((0..5).map(|_| ministry.post(&list, regular()))).await;
        let mut status: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        status.sort_unstable();
        assert_eq!(status, [201, 409, 409, 409, 409]);
        vendor.post("/v1/centres", centre("Trung tâm khác", "11407")).await.expect(201);
        s.counted().await;
        let keyed = ministry.with("idempotency-key", "once");
        let answers = join_all((0..5).map(|_| keyed.post(&list, regular()))).await;
        for answer in &answers {
            assert_eq!((answer.status.as_u16(), answer.id(), &answer.body["release"]), (201, answers[0].id(), &json!("1.0.1")), "{}", answer.text);
            assert_eq!(answer.header("location"), format!("{}/1.0.1", of("centres")));
        }
        // Also when nothing has changed since, and when something has.
        assert_eq!(keyed.post(&of("centres"), regular()).await.expect(201).id(), answers[0].id());
        assert_eq!(s.public().get(&of("centres")).await.expect(200).body["items"].as_array().unwrap().len(), 2);
    }
);

on_both!(
    async fn both_surfaces_and_methods_say_the_same(s) {
        let (vendor, ministry, public) = (s.vendor().await, ministry(s).await, s.public());
        vendor.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201);
        s.counted().await;
        let document = "mutation($input: NewStatisticsRelease!) { createStatisticsRelease(id: \"centres\", input: $input) { created record { release digest } } }";
        let made = ministry.data(document, json!({ "input": regular() })).await["createStatisticsRelease"].clone();
        assert_eq!((&made["created"], &made["record"]["release"]), (&json!(true), &json!("1.0.0")));
        let told = public.data(
            "{ getStatisticsRelease(id: \"centres\", version: \"latest\") { id release previous digest cells added notesVi dataSet }
               listStatisticsReleases(id: \"centres\", first: 1) { nodes { release } }
               listStatisticsReleaseChanges(id: \"centres\", version: \"1.0.0\") { nodes { step cell measure before after status } }
               queryStatisticsRelease(id: \"centres\", version: \"1.0.0\", query: { groupBy: [province] }) { version rows { members values status } } }",
            json!({}),
        ).await;
        let head = public.get(&format!("{}/1.0.0", of("centres"))).await.expect(200).body;
        for (field, value) in told["getStatisticsRelease"].as_object().unwrap() {
            assert_eq!(*value, head[field], "{field}");
        }
        assert_eq!(told["listStatisticsReleases"]["nodes"], json!([{ "release": "1.0.0" }]));
        assert_eq!(told["listStatisticsReleaseChanges"]["nodes"], json!(changes(&public, "centres", "1.0.0", 200).await));
        let data = format!("{}/1.0.0/data", of("centres"));
        let got = public.get(&format!("{data}?groupBy=province")).await.expect(200);
        for field in ["version", "rows"] {
            assert_eq!(told["queryStatisticsRelease"][field], got.body[field]);
        }
        let method = Method::from_bytes(b"QUERY").expect("a method");
        let queried = public.send(method.clone(), &data, Some(json!({ "groupBy": ["province"] }))).await.expect(200);
        assert_eq!(queried.body, got.body);
        assert_eq!(public.get(queried.header("content-location")).await.expect(200).body, got.body);
        public.send(method.clone(), &data, Some(json!({ "groupBy": ["gender"] }))).await.expect(400).refuses("/groupBy", "unknown_code");
        let latest = public.send(method, &data.replace("1.0.0", "latest"), Some(json!({}))).await.expect(307);
        assert_eq!((latest.header("location"), latest.header("cache-control")), (data.as_str(), "private, no-cache"));
    }
);

on_both!(
    async fn what_is_no_release_is_not_found(s) {
        let (vendor, ministry, public) = (s.vendor().await, ministry(s).await, s.public());
        let list = of("centres");
        assert_eq!(public.get(&list).await.expect(200).body["items"], json!([]));
        public.get(&format!("{list}/latest")).await.expect(404);
        vendor.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201);
        released(s, &ministry, "centres").await;
        for wrong in ["1.0", "v1.0.0", "1.0.0%00", "1.0.0-beta", "1.0.0+1", "01.0.0", "9.9.9", "99999999999999999999.0.0", "'", "%F0%9F%8E%93"] {
            for of_it in ["", "/data", "/changes"] {
                let answer = public.get(&format!("{list}/{wrong}{of_it}")).await;
                assert!(matches!(answer.status.as_u16(), 400 | 404), "{wrong}{of_it}: {} {}", answer.status, answer.text);
            }
        }
        for set in ["people", "a%00b", "Centres", "%F0%9F%8E%93"] {
            for path in [of(set), format!("{}/latest", of(set)), format!("{}/1.0.0/data", of(set))] {
                let answer = public.get(&path).await;
                assert!(matches!(answer.status.as_u16(), 400 | 404), "{path}: {} {}", answer.status, answer.text);
            }
        }
        for of_it in ["", "/data?groupBy=province", "/changes?first=1"] {
            let latest = public.get(&format!("{list}/latest{of_it}")).await.expect(307);
            assert_eq!(latest.header("location"), format!("{list}/1.0.0{of_it}"));
            let (there, whole) = (public.get(latest.header("location")).await.expect(200), format!("{list}/1.0.0{of_it}"));
            assert_eq!(there.header("cache-control"), "public, max-age=31536000, immutable");
            public.with("If-None-Match", there.header("etag")).get(&whole).await.expect(304);
        }
        public.get(&format!("{list}/1.0.0/data?colour=red")).await.expect(400).refuses("colour", "unknown_parameter");
        public.get(&format!("{list}/1.0.0?colour=red")).await.expect(400).refuses("colour", "unknown_parameter");
        public.get(&format!("{list}/1.0.0/changes?first=0")).await.expect(400).refuses("first", "out_of_range");
        let narrow = public.get(&format!("{list}/1.0.0?fields=release,digest")).await.expect(200);
        assert_eq!(narrow.body.as_object().map(serde_json::Map::len), Some(2));
        assert!(narrow.header("link").contains(&format!("<{list}/1.0.0/data>; rel=\"item\"")), "{}", narrow.header("link"));
    }
);
