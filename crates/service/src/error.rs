//! Everything that a use case can refuse or fail with, as one enum of stable codes.
//!
//! The table below is the only list: status, titles and the explanation on `/problems/{code}`.

use gdtx_domain::{Checks, FieldProblem, Label, Refusal};
use sea_orm::{DbErr, SqlErr};

pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! codes {
    ($($variant:ident = $code:literal $status:literal ($vi:literal, $en:literal) ($vi_text:literal, $en_text:literal)),+ $(,)?) => {
        /// A stable error code; part of the contract.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $(#[doc = $en_text] $variant),+ }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $code),+ } }

            /// The HTTP status that goes with the code.
            pub const fn status(self) -> u16 { match self { $(Self::$variant => $status),+ } }

            pub fn title(self) -> Label { match self { $(Self::$variant => Label::new($vi, $en)),+ } }

            /// What the caller can do about it.
            pub fn explanation(self) -> Label { match self { $(Self::$variant => Label::new($vi_text, $en_text)),+ } }
        }
    };
}

codes! {
    MalformedBody = "malformed_body" 400 ("Nội dung gửi lên không đọc được", "Malformed body")
        ("Nội dung không phải JSON đúng dạng, có trường lạ hoặc sai kiểu. Sửa theo errors[].pointer rồi gửi lại.",
         "The body is not well-formed JSON, or holds an unknown property or a wrong type. Mend it at errors[].pointer and send it again."),
    InvalidParameter = "invalid_parameter" 400 ("Tham số không hợp lệ", "Invalid parameter")
        ("Một tham số truy vấn không có, sai kiểu hoặc con trỏ trang không thuộc bộ lọc này. Xem errors[].parameter.",
         "A query parameter is unknown or of a wrong type, or a page cursor belongs to another filter. See errors[].parameter."),
    InvalidHeader = "invalid_header" 400 ("Tiêu đề không hợp lệ", "Invalid header")
        ("Một tiêu đề của yêu cầu sai dạng. Xem errors[].header.",
         "A header of the request is malformed. See errors[].header."),
    Unauthenticated = "unauthenticated" 401 ("Chưa xác thực", "Not authenticated")
        ("Cần một access token còn hạn trong tiêu đề Authorization: Bearer. Lấy token tại /oauth/token.",
         "A valid access token is needed in the header Authorization: Bearer. Tokens are issued at /oauth/token."),
    Forbidden = "forbidden" 403 ("Không được phép", "Forbidden")
        ("Quyền của ứng dụng không cho phép thao tác này; detail nói thiếu quyền nào và ai cấp.",
         "The client's grants do not allow this; detail names the missing grant and who can give it."),
    PurposeNotAgreed = "purpose_not_agreed" 403 ("Mục đích ngoài thỏa thuận", "Purpose not agreed")
        ("Mục đích nêu trong Data-Purpose không có trong thỏa thuận chia sẻ dữ liệu còn hiệu lực của ứng dụng; quản trị hệ thống ghi thỏa thuận.",
         "The purpose named in Data-Purpose is not in a data-sharing agreement of the client that is in force; an administrator records agreements."),
    NotFound = "not_found" 404 ("Không tìm thấy", "Not found")
        ("Không có bản ghi này, hoặc nó nằm ngoài phạm vi của ứng dụng.",
         "There is no such record, or it lies outside the client's reach."),
    MethodNotAllowed = "method_not_allowed" 405 ("Phương thức không được hỗ trợ", "Method not allowed")
        ("Đường dẫn có nhưng không nhận phương thức này; xem tiêu đề Allow.",
         "The path exists but does not take this method; see the header Allow."),
    NotAcceptable = "not_acceptable" 406 ("Không có dạng dữ liệu yêu cầu", "Not acceptable")
        ("Dịch vụ không tạo được dạng dữ liệu trong tiêu đề Accept.",
         "The service cannot produce the media type named in the header Accept."),
    Conflict = "conflict" 409 ("Xung đột", "Conflict")
        ("Bản ghi trùng hoặc đã thay đổi theo cách không cho phép thao tác này.",
         "The record exists already, or has changed in a way that rules this out."),
    PeriodClosed = "period_closed" 409 ("Kỳ dữ liệu không mở", "Period not open")
        ("Sở đã đóng, khóa hoặc chưa mở kỳ này cho đơn vị; detail nêu lý do và thời điểm. Xem /v1/sync-windows/check.",
         "The department has closed or locked this period for the unit, or not opened it yet; detail gives the reason and the date. See /v1/sync-windows/check."),
    ImpossibleTransition = "impossible_transition" 409 ("Chuyển trạng thái không hợp lệ", "Impossible transition")
        ("Trạng thái hiện tại không cho phép sự kiện này; detail nêu lý do.",
         "The present state does not allow this event; detail gives the reason."),
    StaleVersion = "stale_version" 412 ("Phiên bản đã cũ", "Stale version")
        ("Bản ghi đã thay đổi từ khi bạn đọc. Đọc lại rồi sửa trên phiên bản mới.",
         "The record has changed since it was read. Read it again and repeat the change on the new version."),
    PayloadTooLarge = "payload_too_large" 413 ("Nội dung quá lớn", "Payload too large")
        ("Nội dung vượt giới hạn của dịch vụ.", "The body exceeds the limit of the service."),
    UnsupportedMediaType = "unsupported_media_type" 415 ("Dạng dữ liệu không được hỗ trợ", "Unsupported media type")
        ("Gửi application/json (hoặc application/merge-patch+json với PATCH).",
         "Send application/json (or application/merge-patch+json with PATCH)."),
    RangeNotSatisfiable = "range_not_satisfiable" 416 ("Không có đoạn này", "Range not satisfiable")
        ("Tệp không có đoạn byte nêu trong Range; Content-Range cho biết độ dài của tệp.",
         "The file has no bytes in the range that Range names; Content-Range tells the length of the file."),
    ValidationFailed = "validation_failed" 422 ("Dữ liệu không hợp lệ", "Validation failed")
        ("Nội dung đọc được nhưng trái quy tắc; errors[] chỉ từng trường.",
         "The body was read but breaks rules; errors[] names each field."),
    IdempotencyMismatch = "idempotency_mismatch" 422 ("Khóa chống lặp dùng cho nội dung khác", "Idempotency key reused")
        ("Idempotency-Key này đã dùng với nội dung khác trong 24 giờ qua.",
         "This Idempotency-Key was used with another request within the last 24 hours."),
    RateLimited = "rate_limited" 429 ("Quá nhiều yêu cầu", "Too many requests")
        ("Chờ theo Retry-After rồi gửi lại.", "Wait as Retry-After says and send it again."),
    Internal = "internal" 500 ("Lỗi nội bộ", "Internal error")
        ("Lỗi của dịch vụ; ghi lại requestId khi báo.", "The service is at fault; quote the request id when reporting."),
    Unavailable = "unavailable" 503 ("Tạm thời không phục vụ được", "Temporarily unavailable")
        ("Cơ sở dữ liệu hoặc dịch vụ đang bận; thử lại sau.", "The database or the service is busy; try again later."),
}

