//! Writes an export: run by run from the list, row by row into the form that was asked for.

use std::sync::Arc;

use actix_web::web::Bytes;
use futures::{
    Stream, StreamExt, TryStreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use gdtx_domain::{
    exchange::{
        export::job::{ExportFormat, ExportLayout},
        resource::ResourceKind,
    },
    territory::code_list::CodeScheme,
};
use gdtx_service::{
    AsOf, Code, Ctx, Error, PageRequest, Resource, Result,
    exchange::exports::{self, Step, Steps},
};
use serde_json::Value;
use tokio::sync::mpsc;

use super::{ExportParameters, sheet::Columns};
use crate::{
    exchange::sheet::{self, Book},
    registry,
    resource::Exposed,
    rest::{query, respond},
};

/// Parameters of an export that no list has.
const OWN: [&str; 4] = ["format", "layout", "codeScheme", "labels"];

/// How the lists of one kind are written.
#[derive(Clone, Copy)]
pub struct Writer {
    /// Whether the caller may have a list written so: nothing is shown.
    pub check: fn(Ctx, String) -> BoxFuture<'static, Result<()>>,
    write: fn(Ctx, String) -> BoxFuture<'static, Result<Steps>>,
}

impl Writer {
    pub fn of<R: Exposed>() -> Self {
        Self {
            check: |ctx, query| Box::pin(async move { check::<R>(ctx, &query).await }),
            write: |ctx, query| Box::pin(async move { write::<R>(ctx, &query).await.map(|(_, steps)| steps) }),
        }
    }
}

/// Begins to write a list, by its kind and the parameters of the export as a query string.
pub fn make(ctx: Ctx, kind: ResourceKind, query: String) -> BoxFuture<'static, Result<Steps>> {
    match registry::writer(kind) {
        Some(writer) => (writer.write)(ctx, query),
        None => Box::pin(async { Err(Error::not_found()) }),
    }
}

/// What was asked for.
struct Asked<F> {
    own: ExportParameters,
    filter: F,
    as_of: Option<AsOf>,
    fields: Option<Vec<String>>,
}

fn asked<R: Exposed>(query: &str) -> Result<Asked<R::Filter>> {
    let (own, list): (Vec<&str>, Vec<&str>) =
        query.split('&').partition(|pair| OWN.contains(&pair.split('=').next().unwrap_or_default()));
    let own: ExportParameters = query::typed_query(&own.join("&"))?;
    let (list, as_of) = query::list_at::<R::Filter>(&list.join("&"))?;
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
    Ok(Asked { own, filter: list.filter, as_of, fields: list.fields })
}

/// The columns of an export, and the context in which its records are read.
async fn prepared<R: Exposed>(ctx: Ctx, asked: &Asked<R::Filter>) -> Result<(Ctx, Columns)> {
    let (own, fields) = (&asked.own, asked.fields.as_deref());
    let ctx = ctx.narrowed_to(fields).at(asked.as_of);
    let scheme = own.code_scheme.unwrap_or(match own.layout {
        ExportLayout::Api => CodeScheme::Api,
        ExportLayout::Qd4998 => CodeScheme::Moet2020,
    });
    let system = exports::own_system(&ctx).await?;
    let columns = Columns::of::<R>(own, scheme, fields, (ctx.lang, system))?;
    Ok((exports::settled(ctx).await?, columns))
}

async fn check<R: Exposed>(ctx: Ctx, query: &str) -> Result<()> {
    let asked = asked::<R>(query)?;
    let (ctx, _) = prepared::<R>(ctx, &asked).await?;
    Box::pin(exports::probe::<R>(&ctx, &asked.filter)).await
}

