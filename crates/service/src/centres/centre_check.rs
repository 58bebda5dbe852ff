//! What must hold in a centre's own fields before it is written: lengths, lists, ranges and dates.

use chrono::NaiveDate;
use gdtx_domain::{
    Checks, PartialDate,
    access::reach::Keys,
    centres::{
        centre,
        kind::{CentreKind, check_sub_kind},
        life_cycle::CentreStatus,
    },
    territory::{code_list, place::Place},
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};

use super::centre::{Centre, NewCentre};
use crate::{Code, Error, Result, access::policy::Permission, shape::Meta, tx::Tx};

/// The most difficult areas one centre can name: more than the list holds.
const MAX_AREAS: usize = 20;

/// Normalises and checks what was sent about a centre, apart from its place and its beginning.
pub(super) fn check(new: &mut NewCentre, today: NaiveDate, checks: &mut Checks) {
    checks.fields(new);
    check_codes(new, checks);
    check_dates(new, today, checks);
    check_sub_kind("/subKind", new.kind, new.sub_kind, checks);
    if let Some(authority) = new.authority_kind
        && !authority.existed_on(today)
    {
        let label = authority.label();
        checks.warn(
            "/authorityKind",
            "authority_not_in_force",
            format!("{} không còn từ ngày 01/7/2025.", label.vi),
            format!("{} ceased on 2025-07-01.", label.en),
        );
    }
}

fn check_codes(new: &NewCentre, checks: &mut Checks) {
    let lists = [
        ("/levelGroup", "level_group", &new.level_group),
        ("/area", "area", &new.area),
        ("/terrain", "terrain", &new.terrain),
        ("/difficultArea", "difficult_area", &new.difficult_area),
        ("/qualityStandard", "quality_standard", &new.quality_standard),
    ];
    for (pointer, list, value) in lists {
        code_list::check(checks, pointer, list, value.as_deref());
    }
    if new.difficult_areas.len() > MAX_AREAS {
        checks.refuse(
            "/difficultAreas",
            "too_many",
            format!("Tối đa {MAX_AREAS} vùng."),
            format!("At most {MAX_AREAS} areas."),
        );
    }
    for (i, code) in new.difficult_areas.iter().enumerate().take(MAX_AREAS) {
        let pointer = format!("/difficultAreas/{i}");
        code_list::check(checks, &pointer, "difficult_area", Some(code));
        if new.difficult_areas[..i].contains(code) {
            checks.refuse(&pointer, "repeated", "Mã lặp lại.", "The code is given twice.");
        }
    }
}

fn check_dates(new: &NewCentre, today: NaiveDate, checks: &mut Checks) {
    let dates = [("/establishedOn", &new.established_on), ("/operationRenewedOn", &new.operation_renewed_on)];
    for (pointer, date) in dates {
        if let Some(date) = date {
            date.check(pointer, today, checks);
        }
    }
    let founded = new.established_on.as_ref().and_then(PartialDate::earliest);
    let renewed = new.operation_renewed_on.as_ref().and_then(PartialDate::latest);
    checks.order("/operationRenewedOn", founded, renewed);
    if new.operating_licence.as_ref().is_some_and(|licence| licence.date > today) {
        let pointer = "/operatingLicence/date";
        checks.refuse(pointer, "date_in_future", "Ngày nằm trong tương lai.", "The date lies in the future.");
    }
}

/// What a decision laid down, a decision changes (NĐ 125/2024/NĐ-CP): once a centre is established,
/// its name, kind, ownership and managing body follow from events. Who may record decisions may
/// also correct what was recorded wrongly.
pub(super) fn check_settled(tx: &Tx, keys: &Keys, before: &Centre, new: &NewCentre, checks: &mut Checks) {
    let decides = decides(tx, before.kind, keys) && decides(tx, new.kind, keys);
    if before.status == CentreStatus::Proposed || decides {
        return;
    }
    let settled = [
        ("/name", before.name != new.name),
        ("/kind", before.kind != new.kind),
        ("/ownership", before.ownership != new.ownership),
        ("/managingBody", before.managing_body.is_some() && before.managing_body != new.managing_body),
        ("/authorityKind", before.authority_kind.is_some() && before.authority_kind != new.authority_kind),
    ];
    for (pointer, _) in settled.into_iter().filter(|(_, changed)| *changed) {
        checks.refuse(
            pointer,
            "settled_by_decision",
            "Trung tâm đã thành lập: trường này chỉ đổi theo quyết định (sự kiện); Sở hoặc UBND xã đính chính được.",
            "The centre is established: a decision (an event) changes this; its department or commune may correct it.",
        );
    }
}

/// A centre that exists in law is taken off the record only by whom decisions on it are recorded.
pub(super) fn check_erasable(tx: &Tx, centre: &Centre) -> Result<()> {
    if centre.status == CentreStatus::Proposed || decides(tx, centre.kind, &keys_of(centre)) {
        return Ok(());
    }
    Err(Error::new(
        Code::Forbidden,
        "Trung tâm đã thành lập: chỉ nơi có quyền centre_decide (Sở, UBND xã) được hủy bản ghi. Giải thể ghi bằng sự kiện.",
        "The centre is established: only a holder of centre_decide (department, commune) retires its record. \
         A dissolution is an event.",
    ))
}

/// Whether the caller records decisions on a centre of this kind, there.
fn decides(tx: &Tx, kind: CentreKind, keys: &Keys) -> bool {
    tx.may(Permission::CentreDecide, keys) && tx.role().is_none_or(|role| role.decides_on(kind))
}

fn keys_of(centre: &Centre) -> Keys {
    Keys {
        province_code: Some(centre.place.province_code.clone()),
        commune_code: centre.place.commune_code.clone(),
        centre_id: Some(centre.id),
    }
}

/// A community learning centre belongs to a commune (NĐ 142/2025/NĐ-CP), so a province is not enough.
pub(super) fn check_place(kind: CentreKind, place: &Place, checks: &mut Checks) {
    if kind == CentreKind::CommunityLearningCentre && place.commune_code.is_none() {
        checks.refuse(
            "/place/code",
            "commune_required",
            "Trung tâm học tập cộng đồng thuộc một xã, phường, đặc khu: hãy gửi mã xã.",
            "A community learning centre belongs to a commune: send a commune code.",
        );
    }
}

/// Warns when a live centre elsewhere holds the same official code: mistyped, or registered twice.
pub(super) async fn warn_of_namesake(
    tx: &Tx,
    meta: &Meta,
    official_id: Option<&str>,
    checks: &mut Checks,
) -> Result<()> {
    let Some(code) = official_id else { return Ok(()) };
    let others = tx
        .select::<centre::Entity>(&tx.public_directory())
        .filter(centre::Column::OfficialId.eq(code))
        .filter(centre::Column::Id.ne(meta.id))
        .filter(centre::Column::DeletedAt.is_null())
        .count(&tx.db)
        .await?;
    if others > 0 {
        checks.warn(
            "/officialId",
            "official_id_in_use",
            "Mã này đã ghi ở một trung tâm khác: có thể gõ sai hoặc đăng ký trùng.",
            "Another centre is on record with this code: mistyped, or registered twice.",
        );
    }
    Ok(())
}
