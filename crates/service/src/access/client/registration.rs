//! Registers clients and changes them.

use async_graphql::Json;
use chrono::{DateTime, Utc};
use gdtx_domain::{
    Checks, Rule, Ruled,
    access::{
        client,
        reach::Reach,
        registration::{check_outside_identity, check_role_reach, check_system, system_from},
        role::{ClientState, Role},
    },
    exchange::resource::Operation,
    rule, text,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::{Client, ClientPatch, NewClient, Registered, jwks, life, load, secret::Secret};
use crate::{
    Code, Ctx, Error, Result,
    access::{policy::Permission, reach},
    error::accept,
    field::{set_optional, set_required},
    tx::Tx,
};

/// What a client and its organisation may be called.
const NAME: Rule = rule::text(200);

gdtx_domain::rules!(NewClient {
    name: NAME,
    organisation: NAME,
    egov_id: egov_id(),
    external_issuer: text(255),
    external_subject: text(255)
});

/// Registers a client. The secret in the answer is shown this once.
pub async fn register(ctx: &Ctx, input: NewClient) -> Result<Registered> {
    const OPERATION: &str = "create:clients";
    let issues_secret = input.jwks.is_none() && input.external_issuer.is_none();
    let secret = if issues_secret { Some(Secret::new(ctx).await?) } else { None };
    let tx = ctx.write().await?;
    tx.require(Permission::ClientWrite)?;
    if let Some(kept) = tx.replay::<Registered>(OPERATION, &input).await? {
        return Ok(kept);
    }
    let mut model = draft(&input, tx.ctx.new_id(), tx.ctx.clock.now());
    let mut checks = Checks::default();
    check(&tx, &mut model, &mut checks).await?;
    check_system("/system", &model.system, &mut checks);
    accept(checks)?;
    model.secret_hash = secret.as_ref().map(|secret| secret.hash.clone());
    client::Entity::insert(model.clone().into_active_model()).exec_without_returning(&tx.db).await?;
    let client = Client::from(model.clone());
    reach::append(&tx, Operation::Created, &model, &client).await?;
    // The kept answer has no secret: nothing in the database gives it away.
    let kept = tx.finish(OPERATION, &input, Registered { client, client_secret: None }).await?;
    Ok(Registered { client_secret: secret.and_then(|secret| secret.tell(ctx)), ..kept })
}

fn draft(input: &NewClient, id: Uuid, now: DateTime<Utc>) -> client::Model {
    let new = input.clone();
    client::Model {
        id,
        version: 1,
        created_at: now,
        updated_at: now,
        system: new.system.unwrap_or_else(|| system_from(&new.name)),
        name: new.name,
        organisation: new.organisation,
        egov_id: new.egov_id,
        role: new.role,
        state: ClientState::Active,
        reach: new.reach,
        agreement: new.agreement,
        secret_hash: None,
        previous_secret_hash: None,
        previous_secret_until: None,
        jwks: new.jwks.map(|Json(keys)| keys),
        external_issuer: new.external_issuer,
        external_subject: new.external_subject,
        search_text: String::new(),
    }
}

/// Changes a client. `expected` is the version the caller read (`If-Match`).
pub async fn update(ctx: &Ctx, id: Uuid, patch: ClientPatch, expected: Option<i64>) -> Result<Client> {
    let operation = format!("update:clients:{id}");
    let tx = ctx.write().await?;
    tx.require(Permission::ClientWrite)?;
    let input = (expected, serde_json::to_value(&patch).unwrap_or_default());
    if let Some(kept) = tx.replay::<Client>(&operation, &input).await? {
        return Ok(kept);
    }
    let before = load(&tx, id, true).await?;
    life::check_changeable(&before, expected)?;
    let mut after = before.clone();
    let mut checks = Checks::default();
    apply(&mut after, patch, &mut checks);
    check(&tx, &mut after, &mut checks).await?;
    accept(checks)?;
    if after == before {
        return tx.finish(&operation, &input, Client::from(before)).await;
    }
    let client = store(&tx, &before, after).await?;
    tx.finish(&operation, &input, client).await
}

fn apply(client: &mut client::Model, patch: ClientPatch, checks: &mut Checks) {
    set_required("/name", &mut client.name, patch.name, checks);
    set_required("/organisation", &mut client.organisation, patch.organisation, checks);
    set_optional(&mut client.egov_id, patch.egov_id);
    set_required("/reach", &mut client.reach, patch.reach, checks);
    set_optional(&mut client.agreement, patch.agreement);
    set_optional(&mut client.jwks, patch.jwks.map_value(|Json(keys)| keys));
    set_optional(&mut client.external_issuer, patch.external_issuer);
    set_optional(&mut client.external_subject, patch.external_subject);
}

/// Writes a changed client and tells its followers.
pub(crate) async fn store(tx: &Tx, before: &client::Model, mut after: client::Model) -> Result<Client> {
    after.version += 1;
    after.updated_at = tx.ctx.clock.now();
    client::Entity::update(after.clone().into_active_model().reset_all()).exec(&tx.db).await?;
    let client = Client::from(after.clone());
    reach::append(tx, Operation::Updated, &after, &client).await?;
    reach::announce(tx, &before.reach, &after).await?;
    Ok(client)
}

/// Normalises a client in place and finds everything that is wrong with it.
async fn check(tx: &Tx, client: &mut client::Model, checks: &mut Checks) -> Result<()> {
    client.name.obey(NAME, "/name", checks);
    client.organisation.obey(NAME, "/organisation", checks);
    client.egov_id.obey(rule::egov_id(), "/egovId", checks);
    client.reach.obey(rule::any(), "/reach", checks);
    client.reach = match client.role {
        // Its permissions hold everywhere, whether its reach says so or nothing.
        Role::Ministry if client.reach == Reach::default() => Reach::whole_country(),
        _ => std::mem::take(&mut client.reach).tidy(),
    };
    check_role_reach("/reach", client.role, &client.reach, checks);
    reach::check(tx, &client.reach, checks).await?;
    if let Some(agreement) = &mut client.agreement {
        agreement.check("/agreement", checks);
    }
    check_outside_identity(&mut client.external_issuer, &mut client.external_subject, checks);
    if let Some(keys) = client.jwks.take() {
        client.jwks = jwks::check_public("/jwks", &keys, checks);
    }
    client.search_text = text::fold(&format!("{} {} {}", client.name, client.organisation, client.system));
    check_unique(tx, client, checks).await
}

/// One system and one outside identity belong to one client; the unique indexes are the net.
#[expect(clippy::disallowed_methods, reason = "clients lie in no place; only their existence is learnt")]
async fn check_unique(tx: &Tx, client: &client::Model, checks: &mut Checks) -> Result<()> {
    use client::Column::{ExternalIssuer, ExternalSubject, Id, System};
    let others = || client::Entity::find().filter(Id.ne(client.id));
    if others().filter(System.eq(&client.system)).one(&tx.db).await?.is_some() {
        checks.refuse(
            "/system",
            "system_taken",
            "Mã hệ thống này đã có ứng dụng khác dùng.",
            "Another client has this system.",
        );
    }
    if let (Some(issuer), Some(subject)) = (&client.external_issuer, &client.external_subject) {
        let same = others().filter(ExternalIssuer.eq(issuer)).filter(ExternalSubject.eq(subject));
        if same.one(&tx.db).await?.is_some() {
            checks.refuse(
                "/externalSubject",
                "identity_taken",
                "Danh tính ngoài này đã thuộc về ứng dụng khác.",
                "This outside identity belongs to another client.",
            );
        }
    }
    Ok(())
}

/// The refusal of an impossible step in a client's life.
pub(crate) fn impossible(vi: impl Into<String>, en: impl Into<String>) -> Error {
    Error::new(Code::ImpossibleTransition, vi, en)
}
