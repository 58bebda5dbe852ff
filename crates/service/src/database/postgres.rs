//! A write transaction of PostgreSQL on the driver itself, which takes whole columns as arrays: a
//! thousand rows are one short statement, prepared once.

use std::{fmt::Write, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveModelTrait, ConnAcquireErr, ConnectionTrait, DbBackend, DbErr, EntityTrait, ExecResult, IdenStatic, Iterable,
    QueryResult, RuntimeErr, Statement, Value, prelude::async_trait::async_trait, sea_query::Values,
};
use sea_query_sqlx::SqlxValues;
use sqlx::{AssertSqlSafe, Executor, PgPool, Postgres, postgres::PgArguments, query::Query, types::Json};
use tokio::sync::Mutex;
use uuid::Uuid;

/// A running transaction; dropped, it is undone.
#[derive(Debug)]
pub(super) struct Transaction(Mutex<sqlx::Transaction<'static, Postgres>>);

impl Transaction {
    pub async fn begin(pool: &PgPool) -> Result<Self, DbErr> {
        pool.begin().await.map(|tx| Self(Mutex::new(tx))).map_err(acquired)
    }

    pub async fn commit(self) -> Result<(), DbErr> {
        self.0.into_inner().commit().await.map_err(failed)
    }

    pub async fn rollback(self) -> Result<(), DbErr> {
        self.0.into_inner().rollback().await.map_err(failed)
    }

    /// Writes rows of one kind. All of them set the same columns.
    pub async fn insert<E: EntityTrait>(&self, mut rows: Vec<E::ActiveModel>) -> Result<(), DbErr> {
        let (mut names, mut columns) = (Vec::new(), Vec::new());
        for column in E::Column::iter() {
            let values: Vec<Value> = rows.iter_mut().filter_map(|row| row.take(column).into_value()).collect();
            if values.is_empty() {
                continue;
            }
            let column_of = Column::of(values).filter(|values| values.len() == rows.len());
            columns.push(column_of.ok_or_else(|| unlike(column.as_str()))?);
            names.push(column.as_str());
        }
        let arrays = columns.iter().enumerate().map(|(i, column)| format!("${}::{}[]", i + 1, column.kind()));
        let sql = format!(
            "INSERT INTO \"{}\" (\"{}\") SELECT * FROM UNNEST({})",
            E::default().table_name(),
            names.join("\", \""),
            arrays.collect::<Vec<_>>().join(", ")
        );
        let query = columns.into_iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, column| column.bind(query));
        query.execute(&mut **self.0.lock().await).await.map(drop).map_err(failed)
    }

    /// Runs statements that do not see each other as one.
    pub async fn run_together(&self, statements: Vec<Statement>) -> Result<(), DbErr> {
        match together(statements) {
            None => Ok(()),
            Some(statement) => self.execute_raw(statement).await.map(drop),
        }
    }
}

/// Several statements as one, which is one way to the server and back: all but the last stand in front
/// of it, and their values are counted on.
fn together(statements: Vec<Statement>) -> Option<Statement> {
    let (mut sql, mut values, last) = (String::new(), Vec::new(), statements.len().checked_sub(1)?);
    for (i, statement) in statements.into_iter().enumerate() {
        let text = counted_on(&statement.sql, values.len());
        let _ = match i {
            0 if last == 0 => write!(sql, "{text}"),
            0 => write!(sql, "WITH w0 AS ({text})"),
            i if i < last => write!(sql, ", w{i} AS ({text})"),
            _ => write!(sql, " {text}"),
        };
        values.extend(statement.values.map_or_else(Vec::new, |values| values.0));
    }
    Some(Statement::from_sql_and_values(DbBackend::Postgres, sql, values))
}

/// A statement whose values come after so many others: `$1` is `$3` after two. It holds no text of its
/// own, since every value is bound.
fn counted_on(sql: &str, after: usize) -> String {
    let mut pieces = sql.split('$');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        debug_assert!(digits > 0, "a text of its own in a statement");
        let number = piece[..digits].parse::<usize>().unwrap_or_default();
        let _ = write!(text, "${}{}", number + after, &piece[digits..]);
    }
    text
}

