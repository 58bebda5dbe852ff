//! Who holds a recognition: where the holder is, what it is called and how it is told from others.

use gdtx_domain::{
    Checks,
    access::reach::Keys,
    recognitions::kind::HolderKind,
    territory::{
        find::find,
        place::{Place, PlaceInput},
        unit::{LAST_LEGACY_DAY, Unit, UnitLevel},
    },
    text,
};
use uuid::Uuid;

use super::recognition::{NewRecognition, Recognition};
use crate::{centres::centre::Centre, resource::Draft, territory, tx::Tx};

/// Settles the holder of a draft: its place, its keys, its name when none was sent, and its own key.
pub(super) fn settle(tx: &Tx, draft: &mut Draft<Recognition>, centre: Option<&(Centre, Keys)>, checks: &mut Checks) {
    let held_by = draft.new.centre_id.or(draft.meta.centre_id);
    let new = &mut draft.new;
    let unit = match (new.holder_kind.unit_level(), &new.place) {
        (Some(level), Some(sent)) => unit(tx, level, sent, checks),
        _ => None,
    };
    draft.managed.place = place(tx, new, unit, checks);
    if let Some((centre, keys)) = centre {
        draft.meta.set_keys(keys);
        new.holder_name.get_or_insert_with(|| centre.name.clone());
    } else if let Some(place) = &draft.managed.place {
        draft.meta.province_code = Some(place.province_code.clone());
        draft.meta.commune_code.clone_from(&place.commune_code);
    }
    if let Some(unit) = unit {
        new.holder_name.get_or_insert_with(|| unit.name_with_type.clone());
    }
    if held_by.is_some() && new.holder_kind != HolderKind::Organisation {
        checks.refuse(
            "/holderKind",
            "holder_not_centre",
            "Khi có centreId, đối tượng phải là tổ chức, đơn vị.",
            "With centreId the holder is an organisation.",
        );
    }
    // Places among the holders are asked for their place by the rules of the dossier.
    if held_by.is_none() && new.holder_kind.unit_level().is_none() {
        checks.required("/place", new.place.as_ref());
    }
    draft.managed.holder_key = key(new, held_by, unit, draft.managed.place.as_ref());
}

/// The administrative unit that is the holder, as it was on the day of its code.
fn unit(tx: &Tx, level: UnitLevel, sent: &PlaceInput, checks: &mut Checks) -> Option<&'static Unit> {
    let today = tx.ctx.clock.today();
    let day = match (level, sent.as_of) {
        (_, Some(day)) if day > today => return None,
        (_, Some(day)) => day,
        (UnitLevel::District, None) => LAST_LEGACY_DAY,
        (_, None) if sent.district_code.is_some() => LAST_LEGACY_DAY,
        (_, None) => today,
    };
    let found = find(sent.code.trim(), Some(level), day);
    let (label, code) = (level.label(), sent.code.trim());
    if found.is_none() {
        checks.refuse(
            "/place/code",
            "wrong_level",
            format!("Ngày {day} không có {} nào mang mã {code}.", label.vi.to_lowercase()),
            format!("On {day} no {} had the code {code}.", label.en.to_lowercase()),
        );
    }
    found
}

/// Today's place. A unit of the past that lay in several units of today is kept by its province.
fn place(tx: &Tx, new: &NewRecognition, unit: Option<&'static Unit>, checks: &mut Checks) -> Option<Place> {
    let sent = new.place.as_ref()?;
    let today = tx.ctx.clock.today();
    let Some(unit) = unit else {
        // A place among the holders whose unit was not found has been refused already.
        let known = new.holder_kind.unit_level().is_some() && sent.as_of.is_none_or(|day| day <= today);
        return if known { None } else { territory::place::resolve(tx, "/place", sent, checks) };
    };
    let mut found = Checks::default();
    if let Some(place) = Place::resolve(sent, "/place", today, &mut found) {
        return Some(place);
    }
    if !unit.is_legacy() {
        checks.problems.extend(found.problems);
        return None;
    }
    let province = PlaceInput { code: unit.province_code.clone(), as_of: Some(LAST_LEGACY_DAY), district_code: None };
    let mut place = Place::resolve(&province, "/place", today, checks)?;
    place.district_code = match unit.level {
        UnitLevel::District => Some(unit.code.clone()),
        _ => unit.district_code.clone(),
    };
    place.sent = sent.clone();
    Some(place)
}

/// What tells one holder from another: the centre, the unit, the electronic agency id, or the name
/// in its place.
fn key(new: &NewRecognition, held_by: Option<Uuid>, unit: Option<&Unit>, place: Option<&Place>) -> String {
    if let Some(id) = held_by {
        return format!("centre:{id}");
    }
    if let Some(unit) = unit {
        return format!("unit:{}", unit.id);
    }
    if let Some(id) = &new.holder_egov_id {
        return format!("egov:{}", text::fold(id));
    }
    let (province, commune) =
        place.map_or_else(Default::default, |p| (p.province_code.clone(), p.commune_code.clone().unwrap_or_default()));
    let name = text::fold(new.holder_name.as_deref().unwrap_or_default());
    format!("{}:{province}:{commune}:{name}", new.holder_kind)
}
