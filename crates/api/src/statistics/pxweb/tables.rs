//! The tables that there are, page by page.

use actix_web::{HttpRequest, web};
use chrono::{SecondsFormat, TimeDelta};
use gdtx_domain::{Lang, text::fold};
use gdtx_service::{Code, Ctx, Error, Result, statistics, statistics::StatisticsDataSet};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::form::json_stat,
    ROOT,
    dataset::{code_of, periods, time_unit},
    parameters, refuse,
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
    let link_to = |rel: &str, number: usize| link(rel, &app, &asked.path(number), ctx.lang);
    let others = [
        ("first", Some(1)),
        ("previous", asked.pagenumber.checked_sub(1).filter(|number| *number > 0)),
        ("next", Some(asked.pagenumber + 1).filter(|number| *number <= pages)),
        ("last", Some(pages)),
    ];
    let tables = page.iter().map(|set| table(set, &app, ctx.lang)).collect::<Vec<_>>();
    Ok(respond::json(&json!({
        "language": code_of(ctx.lang),
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
    let mut table = table(&set, &app, ctx.lang);
    table["language"] = json!(code_of(ctx.lang));
    Ok(respond::json(&table))
}

fn table(set: &StatisticsDataSet, app: &App, lang: Lang) -> Value {
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
        "variableNames": names.into_iter().chain([json_stat::measures_label().in_lang(lang)]).collect::<Vec<_>>(),
        "discontinued": false,
        "source": set.source,
        "timeUnit": time_unit(set.dimensions.iter().map(|dimension| dimension.code)),
        "links": [
            link("self", app, &path, lang),
            link("metadata", app, &format!("{path}/metadata"), lang),
            link("defaultselection", app, &format!("{path}/defaultselection"), lang),
            link("data", app, &format!("{path}/data"), lang),
        ],
    })
}

/// A link to a path of the protocol.
pub fn link(rel: &str, app: &App, path: &str, lang: Lang) -> Value {
    json!({ "rel": rel, "hreflang": code_of(lang), "href": address(app, path, lang) })
}

/// The address of a path of the protocol in a language.
pub fn address(app: &App, path: &str, lang: Lang) -> String {
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{}{ROOT}{path}{mark}lang={}", app.settings.public_url.trim_end_matches('/'), code_of(lang))
}

pub fn mount(config: &mut web::ServiceConfig) {
    config.service(reading(&format!("{ROOT}/tables"), list)).service(reading(&format!("{ROOT}/tables/{{id}}"), get));
}
