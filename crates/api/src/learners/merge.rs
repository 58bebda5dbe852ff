//! Merging two records of one person, and undoing it, on both surfaces.

use gdtx_service::learners::{
    learner::Learners,
    merge::{self, MergeLearner},
};

use super::learner::LearnerNode;
use crate::step::steps;

steps! {
    Learners, node LearnerNode, mutation MergeMutation;

    /// Merge a duplicate into a learner
    ///
    /// Two records of one centre are about one person (gộp hồ sơ trùng): the one in the path stays as
    /// it is, the duplicate is retired and its address leads to the one that stays (307). Its
    /// enrolments and keys of other systems go over. Two enrolments in one class are a conflict: retire
    /// one of them first.
    merge_learner at "merge" answers "The learner that stays."
        takes input: MergeLearner as MergeLearner, "The duplicate."
        does "Merges a duplicate into a learner: its enrolments and keys go over, its address leads here."
        by |ctx, id, expected| merge::merge(ctx, id, input, expected);

    /// Undo a merge
    ///
    /// The record in the path was merged by mistake (tách lại hồ sơ đã gộp): it is live again with the
    /// enrolments and keys that had gone over, as far as the other record still has them.
    unmerge_learner at "unmerge" answers "The learner that is live again."
        does "Undoes a merge: the record is live again with the enrolments and keys that had gone over."
        by |ctx, id, expected| merge::unmerge(ctx, id, expected);
}
