//! The public directory of centres: what anybody may know, without a token.
//!
//! It selects its public columns by name, so personal data is not even read.

use std::collections::HashMap;

use async_graphql::{InputObject, SimpleObject};
use chrono::NaiveDate;
use gdtx_domain::{
    centres::{
        centre,
        kind::{CentreKind, LanguageItSubKind, Ownership},
        life_cycle::CentreStatus,
    },
    programmes::programme::{self, ProgrammeState},
    territory::place::Place,
};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    Ctx, Error, Page, PageRequest, Result,
    filter::check_search,
    pager::{Pager, Sort},
    resource,
    tx::Tx,
};

/// Where a centre is, by today's units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryPlace {
    /// Today's province code (2 digits).
    pub province_code: String,
    /// Today's province name.
    pub province_name: String,
    /// Today's commune code (5 digits).
    pub commune_code: Option<String>,
    /// Today's commune name.
    pub commune_name: Option<String>,
}

/// A programme that a centre has published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryProgramme {
    /// Name (Tên chương trình).
    pub name: String,
    /// Code of the programme kind.
    pub kind: String,
}

/// A centre as the public directory shows it (danh bạ cơ sở giáo dục thường xuyên).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryCentre {
    /// Identity of the centre.
    pub id: Uuid,
    /// Code granted by the State (Mã trung tâm).
    pub official_id: Option<String>,
    /// Name (Tên trung tâm).
    pub name: String,
    /// Kind (Loại trung tâm).
    pub kind: CentreKind,
    /// What a language and IT centre teaches.
    pub sub_kind: Option<LanguageItSubKind>,
    /// Ownership (Loại hình).
    pub ownership: Ownership,
    /// Province and commune.
    pub place: DirectoryPlace,
    /// Address (Địa chỉ).
    pub address_line: Option<String>,
    /// The centre's telephone (Điện thoại).
    pub phone: Option<String>,
    /// The centre's e-mail.
    pub email: Option<String>,
    /// Web site.
    pub website: Option<String>,
    /// Where the centre stands in its life (Tình trạng hoạt động).
    pub status: CentreStatus,
    /// Since when.
    pub status_since: NaiveDate,
    /// What it has published to teach.
    pub programmes: Vec<DirectoryProgramme>,
}

/// Which centres of the directory to list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, InputObject, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct DirectoryFilter {
    /// Kind of centre.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<CentreKind>,
    /// Today's province code (2 digits).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province_code: Option<String>,
    /// Today's commune code (5 digits).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commune_code: Option<String>,
    /// Stand in life.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<CentreStatus>,
    /// Words to find in name, code, commune and address, without regard to case, tone marks and đ;
    /// at most 200 characters.
    #[param(max_length = 200)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
}

/// The public columns of a centre, and its sort key.
#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    search_text: String,
    official_id: Option<String>,
    name: String,
    kind: CentreKind,
    sub_kind: Option<LanguageItSubKind>,
    ownership: Ownership,
    place: Place,
    address_line: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    website: Option<String>,
    status: CentreStatus,
    status_since: NaiveDate,
}

/// Sort keys of the directory.
pub const SORTS: [Sort; 2] = [Sort::NAME, Sort::ID];

/// Lists the directory, one page, by name unless asked otherwise. Needs no token.
pub async fn list(ctx: &Ctx, filter: DirectoryFilter, request: PageRequest) -> Result<Page<DirectoryCentre>> {
    check_search(filter.search.as_deref())?;
    let tx = ctx.read().await?;
    let pager = Pager::new(&tx, &SORTS, &request)?;
    let print = pager.print("directory", &filter);
    let select = narrow(public(&tx), &filter);
    let total_count = pager.count(&tx, &select).await?;
    let rows = columns(pager.cut(select, print)?).into_model::<Row>().all(&tx.db).await?;
    let Page { items, cursors, page_info, total_count } =
        pager.page(print, rows, total_count, |row| (row.search_text.clone(), row.id))?;
    Ok(Page { items: show(&tx, items).await?, cursors, page_info, total_count })
}

/// Reads one centre of the directory. Needs no token.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<DirectoryCentre> {
    let tx = ctx.read().await?;
    let row = columns(public(&tx).filter(centre::Column::Id.eq(id))).into_model::<Row>().one(&tx.db).await?;
    show(&tx, row.into_iter().collect()).await?.pop().ok_or_else(Error::not_found)
}

/// Every live record, wherever it is.
fn public(tx: &Tx) -> Select<centre::Entity> {
    tx.select::<centre::Entity>(&tx.public_directory()).filter(centre::Column::DeletedAt.is_null())
}

fn narrow(mut select: Select<centre::Entity>, filter: &DirectoryFilter) -> Select<centre::Entity> {
    use centre::Column;
    if let Some(kind) = filter.kind {
        select = select.filter(Column::Kind.eq(kind));
    }
    if let Some(code) = &filter.province_code {
        select = select.filter(Column::ProvinceCode.eq(code));
    }
    if let Some(code) = &filter.commune_code {
        select = select.filter(Column::CommuneCode.eq(code));
    }
    if let Some(status) = filter.status {
        select = select.filter(Column::Status.eq(status));
    }
    if let Some(words) = &filter.search {
        select = select.filter(resource::search_condition(words));
    }
    select
}

/// Only these columns leave the table.
fn columns(select: Select<centre::Entity>) -> Select<centre::Entity> {
    use centre::Column as C;
    select.select_only().columns([
        C::Id,
        C::SearchText,
        C::OfficialId,
        C::Name,
        C::Kind,
        C::SubKind,
        C::Ownership,
        C::Place,
        C::AddressLine,
        C::Phone,
        C::Email,
        C::Website,
        C::Status,
        C::StatusSince,
    ])
}

async fn show(tx: &Tx, rows: Vec<Row>) -> Result<Vec<DirectoryCentre>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut programmes = published(tx, &ids).await?;
    Ok(rows
        .into_iter()
        .map(|row| DirectoryCentre {
            programmes: programmes.remove(&row.id).unwrap_or_default(),
            id: row.id,
            official_id: row.official_id,
            name: row.name,
            kind: row.kind,
            sub_kind: row.sub_kind,
            ownership: row.ownership,
            place: DirectoryPlace {
                province_code: row.place.province_code,
                province_name: row.place.province_name,
                commune_code: row.place.commune_code,
                commune_name: row.place.commune_name,
            },
            address_line: row.address_line,
            phone: row.phone,
            email: row.email,
            website: row.website,
            status: row.status,
            status_since: row.status_since,
        })
        .collect())
}

/// The published programmes of these centres by name, in one query.
async fn published(tx: &Tx, centre_ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<DirectoryProgramme>>> {
    use programme::Column as C;
    let rows: Vec<(Option<Uuid>, String, String)> = tx
        .select::<programme::Entity>(&tx.public_directory())
        .filter(C::CentreId.is_in(centre_ids.iter().copied()))
        .filter(C::State.eq(ProgrammeState::Published))
        .filter(C::DeletedAt.is_null())
        .select_only()
        .columns([C::CentreId, C::Name, C::Kind])
        .order_by_asc(C::SearchText)
        .order_by_asc(C::Id)
        .into_tuple()
        .all(&tx.db)
        .await?;
    let mut found: HashMap<Uuid, Vec<DirectoryProgramme>> = HashMap::new();
    for (centre_id, name, kind) in rows {
        found.entry(centre_id.unwrap_or_default()).or_default().push(DirectoryProgramme { name, kind });
    }
    Ok(found)
}
