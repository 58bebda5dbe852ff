//! Releases a data set. What takes long, the cells and what changed in them, is made before anything is written; in
//! the transaction it is only seen that no other release came between.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use gdtx_domain::{
    Checks,
    access::reach::Reach,
    exchange::resource::Operation,
    statistics::{
        data_set::DataSet,
        release::{Model, Novelty, ReleaseStep, next, number},
    },
    text,
};
use hex::encode;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    super::{
        ask::{aside, opened},
        cube::Cube,
    },
    changes::{Changes, StatisticsReleaseChange},
    kept,
    parts::{packed, write},
    read::last,
    shape::{NewStatisticsRelease, StatisticsRelease, StatisticsReleaseManaged, StatisticsReleases},
};
use crate::{
    Code, Ctx, Error, Meta, Resource, Result, Written,
    access::policy::Permission,
    error::accept,
    resource::{Draft, Request, check_external_ids, once, store},
    tx::Tx,
};

/// Releases a data set as it is counted now.
///
/// # Errors
/// `not_found` for a data set that is none; `conflict` when nothing changed since the last release, or another one
/// was made in the meantime.
pub async fn create(ctx: &Ctx, id: &str, input: NewStatisticsRelease) -> Result<Written<StatisticsRelease>> {
    let first = Arc::new(plan(ctx, id).await?);
    let answer = attempt(ctx, &first, &input).await;
    if !first.is_overtaken.load(Ordering::Relaxed) {
        return answer;
    }
    // It may have been the same request under the same key, whose answer is kept by now.
    attempt(ctx, &Arc::new(plan(ctx, id).await?), &input).await
}

/// A release as it would be.
struct Plan {
    set: &'static DataSet,
    /// The one before it.
    before: Option<Uuid>,
    /// Whether anything is new, seen or not.
    has_news: bool,
    managed: StatisticsReleaseManaged,
    parts: Vec<Vec<u8>>,
    /// Whether another one was made before it could be.
    is_overtaken: AtomicBool,
}

async fn attempt(ctx: &Ctx, plan: &Arc<Plan>, input: &NewStatisticsRelease) -> Result<Written<StatisticsRelease>> {
    let operation = format!("create_statistics_release:{}", plan.set.id);
    let request = Request { operation, permission: StatisticsReleases::WRITE, input };
    once::<StatisticsReleases, _>(ctx, request, |tx, _| Box::pin(create_in(tx, Arc::clone(plan), input.clone()))).await
}

async fn create_in(tx: &Tx, plan: Arc<Plan>, new: NewStatisticsRelease) -> Result<Written<StatisticsRelease>> {
    let mut draft: Draft<StatisticsRelease> =
        Draft { meta: Meta::fresh(&tx.ctx), new, managed: plan.managed.clone(), before: None };
    let mut checks = Checks::default();
    check_external_ids(tx, &[], &mut draft.new.external_ids, &mut checks);
    StatisticsReleases::prepare(tx, &mut draft, &mut checks).await?;
    let warnings = accept(checks)?;
    let before = last(tx, &plan.set.id).await?;
    if before.as_ref().map(|before| before.id) != plan.before {
        plan.is_overtaken.store(true, Ordering::Relaxed);
        return Err(Error::new(
            Code::Conflict,
            "Bộ dữ liệu vừa được phát hành bởi một yêu cầu khác.",
            "Another request has just released the data set.",
        ));
    }
    if let Some(before) = before.filter(|_| !plan.has_news) {
        return Err(Error::new(
            Code::Conflict,
            format!("Không có gì thay đổi kể từ bản {}.", before.release),
            format!("Nothing has changed since {}.", before.release),
        ));
    }
    draft.meta.search_text = text::fold(&format!("{} {} {}", plan.set.title().vi, draft.new.notes_vi, plan.set.id));
    let written = store::<StatisticsReleases>(tx, draft, Operation::Created, warnings).await?;
    write(tx, written.record.id, &plan.parts).await?;
    Ok(written)
}

