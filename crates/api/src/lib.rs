//! How it is said on the wire: REST, GraphQL, OpenAPI, problem JSON, tokens, configuration and
//! the command line.
//!
//! No handler and no resolver decides anything: they extract, call one use case and wrap.

// The merged GraphQL objects nest one future per resource.
#![recursion_limit = "256"]

pub mod access;
pub mod centres;
pub mod cli;
pub mod config;
pub mod conformance;
mod data_keys;
pub mod demo;
pub mod exchange;
pub mod graphql;
mod headers;
pub mod learners;
pub mod openapi;
mod pages;
mod problem;
pub mod programmes;
pub mod recognitions;
mod registry;
pub mod remote;
mod resource;
mod rest;
pub mod sandbox;
pub mod server;
mod state;
pub mod statistics;
mod step;
pub mod telemetry;
mod territory;
mod tls;

pub use config::Settings;
pub use gdtx_service::exchange::period::SyncPeriods;
pub use server::{Running, start};
