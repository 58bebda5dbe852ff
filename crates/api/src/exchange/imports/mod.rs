//! Imports on both surfaces: payloads in, jobs and receipts out.

mod create;
mod fields;
mod job;
mod receipts;
mod sheet;
mod upload;

use actix_web::web::{self, ServiceConfig};

pub use create::create;
pub use fields::{ImportMutation, ImportQuery};
pub use job::{cancel, get, list};
pub use receipts::list as list_receipts;
pub use upload::{offset, upload};

pub use create::__path_create;
pub use job::{__path_cancel, __path_get, __path_list};
pub use receipts::__path_list as __path_list_receipts;
pub use upload::{__path_offset, __path_upload};

/// Mounts imports.
pub fn mount(config: &mut ServiceConfig) {
    config
        .service(web::resource("/v1/imports").route(web::get().to(list)).route(web::post().to(create)))
        .service(web::resource("/v1/imports/{id}").route(web::get().to(get)).route(web::head().to(get)))
        .service(web::resource("/v1/imports/{id}/cancel").route(web::post().to(cancel)))
        .service(web::resource("/v1/imports/{id}/receipts").route(web::get().to(list_receipts)))
        .service(web::resource("/v1/imports/{id}/upload").route(web::head().to(offset)).route(web::patch().to(upload)));
}
