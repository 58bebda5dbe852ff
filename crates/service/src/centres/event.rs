//! Events in the life of a centre: what is sent and shown. They are kept for good, never changed.

use chrono::NaiveDate;
use gdtx_domain::{
    Checks,
    access::{reach::Keys, role::Role},
    centres::{
        event,
        life_cycle::{AuthorityKind, CentreEventKind, CentreStatus},
    },
    exchange::resource::ResourceKind,
    text,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::centre::Centres;
pub use super::event_record::record;
use crate::{
    Ctx, Error, Page, PageRequest, Result,
    access::policy::Permission,
    filter::{Filter, filter},
    resource::{self, Draft, Resource, Sort},
    shape::{Meta, record},
    tx::Tx,
};

record! {
    /// An event in the life of a centre (sự kiện của trung tâm), with the decision it rests on:
    /// NĐ 125/2024/NĐ-CP art. 32 to 46. Kept for good: a wrong event is answered by another one.
    CentreEvent("CentreEventFields"), NewCentreEvent, CentreEventPatch, CentreEventManaged of event::Model {
    required {
        /// What happened (Sự kiện).
        kind: CentreEventKind,
        /// The day from which it holds (Ngày có hiệu lực); not before the event before it.
        effective_on: NaiveDate,
    }
    optional {
        /// Number of the decision (Số quyết định), at most 50 characters. Required but for
        /// `start_operating`, `rename` and `transfer_authority`.
        decision_number: String [text(50)] = None,
        /// Day the decision was signed (Ngày quyết định); required as its number is.
        decision_date: NaiveDate = None,
        /// Kind of body that decided (Cấp quyết định); required as the number is. The district level
        /// decided until 2025-06-30.
        authority_kind: AuthorityKind = None,
        /// Name of the body that decided (Cơ quan quyết định), at most 200 characters.
        authority_name: String [text(200)] = None,
        /// Ground (Căn cứ) of `suspend`: `fraud_to_obtain_permission`, `conditions_not_kept`,
        /// `not_operating_within_1_year`, `administrative_sanction`, `other_by_law`; of `dissolve`:
        /// `serious_violation`, `suspension_expired_uncured`, `purpose_no_longer_fits`,
        /// `quality_not_assured`, `owner_request`.
        ground: String = None,
        /// First day of a suspension (Đình chỉ từ ngày).
        suspended_from: NaiveDate = None,
        /// Last day of a suspension (Đình chỉ đến ngày).
        suspended_to: NaiveDate = None,
        /// The name after `rename` (Tên mới), at most 200 characters.
        new_name: String [text(200)] = None,
        /// The managing body after `transfer_authority` (Cơ quan quản lý mới), at most 200 characters.
        new_managing_body: String [text(200)] = None,
        /// Kind of that body (Cấp quản lý mới).
        new_authority_kind: AuthorityKind = None,
        /// Remark (Ghi chú), at most 1,000 characters.
        note: String [text(1000)] = None,
    }
    lists {
        /// The centres that come out of this one (Trung tâm kế thừa): one of `merge`, two or more of
        /// `divide`, one or more of `separate`, at most one of `convert`. They are on record already,
        /// as established or later.
        successor_ids: Uuid = None,
    }
    managed {
        /// Place in the centre's history, from 1.
        sequence: i32,
        /// The centre's status after the event.
        status_after: CentreStatus,
    }
    managed_optional {
        /// The name before a renaming (Tên cũ).
        old_name: String = None,
        /// Role of the client that recorded the event (Vai trò bên ghi). What a centre or a vendor
        /// recorded is its own statement of a decision. Null for the service itself.
        recorded_by: Role = None,
    }
    }
}

impl NewCentreEvent {
    /// An event of which nothing more is told.
    pub fn of(kind: CentreEventKind, effective_on: NaiveDate) -> Self {
        Self {
            external_ids: Vec::new(),
            kind,
            effective_on,
            decision_number: None,
            decision_date: None,
            authority_kind: None,
            authority_name: None,
            ground: None,
            suspended_from: None,
            suspended_to: None,
            new_name: None,
            new_managing_body: None,
            new_authority_kind: None,
            note: None,
            successor_ids: Vec::new(),
        }
    }
}

filter! {
    /// Which events of a centre to list.
    CentreEventFilter of event::Entity {
        /// What happened.
        kind: CentreEventKind => "kind" eq,
        /// In force from this day on or later.
        effective_from: NaiveDate => "effective_on" gte,
        /// In force from this day on or earlier.
        effective_to: NaiveDate => "effective_on" lte,
    }
}

/// The events of one centre.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OfCentre {
    centre_id: Option<Uuid>,
    events: CentreEventFilter,
}