/// Begins to write a list; its first run is read before the answer, so that who may not read is told so.
pub async fn write<R: Exposed>(ctx: Ctx, query: &str) -> Result<(ExportFormat, Steps)> {
    let asked = asked::<R>(query)?;
    let (ctx, columns) = prepared::<R>(ctx, &asked).await?;
    let Asked { own, filter, fields, .. } = asked;
    let first = Box::pin(exports::run_of::<R>(&ctx, &filter, None)).await?;
    let runs = runs::<R>(ctx, filter, first);
    let steps: Steps = match own.format {
        ExportFormat::Ndjson => Box::pin(written(runs, move |run| step(run, lines(run, &columns, fields.as_deref())?))),
        ExportFormat::Csv => {
            let head = Step { bytes: sheet::heading(columns.headings()), rows: 0 };
            let rows = written(runs, move |run| step(run, sheet::lines(columns.rows(run)?.into_iter())));
            Box::pin(stream::once(async { Ok(head) }).chain(rows))
        }
        ExportFormat::Xlsx => {
            let book = Book::new(columns.headings())?;
            Box::pin(stream::try_unfold(Sheet::<R>::Filling(runs, Box::new((book, columns))), Sheet::step))
        }
    };
    Ok((own.format, steps))
}

/// The runs as they are written, aside.
fn written<T: Send + 'static>(
    runs: BoxStream<'static, Result<Vec<T>>>,
    write: impl Fn(&[T]) -> Result<Step> + Send + Sync + 'static,
) -> impl Stream<Item = Result<Step>> + Send {
    let write = Arc::new(write);
    runs.and_then(move |run| {
        let write = Arc::clone(&write);
        sheet::aside(move || write(&run))
    })
}

fn step<T>(run: &[T], bytes: Vec<u8>) -> Result<Step> {
    Ok(Step { bytes, rows: i64::try_from(run.len()).map_err(Error::internal)? })
}

/// A workbook in the making: it is filled first, and has bytes when it is full.
enum Sheet<R: Exposed> {
    Filling(Runs<R>, Box<(Book, Columns)>),
    Reading(BoxStream<'static, Result<Bytes>>),
}

impl<R: Exposed> Sheet<R> {
    async fn step(self) -> Result<Option<(Step, Self)>> {
        match self {
            Self::Reading(mut pieces) => {
                let piece = pieces.try_next().await?;
                Ok(piece.map(|piece| (Step { bytes: piece.into(), rows: 0 }, Self::Reading(pieces))))
            }
            Self::Filling(mut runs, mut filling) => {
                let Some(run) = runs.try_next().await? else {
                    let file = sheet::aside(move || filling.0.finish()).await?;
                    return Ok(Some((Step::default(), Self::Reading(sheet::pieces(file).boxed()))));
                };
                let taken = step(&run, Vec::new())?;
                let filled = sheet::aside(move || {
                    let (book, columns) = &mut *filling;
                    book.add(columns.rows(&run)?.into_iter())?;
                    Ok(filling)
                });
                Ok(Some((taken, Self::Filling(runs, filled.await?))))
            }
        }
    }
}

type Run<R> = Vec<<R as Resource>::Record>;
type Runs<R> = BoxStream<'static, Result<Run<R>>>;

/// Every run of a list, the first of which is there. Each is read while the one before it is written; a reader who
/// takes its time keeps no read waiting in the database.
fn runs<R: Exposed>(ctx: Ctx, filter: R::Filter, (first, mut after): (Run<R>, Option<uuid::Uuid>)) -> Runs<R> {
    let (send, runs) = mpsc::channel(1);
    let reader = tokio::spawn(async move {
        let mut run = Ok(first);
        loop {
            let is_over = run.is_err() || after.is_none();
            // Nobody listens when the request was given up.
            if send.send(run).await.is_err() || is_over {
                return;
            }
            let read = Box::pin(exports::run_of::<R>(&ctx, &filter, after)).await;
            run = read.map(|(run, next)| {
                after = next;
                run
            });
        }
    });
    let runs = stream::unfold(Some((runs, reader)), |state| async move {
        let (mut runs, reader) = state?;
        match runs.recv().await {
            Some(run) => Some((run, Some((runs, reader)))),
            // A reader that is gone without a word did not read to the end.
            None => reader.await.err().map(|broken| (Err(Error::internal(broken)), None)),
        }
    });
    runs.fuse().boxed()
}

/// A JSON object a line.
fn lines<T: serde::Serialize>(run: &[T], columns: &Columns, fields: Option<&[String]>) -> Result<Vec<u8>> {
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
    Ok(out)
}
