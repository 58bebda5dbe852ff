//! Per-request loaders: one query for all records of a kind that a GraphQL answer points to, and
//! for all lists of a kind that its records own.
//!
//! A loader carries the request's context, so authorisation and masking hold for batches too.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    marker::PhantomData,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::{
    OutputType,
    dataloader::{DataLoader, Loader},
};
use gdtx_service::{Ctx, Error, Page, PageRequest, Resource};
use uuid::Uuid;

use super::Connection;
use crate::problem::graphql_error;

/// Loads records of one kind, by id or by owner.
struct Batches<R>(Ctx, PhantomData<R>);

impl<R: Resource> Loader<Uuid> for Batches<R> {
    type Value = R::Record;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, R::Record>, Self::Error> {
        gdtx_service::get_many::<R>(&self.0, ids.to_vec()).await.map_err(Arc::new)
    }
}

/// A list of the records that name their owner in a column.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OwnedBy {
    column: &'static str,
    owner: Uuid,
    /// Filter and page as JSON: lists that ask for the same are read together.
    asked: String,
    /// Whether the records are wanted, and not their number alone.
    rows: bool,
}

impl<R: Resource> Loader<OwnedBy> for Batches<R> {
    /// One list may be refused beside another that is not.
    type Value = Result<Page<R::Record>, Arc<Error>>;
    type Error = Arc<Error>;

    async fn load(&self, lists: &[OwnedBy]) -> Result<HashMap<OwnedBy, Self::Value>, Self::Error> {
        let mut alike: HashMap<(&'static str, &str, bool), Vec<Uuid>> = HashMap::new();
        for list in lists {
            alike.entry((list.column, &list.asked, list.rows)).or_default().push(list.owner);
        }
        let mut found = HashMap::with_capacity(lists.len());
        for ((column, asked, rows), owners) in alike {
            let (filter, page) = serde_json::from_str(asked).map_err(|e| Arc::new(Error::internal(e)))?;
            let key = |owner| OwnedBy { column, owner, asked: asked.to_owned(), rows };
            match Box::pin(gdtx_service::list_of::<R>(&self.0, column, owners.clone(), filter, page, rows)).await {
                Ok(pages) => found.extend(pages.into_iter().map(|(id, page)| (key(id), page.map_err(Arc::new)))),
                Err(error) => {
                    let error = Arc::new(error);
                    found.extend(owners.into_iter().map(|id| (key(id), Err(Arc::clone(&error)))));
                }
            }
        }
        Ok(found)
    }
}

/// The loaders of one request, each made when it is first needed.
pub struct Loaders {
    ctx: Ctx,
    made: Mutex<HashMap<TypeId, Box<dyn Any + Send>>>,
}

impl Loaders {
    pub fn new(ctx: Ctx) -> Self {
        Self { ctx, made: Mutex::default() }
    }

    fn of<R: Resource>(&self) -> Arc<DataLoader<Batches<R>>> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let known = made.get(&TypeId::of::<R>()).and_then(|loader| loader.downcast_ref::<Arc<_>>()).cloned();
        known.unwrap_or_else(|| {
            let loader = Arc::new(DataLoader::new(Batches(self.ctx.clone(), PhantomData), tokio::spawn));
            made.insert(TypeId::of::<R>(), Box::new(Arc::clone(&loader)));
            loader
        })
    }
}

/// A page of the records that name this one as their owner in a column.
pub async fn owned<R: Resource, N: From<R::Record> + OutputType + Clone>(
    ctx: &async_graphql::Context<'_>,
    column: &'static str,
    owner: Uuid,
    filter: Option<R::Filter>,
    page: PageRequest,
) -> async_graphql::Result<Connection<N>> {
    let request = super::caller(ctx)?;
    let asked = serde_json::to_string(&(filter.unwrap_or_default(), page))?;
    let rows = ctx.field().selection_set().any(|field| field.name() != "totalCount");
    let loader = ctx.data::<Loaders>()?.of::<R>();
    let found = loader.load_one(OwnedBy { column, owner, asked, rows }).await;
    let page = found.and_then(|page| page.unwrap_or_else(|| Err(Arc::new(Error::not_found()))));
    page.map(|page| Connection::new(page.map(N::from))).map_err(|e| graphql_error(&e, request.lang))
}

/// Follows references to records of one kind, in their order; those that the caller may not see
/// are left out.
pub async fn follow_many<R: Resource, N: From<R::Record>>(
    ctx: &async_graphql::Context<'_>,
    ids: &[Uuid],
) -> async_graphql::Result<Vec<N>> {
    let request = super::caller(ctx)?;
    let found = ctx.data::<Loaders>()?.of::<R>().load_many(ids.iter().copied()).await;
    let mut found = found.map_err(|e| graphql_error(&e, request.lang))?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).map(N::from).collect())
}

/// Follows a reference to one record; null when the caller may not see it.
pub async fn follow<R: Resource, N: From<R::Record>>(
    ctx: &async_graphql::Context<'_>,
    id: Option<Uuid>,
) -> async_graphql::Result<Option<N>> {
    let Some(id) = id else { return Ok(None) };
    let request = super::caller(ctx)?;
    let found = ctx.data::<Loaders>()?.of::<R>().load_one(id).await;
    found.map(|r| r.map(N::from)).map_err(|e| graphql_error(&e, request.lang))
}
