//! Keys of other systems: their index, and writing by such a key.

use gdtx_domain::{
    Checks,
    exchange::{external_id::ExternalId, record_key},
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use crate::{Code, Ctx, Error, Result, Written, tx::Tx};

use super::{
    New, Resource,
    change::{change, load_visible},
    create::create_in,
};

pub(crate) fn check_external_ids(ids: &[ExternalId], checks: &mut Checks) {
    for (i, id) in ids.iter().enumerate() {
        let fits = |s: &str| s.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if id.system.is_empty() || id.system.len() > 60 || !fits(&id.system) {
            checks.refuse(
                &format!("/externalIds/{i}/system"),
                "invalid_system",
                "Mã hệ thống gồm chữ thường, số và gạch dưới, tối đa 60 ký tự.",
                "A system is lower-case letters, digits and underscores, at most 60 characters.",
            );
        }
        let mut value = id.value.clone();
        checks.text(&format!("/externalIds/{i}/value"), &mut value, 255);
    }
}

/// Keeps the index of outside keys in step; a key of another record is a conflict.
#[expect(clippy::disallowed_methods, reason = "the key index holds no data of records")]
pub(super) async fn keep_external_ids<R: Resource>(
    tx: &Tx,
    record_id: Uuid,
    ids: &[ExternalId],
    created: bool,
) -> Result<()> {
    use record_key::{Column, Entity, Model};
    if !created {
        Entity::delete_many()
            .filter(Column::RecordId.eq(record_id))
            .filter(Column::Resource.eq(R::KIND))
            .exec(&tx.db)
            .await?;
    }
    for (i, id) in ids.iter().enumerate() {
        let key = (R::KIND, id.system.clone(), id.value.clone());
        if Entity::find_by_id(key).one(&tx.db).await?.is_some() {
            return Err(Error::field(
                Code::Conflict,
                &format!("/externalIds/{i}"),
                "external_id_taken",
                "Khóa này đã thuộc về một bản ghi khác.",
                "This key belongs to another record already.",
            ));
        }
        let row = Model { resource: R::KIND, system: id.system.clone(), value: id.value.clone(), record_id };
        Entity::insert(row.into_active_model()).exec_without_returning(&tx.db).await?;
    }
    Ok(())
}

/// Creates or replaces a record by the caller's own key. The same content twice changes nothing.
#[expect(clippy::disallowed_methods, reason = "the key index holds no data of records")]
pub async fn upsert<R: Resource>(ctx: &Ctx, value: String, mut input: New<R>) -> Result<Written<R::Record>>
where
    New<R>: WithExternalIds,
{
    let tx = ctx.write().await?;
    let scope = tx.require(R::WRITE)?;
    let system = tx.system().unwrap_or("system").to_owned();
    let own = ExternalId { system: system.clone(), value: value.clone() };
    if !input.external_ids_mut().contains(&own) {
        input.external_ids_mut().push(own);
    }
    let operation = format!("upsert:{}:{value}", R::KIND);
    if let Some(kept) = tx.replay::<Written<R::Record>>(&operation, &input).await? {
        return Ok(kept);
    }
    let found = record_key::Entity::find_by_id((R::KIND, system, value)).one(&tx.db).await?;
    let written = match found {
        None => Box::pin(create_in::<R>(&tx, &scope, input.clone())).await?,
        Some(key) => {
            let model = load_visible::<R>(&tx, &scope, key.record_id).await?;
            Box::pin(change::<R>(&tx, &scope, model, None, |new, _| *new = input.clone())).await?
        }
    };
    tx.finish(&operation, &input, written).await
}

/// Access to the outside keys of an input.
pub trait WithExternalIds {
    fn external_ids_mut(&mut self) -> &mut Vec<ExternalId>;
}
