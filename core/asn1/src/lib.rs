//! ETSI message types, generated at build time from the standards' ASN.1: TS 102 894-2 (common data dictionary 2.2.1)
//! and TS 103 324 (CPM 2.1.1). Nothing of them is written by hand; see `build.rs`.

mod codec;
#[allow(missing_docs, warnings, clippy::all, rustdoc::all)]
mod generated {
    // Generated code: its names, forms and comments are the standards'.
    include!(concat!(env!("OUT_DIR"), "/cpm.rs"));
}

pub use codec::Uper;
pub use generated::*;
