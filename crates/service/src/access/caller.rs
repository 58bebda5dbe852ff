//! Who asks: read anew for every request, so that a client or token that was revoked a moment ago,
//! by this process or another, is refused at once. Requests of the same moment share the statement.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use gdtx_domain::{
    Checks,
    access::{client, revoked_token, role::ClientState},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

use super::{keys::CLOCK_SKEW, policy::Permission};
use crate::{Actor, Code, Ctx, Database, Error, Result, database::Session, together::Together, tx::Tx};

/// The client that asks, which needs a grant: some things belong to clients alone.
///
/// # Errors
/// `forbidden` without the grant, `unauthenticated` when no client asks.
pub(crate) fn client(tx: &Tx, permission: Permission) -> Result<Uuid> {
    tx.require(permission)?;
    tx.signature().1.ok_or_else(|| Error::of(Code::Unauthenticated))
}

/// Who the caller turned out to be.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    Public,
    Client(Arc<client::Model>),
    System,
}

impl Caller {
    /// Who asks, by the primary: within a write, or beside a read together with others.
    pub async fn find(ctx: &Ctx, within: Option<&Session>) -> Result<Self> {
        let (named, until) = match &ctx.actor {
            Actor::Public => return Ok(Self::Public),
            Actor::System => return Ok(Self::System),
            Actor::Client { id, token_id, until } => (Named::Id { client: *id, token_id: token_id.clone() }, *until),
            Actor::External { issuer, subject, until } => {
                (Named::Outside { issuer: issuer.clone(), subject: subject.clone() }, *until)
            }
        };
        check_unexpired(ctx, until)?;
        let known = match within {
            Some(db) => know_within(db, named).await?,
            None => know(&ctx.db, named).await?,
        };
        if known.token_revoked {
            return Err(refused_token("Token đã bị thu hồi.", "The token was revoked."));
        }
        let client = known
            .client
            .ok_or_else(|| refused_token("Ứng dụng chưa được đăng ký.", "The client is not registered."))?;
        if client.state != ClientState::Active {
            let state = client.state.label();
            return Err(refused_token(
                &format!("Ứng dụng ở trạng thái: {}.", state.vi.to_lowercase()),
                &format!("The client is {}.", state.en.to_lowercase()),
            ));
        }
        check_purpose(ctx, &client)?;
        Ok(Self::Client(client))
    }
}

/// A subscription goes on for longer than a token: each of its reads asks again.
fn check_unexpired(ctx: &Ctx, until: DateTime<Utc>) -> Result<()> {
    if ctx.clock.now() - CLOCK_SKEW < until {
        return Ok(());
    }
    Err(refused_token("Access token đã hết hạn.", "The access token has expired."))
}

/// A purpose that is named must be one that was agreed on.
fn check_purpose(ctx: &Ctx, client: &client::Model) -> Result<()> {
    let Some(purpose) = ctx.purpose else { return Ok(()) };
    if client.agreement.as_ref().is_some_and(|agreement| agreement.covers(purpose, ctx.clock.today())) {
        return Ok(());
    }
    let label = purpose.label();
    let said = Error::new(
        Code::PurposeNotAgreed,
        format!(
            "Thỏa thuận chia sẻ dữ liệu của ứng dụng không có mục đích “{}” ({purpose}) hoặc đã hết hiệu lực; quản trị hệ thống ghi thỏa thuận.",
            label.vi
        ),
        format!(
            "The client's data-sharing agreement does not name the purpose “{}” ({purpose}), or is not in force; an administrator records agreements.",
            label.en
        ),
    );
    let mut checks = Checks::default();
    checks.refuse("Data-Purpose", "purpose_not_agreed", said.detail.vi.clone(), said.detail.en.clone());
    Err(Error { fields: checks.problems, ..said })
}

fn refused_token(vi: &str, en: &str) -> Error {
    Error::new(Code::Unauthenticated, vi, en)
}

/// A client as its token names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// By our own token.
    Id { client: Uuid, token_id: String },
    /// By the token of a trusted outside issuer.
    Outside { issuer: String, subject: String },
}

/// What the database says of it.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    client: Option<Arc<client::Model>>,
    token_revoked: bool,
}

/// Requests that wait to hear who asks.
pub(crate) type Callers = Together<Named, Option<Known>>;

/// A client, beside a revoked token among those asked for, if there is one.
#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    client: client::Model,
    revoked: Option<String>,
}

/// Reads who asks.
///
/// # Errors
/// `unavailable` when the database does not say.
async fn know(db: &Database, named: Named) -> Result<Known> {
    let reader = db.clone();
    let answer = db.callers.ask(named, |asked| async move {
        match read(reader.primary(), &asked).await {
            Ok(rows) => asked.iter().map(|one| Some(known(&rows, one))).collect(),
            Err(error) => {
                tracing::error!(error = ?error.source, "nobody can be recognised: requests are refused");
                vec![None; asked.len()]
            }
        }
    });
    answer.await.flatten().ok_or_else(|| Error::of(Code::Unavailable))
}

/// Reads who asks within a transaction.
async fn know_within(db: &Session, named: Named) -> Result<Known> {
    let rows = read(db, std::slice::from_ref(&named)).await?;
    Ok(known(&rows, &named))
}

/// One row a client, and one for each of its revoked tokens among those asked for.
#[expect(clippy::disallowed_methods, reason = "the caller is found here, before there is a scope")]
async fn read(db: &impl ConnectionTrait, asked: &[Named]) -> Result<Vec<(Arc<client::Model>, Option<String>)>> {
    let (mut ids, mut tokens, mut named) = (Vec::new(), Vec::new(), Condition::any());
    for one in asked {
        match one {
            Named::Id { client, token_id } => {
                ids.push(*client);
                tokens.push(token_id.clone());
            }
            Named::Outside { issuer, subject } => {
                let subject = client::Column::ExternalSubject.eq(subject);
                named = named.add(client::Column::ExternalIssuer.eq(issuer).and(subject));
            }
        }
    }
    // Few lengths make few statements, and each is prepared once.
    ids.resize(ids.len().next_power_of_two(), Uuid::nil());
    tokens.resize(tokens.len().next_power_of_two(), String::new());
    let revoked = (revoked_token::Entity, revoked_token::Column::Jti);
    let mut select =
        client::Entity::find().filter(named.add(client::Column::Id.is_in(ids))).expr_as(Expr::col(revoked), "revoked");
    QuerySelect::query(&mut select).left_join(revoked_token::Entity, Expr::col(revoked).is_in(tokens));
    let rows = select.into_model::<Row>().all(db).await?;
    Ok(rows.into_iter().map(|row| (Arc::new(row.client), row.revoked)).collect())
}

fn known(rows: &[(Arc<client::Model>, Option<String>)], named: &Named) -> Known {
    let is_named = |client: &client::Model| match named {
        Named::Id { client: id, .. } => client.id == *id,
        Named::Outside { issuer, subject } => {
            client.external_issuer.as_ref() == Some(issuer) && client.external_subject.as_ref() == Some(subject)
        }
    };
    let is_token = |revoked: &String| matches!(named, Named::Id { token_id, .. } if token_id == revoked);
    Known {
        client: rows.iter().map(|(client, _)| client).find(|client| is_named(client)).cloned(),
        token_revoked: rows.iter().any(|(_, revoked)| revoked.as_ref().is_some_and(is_token)),
    }
}
