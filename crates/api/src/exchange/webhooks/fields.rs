//! Webhooks on GraphQL: the same use cases under the same names.

use actix_web::web::Data;
use async_graphql::{Context, ID, Object, Result};
use gdtx_domain::exchange::webhook::delivery::DeliveryState;
use gdtx_service::{
    PageRequest,
    exchange::webhooks::{self, Delivery, DeliveryFilter, IssuedWebhook, NewWebhook, Trial, Webhook, WebhookPatch},
};

use crate::{
    graphql::{Connection, caller, wrap, writer},
    rest::operations::parse_id,
    state::App,
};

#[derive(Default)]
pub struct WebhookQuery;

#[Object]
impl WebhookQuery {
    /// Lists the webhooks of the calling client, oldest first.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_webhooks(
        &self,
        ctx: &Context<'_>,
        first: Option<u32>,
        after: Option<String>,
    ) -> Result<Connection<Webhook>> {
        let request = caller(ctx)?;
        let page = webhooks::list(&request, PageRequest { first, after, ..PageRequest::default() }).await;
        wrap(&request, page).map(Connection::new)
    }

    /// Reads a webhook with its health.
    async fn get_webhook(&self, ctx: &Context<'_>, id: ID) -> Result<Webhook> {
        let request = caller(ctx)?;
        let id = wrap(&request, parse_id(&id))?;
        wrap(&request, webhooks::get(&request, id).await)
    }

    /// Lists what became of each change at a webhook, newest change first.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_webhook_deliveries(
        &self,
        ctx: &Context<'_>,
        id: ID,
        state: Option<DeliveryState>,
        first: Option<u32>,
        after: Option<String>,
    ) -> Result<Connection<Delivery>> {
        let request = caller(ctx)?;
        let id = wrap(&request, parse_id(&id))?;
        let asked = PageRequest { first, after, ..PageRequest::default() };
        let page = webhooks::deliveries(&request, id, DeliveryFilter { state }, asked).await;
        wrap(&request, page).map(Connection::new)
    }
}

#[derive(Default)]
pub struct WebhookMutation;

#[Object]
impl WebhookMutation {
    /// Subscribes to changes. The secret is shown this once.
    async fn create_webhook(
        &self,
        ctx: &Context<'_>,
        input: NewWebhook,
        #[graphql(default)] dry_run: bool,
    ) -> Result<IssuedWebhook> {
        let request = writer(ctx, dry_run)?;
        wrap(&request, webhooks::create(&request, input, &ctx.data::<Data<App>>()?.targets).await)
    }

    /// Changes a webhook; `state` takes `paused` and `active`.
    async fn update_webhook(
        &self,
        ctx: &Context<'_>,
        id: ID,
        patch: WebhookPatch,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> Result<Webhook> {
        let request = writer(ctx, dry_run)?;
        let id = wrap(&request, parse_id(&id))?;
        let targets = &ctx.data::<Data<App>>()?.targets;
        wrap(&request, webhooks::update(&request, id, patch, expected_version, targets).await)
    }

    /// Unsubscribes.
    async fn delete_webhook(
        &self,
        ctx: &Context<'_>,
        id: ID,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> Result<Webhook> {
        let request = writer(ctx, dry_run)?;
        let id = wrap(&request, parse_id(&id))?;
        wrap(&request, webhooks::delete(&request, id, expected_version).await)
    }

    /// Gives a webhook a new key, shown this once; the old one signs on for `overlapHours` (0 to 720; 24
    /// when absent).
    async fn rotate_webhook_secret(
        &self,
        ctx: &Context<'_>,
        id: ID,
        overlap_hours: Option<u32>,
        #[graphql(default)] dry_run: bool,
    ) -> Result<IssuedWebhook> {
        let request = writer(ctx, dry_run)?;
        let id = wrap(&request, parse_id(&id))?;
        wrap(&request, webhooks::rotate_secret(&request, id, overlap_hours).await)
    }

    /// Sends everything after a position again.
    async fn replay_webhook(
        &self,
        ctx: &Context<'_>,
        id: ID,
        after: i64,
        #[graphql(default)] dry_run: bool,
    ) -> Result<Webhook> {
        let request = writer(ctx, dry_run)?;
        let id = wrap(&request, parse_id(&id))?;
        wrap(&request, webhooks::replay(&request, id, after).await)
    }

    /// Sends a test message now and tells what the receiver said.
    async fn test_webhook(&self, ctx: &Context<'_>, id: ID) -> Result<Trial> {
        let request = writer(ctx, false)?;
        let id = wrap(&request, parse_id(&id))?;
        wrap(&request, webhooks::test(&request, id, &*ctx.data::<Data<App>>()?.courier).await)
    }
}
