//! Who asks: read anew for every request, so that a client or token that was revoked a moment ago,
//! by this process or another, is refused at once. Requests of the same moment share the statement.

use std::sync::Arc;

use gdtx_domain::access::{client, revoked_token};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use crate::{Code, Database, Error, Result, together::Together};

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
    pub client: Option<Arc<client::Model>>,
    pub token_revoked: bool,
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
pub(crate) async fn know(db: &Database, named: Named) -> Result<Known> {
    let reader = db.clone();
    let answer = db.callers.ask(named, |asked| async move {
        match read(&reader, &asked).await {
            Ok(rows) => asked.iter().map(|one| Some(known(&rows, one))).collect(),
            Err(error) => {
                tracing::error!(error = ?error.source, "nobody can be recognised: requests are refused");
                vec![None; asked.len()]
            }
        }
    });
    answer.await.flatten().ok_or_else(|| Error::of(Code::Unavailable))
}

/// One row a client, and one for each of its revoked tokens among those asked for.
#[expect(clippy::disallowed_methods, reason = "the caller is found here, before there is a scope")]
async fn read(db: &Database, asked: &[Named]) -> Result<Vec<(Arc<client::Model>, Option<String>)>> {
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
    let rows = select.into_model::<Row>().all(db.reader()).await?;
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
