//! What the documentation of all public reference data shares, written once.
//!
//! The operations themselves only tell what is their own: path, parameters and the answer.

use utoipa::{
    ToSchema,
    openapi::{
        Components, Object, OpenApi, RefOr, ResponseBuilder, header::HeaderBuilder, path::Operation, schema::Type,
    },
};

use super::describe::{fields, header, page_of, paging, refusal, register};

/// Registers an item and the page of such items.
pub fn page<T: ToSchema>(document: &mut OpenApi) {
    let components = document.components.get_or_insert_with(Components::new);
    register::<T>(components);
    register::<gdtx_service::PageInfo>(components);
    let name = T::name();
    components.schemas.insert(format!("{name}Page"), page_of(&name));
}

/// Completes the operations of a tag: pages of lists, narrowing, conditional reads, refusals.
pub fn complete(document: &mut OpenApi, tag: &str) {
    let tagged = |operation: &&mut Operation| operation.tags.iter().flatten().any(|t| t == tag);
    for operation in document.paths.paths.values_mut().filter_map(|path| path.get.as_mut()).filter(tagged) {
        let parameters = operation.parameters.get_or_insert_default();
        if operation.operation_id.as_deref().is_some_and(|id| id.starts_with("list")) {
            parameters.extend(paging().map(RefOr::T));
        }
        let etag = header("If-None-Match", "ETag of the answer the caller has; answered with 304.");
        parameters.extend([fields(), etag].map(RefOr::T));
        let responses = &mut operation.responses.responses;
        if let Some(RefOr::T(response)) = responses.get_mut("200") {
            let tag = HeaderBuilder::new().schema(Some(Object::with_type(Type::String)));
            let tag = tag.description(Some("Strong, a fingerprint of the answer.")).build();
            response.headers.insert("ETag".to_owned(), RefOr::T(tag));
        }
        let same = ResponseBuilder::new().description("The caller has this answer.").build();
        responses.insert("304".to_owned(), RefOr::T(same));
        responses.insert("400".to_owned(), RefOr::T(refusal("A parameter is unknown, missing or of a wrong kind.")));
    }
}
