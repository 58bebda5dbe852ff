//! The rows of a table as they were at a moment, as SQL: a list of the past is the list of the
//! present over these.
//!
//! Each record still has a row today, which tells in the order of ids who may see it. From there one
//! look into the journal finds the newest entry of the record until the moment, and from the image
//! in it comes what a condition compares. Columns that no condition names are not made.

use gdtx_domain::{
    exchange::resource::{Operation, ResourceKind},
    text,
};
use sea_orm::{
    ColumnTrait, ColumnType, DbBackend, EntityName, EntityTrait, ExprTrait, FromQueryResult, IdenStatic, Iterable,
    QuerySelect, QueryTrait, Select,
    sea_query::{CaseStatement, Expr, Func, JoinType, Order, Query, SelectStatement, SubQueryStatement},
};
use uuid::Uuid;

use super::moment::Moment;
use crate::{Resource, access::scope::Scope, tx::Tx};

/// What is read of an entry.
#[derive(Debug, FromQueryResult)]
pub(super) struct Row {
    pub id: Uuid,
    pub version: i64,
    pub after_image: Option<String>,
    pub search_text: Option<String>,
}

/// The columns of [`Row`].
const ROW: [&str; 4] = ["id", "version", "after_image", "search_text"];
/// Columns that never change after a record has come to be: they stand in the row of today, which has
/// its indexes on them.
const FIXED: [&str; 6] = ["id", "created_at", "centre_id", "programme_id", "class_id", "enrolment_id"];

/// Turns a select over a table of today into one over the rows of a moment, within a scope.
pub(super) fn at<R: Resource>(tx: &Tx, scope: &Scope, moment: Moment, select: Select<R::Entity>) -> SelectStatement {
    let mut query = select.into_query();
    query.clear_selects().columns(ROW).from_clear();
    let sql = scope.backend.build(&query).sql;
    let rows = rows::<R>(tx, scope, moment, |column| sql.contains(&format!("\"{column}\"")));
    query.from_subquery(rows, R::Entity::default().table_name()).to_owned()
}

/// The entries that are not about what stands in a record.
pub(crate) const ASIDE: [Operation; 3] = [Operation::Moved, Operation::AccessGained, Operation::AccessLost];

fn rows<R: Resource>(tx: &Tx, scope: &Scope, moment: Moment, named: impl Fn(&str) -> bool) -> SelectStatement {
    type Column<R> = <<R as Resource>::Entity as EntityTrait>::Column;
    let mut today = tx.select::<R::Entity>(scope).select_only();
    for column in Column::<R>::iter().filter(|column| FIXED.contains(&column.as_str())) {
        today = today.expr_as(Expr::col(column.as_str()), column.as_str());
    }
    let mut rows = Query::select();
    rows.from_subquery(today.into_query(), "t").expr_as(Expr::col(("t", "id")), "id");
    let id = || Expr::col(("t", "id"));
    if scope.backend == DbBackend::Postgres {
        // Said so, it looks for an entry where a record is wanted, and does not read the whole journal.
        let entry = entry(&["version", "after_image", "search_text", "province_code", "commune_code"], id(), moment);
        rows.join_lateral(JoinType::InnerJoin, entry, "j", Expr::cust("TRUE"));
    } else {
        let newest = newest("seq", id(), moment);
        rows.join_as(JoinType::InnerJoin, "journal", "j", Expr::col(("j", "seq")).eq(newest));
    }
    for column in ["version", "after_image"] {
        rows.expr_as(Expr::col(("j", column)), column);
    }
    // A journal that holds no search text sorts by none.
    rows.expr_as(Func::coalesce([Expr::col(("j", "search_text")), Expr::val("")]), "search_text");
    for column in Column::<R>::iter() {
        let name = column.as_str();
        if !ROW.contains(&name) && named(name) {
            rows.expr_as(value::<R>(name, column.def().get_column_type(), moment, scope.backend), name);
        }
    }
    rows
}