/// What it means that there is no connection.
pub(super) fn acquired(error: sqlx::Error) -> DbErr {
    match error {
        sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        error => DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))),
    }
}

/// What it means that a statement failed.
pub(super) fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error)))
}

fn unlike(column: &str) -> DbErr {
    DbErr::Custom(format!("the rows differ in the kind of their column {column}"))
}

/// The columns that the house knows (`migration::column`), each as an array of one type.
macro_rules! columns {
    ($($kind:ident: $type:ty = $value:ident as $sql:literal),+ $(,)?) => {
        enum Column { $($kind(Vec<Option<$type>>)),+ }

        impl Column {
            /// A column of values of one kind; none if they are of several, or of one that no table has.
            fn of(values: Vec<Value>) -> Option<Self> {
                match values.first()? {
                    $(Value::$value(_) => {
                        let all = values.into_iter().map(|value| match value {
                            Value::$value(value) => Some(value.map(Into::into)),
                            _ => None,
                        });
                        all.collect::<Option<Vec<_>>>().map(Self::$kind)
                    })+
                    _ => None,
                }
            }

            fn len(&self) -> usize {
                match self { $(Self::$kind(values) => values.len()),+ }
            }

            const fn kind(&self) -> &'static str {
                match self { $(Self::$kind(_) => $sql),+ }
            }

            fn bind(self, query: Query<'_, Postgres, PgArguments>) -> Query<'_, Postgres, PgArguments> {
                match self { $(Self::$kind(values) => query.bind(values)),+ }
            }
        }
    };
}

columns! {
    Flag: bool = Bool as "bool",
    Integer: i32 = Int as "int4",
    Big: i64 = BigInt as "int8",
    Text: String = String as "text",
    Id: Uuid = Uuid as "uuid",
    Day: NaiveDate = ChronoDate as "date",
    Instant: DateTime<Utc> = ChronoDateTimeUtc as "timestamptz",
    Nested: Json<Box<serde_json::Value>> = Json as "jsonb",
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Postgres
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let mut conn = self.0.lock().await;
        prepared(statement).execute(&mut **conn).await.map(Into::into).map_err(failed)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let mut conn = self.0.lock().await;
        conn.execute(AssertSqlSafe(sql.to_owned())).await.map(Into::into).map_err(failed)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let mut conn = self.0.lock().await;
        let row = prepared(statement).fetch_optional(&mut **conn).await.map_err(failed)?;
        Ok(row.map(Into::into))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut conn = self.0.lock().await;
        let rows = prepared(statement).fetch_all(&mut **conn).await.map_err(failed)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }
}

/// A statement for the driver.
pub(super) fn prepared<DB: sqlx::Database>(statement: Statement) -> Query<'static, DB, SqlxValues>
where
    SqlxValues: sqlx::IntoArguments<DB>,
{
    let values = statement.values.unwrap_or_else(|| Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql), SqlxValues(values))
}

#[cfg(test)]
mod tests {
    use sea_orm::{DbBackend, Statement};

    use super::together;

    fn statement(sql: &str, values: &[i32]) -> Statement {
        Statement::from_sql_and_values(DbBackend::Postgres, sql, values.iter().map(|value| (*value).into()))
    }

    #[test]
    fn statements_run_together_with_their_values_in_order() {
        assert!(together(Vec::new()).is_none());
        let alone = statement("INSERT INTO a (x) VALUES ($1)", &[1]);
        assert_eq!(together(vec![alone.clone()]), Some(alone.clone()));
        let more = statement("INSERT INTO b (x, y) VALUES ($1, $2), ($3, $4)", &[2, 3, 4, 5]);
        let all = together(vec![alone.clone(), more, alone]).expect("a statement");
        assert_eq!(
            all.sql,
            "WITH w0 AS (INSERT INTO a (x) VALUES ($1)), w1 AS (INSERT INTO b (x, y) VALUES ($2, $3), ($4, $5)) \
             INSERT INTO a (x) VALUES ($6)"
        );
        assert_eq!(all.values.expect("values").0, [1, 2, 3, 4, 5, 1].map(sea_orm::Value::from));
    }
}
