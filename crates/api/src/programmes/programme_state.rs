//! The steps of a programme on both surfaces: published, revised, withdrawn.

use gdtx_service::programmes::{programme::Programmes, programme_state};

use super::programme::ProgrammeNode;
use crate::step::steps;

steps! {
    Programmes, node ProgrammeNode, mutation ProgrammeStateMutation;

    /// Publish a programme
    ///
    /// Makes a draft public (công bố). Aims, materials, teachers, assessment, opening day and fee must be
    /// there, and the content where the Ministry issues no text (TT 01/2023/TT-BGDĐT art. 12); what is
    /// missing is named in `errors[]`. No class opens on a programme that is not published.
    publish_programme at "publish" answers "The published programme."
        does "Makes a draft public (công bố); refused while something that must be public is missing."
        by |ctx, id, expected| programme_state::publish(ctx, id, expected);

    /// Revise a programme
    ///
    /// Takes a publication back (sửa đổi): the programme is a draft again and may change at will.
    /// Classes that are open go on; new ones open after it is published again.
    revise_programme at "revise" answers "The programme, a draft again."
        does "Takes a publication back (sửa đổi): the programme is a draft again."
        by |ctx, id, expected| programme_state::revise(ctx, id, expected);

    /// Withdraw a programme
    ///
    /// Stops offering a programme (ngừng tuyển sinh), for good. Classes that are open go on.
    withdraw_programme at "withdraw" answers "The withdrawn programme."
        does "Stops offering a programme (ngừng tuyển sinh), for good; classes that are open go on."
        by |ctx, id, expected| programme_state::withdraw(ctx, id, expected);
}
