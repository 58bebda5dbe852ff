//! Why the caller may do something, or what it lacks and who can give it.
//!
//! The answer is found by the same proof that the operation asks for. A record that the caller may
//! not see is explained like one that does not exist.

use async_graphql::SimpleObject;
use gdtx_domain::{
    DataClass, Label,
    access::{
        reach::{Keys, Reach},
        role::Role,
    },
    code_enum,
    exchange::resource::ResourceKind,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    client,
    policy::{self, Extent, Permission},
    scope::Scope,
};
use crate::{
    Code, Ctx, Error, Record, Resource, Result,
    access::caller::Caller,
    centres::{campus::Campuses, centre::Centres, land::Lands, room::Rooms, staff_member::StaffMembers},
    exchange::{exports, imports, webhooks, window::SyncWindows},
    learners::{
        enrolment::Enrolments, learner::Learners, result::LearningResults, subject_request::DataSubjectRequests,
    },
    programmes::{class::Classes, programme::Programmes},
    recognitions::recognition::Recognitions,
    resource::{Lock, load},
    statistics::report::{Reports, is_own_step},
    tx::Tx,
};

code_enum! {
    /// What the operation would say to the caller, as far as access decides.
    AccessOutcome {
        /// Access does not stand in the way.
        Allowed = "allowed" ("được phép", "allowed"),
        /// The role does not hold the grant: 403.
        GrantMissing = "grant_missing" ("thiếu quyền", "grant missing"),
        /// No agreement in force covers the class of data: 403.
        AgreementMissing = "agreement_missing" ("thiếu thỏa thuận", "agreement missing"),
        /// The request does not say what personal data are read for: 403.
        PurposeMissing = "purpose_missing" ("thiếu mục đích", "purpose missing"),
        /// The record is visible and the grant does not reach it: 403.
        OutOfReach = "out_of_reach" ("ngoài phạm vi", "out of reach"),
        /// The step of a report is that of another body: 403.
        OtherBody = "other_body" ("bước của cơ quan khác", "step of another body"),
        /// No such record lies in the caller's reach: 404.
        NotVisible = "not_visible" ("không thấy", "not visible"),
    }
}

/// What an operation asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: the operation is public.
    Nothing,
    /// The client's own secret or key, in the request itself.
    Proof,
    /// A token of any client.
    Token,
    /// A grant.
    Grant(Permission),
    /// A grant, and sight of a class of personal data.
    Sight(Permission, DataClass),
}

/// What the id of an operation names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    Record(ResourceKind),
    Client,
    Import,
    Export,
    Webhook,
}

/// Why the caller may do something, or why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "AccessExplanation")]
#[schema(as = AccessExplanation)]
pub struct Explanation {
    /// The operation, by its id.
    pub operation: String,
    /// The record that was asked about.
    pub id: Option<Uuid>,
    /// What access decides.
    pub outcome: AccessOutcome,
    /// The grant that decides; null where none is needed.
    pub permission: Option<Permission>,
    /// The caller's role.
    pub role: Role,
    /// How far the role holds the grant.
    pub extent: Option<Extent>,
    /// Every role that holds the grant.
    pub roles: Vec<Role>,
    /// The caller's reach, within which its grants hold.
    pub reach: Reach,
    /// The reason, and who can give what is missing, in the language of the request.
    pub detail: String,
}

/// Explains an operation to its caller; `needs` is absent when there is no such operation.
///
/// # Errors
/// `unauthenticated` without a token, `invalid_parameter` for an unknown operation, or for an id
/// where the operation names no record.
pub async fn explain(
    ctx: &Ctx,
    operation: &str,
    needs: Option<(Needs, Option<Named>)>,
    id: Option<&str>,
) -> Result<Explanation> {
    let tx = ctx.read().await?;
    let Caller::Client(caller) = &tx.caller else { return Err(Error::of(Code::Unauthenticated)) };
    let (needs, named) = needs.ok_or_else(|| unknown(operation))?;
    if id.is_some() && named.is_none() {
        return Err(no_record());
    }
    let (permission, class) = match needs {
        Needs::Grant(permission) => (Some(permission), None),
        Needs::Sight(permission, class) => (Some(permission), Some(class)),
        Needs::Nothing | Needs::Proof | Needs::Token => (None, None),
    };
    let (outcome, permission) = match permission {
        None => (AccessOutcome::Allowed, None),
        Some(permission) => judge(&tx, operation, (permission, class), named.zip(id)).await?,
    };
    let extent = permission.map(|p| policy::extent(caller.role, p));
    let holds = |p| Role::ALL.iter().copied().filter(move |role| policy::extent(*role, p) != Extent::Nowhere);
    Ok(Explanation {
        operation: operation.to_owned(),
        id: id.and_then(|id| id.parse().ok()),
        outcome,
        permission,
        role: caller.role,
        extent,
        roles: permission.map(|p| holds(p).collect()).unwrap_or_default(),
        reach: caller.reach.clone(),
        detail: reason(outcome, needs, permission, extent).in_lang(ctx.lang).to_owned(),
    })
}

