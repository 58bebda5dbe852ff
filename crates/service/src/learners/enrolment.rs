//! Enrolments: a learner's place in a class, as sent, shown and found.

use chrono::NaiveDate;
use gdtx_domain::{
    Checks, SchoolYear,
    exchange::resource::ResourceKind,
    learners::{
        enrolment::{self, Destination, EnrolmentPeriod, EnrolmentStatus, TopicCluster},
        enrolment_event::EnrolmentEventKind,
        enrolment_rules::check_enrolment,
    },
};
use uuid::Uuid;

use super::{enrolment_entry, enrolment_event, result};
use crate::{
    Code, Error, Record, Result,
    access::policy::Permission,
    exchange::period,
    filter::filter,
    resource::{Draft, Person, Resource, Sort},
    shape::{Meta, record},
    tx::Tx,
};

record! {
    /// A learner's place in a class (Ghi danh). Its status follows from its events: send them to
    /// `/v1/enrolments/{id}/events`.
    Enrolment("EnrolmentFields"), NewEnrolment, EnrolmentPatch, EnrolmentManaged of enrolment::Model {
    initial {
        /// How the learner comes in: `enrol` (when absent), `transfer_in` or `repeat`; it makes the
        /// first event and is read at creation only.
        entry: EnrolmentEventKind,
        /// Part of the school year of the entry (Kỳ); read at creation only.
        period: EnrolmentPeriod,
        /// Institution that the learner comes from (Nơi chuyển đến từ), with `transfer_in`, at most
        /// 200 characters; never changed.
        origin: String [text(200)],
    }
    required {
        /// The learner (Học viên); never changed.
        learner_id: Uuid,
        /// The class (Lớp); never changed. The enrolment belongs to the centre of the class.
        class_id: Uuid,
        /// First day (Ngày vào học): the day of the first event.
        enrolled_on: NaiveDate,
    }
    optional {
        /// Remark (Ghi chú), at most 1,000 characters.
        note: String [text(1000)] = Basic,
    }
    lists {
        /// Codes of all subjects taken (Môn học), where the learner chooses: under the upper
        /// secondary curriculum of 2018 the three compulsory ones and four of seven electives
        /// (TT 12/2022/TT-BGDĐT).
        chosen_subjects: String = None,
        /// Topic clusters chosen (Cụm chuyên đề học tập): three a grade.
        topic_clusters: TopicCluster [any()] = None,
    }
    managed {
        /// Where the enrolment stands (Trạng thái); events change it.
        status: EnrolmentStatus,
        /// Since when.
        status_since: NaiveDate,
    }
    managed_optional {
        /// Part of the school year in which the status was taken (Kỳ).
        period: EnrolmentPeriod = None,
        /// Last day (Ngày kết thúc), once the learner has left or completed.
        ended_on: NaiveDate = None,
        /// Why the learner dropped out (Lý do thôi học), list `dropout_reason`; while dropped out only.
        dropout_reason: String = Basic,
        /// Institution that the learner came from (Nơi chuyển đến từ).
        origin: String = Basic,
        /// Where the learner left to (Chuyển đi đâu); once transferred out only.
        destination: Destination = Basic,
        /// Institution that the learner left to (Nơi chuyển đến).
        destination_name: String = Basic,
    }
    }
}

filter! {
    /// Which enrolments to list. Words are looked for in code and name of the class.
    EnrolmentFilter of enrolment::Entity {
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
        /// Where the enrolment stands.
        status: EnrolmentStatus => "status" eq,
        /// Enrolled on this day or later.
        enrolled_from: NaiveDate => "enrolled_on" gte,
        /// Enrolled on this day or earlier.
        enrolled_to: NaiveDate => "enrolled_on" lte,
        /// Why learners dropped out; needs sight of basic data.
        dropout_reason: String => "dropout_reason" eq needs Basic,
    }
}

/// Enrolments as a resource.
pub struct Enrolments;

impl Resource for Enrolments {
    type Entity = enrolment::Entity;
    type Model = enrolment::Model;
    type ActiveModel = enrolment::ActiveModel;
    type Record = Enrolment;
    type Filter = EnrolmentFilter;

    const KIND: ResourceKind = ResourceKind::Enrolments;
    const READ: Permission = Permission::LearnerRead;
    const WRITE: Permission = Permission::LearnerWrite;
    const SORTS: &'static [Sort] = &[Sort::ID, Sort::CREATED_AT, Sort::UPDATED_AT];
    const YEAR_AT: Option<&'static str> = Some("/classId");

    fn managed(new: &NewEnrolment) -> EnrolmentManaged {
        EnrolmentManaged {
            status: EnrolmentStatus::Enrolled,
            status_since: new.enrolled_on,
            period: new.period,
            ended_on: None,
            dropout_reason: None,
            origin: None,
            destination: None,
            destination_name: None,
        }
    }

    fn person(enrolment: &Enrolment) -> Person {
        Person::Learner(enrolment.learner_id)
    }

    async fn prepare(tx: &Tx, draft: &mut Draft<Enrolment>, checks: &mut Checks) -> Result<()> {
        checks.fields(&mut draft.new);
        match draft.before.clone() {
            None => enrolment_entry::enter(tx, draft, checks).await?,
            Some(before) => enrolment_entry::correct(tx, &before, draft, checks).await?,
        }
        check_enrolment(&Enrolment::model(draft.meta.clone(), draft.new.clone(), draft.managed.clone()), checks);
        Ok(())
    }

    async fn foresee(tx: &Tx, inputs: &[NewEnrolment]) -> Result<()> {
        enrolment_entry::foresee(tx, inputs).await
    }

    async fn school_years(tx: &Tx, draft: &Draft<Enrolment>) -> Result<Vec<SchoolYear>> {
        period::year_of_class(tx, draft.new.class_id).await
    }

    async fn created(tx: &Tx, meta: &Meta, new: &NewEnrolment) -> Result<()> {
        tx.takes_seat(new.class_id, new.learner_id);
        enrolment_event::begin(tx, meta, new).await
    }

    async fn check_retire(tx: &Tx, enrolment: &Enrolment) -> Result<()> {
        if result::live(tx, enrolment.id).await?.is_empty() {
            return Ok(());
        }
        Err(Error::new(
            Code::Conflict,
            "Ghi danh đã có kết quả học tập; hãy hủy các kết quả trước.",
            "The enrolment has results; retire them first.",
        ))
    }

    /// The first event keeps the first day.
    async fn changed(tx: &Tx, before: &Enrolment, after: &Enrolment) -> Result<()> {
        if before.enrolled_on == after.enrolled_on { Ok(()) } else { enrolment_event::correct_first(tx, after).await }
    }
}
