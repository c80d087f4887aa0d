//! A photon block's way from pulses to secret bits, as a waterfall: what each step leaves.

use super::{At, Block, Chronicle, known};
use crate::distill::Event as E;
use crate::distill::trace::Line;
use crate::ground::{Authentication, BlockId, SimTime};
use crate::link;
use serde::{Deserialize, Serialize};

/// Blocks shown.
const SHOWN: usize = 40;

/// The newest blocks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BlocksView {
    /// Newest first.
    pub blocks: Vec<BlockView>,
    /// Blocks ready by now, and how many of them were dropped.
    pub made: u32,
    /// Dropped.
    pub dropped: u32,
}

/// One block. What is not known yet is `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BlockView {
    /// Which.
    pub id: Option<BlockId>,
    /// When its last pulse was sent, seconds.
    pub t_s: f64,
    /// Pulses sent.
    pub pulses: u64,
    /// Pulses detected.
    pub clicks: u64,
    /// Loss of the channel, detector not counted, dB.
    pub loss_db: f64,
    /// Time from the first to the last pulse, seconds.
    pub duration_s: f64,
    /// Bits sifted in the key basis.
    pub key_bits: Option<u32>,
    /// Bits sifted in the check basis, all disclosed.
    pub check_bits: Option<u32>,
    /// Error rate of the check basis, 0 to 1.
    pub qber_z: Option<f64>,
    /// Error rate of the key basis, 0 to 1.
    pub qber_x: Option<f64>,
    /// Parities disclosed.
    pub leak_bits: Option<u32>,
    /// Leak over the Shannon limit.
    pub efficiency: Option<f64>,
    /// Questions and answers of the reconciliation.
    pub round_trips: Option<u32>,
    /// Vacuum events among the key bits, at least.
    pub s_x0: Option<f64>,
    /// Single-photon events among the key bits, at least.
    pub s_x1: Option<f64>,
    /// Phase error rate of these, at most.
    pub phase_error: Option<f64>,
    /// Secret bits.
    pub secret_bits: Option<u32>,
    /// Secret bits kept back as pads for tags to come.
    pub pad_bits: Option<u32>,
    /// Bits under a whole key at the end, discarded.
    pub discarded_bits: Option<u32>,
    /// Pairs of pads left.
    pub pairs_left: Option<u32>,
    /// What vouched for the round.
    pub authentication: Option<Authentication>,
    /// What was said, with sizes, times and leaked bits.
    pub trace: Vec<Line>,
    /// Keys made.
    pub keys: u32,
    /// Why it was dropped, where it was.
    pub dropped: Option<String>,
}

impl Block {
    pub(super) fn view(&self, id: &BlockId, at: SimTime) -> Option<BlockView> {
        let (t, ready) = self.ready.as_ref().filter(|(t, _)| *t <= at)?;
        let mut view = BlockView { id: Some(id.clone()), t_s: t.as_secs(), ..BlockView::default() };
        if let link::Event::BlockReady { pulses, clicks, loss_db, duration_s, .. } = ready {
            (view.pulses, view.clicks, view.loss_db, view.duration_s) =
                (*pulses, *clicks, *loss_db, *duration_s);
        }
        if let Some(E::Sifted { key_bits, check_bits, qber_z, .. }) = known(&self.sifted, at) {
            (view.key_bits, view.check_bits, view.qber_z) =
                (Some(*key_bits), Some(*check_bits), Some(*qber_z));
        }
        if let Some(E::Reconciled { qber_x, leak_bits, efficiency, round_trips, .. }) =
            known(&self.reconciled, at)
        {
            (view.qber_x, view.leak_bits) = (Some(*qber_x), Some(*leak_bits));
            (view.efficiency, view.round_trips) = (Some(*efficiency), Some(*round_trips));
        }
        match known(&self.ended, at) {
            Some(E::Distilled {
                bound,
                secret_bits,
                pad_bits,
                discarded_bits,
                pairs_left,
                authentication,
                keys,
                trace,
                ..
            }) => {
                (view.s_x0, view.s_x1, view.phase_error) =
                    (Some(bound.s_x0), Some(bound.s_x1), Some(bound.phi));
                (view.secret_bits, view.pad_bits) = (Some(*secret_bits), Some(*pad_bits));
                (view.discarded_bits, view.pairs_left) = (Some(*discarded_bits), Some(*pairs_left));
                (view.authentication, view.trace) = (Some(*authentication), trace.clone());
                view.keys = keys.len() as u32;
            }
            Some(E::Dropped { why, pairs_left, trace, .. }) => {
                view.dropped = Some(why.to_string());
                (view.pairs_left, view.trace) = (Some(*pairs_left), trace.clone());
            }
            _ => {}
        }
        Some(view)
    }

    fn ready_by(&self, at: SimTime) -> bool {
        known(&self.ready, at).is_some()
    }
}

impl Chronicle {
    pub(super) fn blocks_view(&self, link: Option<&str>, at: SimTime) -> BlocksView {
        let of_link = || {
            self.blocks.iter().filter(|(id, b)| link.is_none_or(|l| id.link.as_str() == l) && b.ready_by(at))
        };
        let time = |b: &Block| b.ready.as_ref().map_or(SimTime::ZERO, |(t, _): &At<_>| *t);
        let mut newest: Vec<_> = of_link().collect();
        newest.sort_unstable_by(|(a, one), (b, other)| time(other).cmp(&time(one)).then_with(|| a.cmp(b)));
        let dropped = of_link().filter(|(_, b)| matches!(known(&b.ended, at), Some(E::Dropped { .. })));
        let gone = || self.gone_blocks(|id| link.is_none_or(|l| id.as_str() == l), at);
        BlocksView {
            made: newest.len() as u32 + gone().map(|g| g.made).sum::<u32>(),
            dropped: dropped.count() as u32 + gone().map(|g| g.dropped).sum::<u32>(),
            blocks: newest.into_iter().take(SHOWN).filter_map(|(id, b)| b.view(id, at)).collect(),
        }
    }
}
