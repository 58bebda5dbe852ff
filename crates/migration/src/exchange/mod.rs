//! Tables of the exchange: the journal, what waits, and what is kept of the past.

pub mod m0001_exchange;
pub mod m0008_imports;
pub mod m0009_windows;
pub mod m0010_webhooks;
pub mod m0011_past;
pub mod m0012_exports;
