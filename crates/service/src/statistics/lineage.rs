//! Lineage: the records that a figure counts, for those who may see them.

use async_graphql::SimpleObject;
use chrono::NaiveDate;
use gdtx_domain::{
    DataClass,
    access::reach::{Keys, Reach},
    exchange::resource::ResourceKind,
    statistics::{data_set::DataSet, dimension::Dimension},
    territory::{find, unit::UnitLevel},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    counting::{Counted, Found, check_counted, counted, reached},
    query::{known, named, refuse},
};
use crate::{
    Code, Ctx, Error, Page, PageRequest, Record, Result,
    access::policy::Permission,
    centres::staff_member::StaffMember,
    filter::check_sight_with,
    learners::{enrolment::Enrolment, learner::Learner, result::LearningResult},
    page::{Cursor, fingerprint_of, size},
    resource::Person,
    tx::Tx,
};

/// A record that a figure counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsRecord {
    /// The kind of record.
    pub resource: ResourceKind,
    /// The id under which it is read.
    pub id: Uuid,
}

/// Lists the records that a cell counts, in the order of their ids. The cell is named by its members,
/// `province=46;gender=female`; dimensions that are not named are summed. The list is as long as the figure. A page may
/// hold fewer records than asked for, and none, where others follow it: so many are looked through at a time.
///
/// # Errors
/// `not_found` for a data set that is none, `invalid_parameter` for a cell that it does not have, `forbidden` for a
/// cell that reaches beyond the caller, or tells what the caller may not see.
pub async fn records(ctx: &Ctx, id: &str, cell: &str, request: &PageRequest) -> Result<Page<StatisticsRecord>> {
    reached(ctx).await?;
    let tx = ctx.read().await?;
    let full = tx.require(Permission::StatisticsRead)?.reach;
    let set = known(id)?;
    let reaches = [full, tx.require(read_of(set))?.reach];
    let key = parse(ctx, set, cell)?;
    check_reach(&reaches, &key, ctx.clock.today())?;
    let told: Vec<(String, DataClass)> = key.iter().filter_map(|(dimension, _)| told_by(set, *dimension)).collect();
    // Learners may be children.
    let sight = if set.of == ResourceKind::StaffMembers { tx.sight() } else { tx.sight().of_child() };
    check_sight_with(&told, &tx, sight)?;
    let print = fingerprint_of("statistics", &format!("{id} {key:?}"), "id");
    let after = request.after.as_deref().map(|after| Cursor::decode(print, after)).transpose()?;
    let most = size(request.first)? as usize + 1;
    let Found { records, stopped_at, position } = counted(&tx, set, &key, after.map(|cursor| cursor.i), most).await?;
    check_counted(ctx, position)?;
    ctx.position.note(position);
    let mut page = Page::of(records, request, |one| Cursor::encode(print, &[], one.id))?;
    if let Some(id) = stopped_at {
        page.page_info.has_next_page = true;
        page.page_info.end_cursor = Some(Cursor::encode(print, &[], id));
    }
    for one in &page.items {
        note(&tx, set, one, &told);
    }
    tx.end(page.map(|one| StatisticsRecord { resource: set.of, id: one.id })).await
}

/// The grant for reading what a data set counts.
const fn read_of(set: &DataSet) -> Permission {
    match set.of {
        ResourceKind::Learners | ResourceKind::Enrolments | ResourceKind::Results => Permission::LearnerRead,
        ResourceKind::StaffMembers => Permission::StaffRead,
        ResourceKind::Classes | ResourceKind::Programmes => Permission::ProgrammeRead,
        ResourceKind::Recognitions => Permission::RecognitionRead,
        _ => Permission::CentreRead,
    }
}

