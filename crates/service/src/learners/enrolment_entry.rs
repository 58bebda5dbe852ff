//! What must hold when a learner enters a class, and what may be mended afterwards.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use gdtx_domain::{
    Checks,
    access::reach::Keys,
    learners::{
        enrolment::{self, EnrolmentStatus},
        enrolment_event::EnrolmentEventKind,
        enrolment_rules::{check_first_day, transition},
        literacy::{LiteracyLevel, check_stage_2_entry},
    },
    programmes::{
        choice::{SubjectChoice, check_choice},
        class::{self, ClassState},
        curriculum::{CurriculumVersion, require_subject, version_for},
        programme,
    },
    text,
};
use sea_orm::{
    ColumnTrait, ExprTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, Func},
};
use uuid::Uuid;

use super::{
    enrolment::{Enrolment, Enrolments, NewEnrolment},
    enrolment_event,
    learner::{Learner, Learners},
    learner_checks::once,
    result,
};
use crate::{
    Code, Error, Result,
    access::policy::Permission,
    memory::Seats,
    programmes::{class::Classes, programme::Programmes},
    resource::{Draft, Lock, Resource, hold_all, load, owner},
    tx::Tx,
};

/// The programme kind whose learners choose their subjects.
const UPPER_SECONDARY: &str = "gdtx_upper_secondary";
/// The programme kind that literacy level 1 leads to.
const LITERACY_STAGE_2: &str = "literacy_stage_2";

/// Completes and checks a new enrolment.
pub(super) async fn enter(tx: &Tx, draft: &mut Draft<Enrolment>, checks: &mut Checks) -> Result<()> {
    let entry = draft.new.entry.unwrap_or(EnrolmentEventKind::Enrol);
    draft.managed.status = transition(None, entry)?;
    draft.managed.origin.clone_from(&draft.new.origin);
    if entry != EnrolmentEventKind::TransferIn && draft.new.origin.is_some() {
        checks.refuse(
            "/origin",
            "not_allowed_here",
            "Nơi chuyển đến từ chỉ dùng khi học viên chuyển đến (transfer_in).",
            "An origin belongs to a transfer in only.",
        );
    }
    if draft.new.enrolled_on > tx.ctx.clock.today() {
        checks.warn(
            "/enrolledOn",
            "effective_in_future",
            "Ngày vào học nằm trong tương lai.",
            "The first day lies in the future.",
        );
    }
    let learner = owner::<Learners>(tx, "/learnerId", draft.new.learner_id, checks).await?;
    let Some(class) = class_of(tx, draft.new.class_id, checks).await? else { return Ok(()) };
    check_class(&class, checks);
    check_day(tx, draft.new.enrolled_on, learner.as_ref().map(|(learner, _)| learner), Some(&class), checks);
    draft.meta.set_keys(&keys_of(&class));
    draft.meta.search_text = text::fold(&format!("{} {}", class.code, class.name));
    let programme = programme_of(tx, &class).await?;
    check_subjects(&draft.new, &class, programme.as_ref(), checks);
    if let (Some((learner, _)), Some(LITERACY_STAGE_2)) = (&learner, programme.as_ref().map(|p| p.kind.as_str())) {
        let level = match learner.literacy_level {
            None | Some(LiteracyLevel::None) if result::has_stage_1(tx, learner.id).await? => {
                Some(LiteracyLevel::Level1)
            }
            told => told,
        };
        check_stage_2_entry("/learnerId", level, checks);
    }
    check_places(tx, &draft.new, &class, checks).await
}

/// Checks the first day. The birth counts only for callers who may see it: a refusal would tell it.
fn check_day(tx: &Tx, first: NaiveDate, learner: Option<&Learner>, class: Option<&class::Model>, checks: &mut Checks) {
    let birth = learner.filter(|_| tx.entitled().basic).and_then(|learner| learner.date_of_birth.as_ref());
    check_first_day(first, birth, class, tx.ctx.clock.today(), checks);
}

