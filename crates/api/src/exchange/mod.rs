//! The change feed, full copies, batches, imports, exports, webhooks, and the periods in which records may
//! come.

pub mod batch;
pub mod changes;
pub mod events;
pub mod exports;
pub mod imports;
pub mod sheet;
pub mod sync;
pub mod webhooks;
pub mod window;
pub mod window_check;
pub mod window_lock;

use actix_web::web::ServiceConfig;
use utoipa::openapi::OpenApi;

/// Mounts what stands beside the standard operations of windows.
pub fn mount(config: &mut ServiceConfig) {
    config.configure(window_check::mount).configure(window_lock::mount);
}

/// Describes it.
pub fn describe(document: &mut OpenApi) {
    window_lock::describe(document);
}
