//! The change feed: REST with long poll or as server-sent events, GraphQL query and subscription.

use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::{Context, Object, Subscription};
use futures::Stream;
use gdtx_domain::exchange::resource::ResourceKind;
use gdtx_service::exchange::changes::{self, Change, Changes, ChangesRequest};
use serde::Deserialize;
use utoipa::IntoParams;

use super::events;
use crate::{
    graphql,
    headers::Caller,
    problem::{Failure, Problem},
    rest::{query, respond},
    state::App,
};

/// What to read of the feed.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct ChangesQueryParameters {
    /// The position after which to read, at most the last one; 0 reads from the beginning.
    #[param(minimum = 0)]
    after: i64,
    /// One kind of record only.
    resource: Option<ResourceKind>,
    /// Entries in the answer, 1 to 1,000; 200 when absent.
    #[param(minimum = 1, maximum = 1000)]
    first: Option<u32>,
    /// Seconds to wait for a change when there is none yet, 0 to 60. A stream gives a sign of life that
    /// often, every 3 when absent; a reader that is gone is noticed by the second one.
    #[param(minimum = 0, maximum = 60)]
    wait: Option<u32>,
    /// Whether records come as lists show them, without sensitive and restricted data: for copies that
    /// began with lists.
    as_listed: bool,
}

/// Follow changes
///
/// One ordered stream over all records in the caller's reach, oldest first. Start with `after=0`,
/// go on with `nextAfter`. Positions are dense and never appear below one that was read. Records
/// are masked as on every other surface; retired records come with all their keys; a change of
/// reach comes as `access_gained` (list the records of that reach) or `access_lost` (drop them), and a report that is due
/// soon as `report_due`.
///
/// With `Accept: text/event-stream` the answer is another one, which goes on: server-sent events (WHATWG HTML, 9.2). `event:
/// change` carries a change as `data` and its position as `id`; `event: position` tells the position
/// reached, in `nextAfter`, where later entries are not for the caller; `event: problem` is the last one when the
/// token ended or the client was revoked. `Last-Event-ID` goes on behind the event that came last.
#[utoipa::path(
    get, path = "/v1/changes", operation_id = "changes", tag = "changes",
    params(
        ChangesQueryParameters,
        ("Last-Event-ID" = Option<i64>, Header, description = "The `id` of the last event that came; instead of `after`.", minimum = 0),
    ),
    responses(
        (status = 200, description = "A run of changes.", body = Changes),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No or bad token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The grant is missing.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("oauth2" = []))
)]
pub async fn read(req: HttpRequest, Caller(ctx): Caller, app: web::Data<App>) -> Result<HttpResponse, Failure> {
    let q: ChangesQueryParameters = query::typed_query(req.query_string())?;
    let streamed = events::wanted(&req);
    let after = events::last_id(&req)?.filter(|_| streamed).unwrap_or(q.after);
    let request = ChangesRequest { after, resource: q.resource, first: q.first, wait: q.wait, as_listed: q.as_listed };
    if streamed {
        return events::stream(&req, app, ctx, request).await;
    }
    Ok(respond::json(&changes::read(&ctx, request).await?))
}

pub fn mount(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/changes").route(web::get().to(read)));
}

#[derive(Default)]
pub struct ChangesQuery;

#[Object]
impl ChangesQuery {
    /// Follows changes: one ordered stream over all records in the caller's reach, oldest first.
    #[graphql(
        complexity = "first.unwrap_or(200).min(1_000) as usize * child_complexity.max(1).min(1_000_000) / 10 + 1"
    )]
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(default)] after: i64,
        resource: Option<ResourceKind>,
        first: Option<u32>,
        wait: Option<u32>,
        #[graphql(default, desc = "Whether records come as lists show them, for copies that began with lists.")]
        as_listed: bool,
    ) -> async_graphql::Result<Changes> {
        let request = graphql::caller(ctx)?;
        let asked = ChangesRequest { after, resource, first, wait, as_listed };
        graphql::wrap(&request, changes::read(&request, asked).await)
    }
}

#[derive(Default)]
pub struct ChangesSubscription;

#[Subscription]
impl ChangesSubscription {
    /// Follows changes as they happen, from a position on: the same entries, order and mask as the
    /// query of this name. The token is looked at anew before each run of changes.
    async fn changes<'a>(
        &self,
        ctx: &Context<'a>,
        #[graphql(default)] after: i64,
        resource: Option<ResourceKind>,
        #[graphql(default, desc = "Whether records come as lists show them, for copies that began with lists.")]
        as_listed: bool,
    ) -> async_graphql::Result<impl Stream<Item = async_graphql::Result<Change>> + use<'a>> {
        let request = graphql::caller(ctx)?;
        let first = ChangesRequest { after, resource, first: None, wait: Some(20), as_listed };
        Ok(futures::stream::try_unfold(
            (request, first, Vec::new().into_iter()),
            |(ctx, mut request, mut run)| async move {
                loop {
                    if let Some(change) = run.next() {
                        return Ok(Some((change, (ctx, request, run))));
                    }
                    let read = graphql::wrap(&ctx, changes::read(&ctx, request.clone()).await)?;
                    request.after = read.next_after;
                    run = read.items.into_iter();
                }
            },
        ))
    }
}
