//! Imports on both surfaces: payloads in, jobs and receipts out.

mod create;
mod fields;
mod job;
mod receipts;
mod sheet;
mod summary;
mod template;
mod upload;

use actix_web::web::{self, ServiceConfig};
use gdtx_service::exchange::imports::KINDS;
use serde_json::Value;
use utoipa::openapi::{
    OpenApi, RefOr, Schema,
    path::{Operation, Parameter},
};

pub use create::create;
pub use fields::{ImportMutation, ImportQuery};
pub use job::{cancel, get, list};
pub use receipts::list as list_receipts;
pub use summary::read as summary;
pub use template::read as template;
pub use upload::{offset, upload};

pub use create::__path_create;
pub use job::{__path_cancel, __path_get, __path_list};
pub use receipts::__path_list as __path_list_receipts;
pub use summary::__path_read as __path_summary;
pub use template::__path_read as __path_template;
pub use upload::{__path_offset, __path_upload};

/// Writes down which kinds of record files bring.
pub fn describe(document: &mut OpenApi) {
    let kinds = || KINDS.iter().map(|kind| kind.code().to_owned());
    let books = kinds().map(|kind| format!("{kind}{}", template::BOOK));
    let narrow = |operation: Option<&mut Operation>, values: Vec<String>| {
        for parameter in operation.into_iter().flat_map(|o| o.parameters.iter_mut().flatten()) {
            if let RefOr::T(Parameter { name, schema: Some(RefOr::T(Schema::Object(text))), .. }) = parameter
                && name == "resource"
            {
                text.enum_values = Some(values.iter().cloned().map(Value::from).collect());
            }
        }
    };
    let paths = &mut document.paths.paths;
    narrow(paths.get_mut("/v1/imports").and_then(|item| item.post.as_mut()), kinds().collect());
    let template = paths.get_mut("/v1/imports/templates/{resource}").and_then(|item| item.get.as_mut());
    narrow(template, kinds().chain(books).collect());
}

/// Mounts imports.
pub fn mount(config: &mut ServiceConfig) {
    config
        .service(web::resource("/v1/imports").route(web::get().to(list)).route(web::post().to(create)))
        .service(web::resource("/v1/imports/templates/{resource}").route(web::get().to(template)))
        .service(web::resource("/v1/imports/{id}").route(web::get().to(get)).route(web::head().to(get)))
        .service(web::resource("/v1/imports/{id}/cancel").route(web::post().to(cancel)))
        .service(web::resource("/v1/imports/{id}/summary").route(web::get().to(summary)))
        .service(web::resource("/v1/imports/{id}/receipts").route(web::get().to(list_receipts)))
        .service(
            web::resource("/v1/imports/{id}/upload")
                .route(web::get().to(offset))
                .route(web::head().to(offset))
                .route(web::patch().to(upload)),
        );
}
