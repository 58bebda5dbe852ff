//! The floor: what actix-web and sqlx alone need for the same rows. Prepared SQL as text, one
//! serialisation, no authorisation, no journal, no checks.

use std::sync::atomic::{AtomicI64, Ordering};

use actix_web::{App, HttpResponse, HttpServer, web};
use futures::StreamExt;
use gdtx_domain::{
    centres::centre,
    exchange::journal,
    learners::{enrolment, enrolment_event},
};
use gdtx_service::{Record, centres::centre::Centre, learners::enrolment::Enrolment};
use sea_orm::{
    ColumnTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, EntityTrait, FromQueryResult,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait, Value, sea_query::Values,
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

/// Statements as text, made once.
struct Floor {
    db: DatabaseConnection,
    writer: DatabaseConnection,
    one: String,
    list: String,
    nested: String,
    inserts: Vec<(String, Vec<Value>)>,
    /// Counts on from the time, so that no run meets the entries of another.
    entries: AtomicI64,
}

/// Serves until it is killed; prints its port.
pub async fn serve(url: &str) -> std::io::Result<()> {
    let floor = web::Data::new(prepare(url).await.expect("a database that is filled"));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(floor.clone())
            .route("/centres/{id}", web::get().to(one))
            .route("/centres", web::get().to(list))
            .route("/nested", web::get().to(nested))
            .route("/enrolments", web::post().to(create))
            .route("/export", web::get().to(export))
            .route("/changes", web::get().to(changes))
    })
    .workers(2)
    .bind("127.0.0.1:0")?;
    println!("{}", server.addrs()[0]);
    server.run().await
}

/// So many connections without a service.
pub async fn connect(url: &str, most: u32) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(most).test_before_acquire(false).sqlx_logging(false).map_sqlx_sqlite_opts(|sqlite| {
        let sqlite = sqlite.busy_timeout(std::time::Duration::from_secs(30)).pragma("foreign_keys", "ON");
        sqlite.pragma("journal_mode", "WAL").pragma("synchronous", "NORMAL")
    });
    Database::connect(options).await
}

#[expect(clippy::disallowed_methods, reason = "the floor asks nobody")]
async fn prepare(url: &str) -> Result<Floor, DbErr> {
    let db = connect(url, 16).await?;
    let postgres = url.starts_with("postgres");
    let writer = if postgres { db.clone() } else { connect(url, 1).await? };
    let backend = db.get_database_backend();
    let columns = centre::Entity::find().build(backend).sql;
    let inserts = template(&db).await?;
    Ok(Floor {
        one: format!("{columns} WHERE id = $1"),
        list: format!(
            "{columns} WHERE province_code = $1 AND kind = $2 AND deleted_at IS NULL AND id > $3 ORDER BY id LIMIT 51"
        ),
        nested: if postgres { NESTED_POSTGRES } else { NESTED_SQLITE }.to_owned(),
        inserts,
        entries: AtomicI64::new(gdtx_service::Clock::System.now().timestamp_micros() * 100),
        db,
        writer,
    })
}

/// 20 centres with their programmes and the number of enrolments of each.
const NESTED_POSTGRES: &str = "SELECT json_agg(t)::text AS body FROM (
    SELECT c.id, c.name, c.status,
        (SELECT json_agg(json_build_object('id', p.id, 'name', p.name, 'kind', p.kind, 'state', p.state) ORDER BY p.id)
            FROM programme p WHERE p.centre_id = c.id AND p.deleted_at IS NULL) AS programmes,
        (SELECT count(*) FROM enrolment e WHERE e.centre_id = c.id AND e.deleted_at IS NULL) AS enrolments
    FROM centre c WHERE c.province_code = $1 AND c.deleted_at IS NULL AND c.id > $2 ORDER BY c.id LIMIT 20) t";
const NESTED_SQLITE: &str = "SELECT json_group_array(json(t.row)) AS body FROM (
    SELECT json_object('id', hex(c.id), 'name', c.name, 'status', c.status,
        'programmes', json((SELECT json_group_array(json_object('id', hex(p.id), 'name', p.name, 'kind', p.kind, 'state', p.state))
            FROM programme p WHERE p.centre_id = c.id AND p.deleted_at IS NULL)),
        'enrolments', (SELECT count(*) FROM enrolment e WHERE e.centre_id = c.id AND e.deleted_at IS NULL)) AS row
    FROM centre c WHERE c.province_code = $1 AND c.deleted_at IS NULL AND c.id > $2 ORDER BY c.id LIMIT 20) t";

