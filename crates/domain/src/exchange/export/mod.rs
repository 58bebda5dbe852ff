//! Files that take many records out: the job, and the file in pieces until it is forgotten.

pub mod chunk;
pub mod job;
