//! The bars of the page: on top the two big switches, below the causal chain and the time.

mod car;
mod chain;
mod clock;
mod sky;
mod time;
mod top;

pub use car::CarLine;
pub use chain::Chain;
pub use sky::{Sky, SunPicture};
pub use time::{MARKS, SPEEDS, TimeBar};
pub use top::TopBar;
