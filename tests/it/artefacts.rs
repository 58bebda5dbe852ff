//! What is generated and committed equals what the code says. `make artefacts` writes it anew.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use secrecy::ExposeSecret;

use crate::support::{self, Backend, Service};

/// The root of the project.
fn root() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[track_caller]
fn compare(path: &str, current: &str) {
    let file = root().join(path);
    if std::env::var_os("UPDATE_ARTEFACTS").is_some() {
        std::fs::write(file, current).expect("a written artefact");
        return;
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    if let Some((line, (old, new))) =
        committed.lines().zip(current.lines()).enumerate().find(|(_, (old, new))| old != new)
    {
        panic!("{path}:{}: committed “{old}”, now “{new}”; run `make artefacts`", line + 1);
    }
    assert_eq!(committed.len(), current.len(), "{path} has another length; run `make artefacts`");
}

#[test]
fn artefacts_openapi() {
    compare("openapi/openapi.json", &gdtx_api::openapi::print());
}

#[test]
fn artefacts_graphql() {
    compare("schema/schema.graphql", &gdtx_api::graphql::build(&gdtx_api::Settings::default()).sdl());
}

#[test]
fn artefacts_policy() {
    compare("schema/policy.txt", &gdtx_service::access::policy::print());
}

#[test]
fn artefacts_code_lists() {
    compare("schema/code-lists.json", &gdtx_service::territory::code_list::print());
}

#[test]
fn artefacts_sqlite() {
    support::run(Backend::Sqlite, |s| async {
        let db = connect(&s).await;
        let rows = texts(
            &db,
            "SELECT sql || ';' FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name",
        );
        compare("schema/sqlite.sql", &(rows.await.join("\n") + "\n"));
        s
    });
}

#[test]
fn artefacts_postgres() {
    support::run(Backend::Postgres, |s| async {
        let db = connect(&s).await;
        let columns = texts(
            &db,
            "SELECT '-- ' || table_name || '.' || column_name || ' ' || data_type
                    || coalesce('(' || character_maximum_length || ')', '') || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END
             FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position",
        )
        .await;
        let constraints = texts(
            &db,
            "SELECT 'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(oid) || ';'
             FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY conrelid::regclass::text, conname",
        )
        .await;
        let indexes =
            texts(&db, "SELECT indexdef || ';' FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname").await;
        compare("schema/postgres.sql", &([columns, constraints, indexes].concat().join("\n") + "\n"));
        s
    });
}

async fn connect(s: &Service) -> DatabaseConnection {
    sea_orm::Database::connect(s.settings.database_url.expose_secret()).await.expect("a connection")
}

async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let backend: DbBackend = db.get_database_backend();
    let rows = db.query_all_raw(Statement::from_string(backend, sql)).await.expect("rows");
    rows.iter().map(|r| r.try_get_by_index::<String>(0).expect("a text")).collect()
}
