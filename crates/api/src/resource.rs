//! One declaration per resource: from it follow the REST routes with their OpenAPI and the
//! GraphQL fields. Steps of its records are declared beside it, see `step.rs`.

use async_graphql::OutputType;
use gdtx_service::{Record, Resource};
use serde::de::DeserializeOwned;
use utoipa::{IntoParams, ToSchema};

/// A resource that is served on both surfaces.
pub trait Exposed:
    Resource<
        Filter: IntoParams,
        Record: Record<New: DeserializeOwned + ToSchema, Patch: DeserializeOwned + ToSchema> + ToSchema + OutputType,
    >
{
    /// Path of the collection, `/v1/centres`.
    const PATH: &'static str;
    /// Names for operation ids: `Centre`, `Centres`.
    const SINGULAR: &'static str;
    const PLURAL: &'static str;
    /// What the records are, in one sentence, for the documentation.
    const ABOUT: &'static str;
}

/// Declares a resource on both surfaces. Use cases are boxed: a record of many fields makes a large
/// future, and the merged schema would carry it through every level of the stack.
macro_rules! resource {
    (
        $resource:ty, $path:literal, $singular:literal, $plural:literal, $about:literal;
        record $record:ty, new $new:ty, patch $patch:ty, filter $filter:ty, node $node:ident;
        query $query:ident { $list:ident, $get:ident, $history:ident }
        mutation $mutation:ident { $create:ident, $update:ident, $retire:ident, $put:ident }
    ) => {
        impl $crate::resource::Exposed for $resource {
            const PATH: &'static str = $path;
            const SINGULAR: &'static str = $singular;
            const PLURAL: &'static str = $plural;
            const ABOUT: &'static str = $about;
        }

        impl From<$record> for $node {
            fn from(record: $record) -> Self {
                Self(record)
            }
        }

        #[derive(Default)]
        pub struct $query;

        #[async_graphql::Object]
        impl $query {
            #[doc = concat!("Lists ", $about)]
            #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
            async fn $list(
                &self,
                ctx: &async_graphql::Context<'_>,
                filter: Option<$filter>,
                first: Option<u32>,
                after: Option<String>,
                sort: Option<String>,
                count: Option<gdtx_service::Count>,
                as_of: Option<gdtx_service::AsOf>,
            ) -> async_graphql::Result<$crate::graphql::Connection<$node>> {
                let request = $crate::graphql::reader(ctx, as_of)?;
                let page = Box::pin(gdtx_service::list::<$resource>(
                    &request,
                    filter.unwrap_or_default(),
                    gdtx_service::PageRequest { first, after, sort, count },
                ))
                .await;
                $crate::graphql::wrap(&request, page).map(|p| $crate::graphql::Connection::new(p.map($node)))
            }

            #[doc = concat!("Reads one of the ", $about)]
            async fn $get(
                &self,
                ctx: &async_graphql::Context<'_>,
                id: async_graphql::ID,
                as_of: Option<gdtx_service::AsOf>,
            ) -> async_graphql::Result<$node> {
                let request = $crate::graphql::reader(ctx, as_of)?;
                let id = $crate::graphql::wrap(&request, $crate::rest::operations::parse_id(&id))?;
                $crate::graphql::wrap(&request, Box::pin(gdtx_service::get::<$resource>(&request, id)).await).map($node)
            }

            #[doc = concat!("Lists the versions, newest first, of one of the ", $about)]
            #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
            async fn $history(
                &self,
                ctx: &async_graphql::Context<'_>,
                id: async_graphql::ID,
                first: Option<u32>,
                after: Option<String>,
            ) -> async_graphql::Result<$crate::graphql::Connection<gdtx_service::Version<$record>>> {
                let request = $crate::graphql::caller(ctx)?;
                let id = $crate::graphql::wrap(&request, $crate::rest::operations::parse_id(&id))?;
                let page = gdtx_service::PageRequest { first, after, sort: None, count: None };
                let page = Box::pin(gdtx_service::history::<$resource>(&request, id, page)).await;
                $crate::graphql::wrap(&request, page).map($crate::graphql::Connection::new)
            }
        }

        #[derive(Default)]
        pub struct $mutation;

        #[async_graphql::Object]
        impl $mutation {
            #[doc = concat!("Creates one of the ", $about)]
            async fn $create(
                &self,
                ctx: &async_graphql::Context<'_>,
                input: Box<$new>,
                #[graphql(default)] dry_run: bool,
            ) -> async_graphql::Result<$crate::graphql::Written<$node>> {
                let request = $crate::graphql::writer(ctx, dry_run)?;
                $crate::graphql::written(&request, Box::pin(gdtx_service::create::<$resource>(&request, *input)).await)
            }

            #[doc = concat!("Changes one of the ", $about)]
            async fn $update(
                &self,
                ctx: &async_graphql::Context<'_>,
                id: async_graphql::ID,
                patch: Box<$patch>,
                expected_version: Option<i64>,
                #[graphql(default)] dry_run: bool,
            ) -> async_graphql::Result<$crate::graphql::Written<$node>> {
                let request = $crate::graphql::writer(ctx, dry_run)?;
                let id = $crate::graphql::wrap(&request, $crate::rest::operations::parse_id(&id))?;
                $crate::graphql::written(
                    &request,
                    Box::pin(gdtx_service::update::<$resource>(&request, id, *patch, expected_version)).await,
                )
            }

            #[doc = concat!("Retires one of the ", $about)]
            async fn $retire(
                &self,
                ctx: &async_graphql::Context<'_>,
                id: async_graphql::ID,
                expected_version: Option<i64>,
                #[graphql(default)] dry_run: bool,
            ) -> async_graphql::Result<$crate::graphql::Written<$node>> {
                let request = $crate::graphql::writer(ctx, dry_run)?;
                let id = $crate::graphql::wrap(&request, $crate::rest::operations::parse_id(&id))?;
                $crate::graphql::written(
                    &request,
                    Box::pin(gdtx_service::retire::<$resource>(&request, id, expected_version)).await,
                )
            }

            #[doc = concat!("Creates or replaces, by the caller's own key, one of the ", $about)]
            async fn $put(
                &self,
                ctx: &async_graphql::Context<'_>,
                value: String,
                input: Box<$new>,
                expected_version: Option<i64>,
                #[graphql(default)] dry_run: bool,
            ) -> async_graphql::Result<$crate::graphql::Written<$node>> {
                let request = $crate::graphql::writer(ctx, dry_run)?;
                $crate::graphql::written(
                    &request,
                    Box::pin(gdtx_service::upsert::<$resource>(&request, value, *input, expected_version)).await,
                )
            }
        }
    };
}

pub(crate) use resource;
