//! Invented centres of one province: a community learning centre in nearly every commune, some
//! GDTX and GDNN-GDTX centres, and many of the other kinds.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use gdtx_domain::territory::unit::Unit;
use serde_json::{Value, json};

use super::{
    Plan,
    dice::Dice,
    life::{Fate, REFORM},
    people,
    shares::{self, KINDS},
};

/// An invented centre on its way in.
pub struct NewCentre {
    pub kind: &'static str,
    pub sub_kind: &'static str,
    pub name: String,
    pub unit: &'static Unit,
    pub fate: Fate,
    /// The first of its kind, which teaches a class of everything whatever the scale.
    pub first: bool,
    /// A community learning centre that takes in those of the communes before it.
    pub formed_anew: bool,
    pub body: Value,
}

const COMMUNITY: &str = "community_learning_centre";

/// Every centre of the province.
pub fn all(plan: &Plan, dice: &mut Dice, communes: &[&'static Unit]) -> Vec<NewCentre> {
    let mut out = Vec::new();
    for (number, unit) in communes.iter().enumerate() {
        if dice.chance(shares::COMMUNITY_PERCENT) {
            let name = format!("Trung tâm học tập cộng đồng {} (mẫu)", unit.name_with_type);
            let formed_anew = number == 0 || dice.chance(shares::FORMED_ANEW_PERCENT);
            out.push(centre(plan, dice, COMMUNITY, name, unit, Fate::Steady, formed_anew));
        }
    }
    let many = u32::try_from(communes.len()).unwrap_or(1).max(1);
    for kind in &KINDS {
        let percent = if plan.national { shares::NATIONAL_CENTRES_PERCENT } else { 100 };
        for number in 1..=(many * kind.per_hundred_communes * percent / 10_000).max(1) {
            let unit = dice.one_of(communes);
            let name = format!("{} {} số {number} (mẫu)", kind.title, unit.name);
            let fate = fate(dice, kind, number);
            out.push(centre(plan, dice, kind.code, name, unit, fate, false));
        }
    }
    let mut known = HashSet::new();
    for centre in &mut out {
        centre.first = centre.fate.teaches() && known.insert((centre.kind, centre.sub_kind));
    }
    out
}

fn fate(dice: &mut Dice, kind: &shares::Kind, number: u32) -> Fate {
    match kind.code {
        "vocational_gdtx_centre" => Fate::Transferred,
        _ if kind.public || number == 1 => Fate::Steady,
        _ => dice.by_thousandths(&shares::PRIVATE_FATES).unwrap_or(Fate::Steady),
    }
}

fn centre(
    plan: &Plan,
    dice: &mut Dice,
    kind: &'static str,
    name: String,
    unit: &'static Unit,
    fate: Fate,
    formed_anew: bool,
) -> NewCentre {
    let public = kind == COMMUNITY || KINDS.iter().any(|k| k.code == kind && k.public);
    let mut body = json!({
        "name": name,
        "kind": kind,
        "ownership": if public { "public" } else { "private" },
        "place": { "code": unit.code },
        "usesComputers": dice.chance(80),
        "hasInternet": dice.chance(90),
        "hasGridPower": true,
        "hasCleanWater": dice.chance(97),
        "hasSanitation": dice.chance(96),
        "accessibleForDisabled": dice.chance(35),
        "areaM2": dice.between(80, 5_000),
        "directorName": people::adult_name(dice),
    });
    begin(plan, dice, kind, fate, formed_anew, &mut body);
    let sub_kind = describe(dice, kind, &mut body);
    NewCentre { kind, sub_kind, name, unit, fate, first: false, formed_anew, body }
}

/// How the centre comes on record: with the decision that founded it, or as a proposal.
fn begin(plan: &Plan, dice: &mut Dice, kind: &str, fate: Fate, formed_anew: bool, body: &mut Value) {
    if fate == Fate::Proposed {
        return;
    }
    let reform: NaiveDate = REFORM.parse().unwrap_or_default();
    let before_reform = reform - Days::new(30);
    let founded = match fate {
        Fate::Established => plan.start() - Days::new(dice.between(10, 40).into()),
        _ if formed_anew => reform + Days::new(14),
        _ => (plan.start() - Days::new(dice.between(400, 4_000).into())).min(before_reform),
    };
    let authority = match kind {
        "gdtx_centre" | "vocational_gdtx_centre" => ("ubnd_tinh", "Ủy ban nhân dân tỉnh (mẫu)"),
        COMMUNITY if formed_anew => ("ubnd_xa", "Ủy ban nhân dân xã (mẫu)"),
        COMMUNITY => ("ubnd_huyen", "Ủy ban nhân dân huyện (mẫu)"),
        _ => ("so_gddt", "Sở Giáo dục và Đào tạo (mẫu)"),
    };
    body["initialStatus"] = json!(if fate == Fate::Established { "established" } else { "operating" });
    body["establishedOn"] = json!({ "value": founded.to_string(), "precision": "day" });
    body["establishment"] = json!({
        "decisionNumber": format!("{}/QĐ-MAU", dice.between(1, 999)),
        "decisionDate": founded,
        "authorityKind": authority.0,
        "authorityName": authority.1,
    });
}

/// What only centres of a kind have; tells the sub-kind.
fn describe(dice: &mut Dice, kind: &str, body: &mut Value) -> &'static str {
    match kind {
        COMMUNITY => {
            let (least, most) = shares::COMMUNITY_ATTENDANCES;
            body["learnerTurnsPerYear"] = json!(dice.between(least, most));
            body["managingBody"] = json!("Ủy ban nhân dân xã (mẫu)");
            body["authorityKind"] = json!("ubnd_xa");
        }
        "vocational_gdtx_centre" => {
            body["managingBody"] = json!("Ủy ban nhân dân huyện (mẫu)");
            body["authorityKind"] = json!("ubnd_huyen");
        }
        "language_it_centre" => {
            let sub_kind = dice.pick(&["language", "language", "language", "it", "language_it"]);
            body["subKind"] = json!(sub_kind);
            body["hasForeignCapital"] = json!(dice.chance(shares::FOREIGN_CAPITAL_PERCENT));
            return sub_kind;
        }
        _ => {}
    }
    ""
}
