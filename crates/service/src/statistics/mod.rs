//! Statistics: cells counted from the journal, exactly once, and what is asked of them.

mod answer;
mod ask;
mod counting;
mod cube;
mod disclosure;
mod grid;
mod indicator;
mod lineage;
mod query;
pub mod release;
pub mod report;
mod table;
mod view;

pub use answer::{
    AnswerDimension, Coverage, FigureStatus, Member, Row, StatisticsAnswer, StatisticsDataSet, StatisticsDataSetHead,
    StatisticsDataSets,
};
pub use ask::{ask, get, list};
pub(crate) use counting::forget;
pub use counting::{rebuild, run, run_once};
pub(crate) use cube::Cubes;
pub use disclosure::ROUNDED_TO;
pub use grid::TOTAL;
pub use indicator::{
    IndicatorRow, StatisticsIndicator, StatisticsIndicatorAnswer, StatisticsIndicators, indicate, indicators,
};
pub use lineage::{StatisticsRecord, records};
pub use query::{MOST_FIGURES, StatisticsCondition, StatisticsQuery};
pub(crate) use release::StatisticsReleases;
