//! The proof from outside: one binary that drives the running service on both databases.

#![recursion_limit = "256"]

mod support;

mod access;
mod artefacts;
mod centres;
mod demo;
mod exchange;
mod faults;
mod fields;
mod health;
mod house;
mod learners;
mod operations;
mod programmes;
mod recognitions;
mod relations;
mod statistics;
mod territory;
mod tour;
mod wire;
