//! An event in a centre's life, kept for good so that the past can be told from the record.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use super::life_cycle::{AuthorityKind, CentreEventKind, CentreStatus};
use crate::{List, access::role::Role, exchange::external_id::ExternalId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "centre_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    /// The centre that the event happened to.
    pub centre_id: Option<Uuid>,
    pub search_text: String,
    pub external_ids: List<ExternalId>,

    /// What happened (Sự kiện).
    pub kind: CentreEventKind,
    /// The day from which it holds (Ngày có hiệu lực).
    pub effective_on: NaiveDate,
    /// Number of the decision (Số quyết định), at most 50 characters.
    pub decision_number: Option<String>,
    /// Day the decision was signed (Ngày quyết định).
    pub decision_date: Option<NaiveDate>,
    /// Kind of body that decided (Cấp quyết định).
    pub authority_kind: Option<AuthorityKind>,
    /// Name of the body that decided (Cơ quan quyết định), at most 200 characters.
    pub authority_name: Option<String>,
    /// Ground of a suspension or a dissolution: a code of `SuspensionGround` or `DissolutionGround`.
    pub ground: Option<String>,
    /// First day of a suspension (Đình chỉ từ ngày).
    pub suspended_from: Option<NaiveDate>,
    /// Last day of a suspension (Đình chỉ đến ngày).
    pub suspended_to: Option<NaiveDate>,
    /// The centres that came out of this one (Trung tâm kế thừa).
    pub successor_ids: List<Uuid>,
    /// The name after a renaming, at most 200 characters.
    pub new_name: Option<String>,
    /// The name before a renaming; written by the service.
    pub old_name: Option<String>,
    /// The managing body after a transfer, at most 200 characters.
    pub new_managing_body: Option<String>,
    /// Kind of that body.
    pub new_authority_kind: Option<AuthorityKind>,
    /// Remark (Ghi chú), at most 1,000 characters.
    pub note: Option<String>,
    /// Place in the centre's history, from 1; written by the service.
    pub sequence: i32,
    /// The centre's status after the event; written by the service.
    pub status_after: CentreStatus,
    /// Role of the client that recorded the event; none for the service itself.
    pub recorded_by: Option<Role>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
