//! The GraphQL face: the same use cases as REST, with relations through per-request loaders.

mod connection;
mod document;
mod documents;
mod engine;
mod gate;
mod handler;
mod inputs;
mod limits;
mod loader;
mod messages;
mod schema;
mod size;

use async_graphql::Context;
use gdtx_service::{AsOf, Ctx, Error, statistics::StatisticsQuery};

pub use connection::{Connection, Written};
pub use documents::Documents;
pub use handler::{endpoint, websocket};
pub use inputs::Inputs;
pub use loader::{Loaders, follow, follow_many, owned};
pub use schema::{MAX_DIRECTIVES, Node, Schema, build};

use crate::problem::graphql_error;

/// What a page of records costs, given what one record of it costs.
pub fn pages(first: Option<u32>, each: usize) -> usize {
    first.unwrap_or(gdtx_service::DEFAULT_FIRST).min(200) as usize * each.clamp(1, 1_000_000) + 1
}

/// The complexity of figures, as many as the query lets through.
pub fn figures(query: &StatisticsQuery, each: usize) -> usize {
    pages(Some(query.top.unwrap_or(200).clamp(1, 200)), each)
}

/// The context of the request that a field belongs to, at the moment of the field at the root that it
/// stands under: what belongs to a record of the past is of the same past.
pub fn caller(ctx: &Context<'_>) -> async_graphql::Result<Ctx> {
    let as_of = ctx.data_opt::<Loaders>().and_then(|loaders| loaders.moment(ctx));
    Ok(ctx.data::<Ctx>()?.at(as_of))
}

/// The same for a field at the root that reads a moment of the past, or the present.
pub fn reader(ctx: &Context<'_>, as_of: Option<AsOf>) -> async_graphql::Result<Ctx> {
    if let Some(as_of) = as_of {
        ctx.data::<Loaders>()?.read_at(ctx, as_of);
    }
    caller(ctx)
}

/// The context of a mutation: its own retry key, and whether it is a rehearsal.
pub fn writer(ctx: &Context<'_>, dry_run: bool) -> async_graphql::Result<Ctx> {
    let mut request = caller(ctx)?;
    request.dry_run = dry_run;
    let path: Option<Vec<String>> = ctx.path_node.map(async_graphql::QueryPathNode::to_string_vec);
    request.idempotency_key =
        request.idempotency_key.map(|key| format!("{key}#{}", path.unwrap_or_default().join(".")));
    Ok(request)
}

/// Turns a refusal into a GraphQL error with `extensions`.
pub fn wrap<T>(ctx: &Ctx, result: Result<T, Error>) -> async_graphql::Result<T> {
    result.map_err(|e| graphql_error(&e, ctx.lang))
}

/// The answer to a mutation.
pub fn written<T, N: From<T> + async_graphql::OutputType>(
    ctx: &Ctx,
    result: Result<gdtx_service::Written<T>, Error>,
) -> async_graphql::Result<Written<N>> {
    wrap(ctx, result).map(|w| Written { record: w.record.into(), warnings: w.warnings, created: w.created })
}
