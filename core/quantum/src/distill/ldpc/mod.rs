//! Reconciliation in few messages: low-density parity checks whose rate follows the error rate bit by bit.
//!
//! Alice tells the syndrome of her bits, Bob looks for the likeliest errors that explain the difference to his own
//! (Slepian-Wolf coding with syndromes, Wyner 1974). Where Cascade needs dozens of round trips this needs half of one for
//! most frames; those that do not decode ask for the bits that would help most, and few rounds make the leak nearly as
//! small as Cascade's.
//!
//! * Any number of checks: [`Code`]s are built when they are needed, in milliseconds, for each number of rows; what a
//!   syndrome has beyond the leak aimed at is hidden by puncturing, what a word has beyond the frame is shortened
//!   (Elkouss, Martinez-Mateo and Martin 2011). So a syndrome leaks to the bit what the [`Plan`] says.
//! * Questions: where a few iterations bring no more parities to hold, Bob asks for the bits of which he is least sure,
//!   punctured or not, the more the further he is (Martinez-Mateo, Elkouss and Martin 2012; Kiktenko, Trushechkin, Lim,
//!   Kurochkin and Fedorov 2017, symmetric blind reconciliation), goes on from where he was, and so on. With
//!   [`Margin::OneWay`] the syndrome tells enough for all but one frame in thirty, with [`Margin::Blind`] for one in ten.
//! * Leak = bits of the syndromes - punctured bits + bits told. Both ends count it alike. The punctured bits hide
//!   exactly as many bits of the frame, since no check holds two of them ([`Layout::leak_bits`]).
//! * A corrected frame has Alice's syndrome. That it equals hers is for the verification to say.
//!
//! ```
//! use keyway_quantum::distill::ldpc::{Codes, Corrector, Decoder, Plan, Sender, Settings, Step};
//! use keyway_quantum::ground::{Bits, Streams};
//!
//! let (len, qber) = (30_000, 0.03);
//! let mut rng = Streams::new(1).stream("example");
//! let hers: Bits = (0..len).map(|_| rng.chance(0.5)).collect();
//! let his: Bits = (0..len).map(|i| hers.get(i) ^ rng.chance(qber)).collect();
//!
//! // Length, error rate, settings and seed are public: both ends make the same plan.
//! let plan = Plan::new(len, qber, Settings::FAST, 7, &mut Codes::default())?;
//! let mut alice = Sender::new(&plan, &hers, &mut rng)?;
//! let mut bob = Corrector::new(&plan, &his)?;
//!
//! let mut decoder = Decoder::default();
//! let mut step = bob.start(&alice.syndrome(), &mut decoder)?;
//! while let Step::Ask(questions) = step {
//!     step = bob.answer(&alice.answer(&questions)?, &mut decoder)?;
//! }
//! assert!(bob.failed().next().is_none() && bob.bits() == hers);
//! assert_eq!(alice.leak_bits, bob.leak_bits);
//! # Ok::<(), keyway_quantum::distill::ldpc::Error>(())
//! ```

mod code;
mod decoder;
mod degrees;
mod kernel;
mod party;
mod plan;
#[cfg(test)]
mod tests;

pub use code::{Code, Codes, Shape};
pub use decoder::{Decoder, Found, Prior, Progress};
pub use party::{Corrector, Question, Sender, Step};
pub use plan::{Error, Layout, Margin, Plan, Settings};
