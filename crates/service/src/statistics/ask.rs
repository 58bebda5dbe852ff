//! Reads data sets and answers queries.

use std::{collections::HashSet, sync::Arc};

use chrono::NaiveDate;
use gdtx_domain::{
    Label, Lang, SchoolYear,
    access::reach::Reach,
    statistics::{
        data_set::{self, DataSet},
        dimension::Dimension,
    },
};

use super::{
    answer::{
        AnswerDimension, Coverage, FigureStatus, Member, Row, Slice, StatisticsAnswer, StatisticsDataSet,
        StatisticsDataSetHead, StatisticsDataSets,
    },
    counting::{check_counted, reached, shown},
    cube::{Cube, Held, current, held},
    grid::{Asked, Grid, SOME, TOTAL},
    lineage::may_know,
    query::{MOST_FIGURES, StatisticsQuery, Test, known, latest, refuse},
    view::View,
};
use crate::{Ctx, Error, Result, access::policy::Permission, tx::Tx};

/// Lists the data sets.
pub fn list(ctx: &Ctx) -> StatisticsDataSets {
    let head = |set: &DataSet| StatisticsDataSetHead {
        id: set.id.clone(),
        title: set.title().in_lang(ctx.lang).to_owned(),
        about: set.about().in_lang(ctx.lang).to_owned(),
        source: set.source.clone(),
        personal: set.personal,
        dimensions: set.dimensions.clone(),
        measures: set.measures.clone(),
    };
    StatisticsDataSets { items: data_set::all().iter().map(head).collect() }
}

/// Reads a data set with its dimensions and their members.
///
/// # Errors
/// `not_found` for an id that is none.
pub async fn get(ctx: &Ctx, id: &str) -> Result<StatisticsDataSet> {
    let (set, reach, held) = opened(ctx, id, |_| true).await?;
    let (lang, today) = (ctx.lang, ctx.clock.today());
    aside(move || {
        let cube = held.cube();
        let dimension = |at: usize| shown_dimension(set.dimensions[at], cube.members(at, &reach), lang, today);
        Ok(StatisticsDataSet {
            id: set.id.clone(),
            title: set.title().in_lang(lang).to_owned(),
            about: set.about().in_lang(lang).to_owned(),
            source: set.source.clone(),
            notes: notes(set, !reach.country, lang),
            personal: set.personal,
            measures: set.measures.clone(),
            dimensions: (0..set.dimensions.len()).map(dimension).collect(),
            most_figures: i32::try_from(MOST_FIGURES).unwrap_or(i32::MAX),
            position: cube.head.position,
            counted_at: cube.head.counted_at,
            version: version(&cube.version(), &reach),
        })
    })
    .await
}

/// Answers a query; none when the caller has this version of the answer.
///
/// # Errors
/// `not_found` for a data set that is none; `invalid_parameter` for what it does not have, for sums of what does not
/// add up, and for more figures than [`MOST_FIGURES`].
pub async fn ask(
    ctx: &Ctx,
    id: &str,
    mut query: StatisticsQuery,
    has: impl FnOnce(&str) -> bool,
) -> Result<Option<StatisticsAnswer>> {
    let (set, reach, held) = opened(ctx, id, |dimension| query.names(dimension)).await?;
    let (lang, today) = (ctx.lang, ctx.clock.today());
    let latest = if query.names_latest() { latest_year(ctx).await? } else { None };
    if let Some(year) = latest {
        query.of_latest(year);
    }
    // What is the latest year is told by other records than those that are counted here.
    let with_year = |version: String| latest.map_or(version.clone(), |year| format!("{version}.{}", year.0));
    if has(&with_year(version(&held.head().version(), &reach))) {
        return Ok(None);
    }
    let mut answer = aside(move || answered(set, &query, reach, &held.cube(), (lang, today))).await?;
    answer.version = with_year(answer.version);
    Ok(Some(answer))
}

/// The latest school year: the one that has begun last of those that the caller sees enrolments of. It is the same
/// for every data set, since a class that is planned makes no year.
pub(super) async fn latest_year(ctx: &Ctx) -> Result<Option<SchoolYear>> {
    let (set, reach, held) = opened(ctx, "enrolments", |_| false).await?;
    let at = set.place(Dimension::SchoolYear);
    let today = ctx.clock.today();
    let year = move || {
        let years = at.map(|at| held.cube().members(at, &reach)).filter(|years| !years.is_empty());
        Ok(years.map(|years| SchoolYear(latest(Dimension::SchoolYear, years, today))))
    };
    aside(year).await
}

