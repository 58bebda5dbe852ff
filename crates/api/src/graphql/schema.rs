//! The schema: every resource's queries and mutations merged, with its limits.

use async_graphql::{Context, ID, Interface, MergedObject, Object};

use gdtx_domain::exchange::resource::ResourceKind;
use gdtx_service::{
    Code, Ctx, Resource,
    centres::{
        campus::Campuses, centre::Centres, event::CentreEvents, land::Lands, room::Rooms, staff_member::StaffMembers,
    },
    exchange::window::SyncWindows,
    learners::{
        enrolment::Enrolments, learner::Learners, result::LearningResults, subject_request::DataSubjectRequests,
    },
    programmes::{class::Classes, programme::Programmes},
    recognitions::recognition::Recognitions,
    statistics::report::Reports,
};
use uuid::Uuid;

use super::{gate::Gate, limits::Limits};
use crate::{
    Settings,
    access::{
        explain::ExplainAccessQuery,
        fields::{ClientMutation, ClientQuery},
        limits::{Ceilings, LimitsQuery},
        log::AccessLogQuery,
    },
    centres::{
        campus::{CampusMutation, CampusNode, CampusQuery},
        centre::{CentreMutation, CentreNode, CentreQuery},
        directory::DirectoryQuery,
        event::{CentreEventMutation, CentreEventNode, CentreEventQuery},
        land::{LandMutation, LandNode, LandQuery},
        room::{RoomMutation, RoomNode, RoomQuery},
        staff_member::{StaffMemberMutation, StaffMemberNode, StaffMemberQuery},
    },
    exchange::{
        batch::BatchMutation,
        changes::{ChangesQuery, ChangesSubscription},
        exports::{ExportJobMutation, ExportJobQuery},
        imports::{ImportMutation, ImportQuery},
        sync::SyncQuery,
        webhooks::{WebhookMutation, WebhookQuery},
        window::{SyncWindowMutation, SyncWindowNode, SyncWindowQuery},
        window_check::SyncPeriodFields,
        window_lock::SyncWindowLockMutation,
    },
    learners::{
        enrolment::{EnrolmentMutation, EnrolmentNode, EnrolmentQuery},
        enrolment_event::{EnrolmentEventMutation, EnrolmentEventQuery},
        find::FindLearnersMutation,
        learner::{LearnerMutation, LearnerNode, LearnerQuery},
        merge::MergeMutation,
        result::{LearningResultNode, ResultMutation, ResultQuery},
        subject_request::{
            DataSubjectRequestMutation, DataSubjectRequestNode, DataSubjectRequestQuery, DataSubjectRequestStepMutation,
        },
    },
    programmes::{
        class::{ClassMutation, ClassNode, ClassQuery},
        class_state::ClassStateMutation,
        kind::ProgrammeKindQuery,
        programme::{ProgrammeMutation, ProgrammeNode, ProgrammeQuery},
        programme_state::ProgrammeStateMutation,
    },
    recognitions::{
        criteria::CriteriaSetQuery,
        decision::DecisionMutation,
        kind::RecognitionKindQuery,
        recognition::{RecognitionMutation, RecognitionNode, RecognitionQuery},
        verification::VerificationQuery,
    },
    statistics::{
        DueReportQuery, IndicatorQueries, LineageQueries, ReleaseChangeQueries, ReleaseMutations, ReleaseQueries,
        ReportFormQuery, ReportMutation, ReportNode, ReportQuery, ReportStepMutation, StatisticsQueries,
    },
    territory::{TerritoryQuery, node::UnitNode},
};

pub type Schema = async_graphql::Schema<Query, Mutation, ChangesSubscription>;

