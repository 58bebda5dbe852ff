//! Which ethnic groups are minorities, for counts that the law asks for separately.

use std::{collections::HashMap, sync::LazyLock};

use super::source::EthnicRow;
use crate::territory::rows::rows;

static MINORITIES: LazyLock<HashMap<String, Option<bool>>> = LazyLock::new(|| {
    let groups: Vec<EthnicRow> = rows(include_str!("../../../codelists/ethnic_groups.csv"));
    groups.into_iter().map(|group| (group.code, group.is_minority)).collect()
});

/// Whether an ethnic group is a minority: true for the 53 groups beside Kinh, false for Kinh and
/// for foreigners, absent when unknown.
pub fn is_minority(ethnic_group: &str) -> Option<bool> {
    MINORITIES.get(ethnic_group).copied().flatten()
}