/// Answers a query with the figures as they are: for those whose duty they are. The cells are those that were read last
/// ([`opened`]), so that it goes within a transaction.
pub(super) async fn exactly(ctx: &Ctx, set: &'static DataSet, query: StatisticsQuery) -> Result<StatisticsAnswer> {
    let held = held(ctx, set)?;
    let (lang, today) = (ctx.lang, ctx.clock.today());
    aside(move || answered(set, &query, Reach::whole_country(), &held.cube(), (lang, today))).await
}

/// The data set with its cells, and where the caller sees them as they are.
pub(super) async fn opened(
    ctx: &Ctx,
    id: &str,
    names: impl Fn(Dimension) -> bool,
) -> Result<(&'static DataSet, Reach, Arc<Held>)> {
    let set = known(id)?;
    reached(ctx).await?;
    let tx = ctx.read_once().await?;
    let (reach, shown) = (reach(&tx, set, names), shown(&tx.db).await?);
    // Whoever waits for cells holds no connection: the one who reads them needs another.
    tx.end(()).await?;
    check_counted(ctx, shown.position)?;
    let held = current(ctx, set, &shown).await?;
    ctx.position.note(held.head().position);
    Ok((set, reach, held))
}

/// Where the caller sees the figures of a data set as they are: everywhere when they tell of nobody, nowhere when the
/// dimensions that are named tell what the caller may not know of people.
pub(super) fn reach(tx: &Tx, set: &DataSet, names: impl Fn(Dimension) -> bool) -> Reach {
    if !set.personal {
        return Reach::whole_country();
    }
    let is_known = set.dimensions.iter().all(|dimension| !names(*dimension) || may_know(tx, set, *dimension));
    match tx.require(Permission::StatisticsRead) {
        Ok(scope) if is_known => scope.reach,
        _ => Reach::default(),
    }
}

/// Runs what may take long beside the requests.
pub(super) async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// What tells answers to the same question apart: the figures, and who sees which of them as they are.
pub(super) fn version(figures: &str, reach: &Reach) -> String {
    let Reach { country, provinces, communes, .. } = reach;
    match (country, provinces.is_empty() && communes.is_empty()) {
        (true, _) => figures.to_owned(),
        (false, true) => format!("{figures}.rounded"),
        (false, false) => format!("{figures}.{}", [provinces.join("+"), communes.join("+")].join("-")),
    }
}

pub(super) fn answered(
    set: &'static DataSet,
    query: &StatisticsQuery,
    reach: Reach,
    cube: &Cube,
    (lang, today): (Lang, NaiveDate),
) -> Result<StatisticsAnswer> {
    let version = version(&cube.version(), &reach);
    let view = View::of((set, cube), query, reach, today)?;
    let test = query.filter.as_ref().map(|filter| Test::of(filter, &view)).transpose()?;
    let (measures, groups) = (query.measures_in(set)?, query.groups_in(&view)?);
    let asked = Asked { view, query, measures, groups, test };
    check_sums(&asked)?;
    if query.top == Some(0) {
        return Err(refuse("top", "out_of_range", "Ít nhất 1 dòng.", "At least 1 row."));
    }
    let grid = Grid::of(&asked)?;
    let coverage = coverage(&asked, &grid);
    let mut rows: Vec<Row> = rows(&grid).collect();
    let dimension = |(nth, at): (usize, &usize)| {
        let figures: HashSet<&str> = rows.iter().map(|row| row.members[nth].as_str()).collect();
        let is_named = |code: &String| asked.only(*at).is_some_and(|named| named.codes.contains(code));
        let is_shown = |code: &&String| code.as_str() != TOTAL && (figures.contains(code.as_str()) || is_named(code));
        let members = grid.axes[nth].members.iter().filter(is_shown).cloned().collect();
        let dimension = asked.view.dimension(*at);
        shown_dimension(dimension, members, lang, asked.view.day(dimension))
    };
    let dimensions: Vec<AnswerDimension> = asked.groups.iter().enumerate().map(dimension).collect();
    sort(&mut rows, &asked)?;
    let has_rounded = grid.hides || rows.iter().any(|row| row.status == Some(FigureStatus::Rounded));
    let slice = slice(&asked, lang);
    Ok(StatisticsAnswer {
        data_set: set.id.clone(),
        title: set.title().in_lang(lang).to_owned(),
        source: set.source.clone(),
        notes: std::iter::once(set.about().in_lang(lang).to_owned())
            .chain(pinned(&slice))
            .chain(notes(set, has_rounded, lang))
            .chain(coverage.as_ref().map(|coverage| covered(coverage, lang)))
            .collect(),
        position: cube.head.position,
        counted_at: cube.head.counted_at,
        version,
        measures: asked.measures.iter().map(|at| set.measures[*at].clone()).collect(),
        dimensions,
        slice,
        rows,
        status_of_zero: grid.hides.then_some(FigureStatus::Rounded),
        coverage,
    })
}