/// The four rows that an enrolment leaves: enrolment, first event, and the journal entry of each.
#[expect(clippy::disallowed_methods, reason = "the floor asks nobody")]
async fn template(db: &DatabaseConnection) -> Result<Vec<(String, Vec<Value>)>, DbErr> {
    let enrolled = enrolment::Entity::find().one(db).await?.expect("an enrolment");
    let event = enrolment_event::Entity::find().one(db).await?.expect("an event");
    let entry = journal::Entity::find().one(db).await?.expect("an entry");
    let backend = db.get_database_backend();
    let entry = |of: Uuid| {
        let mut entry = entry.clone().into_active_model();
        entry.seq = sea_orm::ActiveValue::NotSet;
        entry.position = sea_orm::ActiveValue::Set(Some(POSITION));
        entry.hash = sea_orm::ActiveValue::Set(None);
        entry.record_id = sea_orm::ActiveValue::Set(of);
        entry
    };
    let enrolled = enrolment::Model { id: ENROLMENT, learner_id: LEARNER, class_id: CLASS, ..enrolled };
    let event = enrolment_event::Model { id: EVENT, enrolment_id: ENROLMENT, ..event };
    let statements = [
        enrolment::Entity::insert(enrolled.into_active_model()).build(backend),
        enrolment_event::Entity::insert(event.into_active_model()).build(backend),
        journal::Entity::insert(entry(ENROLMENT)).build(backend),
        journal::Entity::insert(entry(EVENT)).build(backend),
    ];
    Ok(statements.into_iter().map(|s| (s.sql, s.values.map_or_else(Vec::new, |values| values.0))).collect())
}

/// Stand for the ids of a request in the prepared rows.
const ENROLMENT: Uuid = Uuid::from_u128(1);
const EVENT: Uuid = Uuid::from_u128(2);
const LEARNER: Uuid = Uuid::from_u128(3);
const CLASS: Uuid = Uuid::from_u128(4);
/// Stands for a position of its own below zero, so that the service's sequencer leaves it alone.
const POSITION: i64 = i64::MIN;

impl Floor {
    fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        Statement { sql: sql.to_owned(), values: Some(Values(values)), db_backend: self.db.get_database_backend() }
    }
}

async fn one(floor: web::Data<Floor>, id: web::Path<Uuid>) -> HttpResponse {
    let row = floor.db.query_one_raw(floor.statement(&floor.one, vec![id.into_inner().into()])).await;
    let row = row.expect("an answer").expect("a centre");
    HttpResponse::Ok().json(Centre::from_model(centre::Model::from_query_result(&row, "").expect("a row")))
}

#[derive(Deserialize)]
struct Page {
    province: String,
    #[serde(default)]
    kind: String,
    after: Uuid,
}

async fn list(floor: web::Data<Floor>, page: web::Query<Page>) -> HttpResponse {
    let page = page.into_inner();
    let values = vec![page.province.into(), page.kind.into(), page.after.into()];
    let rows = floor.db.query_all_raw(floor.statement(&floor.list, values)).await.expect("rows");
    let items: Vec<_> = rows
        .iter()
        .take(50)
        .map(|row| Centre::from_model(centre::Model::from_query_result(row, "").expect("a row")))
        .collect();
    let page_info = json!({ "endCursor": items.last().map(|c| c.id), "hasNextPage": rows.len() > 50 });
    #[derive(serde::Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Body {
        items: Vec<Centre>,
        page_info: serde_json::Value,
    }
    HttpResponse::Ok().json(Body { items, page_info })
}

