//! Resolves what a sender said about a place, as of the house clock.

use gdtx_domain::{
    Checks,
    territory::place::{Place, PlaceInput},
};

use crate::tx::Tx;

/// Today's unit for a sent place, or a refusal at the pointer.
pub(crate) fn resolve(tx: &Tx, pointer: &str, input: &PlaceInput, checks: &mut Checks) -> Option<Place> {
    Place::resolve(input, pointer, tx.ctx.clock.today(), checks)
}

/// The same for a place that need not be given.
pub(crate) fn resolve_opt(tx: &Tx, pointer: &str, input: Option<&PlaceInput>, checks: &mut Checks) -> Option<Place> {
    input.and_then(|input| resolve(tx, pointer, input, checks))
}