/// The members that name a cell, each of a dimension of the data set.
fn parse(ctx: &Ctx, set: &DataSet, cell: &str) -> Result<Vec<(Dimension, String)>> {
    let wrong = |part: &str| {
        let part: String = part.chars().take(60).collect();
        let names = set.dimensions.iter().map(|known| known.code()).collect::<Vec<_>>().join(", ");
        refuse(
            "key",
            "unknown_code",
            format!("“{part}” không phải chiều=giá trị của bộ dữ liệu; các chiều: {names}."),
            format!("“{part}” is no dimension=member of the data set; its dimensions: {names}."),
        )
    };
    let mut key: Vec<(Dimension, String)> = Vec::new();
    for part in cell.split(';') {
        let (name, member) = part.split_once('=').ok_or_else(|| wrong(part))?;
        let dimension = Dimension::from_code(name).filter(|dimension| set.dimensions.contains(dimension));
        let dimension = dimension.ok_or_else(|| wrong(part))?;
        let member = named(dimension, member, ctx.clock.today()).ok_or_else(|| wrong(part))?;
        if key.iter().any(|(known, _)| *known == dimension) {
            return Err(wrong(part));
        }
        key.push((dimension, member));
    }
    let is_named = |dimension: &&Dimension| key.iter().any(|(known, _)| known == *dimension);
    match set.dimensions.iter().find(|dimension| !dimension.adds_up() && !is_named(dimension)) {
        None => Ok(key),
        Some(missing) => Err(refuse(
            "key",
            "does_not_add_up",
            format!("Nêu một giá trị của chiều {missing}."),
            format!("Name a member of {missing}."),
        )),
    }
}

/// Refuses a cell that reaches beyond the caller.
fn check_reach(reaches: &[Reach], key: &[(Dimension, String)], today: NaiveDate) -> Result<()> {
    let of = |wanted: Dimension| key.iter().find(|(known, _)| *known == wanted).map(|(_, member)| member.clone());
    let province =
        || find::find(&of(Dimension::Commune)?, Some(UnitLevel::Commune), today).map(|unit| unit.province_code.clone());
    let keys = Keys {
        province_code: of(Dimension::Province).or_else(province),
        commune_code: of(Dimension::Commune),
        ..Keys::default()
    };
    if reaches.iter().all(|reach| reach.covers(&keys)) {
        return Ok(());
    }
    Err(Error::new(
        Code::Forbidden,
        "Ô này vượt ngoài phạm vi của ứng dụng: nêu tỉnh hoặc xã trong phạm vi.",
        "This cell reaches beyond the client: name a province or commune within its reach.",
    ))
}

/// The personal field that a member of a dimension tells of a record, with its class.
fn told_by(set: &DataSet, dimension: Dimension) -> Option<(String, DataClass)> {
    let field = match dimension {
        Dimension::Gender => "gender",
        Dimension::EthnicGroup | Dimension::Minority => "ethnic_group",
        Dimension::Disability => "disability_kind",
        Dimension::AgeBand => "date_of_birth",
        Dimension::LiteracyLevel => "literacy_level",
        Dimension::PolicyGroup => "policy_groups",
        Dimension::DropoutReason => "dropout_reason",
        Dimension::AcademicLevel => "academic_level",
        Dimension::ConductLevel => "conduct_level",
        Dimension::Promoted => "promoted",
        Dimension::LiteracyResult => "literacy_result",
        Dimension::EnrolmentStatus | Dimension::StaffStatus => "status",
        Dimension::StaffGroup => "staff_group",
        Dimension::ContractKind => "contract_kind",
        Dimension::Qualification => "professional_qualification",
        _ => return None,
    };
    let shapes = match set.of {
        ResourceKind::StaffMembers => [StaffMember::FIELDS, &[]],
        ResourceKind::Learners => [Learner::FIELDS, &[]],
        ResourceKind::Enrolments => [Learner::FIELDS, Enrolment::FIELDS],
        ResourceKind::Results => [Learner::FIELDS, LearningResult::FIELDS],
        _ => return None,
    };
    let class = shapes.iter().flat_map(|fields| fields.iter()).find(|(name, _)| *name == field)?.1;
    class.is_personal().then(|| (dimension.code().to_owned(), class))
}

/// Whether the caller may know of people what the members of a dimension tell.
pub(super) fn may_know(tx: &Tx, set: &DataSet, dimension: Dimension) -> bool {
    told_by(set, dimension).is_none_or(|(_, class)| !class.is_sealed() || tx.entitled().allows(class))
}

/// Notes in the access log whom the list tells something of.
fn note(tx: &Tx, set: &DataSet, one: &Counted, told: &[(String, DataClass)]) {
    let person = match set.of {
        ResourceKind::Learners => Person::Learner(one.id),
        ResourceKind::Enrolments | ResourceKind::Results => match one.learner {
            Some(learner) => Person::Learner(learner),
            None => return,
        },
        _ => Person::Other,
    };
    let fields: Vec<&str> = told.iter().map(|(name, _)| name.as_str()).collect();
    if !fields.is_empty() {
        tx.named(set.of, (one.id, one.centre), person, &fields);
    }
}
