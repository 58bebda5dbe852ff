//! Webhooks on both surfaces, and the courier that posts their messages.

mod courier;
mod document;
mod fields;
mod log;
mod rest;
mod step;

use actix_web::web::{self, ServiceConfig};

pub use courier::HttpCourier;
pub use document::describe;
pub use fields::{WebhookMutation, WebhookQuery};
pub use log::list as deliveries;
pub use rest::{create, delete, get, list, update};
pub use step::{replay, rotate_secret, test};

pub use log::__path_list as __path_deliveries;
pub use rest::{__path_create, __path_delete, __path_get, __path_list, __path_update};
pub use step::{__path_replay, __path_rotate_secret, __path_test};

/// Mounts webhooks.
pub fn mount(config: &mut ServiceConfig) {
    config
        .service(web::resource("/v1/webhooks").route(web::get().to(list)).route(web::post().to(create)))
        .service(
            web::resource("/v1/webhooks/{id}")
                .route(web::get().to(get))
                .route(web::head().to(get))
                .route(web::patch().to(update))
                .route(web::delete().to(delete)),
        )
        .service(web::resource("/v1/webhooks/{id}/rotate-secret").route(web::post().to(rotate_secret)))
        .service(web::resource("/v1/webhooks/{id}/replay").route(web::post().to(replay)))
        .service(web::resource("/v1/webhooks/{id}/test").route(web::post().to(test)))
        .service(web::resource("/v1/webhooks/{id}/deliveries").route(web::get().to(deliveries)));
}
