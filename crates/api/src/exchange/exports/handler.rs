//! Streams an export: run by run from the list, row by row into the form that was asked for.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, Bytes, ServiceConfig},
};
use futures::{StreamExt, TryStreamExt, stream};
use gdtx_domain::territory::code_list::CodeScheme;
use gdtx_service::{Code, Ctx, Error, PageRequest, Resource, Result, exchange::exports};
use serde_json::Value;

use super::{ExportFormat, ExportLayout, ExportParameters, sheet::Columns};
use crate::{
    exchange::sheet::{self, Book, XLSX},
    headers::Caller,
    resource::Exposed,
    rest::{operations::Answer, query, respond},
};

/// Parameters of an export that no list has.
const OWN: [&str; 4] = ["format", "layout", "codeScheme", "labels"];

/// Mounts the export of a resource.
pub fn mount<R: Exposed>(config: &mut ServiceConfig) {
    let path = R::PATH.replacen("/v1/", "/v1/exports/", 1);
    config.service(web::resource(path).route(web::get().to(export::<R>)));
}

/// What was asked for.
struct Asked<F> {
    own: ExportParameters,
    filter: F,
    fields: Option<Vec<String>>,
}

fn asked<R: Exposed>(req: &HttpRequest) -> Result<Asked<R::Filter>> {
    let (own, list): (Vec<&str>, Vec<&str>) =
        req.query_string().split('&').partition(|pair| OWN.contains(&pair.split('=').next().unwrap_or_default()));
    let own: ExportParameters = query::typed_query(&own.join("&"))?;
    let list = query::list::<R::Filter>(&list.join("&"))?;
    // An export is the whole list, in the order of ids.
    if list.page != PageRequest::default() {
        return Err(Error::field(
            Code::InvalidParameter,
            "first",
            "unknown_parameter",
            "Xuất dữ liệu gồm cả danh sách, theo thứ tự id: không có first, after, sort và count.",
            "An export is the whole list in the order of ids: there is no first, after, sort or count.",
        ));
    }
    Ok(Asked { own, filter: list.filter, fields: list.fields })
}

async fn export<R: Exposed>(req: HttpRequest, Caller(ctx): Caller) -> Answer {
    let Asked { own, filter, fields } = asked::<R>(&req)?;
    let ctx = ctx.narrowed_to(fields.as_deref());
    let scheme = own.code_scheme.unwrap_or(match own.layout {
        ExportLayout::Api => CodeScheme::Api,
        ExportLayout::Qd4998 => CodeScheme::Moet2020,
    });
    let system = exports::own_system(&ctx).await?;
    let columns = Columns::of::<R>(&own, scheme, fields.as_deref(), (ctx.lang, system))?;
    // The first run before the answer begins: who may not read is told so.
    let first = Box::pin(exports::run::<R>(&ctx, &filter, None)).await?;
    let name = R::PATH.trim_start_matches("/v1/");
    let (media, ending) = match own.format {
        ExportFormat::Ndjson => ("application/x-ndjson", "ndjson"),
        ExportFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        ExportFormat::Xlsx => (XLSX, "xlsx"),
    };
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, media))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")));
    let runs = runs::<R>(ctx, filter, first);
    Ok(match own.format {
        ExportFormat::Ndjson => {
            response.streaming(runs.map(move |run| run.and_then(|run| lines(&run, &columns, fields.as_deref()))))
        }
        ExportFormat::Csv => {
            let head = Bytes::from(sheet::heading(columns.headings()));
            let rows = runs.map(move |run| Ok(sheet::lines(columns.rows(&run?)?.into_iter()).into()));
            response.streaming(stream::once(async { Ok::<_, Error>(head) }).chain(rows))
        }
        ExportFormat::Xlsx => {
            let book = Book::new(columns.headings())?;
            let filled = runs.try_fold((book, columns), |(mut book, columns), run| async move {
                book.add(columns.rows(&run)?.into_iter())?;
                Ok((book, columns))
            });
            response.body(filled.await?.0.finish()?)
        }
    })
}

type Run<R> = Vec<<R as Resource>::Record>;

/// Every run of a list, the first of which is there.
fn runs<R: Exposed>(
    ctx: Ctx,
    filter: R::Filter,
    first: (Run<R>, Option<uuid::Uuid>),
) -> impl futures::Stream<Item = Result<Run<R>>> {
    stream::try_unfold(Some((ctx, filter, Some(first), None)), |state| async move {
        let Some((ctx, filter, ready, after)) = state else { return Ok(None) };
        let (run, next) = match ready {
            Some(first) => first,
            None => Box::pin(exports::run::<R>(&ctx, &filter, after)).await?,
        };
        let state = next.map(|next| (ctx, filter, None, Some(next)));
        Ok(Some((run, state)))
    })
}

/// A JSON object a line.
fn lines<T: serde::Serialize>(run: &[T], columns: &Columns, fields: Option<&[String]>) -> Result<Bytes> {
    let mut out = Vec::with_capacity(run.len() * 512);
    for record in run {
        if columns.is_plain() && fields.is_none() {
            serde_json::to_writer(&mut out, record).map_err(Error::internal)?;
        } else {
            let mut value = serde_json::to_value(record).map_err(Error::internal)?;
            columns.translate(&mut value);
            let value: Value = fields.map_or(Ok(value.clone()), |fields| respond::narrow(&value, fields))?;
            serde_json::to_writer(&mut out, &value).map_err(Error::internal)?;
        }
        out.push(b'\n');
    }
    Ok(out.into())
}