/// The class in the caller's reach, locked so that two enrolments do not take the same place.
async fn class_of(tx: &Tx, id: Uuid, checks: &mut Checks) -> Result<Option<class::Model>> {
    let scope = tx.require(Permission::ProgrammeRead)?;
    match load::<Classes>(tx, &scope, id, Lock::Exclusive).await {
        Ok(class) => Ok(Some(class)),
        Err(error) if error.code == Code::NotFound => {
            checks.refuse(
                "/classId",
                "unknown_record",
                "Không có lớp này trong phạm vi.",
                "There is no such class within reach.",
            );
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn keys_of(class: &class::Model) -> Keys {
    Keys {
        province_code: class.province_code.clone(),
        commune_code: class.commune_code.clone(),
        centre_id: class.centre_id,
    }
}

pub(super) async fn programme_of(tx: &Tx, class: &class::Model) -> Result<Option<programme::Model>> {
    let scope = tx.require(Permission::ProgrammeRead)?;
    match load::<Programmes>(tx, &scope, class.programme_id, Lock::Free).await {
        Err(error) if error.code == Code::NotFound => Ok(None),
        found => found.map(Some),
    }
}

/// Learners enter a class that is approved or teaching; one that is planned may fill already.
fn check_class(class: &class::Model, checks: &mut Checks) {
    if class.deleted_at.is_some() {
        checks.refuse("/classId", "retired", "Lớp này đã bị hủy.", "The class is retired.");
        return;
    }
    let state = class.state.label();
    match class.state {
        ClassState::Approved | ClassState::Open => {}
        ClassState::Planned => checks.warn(
            "/classId",
            "class_not_approved",
            "Lớp chưa được duyệt; ghi danh có hiệu lực khi lớp được duyệt.",
            "The class is not approved yet.",
        ),
        ClassState::Closed | ClassState::Cancelled => checks.refuse(
            "/classId",
            "class_not_open",
            format!("Lớp ở trạng thái “{}” không nhận học viên.", state.vi),
            format!("A class in the state “{}” takes no learners.", state.en),
        ),
    }
}

/// Refuses a second place of the learner in the class, and warns when the class is full.
async fn check_places(tx: &Tx, new: &NewEnrolment, class: &class::Model, checks: &mut Checks) -> Result<()> {
    let (taken, twice) = places(tx, class.id, new.learner_id).await?;
    if twice && checks.is_ok() {
        return Err(Error::field(
            Code::Conflict,
            "/learnerId",
            "already_enrolled",
            "Học viên đã ghi danh vào lớp này; ghi thêm sự kiện vào ghi danh đó.",
            "The learner is enrolled in this class already; add an event to that enrolment.",
        ));
    }
    if let Some(capacity) = class.capacity.map(i64::from)
        && taken >= capacity
    {
        checks.warn(
            "/classId",
            "class_full",
            format!("Lớp đã đủ {capacity} học viên (đang có {taken})."),
            format!("The class holds {capacity} learners and has {taken} already."),
        );
    }
    Ok(())
}

/// Asks for many new enrolments together: for their learners, their classes, and who has a place in
/// these.
pub(super) async fn foresee(tx: &Tx, inputs: &[NewEnrolment]) -> Result<()> {
    if tx.require(Learners::READ).is_err() || tx.require(Classes::READ).is_err() {
        return Ok(());
    }
    let (learners, named): (Vec<_>, Vec<_>) = inputs.iter().map(|new| (new.learner_id, new.class_id)).unzip();
    hold_all::<Learners>(tx, learners, Lock::Shared).await?;
    // Locked before they are counted: nobody takes a place in between.
    hold_all::<Classes>(tx, named.clone(), Lock::Exclusive).await?;
    let classes: BTreeSet<Uuid> =
        named.into_iter().filter(|id| tx.held::<Classes>(*id, Lock::Exclusive).is_some()).collect();
    if classes.is_empty() {
        return Ok(());
    }
    let programmes: Vec<Uuid> =
        classes.iter().filter_map(|id| tx.held::<Classes>(*id, Lock::Free)).map(|class| class.programme_id).collect();
    hold_all::<Programmes>(tx, programmes, Lock::Free).await?;
    let mut seats: HashMap<Uuid, Seats> = classes.iter().map(|id| (*id, Seats::default())).collect();
    let rows: Vec<(Uuid, Uuid, EnrolmentStatus)> = tx
        .select::<enrolment::Entity>(&tx.existence(Permission::LearnerRead))
        .filter(enrolment::Column::ClassId.is_in(classes))
        .filter(enrolment::Column::DeletedAt.is_null())
        .select_only()
        .columns([enrolment::Column::ClassId, enrolment::Column::LearnerId, enrolment::Column::Status])
        .into_tuple()
        .all(&tx.db)
        .await?;
    for (class, learner, status) in rows {
        let of_class = seats.entry(class).or_default();
        of_class.taken += i64::from(status.is_current());
        if status != EnrolmentStatus::TransferredOut {
            of_class.here.insert(learner);
        }
    }
    tx.found_seats(seats);
    Ok(())
}

/// How many have a place in a class, and whether this learner has or had one. Who left for elsewhere
/// may come again; who dropped out returns to the same enrolment.
async fn places(tx: &Tx, class: Uuid, learner: Uuid) -> Result<(i64, bool)> {
    if let Some(known) = tx.seats(class, learner) {
        return Ok(known);
    }
    let live = |e: &enrolment::Model| e.class_id == class && e.deleted_at.is_none();
    if let Some(made) = tx.made_under::<Classes, Enrolments>(class, live) {
        let taken = made.iter().filter(|e| e.status.is_current()).count();
        let away = EnrolmentStatus::TransferredOut;
        let twice = made.iter().any(|e| e.learner_id == learner && e.status != away);
        return Ok((i64::try_from(taken).unwrap_or(i64::MAX), twice));
    }
    let current = EnrolmentStatus::ALL.iter().copied().filter(|status| status.is_current());
    let here =
        enrolment::Column::LearnerId.eq(learner).and(enrolment::Column::Status.ne(EnrolmentStatus::TransferredOut));
    let counted = |of: Expr| Expr::from(Func::count(Expr::case(of, 1)));
    // The class lies in reach, and its enrolments lie where it does.
    let found: Option<(i64, i64)> = tx
        .select::<enrolment::Entity>(&tx.existence(Permission::LearnerRead))
        .filter(enrolment::Column::ClassId.eq(class))
        .filter(enrolment::Column::DeletedAt.is_null())
        .select_only()
        .expr(counted(enrolment::Column::Status.is_in(current)))
        .expr(counted(here))
        .into_tuple()
        .one(&tx.db)
        .await?;
    let (taken, twice) = found.unwrap_or_default();
    Ok((taken, twice > 0))
}

/// Checks the subjects and topic clusters that the learner takes against the programme.
fn check_subjects(new: &NewEnrolment, class: &class::Model, programme: Option<&programme::Model>, checks: &mut Checks) {
    if !programme.is_some_and(|programme| is_choice(programme, class)) {
        for (i, code) in new.chosen_subjects.iter().enumerate() {
            require_subject(&format!("/chosenSubjects/{i}"), code, &[], checks);
        }
        once("/chosenSubjects", &new.chosen_subjects, checks);
        return;
    }
    if new.chosen_subjects.is_empty() && new.topic_clusters.is_empty() {
        checks.warn(
            "/chosenSubjects",
            "subjects_not_chosen",
            "Chưa có tổ hợp môn học và chuyên đề lựa chọn.",
            "The subjects and topic clusters are not chosen yet.",
        );
        return;
    }
    let subjects: Vec<&str> = new.chosen_subjects.iter().map(String::as_str).collect();
    let clusters: Vec<&str> = new.topic_clusters.iter().map(|c| c.subject.as_str()).collect();
    let choice = SubjectChoice {
        subjects_at: "/chosenSubjects",
        subjects: &subjects,
        clusters_at: "/topicClusters",
        clusters: &clusters,
    };
    check_choice(choice, checks);
}

/// Whether learners of the class choose by the curriculum of 2018.
fn is_choice(programme: &programme::Model, class: &class::Model) -> bool {
    programme.kind == UPPER_SECONDARY && follows_2018(programme, class)
}

/// Whether the class follows the curriculum of 2018. A programme that does not say its curriculum follows the one
/// that the grade has in the school year.
pub(super) fn follows_2018(programme: &programme::Model, class: &class::Model) -> bool {
    let rolled_out = || version_for(&programme.kind, class.grade.as_deref()?, class.school_year);
    programme.curriculum_version.or_else(rolled_out) == Some(CurriculumVersion::Curriculum2018)
}

/// Checks a change of an enrolment: learner, class and origin stay; the first day may be mended as
/// long as no later event precedes it.
pub(super) async fn correct(
    tx: &Tx,
    before: &Enrolment,
    draft: &mut Draft<Enrolment>,
    checks: &mut Checks,
) -> Result<()> {
    let new = &draft.new;
    let other_origin = new.origin.is_some() && new.origin != before.origin;
    for (pointer, changed) in [
        ("/learnerId", new.learner_id != before.learner_id),
        ("/classId", new.class_id != before.class_id),
        ("/origin", other_origin),
    ] {
        if changed {
            checks.refuse(
                pointer,
                "immutable",
                "Không đổi được trường này; hủy ghi danh và tạo ghi danh mới.",
                "This field cannot change; retire the enrolment and create another.",
            );
        }
    }
    if new.enrolled_on != before.enrolled_on {
        // Who may change the enrolment may see too little of learner or class: then less is checked.
        let mut unseen = Checks::default();
        let learner = owner::<Learners>(tx, "/learnerId", before.learner_id, &mut unseen).await?;
        let class = class_of(tx, before.class_id, &mut unseen).await?;
        check_day(tx, new.enrolled_on, learner.as_ref().map(|(learner, _)| learner), class.as_ref(), checks);
        let events = enrolment_event::history(tx, before.id).await?;
        match events.get(1) {
            None => draft.managed.status_since = new.enrolled_on,
            Some(next) if next.effective_on < new.enrolled_on => checks.refuse(
                "/enrolledOn",
                "after_later_event",
                format!("Sự kiện tiếp theo có hiệu lực từ {}; ngày vào học không được muộn hơn.", next.effective_on),
                format!("The next event holds from {}; the first day cannot come after it.", next.effective_on),
            ),
            Some(_) => {}
        }
    }
    let chosen = new.chosen_subjects != before.chosen_subjects || new.topic_clusters != before.topic_clusters;
    if chosen && let Some(class) = class_of(tx, before.class_id, checks).await? {
        let programme = programme_of(tx, &class).await?;
        check_subjects(&draft.new, &class, programme.as_ref(), checks);
    }
    Ok(())
}
