//! Cells, and which of them the last revisions changed.

pub mod change;
mod row;

pub use row::{ActiveModel, BETWEEN, Column, Entity, Model, Numbers, PrimaryKey, Relation, told};
