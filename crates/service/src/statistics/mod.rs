//! Statistics: cells counted from the journal, exactly once, and what is asked of them.

mod affected;
mod answer;
mod ask;
mod attributes;
mod count;
mod cube;
mod disclosure;
mod fact;
mod grid;
mod indicator;
mod forget;
mod query;
mod rebuild;
mod table;
mod recount;

pub use answer::{
    AnswerDimension, FigureStatus, Member, Row, StatisticsAnswer, StatisticsDataSet, StatisticsDataSetHead,
    StatisticsDataSets,
};
pub use ask::{ask, get, list};
pub use count::{run, run_once};
pub(crate) use cube::Cubes;
pub use disclosure::ROUNDED_TO;
pub use indicator::{
    IndicatorRow, StatisticsIndicator, StatisticsIndicatorAnswer, StatisticsIndicators, indicate, indicators,
};
pub(crate) use forget::forget;
pub use query::{MOST_FIGURES, StatisticsCondition, StatisticsQuery};
pub use rebuild::rebuild;
