//! How the tables come to be, on SQLite and on PostgreSQL.
//!
//! One migration per thing, in order, in the room of its name. Two servers that start at once do not collide:
//! PostgreSQL takes an advisory lock, SQLite runs each migration as one write transaction.

mod access;
mod centres;
pub mod column;
mod exchange;
mod learners;
mod programmes;
mod recognitions;
mod statistics;
mod territory;

use sea_orm_migration::{
    MigratorTrait,
    prelude::{DbErr, MigrationTrait},
    sea_orm::{ConnectOptions, ConnectionTrait, Database, DbBackend},
};

/// Every migration, oldest first.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(exchange::m0001_exchange::Migration),
            Box::new(access::m0002_access::Migration),
            Box::new(centres::m0003_centres::Migration),
            Box::new(programmes::m0004_programmes::Migration),
            Box::new(learners::m0005_learners::Migration),
            Box::new(recognitions::m0006_recognitions::Migration),
            Box::new(territory::m0007_territory::Migration),
            Box::new(exchange::m0008_imports::Migration),
            Box::new(exchange::m0009_windows::Migration),
            Box::new(exchange::m0010_webhooks::Migration),
            Box::new(exchange::m0011_past::Migration),
            Box::new(exchange::m0012_exports::Migration),
            Box::new(statistics::m0013_statistics::Migration),
            Box::new(centres::m0014_staff::Migration),
            Box::new(statistics::m0015_release::Migration),
            Box::new(statistics::m0016_report::Migration),
            Box::new(learners::m0017_results::Migration),
        ]
    }
}

/// A number of our own for PostgreSQL's advisory lock around migrations ("GDTX").
const LOCK: i64 = 0x4744_5458;

/// Brings the database at `url` to the newest schema and tells how many steps were applied.
pub async fn migrate(url: &str) -> Result<usize, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await?;
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    if postgres {
        db.execute_unprepared(&format!("SELECT pg_advisory_lock({LOCK})")).await?;
    }
    let before = Migrator::get_applied_migrations(&db).await.map_or(0, |m| m.len());
    let outcome = Migrator::up(&db, None).await;
    if postgres {
        db.execute_unprepared(&format!("SELECT pg_advisory_unlock({LOCK})")).await?;
    }
    outcome?;
    let after = Migrator::get_applied_migrations(&db).await?.len();
    db.close().await?;
    Ok(after - before)
}
