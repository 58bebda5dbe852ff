//! Requests of data subjects as a resource: what is asked for, and by when it is due.

use chrono::{Duration, NaiveDate};
use gdtx_domain::{
    Checks,
    exchange::resource::ResourceKind,
    learners::{
        age,
        subject_request::{self, Requester, SubjectRequestKind, SubjectRequestState},
        subject_request_terms::terms,
    },
};
use sea_orm::{Condition, ExprTrait, QueryFilter, Select, sea_query::Expr};
use uuid::Uuid;

use super::learner::{Learner, Learners};
use crate::{
    Code, Error, Result,
    access::policy::Permission,
    filter::{Filter, filter},
    resource::{Draft, Lock, Person, Resource, Sort, kept_owner_row},
    shape::{Record, record},
    tx::Tx,
};

record! {
    /// A request of a data subject (Yêu cầu của chủ thể dữ liệu, Luật 91/2025/QH15 art. 4): what a
    /// learner asks for, by when it is due (NĐ 356/2025/NĐ-CP art. 5, unverified) and how it ended.
    DataSubjectRequest("DataSubjectRequestFields"), NewDataSubjectRequest, DataSubjectRequestPatch, DataSubjectRequestManaged of subject_request::Model {
    required {
        /// The learner (Học viên); never changed. The request belongs to the learner's centre.
        learner_id: Uuid,
        /// What is asked for (Loại yêu cầu); never changed.
        kind: SubjectRequestKind,
        /// Day of receipt (Ngày tiếp nhận), not in the future; the terms count from it.
        received_on: NaiveDate,
        /// Who asks (Người yêu cầu). For a child under 16 the representative asks (Luật 91/2025/QH15 art. 24).
        requested_by: Requester,
    }
    optional {
        /// Who acts for the learner (Người đại diện), at most 50 characters; with `requestedBy` `representative`.
        representative_name: String [text(50)] = Basic,
        /// What is asked for, in words (Nội dung yêu cầu), at most 2,000 characters.
        details: String [text(2000)] = Basic,
        /// Whether a processor has to act too (Có bên xử lý dữ liệu): the term is longer.
        with_processor: bool = None,
    }
    managed {
        /// Where the request stands (Trạng thái).
        state: SubjectRequestState,
        /// Last day to tell that it was received (Hạn phản hồi tiếp nhận): 2 working days.
        acknowledge_by: NaiveDate,
        /// Last day to answer (Hạn trả lời), extended or not.
        due_on: NaiveDate,
    }
    managed_lists {
        /// Names of the learner's fields that the erasure blanked.
        erased_fields: String,
        /// Names of the learner's fields that it kept, under `legalBasis`.
        kept_fields: String,
    }
    managed_optional {
        /// Day on which the requester was told (Ngày phản hồi tiếp nhận).
        acknowledged_on: NaiveDate = None,
        /// Day on which the term was extended (Ngày gia hạn).
        extended_on: NaiveDate = None,
        /// Why it was extended (Lý do gia hạn).
        extension_reason: String = Basic,
        /// Day of the answer (Ngày trả lời).
        closed_on: NaiveDate = None,
        /// What was done, or why not (Kết quả).
        outcome: String = Basic,
        /// The law and article that a refusal, in whole or in part, rests on (Căn cứ pháp lý).
        legal_basis: String = None,
    }
    }
}

filter! {
    /// Which requests to list.
    DataSubjectRequestFilter of subject_request::Entity {
        /// The learner.
        learner_id: Uuid => "learner_id" eq,
        /// The centre that keeps the learner's record.
        centre_id: Uuid => "centre_id" eq,
        /// Today's province code (2 digits) of that centre.
        province_code: String => "province_code" eq,
        /// Today's commune code (5 digits) of that centre.
        commune_code: String => "commune_code" eq,
        /// What is asked for.
        kind: SubjectRequestKind => "kind" eq,
        /// Where the request stands.
        state: SubjectRequestState => "state" eq,
        /// Due on this day or earlier.
        due_to: NaiveDate => "due_on" lte,
        /// Whether a term is over: the answer is late, or the requester was not told in time.
        overdue: bool => "overdue" eq,
    }
}

/// Requests of data subjects as a resource.
pub struct DataSubjectRequests;

impl Resource for DataSubjectRequests {
    type Entity = subject_request::Entity;
    type Model = subject_request::Model;
    type ActiveModel = subject_request::ActiveModel;
    type Record = DataSubjectRequest;
    type Filter = DataSubjectRequestFilter;

    const KIND: ResourceKind = ResourceKind::DataSubjectRequests;
    const READ: Permission = Permission::LearnerRead;
    const WRITE: Permission = Permission::LearnerWrite;
    const SORTS: &'static [Sort] =
        &[Sort { name: "dueOn", column: "search_text", instant: false }, Sort::ID, Sort::CREATED_AT, Sort::UPDATED_AT];

    fn managed(new: &NewDataSubjectRequest) -> DataSubjectRequestManaged {
        DataSubjectRequestManaged {
            state: SubjectRequestState::Received,
            acknowledge_by: new.received_on,
            due_on: new.received_on,
            erased_fields: Vec::new(),
            kept_fields: Vec::new(),
            acknowledged_on: None,
            extended_on: None,
            extension_reason: None,
            closed_on: None,
            outcome: None,
            legal_basis: None,
        }
    }

