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
    OutputType, QueryPathSegment,
    dataloader::{DataLoader, Loader},
};
use gdtx_service::{AsOf, Ctx, Error, Page, PageRequest, Resource};
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

/// Loaders by the kind of record and the moment.
type Made = HashMap<(TypeId, Option<AsOf>), Box<dyn Any + Send>>;

/// The loaders of one request, each made when it is first needed.
pub struct Loaders {
    ctx: Ctx,
    made: Mutex<Made>,
    /// The moments of the past that fields at the root read, by their names in the answer.
    moments: Mutex<HashMap<String, AsOf>>,
}

impl Loaders {
    pub fn new(ctx: Ctx) -> Self {
        Self { ctx, made: Mutex::default(), moments: Mutex::default() }
    }

    /// Notes the moment that a field at the root reads.
    pub fn read_at(&self, ctx: &async_graphql::Context<'_>, as_of: AsOf) {
        if let Some(root) = root(ctx) {
            self.moments.lock().unwrap_or_else(PoisonError::into_inner).insert(root.to_owned(), as_of);
        }
    }

    /// The moment of the field at the root that a field stands under.
    pub fn moment(&self, ctx: &async_graphql::Context<'_>) -> Option<AsOf> {
        let moments = self.moments.lock().unwrap_or_else(PoisonError::into_inner);
        if moments.is_empty() { None } else { moments.get(root(ctx)?).copied() }
    }

    fn of<R: Resource>(&self, as_of: Option<AsOf>) -> Arc<DataLoader<Batches<R>>> {
        let key = (TypeId::of::<R>(), as_of);
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let known = made.get(&key).and_then(|loader| loader.downcast_ref::<Arc<_>>()).cloned();
        known.unwrap_or_else(|| {
            let loader = Arc::new(DataLoader::new(Batches(self.ctx.at(as_of), PhantomData), tokio::spawn));
            made.insert(key, Box::new(Arc::clone(&loader)));
            loader
        })
    }
}

/// The name in the answer of the field at the root that a field stands under.
fn root<'a>(ctx: &'a async_graphql::Context<'_>) -> Option<&'a str> {
    let mut node = ctx.path_node.as_ref()?;
    while let Some(parent) = node.parent {
        node = parent;
    }
    match node.segment {
        QueryPathSegment::Name(name) => Some(name),
        QueryPathSegment::Index(_) => None,
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
    let loader = ctx.data::<Loaders>()?.of::<R>(request.as_of);
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
    let found = ctx.data::<Loaders>()?.of::<R>(request.as_of).load_many(ids.iter().copied()).await;
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
    let found = ctx.data::<Loaders>()?.of::<R>(request.as_of).load_one(id).await;
    found.map(|r| r.map(N::from)).map_err(|e| graphql_error(&e, request.lang))
}
