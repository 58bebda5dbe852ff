//! The tables that there are, page by page.

use actix_web::{HttpRequest, web};
use chrono::{SecondsFormat, TimeDelta};
use gdtx_domain::{Lang, text::fold};
use gdtx_service::{Code, Ctx, Error, Result, statistics, statistics::StatisticsDataSet};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::form::json_stat,
    dataset::{periods, time_unit},
    parameters, refuse, root_of,
};
use crate::{
    headers::Caller,
    rest::{
        operations::{Answer, reading},
        respond,
    },
    state::App,
};

/// What a list of tables takes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Asked {
    query: String,
    pastdays: Option<u32>,
    /// Every table is kept up to date, so there are no others to include.
    #[serde(rename = "includediscontinued")]
    _include_discontinued: bool,
    pagenumber: usize,
    pagesize: usize,
}

impl Default for Asked {
    fn default() -> Self {
        Self { query: String::new(), pastdays: None, _include_discontinued: false, pagenumber: 1, pagesize: 100 }
    }
}

impl Asked {
    /// The path of a page of the same list.
    fn path(&self, number: usize) -> String {
        let own = [("query", self.query.clone()), ("pageSize", self.pagesize.to_string())];
        let past = self.pastdays.map(|days| ("pastDays", days.to_string()));
        let all: Vec<_> = own.into_iter().chain(past).chain([("pageNumber", number.to_string())]).collect();
        format!("/tables?{}", serde_urlencoded::to_string(all).unwrap_or_default())
    }

    fn check(&self) -> Result<()> {
        let wrong = [("pageSize", self.pagesize == 0), ("pastDays", self.pastdays == Some(0))];
        match wrong.into_iter().find(|(_, is_wrong)| *is_wrong) {
            Some((name, _)) => Err(refuse(name, "out_of_range", "Từ 1 trở lên.", "1 or more.")),
            None => Ok(()),
        }
    }
}

async fn list(req: HttpRequest, Caller(ctx): Caller, app: web::Data<App>) -> Answer {
    let asked: Asked = parameters::typed(&req)?;
    asked.check()?;
    let found = found(&ctx, &asked).await?;
    let pages = found.len().div_ceil(asked.pagesize).max(1);
    if !(1..=pages).contains(&asked.pagenumber) {
        return Err(Error::new(Code::NotFound, "Không có trang này.", "There is no such page.").into());
    }
    let page = found.chunks(asked.pagesize).nth(asked.pagenumber - 1).unwrap_or_default();
    let links = Links::of(&req, &app, ctx.lang);
    let link_to = |rel: &str, number: usize| links.to(rel, &asked.path(number));
    let others = [
        ("first", Some(1)),
        ("previous", asked.pagenumber.checked_sub(1).filter(|number| *number > 0)),
        ("next", Some(asked.pagenumber + 1).filter(|number| *number <= pages)),
        ("last", Some(pages)),
    ];
    let tables = page.iter().map(|set| table(set, &links)).collect::<Vec<_>>();
    Ok(respond::json(&json!({
        "language": ctx.lang.tag(),
        "tables": tables,
        "page": {
            "pageNumber": asked.pagenumber,
            "pageSize": asked.pagesize,
            "totalElements": found.len(),
            "totalPages": pages,
            "links": others.iter().filter_map(|(rel, number)| Some(link_to(rel, (*number)?))).collect::<Vec<_>>(),
        },
        "links": [link_to("self", asked.pagenumber)],
    })))
}

/// The tables that hold every word, counted within the days.
async fn found(ctx: &Ctx, asked: &Asked) -> Result<Vec<StatisticsDataSet>> {
    let words: Vec<String> = fold(&asked.query).split_whitespace().map(str::to_owned).collect();
    let since = asked.pastdays.and_then(|days| ctx.clock.now().checked_sub_signed(TimeDelta::days(days.into())));
    let mut found = Vec::new();
    for head in statistics::list(ctx).items {
        let names = head.dimensions.iter().map(|dimension| dimension.label().in_lang(ctx.lang).to_owned());
        let measures = head.measures.iter().map(|measure| measure.label().in_lang(ctx.lang).to_owned());
        let texts: Vec<String> =
            [head.id.clone(), head.title, head.about].into_iter().chain(names).chain(measures).collect();
        let text = fold(&texts.join(" "));
        if words.iter().all(|word| text.contains(word)) {
            found.push(statistics::get(ctx, &head.id).await?);
        }
    }
    found.retain(|set| since.is_none_or(|since| set.counted_at >= since));
    Ok(found)
}

async fn get(req: HttpRequest, Caller(ctx): Caller, app: web::Data<App>, id: web::Path<String>) -> Answer {
    parameters::none(&req)?;
    let set = super::table(&ctx, &id).await?;
    let mut table = table(&set, &Links::of(&req, &app, ctx.lang));
    table["language"] = json!(ctx.lang.tag());
    Ok(respond::json(&table))
}

fn table(set: &StatisticsDataSet, links: &Links) -> Value {
    let updated = set.counted_at.to_rfc3339_opts(SecondsFormat::Secs, true);
    // What has no time stands as of the day on which it was counted.
    let (first, last) = periods(&set.dimensions).unwrap_or((&updated[..10], &updated[..10]));
    let names: Vec<&str> = set.dimensions.iter().map(|dimension| dimension.label.as_str()).collect();
    let path = format!("/tables/{}", set.id);
    json!({
        "type": "Table",
        "id": set.id,
        "label": set.title,
        "description": set.about,
        "updated": updated,
        "firstPeriod": first,
        "lastPeriod": last,
        "category": "public",
        "variableNames": names.into_iter().chain([json_stat::measures_label().in_lang(links.lang)]).collect::<Vec<_>>(),
        "discontinued": false,
        "source": set.source,
        "timeUnit": time_unit(set.dimensions.iter().map(|dimension| dimension.code)),
        "links": [
            links.to("self", &path),
            links.to("metadata", &format!("{path}/metadata")),
            links.to("defaultselection", &format!("{path}/defaultselection")),
            links.to("data", &format!("{path}/data")),
        ],
    })
}

/// Addresses in a language, under the root that the caller has come by.
pub struct Links {
    base: String,
    lang: Lang,
}

impl Links {
    pub fn of(req: &HttpRequest, app: &App, lang: Lang) -> Self {
        let pattern = req.match_pattern();
        let root = pattern.as_deref().and_then(root_of).unwrap_or_default();
        Self { base: format!("{}{root}", app.settings.public_url.trim_end_matches('/')), lang }
    }

    /// A link to a path of the protocol.
    pub fn to(&self, rel: &str, path: &str) -> Value {
        json!({ "rel": rel, "hreflang": self.lang.tag(), "href": self.address(path) })
    }

    /// The address of a path of the protocol.
    pub fn address(&self, path: &str) -> String {
        let mark = if path.contains('?') { '&' } else { '?' };
        format!("{}{path}{mark}lang={}", self.base, self.lang.tag())
    }
}

pub fn mount(root: &str, config: &mut web::ServiceConfig) {
    config.service(reading(&format!("{root}/tables"), list)).service(reading(&format!("{root}/tables/{{id}}"), get));
}
