//! The proof that a caller may do something somewhere. No scope, no query.

use gdtx_domain::{
    DataClass,
    access::{
        agreement::Agreement,
        reach::{Keys, Reach},
    },
};
use sea_orm::{Condition, ExprTrait, sea_query::Expr};

use super::policy::Permission;

/// A permission that was granted, with the area where it holds. Only a transaction makes one: for
/// what its caller may do, or for the public directory.
#[derive(Clone, Debug)]
pub struct Scope {
    pub(crate) permission: Permission,
    pub(crate) reach: Reach,
}

impl Scope {
    /// Whether a record with these keys lies inside.
    pub fn covers(&self, keys: &Keys) -> bool {
        self.reach.covers(keys)
    }

    /// The same as a condition on the key columns of a table.
    pub(crate) fn condition(&self) -> Condition {
        within(&self.reach)
    }
}

/// The rows whose key columns lie in a reach.
pub(crate) fn within(reach: &Reach) -> Condition {
    if reach.country {
        return Condition::all();
    }
    let mut any = Condition::any().add(Expr::val(1).eq(0));
    if !reach.provinces.is_empty() {
        any = any.add(Expr::col("province_code").is_in(reach.provinces.iter().cloned()));
    }
    if !reach.communes.is_empty() {
        any = any.add(Expr::col("commune_code").is_in(reach.communes.iter().cloned()));
    }
    if !reach.centres.is_empty() {
        any = any.add(Expr::col("centre_id").is_in(reach.centres.iter().copied()));
    }
    any
}

/// Which classes of personal data the caller may see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    pub basic: bool,
    pub sensitive: bool,
    pub restricted: bool,
}

impl Sight {
    /// Everything: the service itself.
    pub const FULL: Self = Self { basic: true, sensitive: true, restricted: true };

    /// What permissions and agreement allow together on a day.
    pub(crate) fn new(basic: bool, sensitive: bool, agreement: Option<&Agreement>, on: chrono::NaiveDate) -> Self {
        let agreed = |class| agreement.is_some_and(|a| a.allows(class, on));
        Self {
            basic: basic && agreed(DataClass::Basic),
            sensitive: sensitive && agreed(DataClass::Sensitive),
            restricted: sensitive && agreed(DataClass::Restricted),
        }
    }

    pub const fn allows(self, class: DataClass) -> bool {
        match class {
            DataClass::None => true,
            DataClass::Basic => self.basic,
            DataClass::Sensitive => self.sensitive,
            DataClass::Restricted => self.restricted,
        }
    }
}
