//! The releases of all data sets as an Atom feed (RFC 4287), for readers of news.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use atom_syndication::{Entry, Feed, Link, Person, Text};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use gdtx_domain::{Label, Lang, statistics::data_set};
use gdtx_service::statistics::release::{self, StatisticsRelease};
use sha2::{Digest, Sha256};

use super::release::address;
use crate::{
    headers::Caller,
    problem::Problem,
    rest::{
        operations::{Answer, reading},
        query, respond,
    },
    state::App,
};

const PATH: &str = "/v1/statistics/releases.atom";
const MEDIA: &str = "application/atom+xml";
/// How the list of data sets leads to the feed.
pub const LINK: &str = "</v1/statistics/releases.atom>; rel=\"alternate\"; type=\"application/atom+xml\"";
/// Entries at most; older releases are in the lists of their data sets.
const MOST: u64 = 100;

/// Follow releases
///
/// The newest 100 releases of all data sets as an Atom feed, with what each changes in numbers; titles and notes are in
/// the language of the request.
#[utoipa::path(
    get, path = "/v1/statistics/releases.atom", operation_id = "exportStatisticsReleases", tag = "statistics",
    params(("If-None-Match" = Option<String>, Header, description = "ETag of the answer the caller has; answered with 304.")),
    responses(
        (status = 200, description = "The feed.", body = String, content_type = "application/atom+xml", headers(("ETag" = String, description = "Strong, a fingerprint of the answer."))),
        (status = 304, description = "The caller has this feed."),
        (status = 400, description = "It takes no parameters.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn read(req: HttpRequest, Caller(ctx): Caller, app: web::Data<App>) -> Answer {
    query::typed_query::<query::NoParameters>(req.query_string())?;
    let releases = release::newest(&ctx, MOST).await?;
    let feed = feed(&releases, ctx.lang, app.settings.public_url.trim_end_matches('/'));
    let updated = feed.updated.to_utc();
    let text = feed.to_string();
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Sha256::digest(&text)[..12]));
    let is_known = respond::known(&req, &tag);
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::LAST_MODIFIED, header::HttpDate::from(std::time::SystemTime::from(updated))))
        .insert_header((header::CACHE_CONTROL, "public, no-cache"))
        .insert_header((header::VARY, "Accept-Language"));
    Ok(if is_known { response.finish() } else { response.content_type(MEDIA).body(text) })
}

fn feed(releases: &[StatisticsRelease], lang: Lang, base: &str) -> Feed {
    let title =
        Label::new("Các bản phát hành số liệu giáo dục thường xuyên", "Releases of statistics of continuing education");
    let link = |rel: &str, path: &str, media: &str| Link {
        href: format!("{base}{path}"),
        rel: rel.to_owned(),
        mime_type: Some(media.to_owned()),
        ..Link::default()
    };
    let entry = |release: &StatisticsRelease| Entry {
        title: Text::plain(titled(release, lang)),
        id: release.id.urn().to_string(),
        updated: release.updated_at.into(),
        published: Some(release.created_at.into()),
        links: vec![link("alternate", &address(&release.data_set, &release.release), "application/json")],
        summary: Some(Text::plain(summary(release, lang))),
        ..Entry::default()
    };
    Feed {
        title: Text::plain(title.in_lang(lang).to_owned()),
        id: format!("{base}{PATH}"),
        updated: releases.iter().map(|release| release.updated_at).max().unwrap_or(DateTime::<Utc>::UNIX_EPOCH).into(),
        authors: vec![Person { name: "GDTX".to_owned(), ..Person::default() }],
        links: vec![link("self", PATH, MEDIA)],
        entries: releases.iter().map(entry).collect(),
        lang: Some(lang.tag().to_owned()),
        ..Feed::default()
    }
}

fn titled(release: &StatisticsRelease, lang: Lang) -> String {
    let title = data_set::find(&release.data_set).map(data_set::DataSet::title);
    let title = title.map_or_else(|| release.data_set.clone(), |title| title.in_lang(lang).to_owned());
    format!("{title} {} ({})", release.release, release.kind.label().in_lang(lang))
}

/// What readers should know, and how many cells are new.
fn summary(release: &StatisticsRelease, lang: Lang) -> String {
    let StatisticsRelease { added, changed, removed, .. } = release;
    let cells = Label::new(
        format!("Ô số liệu: thêm {added}, sửa {changed}, bỏ {removed}."),
        format!("Cells: {added} added, {changed} changed, {removed} removed."),
    );
    let notes = if lang == Lang::Vi { &release.notes_vi } else { &release.notes_en };
    let said = [Some(notes.as_str()), release.reason.as_deref(), Some(cells.in_lang(lang))];
    said.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

pub fn mount(config: &mut web::ServiceConfig) {
    config.service(reading(PATH, read));
}
