//! The steps of a sync window on both surfaces: locked and unlocked.

use gdtx_service::exchange::{
    window::SyncWindows,
    window_lock::{self, WindowReason},
};

use super::window::SyncWindowNode;
use crate::step::steps;

steps! {
    SyncWindows, node SyncWindowNode, mutation SyncWindowLockMutation;

    /// Lock a sync window
    ///
    /// Closes a period at once (khóa sổ), whatever its times say. Imports that name it are refused; a
    /// window of a whole school year also refuses any other write of a record of that year. The
    /// department that locked it still writes. Who is refused reads the reason and the date.
    lock_sync_window at "lock" answers "The locked window."
        takes input: WindowReason as WindowReason, "The reason."
        does "Closes a period at once (khóa sổ), with the reason."
        by |ctx, id, expected| window_lock::lock(ctx, id, input, expected);

    /// Unlock a sync window
    ///
    /// Takes a lock off (mở khóa): the times of the window hold again. The department that locked it,
    /// or a higher one, does so.
    unlock_sync_window at "unlock" answers "The window without its lock."
        takes input: WindowReason as WindowReason, "The reason."
        does "Takes a lock off (mở khóa): the times of the window hold again."
        by |ctx, id, expected| window_lock::unlock(ctx, id, input, expected);
}
