//! The contract on the wire that holds for every resource: shapes, parameters, headers, refusals.

mod corpus;
mod documents;
mod engine;
mod headers;
mod limits;
mod plausible;
mod tls;
mod traces;
