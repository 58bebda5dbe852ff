//! Relay connections over the service's pages, and the answer to a mutation.

use std::borrow::Cow;

use async_graphql::{Object, OutputType, SimpleObject, TypeName};
use gdtx_service::{Page, PageInfo, Problem};

/// A page of records.
pub struct Connection<T>(Page<T>);

/// A page of records (Relay connection): `first` chooses its size, 1 to 200 and 50 when absent;
/// `after` takes the `endCursor` of the page before; `sort` takes a key, with `-` in front to turn the
/// order around; `count` asks for `totalCount`.
#[Object(name_type)]
impl<T: OutputType + Clone> Connection<T> {
    /// The records with their cursors.
    async fn edges(&self) -> Vec<Edge<T>> {
        let pairs = self.0.cursors.iter().cloned().zip(self.0.items.iter().cloned());
        pairs.map(|(cursor, node)| Edge { cursor, node }).collect()
    }

    /// The records alone.
    async fn nodes(&self) -> &Vec<T> {
        &self.0.items
    }

    /// Where the page ends.
    async fn page_info(&self) -> &PageInfo {
        &self.0.page_info
    }

    /// All that match; only when `count` was asked for.
    async fn total_count(&self) -> Option<u64> {
        self.0.total_count
    }
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

impl<T> Connection<T> {
    pub fn new(page: Page<T>) -> Self {
        Self(page)
    }
}
