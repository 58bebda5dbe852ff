//! What is taught: the reference of programme kinds, the programmes of centres, their classes.

pub mod class;
pub mod class_state;
pub mod kind;
pub mod programme;
pub mod programme_state;
mod teachers;
