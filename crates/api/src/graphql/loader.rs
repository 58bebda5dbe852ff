//! Per-request loaders: one query for all records of a kind that a GraphQL answer points to.
//!
//! A loader carries the request's context, so authorisation and masking hold for batches too.

use std::{collections::HashMap, marker::PhantomData, sync::Arc};

use async_graphql::{
    Data,
    dataloader::{DataLoader, Loader},
};
use gdtx_service::{Ctx, Error, Resource};
use uuid::Uuid;

/// Loads records of one kind by id.
pub struct ById<R>(Ctx, PhantomData<R>);

impl<R: Resource> Loader<Uuid> for ById<R> {
    type Value = R::Record;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, R::Record>, Self::Error> {
        gdtx_service::get_many::<R>(&self.0, ids.to_vec()).await.map_err(Arc::new)
    }
}

impl<R: Resource> ById<R> {
    /// Puts a loader of this kind of record into the data of a request.
    pub fn add(ctx: &Ctx, data: &mut Data) {
        data.insert(DataLoader::new(Self(ctx.clone(), PhantomData), tokio::spawn));
    }
}

/// Follows references to records of one kind, in their order; those that the caller may not see
/// are left out.
pub async fn follow_many<R: Resource, N: From<R::Record>>(
    ctx: &async_graphql::Context<'_>,
    ids: &[Uuid],
) -> async_graphql::Result<Vec<N>> {
    let request = super::caller(ctx)?;
    let found = ctx.data::<DataLoader<ById<R>>>()?.load_many(ids.iter().copied()).await;
    let mut found = found.map_err(|e| crate::problem::graphql_error(&e, request.lang))?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).map(N::from).collect())
}

/// Follows a reference to one record; null when the caller may not see it.
pub async fn follow<R: Resource, N: From<R::Record>>(
    ctx: &async_graphql::Context<'_>,
    id: Option<Uuid>,
) -> async_graphql::Result<Option<N>> {
    let Some(id) = id else { return Ok(None) };
    let request = super::caller(ctx)?;
    let found = ctx.data::<DataLoader<ById<R>>>()?.load_one(id).await;
    found.map(|r| r.map(N::from)).map_err(|e| crate::problem::graphql_error(&e, request.lang))
}
