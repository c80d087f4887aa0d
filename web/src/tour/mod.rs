//! The story: about eight steps that drive the page. Each sets the run up by what a link could say, so that any step
//! can be reached, replayed and sent to somebody by itself.

mod card;
mod steps;

pub use card::StoryCard;
pub use steps::STEPS;