impl Filter for OfCentre {
    type Entity = event::Entity;

    fn narrow(&self, select: sea_orm::Select<event::Entity>) -> sea_orm::Select<event::Entity> {
        use sea_orm::{ColumnTrait, QueryFilter};
        let select = self.events.narrow(select);
        match self.centre_id {
            Some(id) => select.filter(event::Column::CentreId.eq(id)),
            None => select,
        }
    }

    fn search(&self) -> Option<&str> {
        self.events.search()
    }

    fn external_id(&self) -> Option<&str> {
        self.events.external_id()
    }

    fn partition(&self) -> Option<&str> {
        self.events.partition()
    }

    fn with_retired(&self) -> bool {
        self.events.with_retired()
    }
}

/// Events as a resource: its own use cases write it.
pub struct CentreEvents;

impl Resource for CentreEvents {
    type Entity = event::Entity;
    type Model = event::Model;
    type ActiveModel = event::ActiveModel;
    type Record = CentreEvent;
    type Filter = OfCentre;

    const KIND: ResourceKind = ResourceKind::CentreEvents;
    const READ: Permission = Permission::CentreRead;
    const WRITE: Permission = Permission::CentreDecide;
    const SORTS: &'static [Sort] = &[Sort::ID, Sort::CREATED_AT];

    fn managed(_: &NewCentreEvent) -> CentreEventManaged {
        CentreEventManaged { sequence: 0, status_after: CentreStatus::Proposed, old_name: None, recorded_by: None }
    }

    async fn prepare(_: &Tx, draft: &mut Draft<CentreEvent>, checks: &mut Checks) -> Result<()> {
        checks.fields(&mut draft.new);
        draft.meta.search_text = search_text(&draft.new);
        Ok(())
    }
}

/// Lists the events of one centre, in the order of recording.
pub async fn list(
    ctx: &Ctx,
    centre_id: Uuid,
    filter: CentreEventFilter,
    page: PageRequest,
) -> Result<Page<CentreEvent>> {
    let filter = OfCentre { centre_id: Some(centre_id), events: filter };
    if ctx.as_of.is_some() {
        // Whether it was there is all that is asked of the centre: nothing of it is shown.
        resource::find::<Centres>(&Ctx { purpose: None, ..ctx.clone() }, centre_id).await?;
        return resource::list::<CentreEvents>(ctx, filter, page).await;
    }
    let tx = ctx.read().await?;
    let scope = tx.require(Permission::CentreRead)?;
    resource::load::<Centres>(&tx, &scope, centre_id, resource::Lock::Free).await?;
    let page = resource::list_in::<CentreEvents>(&tx, filter, page).await?;
    tx.end(page).await
}

/// Reads one event of a centre.
pub async fn get(ctx: &Ctx, centre_id: Uuid, id: Uuid) -> Result<CentreEvent> {
    let event = resource::get::<CentreEvents>(ctx, id).await?;
    if event.centre_id == Some(centre_id) { Ok(event) } else { Err(Error::not_found()) }
}

/// An event that follows so many others in the history of the centre with these keys.
pub(super) fn draft(tx: &Tx, keys: &Keys, new: NewCentreEvent, earlier: usize) -> Draft<CentreEvent> {
    let mut meta = Meta::fresh(&tx.ctx);
    meta.set_keys(keys);
    let mut managed = CentreEvents::managed(&new);
    managed.recorded_by = tx.role();
    managed.sequence = i32::try_from(earlier).unwrap_or(i32::MAX).saturating_add(1);
    Draft { meta, new, managed, before: None }
}

/// What an event is found by: its kind, its decision and the body that took it.
pub(super) fn search_text(new: &NewCentreEvent) -> String {
    let label = new.kind.label();
    let parts = [
        Some(label.vi.as_str()),
        new.decision_number.as_deref(),
        new.authority_name.as_deref(),
        new.new_name.as_deref(),
    ];
    text::fold(&parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}