/// The decision, and the grant that it hangs on.
async fn judge(
    tx: &Tx,
    operation: &str,
    (permission, class): (Permission, Option<DataClass>),
    about: Option<(Named, &str)>,
) -> Result<(AccessOutcome, Option<Permission>)> {
    let decided = |outcome| Ok((outcome, Some(permission)));
    let Ok(scope) = tx.require(permission) else { return decided(AccessOutcome::GrantMissing) };
    if let Some(class) = class.filter(|class| !tx.entitled().allows(*class)) {
        let sight = policy::needed_for(class);
        let held = sight.is_some_and(|p| tx.require(p).is_ok());
        return Ok(if held { (AccessOutcome::AgreementMissing, sight) } else { (AccessOutcome::GrantMissing, sight) });
    }
    if class.is_some_and(|class| !tx.sight().allows(class)) {
        return decided(AccessOutcome::PurposeMissing);
    }
    let Some((named, id)) = about else { return decided(AccessOutcome::Allowed) };
    let Ok(id) = id.parse::<Uuid>() else { return decided(AccessOutcome::NotVisible) };
    decided(match named {
        Named::Client => match client::load(tx, id, false).await {
            Ok(_) => AccessOutcome::Allowed,
            Err(error) => hidden(error)?,
        },
        Named::Import => match imports::own(tx, id).await {
            Ok(_) => AccessOutcome::Allowed,
            Err(error) => hidden(error)?,
        },
        Named::Export => match exports::own(tx, id).await {
            Ok(_) => AccessOutcome::Allowed,
            Err(error) => hidden(error)?,
        },
        Named::Webhook => match webhooks::own(tx, id, false).await {
            Ok(_) => AccessOutcome::Allowed,
            Err(error) => hidden(error)?,
        },
        Named::Record(kind) => match visible(tx, &scope, kind, id).await {
            Ok(keys) if !scope.covers(&keys) => AccessOutcome::OutOfReach,
            Ok(_) if kind == Reports::KIND => {
                if is_own_step(tx, &scope, id, operation).await? {
                    AccessOutcome::Allowed
                } else {
                    AccessOutcome::OtherBody
                }
            }
            Ok(_) => AccessOutcome::Allowed,
            Err(error) => hidden(error)?,
        },
    })
}

fn hidden(error: Error) -> Result<AccessOutcome> {
    if error.code == Code::NotFound { Ok(AccessOutcome::NotVisible) } else { Err(error) }
}

/// The keys of a record that the caller may see.
async fn visible(tx: &Tx, scope: &Scope, kind: ResourceKind, id: Uuid) -> Result<Keys> {
    async fn of<R: Resource>(tx: &Tx, scope: &Scope, id: Uuid) -> Result<Keys> {
        let visible = tx.require(R::READ).unwrap_or_else(|_| scope.clone());
        let (meta, ..) = R::Record::split(load::<R>(tx, &visible, id, Lock::Free).await?);
        Ok(meta.keys())
    }
    match kind {
        ResourceKind::Centres => of::<Centres>(tx, scope, id).await,
        ResourceKind::Campuses => of::<Campuses>(tx, scope, id).await,
        ResourceKind::Lands => of::<Lands>(tx, scope, id).await,
        ResourceKind::Rooms => of::<Rooms>(tx, scope, id).await,
        ResourceKind::StaffMembers => of::<StaffMembers>(tx, scope, id).await,
        ResourceKind::Programmes => of::<Programmes>(tx, scope, id).await,
        ResourceKind::Classes => of::<Classes>(tx, scope, id).await,
        ResourceKind::Learners => of::<Learners>(tx, scope, id).await,
        ResourceKind::Enrolments => of::<Enrolments>(tx, scope, id).await,
        ResourceKind::Results => of::<LearningResults>(tx, scope, id).await,
        ResourceKind::DataSubjectRequests => of::<DataSubjectRequests>(tx, scope, id).await,
        ResourceKind::Recognitions => of::<Recognitions>(tx, scope, id).await,
        ResourceKind::SyncWindows => of::<SyncWindows>(tx, scope, id).await,
        ResourceKind::Reports => of::<Reports>(tx, scope, id).await,
        // Their paths begin with the record that they belong to.
        ResourceKind::CentreEvents
        | ResourceKind::EnrolmentEvents
        | ResourceKind::StatisticsReleases
        | ResourceKind::Access => Err(Error::not_found()),
    }
}

