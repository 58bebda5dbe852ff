//! Who may do what and where; clients, their secrets and keys, the keys of our tokens, and the log
//! of what was read of people.

pub mod authenticate;
pub(crate) mod caller;
pub mod client;
pub mod explain;
pub mod keys;
pub mod log;
pub mod policy;
pub mod quota;
pub mod scope;
pub mod token;
pub mod vendor;

pub(crate) mod reach;