    fn person(request: &DataSubjectRequest) -> Person {
        Person::Learner(request.learner_id)
    }

    async fn prepare(tx: &Tx, draft: &mut Draft<DataSubjectRequest>, checks: &mut Checks) -> Result<()> {
        checks.fields(&mut draft.new);
        if let Some(before) = &draft.before {
            before.state.check_open()?;
            let new = &draft.new;
            keep("/learnerId", before.learner_id == new.learner_id, checks);
            keep("/kind", before.kind == new.kind, checks);
            // The terms count from the one until the requester was told, from the other while they run.
            let told = before.state != SubjectRequestState::Received;
            keep("/receivedOn", !told || before.received_on == new.received_on, checks);
            let late = before.due_on < tx.ctx.clock.today();
            keep("/withProcessor", !late || before.with_processor == new.with_processor, checks);
        }
        // A retired learner's data are still there, and so are the rights.
        if let Some(row) =
            kept_owner_row::<Learners>(tx, "/learnerId", draft.new.learner_id, Lock::Shared, checks).await?
        {
            if draft.before.is_none() {
                draft.meta.set_keys(&Learner::split(row.clone()).0.keys());
            }
            let learner = Learner::from_model(row);
            check_requester(tx, &draft.new, &learner, checks);
        }
        if draft.new.received_on > tx.ctx.clock.today() {
            checks.refuse("/receivedOn", "date_in_future", "Ngày nằm trong tương lai.", "The date lies in the future.");
        }
        if draft.new.received_on < terms().valid_from {
            checks.warn(
                "/receivedOn",
                "before_the_law",
                "Tiếp nhận trước ngày quy định có hiệu lực (1/1/2026); thời hạn được tính theo quy định này.",
                "Received before the rules came into force (2026-01-01); the terms are theirs all the same.",
            );
        }
        schedule(draft);
        Ok(())
    }

    /// What is overdue depends on the day.
    fn narrow(
        filter: &DataSubjectRequestFilter,
        select: Select<Self::Entity>,
        today: NaiveDate,
    ) -> Select<Self::Entity> {
        let select = DataSubjectRequestFilter { overdue: None, ..filter.clone() }.narrow(select);
        let open = [SubjectRequestState::Received, SubjectRequestState::Acknowledged];
        let late = Condition::all().add(Expr::col("state").is_in(open)).add(Expr::col("due_on").lt(today));
        let untold = Condition::all()
            .add(Expr::col("state").eq(SubjectRequestState::Received))
            .add(Expr::col("acknowledge_by").lt(today));
        let overdue = Condition::any().add(late).add(untold);
        match filter.overdue {
            None => select,
            Some(true) => select.filter(overdue),
            Some(false) => select.filter(overdue.not()),
        }
    }

    /// A slip of the pen is taken off within a day.
    async fn check_retire(tx: &Tx, request: &DataSubjectRequest) -> Result<()> {
        if request.state.is_open() && tx.ctx.clock.now() - request.created_at < Duration::days(1) {
            return Ok(());
        }
        Err(Error::new(
            Code::Conflict,
            "Yêu cầu được lưu lại làm bằng chứng; nếu người yêu cầu rút lại, hãy ghi nhận việc rút (withdraw).",
            "A request is kept as evidence; when the requester takes it back, record that (withdraw).",
        ))
    }
}

fn keep(pointer: &str, same: bool, checks: &mut Checks) {
    if !same {
        checks.refuse(
            pointer,
            "immutable",
            "Trường này không thay đổi được nữa.",
            "This field does not change any more.",
        );
    }
}

/// A representative has a name, and asks for a child. Whether the learner is one counts only for
/// callers who may see the date of birth: a refusal would tell it.
fn check_requester(tx: &Tx, new: &NewDataSubjectRequest, learner: &Learner, checks: &mut Checks) {
    if new.requested_by == Requester::Representative {
        checks.required("/representativeName", new.representative_name.as_ref());
        return;
    }
    let birth = learner.date_of_birth.as_ref().filter(|_| tx.entitled().basic);
    if birth.and_then(|birth| age::is_child(birth, tx.ctx.clock.today())) == Some(true) {
        checks.refuse(
            "/requestedBy",
            "representative_required",
            "Học viên dưới 16 tuổi: người đại diện thực hiện quyền (Luật 91/2025/QH15, Điều 24).",
            "For a learner under 16 a representative asks (Luật 91/2025/QH15 art. 24).",
        );
    }
}

/// Computes the terms.
pub(super) fn schedule(draft: &mut Draft<DataSubjectRequest>) {
    let (new, managed) = (&draft.new, &mut draft.managed);
    let (processor, extended) = (new.with_processor == Some(true), managed.extended_on.is_some());
    managed.acknowledge_by = terms().acknowledge_by(new.received_on);
    managed.due_on = terms().due_on(new.kind, new.received_on, processor, extended);
    draft.meta.search_text = managed.due_on.to_string();
}