async fn nested(floor: web::Data<Floor>, page: web::Query<Page>) -> HttpResponse {
    let page = page.into_inner();
    let values = vec![page.province.into(), page.after.into()];
    let row = floor.db.query_one_raw(floor.statement(&floor.nested, values)).await.expect("an answer").expect("a row");
    let body: Option<String> = row.try_get("", "body").expect("a text");
    HttpResponse::Ok().content_type("application/json").body(body.unwrap_or_else(|| "[]".to_owned()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct New {
    learner_id: Uuid,
    class_id: Uuid,
}

async fn create(floor: web::Data<Floor>, new: web::Json<New>) -> HttpResponse {
    let (made, now) = (gdtx_service::Ids::default(), gdtx_service::Clock::System.now());
    let ids = [(ENROLMENT, made.next(now)), (EVENT, made.next(now)), (LEARNER, new.learner_id), (CLASS, new.class_id)];
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let tx = floor.writer.begin_with_options(options).await.expect("a transaction");
    for (sql, values) in &floor.inserts {
        let filled = values.iter().map(|value| match value {
            Value::Uuid(Some(id)) => {
                ids.iter().find(|(mark, _)| mark == id).map_or(value.clone(), |(_, id)| (*id).into())
            }
            Value::BigInt(Some(POSITION)) => (-floor.entries.fetch_add(1, Ordering::Relaxed)).into(),
            other => other.clone(),
        });
        tx.execute_raw(floor.statement(sql, filled.collect())).await.expect("a row");
    }
    tx.commit().await.expect("a commit");
    HttpResponse::Created().json(json!({ "id": ids[0].1 }))
}

#[derive(Deserialize)]
struct Whole {
    province: String,
}

/// Bytes that leave together.
const PIECE: usize = 64 * 1024;

/// Every enrolment of a province, a line of JSON each, as the rows come.
#[expect(clippy::disallowed_methods, reason = "the floor asks nobody")]
async fn export(floor: web::Data<Floor>, whole: web::Query<Whole>) -> HttpResponse {
    let (send, pieces) = tokio::sync::mpsc::channel::<Result<web::Bytes, actix_web::Error>>(2);
    actix_web::rt::spawn(async move {
        let select = enrolment::Entity::find()
            .filter(enrolment::Column::ProvinceCode.eq(whole.into_inner().province))
            .filter(enrolment::Column::DeletedAt.is_null())
            .order_by_asc(enrolment::Column::Id);
        let mut rows = select.stream(&floor.db).await.expect("rows");
        let mut piece = Vec::with_capacity(PIECE + 4096);
        while let Some(row) = rows.next().await {
            serde_json::to_writer(&mut piece, &Enrolment::from_model(row.expect("a row"))).expect("JSON");
            piece.push(b'\n');
            if piece.len() >= PIECE && send.send(Ok(std::mem::take(&mut piece).into())).await.is_err() {
                return;
            }
        }
        let _ = send.send(Ok(piece.into())).await;
    });
    let pieces = futures::stream::unfold(pieces, |mut pieces| async move { Some((pieces.recv().await?, pieces)) });
    HttpResponse::Ok().content_type("application/x-ndjson").streaming(pieces)
}

#[derive(Deserialize)]
struct Run {
    after: i64,
    first: u64,
}

/// Entries of the journal as they were written, in pages like those of the feed.
#[expect(clippy::disallowed_methods, reason = "the floor asks nobody")]
async fn changes(floor: web::Data<Floor>, run: web::Query<Run>) -> HttpResponse {
    #[derive(serde::Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Entry<'a> {
        position: Option<i64>,
        id: Uuid,
        version: i64,
        record: &'a serde_json::value::RawValue,
    }
    let rows = journal::Entity::find()
        .filter(journal::Column::Position.gt(run.after))
        .order_by_asc(journal::Column::Position)
        .limit(run.first)
        .all(&floor.db)
        .await
        .expect("rows");
    let items: Vec<_> = rows
        .iter()
        .map(|row| Entry {
            position: row.position,
            id: row.record_id,
            version: row.version,
            record: serde_json::from_str(row.after_image.as_deref().unwrap_or("null")).expect("JSON"),
        })
        .collect();
    let next = rows.last().and_then(|row| row.position).unwrap_or(run.after);
    #[derive(serde::Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Page<'a> {
        items: Vec<Entry<'a>>,
        next_after: i64,
    }
    HttpResponse::Ok().json(Page { items, next_after: next })
}
