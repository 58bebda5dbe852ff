//! What a client must know before it asks: languages, forms and limits.

use actix_web::{HttpRequest, web};
use serde_json::json;

use super::{data::Output, parameters};
use crate::{
    headers::Caller,
    rest::{
        operations::{Answer, reading},
        respond,
    },
    state::App,
};
use gdtx_service::statistics::MOST_FIGURES;

/// What stands for no limit where the protocol wants a number of calls.
const UNLIMITED: i64 = 1_000_000;

async fn read(req: HttpRequest, _: Caller, app: web::Data<App>) -> Answer {
    parameters::none(&req)?;
    // Whoever has no token may ask as often as the narrower of the two quotas says.
    let quotas = [app.settings.rate_statistics, app.settings.rate_public];
    let calls = quotas.into_iter().filter(|calls| *calls > 0).min().unwrap_or(UNLIMITED);
    let config = json!({
        "apiVersion": "2.0.0",
        "appVersion": env!("CARGO_PKG_VERSION"),
        "languages": [{ "id": "vi", "label": "Tiếng Việt" }, { "id": "en", "label": "English" }],
        "defaultLanguage": "vi",
        "maxDataCells": MOST_FIGURES,
        "maxCallsPerTimeWindow": calls,
        "timeWindow": app.settings.rate_window_seconds,
        "license": "",
        "sourceReferences": [
            { "language": "vi", "text": "Nguồn: GDTX exchange" },
            { "language": "en", "text": "Source: GDTX exchange" },
        ],
        "defaultDataFormat": Output::default().code(),
        "dataFormats": Output::ALL.map(Output::code),
        "features": [],
    });
    Ok(respond::json(&config))
}

pub fn mount(root: &str, config: &mut web::ServiceConfig) {
    config.service(reading(&format!("{root}/config"), read));
}
