//! The figures of a table, by GET with a selection in the address and by POST with one in the body.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, Bytes},
};
use gdtx_domain::Lang;
use gdtx_service::{
    Ctx, Error, Result,
    statistics::{self, StatisticsAnswer},
};

use super::{
    super::{
        data::{headers, tag},
        form::Form,
    },
    dataset, json_px, parameters, refuse,
    selection::{self, Placement, Selection, VariableSelection},
};
use crate::{
    headers::Caller,
    rest::{
        body,
        operations::Answer,
        respond::{known, names},
    },
};

/// A form of figures by its name in the protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Output {
    #[default]
    JsonStat2,
    JsonPx,
    Csv,
    Xlsx,
    Parquet,
}

impl Output {
    pub const ALL: [Self; 5] = [Self::JsonStat2, Self::JsonPx, Self::Csv, Self::Xlsx, Self::Parquet];

    pub const fn code(self) -> &'static str {
        match self {
            Self::JsonStat2 => "json-stat2",
            Self::JsonPx => "json-px",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
        }
    }

    /// The form of ours that it is, if it is one.
    const fn form(self) -> Option<Form> {
        match self {
            Self::JsonStat2 | Self::JsonPx => None,
            Self::Csv => Some(Form::Csv),
            Self::Xlsx => Some(Form::Xlsx),
            Self::Parquet => Some(Form::Parquet),
        }
    }

    fn write(self, answer: &StatisticsAnswer, lang: Lang) -> Result<Vec<u8>> {
        match (self, self.form()) {
            (_, Some(form)) => form.write(answer, lang, ""),
            (Self::JsonPx, None) => serde_json::to_vec(&json_px::table(answer, lang)).map_err(Error::internal),
            (_, None) => dataset::written(answer, lang).map_err(Error::internal),
        }
    }
}

/// Our sheets hold codes beside texts, so whoever wants one of the two has it.
const TAKEN: [&str; 3] = ["usecodes", "usetexts", "usecodesandtexts"];

async fn read(req: HttpRequest, Caller(ctx): Caller, id: web::Path<String>) -> Answer {
    let (selection, output) = asked(&req)?;
    Ok(figures(&req, &ctx, &id, (selection, output)).await?)
}

async fn posted(req: HttpRequest, Caller(ctx): Caller, id: web::Path<String>, bytes: Bytes) -> Answer {
    let (in_address, output) = asked(&req)?;
    let selection = if bytes.is_empty() { in_address } else { body::parse(&req, &bytes)? };
    Ok(figures(&req, &ctx, &id, (selection, output)).await?)
}

/// What an address asks for.
fn asked(req: &HttpRequest) -> Result<(Selection, Output)> {
    let (mut selection, mut placement, mut output) = (Vec::new(), Placement::default(), Output::default());
    for (name, value) in parameters::read(req)? {
        let of = |start: &str| Some(name.strip_prefix(start)?.strip_suffix(']')?.to_owned());
        if let Some(variable_code) = of("valuecodes[") {
            let value_codes = parameters::list(&value);
            selection.push(VariableSelection { variable_code, value_codes, code_list: None });
        } else if let Some(variable_code) = of("codelist[") {
            selection.push(VariableSelection { variable_code, value_codes: Vec::new(), code_list: Some(value) });
        } else {
            match name.as_str() {
                "outputformat" => output = output_of(&value)?,
                "outputformatparams" => check_details(&value)?,
                "heading" => placement.heading = parameters::list(&value),
                "stub" => placement.stub = parameters::list(&value),
                _ => {
                    let name: String = name.chars().take(60).collect();
                    let (vi, en) = ("Không có tham số này.", "There is no such parameter.");
                    return Err(refuse(&name, "unknown_parameter", vi, en));
                }
            }
        }
    }
    Ok((Selection { selection, placement: Some(placement) }, output))
}

fn output_of(value: &str) -> Result<Output> {
    let found = Output::ALL.into_iter().find(|output| output.code().eq_ignore_ascii_case(value));
    found.ok_or_else(|| {
        let known = Output::ALL.map(Output::code).join(", ");
        refuse(
            "outputFormat",
            "invalid_value",
            format!("Không có dạng này; có: {known}."),
            format!("There is no such form; there are: {known}."),
        )
    })
}

fn check_details(value: &str) -> Result<()> {
    if parameters::list(value).iter().all(|one| TAKEN.contains(&one.to_ascii_lowercase().as_str())) {
        return Ok(());
    }
    Err(refuse(
        "outputFormatParams",
        "invalid_value",
        "Các tệp có mã cạnh tên, không có tiêu đề, cách nhau bằng dấu phẩy; chỉ nhận UseCodes, UseTexts, UseCodesAndTexts.",
        "Files hold codes beside texts, no title, and commas; only UseCodes, UseTexts and UseCodesAndTexts are taken.",
    ))
}

async fn figures(req: &HttpRequest, ctx: &Ctx, id: &str, (asked, output): (Selection, Output)) -> Result<HttpResponse> {
    let query = selection::query(&super::table(ctx, id).await?, &asked)?;
    let question = format!("pxweb {id} {output:?} {}", serde_json::to_string(&query).map_err(Error::internal)?);
    let mut held = String::new();
    // Only a safe request is answered by what the caller has (RFC 9110, 13.2.1).
    let is_safe = req.method().is_safe();
    let has = |version: &str| {
        held = tag(ctx, &question, version);
        is_safe && names(req, &held)
    };
    let answer = statistics::ask(ctx, id, query.clone(), has).await;
    let answer = answer.map_err(|error| selection::refused(error, &query))?;
    let tag = answer.as_ref().map_or(held, |answer| tag(ctx, &question, &answer.version));
    let weak = (header::ETAG, format!("W/{tag}"));
    let Some(answer) = answer.filter(|_| !(is_safe && known(req, &tag))) else {
        return Ok(headers(HttpResponse::NotModified(), ctx).insert_header(weak).finish());
    };
    let lang = ctx.lang;
    let name = answer.data_set.clone();
    let body = web::block(move || output.write(&answer, lang)).await.map_err(Error::internal)??;
    let mut response = headers(HttpResponse::Ok(), ctx);
    response.insert_header(weak).content_type(output.form().map_or("application/json", Form::media));
    if let Some(form) = output.form() {
        let file = format!("attachment; filename=\"{name}.{}\"", form.extension());
        response.insert_header((header::CONTENT_DISPOSITION, file));
    }
    Ok(response.body(body))
}

pub fn mount(root: &str, config: &mut web::ServiceConfig) {
    config.service(
        web::resource(format!("{root}/tables/{{id}}/data"))
            .route(web::get().to(read))
            .route(web::head().to(read))
            .route(web::post().to(posted)),
    );
}
