//! What may be done and by whom: use cases, authorisation, transactions, journal, and the
//! shapes that REST and GraphQL both show.
//!
//! No caller gets a connection: a handler or a resolver can only call a use case, and every
//! use case authorises first.

pub mod access;
pub mod centres;
pub mod exchange;
pub mod learners;
pub mod programmes;
pub mod recognitions;
pub mod statistics;
pub mod territory;

mod batch;
mod clock;
mod ctx;
mod database;
mod error;
mod field;
mod filter;
mod memory;
mod meta;
mod page;
mod pager;
mod replicas;
mod resource;
mod shape;
mod together;
mod tx;
mod vault;
mod written;

pub use batch::Batch;
pub use clock::{Clock, Ids, Shift};
pub use ctx::{Actor, Ctx, Seen};
pub use database::{Database, DatabaseOptions, OpenError};
pub use error::{Code, Error, Result};
pub use page::{Count, DEFAULT_FIRST, MAX_FIRST, Page, PageInfo, PageRequest};
pub use replicas::{Replicas, Served};
pub use resource::{
    AsOf, Found, Known, Resource, Version, create, find, find_unless, get, get_many, history, list, list_of, retire,
    update, upsert,
};
pub use shape::{Meta, Record};
pub use vault::{Keyring, rewrap};
pub use written::{Problem, Written};

pub use gdtx_domain as domain;
