//! Staff on both surfaces.

use async_graphql::{Context, ID, Object};
use gdtx_service::{
    Count, PageRequest,
    centres::{
        centre::Centres,
        staff_member::{NewStaffMember, StaffMember, StaffMemberFilter, StaffMemberPatch, StaffMembers},
    },
    programmes::class::{ClassFilter, Classes},
};

use super::centre::CentreNode;
use crate::{
    graphql::{self, Connection},
    programmes::class::ClassNode,
    resource::resource,
};

resource! {
    StaffMembers, "/v1/staff-members", "StaffMember", "StaffMembers",
    "members of staff (cán bộ, giáo viên, nhân viên) of centres: the fields of QĐ 4998/QĐ-BGDĐT section 5.3 that counts of staff need. Personal fields are masked unless grant and agreement cover their class; search, the sort by name and filters by such fields need the same.";
    record StaffMember, new NewStaffMember, patch StaffMemberPatch, filter StaffMemberFilter, node StaffMemberNode;
    query StaffMemberQuery { list_staff_members, get_staff_member, list_staff_member_history }
    mutation StaffMemberMutation { create_staff_member, update_staff_member, retire_staff_member, put_staff_member_by_external_id }
}

/// A member of staff with its relations.
#[derive(Clone)]
pub struct StaffMemberNode(pub StaffMember);

/// A member of staff (cán bộ, giáo viên, nhân viên).
#[Object(name = "StaffMember")]
impl StaffMemberNode {
    /// Identity: UUIDv7, given by the service.
    pub async fn id(&self) -> ID {
        self.0.id.into()
    }

    #[graphql(flatten)]
    async fn fields(&self) -> &StaffMember {
        &self.0
    }

    /// The centre that keeps the record.
    async fn centre(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CentreNode>> {
        graphql::follow::<Centres, CentreNode>(ctx, self.0.centre_id).await
    }

    /// The classes whose form teacher this is.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn classes(
        &self,
        ctx: &Context<'_>,
        filter: Option<ClassFilter>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<ClassNode>> {
        graphql::owned::<Classes, _>(ctx, "teacher_id", self.0.id, filter, PageRequest { first, after, sort, count })
            .await
    }
}
