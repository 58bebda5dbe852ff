//! A part of a list: a run of ids that is read by itself, in any order with the others. It says what
//! it is, so that nothing is kept between the plan of a copy and its reading.

use std::borrow::Cow;

use gdtx_domain::exchange::resource::ResourceKind;
use sea_orm::{Condition, ExprTrait, sea_query::Expr};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Code, Ctx, Error, Result};

/// A part of the list of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Partition {
    pub kind: ResourceKind,
    /// The position of the plan: whoever reads the part sees at least what was written up to it.
    pub position: i64,
    /// The first id inside; from the beginning when absent.
    pub from: Option<Uuid>,
    /// The first id behind; to the end when absent.
    pub to: Option<Uuid>,
}

impl Partition {
    /// As it travels: five fields and a check sum, fit for a URL.
    pub fn encode(&self) -> String {
        let bound = |id: Option<Uuid>| id.map_or_else(|| "0".to_owned(), |id| id.simple().to_string());
        let text = format!("{}.{}.{}.{}", self.kind, self.position, bound(self.from), bound(self.to));
        let check = check_sum(&text);
        format!("{text}.{check}")
    }

    /// Reads a part of the list of this kind.
    ///
    /// # Errors
    /// `invalid_parameter` at `partition`.
    pub fn decode(kind: ResourceKind, text: &str) -> Result<Self> {
        let read = Self::read(text).ok_or_else(|| {
            refused(
                "invalid_partition",
                "Không phải phần do planSync trả về, hoặc đã bị cắt, sửa.".to_owned(),
                "Not a partition as planSync gave it, or cut or changed on its way.".to_owned(),
            )
        })?;
        if read.kind != kind {
            return Err(refused(
                "foreign_partition",
                format!("Phần này thuộc danh sách {}, không thuộc {kind}.", read.kind),
                format!("This is a partition of {}, not of {kind}.", read.kind),
            ));
        }
        Ok(read)
    }

    fn read(text: &str) -> Option<Self> {
        let (said, check) = text.rsplit_once('.')?;
        if check_sum(said) != check {
            return None;
        }
        let [kind, position, from, to] = said.split('.').collect::<Vec<_>>().try_into().ok()?;
        let bound = |text: &str| if text == "0" { Some(None) } else { text.parse().ok().map(Some) };
        Some(Self {
            kind: ResourceKind::from_code(kind)?,
            position: position.parse().ok()?,
            from: bound(from)?,
            to: bound(to)?,
        })
    }

    /// The rows inside.
    pub fn condition(&self) -> Condition {
        let from = self.from.map(|id| Expr::col("id").gte(id));
        let to = self.to.map(|id| Expr::col("id").lt(id));
        Condition::all().add_option(from).add_option(to)
    }

    /// The context of who reads it: a replica that is behind the plan does not do.
    pub fn reader<'a>(kind: ResourceKind, text: Option<&str>, ctx: &'a Ctx) -> Result<Cow<'a, Ctx>> {
        let Some(text) = text.filter(|_| ctx.db.replicas().is_any()) else { return Ok(Cow::Borrowed(ctx)) };
        let position = Self::decode(kind, text)?.position;
        Ok(Cow::Owned(Ctx { min_position: Ord::max(ctx.min_position, Some(position)), ..ctx.clone() }))
    }
}

/// Enough to tell a part that was cut or mistyped: nobody gains anything by making one up, since what
/// is inside is only what the caller may see anyway.
fn check_sum(text: &str) -> String {
    hex::encode(&Sha256::digest(text.as_bytes())[..4])
}

fn refused(code: &'static str, vi: String, en: String) -> Error {
    Error::field(Code::InvalidParameter, "partition", code, vi, en)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fault(read: Result<Partition>) -> Option<&'static str> {
        Some(read.err()?.fields.first()?.code)
    }

    proptest! {
        #[test]
        fn a_partition_is_read_again_by_its_own_list_only(
            from: Option<u128>, to: Option<u128>, position in 0..i64::MAX, cut in 1..40_usize,
        ) {
            let id = |n: u128| Uuid::from_u128(n | 1);
            let part = Partition { kind: ResourceKind::Learners, position, from: from.map(id), to: to.map(id) };
            let text = part.encode();
            prop_assert_eq!(fault(Partition::decode(ResourceKind::Classes, &text)), Some("foreign_partition"));
            prop_assert_eq!(fault(Partition::decode(ResourceKind::Learners, &text[..text.len() - cut])), Some("invalid_partition"));
            prop_assert_eq!(Partition::decode(ResourceKind::Learners, &text).ok(), Some(part));
        }

        #[test]
        fn any_other_text_is_refused_where_it_stands(text in r"(?s).{0,60}|[a-z]{1,9}(\.[0-9a-f]{1,32}){0,5}") {
            prop_assert_eq!(fault(Partition::decode(ResourceKind::Learners, &text)), Some("invalid_partition"));
        }
    }
}
