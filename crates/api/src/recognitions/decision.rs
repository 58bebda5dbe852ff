//! The steps of a dossier on both surfaces: submit, return, appraise, grant, refuse, withdraw.

use gdtx_domain::recognitions::recognition::Appraisal;
use gdtx_service::recognitions::{
    decision::{self, GrantRecognition, RefuseRecognition, ReturnRecognition, Step},
    recognition::Recognitions,
};

use super::recognition::RecognitionNode;
use crate::step::steps;

steps! {
    Recognitions, node RecognitionNode, mutation DecisionMutation;

    /// Submit a dossier
    ///
    /// The holder hands its dossier in (nộp hồ sơ) at the level it asks for: every indicator of that
    /// level must be met; targets that were not checked against the text come back as warnings. The
    /// rules are those of the day of submission. `errors[]` names fields of the dossier.
    submit_recognition at "submit" answers "The submitted dossier."
        does "Hands a dossier in at the level it asks for: every indicator of that level must be met."
        by |ctx, id, expected| decision::take(ctx, id, Step::Submit, expected);

    /// Return a dossier
    ///
    /// The receiving body sends a dossier back to be completed (trả lại để bổ sung), with reasons. It
    /// is a draft again and can be submitted anew.
    return_recognition at "return" answers "The dossier, a draft again."
        takes input: ReturnRecognition as ReturnRecognition, "The reasons."
        does "Sends a dossier back to be completed, with reasons."
        by |ctx, id, expected| decision::take(ctx, id, Step::Return(input), expected);

    /// Appraise a dossier
    ///
    /// The receiving body notes its appraisal (thẩm định) and what it proposes. A decision is due.
    appraise_recognition at "appraise" answers "The appraised dossier."
        takes input: Appraisal as Appraisal, "The appraisal."
        does "Notes the appraisal of a dossier and what it proposes."
        by |ctx, id, expected| decision::take(ctx, id, Step::Appraise(input), expected);

    /// Grant a recognition
    ///
    /// Notes the decision to recognise (công nhận): number, day, authority and level. The authority
    /// must be the one that decides on that day; level 2 follows level 1 after twelve months at the
    /// earliest (TT 24/2023/TT-BGDĐT, TT 25/2023/TT-BGDĐT). The answer holds the period of validity
    /// and the public verification code. Where `errors[]` names results, they are those of the dossier.
    grant_recognition at "grant" answers "The recognition."
        takes input: GrantRecognition as GrantRecognition, "The decision."
        does "Notes the decision to recognise: number, day, authority and level."
        by |ctx, id, expected| decision::take(ctx, id, Step::Grant(input), expected);

    /// Refuse a recognition
    ///
    /// Notes that the holder is not recognised (không công nhận), with reasons. The holder may prepare
    /// another dossier for the same kind and year.
    refuse_recognition at "refuse" answers "The refused dossier."
        takes input: RefuseRecognition as RefuseRecognition, "The reasons."
        does "Notes that the holder is not recognised, with reasons."
        by |ctx, id, expected| decision::take(ctx, id, Step::Refuse(input), expected);

    /// Withdraw a dossier
    ///
    /// The holder takes its dossier back (rút hồ sơ) before a decision. A withdrawn dossier stays so.
    withdraw_recognition at "withdraw" answers "The withdrawn dossier."
        does "Takes a dossier back before a decision."
        by |ctx, id, expected| decision::take(ctx, id, Step::Withdraw, expected);
}
