//! What the variables of a table are, and what is selected of them where nothing is asked for.

use actix_web::{HttpRequest, web};
use serde::Deserialize;
use serde_json::json;

use super::{
    dataset::{Subject, table},
    parameters,
    selection::by_default,
    tables::Links,
};
use crate::{
    headers::Caller,
    rest::{
        operations::{Answer, reading},
        respond,
    },
    state::App,
};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Asked {
    /// Metadata have one form.
    #[serde(rename = "outputformat")]
    _form: Option<MetadataForm>,
    /// Whether to tell only of the variables and values that are selected by default.
    defaultselection: bool,
}

#[derive(Deserialize)]
enum MetadataForm {
    #[serde(rename = "json-stat2")]
    JsonStat2,
}

async fn read(req: HttpRequest, Caller(ctx): Caller, app: web::Data<App>, id: web::Path<String>) -> Answer {
    let asked: Asked = parameters::typed(&req)?;
    let mut set = super::table(&ctx, &id).await?;
    if asked.defaultselection {
        let selected = by_default(&set).selection;
        for (dimension, selected) in set.dimensions.iter_mut().zip(&selected) {
            dimension.members.retain(|member| selected.value_codes.contains(&member.code));
        }
        set.dimensions.retain(|dimension| !dimension.members.is_empty());
    }
    let subject = Subject::from(&set);
    let mut table = table(&subject, ctx.lang);
    table.href = Some(Links::of(&req, &app, ctx.lang).address(&format!("/tables/{}/metadata", set.id)));
    Ok(respond::json(&table))
}

async fn default_selection(
    req: HttpRequest,
    Caller(ctx): Caller,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Answer {
    parameters::none(&req)?;
    let set = super::table(&ctx, &id).await?;
    let selected = by_default(&set);
    let own = Links::of(&req, &app, ctx.lang).to("self", &format!("/tables/{}/defaultselection", set.id));
    Ok(respond::json(&json!({
        "selection": selected.selection,
        "placement": selected.placement,
        "language": ctx.lang.tag(),
        "links": [own],
    })))
}

pub fn mount(root: &str, config: &mut web::ServiceConfig) {
    config
        .service(reading(&format!("{root}/tables/{{id}}/metadata"), read))
        .service(reading(&format!("{root}/tables/{{id}}/defaultselection"), default_selection));
}
