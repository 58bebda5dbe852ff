//! Statistics: data sets as data, the dimensions they are broken down by, and the cells that are kept.

pub mod age_band;
pub mod area;
pub mod cell;
pub mod count;
pub mod data_set;
pub mod dimension;
pub mod entry;
pub mod fact;
pub mod indicator;
pub mod period;
pub mod release;
pub mod release_part;
pub mod report;
pub mod report_figures;
pub mod report_form;
pub mod report_reminder;
