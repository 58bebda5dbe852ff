//! Pages for people: start, documentation, explorer, and one per error. All assets are embedded.

use actix_web::{HttpRequest, HttpResponse, web};
use gdtx_domain::Lang;
use gdtx_service::{Code, Error};

use crate::{headers::language, problem::Failure, state::App};

/// `/healthz`: the process lives.
pub async fn health() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// `/readyz`: the database answers.
pub async fn ready(app: web::Data<App>) -> Result<HttpResponse, Failure> {
    app.db.ping().await.map_err(Error::from)?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready\n"))
}

/// `/metrics`: Prometheus text.
pub async fn metrics(app: web::Data<App>) -> HttpResponse {
    let (open, idle) = app.db.pool_state();
    metrics::gauge!("database_connections_open").set(open);
    #[expect(clippy::cast_precision_loss, reason = "a pool is far smaller than 2^52")]
    metrics::gauge!("database_connections_idle").set(idle as f64);
    if let Ok(lag) = gdtx_service::exchange::sequencer::lag(&app.db).await {
        #[expect(clippy::cast_precision_loss, reason = "a figure for a chart")]
        metrics::gauge!("journal_lag_entries").set(lag as f64);
    }
    let text = crate::telemetry::metrics().map(metrics_exporter_prometheus::PrometheusHandle::render);
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text.unwrap_or_default())
}

/// `/openapi.json`.
pub async fn openapi(document: web::Data<String>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(document.get_ref().clone())
}

/// `/schema.graphql`.
pub async fn sdl(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(app.schema.sdl())
}

/// `/problems/{code}`: what an error means and what to do.
pub async fn problem(req: HttpRequest, code: web::Path<String>) -> Result<HttpResponse, Failure> {
    let code = Code::ALL.iter().find(|c| c.as_str() == code.as_str()).ok_or_else(Error::not_found)?;
    let (title, text) = (code.title(), code.explanation());
    let lang = language(&req);
    let other = if lang == Lang::Vi { Lang::En } else { Lang::Vi };
    let html = format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><title>{}</title><h1>{} · {}</h1><p>{}</p><p lang=\"{}\">{}</p></html>",
        if lang == Lang::En { "en" } else { "vi" },
        title.in_lang(lang), code.status(), title.in_lang(lang), text.in_lang(lang),
        if other == Lang::En { "en" } else { "vi" }, text.in_lang(other),
    );
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html))
}

/// Mounts every page.
pub fn mount(config: &mut web::ServiceConfig) {
    config
        .route("/healthz", web::get().to(health))
        .route("/readyz", web::get().to(ready))
        .route("/metrics", web::get().to(metrics))
        .route("/openapi.json", web::get().to(openapi))
        .route("/schema.graphql", web::get().to(sdl))
        .route("/problems/{code}", web::get().to(problem));
}
