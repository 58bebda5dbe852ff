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

/// The loaders of one request.
pub fn loaders(ctx: &Ctx, data: &mut Data) {
    fn add<R: Resource>(ctx: &Ctx, data: &mut Data) {
        data.insert(DataLoader::new(ById::<R>(ctx.clone(), PhantomData), tokio::spawn));
    }
    add::<gdtx_service::centres::centre::Centres>(ctx, data);
}
