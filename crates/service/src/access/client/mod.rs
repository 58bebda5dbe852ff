//! Clients as both surfaces show them. A hash never leaves this floor, and a secret leaves it once.

use async_graphql::{InputObject, Json, MaybeUndefined, SimpleObject};
use chrono::{DateTime, Utc};
use gdtx_domain::access::{
    agreement::Agreement,
    client,
    reach::Reach,
    role::{ClientState, Role},
};
use sea_orm::{EntityTrait, ExprTrait, QueryFilter, QuerySelect, sea_query::Expr};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    Ctx, Error, Page, PageRequest, Result,
    access::policy::Permission,
    filter::check_search,
    pager::{Pager, Sort},
    resource::search_condition,
    tx::Tx,
};

mod jwks;
mod life;
pub(crate) mod registration;
mod rotation;
pub(crate) mod secret;

use jwks::KeySet;
pub use life::{resume, revoke, suspend};
pub use registration::{register, update};
pub use rotation::rotate_secret;

/// A registered client: one system with one role and one reach.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    /// The client id of OAuth: UUIDv7.
    pub id: Uuid,
    /// Rises by one with each change; the strong `ETag` is made of it.
    pub version: i64,
    /// When it was registered (UTC).
    pub created_at: DateTime<Utc>,
    /// When it changed last (UTC).
    pub updated_at: DateTime<Utc>,
    /// Name (Tên ứng dụng).
    pub name: String,
    /// Organisation (Tổ chức).
    pub organisation: String,
    /// Electronic organisation id (Mã định danh điện tử, QĐ 20/2020/QĐ-TTg).
    pub egov_id: Option<String>,
    /// What the client is to the service (Vai trò).
    pub role: Role,
    /// Whether it may talk to the service (Trạng thái).
    pub state: ClientState,
    /// Its own `system` in `externalIds`.
    pub system: String,
    /// Where its permissions hold (Phạm vi).
    pub reach: Reach,
    /// Data-sharing agreement (Thỏa thuận chia sẻ dữ liệu); without one, personal data are masked.
    pub agreement: Option<Agreement>,
    /// Public keys (RFC 7517) for `private_key_jwt`.
    #[schema(value_type = Option<Object>)]
    pub jwks: Option<Json<Value>>,
    /// The outside issuer whose tokens this client brings.
    pub external_issuer: Option<String>,
    /// `sub` in those tokens.
    pub external_subject: Option<String>,
    /// Whether a secret was issued.
    pub has_secret: bool,
    /// Until when the secret before the last rotation is accepted too.
    pub previous_secret_until: Option<DateTime<Utc>>,
}

/// What is sent to register a client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewClient {
    /// Name (Tên ứng dụng), at most 200 characters.
    pub name: String,
    /// Organisation (Tổ chức), at most 200 characters.
    pub organisation: String,
    /// Electronic organisation id (Mã định danh điện tử), at most 35 characters.
    #[serde(default)]
    pub egov_id: Option<String>,
    /// Role (Vai trò); it never changes.
    pub role: Role,
    /// Its own `system` in `externalIds`, lower_snake_case; made of the name when absent. It never changes.
    #[serde(default)]
    pub system: Option<String>,
    /// Where its permissions hold (Phạm vi).
    #[serde(default)]
    #[graphql(default)]
    pub reach: Reach,
    /// Data-sharing agreement (Thỏa thuận chia sẻ dữ liệu).
    #[serde(default)]
    pub agreement: Option<Agreement>,
    /// Public keys for `private_key_jwt`: Ed25519, EC P-256 or RSA. No secret is issued then.
    #[serde(default)]
    #[schema(value_type = Option<KeySet>)]
    pub jwks: Option<Json<Value>>,
    /// The outside issuer whose tokens this client brings. No secret is issued then.
    #[serde(default)]
    pub external_issuer: Option<String>,
    /// `sub` in those tokens.
    #[serde(default)]
    pub external_subject: Option<String>,
}

