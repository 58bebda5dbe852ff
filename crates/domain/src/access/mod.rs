//! Who talks to the service: clients, their roles, reach and agreements, what they read of people,
//! and the keys of tokens.

pub mod access_entry;
pub mod access_head;
pub mod access_record;
pub mod agreement;
pub mod client;
pub mod competence;
pub mod purpose;
pub mod rate;
pub mod reach;
pub mod reach_change;
pub mod registration;
pub mod revoked_token;
pub mod role;
pub mod signing_key;
pub mod vault_key;
