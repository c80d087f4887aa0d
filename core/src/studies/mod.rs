//! Floor 8, the questions: one file for each published result that is run again.

pub mod table2;
