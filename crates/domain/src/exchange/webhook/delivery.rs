//! What became of one change at one webhook.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    code_enum,
    exchange::resource::{Operation, ResourceKind},
};

code_enum! {
    /// Where a delivery stands.
    DeliveryState {
        /// The receiver accepted it.
        Delivered = "delivered" ("Đã giao", "Delivered"),
        /// It will be tried again, or waits for an older change of the same record.
        Waiting = "waiting" ("Đang chờ gửi lại", "Waiting"),
        /// It was tried for days; a replay sends it again.
        GivenUp = "given_up" ("Đã thôi gửi", "Given up"),
        /// The client may no longer see the change.
        Withheld = "withheld" ("Không còn quyền xem", "Withheld"),
    }
}

code_enum! {
    /// Why a receiver was not reached or did not accept.
    DeliveryFault {
        /// The name of the host is unknown.
        Unresolved = "unresolved" ("Không tìm thấy máy chủ", "Unknown host"),
        /// The address lies in a network that webhooks may not reach.
        ForbiddenAddress = "forbidden_address" ("Địa chỉ không được phép", "Address not allowed"),
        /// No connection came about, or it broke.
        Unreachable = "unreachable" ("Không kết nối được", "Unreachable"),
        /// No answer in time.
        Timeout = "timeout" ("Quá thời gian chờ", "Timeout"),
        /// The answer was not a success.
        Refused = "refused" ("Bên nhận từ chối", "Refused"),
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_delivery")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub webhook_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    pub resource: ResourceKind,
    pub record_id: Uuid,
    pub operation: Operation,
    pub state: DeliveryState,
    pub attempts: i32,
    pub last_fault: Option<DeliveryFault>,
    /// HTTP status of the last answer.
    pub last_status: Option<i32>,
    /// How long the last attempt took.
    pub milliseconds: Option<i32>,
    pub next_attempt_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    /// When it was accepted or given up.
    pub finished_at: Option<DateTime<Utc>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
