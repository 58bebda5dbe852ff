//! `/portal`: the public figures for people. A reader of the public API like any other, so the service only hands out
//! its files.

use std::sync::LazyLock;

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::header::{self, ContentType},
    web,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use gdtx_domain::Lang;
use gdtx_service::Error;
use sha2::{Digest, Sha256};

use crate::{headers::language, problem::Failure, rest::respond::known};

/// The page asks its own origin for everything, and has neither scripts nor styles inside.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
const JS: &str = "text/javascript; charset=utf-8";

/// A file of the page with its media type.
macro_rules! file {
    ($name:literal, $kind:expr) => {
        ($name, $kind, include_bytes!(concat!("../../assets/portal/", $name)))
    };
}

/// Every file of the page: name, media type, content.
const FILES: [(&str, &str, &[u8]); 15] = [
    file!("portal.css", "text/css; charset=utf-8"),
    file!("tiles.json", "application/json"),
    file!("vendor/chart.umd.min.js", JS),
    file!("api.js", JS),
    file!("chart.js", JS),
    file!("compare.js", JS),
    file!("figures.js", JS),
    file!("filters.js", JS),
    file!("main.js", JS),
    file!("map.js", JS),
    file!("show.js", JS),
    file!("state.js", JS),
    file!("table.js", JS),
    file!("tiles.js", JS),
    file!("words.js", JS),
];

const PAGES: [(Lang, &str); 2] =
    [(Lang::Vi, include_str!("../../assets/portal/vi.html")), (Lang::En, include_str!("../../assets/portal/en.html"))];

/// Changes with any of the files. It is part of their addresses, so browsers keep them for good and never mix those of
/// two versions.
static PRINT: LazyLock<String> = LazyLock::new(|| {
    let contents = FILES.iter().map(|(_, _, content)| *content).chain(PAGES.iter().map(|(_, page)| page.as_bytes()));
    URL_SAFE_NO_PAD.encode(&contents.fold(Sha256::new(), Sha256::chain_update).finalize()[..12])
});

/// `/portal`: the page in the language asked for.
async fn page(req: HttpRequest) -> HttpResponse {
    let lang = language(&req);
    let tag = format!("\"{}-{lang:?}\"", *PRINT);
    let with_headers = |mut response: HttpResponseBuilder| {
        response
            .insert_header((header::ETAG, format!("W/{tag}")))
            .insert_header((header::CACHE_CONTROL, "no-cache"))
            .insert_header((header::VARY, "Accept-Language"))
            .insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
        response
    };
    if known(&req, &tag) {
        return with_headers(HttpResponse::NotModified()).finish();
    }
    let text = PAGES.iter().find(|(of, _)| *of == lang).map(|(_, text)| text.replace("{{print}}", &PRINT));
    with_headers(HttpResponse::Ok()).content_type(ContentType::html()).body(text.unwrap_or_default())
}

/// A file of the page. One of another version may come from a page that is being replaced: it is not to be kept.
async fn file(path: web::Path<(String, String)>) -> Result<HttpResponse, Failure> {
    let (print, name) = path.into_inner();
    let (_, kind, content) = FILES.iter().find(|(known, ..)| *known == name).ok_or_else(Error::not_found)?;
    let keep = if print == *PRINT { "public, max-age=31536000, immutable" } else { "no-store" };
    Ok(HttpResponse::Ok().content_type(*kind).insert_header((header::CACHE_CONTROL, keep)).body(*content))
}

/// Mounts the page and its files.
pub fn mount(config: &mut web::ServiceConfig) {
    config.route("/portal", web::get().to(page)).route("/assets/portal/{print}/{name:.+}", web::get().to(file));
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use gdtx_domain::territory::{find::units, unit::UnitLevel};
    use serde::Deserialize;

    use super::{FILES, PAGES};

    #[derive(Deserialize)]
    struct Drawing {
        tiles: Vec<Tile>,
        islands: Vec<Island>,
    }

    #[derive(Deserialize)]
    struct Tile {
        code: String,
        name: String,
        row: u8,
        column: u8,
    }

    /// Shown as part of its province, without a figure of its own.
    #[derive(Deserialize)]
    struct Island {
        name: String,
        of: String,
        row: u8,
        column: u8,
    }

    fn drawing() -> Drawing {
        let (_, _, text) = FILES.iter().find(|(name, ..)| *name == "tiles.json").expect("the drawing");
        serde_json::from_slice(text).expect("a drawing")
    }

    #[test]
    fn each_province_of_today_has_one_tile() {
        let Drawing { tiles, islands } = drawing();
        let of_today = units().filter(|unit| unit.level == UnitLevel::Province && unit.valid_to.is_none());
        let names: BTreeMap<&str, &str> =
            of_today.filter(|unit| unit.id.ends_with("@2025-07-01")).map(|unit| (&*unit.code, &*unit.name)).collect();
        assert_eq!(names.len(), 34);
        assert_eq!(tiles.len(), 34);
        let drawn: BTreeMap<&str, &str> = tiles.iter().map(|tile| (&*tile.code, &*tile.name)).collect();
        assert_eq!(drawn, names);
        for island in &islands {
            assert!(names.contains_key(&*island.of), "{} is part of no province", island.name);
        }
    }

    #[test]
    fn no_two_tiles_share_a_place() {
        let Drawing { tiles, islands } = drawing();
        let own = tiles.iter().map(|tile| (tile.row, tile.column));
        let places: Vec<_> = own.chain(islands.iter().map(|island| (island.row, island.column))).collect();
        assert_eq!(places.iter().collect::<BTreeSet<_>>().len(), places.len());
        assert!(places.iter().all(|(row, column)| (1..=16).contains(row) && (1..=6).contains(column)));
    }

    #[test]
    fn the_pages_name_files_that_there_are() {
        for (lang, page) in PAGES {
            let named: Vec<&str> =
                page.split("assets/portal/{{print}}/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            assert!(named.len() > 10, "{lang:?} names {} files", named.len());
            for name in named {
                assert!(FILES.iter().any(|(known, ..)| *known == name), "{lang:?}: no file {name}");
            }
        }
    }
}