/// One merged object a room, so that the types stay shallow.
macro_rules! rooms {
    ($($room:ident ( $($part:ident),+ $(,)? ))+) => {
        $( #[derive(MergedObject, Default)] pub struct $room($($part),+); )+
    };
}

rooms! {
    CentresQuery(CentreQuery, CentreEventQuery, CampusQuery, LandQuery, RoomQuery, StaffMemberQuery, DirectoryQuery)
    CentresMutation(CentreMutation, CentreEventMutation, CampusMutation, LandMutation, RoomMutation, StaffMemberMutation)
    ProgrammesQuery(ProgrammeKindQuery, ProgrammeQuery, ClassQuery)
    ProgrammesMutation(ProgrammeMutation, ProgrammeStateMutation, ClassMutation, ClassStateMutation)
    LearnersQuery(LearnerQuery, EnrolmentQuery, EnrolmentEventQuery, ResultQuery, DataSubjectRequestQuery)
    LearnersMutation(LearnerMutation, FindLearnersMutation, MergeMutation, EnrolmentMutation, EnrolmentEventMutation, ResultMutation, RightsMutation)
    RightsMutation(DataSubjectRequestMutation, DataSubjectRequestStepMutation)
    RecognitionsQuery(RecognitionQuery, RecognitionKindQuery, CriteriaSetQuery, VerificationQuery)
    RecognitionsMutation(RecognitionMutation, DecisionMutation)
    WindowsQuery(SyncWindowQuery, SyncPeriodFields)
    StatisticsRoomQuery(StatisticsQueries, IndicatorQueries, LineageQueries, ReleaseQueries, ReleaseChangeQueries, ReportsQuery)
    ReportsQuery(ReportQuery, ReportFormQuery, DueReportQuery)
    ReportsMutation(ReportMutation, ReportStepMutation)
    WindowsMutation(SyncWindowMutation, SyncWindowLockMutation)
}

/// What can be asked.
#[derive(MergedObject, Default)]
pub struct Query(
    NodeQuery,
    TerritoryQuery,
    CentresQuery,
    ProgrammesQuery,
    LearnersQuery,
    RecognitionsQuery,
    StatisticsRoomQuery,
    ChangesQuery,
    SyncQuery,
    ImportQuery,
    WebhookQuery,
    ExportJobQuery,
    WindowsQuery,
    ClientQuery,
    AccessLogQuery,
    LimitsQuery,
    ExplainAccessQuery,
);

/// What can be written.
#[derive(MergedObject, Default)]
pub struct Mutation(
    CentresMutation,
    ProgrammesMutation,
    LearnersMutation,
    RecognitionsMutation,
    ImportMutation,
    WebhookMutation,
    ExportJobMutation,
    BatchMutation,
    WindowsMutation,
    ReleaseMutations,
    ReportsMutation,
    ClientMutation,
);

/// Anything with an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Identity, unique over all kinds of record."))]
#[allow(clippy::large_enum_variant, reason = "a node lives for one field of one answer")]
pub enum Node {
    Centre(CentreNode),
    CentreEvent(CentreEventNode),
    Campus(CampusNode),
    Land(LandNode),
    Room(RoomNode),
    StaffMember(StaffMemberNode),
    Programme(ProgrammeNode),
    Class(ClassNode),
    Learner(LearnerNode),
    Enrolment(EnrolmentNode),
    LearningResult(LearningResultNode),
    DataSubjectRequest(DataSubjectRequestNode),
    AdministrativeUnit(UnitNode),
    Recognition(RecognitionNode),
    SyncWindow(SyncWindowNode),
    Report(ReportNode),
}

#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Reads any record by its id (Relay); null when the caller may not see one.
    async fn node(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Node>> {
        let request = super::caller(ctx)?;
        if id.contains('@') {
            let unit = gdtx_service::territory::unit::get(&request, &id, None, None).ok();
            return Ok(unit.map(|unit| Node::AdministrativeUnit(UnitNode::new(&request, None, unit))));
        }
        let Ok(id) = id.parse() else { return Ok(None) };
        let kind = super::wrap(&request, gdtx_service::exchange::journal::kind_of(&request, id).await)?;
        match kind {
            Some(ResourceKind::Centres) => {
                Ok(super::follow::<Centres, CentreNode>(ctx, Some(id)).await?.map(Node::Centre))
            }
            Some(ResourceKind::CentreEvents) => {
                Ok(super::follow::<CentreEvents, CentreEventNode>(ctx, Some(id)).await?.map(Node::CentreEvent))
            }
            Some(ResourceKind::Campuses) => {
                Ok(super::follow::<Campuses, CampusNode>(ctx, Some(id)).await?.map(Node::Campus))
            }
            Some(ResourceKind::Lands) => Ok(super::follow::<Lands, LandNode>(ctx, Some(id)).await?.map(Node::Land)),
            Some(ResourceKind::Rooms) => Ok(super::follow::<Rooms, RoomNode>(ctx, Some(id)).await?.map(Node::Room)),
            // People are read alone, as by `getStaffMember` and `getLearner`: a batch shows less of them.
            Some(ResourceKind::StaffMembers) => {
                Ok(alone::<StaffMembers, StaffMemberNode>(&request, id).await?.map(Node::StaffMember))
            }
            Some(ResourceKind::Learners) => Ok(alone::<Learners, LearnerNode>(&request, id).await?.map(Node::Learner)),
            Some(ResourceKind::Programmes) => {
                Ok(super::follow::<Programmes, ProgrammeNode>(ctx, Some(id)).await?.map(Node::Programme))
            }
            Some(ResourceKind::Classes) => {
                Ok(super::follow::<Classes, ClassNode>(ctx, Some(id)).await?.map(Node::Class))
            }
            Some(ResourceKind::Enrolments) => {
                Ok(super::follow::<Enrolments, EnrolmentNode>(ctx, Some(id)).await?.map(Node::Enrolment))
            }
            Some(ResourceKind::Results) => {
                Ok(super::follow::<LearningResults, LearningResultNode>(ctx, Some(id)).await?.map(Node::LearningResult))
            }
            Some(ResourceKind::DataSubjectRequests) => {
                Ok(super::follow::<DataSubjectRequests, DataSubjectRequestNode>(ctx, Some(id))
                    .await?
                    .map(Node::DataSubjectRequest))
            }
            Some(ResourceKind::Recognitions) => {
                Ok(super::follow::<Recognitions, RecognitionNode>(ctx, Some(id)).await?.map(Node::Recognition))
            }
            Some(ResourceKind::SyncWindows) => {
                Ok(super::follow::<SyncWindows, SyncWindowNode>(ctx, Some(id)).await?.map(Node::SyncWindow))
            }
            Some(ResourceKind::Reports) => {
                Ok(super::follow::<Reports, ReportNode>(ctx, Some(id)).await?.map(Node::Report))
            }
            _ => Ok(None),
        }
    }
}

/// A record that is read for itself; none when the caller may not see it.
async fn alone<R: Resource, N: From<R::Record>>(request: &Ctx, id: Uuid) -> async_graphql::Result<Option<N>> {
    match Box::pin(gdtx_service::get::<R>(request, id)).await {
        Err(error) if error.code == Code::NotFound => Ok(None),
        read => super::wrap(request, read).map(|record| Some(record.into())),
    }
}

/// The most directives on one field.
pub const MAX_DIRECTIVES: usize = 20;

/// Builds the schema with its limits.
pub fn build(settings: &Settings) -> Schema {
    let builder = Schema::build(Query::default(), Mutation::default(), ChangesSubscription)
        .register_output_type::<Node>()
        .data(Ceilings::of(settings))
        .extension(Limits {
            gate: Gate(settings.graphql_max_aliases),
            depth: settings.graphql_max_depth,
            complexity: settings.graphql_max_complexity,
        })
        .limit_directives(MAX_DIRECTIVES);
    // Who may not read the schema may not guess it either.
    if settings.graphql_introspection { builder } else { builder.disable_introspection().disable_suggestions() }
        .finish()
}
