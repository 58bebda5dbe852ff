//! Invented centres of one province, in the numbers of `rules`: a community learning centre in
//! nearly every commune, some GDTX and GDNN-GDTX centres, and many of the other kinds.

use gdtx_domain::territory::{find::UnitFilter, find::valid_on, unit::UnitLevel};
use serde_json::{Value, json};

use super::{Plan, dice::Dice};

/// An invented centre on its way in.
pub struct NewCentre {
    pub kind: &'static str,
    pub commune: String,
    pub body: Value,
}

/// How many centres of a kind a province like Hải Phòng has, per hundred communes.
const KINDS: [(&str, &str, u32); 6] = [
    ("gdtx_centre", "Trung tâm Giáo dục thường xuyên", 2),
    ("vocational_gdtx_centre", "Trung tâm GDNN-GDTX", 20),
    ("language_it_centre", "Trung tâm Ngoại ngữ - Tin học", 395),
    ("life_skills_centre", "Trung tâm Kỹ năng sống", 53),
    ("knowledge_culture_arts_centre", "Trung tâm Bồi dưỡng kiến thức, văn hóa", 88),
    ("extracurricular_centre", "Trung tâm Hoạt động ngoài giờ chính khóa", 44),
];

/// Every centre of the province.
pub fn all(plan: &Plan, dice: &mut Dice) -> Vec<NewCentre> {
    let filter =
        UnitFilter { level: Some(UnitLevel::Commune), province_code: Some(&plan.province), ..UnitFilter::default() };
    let communes = valid_on(plan.start(), &filter);
    let mut out = Vec::new();
    for unit in &communes {
        if dice.chance(98) {
            let name = format!("Trung tâm học tập cộng đồng {} (mẫu)", unit.name_with_type);
            out.push(centre(plan, dice, "community_learning_centre", &name, &unit.code));
        }
    }
    let many = u32::try_from(communes.len()).unwrap_or(1);
    for (kind, title, per_hundred) in KINDS {
        for number in 1..=(many * per_hundred / 100).max(1) {
            let unit = communes[dice.between(0, many - 1) as usize];
            out.push(centre(plan, dice, kind, &format!("{title} {} số {number} (mẫu)", unit.name), &unit.code));
        }
    }
    out
}

fn centre(plan: &Plan, dice: &mut Dice, kind: &'static str, name: &str, commune: &str) -> NewCentre {
    let public = matches!(kind, "gdtx_centre" | "vocational_gdtx_centre" | "community_learning_centre");
    let founded = plan.start() - chrono::Days::new(dice.between(400, 4_000).into());
    let founded = founded.min(chrono::NaiveDate::from_ymd_opt(2025, 6, 1).unwrap_or(founded));
    let authority = match kind {
        "gdtx_centre" | "vocational_gdtx_centre" => ("ubnd_tinh", "Ủy ban nhân dân tỉnh (mẫu)"),
        "community_learning_centre" => ("ubnd_huyen", "Ủy ban nhân dân huyện (mẫu)"),
        _ => ("so_gddt", "Sở Giáo dục và Đào tạo (mẫu)"),
    };
    let mut body = json!({
        "name": name,
        "kind": kind,
        "ownership": if public { "public" } else { "private" },
        "place": { "code": commune },
        "initialStatus": "operating",
        "establishment": {
            "decisionNumber": format!("{}/QĐ-MAU", dice.between(1, 999)),
            "decisionDate": founded,
            "authorityKind": authority.0,
            "authorityName": authority.1,
        },
        "establishedOn": { "value": founded.to_string(), "precision": "day" },
        "usesComputers": dice.chance(80),
        "hasInternet": dice.chance(90),
        "hasGridPower": true,
        "hasCleanWater": dice.chance(97),
        "hasSanitation": dice.chance(96),
        "accessibleForDisabled": dice.chance(35),
        "areaM2": dice.between(80, 5_000),
    });
    if kind == "language_it_centre" {
        body["subKind"] = json!(dice.pick(&["language", "language", "language", "it", "language_it"]));
    }
    NewCentre { kind, commune: commune.to_owned(), body }
}