impl Code {
    /// Whether the very same request may pass later, without anybody changing anything.
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::RateLimited | Self::Unavailable)
    }
}

/// Why a use case did not do what was asked.
#[derive(Debug)]
pub struct Error {
    pub code: Code,
    pub detail: Label,
    /// The fields at fault, by JSON Pointer.
    pub fields: Vec<FieldProblem>,
    /// For the log only.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    pub fn new(code: Code, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, detail: Label::new(vi, en), fields: Vec::new(), source: None }
    }

    /// An error that only its code explains.
    pub fn of(code: Code) -> Self {
        Self { code, detail: code.explanation(), fields: Vec::new(), source: None }
    }

    /// Nothing there, or nothing that the caller may know of.
    pub fn not_found() -> Self {
        Self::of(Code::NotFound)
    }

    /// One field at fault.
    pub fn field(
        code: Code,
        pointer: &str,
        field_code: &'static str,
        vi: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        let mut checks = Checks::default();
        checks.refuse(pointer, field_code, vi, en);
        Self { fields: checks.problems, ..Self::of(code) }
    }

    /// A failure of the service itself; the source goes to the log.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..Self::of(Code::Internal) }
    }

    /// Whether an outside key belongs to another record already.
    pub(crate) fn is_taken_key(&self) -> bool {
        self.fields.iter().any(|field| field.code == "external_id_taken")
    }

    /// Whether another write came in between: begun again, this one may pass.
    pub(crate) fn lost_race(&self) -> bool {
        let Some(error) = self.source.as_ref().and_then(|source| source.downcast_ref::<DbErr>()) else { return false };
        matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) || is_transient(&error.to_string())
    }
}

/// Turns the problems found into an error; warnings pass.
pub fn accept(checks: Checks) -> Result<Vec<FieldProblem>> {
    if checks.is_ok() {
        Ok(checks.warnings)
    } else {
        Err(Error { fields: checks.problems, ..Error::of(Code::ValidationFailed) })
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail.en)
    }
}

impl std::error::Error for Error {}

impl From<Refusal> for Error {
    /// A step that the state of a record rules out; other refusals of a rule are 422.
    fn from(refusal: Refusal) -> Self {
        let code = match refusal.code {
            "transition_not_allowed" | "final_state" => Code::ImpossibleTransition,
            _ => Code::ValidationFailed,
        };
        let basis = if refusal.basis.is_empty() { String::new() } else { format!(" ({})", refusal.basis) };
        Self::new(code, format!("{}{basis}", refusal.detail.vi), format!("{}{basis}", refusal.detail.en))
    }
}

impl From<DbErr> for Error {
    fn from(e: DbErr) -> Self {
        let code = match (&e, e.sql_err()) {
            (_, Some(SqlErr::UniqueConstraintViolation(_))) => Code::Conflict,
            (DbErr::ConnectionAcquire(_) | DbErr::Conn(_), _) => Code::Unavailable,
            _ if is_transient(&e.to_string()) => Code::Unavailable,
            _ if is_unstorable(&e.to_string()) => Code::InvalidParameter,
            _ => Code::Internal,
        };
        Self { source: Some(Box::new(e)), ..Self::of(code) }
    }
}

/// Values that pass our types and that PostgreSQL cannot hold: a NUL character in a text, a date
/// far outside of history; or a search text that SQLite finds too long.
fn is_unstorable(message: &str) -> bool {
    ["invalid byte sequence", "out of range", "null character", "pattern too complex"]
        .iter()
        .any(|sign| message.contains(sign))
}

/// Deadlocks, serialisation failures, a busy SQLite file, a full disk, and a server that is going
/// or coming: the same request may pass later.
fn is_transient(message: &str) -> bool {
    [
        "deadlock detected",
        "could not serialize",
        "database is locked",
        "40001",
        "40P01",
        "connection closed",
        "error communicating with database",
        "terminating connection",
        "the database system is",
        "disk is full",
        "disk I/O error",
        "No space left on device",
        "conflict with recovery",
    ]
    .iter()
    .any(|sign| message.contains(sign))
}