/// The places with a figure. A group that is rounded to nothing is not told from one that nobody is in.
fn rows(grid: &Grid) -> impl Iterator<Item = Row> {
    let rows = grid.places().map(|figures| {
        let rounded = figures.is_rounded.then_some(FigureStatus::Rounded);
        Row {
            members: grid.members(figures.place),
            values: figures.values(),
            status: if figures.is_estimated() { Some(FigureStatus::Estimated) } else { rounded },
            exact: figures.is_estimated().then(|| figures.exact.to_vec()),
        }
    });
    rows.filter(|row| row.values.iter().any(|value| *value != 0))
}

/// How much is exact on the boundaries of before 2025-07-01, if those were asked for.
fn coverage(asked: &Asked<'_>, grid: &Grid) -> Option<Coverage> {
    let mut sums = asked.view.is_legacy().then(|| Coverage {
        boundaries: asked.view.on,
        exact: vec![0; grid.width],
        estimated: vec![0; grid.width],
    })?;
    for figures in grid.places().filter(|figures| !grid.is_total(figures.place)) {
        for (at, (value, exact)) in figures.values().iter().zip(figures.exact).enumerate() {
            sums.exact[at] += exact;
            sums.estimated[at] += value - exact;
        }
    }
    Some(sums)
}

/// The same in words.
fn covered(coverage: &Coverage, lang: Lang) -> String {
    let (exact, all) = (coverage.exact[0], coverage.exact[0] + coverage.estimated[0]);
    let (day, per_mille) = (coverage.boundaries, (exact * 1000).checked_div(all).unwrap_or(1000));
    let (whole, rest) = (per_mille / 10, per_mille % 10);
    let label = Label::new(
        format!(
            "Theo địa giới trước ngày 1/7/2025, như ngày {}: {whole},{rest}% số liệu nằm trọn trong các đơn vị cũ; phần \
             còn lại ước tính, chia đều cho các đơn vị cũ hợp thành xã hiện nay.",
            day.format("%d/%m/%Y")
        ),
        format!(
            "On the boundaries of before 2025-07-01 as they stood on {day}: {whole}.{rest}% lies in its legacy units for \
             certain; the rest is estimated, in equal shares of the legacy units that a commune of today was made of."
        ),
    );
    label.in_lang(lang).to_owned()
}

/// What the figures are of in the dimensions that they are not broken down by.
fn slice(asked: &Asked<'_>, lang: Lang) -> Vec<Slice> {
    let filter = asked.query.filter.as_ref();
    let of = |dimension: Dimension| {
        let at = asked.view.find(dimension).filter(|at| !asked.groups.contains(at))?;
        let code = match asked.only(at).map(|named| named.codes.as_slice()) {
            Some([one]) => one.as_str(),
            None if !filter.is_some_and(|filter| filter.names(dimension)) => TOTAL,
            _ => SOME,
        };
        let AnswerDimension { code, label, members, .. } =
            shown_dimension(dimension, vec![code.to_owned()], lang, asked.view.day(dimension));
        members.into_iter().next().map(|member| Slice { code, label, member })
    };
    // What only follows from the place is told of where it is asked for.
    let following = [Dimension::District, Dimension::Area].into_iter();
    let following = following.filter(|dimension| filter.is_some_and(|filter| filter.names(*dimension)));
    asked.view.set.dimensions.iter().copied().chain(following).filter_map(of).collect()
}

/// The same as a note, where it is one member.
fn pinned(slice: &[Slice]) -> Option<String> {
    let pinned = slice.iter().filter(|one| ![TOTAL, SOME].contains(&one.member.code.as_str()));
    let parts: Vec<String> = pinned.map(|one| format!("{}: {}", one.label, one.member.label)).collect();
    (!parts.is_empty()).then(|| parts.join("; ") + ".")
}

