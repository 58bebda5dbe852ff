//! Many writes in one transaction, through the same rules, checks and journal as single ones.

use chrono::NaiveDate;
use gdtx_domain::programmes::{class::ClassEvent, programme::ProgrammeEvent};
use uuid::Uuid;

use crate::{
    Ctx, Record, Resource, Result, Written,
    access::{policy::Permission, scope::Scope},
    learners::enrolment_event::{EnrolmentEvent, NewEnrolmentEvent, create_event_in},
    programmes::{
        class::{Class, Classes},
        class_state,
        programme::{Programme, Programmes},
        programme_state,
    },
    recognitions::{
        decision::{Step, take_in},
        recognition::Recognition,
    },
    resource,
    tx::Tx,
};

/// A running transaction that takes several writes. Dropped without `commit`, it undoes all.
pub struct Batch(Tx);

impl Batch {
    /// Begins a batch.
    pub async fn begin(ctx: &Ctx) -> Result<Self> {
        ctx.write_many().await.map(Self)
    }

    /// Creates a record inside the batch. After a refusal the batch may go on: nothing of the
    /// refused record was written.
    pub async fn create<R: Resource>(&self, input: <R::Record as Record>::New) -> Result<Written<R::Record>> {
        let scope = self.scope(R::WRITE)?;
        resource::create_in::<R>(&self.0, &scope, input).await
    }

    /// Creates many records of a kind inside the batch; what is asked for each is asked together.
    pub async fn create_all<R: Resource>(
        &self,
        inputs: Vec<<R::Record as Record>::New>,
    ) -> Result<Vec<Written<R::Record>>> {
        let scope = self.scope(R::WRITE)?;
        resource::create_all_in::<R>(&self.0, &scope, inputs).await
    }

    /// Records a step of an enrolment inside the batch.
    pub async fn create_enrolment_event(
        &self,
        enrolment_id: Uuid,
        input: NewEnrolmentEvent,
    ) -> Result<Written<EnrolmentEvent>> {
        let scope = self.scope(Permission::LearnerWrite)?;
        create_event_in(&self.0, &scope, enrolment_id, input, None).await
    }

    /// Makes a programme public, as `programme_state::publish` does.
    pub async fn publish_programme(&self, id: Uuid) -> Result<Written<Programme>> {
        let scope = self.scope(Programmes::WRITE)?;
        Box::pin(programme_state::step_in(&self.0, &scope, id, ProgrammeEvent::Publish, None)).await
    }

    /// Takes a class one step on, as `class_state` does. `on` is the day of opening or closing.
    pub async fn step_class(&self, id: Uuid, event: ClassEvent, on: Option<NaiveDate>) -> Result<Written<Class>> {
        class_state::step_in(&self.0, &self.scope(Classes::WRITE)?, id, event, on, None).await
    }

    /// Takes a step of a dossier, as `decision::take` does.
    pub async fn take_step(&self, id: Uuid, step: Step) -> Result<Written<Recognition>> {
        let scope = self.scope(step.permission())?;
        Box::pin(take_in(&self.0, &scope, id, step, None)).await
    }

    fn scope(&self, permission: Permission) -> Result<Scope> {
        self.0.require(permission)
    }

    /// Makes every write of the batch final.
    pub async fn commit(self) -> Result<()> {
        self.0.commit().await
    }
}
