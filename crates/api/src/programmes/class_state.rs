//! The steps of a class on both surfaces: approved, opened, closed, cancelled.

use gdtx_service::programmes::{
    class::Classes,
    class_state::{self, CloseClass, OpenClass},
};

use super::class::ClassNode;
use crate::step::steps;

steps! {
    Classes, node ClassNode, mutation ClassStateMutation;

    /// Approve a class
    ///
    /// Approves the plan of a class (duyệt); learners may enrol from then on.
    approve_class at "approve" answers "The approved class."
        does "Approves the plan of a class (duyệt)."
        by |ctx, id, expected| class_state::approve(ctx, id, expected);

    /// Open a class
    ///
    /// Begins teaching (khai giảng). The class must be approved, its programme published and its centre
    /// operating (TT 01/2023/TT-BGDĐT art. 12).
    open_class at "open" answers "The open class."
        takes input: OpenClass as Option<OpenClass>, "`{}` takes the planned day when it has come, else today."
        does "Begins teaching (khai giảng): on a published programme of an operating centre only."
        by |ctx, id, expected| class_state::open(ctx, id, input, expected);

    /// Close a class
    ///
    /// Ends teaching (kết thúc). A closed class stays closed.
    close_class at "close" answers "The closed class."
        takes input: CloseClass as Option<CloseClass>, "`{}` takes the planned day when it has come, else today."
        does "Ends teaching (kết thúc), for good."
        by |ctx, id, expected| class_state::close(ctx, id, input, expected);

    /// Cancel a class
    ///
    /// Calls a class off (huỷ) that is not closed. A cancelled class stays cancelled.
    cancel_class at "cancel" answers "The cancelled class."
        does "Calls a class off (huỷ), for good."
        by |ctx, id, expected| class_state::cancel(ctx, id, expected);
}