/// Looks what there is to release since the last time.
async fn plan(ctx: &Ctx, id: &str) -> Result<Plan> {
    let tx = ctx.read_primary().await?;
    tx.require(Permission::StatisticsRelease)?;
    let last = last(&tx, id).await?;
    tx.end(()).await?;
    let before = match last {
        Some(row) => Some((kept::cube(ctx, &row).await?, row)),
        None => None,
    };
    let (set, _, held) = opened(ctx, id, |_| false).await?;
    let db = ctx.db.clone();
    aside(move || {
        let (cells, at) = {
            let live = held.cube();
            (live.cells(), (live.head.position, live.head.counted_at))
        };
        let parts = packed(&cells)?;
        let cube = Cube::released(set, "", at, cells, db.vault())?;
        planned(&cube, before.as_ref().map(|(cube, row)| (cube.as_ref(), row)), parts)
    })
    .await
}

fn planned(cube: &Cube, before: Option<(&Cube, &Model)>, parts: Vec<Vec<u8>>) -> Result<Plan> {
    let set = cube.set;
    let nothing = Cube::empty(set, 0);
    let old = before.map_or(&nothing, |(cube, _)| cube);
    let has_shape = shape(set) == shape(old.set);
    let has_news = !has_shape || Changes::of(old, cube, &Reach::whole_country(), (0, 0)).next().is_some();
    // What is told of a release is told to everybody.
    let open = if set.personal { Reach::default() } else { Reach::whole_country() };
    let mut steps = [0_i64; 3];
    for (_, change) in Changes::of(old, cube, &open, (0, 0)) {
        steps[ReleaseStep::ALL.iter().position(|step| *step == change.step).unwrap_or_default()] += 1;
    }
    let [added, changed, removed] = steps;
    let (digest, shown) = print(cube, &nothing, &open);
    let novelty = match has_shape {
        false => Novelty::Shape,
        true if has_new_members(old, cube, &open) => Novelty::Members,
        true => Novelty::Figures,
    };
    let last = before.and_then(|(_, row)| number(&row.release));
    let managed = StatisticsReleaseManaged {
        data_set: set.id.clone(),
        release: next(last.as_ref(), novelty).to_string(),
        ordinal: before.map_or(1, |(_, row)| row.ordinal + 1),
        position: cube.head.position,
        counted_at: cube.head.counted_at,
        cells: shown,
        added,
        changed,
        removed,
        digest,
        previous: before.map(|(_, row)| row.release.clone()),
        definition: serde_json::to_string(set).map_err(Error::internal)?,
    };
    let (before, is_overtaken) = (before.map(|(_, row)| row.id), AtomicBool::default());
    Ok(Plan { set, before, has_news, managed, parts, is_overtaken })
}

/// What readers of a data set go by: what is counted, by what, and what it means.
fn shape(set: &DataSet) -> impl PartialEq {
    let measures: Vec<_> = set.measures.iter().map(|measure| (measure.code.clone(), measure.unit())).collect();
    (set.of, set.personal, set.dimensions.clone(), set.levels.clone(), measures, set.about())
}

/// Whether anything is shown of a member that nothing was shown of before.
fn has_new_members(old: &Cube, new: &Cube, reach: &Reach) -> bool {
    (0..new.set.dimensions.len()).any(|at| {
        let known: HashSet<String> = old.members(at, reach).into_iter().collect();
        new.members(at, reach).iter().any(|member| !known.contains(member))
    })
}

/// The print of the cells as they are shown, and how many these are.
fn print(cube: &Cube, nothing: &Cube, reach: &Reach) -> (String, i64) {
    let (mut digest, mut cells) = (Sha256::new(), 0);
    for (_, StatisticsReleaseChange { cell, measure, after, .. }) in Changes::of(nothing, cube, reach, (0, 0)) {
        digest.update(format!("{cell}\t{measure}\t{}\n", after.unwrap_or_default()));
        cells += 1;
    }
    (encode(digest.finalize()), cells)
}
