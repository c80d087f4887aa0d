//! ETSI message types, generated at build time from the standards' ASN.1: TS 102 894-2 (common data dictionary 2.2.1)
//! and TS 103 324 (CPM 2.1.1). Nothing here is written by hand; see `build.rs`.

// Generated code: its names, forms and comments are the standards'.
#![allow(missing_docs, warnings, clippy::all, rustdoc::all)]

include!(concat!(env!("OUT_DIR"), "/cpm.rs"));
