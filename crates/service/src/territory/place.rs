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

/// The same for a record that may have the place already: a place stays what it was taken for when
/// it was sent, so that a later reform of units does not rule out a change of something else.
pub(crate) fn keep_or_resolve(
    tx: &Tx,
    pointer: &str,
    input: Option<&PlaceInput>,
    kept: Option<&Place>,
    checks: &mut Checks,
) -> Option<Place> {
    match kept {
        Some(place) if input == Some(&place.sent) => Some(place.clone()),
        _ => resolve_opt(tx, pointer, input, checks),
    }
}
