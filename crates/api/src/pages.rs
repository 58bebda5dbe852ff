//! Pages for people: start, documentation, explorer, and one per error. All assets are embedded.

use std::sync::atomic::Ordering;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use gdtx_domain::Lang;
use gdtx_service::{Code, Error};

use crate::{headers::language, problem::Failure, state::App};

/// `/healthz`: the process lives.
pub async fn health() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// `/readyz`: the database answers, and the process is not about to end.
pub async fn ready(app: web::Data<App>) -> Result<HttpResponse, Failure> {
    if app.draining.load(Ordering::Relaxed) {
        return Err(Error::of(Code::Unavailable).into());
    }
    app.db.ping().await.map_err(Error::from)?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready\n"))
}

/// `/metrics`: Prometheus text.
pub async fn metrics(app: web::Data<App>) -> HttpResponse {
    let (open, idle) = app.db.pool_state();
    metrics::gauge!("database_connections_open").set(open);
    #[expect(clippy::cast_precision_loss, reason = "a pool is far smaller than 2^52")]
    metrics::gauge!("database_connections_idle").set(idle as f64);
    metrics::counter!("database_read_statements_total").absolute(app.db.reads());
    let served = app.db.replicas().served();
    for (how, count) in [("replica", served.replica), ("behind", served.behind), ("failed", served.failed)] {
        metrics::counter!("database_replica_reads_total", "how" => how).absolute(count);
    }
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

/// Every embedded asset: path, media type, content.
const ASSETS: [(&str, &str, &[u8]); 8] = [
    ("/assets/start/style.css", CSS, include_bytes!("../assets/start/style.css")),
    ("/assets/start/icon.svg", "image/svg+xml", include_bytes!("../assets/start/icon.svg")),
    ("/assets/graphiql/boot.js", JS, include_bytes!("../assets/graphiql/boot.js")),
    ("/assets/graphiql/explorer.css", CSS, include_bytes!("../assets/graphiql/explorer.css")),
    ("/assets/graphiql/graphiql.min.css", CSS, include_bytes!("../assets/graphiql/graphiql.min.css")),
    ("/assets/graphiql/graphiql.min.js", JS, include_bytes!("../assets/graphiql/graphiql.min.js")),
    ("/assets/graphiql/react.production.min.js", JS, include_bytes!("../assets/graphiql/react.production.min.js")),
    (
        "/assets/graphiql/react-dom.production.min.js",
        JS,
        include_bytes!("../assets/graphiql/react-dom.production.min.js"),
    ),
];

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

fn html(body: impl Into<String>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(body.into())
}

/// `/`: what this is and where to begin.
async fn start(req: HttpRequest) -> HttpResponse {
    html(match language(&req) {
        Lang::Vi => include_str!("../assets/start/vi.html"),
        Lang::En => include_str!("../assets/start/en.html"),
    })
}

/// `/graphiql`: the explorer.
async fn explorer() -> HttpResponse {
    html(include_str!("../assets/graphiql/index.html"))
}

/// `/problems/{code}`: what an error means and what to do, in both languages.
async fn problem(code: web::Path<String>) -> Result<HttpResponse, Failure> {
    let code = Code::ALL.iter().find(|c| c.as_str() == code.as_str()).ok_or_else(Error::not_found)?;
    let (title, text) = (code.title(), code.explanation());
    let page = include_str!("../assets/problem.html")
        .replace("{{code}}", code.as_str())
        .replace("{{status}}", &code.status().to_string())
        .replace("{{title_vi}}", &title.vi)
        .replace("{{title_en}}", &title.en)
        .replace("{{text_vi}}", &text.vi)
        .replace("{{text_en}}", &text.en);
    Ok(html(page))
}

/// Mounts every page.
pub fn mount(config: &mut web::ServiceConfig) {
    for (path, kind, content) in ASSETS {
        config.route(
            path,
            web::get().to(move || async move {
                HttpResponse::Ok()
                    .content_type(kind)
                    .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
                    .body(content)
            }),
        );
    }
    // Swagger UI brings its own assets; its online validator stays off.
    let docs = utoipa_swagger_ui::SwaggerUi::new("/docs/{_:.*}")
        .config(utoipa_swagger_ui::Config::new(["/openapi.json"]).validator_url("none"));
    config
        .route("/", web::get().to(start))
        .route("/docs", web::get().to(|| async { web::Redirect::to("/docs/").see_other() }))
        .service(docs)
        .route("/graphiql", web::get().to(explorer))
        .route("/healthz", web::get().to(health))
        .route("/readyz", web::get().to(ready))
        .route("/metrics", web::get().to(metrics))
        .route("/openapi.json", web::get().to(openapi))
        .route("/schema.graphql", web::get().to(sdl))
        .route("/problems/{code}", web::get().to(problem));
}
