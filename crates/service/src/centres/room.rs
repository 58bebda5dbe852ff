//! Rooms of centres: what is sent and shown, and what must hold.

use gdtx_domain::{
    Checks, Decimal2,
    centres::room::{self, check_sizes},
    exchange::resource::ResourceKind,
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
    tx::Tx,
};

record! {
    /// Rooms of one kind in a centre (phòng): how many, how large, in what condition.
    /// QĐ 4998/QĐ-BGDĐT section 5.5.
    Room("RoomFields"), NewRoom, RoomPatch, RoomManaged of room::Model {
    given {
        /// The centre that the rooms belong to (Đơn vị); never changes. QĐ 4998: `DON_VI_ID`.
        centre_id: Uuid,
    }
    required {
        /// Name (Tên phòng), at most 50 characters. QĐ 4998: `TEN_PHONG`.
        room_name: String [text(50)],
    }
    optional {
        /// Area of one room in m² (Diện tích), 0 or more. QĐ 4998: `DIEN_TICH`.
        area_m2: Decimal2 = None,
        /// How many rooms (Số lượng), 0 to 100,000. QĐ 4998: `SO_LUONG`.
        count: i32 [number(0, 100_000)] = None,
        /// Area of all of them in m² (Tổng diện tích), 0 or more. QĐ 4998: `TONG_DIEN_TICH`.
        total_area_m2: Decimal2 = None,
        /// Condition (Tình trạng): a code of the Ministry's list `DM_TINH_TRANG_SO_HUU`, whose
        /// values are not published: `unverified`, no value is refused; at most 60 characters. QĐ 4998: `TINH_TRANG_ID`.
        condition: String [text(60)] = None,
    }
    }
}

filter! {
    /// Which rooms to list.
    RoomFilter of room::Entity {
        /// The centre.
        centre_id: Uuid => "centre_id" eq,
        /// Today's province code of the centre (2 digits).
        province_code: String => "province_code" eq,
        /// Today's commune code of the centre (5 digits).
        commune_code: String => "commune_code" eq,
        /// Condition.
        condition: String => "condition" eq,
    }
}

/// Rooms as a resource.
pub struct Rooms;

impl Resource for Rooms {
    type Entity = room::Entity;
    type Model = room::Model;
    type ActiveModel = room::ActiveModel;
    type Record = Room;
    type Filter = RoomFilter;

    const KIND: ResourceKind = ResourceKind::Rooms;
    const BY_CLASS: bool = true;
    const READ: Permission = Permission::CentreRead;
    const WRITE: Permission = Permission::CentreWrite;

    fn managed(_: &NewRoom) -> RoomManaged {
        RoomManaged {}
    }

    async fn prepare(tx: &Tx, draft: &mut Draft<Room>, checks: &mut Checks) -> Result<()> {
        owned::follow_centre(tx, &mut draft.meta, draft.new.centre_id, checks).await?;
        let new = &mut draft.new;
        checks.fields(new);
        check_sizes(new.area_m2, new.count, new.total_area_m2, checks);
        draft.meta.search_text = text::fold(&new.room_name);
        Ok(())
    }
}
