//! Tables of recognitions.

pub mod m0006_recognitions;
