//! Takes everything that belongs to a centre along when the centre moves to another place.

use gdtx_domain::{
    access::reach::Keys,
    exchange::resource::{Operation, ResourceKind},
};
use sea_orm::{
    ConnectionTrait, ExprTrait,
    sea_query::{Expr, Query},
};
use serde::Serialize;

use uuid::Uuid;

use crate::{
    Code, Error, Result,
    exchange::journal::{self, Entry},
    tx::Tx,
};

/// The tables whose rows follow their centre, and that live on only with it. Owners stand before
/// what they own: a class that comes to be holds its programme, so the move waits there for it.
const FOLLOWERS: [&str; 9] =
    ["campus", "land", "room", "staff_member", "programme", "class", "learner", "enrolment", "learning_result"];
/// The tables of what follows it too, and outlives it.
const HISTORY: [&str; 5] = ["centre_event", "enrolment_event", "recognition", "data_subject_request", "sync_window"];

/// What the journal says about a move.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the wire calls them so")]
struct Move<'a> {
    from_province_code: Option<&'a str>,
    from_commune_code: Option<&'a str>,
    to_province_code: Option<&'a str>,
    to_commune_code: Option<&'a str>,
}

/// Rewrites the place keys of everything that belongs to the centre and notes the move, so that
/// clients on both sides learn what they gained or lost.
pub(crate) async fn follow(tx: &Tx, version: i64, old: &Keys, new: &Keys) -> Result<()> {
    let Some(centre_id) = new.centre_id else { return Ok(()) };
    for table in FOLLOWERS.into_iter().chain(HISTORY) {
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
        version,
        keys: new,
        at: tx.ctx.clock.now(),
        search_text: None,
    };
    journal::append(tx, entry, &after).await
}

/// Refuses to retire a centre while something live belongs to it.
pub(crate) async fn check_alone(tx: &Tx, centre_id: Uuid) -> Result<()> {
    for table in FOLLOWERS {
        let statement = Query::select()
            .column("id")
            .from(table)
            .and_where(Expr::col("centre_id").eq(centre_id))
            .and_where(Expr::col("deleted_at").is_null())
            .limit(1)
            .to_owned();
        if tx.db.query_one(&statement).await?.is_some() {
            return Err(Error::new(
                Code::Conflict,
                format!(
                    "Cơ sở còn bản ghi phụ thuộc chưa hủy ({table}); hãy hủy chúng trước. Giải thể ghi bằng sự kiện."
                ),
                format!("Live records depend on the centre ({table}): retire them first. A dissolution is an event."),
            ));
        }
    }
    Ok(())
}
