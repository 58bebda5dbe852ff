//! Clients and vendors on GraphQL: the same use cases under the same names.

use async_graphql::{Context, ID, Object, Result};
use gdtx_service::{
    Count, PageRequest,
    access::{
        client::{self, Client, ClientFilter, ClientPatch, NewClient, Registered},
        vendor::{self, VendorAssignment},
    },
};

use crate::{
    graphql::{Connection, caller, wrap, writer},
    rest::operations::parse_id,
};

#[derive(Default)]
pub struct ClientQuery;

#[Object]
impl ClientQuery {
    /// Lists clients. For administrators and auditors.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_clients(
        &self,
        ctx: &Context<'_>,
        filter: Option<ClientFilter>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> Result<Connection<Client>> {
        let request = caller(ctx)?;
        let page = client::list(&request, filter.unwrap_or_default(), PageRequest { first, after, sort, count }).await;
        wrap(&request, page).map(Connection::new)
    }

    /// Reads one client.
    async fn get_client(&self, ctx: &Context<'_>, id: ID) -> Result<Client> {
        let request = caller(ctx)?;
        let id = wrap(&request, parse_id(&id))?;
        wrap(&request, client::get(&request, id).await)
    }
}

#[derive(Default)]
pub struct ClientMutation;

#[Object]
impl ClientMutation {
    /// Registers a client. Its secret is shown this once.
    async fn create_client(
        &self,
        ctx: &Context<'_>,
        input: NewClient,
        #[graphql(default)] dry_run: bool,
    ) -> Result<Registered> {
        let request = writer(ctx, dry_run)?;
        wrap(&request, client::register(&request, input).await)
    }

    /// Changes a client. Role and system never change.
    async fn update_client(
        &self,
        ctx: &Context<'_>,
        id: ID,
        patch: ClientPatch,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> Result<Client> {
        let request = writer(ctx, dry_run)?;
        let id = wrap(&request, parse_id(&id))?;
        wrap(&request, client::update(&request, id, patch, expected_version).await)
    }

    /// Gives a client a new secret, shown this once; the old one works on for `overlapHours`
    /// (0 to 720; 24 when absent).
    async fn rotate_client_secret(
        &self,
        ctx: &Context<'_>,
        id: ID,
        overlap_hours: Option<u32>,
        #[graphql(default)] dry_run: bool,
    ) -> Result<Registered> {
        let request = writer(ctx, dry_run)?;
        let id = wrap(&request, parse_id(&id))?;
        wrap(&request, client::rotate_secret(&request, id, overlap_hours).await)
    }

    /// Suspends a client: it is refused from its next request on, until it is resumed.
    async fn suspend_client(&self, ctx: &Context<'_>, id: ID, #[graphql(default)] dry_run: bool) -> Result<Client> {
        let request = writer(ctx, dry_run)?;
        let id = wrap(&request, parse_id(&id))?;
        wrap(&request, client::suspend(&request, id).await)
    }

    /// Resumes a suspended client.
    async fn resume_client(&self, ctx: &Context<'_>, id: ID, #[graphql(default)] dry_run: bool) -> Result<Client> {
        let request = writer(ctx, dry_run)?;
        let id = wrap(&request, parse_id(&id))?;
        wrap(&request, client::resume(&request, id).await)
    }

    /// Revokes a client for good; its secrets are forgotten.
    async fn revoke_client(&self, ctx: &Context<'_>, id: ID, #[graphql(default)] dry_run: bool) -> Result<Client> {
        let request = writer(ctx, dry_run)?;
        let id = wrap(&request, parse_id(&id))?;
        wrap(&request, client::revoke(&request, id).await)
    }

    /// Lets a vendor act for a centre.
    async fn assign_vendor(
        &self,
        ctx: &Context<'_>,
        centre_id: ID,
        client_id: ID,
        #[graphql(default)] dry_run: bool,
    ) -> Result<VendorAssignment> {
        let request = writer(ctx, dry_run)?;
        let (centre, client) = (wrap(&request, parse_id(&centre_id))?, wrap(&request, parse_id(&client_id))?);
        wrap(&request, vendor::assign_vendor(&request, centre, client).await)
    }

    /// Ends a vendor's acting for a centre.
    async fn unassign_vendor(
        &self,
        ctx: &Context<'_>,
        centre_id: ID,
        client_id: ID,
        #[graphql(default)] dry_run: bool,
    ) -> Result<VendorAssignment> {
        let request = writer(ctx, dry_run)?;
        let (centre, client) = (wrap(&request, parse_id(&centre_id))?, wrap(&request, parse_id(&client_id))?);
        wrap(&request, vendor::unassign_vendor(&request, centre, client).await)
    }
}
