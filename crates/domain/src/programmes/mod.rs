//! What is taught: kinds of programmes, the programmes a centre offers, and its classes.

pub mod choice;
pub mod class;
pub mod class_check;
pub mod curriculum;
pub mod kind;
pub mod level;
pub mod offer;
pub mod programme;
pub mod programme_check;
