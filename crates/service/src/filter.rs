//! Typed filters of lists: each field is one column and one comparison, declared once.

use sea_orm::{EntityTrait, Select};
use serde::{Serialize, de::DeserializeOwned};

/// A filter of one kind of record.
pub trait Filter: Serialize + DeserializeOwned + Default + Clone + Send + Sync + 'static {
    type Entity: EntityTrait;

    /// Narrows a select. Never widens: the scope stands in it already.
    fn narrow(&self, select: Select<Self::Entity>) -> Select<Self::Entity>;

    /// Words to search for in the folded search text.
    fn search(&self) -> Option<&str>;

    /// Whether retired records are wanted too.
    fn with_retired(&self) -> bool;
}

/// Declares a filter: `field: Type => "column" op`, where `op` is `eq`, `gte` or `lte`.
macro_rules! filter {
    (
        $(#[$meta:meta])*
        $name:ident of $entity:path {
            $( $(#[$fm:meta])* $f:ident : $t:ty => $col:literal $op:ident ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize, async_graphql::InputObject, utoipa::IntoParams)]
        #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
        #[into_params(parameter_in = Query, rename_all = "camelCase")]
        pub struct $name {
            $( $(#[$fm])* #[serde(skip_serializing_if = "Option::is_none")] pub $f: Option<$t>, )*
            /// Words to find, without regard to case, tone marks and đ.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub search: Option<String>,
            /// Records changed at or after this instant.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub updated_since: Option<chrono::DateTime<chrono::Utc>>,
            /// Also retired records.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub with_retired: Option<bool>,
        }

        impl $crate::filter::Filter for $name {
            type Entity = $entity;

            fn narrow(&self, mut select: sea_orm::Select<$entity>) -> sea_orm::Select<$entity> {
                use sea_orm::{ExprTrait, QueryFilter, sea_query::Expr};
                $( if let Some(value) = &self.$f { select = select.filter(Expr::col($col).$op(value.clone())); } )*
                if let Some(since) = self.updated_since { select = select.filter(Expr::col("updated_at").gte(since)); }
                select
            }

            fn search(&self) -> Option<&str> {
                self.search.as_deref()
            }

            fn with_retired(&self) -> bool {
                self.with_retired.unwrap_or(false)
            }
        }
    };
}

pub(crate) use filter;
