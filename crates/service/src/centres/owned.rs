//! What belongs to a centre is where its centre is, and stays with it.

use gdtx_domain::Checks;
use uuid::Uuid;

use super::centre::Centres;
use crate::{Result, resource, shape::Meta, tx::Tx};

/// Puts a record where its centre is; one that is stored already stays with its centre.
pub(crate) async fn follow_centre(tx: &Tx, meta: &mut Meta, centre_id: Uuid, checks: &mut Checks) -> Result<()> {
    if meta.centre_id.is_some_and(|stored| stored != centre_id) {
        checks.refuse(
            "/centreId",
            "immutable",
            "Bản ghi không chuyển sang cơ sở khác; hãy hủy và tạo lại.",
            "A record does not go to another centre; retire it and create it there.",
        );
        return Ok(());
    }
    if let Some((_, keys)) = resource::owner::<Centres>(tx, "/centreId", centre_id, checks).await? {
        meta.set_keys(&keys);
    }
    Ok(())
}
