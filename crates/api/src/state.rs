//! What every request shares: database, settings, token keys and the GraphQL schema.

use gdtx_service::{Clock, Database};

use crate::{
    Settings,
    access::token::Tokens,
    graphql::{Documents, Schema},
};

/// The application, shared by all workers.
pub struct App {
    pub db: Database,
    pub clock: Clock,
    pub settings: Settings,
    pub tokens: Tokens,
    /// What the schema takes, to say what is wrong with what was sent.
    pub inputs: crate::graphql::Inputs,
    pub schema: Schema,
    /// GraphQL documents that came before.
    pub documents: Documents,
}
