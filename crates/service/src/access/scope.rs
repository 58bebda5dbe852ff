//! The proof that a caller may do something somewhere. No scope, no query.

use gdtx_domain::{
    DataClass,
    access::{
        agreement::Agreement,
        purpose::Purpose,
        reach::{Keys, Reach},
    },
};
use sea_orm::{Condition, DbBackend, ExprTrait, sea_query::Expr};

use super::policy::Permission;
use crate::{Ctx, database::one_of};

/// A permission that was granted, with the area where it holds. Only a transaction makes one: for
/// what its caller may do, or for the public directory.
#[derive(Clone, Debug)]
pub struct Scope {
    pub(crate) permission: Permission,
    pub(crate) reach: Reach,
    /// The database that is asked.
    pub(crate) backend: DbBackend,
}

impl Scope {
    /// Whether a record with these keys lies inside.
    pub fn covers(&self, keys: &Keys) -> bool {
        self.reach.covers(keys)
    }

    /// The same as a condition on the key columns of a table.
    pub(crate) fn condition(&self) -> Condition {
        within(&self.reach, self.backend)
    }
}

/// The rows whose key columns lie in a reach.
pub(crate) fn within(reach: &Reach, backend: DbBackend) -> Condition {
    if reach.country {
        return Condition::all();
    }
    let mut any = Condition::any().add(Expr::val(1).eq(0));
    if !reach.provinces.is_empty() {
        any = any.add(one_of("province_code", reach.provinces.iter().cloned(), backend));
    }
    if !reach.communes.is_empty() {
        any = any.add(one_of("commune_code", reach.communes.iter().cloned(), backend));
    }
    if !reach.centres.is_empty() {
        any = any.add(one_of("centre_id", reach.centres.iter().copied(), backend));
    }
    any
}

/// Which classes of personal data the caller may see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    pub basic: bool,
    pub sensitive: bool,
    pub restricted: bool,
    /// Whether sensitive and restricted data of a child are shown as those of an adult are.
    pub of_children: bool,
    /// Whether many records are shown at once.
    pub in_list: bool,
    /// Whether the person is known to be a child, whatever the record says.
    pub child: bool,
}

impl Sight {
    /// Everything: the service itself.
    pub const FULL: Self =
        Self { basic: true, sensitive: true, restricted: true, of_children: true, in_list: false, child: false };

    /// What permissions and agreement allow together on a day.
    pub(crate) fn new(basic: bool, sensitive: bool, agreement: Option<&Agreement>, on: chrono::NaiveDate) -> Self {
        let agreed = |class| agreement.is_some_and(|a| a.allows(class, on));
        Self {
            basic: basic && agreed(DataClass::Basic),
            sensitive: sensitive && agreed(DataClass::Sensitive),
            restricted: sensitive && agreed(DataClass::Restricted),
            of_children: true,
            in_list: false,
            child: false,
        }
    }

    /// The same for a read with a purpose; without one nothing personal is shown.
    pub(crate) fn for_purpose(self, purpose: Option<Purpose>) -> Self {
        match purpose {
            Some(purpose) => Self { of_children: purpose.serves_the_learner(), ..self },
            None => Self::default(),
        }
    }

    /// The same for a request, with its purpose; it may ask to be shown what lists show.
    pub(crate) fn for_request(self, ctx: &Ctx) -> Self {
        let sight = self.for_purpose(ctx.purpose);
        if ctx.as_listed { sight.in_list() } else { sight }
    }

    /// The same for many records at once: sensitive and restricted data are shown one record at a time.
    pub(crate) const fn in_list(self) -> Self {
        Self { sensitive: false, restricted: false, in_list: true, ..self }
    }

    /// The same for a child (Luật 91/2025/QH15 art. 24).
    pub(crate) const fn of_child(self) -> Self {
        let shown = self.of_children;
        Self { sensitive: self.sensitive && shown, restricted: self.restricted && shown, child: true, ..self }
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
