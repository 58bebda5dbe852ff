//! The whole country: every province of today in turn, as large as the country is.

use chrono::NaiveDate;
use gdtx_domain::territory::{
    find::{UnitFilter, valid_on},
    unit::UnitLevel,
};
use gdtx_service::{Database, Error};

use super::{Plan, Summary, fill, shares::NATIONAL_CLASSES};

/// Fills the database with all provinces. `progress` hears after every centre what was made so far.
pub async fn fill_country(
    db: &Database,
    year: i32,
    seed: u64,
    mut progress: impl FnMut(Summary),
) -> Result<Summary, Error> {
    let filter = UnitFilter { level: Some(UnitLevel::Province), ..UnitFilter::default() };
    let mut sum = Summary::default();
    for (number, unit) in (0..).zip(valid_on(NaiveDate::from_ymd_opt(year, 9, 5).unwrap_or_default(), &filter)) {
        let plan = Plan {
            province: unit.code.clone(),
            year,
            seed: seed.wrapping_mul(1_000).wrapping_add(number),
            scale: NATIONAL_CLASSES,
            national: true,
        };
        let before = sum;
        let made = fill(db, &plan, |so_far| {
            let mut all = before;
            all.add(so_far);
            progress(all);
        });
        sum.add(Box::pin(made).await?);
    }
    Ok(sum)
}
