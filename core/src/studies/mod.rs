//! Floor 8, the questions: published results run again.
