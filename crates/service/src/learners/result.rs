//! Results: what learners have reached, as sent, shown and found.

use chrono::NaiveDate;
use gdtx_domain::{
    Checks, Decimal2, SchoolYear,
    exchange::resource::{Operation, ResourceKind},
    learners::{
        literacy::{LiteracyLevel, LiteracyResult, stage_confirmed},
        result::{self, AcademicLevel, ConductLevel, LearnerTitle, ResultTerm, SubjectScore},
        result_rules::{OfYear, Setting, check_result},
    },
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{
    enrolment::{Enrolment, Enrolments},
    enrolment_entry::{follows_2018, programme_of},
    learner::Learners,
};
use crate::{
    Code, Error, Record, Result,
    access::{
        policy::Permission,
        scope::{Scope, Sight},
    },
    exchange::period,
    filter::filter,
    programmes::{class::Classes, programme::Programmes},
    resource::{self, Draft, Lock, Person, Resource, Sort, hold_all, load, owner_row},
    shape::record,
    tx::Tx,
};

record! {
    /// What a learner has reached in a term, a year or a course (Kết quả học tập): the results and the
    /// tests in summer of QĐ 4998/QĐ-BGDĐT. The class of the diploma and measures of discipline are not
    /// collected; rewards stand with the learner.
    LearningResult("LearningResultFields"), NewLearningResult, LearningResultPatch, LearningResultManaged of result::Model {
    required {
        /// The enrolment that the result is of (Ghi danh); never changed. The result belongs to the centre of its class.
        enrolment_id: Uuid,
        /// What it is of (Học kỳ); never changed. An enrolment has one result of each. Terms of the literacy
        /// programme belong to its classes, the others to all other ones. QĐ 4998: `HOC_KY`.
        term: ResultTerm,
    }
    optional {
        /// Mean of the subjects (Điểm tổng kết), 0 to 10 with one decimal. QĐ 4998: `DIEM_TONG_KET`.
        overall_score: Decimal2 [number(0, 10)] = Basic,
        /// Result of learning (Kết quả học tập). QĐ 4998: `MA_HOC_LUC`.
        academic_level: AcademicLevel = Basic,
        /// Result of training in conduct (Kết quả rèn luyện). QĐ 4998: `MA_HANH_KIEM`.
        conduct_level: ConductLevel = Restricted,
        /// Result of a term of the literacy programme (Kết quả kỳ xoá mù chữ), TT 10/2022/TT-BGDĐT; with its terms only,
        /// and then required.
        literacy_result: LiteracyResult = Basic,
        /// Title at the end of the year (Danh hiệu). QĐ 4998: `MA_DANH_HIEU`.
        title: LearnerTitle = Basic,
        /// Days missed, or sessions where there is one a day (Số ngày nghỉ), 0 to 366. QĐ 4998: `SO_NGAY_NGHI`.
        days_absent: i32 [number(0, 366)] = Basic,
        /// Goes up to the next grade, or has completed the last one (Được lên lớp); with `year` and `retest` only.
        /// QĐ 4998: `IS_LEN_LOP`.
        promoted: bool = Basic,
        /// Has to train conduct again in summer (Rèn luyện lại); with `year` and `retest` only. QĐ 4998: `IS_REN_LUYEN_LAI`.
        must_retrain_conduct: bool = Basic,
        /// May sit for or be considered for graduation (Dự thi/xét tốt nghiệp); with `year` and `retest` only.
        /// QĐ 4998: `IS_DU_THI_XET_TOT_NGHIEP`.
        eligible_for_graduation: bool = Basic,
        /// Remark (Nhận xét), at most 255 characters. QĐ 4998: `NHAN_XET`.
        remark: String [text(255)] = Basic,
    }
    lists {
        /// Scores of the subjects (Danh sách điểm môn), one for each of at most 50, by the codes of `/v1/subjects`.
        /// QĐ 4998: `DIEM_MONS`.
        subject_scores: SubjectScore [any()] = Basic,
    }
    managed {
        /// The class of the enrolment (Lớp). QĐ 4998: `MA_LOP`.
        class_id: Uuid,
        /// The learner of the enrolment (Học viên). QĐ 4998: `HOC_VIEN_ID`.
        learner_id: Uuid,
    }
    sealed {
        /// The level of conduct.
        envelope,
    }
    }
}

filter! {
    /// Which results to list. Words are looked for in code and name of the class. Nobody filters by the level of
    /// conduct, which lies encrypted.
    LearningResultFilter of result::Entity {
        /// The enrolment.
        enrolment_id: Uuid => "enrolment_id" eq,
        /// The learner.
        learner_id: Uuid => "learner_id" eq,
        /// The class.
        class_id: Uuid => "class_id" eq,
        /// The centre that runs the class.
        centre_id: Uuid => "centre_id" eq,
        /// Today's province code (2 digits) of that centre.
        province_code: String => "province_code" eq,
        /// Today's commune code (5 digits) of that centre.
        commune_code: String => "commune_code" eq,
        /// What the results are of.
        term: ResultTerm => "term" eq,
        /// Result of learning; needs sight of basic data.
        academic_level: AcademicLevel => "academic_level" eq needs Basic,
        /// Result of a term of the literacy programme; needs sight of basic data.
        literacy_result: LiteracyResult => "literacy_result" eq needs Basic,
        /// Whether they go up; needs sight of basic data.
        promoted: bool => "promoted" eq needs Basic,
    }
}

/// Results as a resource.
pub struct LearningResults;

impl Resource for LearningResults {
    type Entity = result::Entity;
    type Model = result::Model;
    type ActiveModel = result::ActiveModel;
    type Record = LearningResult;
    type Filter = LearningResultFilter;

    const KIND: ResourceKind = ResourceKind::Results;
    const READ: Permission = Permission::LearnerRead;
    const WRITE: Permission = Permission::LearnerWrite;
    const SORTS: &'static [Sort] = &[Sort::ID, Sort::CREATED_AT, Sort::UPDATED_AT];
    const YEAR_AT: Option<&'static str> = Some("/enrolmentId");

    /// The class and the learner follow from the enrolment.
    fn managed(_: &NewLearningResult) -> LearningResultManaged {
        LearningResultManaged { class_id: Uuid::nil(), learner_id: Uuid::nil(), envelope: None }
    }

    /// It tells no age: its learner may be a child.
    fn show(result: &mut LearningResult, sight: Sight, _: NaiveDate) {
        result.mask(sight.of_child());
    }

    fn person(result: &LearningResult) -> Person {
        Person::Learner(result.learner_id)
    }

    async fn prepare(tx: &Tx, draft: &mut Draft<LearningResult>, checks: &mut Checks) -> Result<()> {
        checks.fields(&mut draft.new);
        if let Some(before) = &draft.before {
            for (pointer, is_same) in [
                ("/enrolmentId", before.enrolment_id == draft.new.enrolment_id),
                ("/term", before.term == draft.new.term),
            ] {
                if !is_same {
                    checks.refuse(
                        pointer,
                        "immutable",
                        "Không đổi được trường này; hủy kết quả và tạo kết quả mới.",
                        "This field cannot change; retire the result and create another.",
                    );
                }
            }
        } else {
            // It is locked, so that it gets no second result of the same term.
            let (id, lock) = (draft.new.enrolment_id, Lock::Exclusive);
            let Some(enrolment) = owner_row::<Enrolments>(tx, "/enrolmentId", id, lock, checks).await? else {
                return Ok(());
            };
            draft.meta.set_keys(&Enrolment::keys(&enrolment));
            draft.managed.class_id = enrolment.class_id;
            draft.managed.learner_id = enrolment.learner_id;
            draft.meta.search_text = enrolment.search_text;
            check_alone(tx, &draft.new, checks).await?;
        }
        judge(tx, draft, checks).await
    }

    /// Enrolments, locked in one order whoever asks, with their classes and what these teach.
    async fn foresee(tx: &Tx, inputs: &[NewLearningResult]) -> Result<()> {
        if tx.require(Enrolments::READ).is_err() || tx.require(Classes::READ).is_err() {
            return Ok(());
        }
        let named: Vec<Uuid> = inputs.iter().map(|new| new.enrolment_id).collect();
        hold_all::<Enrolments>(tx, named.iter().copied(), Lock::Exclusive).await?;
        let enrolments = named.into_iter().filter_map(|id| tx.held::<Enrolments>(id, Lock::Exclusive));
        let classes: Vec<Uuid> = enrolments.map(|enrolment| enrolment.class_id).collect();
        hold_all::<Classes>(tx, classes.iter().copied(), Lock::Free).await?;
        let classes = classes.into_iter().filter_map(|id| tx.held::<Classes>(id, Lock::Free));
        hold_all::<Programmes>(tx, classes.map(|class| class.programme_id).collect::<Vec<_>>(), Lock::Free).await
    }

    async fn school_years(tx: &Tx, draft: &Draft<LearningResult>) -> Result<Vec<SchoolYear>> {
        period::year_of_class(tx, draft.managed.class_id).await
    }
}

/// Refuses a second result of an enrolment for the same term.
async fn check_alone(tx: &Tx, new: &NewLearningResult, checks: &Checks) -> Result<()> {
    let is_twin = |other: &result::Model| {
        (other.enrolment_id, other.term) == (new.enrolment_id, new.term) && other.deleted_at.is_none()
    };
    let twin = if let Some(made) = tx.made_under::<Enrolments, LearningResults>(new.enrolment_id, is_twin) {
        made.first().map(|twin| twin.id)
    } else {
        let twin = tx
            .select::<result::Entity>(&tx.existence(Permission::LearnerRead))
            .filter(result::Column::EnrolmentId.eq(new.enrolment_id))
            .filter(result::Column::Term.eq(new.term))
            .filter(result::Column::DeletedAt.is_null())
            .select_only()
            .column(result::Column::Id);
        twin.into_tuple::<Uuid>().one(&tx.db).await?
    };
    let Some(twin) = twin.filter(|_| checks.is_ok()) else { return Ok(()) };
    Err(Error::field(
        Code::Conflict,
        "/term",
        "already_recorded",
        format!("Ghi danh này đã có kết quả của kỳ đó; hãy sửa kết quả ấy (id {twin})."),
        format!("The enrolment has a result of this term already; change that one (id {twin})."),
    ))
}

/// Holds a result against the programme of its class. A refusal would tell what its sender may not see: where that is
/// so, it is held to what is sent alone.
async fn judge(tx: &Tx, draft: &Draft<LearningResult>, checks: &mut Checks) -> Result<()> {
    let result = LearningResult::model(draft.meta.clone(), draft.new.clone(), draft.managed.clone());
    let scope = tx.require(Classes::READ)?;
    let class = match load::<Classes>(tx, &scope, result.class_id, Lock::Free).await {
        Err(error) if error.code == Code::NotFound => None,
        found => Some(found?),
    };
    let programme = match &class {
        Some(class) => programme_of(tx, class).await?,
        None => None,
    };
    let (sight, before) = (tx.entitled(), draft.before.as_ref());
    let has_changed = before.is_none_or(|before| levels(before) != levels(&LearningResult::from_model(result.clone())));
    let subjects: Vec<&str> =
        programme.iter().flat_map(|programme| &programme.subjects.0).map(|one| one.subject.as_str()).collect();
    let setting = Setting {
        programme_kind: programme.as_ref().map(|programme| programme.kind.as_str()),
        subjects: &subjects,
        is_curriculum_2018: programme.as_ref().zip(class.as_ref()).is_some_and(|(of, class)| follows_2018(of, class)),
        of_year: if sight.basic { of_year(tx, &result).await? } else { OfYear::default() },
        sees_levels: before.is_none() || (sight.basic && has_changed),
        sees_conduct: sight.restricted || before.is_none_or(|before| before.conduct_level != result.conduct_level),
    };
    check_result(&result, setting, checks);
    if before.is_none() || sight.basic {
        warn_of_level(tx, &result, checks).await?;
    }
    Ok(())
}

/// What the result of the year says, for one after the tests in summer.
async fn of_year(tx: &Tx, result: &result::Model) -> Result<OfYear> {
    if result.term != ResultTerm::Retest {
        return Ok(OfYear::default());
    }
    let year = tx
        .select::<result::Entity>(&tx.existence(Permission::LearnerRead))
        .filter(result::Column::EnrolmentId.eq(result.enrolment_id))
        .filter(result::Column::Term.eq(ResultTerm::Year))
        .filter(result::Column::DeletedAt.is_null())
        .select_only()
        .columns([result::Column::DaysAbsent, result::Column::Promoted]);
    let found: Option<(Option<i32>, Option<bool>)> = year.into_tuple().one(&tx.db).await?;
    Ok(found.map(|(days_absent, promoted)| OfYear { days_absent, promoted }).unwrap_or_default())
}

/// What levels, titles and going up are judged by.
fn levels(result: &LearningResult) -> impl PartialEq + use<> {
    (
        (result.academic_level, result.conduct_level, result.title, result.days_absent, result.overall_score),
        (result.promoted, result.must_retrain_conduct, result.subject_scores.clone()),
    )
}

/// Tells of a learner whose record is behind the level of literacy that a result confirms.
async fn warn_of_level(tx: &Tx, result: &result::Model, checks: &mut Checks) -> Result<()> {
    let stage = result.term.of_literacy().zip(result.literacy_result).and_then(|(term, of)| stage_confirmed(term, of));
    let confirmed = LiteracyLevel::reached(stage, None);
    if confirmed == LiteracyLevel::None {
        return Ok(());
    }
    let learner = match load::<Learners>(tx, &tx.require(Learners::READ)?, result.learner_id, Lock::Free).await {
        Err(error) if error.code == Code::NotFound => return Ok(()),
        found => found?,
    };
    let is_behind = match learner.literacy_level {
        None | Some(LiteracyLevel::None) => true,
        Some(level) => level == LiteracyLevel::Level1 && confirmed == LiteracyLevel::Level2,
    };
    if is_behind {
        let label = confirmed.label();
        checks.warn(
            "/literacyResult",
            "literacy_level_behind",
            format!("Kết quả này xác nhận “{}”; hãy cập nhật literacyLevel của học viên.", label.vi),
            format!("This result confirms “{}”: bring literacyLevel of the learner up to it.", label.en),
        );
    }
    Ok(())
}

/// Whether a result on record confirms stage 1 of the literacy programme for a learner.
pub(super) async fn has_stage_1(tx: &Tx, learner: Uuid) -> Result<bool> {
    let completed = LiteracyResult::ALL.iter().copied().filter(|of| stage_confirmed(3, *of) == Some(1));
    let found = tx
        .select::<result::Entity>(&tx.existence(Permission::LearnerRead))
        .filter(result::Column::LearnerId.eq(learner))
        .filter(result::Column::Term.eq(ResultTerm::Literacy3))
        .filter(result::Column::LiteracyResult.is_in(completed))
        .filter(result::Column::DeletedAt.is_null());
    Ok(found.count(&tx.db).await? > 0)
}

/// Gives the results of an enrolment to another record of its learner.
pub(super) async fn follow(tx: &Tx, scope: &Scope, enrolment: Uuid, to: Uuid) -> Result<()> {
    for id in live(tx, enrolment).await? {
        let result = load::<LearningResults>(tx, scope, id, Lock::Exclusive).await?;
        let mut draft = resource::revise(tx, LearningResult::from_model(result.clone()), result);
        draft.managed.learner_id = to;
        Box::pin(resource::store::<LearningResults>(tx, draft, Operation::Updated, Vec::new())).await?;
    }
    Ok(())
}

/// The live results of an enrolment.
pub(super) async fn live(tx: &Tx, enrolment: Uuid) -> Result<Vec<Uuid>> {
    let select = tx
        .select::<result::Entity>(&tx.existence(Permission::LearnerWrite))
        .filter(result::Column::EnrolmentId.eq(enrolment))
        .filter(result::Column::DeletedAt.is_null())
        .order_by_asc(result::Column::Id)
        .select_only()
        .column(result::Column::Id);
    Ok(select.into_tuple().all(&tx.db).await?)
}
