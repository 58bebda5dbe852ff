//! The copy of the embedded data in tables: complete, written once, and joined by people with SQL.

use gdtx_domain::Lang;
use gdtx_service::{Actor, Clock, Code, Ctx, territory::load::load};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use secrecy::ExposeSecret;
use std::sync::Mutex;

use crate::{on_both, support::Service};

async fn connect(s: &Service) -> DatabaseConnection {
    sea_orm::Database::connect(s.settings.database_url.expose_secret()).await.expect("a connection")
}

async fn one<T: sea_orm::TryGetable>(db: &DatabaseConnection, sql: &str) -> T {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    db.query_one_raw(statement).await.expect("an answer").expect("a row").try_get_by_index(0).expect("a value")
}

on_both!(
    async fn tables_hold_the_data_and_join(s) {
        let seen = Mutex::new(Vec::new());
        let rows = load(&s.system(), |p| seen.lock().expect("a lock").push(p)).await.expect("a load");
        let last: Vec<_> = seen.into_inner().expect("a lock").into_iter().filter(|p| p.done == p.total).collect();
        assert_eq!(last.iter().map(|p| p.table).collect::<Vec<_>>(), ["administrative_unit", "unit_successor", "code_list_item", "code_list_code"]);
        assert_eq!(last.iter().map(|p| p.total).sum::<usize>(), rows);
        let db = connect(s).await;
        for (sql, expected) in [
            ("SELECT count(*) FROM administrative_unit", 34 + 3321 + 63 + 696 + 10_035),
            ("SELECT count(*) FROM unit_successor WHERE evidence = 'province_merger'", 63),
            ("SELECT count(*) FROM unit_successor WHERE evidence NOT IN ('province_merger', 'derived_from_communes')", 10_571),
            ("SELECT count(*) FROM code_list_item", 579),
            ("SELECT count(*) FROM unit_successor l LEFT JOIN administrative_unit u ON u.id = l.from_id LEFT JOIN administrative_unit v ON v.id = l.to_id WHERE u.id IS NULL OR v.id IS NULL", 0),
            ("SELECT count(*) FROM code_list_code c LEFT JOIN code_list_item i ON i.list = c.list AND i.code = c.code WHERE i.code IS NULL", 0),
        ] {
            assert_eq!(one::<i64>(&db, sql).await, expected, "{sql}");
        }
        let province = "SELECT p.name FROM administrative_unit c JOIN administrative_unit p ON p.id = c.parent_id WHERE c.code = '11911' AND c.valid_to IS NULL";
        assert_eq!(one::<String>(&db, province).await, "Hải Phòng");
        let woman = "SELECT i.label_vi FROM code_list_code c JOIN code_list_item i ON i.list = c.list AND i.code = c.code WHERE c.list = 'gender' AND c.scheme = 'vendor' AND c.scheme_code = '0'";
        assert_eq!(one::<String>(&db, woman).await, "Nữ");
        assert_eq!(one::<i64>(&db, "SELECT area_km2 FROM administrative_unit WHERE id = '00004@2025-07-01'").await, 297);
    }
);

on_both!(
    async fn the_same_state_is_loaded_once(s) {
        let system = s.system();
        let (one_of_two, other) = futures::join!(load(&system, |_| ()), load(&system, |_| ()));
        let (one_of_two, other) = (one_of_two.expect("a load"), other.expect("a load"));
        assert!((one_of_two == 0) != (other == 0), "{one_of_two} {other}");
        assert_eq!(load(&system, |_| ()).await.expect("a load"), 0);
        // Another state is replaced as a whole.
        let db = connect(s).await;
        db.execute_unprepared("UPDATE reference_data SET fingerprint = 'older'").await.expect("an update");
        db.execute_unprepared("UPDATE administrative_unit SET name = 'older'").await.expect("an update");
        assert!(load(&system, |_| ()).await.expect("a load") > 0);
        assert_eq!(one::<i64>(&db, "SELECT count(*) FROM administrative_unit WHERE name = 'older'").await, 0);
    }
);

on_both!(
    async fn only_the_service_itself_loads(s) {
        let public = Ctx::new(s.db.clone(), Actor::Public, Clock::System, Lang::En, String::new());
        assert_eq!(load(&public, |_| ()).await.map_err(|e| e.code).err(), Some(Code::Forbidden));
    }
);
