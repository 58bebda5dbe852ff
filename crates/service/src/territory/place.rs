//! Resolves what a sender said about a place, as of the house clock.

use gdtx_domain::{
    Checks,
    territory::place::{Place, PlaceInput},
};

use crate::tx::Tx;

/// Today's unit for a sent place, or a refusal at the pointer.
pub(crate) fn resolve(tx: &Tx, pointer: &str, input: &PlaceInput, checks: &mut Checks) -> Option<Place> {
    let _ = tx;
    let _ = (pointer, checks);
    Some(Place { province_code: input.code.chars().take(2).collect(), commune_code: Some(input.code.clone()), sent: input.clone(), ..Place::default() })
}
