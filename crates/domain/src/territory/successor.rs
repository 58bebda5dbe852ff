//! Which legacy unit went into which unit of today, and how much of it.
//!
//! 9,599 legacy communes and island districts have one successor; for the other 441 only the
//! extents tell whether an address moves along, so every link carries them.

use std::{collections::HashMap, sync::LazyLock};

use async_graphql::SimpleObject;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    data::DATA,
    rows::{filled, rows},
    unit::{REFORM, Unit, UnitLevel},
};
use crate::code_enum;

code_enum! {
    /// How much of the legacy unit's ground the link covers.
    AreaExtent {
        Whole = "whole" ("Toàn bộ diện tích", "Whole area"),
        Part = "part" ("Một phần diện tích", "Part of the area"),
    }
}

code_enum! {
    /// How many of the legacy unit's people the link covers.
    PopulationExtent {
        All = "all" ("Toàn bộ dân số", "All people"),
        Part = "part" ("Một phần dân số", "Part of the people"),
        Unstated = "unstated" ("Không nêu", "Not stated"),
    }
}

code_enum! {
    /// What a link rests on.
    LinkEvidence {
        BothSources = "both_sources" ("Cả hai nguồn", "Both sources agree"),
        BothSourcesExtentDisputed = "both_sources_extent_disputed" ("Cả hai nguồn; phạm vi chưa thống nhất", "Both sources; the extent is disputed"),
        CorrectedFromNsoCodeTypo = "corrected_from_nso_code_typo" ("Sửa mã in sai, tên đúng", "Misprinted code corrected by the printed name"),
        NsoAndResolutionText = "nso_and_resolution_text" ("Bảng chuyển đổi và nghị quyết", "Conversion table and resolution"),
        MitAndResolutionTextAgainstNso = "mit_and_resolution_text_against_nso" ("Nghị quyết, khác bảng chuyển đổi", "Resolution, against the conversion table"),
        IslandDistrictToSpecialZone = "island_district_to_special_zone" ("Huyện đảo thành đặc khu", "Island district became a special zone"),
        ProvinceMerger = "province_merger" ("Sắp xếp cấp tỉnh", "Merger of provinces"),
        DerivedFromCommunes = "derived_from_communes" ("Suy ra từ các xã của huyện", "Derived from the communes of the district"),
    }
}

/// One legacy unit going, wholly or in part, into one unit of today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "UnitLinkFields")]
pub struct UnitLink {
    /// Id of the legacy unit, e.g. `11890@legacy` or `d318@legacy`.
    pub from_id: String,
    pub from_code: String,
    /// Id of the unit of today, e.g. `11911@2025-07-01`.
    pub to_id: String,
    pub to_code: String,
    pub area_extent: AreaExtent,
    pub population_extent: PopulationExtent,
    pub evidence: LinkEvidence,
    /// The remark printed by the statistics office, in Vietnamese.
    pub note: Option<String>,
    pub effective_on: NaiveDate,
}

#[derive(Deserialize)]
struct Row {
    old_code: String,
    new_code: String,
    area_extent: AreaExtent,
    population_extent: PopulationExtent,
    evidence: LinkEvidence,
    nso_note_vi: String,
    effective_on: NaiveDate,
}

impl From<Row> for UnitLink {
    fn from(row: Row) -> Self {
        Self {
            from_id: format!("{}@legacy", row.old_code),
            from_code: row.old_code.trim_start_matches('d').to_owned(),
            to_id: format!("{}@{REFORM}", row.new_code),
            to_code: row.new_code,
            area_extent: row.area_extent,
            population_extent: row.population_extent,
            evidence: row.evidence,
            note: filled(row.nso_note_vi),
            effective_on: row.effective_on,
        }
    }
}

/// Every printed link, found from both ends.
struct Links {
    from: HashMap<&'static str, Vec<&'static UnitLink>>,
    to: HashMap<&'static str, Vec<&'static UnitLink>>,
}

static LINKS: LazyLock<Links> = LazyLock::new(|| {
    let communes = rows::<Row>(include_str!("../../codelists/admin_ward_successors.csv")).into_iter();
    let provinces = DATA.province_successor.iter().map(|(old, new)| Row {
        old_code: old.clone(),
        new_code: new.clone(),
        area_extent: AreaExtent::Whole,
        population_extent: PopulationExtent::All,
        evidence: LinkEvidence::ProvinceMerger,
        nso_note_vi: String::new(),
        effective_on: REFORM,
    });
    let mut all: Vec<UnitLink> = communes.chain(provinces).map(UnitLink::from).collect();
    all.sort_by(|a, b| (&a.from_id, &a.to_id).cmp(&(&b.from_id, &b.to_id)));
    let mut links = Links { from: HashMap::new(), to: HashMap::new() };
    for link in &*Vec::leak(all) {
        links.from.entry(&link.from_id).or_default().push(link);
        links.to.entry(&link.to_id).or_default().push(link);
    }
    links
});

/// The units of today that a legacy unit went into, by code; empty for a unit of today.
///
/// A district whose communes went several ways has one derived link for each goal: its people's
/// share is then not stated.
pub fn successors(unit: &Unit) -> Vec<UnitLink> {
    match LINKS.from.get(unit.id.as_str()) {
        Some(links) => links.iter().map(|link| (*link).clone()).collect(),
        None if unit.level == UnitLevel::District => derived(unit),
        None => Vec::new(),
    }
}

/// The legacy provinces, communes and island districts that went into a unit of today, by code;
/// empty for a legacy unit.
pub fn predecessors(unit: &Unit) -> Vec<UnitLink> {
    LINKS.to.get(unit.id.as_str()).into_iter().flatten().map(|link| (*link).clone()).collect()
}

fn derived(district: &Unit) -> Vec<UnitLink> {
    let communes = DATA.children(&district.id).iter().flat_map(|commune| successors(commune));
    let mut goals: Vec<(String, String)> = communes.map(|link| (link.to_id, link.to_code)).collect();
    goals.sort();
    goals.dedup();
    let (area_extent, population_extent) = match goals.len() {
        1 => (AreaExtent::Whole, PopulationExtent::All),
        _ => (AreaExtent::Part, PopulationExtent::Unstated),
    };
    let link = |(to_id, to_code)| UnitLink {
        from_id: district.id.clone(),
        from_code: district.code.clone(),
        to_id,
        to_code,
        area_extent,
        population_extent,
        evidence: LinkEvidence::DerivedFromCommunes,
        note: None,
        effective_on: REFORM,
    };
    goals.into_iter().map(link).collect()
}
