//! An export that runs beside requests: what was asked for, how far its file is, how it ended.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{access::purpose::Purpose, code_enum, exchange::resource::ResourceKind};

code_enum! {
    /// Where an export stands.
    ExportState {
        /// It waits for its turn.
        Queued = "queued" ("Đang chờ", "Queued"),
        /// Its file is being made.
        Running = "running" ("Đang chạy", "Running"),
        /// The file is there, whole.
        Done = "done" ("Xong", "Done"),
        /// The file could not be made; nothing of it is kept.
        Failed = "failed" ("Không thành", "Failed"),
        /// Its client ended it, or took its file back; nothing of it is kept.
        Cancelled = "cancelled" ("Đã hủy", "Cancelled"),
    }
}

code_enum! {
    /// The form of an export.
    #[derive(Default)]
    ExportFormat {
        /// A JSON object a line, as the list shows it.
        #[default]
        Ndjson = "ndjson" ("NDJSON", "NDJSON"),
        /// Comma-separated values (RFC 4180), UTF-8 with a byte-order mark.
        Csv = "csv" ("CSV", "CSV"),
        /// A workbook.
        Xlsx = "xlsx" ("Bảng tính XLSX", "XLSX workbook"),
    }
}

code_enum! {
    /// Which columns a sheet has, and what they are called.
    #[derive(Default)]
    ExportLayout {
        /// Every field by its name.
        #[default]
        Api = "api" ("Tên trường", "Names of fields"),
        /// The fields of the official record form, by their symbols (QĐ 4998/QĐ-BGDĐT), with the
        /// Ministry's codes unless another scheme is named.
        Qd4998 = "qd4998" ("Ký hiệu theo QĐ 4998", "Symbols of QĐ 4998"),
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "export_job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub client_id: Uuid,
    pub state: ExportState,
    pub resource: ResourceKind,
    pub format: ExportFormat,
    /// The parameters of the export as a query string, sealed: filters may name people.
    pub query: String,
    /// The moment of the past that was asked for.
    pub as_of: Option<String>,
    /// Whether labels are written in English.
    pub in_english: bool,
    /// What personal data are read for.
    pub purpose: Option<Purpose>,
    /// How often its file was begun.
    pub attempts: i32,
    /// Where the journal ended before the first record was read.
    pub position: Option<i64>,
    /// Records that were written.
    pub rows: i64,
    /// Bytes that were written.
    pub bytes: i64,
    /// SHA-256 of the file, hex, once it is whole.
    pub digest: Option<String>,
    /// A hash of the rights under which the file was made; other rights do not open it.
    pub rights: Option<String>,
    /// Why it failed, as JSON.
    pub problems: Option<Json>,
    /// Who works on it, and until when that is believed; of a file that is whole, who made it.
    pub runner: Option<Uuid>,
    pub leased_until: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    /// When it and its file are deleted.
    pub expires_at: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
