//! Takes everything that belongs to a centre along when the centre moves to another place.

use gdtx_domain::{access::reach::Keys, exchange::resource::{Operation, ResourceKind}};
use sea_orm::{
    ConnectionTrait, ExprTrait,
    sea_query::{Expr, Query},
};
use serde::Serialize;

use crate::{Result, exchange::journal::{self, Entry}, tx::Tx};

/// The tables whose rows follow their centre.
const FOLLOWERS: [&str; 2] = ["programme", "class"];

/// What the journal says about a move.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Move<'a> {
    from_province_code: Option<&'a str>,
    from_commune_code: Option<&'a str>,
    to_province_code: Option<&'a str>,
    to_commune_code: Option<&'a str>,
}

/// Rewrites the place keys of everything that belongs to the centre and notes the move, so that
/// clients on both sides learn what they gained or lost.
pub(crate) async fn follow(tx: &Tx, old: &Keys, new: &Keys) -> Result<()> {
    let Some(centre_id) = new.centre_id else { return Ok(()) };
    for table in FOLLOWERS {
        let statement = Query::update()
            .table(table)
            .value("province_code", new.province_code.clone())
            .value("commune_code", new.commune_code.clone())
            .and_where(Expr::col("centre_id").eq(centre_id))
            .to_owned();
        tx.db.execute(&statement).await?;
    }
    let after = Move {
        from_province_code: old.province_code.as_deref(),
        from_commune_code: old.commune_code.as_deref(),
        to_province_code: new.province_code.as_deref(),
        to_commune_code: new.commune_code.as_deref(),
    };
    let entry = Entry {
        resource: ResourceKind::Centres,
        operation: Operation::Moved,
        record_id: centre_id,
        version: 0,
        keys: new,
        after: &after,
    };
    journal::append(tx, entry).await
}
