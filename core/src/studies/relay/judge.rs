//! What a run of the testbed proves: keys compared byte by byte, relays undone, steps put in order.

use super::testbed::{Act, Run};
use crate::ground::RelayedKey;
use crate::ground::order::gather;
use crate::ground::secret::KEY_BYTES;
use std::collections::BTreeMap;
use subtle::ConstantTimeEq;

/// A service settles in this time, seconds.
const SETTLE_S: f64 = 5.0;

/// Keys that both SAEs hold under the same name with the same bytes. O(n log n).
pub(super) fn equal_keys(run: &Run) -> usize {
    let far = index(run, 1);
    index(run, 0).iter().filter(|(id, key)| far.get(id).is_some_and(|other| *other == **key)).count()
}

fn index(run: &Run, end: usize) -> BTreeMap<crate::ground::KeyId, &RelayedKey> {
    gather(run.given[end].iter().map(|(_, key)| (key.id, key)))
}

/// Keys a second at the near and at the far SAE, from 5 s after the first on.
pub(super) fn steady_rates(run: &Run) -> [f64; 2] {
    run.given.each_ref().map(|given| {
        let times: Vec<f64> = given.iter().map(|(at, _)| at.as_secs()).collect();
        let (Some(first), Some(last)) = (times.first(), times.last()) else { return 0.0 };
        let Some(start) = times.iter().find(|t| **t >= first + SETTLE_S) else { return 0.0 };
        let after = times.iter().filter(|t| *t > start).count();
        if last > start { after as f64 / (last - start) } else { 0.0 }
    })
}

/// Of the keys that were relayed over a later hop: how many in the right way, and how many in all. In the right way:
/// what was sent is neither the end-to-end key X nor the hop's key Y, together with Y it is X, and X is what the far
/// SAE holds.
pub(super) fn relays(run: &Run) -> (usize, usize) {
    let far = index(run, 1);
    let (mut right, mut all) = (0, 0);
    for wire in run.wires.iter().filter(|wire| wire.hop > 0) {
        for (n, id) in wire.keys.iter().enumerate() {
            all += 1;
            let sent = wire.wrapped.get(n);
            let x = run.made.first().and_then(|made| made.get(id)).map(|key| key.expose());
            let hop = wire.hop_keys.get(n);
            let y = hop.and_then(|hop| run.made.get(usize::from(wire.hop))?.get(hop)).map(|key| key.expose());
            let (Some(sent), Some(x), Some(y), Some(held)) = (sent, x, y, far.get(id)) else { continue };
            let undone: [u8; KEY_BYTES] = std::array::from_fn(|i| sent[i] ^ y[i]);
            let hidden = !sent.ct_eq(x) & !sent.ct_eq(y);
            right += usize::from(bool::from(hidden & undone.ct_eq(x) & held.expose().ct_eq(x)));
        }
    }
    (right, all)
}

