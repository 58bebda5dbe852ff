//! What the requests ask for: ids, places and cursors of the data that are there.

use std::{collections::HashSet, net::SocketAddr};

use gdtx_api::Settings;
use gdtx_service::{
    Clock, Ctx,
    access::client::{self, NewClient},
};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, QueryResult, Statement};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    load::{Call, once},
    process::Place,
};

/// A page of a list: how the service names its beginning, and how the floor does.
pub struct Start {
    pub province: String,
    pub kind: String,
    pub cursor: String,
    pub after: Uuid,
}

/// What there is to ask for.
pub struct Sample {
    pub token: String,
    pub centres: Vec<Uuid>,
    pub lists: Vec<Start>,
    pub nested: Vec<Start>,
    pub learners: Vec<Uuid>,
    pub classes: Vec<Uuid>,
    /// Learner and class of each enrolment in these classes.
    enrolled: HashSet<(Uuid, Uuid)>,
    /// The cursor before the last page of all learners.
    pub last_learners: String,
    /// Rows by table.
    pub rows: String,
}

impl Sample {
    /// A learner and a class, another pair for each number, who have not met yet.
    pub fn pair(&self, number: u64) -> (Uuid, Uuid) {
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        let learner = self.learners[number % self.learners.len()];
        let class = |i: usize| self.classes[(number + number / self.learners.len() + i) % self.classes.len()];
        let free = (0..).map(class).find(|class| !self.enrolled.contains(&(learner, *class)));
        (learner, free.expect("a class without the learner"))
    }
}

/// A client for the whole of the data, registered by the service itself.
pub async fn client(place: &Place, address: SocketAddr, provinces: &[String]) -> (Settings, String, String) {
    let settings = Settings {
        database_url: place.url.clone().into(),
        data_dir: place.folder.clone(),
        public_url: format!("http://{address}"),
        ..Settings::default()
    };
    let settings = settings.completed().expect("right settings");
    let db = gdtx_api::server::open(&settings).await.expect("an open database");
    let ctx = Ctx::system(db, Clock::System);
    let new: NewClient = serde_json::from_value(json!({
        "name": "Bench (invented)", "organisation": "Bench", "role": "vendor",
        "system": format!("b{}", ctx.new_id().simple()), "reach": { "provinces": provinces },
        "agreement": {
            "reference": "BENCH", "purposes": ["school_administration"], "dataKinds": ["basic", "sensitive", "restricted"],
            "validFrom": "2020-01-01", "validTo": "2099-12-31", "legalBasis": "Invented for measuring.",
        },
    }))
    .expect("a client");
    let made = client::register(&ctx, new).await.expect("a registered client");
    (settings, made.client.id.to_string(), made.client_secret.expect("a secret"))
}

/// A token by `client_secret_post`.
pub async fn token(address: SocketAddr, id: &str, secret: &str) -> String {
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let call = Call {
        headers: vec![("content-type", "application/x-www-form-urlencoded".to_owned())],
        ..Call::post("/oauth/token", form)
    };
    let (status, body) = once(address, call).await.expect("an answer");
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    body["access_token"].as_str().expect("a token").to_owned()
}

/// Every province of the data.
pub async fn provinces(place: &Place) -> Vec<String> {
    let db = Database::connect(&place.url).await.expect("a connection");
    rows(&db, "SELECT DISTINCT province_code AS v FROM centre ORDER BY 1").await
}

/// Classes that anybody of any age may join.
const CLASSES: &str = "FROM class c JOIN programme p ON p.id = c.programme_id
    WHERE c.state IN ('approved', 'open') AND p.kind IN ('practical_english', 'it_basic', 'life_skills', 'on_demand')";

async fn enrolled(db: &DatabaseConnection) -> HashSet<(Uuid, Uuid)> {
    let sql = format!("SELECT learner_id, class_id FROM enrolment WHERE class_id IN (SELECT c.id {CLASSES})");
    let found = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("rows");
    let id = |row: &QueryResult, at| row.try_get_by_index(at).expect("an id");
    found.iter().map(|row| (id(row, 0), id(row, 1))).collect()
}

