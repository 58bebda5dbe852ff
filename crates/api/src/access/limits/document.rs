//! What every counted operation documents: the refusal beyond its quota, and its headers.

use actix_web::http::Method;
use utoipa::{
    ToSchema,
    openapi::{
        Content, Object, OpenApi, Ref, RefOr, Response, ResponseBuilder,
        header::{Header, HeaderBuilder},
        schema::Type,
    },
};

use super::toll::{self, Toll};
use crate::{access::oauth::OAuthFailure, problem::Problem};

/// Adds the refusal to each operation that is counted.
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
        }
    }
}

fn refusal(media: &str, schema: &str) -> Response {
    let mut response = ResponseBuilder::new()
        .description("A quota is used up; every counted answer carries the two `RateLimit` headers.")
        .content(media, Content::new(Some(Ref::from_schema_name(schema))))
        .build();
    for (name, kind, about) in [
        ("RateLimit-Policy", Type::String, "Quotas of the request: `\"read\";q=3000;w=60` is 3,000 in 60 seconds."),
        ("RateLimit", Type::String, "What is left: `\"read\";r=2999;t=42` until 42 seconds from now."),
        ("Retry-After", Type::Integer, "Seconds to wait."),
    ] {
        response.headers.insert(name.to_owned(), RefOr::T(header(kind, about)));
    }
    response
}

fn header(kind: Type, about: &str) -> Header {
    HeaderBuilder::new().schema(Some(Object::with_type(kind))).description(Some(about)).build()
}
