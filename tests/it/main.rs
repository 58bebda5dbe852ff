//! The proof from outside: one binary that drives the running service on both databases.

mod support;

mod artefacts;
mod exchange;
mod health;
mod house;
mod programmes;
