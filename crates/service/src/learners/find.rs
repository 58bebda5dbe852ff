//! Looks a person up by number. The number comes in a body, never in an address, and the database
//! holds only its keyed hash.

use async_graphql::InputObject;
use gdtx_domain::{
    Checks, DataClass,
    learners::{learner, personal_number},
    text,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::learner::{Learner, Learners};
use crate::{Ctx, Record, Resource, Result, error::accept, filter::check_sight, tx::Tx};

/// The most records that one number is shown with: more than one is a duplicate already.
const MAX_FOUND: u64 = 50;

/// Whom to look for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindLearners {
    /// Personal number (Số định danh cá nhân), 12 digits.
    #[schema(pattern = "^[0-9]{12}$")]
    pub personal_number: String,
}

/// Who was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FoundLearners {
    /// Live records within reach, oldest first, at most 50. Several are masked as in lists.
    pub items: Vec<Learner>,
}

/// Finds the learners within reach who have a personal number.
///
/// # Errors
/// `forbidden` without sight of restricted data, `validation_failed` unless 12 digits were sent.
pub async fn find(ctx: &Ctx, input: FindLearners) -> Result<FoundLearners> {
    let tx = ctx.read().await?;
    let scope = tx.require(Learners::READ)?;
    let by = [("personalNumber".to_owned(), DataClass::Restricted)];
    check_sight(&by, &tx)?;
    let mut checks = Checks::default();
    let number = text::clean(&input.personal_number).unwrap_or_default();
    personal_number::check_form("/personalNumber", &number, &mut checks);
    accept(checks)?;
    tx.looked_by(Learners::KIND, &by);
    let rows = tx
        .select::<learner::Entity>(&scope)
        .filter(learner::Column::PersonalNumberPrint.eq(print(&tx, &number)))
        .filter(learner::Column::DeletedAt.is_null())
        .order_by_asc(learner::Column::Id)
        .limit(MAX_FOUND)
        .all(&tx.db)
        .await?;
    // Several records are a list, and masked like one.
    let sight = if rows.len() > 1 { tx.sight().in_list() } else { tx.sight() };
    let vault = ctx.db.vault();
    let items = rows.into_iter().map(|row| {
        let mut found = Learner::from_model(vault.opened::<Learner>(row)?);
        tx.show::<Learners>(&mut found, sight);
        Ok(found)
    });
    let found = FoundLearners { items: items.collect::<Result<_>>()? };
    tx.end(found).await
}

/// By which a personal number is found.
pub(super) fn print(tx: &Tx, number: &str) -> String {
    tx.ctx.db.vault().print("personal_number", number)
}
