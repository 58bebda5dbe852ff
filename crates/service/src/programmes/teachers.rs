//! Who teaches a class: members of staff of its centre.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use gdtx_domain::{Checks, centres::staff_member};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::class::{Class, NewClass};
use crate::{Result, access::policy::Permission, resource::Draft, tx::Tx};

/// Refuses teachers who are not on the staff of the centre. Those whom the class had before stay.
pub(super) async fn check(tx: &Tx, draft: &Draft<Class>, checks: &mut Checks) -> Result<()> {
    let mut named = named(&draft.new);
    if let Some(before) = &draft.before {
        let had = before.subject_assignments.iter().filter_map(|row| row.teacher_id).chain(before.teacher_id);
        let had: Vec<Uuid> = had.collect();
        named.retain(|(_, id)| !had.contains(id));
    }
    if named.is_empty() {
        return Ok(());
    }
    let rows: Vec<(Uuid, Option<Uuid>, Option<DateTime<Utc>>)> = tx
        .select::<staff_member::Entity>(&tx.require(Permission::StaffRead)?)
        .select_only()
        .columns([staff_member::Column::Id, staff_member::Column::CentreId, staff_member::Column::DeletedAt])
        .filter(staff_member::Column::Id.is_in(named.iter().map(|(_, id)| *id)))
        .into_tuple()
        .all(&tx.db)
        .await?;
    let known: HashMap<Uuid, _> = rows.into_iter().map(|(id, centre, end)| (id, (centre, end))).collect();
    for (pointer, id) in named {
        let (code, vi, en) = match known.get(&id) {
            None => ("unknown_record", "Không có bản ghi này trong phạm vi.", "There is no such record within reach."),
            Some((_, Some(_))) => ("retired", "Bản ghi này đã bị hủy.", "That record is retired."),
            Some((centre, None)) if *centre != draft.meta.centre_id => (
                "teacher_of_other_centre",
                "Giáo viên thuộc trung tâm khác.",
                "The teacher is on the staff of another centre.",
            ),
            Some(_) => continue,
        };
        checks.refuse(&pointer, code, vi, en);
    }
    Ok(())
}

/// Everybody who is named as a teacher, with the pointer.
fn named(class: &NewClass) -> Vec<(String, Uuid)> {
    let form = class.teacher_id.map(|id| ("/teacherId".to_owned(), id));
    let assigned = class.subject_assignments.iter().enumerate();
    let assigned =
        assigned.filter_map(|(i, row)| Some((format!("/subjectAssignments/{i}/teacherId"), row.teacher_id?)));
    form.into_iter().chain(assigned).collect()
}
