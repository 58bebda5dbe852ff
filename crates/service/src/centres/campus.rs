//! Campuses and operating locations: what is sent and shown, and what must hold.

use gdtx_domain::{
    Checks, Decimal2,
    centres::campus::{self, CampusKind},
    exchange::resource::ResourceKind,
    territory::place::{Place, PlaceInput},
    text,
};
use uuid::Uuid;

use super::owned;
use crate::{
    Result,
    access::policy::Permission,
    filter::filter,
    resource::{Draft, Resource},
    shape::record,
    territory,
    tx::Tx,
};

record! {
    /// A site of a centre away from its main one: a campus (điểm trường) or an operating location
    /// (địa điểm hoạt động). QĐ 4998: `DIEM_TRUONGS`, `DIA_DIEM_HOAT_DONG` (table TRMN.2.1).
    Campus("CampusFields"), NewCampus, CampusPatch, CampusManaged of campus::Model {
    given {
        /// The centre that the site belongs to; never changes.
        centre_id: Uuid,
    }
    required {
        /// Name (Tên điểm trường), at most 200 characters.
        name: String [text(200)],
        /// Campus of a GDTX or GDNN-GDTX centre (QĐ 4998: `DIEM_TRUONGS`), or operating location of
        /// another centre (QĐ 4998: `DIA_DIEM_HOAT_DONG`).
        kind: CampusKind,
    }
    optional {
        /// Code granted by the State (Mã điểm trường), at most 15 characters.
        official_id: String [text(15)] = None,
        /// Telephone (Điện thoại), at most 20 characters.
        phone: String [phone(20)] = None,
        /// Address (Địa chỉ), at most 250 characters.
        address_line: String [text(250)] = None,
        /// Distance to the main site in km (Khoảng cách đến điểm trường chính), 0 to 1,000.
        distance_km: Decimal2 [number(0, 1000)] = None,
        /// How one gets there (Phương tiện đi lại), at most 200 characters.
        transport: String [text(200)] = None,
        /// Area in m² (Diện tích), 0 to 1,000,000,000.
        area_m2: Decimal2 [number(0, 1_000_000_000)] = None,
    }
    sent {
        /// Province and commune of the site, where they are worth stating; who may see the record
        /// follows from the centre's place.
        place: PlaceInput as Place = None,
    }
    }
}

filter! {
    /// Which campuses to list.
    CampusFilter of campus::Entity {
        /// The centre.
        centre_id: Uuid => "centre_id" eq,
        /// Campus or operating location.
        kind: CampusKind => "kind" eq,
        /// Today's province code of the centre (2 digits).
        province_code: String => "province_code" eq,
        /// Today's commune code of the centre (5 digits).
        commune_code: String => "commune_code" eq,
        /// Code granted by the State.
        official_id: String => "official_id" eq,
    }
}

/// Campuses as a resource.
pub struct Campuses;

impl Resource for Campuses {
    type Entity = campus::Entity;
    type Model = campus::Model;
    type ActiveModel = campus::ActiveModel;
    type Record = Campus;
    type Filter = CampusFilter;

    const KIND: ResourceKind = ResourceKind::Campuses;
    const BY_CLASS: bool = true;
    const READ: Permission = Permission::CentreRead;
    const WRITE: Permission = Permission::CentreWrite;

    fn managed(_: &NewCampus) -> CampusManaged {
        CampusManaged { place: None }
    }

    async fn prepare(tx: &Tx, draft: &mut Draft<Campus>, checks: &mut Checks) -> Result<()> {
        owned::follow_centre(tx, &mut draft.meta, draft.new.centre_id, checks).await?;
        let new = &mut draft.new;
        checks.fields(new);
        draft.managed.place = territory::place::resolve_opt(tx, "/place", new.place.as_ref(), checks);
        let parts = [Some(new.name.as_str()), new.official_id.as_deref(), new.address_line.as_deref()];
        draft.meta.search_text = text::fold(&parts.into_iter().flatten().collect::<Vec<_>>().join(" "));
        Ok(())
    }
}