/// A change of a client: absent fields stay, null clears, a value replaces (RFC 7396).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ClientPatch {
    /// Name (Tên ứng dụng).
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    #[schema(value_type = String, required = false)]
    pub name: MaybeUndefined<String>,
    /// Organisation (Tổ chức).
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    #[schema(value_type = String, required = false)]
    pub organisation: MaybeUndefined<String>,
    /// Electronic organisation id (Mã định danh điện tử).
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    #[schema(value_type = Option<String>)]
    pub egov_id: MaybeUndefined<String>,
    /// The whole new reach (Phạm vi). The client learns from the change feed what it lost and gained.
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    #[schema(value_type = Reach, required = false)]
    pub reach: MaybeUndefined<Reach>,
    /// Data-sharing agreement (Thỏa thuận chia sẻ dữ liệu).
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    #[schema(value_type = Option<Agreement>)]
    pub agreement: MaybeUndefined<Agreement>,
    /// Public keys for `private_key_jwt`.
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    #[schema(value_type = Option<KeySet>)]
    pub jwks: MaybeUndefined<Json<Value>>,
    /// The outside issuer whose tokens this client brings.
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    #[schema(value_type = Option<String>)]
    pub external_issuer: MaybeUndefined<String>,
    /// `sub` in those tokens.
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    #[schema(value_type = Option<String>)]
    pub external_subject: MaybeUndefined<String>,
}

/// A client with its secret, which is shown here and never again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Registered {
    pub client: Client,
    /// The secret. Null for a client with public keys or an outside issuer, and in the answer to a
    /// retry under the same `Idempotency-Key`: the service does not keep it.
    pub client_secret: Option<String>,
}

/// Which clients to list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, InputObject, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct ClientFilter {
    /// Role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// State.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<ClientState>,
    /// Words to find in name, organisation and system, without regard to case, tone marks and đ; at
    /// most 200 characters.
    #[param(max_length = 200)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
}

impl From<client::Model> for Client {
    fn from(model: client::Model) -> Self {
        Self {
            id: model.id,
            version: model.version,
            created_at: model.created_at,
            updated_at: model.updated_at,
            name: model.name,
            organisation: model.organisation,
            egov_id: model.egov_id,
            role: model.role,
            state: model.state,
            system: model.system,
            reach: model.reach,
            agreement: model.agreement,
            jwks: model.jwks.map(Json),
            external_issuer: model.external_issuer,
            external_subject: model.external_subject,
            has_secret: model.secret_hash.is_some(),
            previous_secret_until: model.previous_secret_until,
        }
    }
}

/// Reads one client.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<Client> {
    let tx = ctx.read().await?;
    tx.require(Permission::ClientRead)?;
    load(&tx, id, false).await.map(Client::from)
}

/// One row, for callers that proved a permission on clients; with a lock when it is to be changed.
#[expect(clippy::disallowed_methods, reason = "clients lie in no place: their permissions hold everywhere or nowhere")]
pub(super) async fn load(tx: &Tx, id: Uuid, lock: bool) -> Result<client::Model> {
    let mut select = client::Entity::find_by_id(id);
    if lock {
        select = select.lock_exclusive();
    }
    select.one(&tx.db).await?.ok_or_else(Error::not_found)
}

/// Lists clients by id or name, one page.
#[expect(clippy::disallowed_methods, reason = "clients lie in no place: their permissions hold everywhere or nowhere")]
pub async fn list(ctx: &Ctx, filter: ClientFilter, request: PageRequest) -> Result<Page<Client>> {
    let tx = ctx.read().await?;
    tx.require(Permission::ClientRead)?;
    check_search(filter.search.as_deref())?;
    let pager = Pager::new(&tx, &[Sort::ID, Sort::NAME], &request)?;
    let print = pager.print("clients", &filter);
    let mut select = client::Entity::find();
    if let Some(role) = filter.role {
        select = select.filter(Expr::col("role").eq(role.code()));
    }
    if let Some(state) = filter.state {
        select = select.filter(Expr::col("state").eq(state.code()));
    }
    if let Some(words) = &filter.search {
        select = select.filter(search_condition(words));
    }
    let total_count = pager.count(&tx, &select).await?;
    let rows = pager.cut(select, print)?.all(&tx.db).await?;
    Ok(pager.page(print, rows, total_count, |m| (m.search_text.clone(), m.id))?.map(Client::from))
}
