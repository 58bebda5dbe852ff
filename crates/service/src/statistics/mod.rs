//! Statistics: cells counted from the journal, exactly once, and what is asked of them.

mod affected;
mod answer;
mod attributes;
mod count;
mod cube;
mod fact;
mod query;
mod rebuild;

pub use answer::{
    AnswerDimension, FigureStatus, Member, ROUNDED_TO, Row, StatisticsAnswer, StatisticsDataSet, ask, get, list,
};
pub use count::{run, run_once};
pub(crate) use cube::Cubes;
pub use query::{MOST_FIGURES, StatisticsCondition, StatisticsQuery};
pub use rebuild::rebuild;