fn reason(outcome: AccessOutcome, needs: Needs, permission: Option<Permission>, extent: Option<Extent>) -> Label {
    let grant = permission.map(|p| (p.code(), p.label()));
    let (code, label) = grant.unwrap_or(("", Label::new("", "")));
    match (outcome, needs) {
        (AccessOutcome::Allowed, Needs::Nothing) => {
            Label::new("Thao tác công khai, không cần quyền.", "The operation is public: no grant is needed.")
        }
        (AccessOutcome::Allowed, Needs::Proof) => Label::new(
            "Ứng dụng chứng minh mình bằng mã bí mật hoặc khóa trong chính yêu cầu; không cần quyền.",
            "The client proves itself by its secret or key in the request itself; no grant is needed.",
        ),
        (AccessOutcome::Allowed, Needs::Token) => {
            Label::new("Mọi ứng dụng có token đều được phép.", "Every client with a token may.")
        }
        (AccessOutcome::Allowed, _) => {
            let (vi, en) = match extent {
                Some(Extent::Everywhere) => ("trong cả nước", "in the whole country"),
                _ => ("trong phạm vi của ứng dụng", "within the client's reach"),
            };
            Label::new(
                format!("Vai trò có quyền {code} ({}) {vi}.", label.vi),
                format!("The role holds the grant {code} ({}) {en}.", label.en),
            )
        }
        (AccessOutcome::GrantMissing, _) => Label::new(
            format!("Vai trò không có quyền {code} ({}). Quản trị hệ thống cấp vai trò.", label.vi),
            format!("The role does not hold the grant {code} ({}). An administrator assigns roles.", label.en),
        ),
        (AccessOutcome::AgreementMissing, _) => Label::new(
            "Không có thỏa thuận chia sẻ dữ liệu còn hiệu lực cho loại dữ liệu này. Quản trị hệ thống ghi thỏa thuận đã ký.",
            "No data-sharing agreement in force covers this class of data. An administrator records the signed agreement.",
        ),
        (AccessOutcome::PurposeMissing, _) => Label::new(
            "Yêu cầu không nêu mục đích: gửi kèm tiêu đề Data-Purpose với một mục đích trong thỏa thuận.",
            "The request names no purpose: send the header Data-Purpose with a purpose of the agreement.",
        ),
        (AccessOutcome::OutOfReach, _) => Label::new(
            format!("Quyền {code} không trải đến bản ghi này. Cơ sở, Sở hoặc quản trị hệ thống mở rộng phạm vi."),
            format!(
                "The grant {code} does not reach this record. The centre, its department or an administrator extends the reach."
            ),
        ),
        (AccessOutcome::OtherBody, _) => Label::new(
            "Cơ quan của địa bàn lập và gửi báo cáo; cấp trên của nó tiếp nhận, trả lại; cấp trên hoặc Bộ khóa.",
            "The body of the place writes and submits its report; the level above it accepts and returns it; that level or the Ministry locks it.",
        ),
        (AccessOutcome::NotVisible, _) => Label::new(
            "Trong phạm vi của ứng dụng không có bản ghi này. Nếu nó có ở nơi khác, cơ sở, Sở hoặc quản trị hệ thống mở rộng phạm vi.",
            "No such record lies in the client's reach. If there is one elsewhere, its centre, its department or an administrator extends the reach.",
        ),
    }
}

fn unknown(operation: &str) -> Error {
    Error::field(
        Code::InvalidParameter,
        "operation",
        "unknown_operation",
        format!("Không có thao tác “{operation}”; xem operationId trong /openapi.json."),
        format!("There is no operation “{operation}”; see operationId in /openapi.json."),
    )
}

fn no_record() -> Error {
    Error::field(
        Code::InvalidParameter,
        "id",
        "no_record",
        "Thao tác này không nêu một bản ghi.",
        "This operation names no record.",
    )
}
