//! The refusals that the operations of this room document, once for all of them.

use utoipa::IntoResponses;

use crate::problem::Problem;

/// Of every operation that needs a token.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by the documentation only")]
pub enum Common {
    /// A parameter or the body is malformed.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// No or bad token.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// The grant is missing.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
}

/// Of operations on one record.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by the documentation only")]
pub enum OfOne {
    /// There is no such record within reach.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
}

/// Of operations that write.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by the documentation only")]
pub enum Writing {
    /// The state of the record rules this out.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
    /// The content breaks rules, or the key of a retry belongs to another request.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
}

/// Of operations that read a body.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by the documentation only")]
pub enum WithBody {
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is of another media type than those named.
    #[response(status = 415, content_type = "application/problem+json")]
    NotJson(Problem),
}
