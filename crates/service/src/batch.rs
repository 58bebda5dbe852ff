//! Many writes in one transaction, through the same rules, checks and journal as single ones.

use uuid::Uuid;

use crate::{
    Ctx, Record, Resource, Result, Written,
    access::{policy::Permission, scope::Scope},
    learners::enrolment_event::{EnrolmentEvent, NewEnrolmentEvent, create_event_in},
    resource,
    tx::Tx,
};

/// A running transaction that takes several writes. Dropped without `commit`, it undoes all.
pub struct Batch(Tx);

impl Batch {
    /// Begins a batch.
    pub async fn begin(ctx: &Ctx) -> Result<Self> {
        ctx.write().await.map(Self)
    }

    /// Creates a record inside the batch. After a refusal the batch may go on: nothing of the
    /// refused record was written.
    pub async fn create<R: Resource>(&self, input: <R::Record as Record>::New) -> Result<Written<R::Record>> {
        let scope = self.scope(R::WRITE)?;
        resource::create_in::<R>(&self.0, &scope, input).await
    }

    /// Records a step of an enrolment inside the batch.
    pub async fn create_enrolment_event(&self, enrolment_id: Uuid, input: NewEnrolmentEvent) -> Result<Written<EnrolmentEvent>> {
        let scope = self.scope(Permission::LearnerWrite)?;
        create_event_in(&self.0, &scope, enrolment_id, input, None).await
    }

    fn scope(&self, permission: Permission) -> Result<Scope> {
        self.0.require(permission)
    }

    /// Makes every write of the batch final.
    pub async fn commit(self) -> Result<()> {
        self.0.commit().await
    }
}