/// What whoever reads the figures must know of them.
fn notes(set: &DataSet, has_rounded: bool, lang: Lang) -> Vec<String> {
    let rounded = has_rounded.then(|| {
        Label::new(
            "Để bảo vệ cá nhân, số người được làm tròn lên hoặc xuống đến bội số của 5; nhóm rất nhỏ không hiển thị. \
             Mỗi dòng chi tiết được làm tròn riêng, nên tổng của các câu hỏi khác nhau có thể lệch nhau.",
            "To protect people, their numbers are rounded up or down to multiples of five; very small groups are not shown. \
             Each detailed row is rounded by itself, so totals of different questions may differ a little.",
        )
    });
    let overlapping: Vec<_> = set.dimensions.iter().filter(|dimension| !dimension.adds_up()).collect();
    let sums = (!overlapping.is_empty()).then(|| {
        let names = |label: fn(Label) -> String| {
            overlapping.iter().map(|dimension| label(dimension.label())).collect::<Vec<_>>().join(", ")
        };
        Label::new(
            format!("Không cộng số liệu theo: {}.", names(|label| label.vi)),
            format!("Figures do not add up over: {}.", names(|label| label.en)),
        )
    });
    rounded.into_iter().chain(sums).map(|label| label.in_lang(lang).to_owned()).collect()
}

/// A dimension with these members.
pub(super) fn shown_dimension(
    dimension: Dimension,
    codes: Vec<String>,
    lang: Lang,
    today: NaiveDate,
) -> AnswerDimension {
    let member = |code: String| {
        let own = match code.as_str() {
            TOTAL => Some(Label::new("Tổng số", "Total")),
            SOME => Some(Label::new("Một số", "Some")),
            _ => None,
        };
        let label = own.or_else(|| dimension.label_of(&code, today));
        Member { label: label.map_or_else(|| code.clone(), |label| label.in_lang(lang).to_owned()), code }
    };
    AnswerDimension {
        code: dimension,
        label: dimension.label().in_lang(lang).to_owned(),
        adds_up: dimension.adds_up(),
        members: codes.into_iter().map(member).collect(),
    }
}

/// What does not add up is broken down by, or one member of it is asked for.
fn check_sums(asked: &Asked<'_>) -> Result<()> {
    for (at, dimension) in asked.view.set.dimensions.iter().enumerate() {
        // One member, or none where there is no latest year yet.
        let one = || asked.only(at).is_some_and(|members| members.names && members.codes.len() <= 1);
        if !dimension.adds_up() && !asked.groups.contains(&at) && !one() {
            let (code, label) = (dimension.code(), dimension.label());
            return Err(refuse(
                "groupBy",
                "does_not_add_up",
                format!(
                    "Không cộng được theo chiều {code} ({}): thêm vào groupBy, hoặc lọc lấy một giá trị.",
                    label.vi
                ),
                format!("Figures do not add up over {code}: name it in groupBy, or filter it to one member."),
            ));
        }
    }
    Ok(())
}

fn sort(rows: &mut Vec<Row>, asked: &Asked<'_>) -> Result<()> {
    if let Some(sort) = &asked.query.sort {
        let (name, down) = sort.strip_prefix('-').map_or((sort.as_str(), false), |name| (name, true));
        let measure = asked.measures.iter().position(|at| asked.view.set.measures[*at].code == name);
        let group = asked.groups.iter().position(|at| asked.view.dimension(*at).code() == name);
        let order = |dimension: Dimension, row: &Row, at: usize| {
            let code = &row.members[at];
            (code == TOTAL, dimension.order(code).0, dimension.order(code).1, code.clone())
        };
        match (measure, group) {
            (Some(at), _) => rows.sort_by_key(|row| row.values[at]),
            (None, Some(at)) => rows.sort_by_cached_key(|row| order(asked.view.dimension(asked.groups[at]), row, at)),
            (None, None) => {
                return Err(refuse(
                    "sort",
                    "unknown_code",
                    "Sắp xếp theo một chiều hoặc một số đo của câu hỏi.",
                    "Sort by a dimension or a measure of the query.",
                ));
            }
        }
        if down {
            rows.reverse();
        }
    }
    if let Some(top) = asked.query.top {
        // Totals are none of them.
        let is_total = |row: &Row| row.members.iter().any(|member| member == TOTAL);
        let mut left = top;
        rows.retain(|row| {
            let stays = left > 0 || is_total(row);
            left = left.saturating_sub(u32::from(!is_total(row)));
            stays
        });
    }
    Ok(())
}
