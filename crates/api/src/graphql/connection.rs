//! Relay connections over the service's pages, and the answer to a mutation.

use std::borrow::Cow;

use async_graphql::{OutputType, SimpleObject, TypeName};
use gdtx_service::{Page, PageInfo, Problem};

/// A page of records (Relay connection): `first` chooses its size, 1 to 200 and 50 when absent;
/// `after` takes the `endCursor` of the page before; `sort` takes a key, with `-` in front to turn the
/// order around; `count` asks for `totalCount`.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub struct Connection<T: OutputType + Clone> {
    /// The records with their cursors.
    pub edges: Vec<Edge<T>>,
    /// The records alone.
    pub nodes: Vec<T>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// All that match; only when `count` was asked for.
    pub total_count: Option<u64>,
}

/// A record with its cursor.
#[derive(Clone, SimpleObject)]
#[graphql(name_type)]
pub struct Edge<T: OutputType> {
    /// Give it as `after` for what follows this record.
    pub cursor: String,
    pub node: T,
}

/// The answer to a mutation.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub struct Written<T: OutputType> {
    pub record: T,
    /// What did not stop the write but is worth a look.
    pub warnings: Vec<Problem>,
    /// Whether the record came to be with this write.
    pub created: bool,
}

impl<T: OutputType + Clone> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

impl<T: OutputType> TypeName for Edge<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}

impl<T: OutputType> TypeName for Written<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Written", T::type_name()).into()
    }
}

impl<T: OutputType + Clone> Connection<T> {
    pub fn new(page: Page<T>) -> Self {
        let edges =
            page.cursors.into_iter().zip(page.items.iter().cloned()).map(|(cursor, node)| Edge { cursor, node });
        Self { edges: edges.collect(), nodes: page.items, page_info: page.page_info, total_count: page.total_count }
    }
}