/// How many of the steps happen before the first that is missing or out of order. A step's place is that of the first
/// of its acts.
pub(super) fn in_order(run: &Run, steps: &[super::Step]) -> usize {
    let rank = |acts: &[Act]| run.tallies.iter().filter(|t| acts.contains(&t.act)).map(|t| t.rank).min();
    let mut last = None;
    steps
        .iter()
        .take_while(|(_, _, acts)| {
            let this = rank(acts);
            let follows = this.is_some() && this > last;
            last = this;
            follows
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::super::{NINE, Setup, figure_2, figure_4, run, starved};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_wrong_byte_a_bare_key_and_a_missing_step_are_noticed() {
        let good = run(&figure_2(), 5, &mut |_| ());
        assert_eq!(relays(&good), (good.given[1].len(), good.given[1].len()));
        assert_eq!(in_order(&good, &NINE), 9);

        let mut bare = good.clone();
        let wire = bare.wires.iter_mut().find(|w| w.hop == 1).expect("the run relays");
        let x = *bare.made[0][&wire.keys[0]].expose();
        wire.wrapped[0] = x;
        let all = good.given[1].len();
        assert_eq!(relays(&bare), (all - 1, all));

        let mut changed = good.clone();
        let (at, key) = changed.given[0].pop().expect("keys were delivered");
        let mut bytes = *key.expose();
        bytes[31] ^= 1;
        changed.given[0].push((at, RelayedKey::new(key.id, key.service, key.hops, bytes)));
        assert_eq!(equal_keys(&changed), equal_keys(&good) - 1);

        let mut without = good.clone();
        without.tallies.retain(|t| t.act != Act::Ordered);
        assert_eq!(in_order(&without, &NINE), 4);
        let mut late = good;
        late.tallies.iter_mut().filter(|t| t.act == Act::Asked).for_each(|t| t.rank = 999);
        assert_eq!(in_order(&late, &NINE), 3);
    }

    #[test]
    fn the_first_hop_carries_names_alone() {
        let run = run(&figure_4(), 1, &mut |_| ());
        assert!(!run.wires.is_empty());
        assert!(run.wires.iter().all(|w| w.hop == 0 && w.wrapped.is_empty() && w.keys == w.hop_keys));
    }

    #[test]
    fn without_keys_on_the_second_hop_neither_end_gets_any() {
        let never = Setup { stop: Some((1, 0.0)), ..figure_2() };
        let nothing = run(&never, 3, &mut |_| ());
        assert!(nothing.starved.is_some());
        assert!(nothing.given.iter().all(Vec::is_empty));
        assert_eq!(nothing.taken_bits, [[0, 0], [0, 0]], "keys of the first hop are not wasted");

        let cut = run(&starved(), 3, &mut |_| ());
        let [near, far] = cut.given.each_ref().map(Vec::len);
        assert_eq!(near, far);
        assert_eq!(equal_keys(&cut), near);
        assert!(near <= cut.made[1].len() && near + 4 > cut.made[1].len(), "{near} of {}", cut.made[1].len());
        let starved_at = cut.starved.expect("B-C runs dry");
        assert!(cut.given.iter().flatten().all(|(at, _)| *at < starved_at));
        assert_eq!(cut.unreadable, 0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        /// However long the row and however fast the service: equal keys at both ends, one key of each hop for each,
        /// and every relay hides what it carries.
        #[test]
        fn both_ends_hold_the_same_at_every_rate(nodes in 2u8..6, keys_per_s in 0.2f64..20.0, driver in 1u32..40, seed in any::<u64>()) {
            let setup = Setup { nodes, keys_per_s, driver_keys_per_s: driver, until_s: 30.0, ..figure_2() };
            let run = run(&setup, seed, &mut |_| ());
            let keys = run.given[0].len();
            if f64::from(driver) > keys_per_s {
                prop_assert!(keys > 0);
            }
            prop_assert_eq!((equal_keys(&run), run.given[1].len()), (keys, keys));
            prop_assert_eq!(relays(&run), (keys * usize::from(nodes - 2), keys * usize::from(nodes - 2)));
            prop_assert_eq!(run.taken_bits, vec![[keys as u64 * 256; 2]; usize::from(nodes - 1)]);
            prop_assert_eq!(run.unreadable, 0);
        }

        /// Where the drivers keep up, the service gets the rate that it asked for.
        #[test]
        fn the_rate_asked_for_is_delivered(keys_per_s in 0.2f64..16.0, seed in any::<u64>()) {
            let setup = Setup { keys_per_s, driver_keys_per_s: 20, ..figure_2() };
            let rates = steady_rates(&run(&setup, seed, &mut |_| ()));
            // A whole number of keys a cycle: off by one cycle's keys over 50 s.
            let tolerance = 2.0 * (keys_per_s * 0.5 + 1.0) / 45.0;
            prop_assert!(rates.iter().all(|rate| (rate - keys_per_s).abs() < tolerance), "{rates:?}");
        }
    }
}
