//! An import: what was sent, how far it is, how it ended.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    SchoolYear,
    access::purpose::Purpose,
    code_enum,
    exchange::{resource::ResourceKind, window::SyncKind},
    territory::code_list::CodeScheme,
};

code_enum! {
    /// Where an import stands.
    ImportState {
        /// The payload is still being sent.
        Receiving = "receiving" ("Đang nhận tệp", "Receiving"),
        /// All is here; it waits for its turn.
        Queued = "queued" ("Đang chờ", "Queued"),
        /// Rows are being written.
        Running = "running" ("Đang chạy", "Running"),
        /// Every row was judged; receipts tell of each.
        Done = "done" ("Xong", "Done"),
        /// The payload could not be read to its end, or a row of an atomic import was refused.
        Failed = "failed" ("Không thành", "Failed"),
        /// The sender ended it; rows written before stay.
        Cancelled = "cancelled" ("Đã hủy", "Cancelled"),
    }
}

impl ImportState {
    /// Whether nothing more will happen.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

code_enum! {
    /// What a refused row means for the others.
    ImportMode {
        /// Each row stands for itself.
        PerRow = "perRow" ("Từng dòng", "Per row"),
        /// All rows or none.
        Atomic = "atomic" ("Tất cả hoặc không", "All or none"),
    }
}

code_enum! {
    /// The form of a payload.
    ImportFormat {
        /// A JSON object a line.
        Ndjson = "ndjson" ("NDJSON", "NDJSON"),
        /// Comma-separated values (RFC 4180), also with semicolons or tabs.
        Csv = "csv" ("CSV", "CSV"),
        /// A workbook; its first sheet is read.
        Xlsx = "xlsx" ("Bảng tính XLSX", "XLSX workbook"),
    }
}

code_enum! {
    /// How dates without a format in their heading are written.
    DateFormat {
        /// `2026-09-05`.
        Iso = "iso" ("Năm-tháng-ngày", "Year-month-day"),
        /// `05/09/2026`.
        Dmy = "dmy" ("Ngày/tháng/năm", "Day/month/year"),
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub client_id: Uuid,
    pub state: ImportState,
    /// None for a batch of several kinds.
    pub resource: Option<ResourceKind>,
    pub mode: ImportMode,
    pub dry_run: bool,
    pub format: ImportFormat,
    pub code_scheme: CodeScheme,
    pub date_format: DateFormat,
    /// The column that holds the sender's own key.
    pub key_column: Option<String>,
    /// Columns that the sender leaves out, as JSON.
    pub ignored: crate::List<String>,
    /// The day of the names of places in the file, where they are not today's.
    pub places_as_of: Option<NaiveDate>,
    /// The period that the rows are for, when the sender named it: both or none.
    pub school_year: Option<SchoolYear>,
    pub sync_kind: Option<SyncKind>,
    /// What the sender read and wrote for.
    pub purpose: Option<Purpose>,
    /// How often it was begun since rows were judged last.
    pub attempts: i32,
    /// SHA-256 that the sender named, hex.
    pub expected_digest: Option<String>,
    /// SHA-256 of the payload, hex, once all of it is here.
    pub digest: Option<String>,
    pub bytes: i64,
    pub bytes_done: i64,
    pub rows_done: i64,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub rejected: i64,
    /// The pass over the payload (one a kind of record) and the line that was done last in it.
    pub pass: i32,
    pub line: i64,
    /// Where the journal ended before the first row and after the last.
    pub position_before: Option<i64>,
    pub position_after: Option<i64>,
    /// Why it failed, as JSON.
    pub problems: Option<Json>,
    /// The headings of a sheet as they were sent, a list in JSON, sealed; none until they were read.
    pub headings: Option<String>,
    /// Who works on it, and until when that is believed.
    pub runner: Option<Uuid>,
    pub leased_until: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    /// When it and its receipts are deleted.
    pub expires_at: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