async fn rows<T: sea_orm::TryGetable>(db: &DatabaseConnection, sql: &str) -> Vec<T> {
    let found = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("rows");
    found.iter().map(|row| row.try_get("", "v").expect("a value")).collect()
}

/// A centre that takes learners.
pub async fn any_centre(db: &DatabaseConnection) -> String {
    let sql = "SELECT centre_id AS v FROM learner WHERE deleted_at IS NULL ORDER BY id LIMIT 1";
    let found: Vec<Uuid> = rows(db, sql).await;
    found.first().expect("a centre").to_string()
}

/// The province with the most enrolments.
pub async fn largest_province(db: &DatabaseConnection) -> String {
    let sql = "SELECT province_code AS v FROM enrolment GROUP BY province_code ORDER BY count(*) DESC LIMIT 1";
    rows(db, sql).await.pop().expect("a province")
}

/// The last position of the journal.
pub async fn last_position(db: &DatabaseConnection) -> i64 {
    rows(db, "SELECT position AS v FROM journal_head").await.pop().expect("a journal")
}

/// Reads what there is.
pub async fn take(place: &Place, address: SocketAddr, token: &str, provinces: &[String]) -> Sample {
    let db = Database::connect(&place.url).await.expect("a connection");
    let ask = async |path: String| {
        let call = Call::get(path.clone()).with("authorization", &format!("Bearer {token}"));
        let (status, body) = once(address, call).await.expect("an answer");
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&body));
        serde_json::from_slice::<Value>(&body).expect("JSON")
    };
    let (mut lists, mut nested) = (Vec::new(), Vec::new());
    for province in provinces {
        for (kind, size) in [("language_it_centre", 50), ("community_learning_centre", 50), ("", 20)] {
            let filter = if kind.is_empty() { String::new() } else { format!("&kind={kind}") };
            let mut start =
                Start { province: province.clone(), kind: kind.to_owned(), cursor: String::new(), after: Uuid::nil() };
            for _ in 0..8 {
                let after = if start.cursor.is_empty() { String::new() } else { format!("&after={}", start.cursor) };
                let page =
                    ask(format!("/v1/centres?provinceCode={province}{filter}&first={size}&fields=id{after}")).await;
                let Some(cursor) = page["pageInfo"]["endCursor"].as_str().map(str::to_owned) else { break };
                let last = page["items"].as_array().and_then(|items| items.last()?["id"].as_str()?.parse().ok());
                let next =
                    Start { cursor, after: last.expect("an id"), province: province.clone(), kind: kind.to_owned() };
                let done = std::mem::replace(&mut start, next);
                if kind.is_empty() {
                    nested.push(done)
                } else {
                    lists.push(done)
                }
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
            }
        }
    }
    let mut counted = Vec::new();
    for table in ["centre", "programme", "class", "learner", "enrolment", "recognition", "journal"] {
        let count: Vec<i64> = rows(&db, &format!("SELECT count(*) AS v FROM {table}")).await;
        counted.push(format!("{} {table}", count[0]));
    }
    Sample {
        token: format!("Bearer {token}"),
        centres: rows(&db, "SELECT id AS v FROM centre").await,
        lists,
        nested,
        learners: rows(&db, "SELECT id AS v FROM learner WHERE deleted_at IS NULL LIMIT 20000").await,
        classes: rows(&db, &format!("SELECT c.id AS v {CLASSES}")).await,
        enrolled: enrolled(&db).await,
        last_learners: last_page(&ask).await,
        rows: counted.join(", "),
    }
}

/// The cursor before the end of all learners, found by walking there.
async fn last_page(ask: &impl AsyncFn(String) -> Value) -> String {
    let mut cursor = String::new();
    loop {
        let after = if cursor.is_empty() { String::new() } else { format!("&after={cursor}") };
        let page = ask(format!("/v1/learners?first=200&fields=id{after}")).await;
        if page["pageInfo"]["hasNextPage"] == false {
            return cursor;
        }
        cursor = page["pageInfo"]["endCursor"].as_str().expect("a cursor").to_owned();
    }
}
