//! Whose decisions a role records: a grant says what a client may do, the law says for whom.

use super::role::Role;
use crate::centres::{kind::CentreKind, life_cycle::AuthorityKind};

impl Role {
    /// Whether decisions on centres of a kind are recorded by this role. A commune decides on
    /// community learning centres only (NĐ 142/2025/NĐ-CP, TT 11/2025/TT-BGDĐT).
    pub fn decides_on(self, kind: CentreKind) -> bool {
        match self {
            Self::Ministry | Self::ProvinceDepartment => true,
            Self::CommuneOffice => kind == CentreKind::CommunityLearningCentre,
            Self::Centre | Self::Vendor | Self::Portal | Self::Auditor | Self::Administrator => false,
        }
    }

    /// Whether this role records what an authority decided. The department keeps the decisions of
    /// its province, those of the former districts among them; a commune keeps its own.
    pub fn speaks_for(self, authority: AuthorityKind) -> bool {
        match self {
            Self::Ministry => true,
            Self::ProvinceDepartment => authority != AuthorityKind::BoGddt,
            Self::CommuneOffice => authority == AuthorityKind::UbndXa,
            Self::Centre | Self::Vendor | Self::Portal | Self::Auditor | Self::Administrator => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commune_decides_on_its_learning_centre_and_speaks_for_itself() {
        let of = |role: Role| CentreKind::ALL.iter().filter(|kind| role.decides_on(**kind)).count();
        assert_eq!(of(Role::ProvinceDepartment), CentreKind::ALL.len());
        assert_eq!((of(Role::CommuneOffice), of(Role::Vendor)), (1, 0));
        assert!(Role::CommuneOffice.decides_on(CentreKind::CommunityLearningCentre));
        assert!(Role::CommuneOffice.speaks_for(AuthorityKind::UbndXa));
        assert!(!Role::CommuneOffice.speaks_for(AuthorityKind::UbndTinh));
        assert!(Role::ProvinceDepartment.speaks_for(AuthorityKind::UbndHuyen));
        assert!(!Role::ProvinceDepartment.speaks_for(AuthorityKind::BoGddt));
        assert!(!Role::Centre.speaks_for(AuthorityKind::SoGddt));
    }
}
