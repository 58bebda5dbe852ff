//! What every counted operation documents: the headers of its answers and the refusal beyond its quota.

use actix_web::http::Method;
use utoipa::{
    ToSchema,
    openapi::{
        Content, KnownFormat, ObjectBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder, SchemaFormat,
        header::{Header, HeaderBuilder},
        schema::Type,
    },
};

use super::toll::{self, Toll};
use crate::{access::oauth::OAuthFailure, problem::Problem};

/// Completes each operation that is counted.
pub fn describe(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let operations = [
            (Method::GET, &mut item.get),
            (Method::POST, &mut item.post),
            (Method::PUT, &mut item.put),
            (Method::PATCH, &mut item.patch),
            (Method::DELETE, &mut item.delete),
        ];
        for (method, operation) in operations {
            let Some(operation) = operation.as_mut().filter(|_| toll::of_request(&method, path) != Toll::None) else {
                continue;
            };
            let refusal = if path.starts_with("/oauth/") {
                refusal("application/json", &OAuthFailure::name())
            } else {
                refusal("application/problem+json", &Problem::name())
            };
            operation.responses.responses.insert("429".to_owned(), RefOr::T(refusal));
            for (status, response) in &mut operation.responses.responses {
                if let (true, RefOr::T(response)) = (status.starts_with(['2', '4']), response) {
                    response.headers.extend(quotas());
                }
            }
        }
    }
}

fn refusal(media: &str, schema: &str) -> Response {
    let mut response = ResponseBuilder::new()
        .description("A quota is used up.")
        .content(media, Content::new(Some(Ref::from_schema_name(schema))))
        .build();
    let seconds = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
        .minimum(Some(1))
        .maximum(Some(i32::MAX));
    response.headers.extend([header("Retry-After", seconds, "Seconds to wait.")]);
    response
}

/// The headers of every counted answer.
fn quotas() -> [(String, RefOr<Header>); 2] {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    [
        header("RateLimit-Policy", text(), "Quotas of the request: `\"read\";q=3000;w=60` is 3,000 in 60 seconds."),
        header("RateLimit", text(), "What is left: `\"read\";r=2999;t=42` until 42 seconds from now."),
    ]
}

fn header(name: &str, form: ObjectBuilder, about: &str) -> (String, RefOr<Header>) {
    let header = HeaderBuilder::new().schema(Some(form.build())).description(Some(about)).build();
    (name.to_owned(), RefOr::T(header))
}
