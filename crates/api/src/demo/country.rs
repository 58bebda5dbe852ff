//! The whole country: every province of today in turn, as large as the country is.

use std::cell::RefCell;

use futures::{StreamExt, TryStreamExt, stream};
use gdtx_domain::territory::{
    find::{UnitFilter, valid_on},
    unit::UnitLevel,
};
use gdtx_service::{Database, Error};

use super::{Plan, Summary, fill, shares::NATIONAL_CLASSES};

/// Provinces that are filled side by side: while the database works for one, the rules work for
/// another. Each has ids and dice of its own, so the records are the same whichever is first.
const SIDE_BY_SIDE: usize = 6;

/// Fills the database with all provinces, whichever province the plan names. `progress` hears after every centre what
/// was made so far.
pub async fn fill_country(db: &Database, country: &Plan, progress: impl FnMut(Summary)) -> Result<Summary, Error> {
    let filter = UnitFilter { level: Some(UnitLevel::Province), ..UnitFilter::default() };
    let provinces = valid_on(country.start(), &filter);
    let made = RefCell::new((vec![Summary::default(); provinces.len()], progress));
    let fillings = provinces.iter().enumerate().map(async |(number, unit)| {
        let plan = Plan {
            province: unit.code.clone(),
            seed: country.seed.wrapping_mul(1_000).wrapping_add(number as u64),
            scale: NATIONAL_CLASSES,
            ..country.clone()
        };
        let filling = fill(db, &plan, |so_far| {
            let (all, progress) = &mut *made.borrow_mut();
            all[number] = so_far;
            progress(sum(all));
        });
        let done = Box::pin(filling).await?;
        made.borrow_mut().0[number] = done;
        Ok::<_, Error>(())
    });
    stream::iter(fillings).buffer_unordered(SIDE_BY_SIDE).try_collect::<()>().await?;
    Ok(sum(&made.borrow().0))
}

fn sum(provinces: &[Summary]) -> Summary {
    provinces.iter().fold(Summary::default(), |mut sum, province| {
        sum.add(*province);
        sum
    })
}