/// A column of the newest entry of a record until a moment.
fn newest(column: &'static str, of: Expr, moment: Moment) -> Expr {
    SubQueryStatement::SelectStatement(entry(&[column], of, moment)).into()
}

/// Columns of the newest entry of a record until a moment.
fn entry(columns: &[&'static str], of: Expr, moment: Moment) -> SelectStatement {
    Query::select()
        .columns(columns.iter().map(|column| ("k", *column)))
        .from_as("journal", "k")
        .and_where(Expr::col(("k", "record_id")).eq(of))
        .and_where(moment.holds("k"))
        .and_where(Expr::col(("k", "operation")).is_not_in(ASIDE))
        .order_by(("k", "version"), Order::Desc)
        .limit(1)
        .to_owned()
}

/// What stood in a column.
fn value<R: Resource>(name: &'static str, kind: &ColumnType, moment: Moment, backend: DbBackend) -> Expr {
    match name {
        _ if FIXED.contains(&name) => Expr::col(("t", name)),
        // What belongs to a centre lies where the centre lay: moves are told of the centre alone.
        "province_code" | "commune_code" if R::KIND != ResourceKind::Centres => CaseStatement::new()
            .case(Expr::col(("t", "centre_id")).is_null(), Expr::col(("j", name)))
            .finally(newest(name, Expr::col(("t", "centre_id")), moment))
            .into(),
        "province_code" | "commune_code" => Expr::col(("j", name)),
        "deleted_at" => {
            // Most records are live: the text tells that sooner than what it says can be read. In the
            // text of a field its quotation marks would be escaped.
            let live = Expr::col(("j", "after_image")).like("%\"deletedAt\":null%");
            let instant = Expr::cust(member("deletedAt", false, kind, backend));
            CaseStatement::new().case(live.not(), instant).into()
        }
        _ => Expr::cust(member(&text::camel(name), name == "school_year", kind, backend)),
    }
}

/// A member of the image, as its column would hold it.
fn member(name: &str, of_two_years: bool, kind: &ColumnType, backend: DbBackend) -> String {
    if backend == DbBackend::Postgres {
        let text = format!("(\"j\".\"after_image\"::jsonb ->> '{name}')");
        return match kind {
            _ if of_two_years => format!("left({text}, 4)::bigint"),
            ColumnType::Uuid => format!("{text}::uuid"),
            ColumnType::Integer | ColumnType::BigInteger => format!("{text}::bigint"),
            ColumnType::Boolean => format!("{text}::boolean"),
            ColumnType::Date => format!("{text}::date"),
            ColumnType::TimestampWithTimeZone => format!("{text}::timestamptz"),
            _ => text,
        };
    }
    let value = format!("json_extract(\"j\".\"after_image\", '$.{name}')");
    match kind {
        _ if of_two_years => format!("CAST(substr({value}, 1, 4) AS INTEGER)"),
        ColumnType::Uuid => format!("unhex({value}, '-')"),
        ColumnType::TimestampWithTimeZone => format!("replace({value}, 'Z', '+00:00')"),
        _ => value,
    }
}

impl Tx {
    /// Whether the image names the caller's own key of a record.
    pub(super) fn key_in_image(&self, value: &str) -> Expr {
        let (system, value) = (self.system().unwrap_or_default(), text::clean(value).unwrap_or_default());
        if self.ctx.db.is_postgres() {
            let wanted = serde_json::json!([{ "system": system, "value": value }]).to_string();
            return Expr::cust_with_values("(\"after_image\"::jsonb -> 'externalIds') @> $1::jsonb", [wanted]);
        }
        let sql = "EXISTS (SELECT 1 FROM json_each(\"after_image\", '$.externalIds') AS e \
            WHERE json_extract(e.value, '$.system') = ? AND json_extract(e.value, '$.value') = ?)";
        Expr::cust_with_values(sql, [system.to_owned(), value])
    }
}
