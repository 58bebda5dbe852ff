//! PxWeb API 2 over the data sets, so that the clients of statistical offices read them unchanged.
//!
//! It is another protocol with a specification of its own, so it stands in no document of ours. A data set is a table,
//! its measures are the variable `ContentsCode`; what adds up may be left out, which sums over it (elimination).

mod config;
mod data;
mod dataset;
mod expression;
mod json_px;
mod metadata;
mod parameters;
mod selection;
mod tables;

use actix_web::web::ServiceConfig;
use gdtx_service::{
    Code, Ctx, Error, Result,
    statistics::{self, StatisticsDataSet},
};

/// Where the protocol begins. R's pxweb takes no address without `/api/v2` for one of this protocol.
const ROOTS: [&str; 2] = ["/pxweb/v2", "/pxweb/api/v2"];
/// The variable of measures.
const CONTENTS: &str = "ContentsCode";

pub fn mount(config: &mut ServiceConfig) {
    for root in ROOTS {
        config::mount(root, config);
        tables::mount(root, config);
        metadata::mount(root, config);
        data::mount(root, config);
    }
}

/// Where the protocol begins for a path, if it is one of it.
pub fn root_of(path: &str) -> Option<&'static str> {
    ROOTS.into_iter().find(|root| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// The data set behind a table.
async fn table(ctx: &Ctx, id: &str) -> Result<StatisticsDataSet> {
    statistics::get(ctx, id).await.map_err(|error| match error.code {
        Code::NotFound => Error::new(Code::NotFound, "Không có bảng này.", "There is no such table."),
        _ => error,
    })
}

/// A refusal of a parameter. Clients of the protocol show `detail` alone.
fn refuse(parameter: &str, code: &'static str, vi: impl Into<String>, en: impl Into<String>) -> Error {
    told(Error::field(Code::InvalidParameter, parameter, code, vi, en))
}

/// The same refusal with the words on its first fault as its own.
fn told(mut error: Error) -> Error {
    if let Some(field) = error.fields.first() {
        error.detail = field.detail.clone();
    }
    error
}
