//! Typed filters of lists: each field is one column and one comparison, declared once.
//!
//! Who filters, searches or sorts by a value learns it from what comes back, so a parameter can
//! name the class of personal data that its user must be allowed to see.

use std::collections::BTreeSet;

use gdtx_domain::{Checks, DataClass, access::purpose::Purpose};
use sea_orm::{EntityTrait, Select};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Code, Error, Result,
    access::{
        policy::{self, Permission},
        scope::Sight,
    },
    tx::Tx,
};

/// A filter of one kind of record.
pub trait Filter: Serialize + DeserializeOwned + Default + Clone + Send + Sync + 'static {
    type Entity: EntityTrait;

    /// Narrows a select. Never widens: the scope stands in it already.
    fn narrow(&self, select: Select<Self::Entity>) -> Select<Self::Entity>;

    /// Words to search for in the folded search text.
    fn search(&self) -> Option<&str>;

    /// The key of one record in the caller's own system.
    fn external_id(&self) -> Option<&str> {
        None
    }

    /// The part of the list that is wanted, of a full copy.
    fn partition(&self) -> Option<&str> {
        None
    }

    /// Whether retired records are wanted too.
    fn with_retired(&self) -> bool;

    /// The parameters in use that need sight of a class of personal data.
    fn personal(&self) -> Vec<(String, DataClass)> {
        Vec::new()
    }
}

/// The most characters of words to search for.
pub(crate) const MAX_SEARCH: usize = 200;

/// Refuses words that no name could hold: too many, or with characters that nobody sees.
pub(crate) fn check_search(words: Option<&str>) -> Result<()> {
    let Some(words) = words else { return Ok(()) };
    let mut checks = Checks::default();
    if !words.trim().is_empty() {
        checks.text("search", &mut words.to_owned(), MAX_SEARCH);
    }
    if checks.is_ok() { Ok(()) } else { Err(Error { fields: checks.problems, ..Error::of(Code::InvalidParameter) }) }
}

/// Refuses parameters that would tell a masked value.
pub(crate) fn check_sight(used: &[(String, DataClass)], tx: &Tx) -> Result<()> {
    check_sight_with(used, tx, tx.sight())
}

/// The same with the sight that the caller has of the people who are asked about.
pub(crate) fn check_sight_with(used: &[(String, DataClass)], tx: &Tx, sight: Sight) -> Result<()> {
    check_entitled(used, tx.entitled())?;
    match used.iter().find(|(_, class)| !sight.allows(*class)) {
        None => Ok(()),
        Some((parameter, _)) => Err(without_purpose(parameter, tx.ctx.purpose)),
    }
}

/// The caller may see the data, but does not say what for, or names a purpose that does not open those of children.
fn without_purpose(parameter: &str, named: Option<Purpose>) -> Error {
    let opening = Purpose::ALL.iter().filter(|purpose| named.is_none() || purpose.serves_the_learner());
    let codes = opening.map(|purpose| purpose.code()).collect::<Vec<_>>().join(", ");
    let said = Error::new(
        Code::Forbidden,
        format!(
            "Tham số này cho biết dữ liệu cá nhân: gửi kèm tiêu đề Data-Purpose với một mục đích trong thỏa thuận ({codes})."
        ),
        format!(
            "This parameter tells personal data: send the header Data-Purpose with a purpose of the agreement ({codes})."
        ),
    );
    let mut checks = Checks::default();
    checks.refuse(parameter, "purpose_required", said.detail.vi.clone(), said.detail.en.clone());
    Error { fields: checks.problems, ..said }
}

fn check_entitled(used: &[(String, DataClass)], sight: Sight) -> Result<()> {
    let mut checks = Checks::default();
    let mut missing = BTreeSet::new();
    for (parameter, class) in used.iter().filter(|(_, class)| !sight.allows(*class)) {
        let label = class.label();
        checks.refuse(
            parameter,
            "hidden_data",
            format!("Tham số này cần quyền xem: {}.", label.vi.to_lowercase()),
            format!("This parameter needs sight of: {}.", label.en.to_lowercase()),
        );
        missing.extend(policy::needed_for(*class).map(Permission::code));
    }
    if checks.is_ok() {
        return Ok(());
    }
    let grants = missing.into_iter().collect::<Vec<_>>().join(", ");
    let error = Error::new(
        Code::Forbidden,
        format!(
            "Lọc, tìm hoặc sắp xếp theo dữ liệu bị che cần quyền {grants} và thỏa thuận chia sẻ còn hiệu lực cho loại dữ liệu đó; quản trị hệ thống cấp."
        ),
        format!(
            "To filter, search or sort by masked data needs the grant {grants} and an agreement in force that covers the class of data; an administrator gives both."
        ),
    );
    Err(Error { fields: checks.problems, ..error })
}

/// Declares a filter: `field: Type => "column" op`, where `op` is `eq`, `gte` or `lte`; with
/// `needs Class` where the column is personal data.
macro_rules! filter {
    (
        $(#[$meta:meta])*
        $name:ident of $entity:path {
            $( $(#[$fm:meta])* $f:ident : $t:ty => $col:literal $op:ident $(needs $class:ident)? ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize, async_graphql::InputObject, utoipa::IntoParams)]
        #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
        #[into_params(parameter_in = Query, rename_all = "camelCase")]
        pub struct $name {
            $( $(#[$fm])* #[serde(skip_serializing_if = "Option::is_none")] pub $f: Option<$t>, )*
            /// Words to find, without regard to case, tone marks and đ; at most 200 characters.
            #[param(max_length = 200)]
            #[serde(skip_serializing_if = "Option::is_none")]
            pub search: Option<String>,
            /// The record that the caller's own system knows by this key.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub external_id: Option<String>,
            /// One part of the list, of those that `planSync` gave.
            #[param(max_length = 200)]
            #[serde(skip_serializing_if = "Option::is_none")]
            pub partition: Option<String>,
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

            fn external_id(&self) -> Option<&str> {
                self.external_id.as_deref()
            }

            fn partition(&self) -> Option<&str> {
                self.partition.as_deref()
            }

            fn with_retired(&self) -> bool {
                self.with_retired.unwrap_or(false)
            }

            fn personal(&self) -> Vec<(String, gdtx_domain::DataClass)> {
                let declared: &[(&str, bool, gdtx_domain::DataClass)] =
                    &[$( $( (stringify!($f), self.$f.is_some(), gdtx_domain::DataClass::$class), )? )*];
                let used = declared.iter().filter(|(_, used, _)| *used);
                used.map(|(name, _, class)| (gdtx_domain::text::camel(name), *class)).collect()
            }
        }
    };
}

pub(crate) use filter;
