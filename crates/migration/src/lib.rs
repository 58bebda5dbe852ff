//! How the tables come to be, on SQLite and on PostgreSQL.
//!
//! One migration per thing, in order. Two servers that start at once do not collide:
//! PostgreSQL takes an advisory lock, SQLite runs each migration as one write transaction.

pub mod column;
mod m0001_exchange;
mod m0002_access;
mod m0003_centres;
mod m0004_programmes;
mod m0005_learners;
mod m0006_recognitions;
mod m0007_territory;
mod m0008_imports;
mod m0009_windows;
mod m0010_webhooks;
mod m0011_past;
mod m0012_exports;
mod m0013_statistics;
mod m0014_staff;

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
            Box::new(m0001_exchange::Migration),
            Box::new(m0002_access::Migration),
            Box::new(m0003_centres::Migration),
            Box::new(m0004_programmes::Migration),
            Box::new(m0005_learners::Migration),
            Box::new(m0006_recognitions::Migration),
            Box::new(m0007_territory::Migration),
            Box::new(m0008_imports::Migration),
            Box::new(m0009_windows::Migration),
            Box::new(m0010_webhooks::Migration),
            Box::new(m0011_past::Migration),
            Box::new(m0012_exports::Migration),
            Box::new(m0013_statistics::Migration),
            Box::new(m0014_staff::Migration),
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
