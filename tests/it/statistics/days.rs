//! Cells follow the day: a recognition ends without anybody writing so.

use chrono::Days;
use gdtx_domain::statistics::dimension::Dimension;
use gdtx_service::{Clock, statistics};

use super::{answer, ask, asking, by, cells, counted_by, figures};
use crate::{
    on_both,
    recognitions::{appraised, decision, step, unit},
    support::{Client, Service, province},
};

/// A unit that is recognised to the end of the third year behind the assessed one.
async fn granted(department: &Client, name: &str, year: i32) {
    let id = department.post("/v1/recognitions", unit(name, year, 1)).await.expect(201).id();
    appraised(department, &id, Some(1), &format!("{}-01-20", year + 1)).await;
    let grant = decision(&format!("{year}/QĐ-UBND"), &format!("{}-02-10", year + 1), Some(1));
    step(department, &id, "grant", grant).await.expect(200);
}

/// A clock that stands at noon some days after a day.
fn after(day: &str, days: u64) -> Clock {
    let day = day.parse::<chrono::NaiveDate>().expect("a day") + Days::new(days);
    Clock::Fixed(day.and_hms_opt(5, 0, 0).expect("noon").and_utc())
}

/// Granted and expired recognitions, straight from the cells that are shown.
async fn states(s: &Service) -> [i64; 2] {
    let cells = cells(s).await;
    ["granted", "expired"].map(|state| {
        let of_state = |((set, key), _): &(&(String, String), &[i64; 3])| {
            set == "recognitions" && key.ends_with(&format!("|{state}"))
        };
        cells.iter().filter(of_state).map(|(_, numbers)| numbers[0]).sum()
    })
}

on_both!(
    async fn a_grant_is_counted_to_its_last_day(s) {
        let department = s.client("province_department", province("31")).await;
        granted(&department, "Chi cục Một", 2024).await;
        granted(&department, "Chi cục Hai", 2025).await;
        s.sequenced().await;
        let at = async |clock| statistics::run_once(&s.db, clock).await.expect("a count");
        let position = at(after("2027-12-31", 0)).await;
        assert_eq!(states(s).await, [2, 0]);
        let by_state = by(&[Dimension::RecognitionState]);
        let told = figures(&answer(&asking(s, None), "recognitions", &by_state).await.expect("an answer"));
        assert_eq!(told, [("granted".to_owned(), 2)].into());
        assert_eq!(at(after("2027-12-31", 1)).await, position, "no entry tells of it");
        assert_eq!(states(s).await, [1, 1]);
        // Who asked before the day came is told of it too.
        let told = async || figures(&answer(&asking(s, None), "recognitions", &by_state).await.expect("an answer"));
        assert_eq!(told().await, [("expired".to_owned(), 1), ("granted".to_owned(), 1)].into());
        let kept = cells(s).await;
        statistics::rebuild(&s.db, after("2027-12-31", 1)).await.expect("cells made anew");
        assert_eq!(kept, cells(s).await);
        // Whoever sleeps over a day finds it later, also beside what is written meanwhile.
        granted(&department, "Chi cục Ba", 2025).await;
        s.sequenced().await;
        let other = gdtx_api::server::open(&s.settings).await.expect("an open database");
        let clock = after("2028-12-31", 40);
        let (one, two) = tokio::join!(statistics::run_once(&s.db, clock), statistics::run_once(&other, clock));
        assert_eq!(one.expect("a count"), two.expect("a count"));
        assert_eq!(states(s).await, [0, 3]);
        assert_eq!(figures(&ask(s, "recognitions", &by(&[Dimension::RecognitionState])).await)["expired"], 3);
        let waiting = "SELECT 'facts', count(*) FROM statistics_fact WHERE changes_on IS NOT NULL HAVING count(*) > 0";
        assert!(counted_by(s, waiting).await.is_empty());
        let kept = cells(s).await;
        statistics::rebuild(&s.db, clock).await.expect("cells made anew");
        assert_eq!(kept, cells(s).await);
        other.close().await.expect("a closed database");
    }
);
