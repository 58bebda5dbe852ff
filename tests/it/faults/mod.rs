//! What befalls a service: hostile bodies, slow clients, a disk that is full, a database that goes
//! away, and a clock that jumps. Each has a clear outcome, and nothing is half-written.

mod bodies;
mod clock;
mod storage;
