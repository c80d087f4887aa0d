//! What holds of every block: laws of the bounds, refusals at the door, and the best choice against others.

use super::*;
use crate::distill::asymptotic::{self, Channel, Light, Post};
use proptest::prelude::*;

const ONE_PHOTON: Bound = Bound::Tomamichel2012 { g2: 0.01 };
const FINITE: [Bound; 4] = [Bound::Lim2014, Bound::Rusca2018, Bound::Wiesemann2024, ONE_PHOTON];

fn block(bound: Bound, eta: f64, y0: f64, pulses: f64) -> Block {
    let channel = Channel { eta, y0, e_d: 0.01 };
    let coincidence = Coincidence::Coin;
    Block { bound, channel, coincidence, pulses, f_ec: 1.16, eps_sec: 1e-10, eps_cor: 1e-15 }
}

/// A usual choice of as many intensities as the bound has.
fn usual(bound: Bound) -> Choice {
    let (mu, p) = match bound.intensities() {
        3 => (vec![0.5, 0.1, 0.0], vec![0.7, 0.2, 0.1]),
        2 => (vec![0.5, 0.1], vec![0.7, 0.3]),
        _ => (vec![0.5], vec![1.0]),
    };
    Choice { mu, p, p_x: 0.9 }
}

fn best(block: &Block) -> Option<Best> {
    block.best(0.0).unwrap()
}

/// Day and night, near and far, short blocks and long.
fn blocks() -> impl Iterator<Item = Block> {
    let channels =
        [(0.5, 2e-4, 1e7), (0.1, 1e-5, 1e9), (0.05, 2e-4, 1e8), (0.01, 1e-6, 1e8), (1e-3, 1e-7, 1e12)];
    FINITE.into_iter().flat_map(move |bound| channels.map(|(eta, y0, n)| block(bound, eta, y0, n)))
}

#[test]
fn no_point_of_a_grid_gives_more_than_the_best_choice() {
    const STEPS: [f64; 7] = [0.03, 0.1, 0.25, 0.45, 0.65, 0.85, 0.97];
    for block in blocks() {
        let length = best(&block).map_or(0.0, |best| best.key.length);
        for mu1 in STEPS {
            for (share, p_x) in STEPS.into_iter().flat_map(|share| STEPS.map(|p_x| (share, p_x))) {
                for (p1, split) in STEPS.into_iter().flat_map(|p1| STEPS.map(|split| (p1, split))) {
                    let (mu2, rest) = (mu1 * share, 1.0 - p1);
                    let (mu, p) = match block.bound.intensities() {
                        3 => (vec![mu1, mu2, 0.0], vec![p1, rest * split, rest * (1.0 - split)]),
                        2 => (vec![mu1, mu2], vec![p1, rest]),
                        _ => (vec![mu1], vec![1.0]),
                    };
                    let choice = Choice { mu, p, p_x };
                    let other = block.key_length(&choice).unwrap().length;
                    assert!(other <= length, "{block:?}: {choice:?} gives {other}, over {length}");
                }
                if block.bound.intensities() == 1 {
                    break;
                }
            }
        }
    }
}

/// A step to any side from the best choice gives less.
#[test]
fn no_neighbour_gives_more_than_the_best_choice() {
    for block in blocks() {
        let Best { choice, key } = best(&block).unwrap();
        for (factor, at) in [0.99, 0.999, 1.001, 1.01].into_iter().flat_map(|f| (0..5).map(move |at| (f, at)))
        {
            let mut other = choice.clone();
            match at {
                0 => {
                    other.mu[0] = if block.bound == ONE_PHOTON {
                        (other.mu[0] * factor).min(1.0)
                    } else {
                        other.mu[0] * factor
                    }
                }
                1 if other.mu.len() > 1 => other.mu[1] *= factor,
                2 => other.p_x = 1.0 - (1.0 - other.p_x) * factor,
                _ => {
                    other.p[at % choice.p.len()] *= factor;
                    let sum: f64 = other.p.iter().sum();
                    other.p.iter_mut().for_each(|p| *p /= sum);
                }
            }
            let length = block.key_length(&other).unwrap().length;
            assert!(length <= key.length * (1.0 + 1e-12), "{block:?}: {length} over {}", key.length);
        }
    }
}

/// The key of the best choice is the key of that choice, and of a choice that passes the checks.
#[test]
fn the_best_choice_gives_what_it_says() {
    for block in blocks() {
        let Best { choice, key } = best(&block).unwrap();
        let again = block.key_length(&choice).unwrap();
        assert!((again.length - key.length).abs() <= 1e-9 * key.length, "{again:?} {key:?}");
    }
}

#[test]
fn more_pulses_give_more_a_pulse_and_never_what_an_endless_block_gives() {
    for bound in FINITE {
        for (eta, y0) in [(0.2, 2e-4), (0.01, 1e-6)] {
            let per_pulse = |exponent: i32| {
                let pulses = libm::pow(10.0, f64::from(exponent) / 2.0);
                best(&block(bound, eta, y0, pulses)).map_or(0.0, |best| best.key.length / pulses)
            };
            let rates: Vec<f64> = (7..30).map(per_pulse).collect();
            assert!(rates.windows(2).all(|w| w[0] <= w[1]), "{bound:?} {rates:?}");
            let last = rates[rates.len() - 1];
            assert!(rates[0] == 0.0 && last > 0.0, "{bound:?} {rates:?}");
            if bound != ONE_PHOTON {
                let post = Post { sifted: 1.0, f_ec: 1.16 };
                let endless = block(bound, eta, y0, 1.0).channel.best_decoy(&post).rate;
                assert!(last < endless && last > 0.75 * endless, "{last} {endless}");
            }
        }
    }
}

/// Rusca et al. (2018), abstract: blocks of up to 10^8 bits give more with one decoy than with two in almost all
/// settings, endless ones less. Here from 20 to 40 dB.
#[test]
fn one_decoy_beats_two_until_blocks_are_long() {
    for eta in [1e-2, 1e-3, 1e-4] {
        let of = |bound, pulses| best(&block(bound, eta, 1e-7, pulses)).unwrap();
        for sifted in [1e6, 1e7, 1e8] {
            // About a quarter of a photon a pulse arrives in X at both ends.
            let pulses = sifted / (0.25 * eta);
            let (one, two) = (of(Bound::Rusca2018, pulses), of(Bound::Lim2014, pulses));
            assert!(one.key.length > two.key.length, "{eta} {sifted}: {one:?} {two:?}");
        }
        let pulses = 1e14 / eta;
        assert!(of(Bound::Rusca2018, pulses).key.length < of(Bound::Lim2014, pulses).key.length);
    }
}

#[test]
fn where_no_choice_gives_a_key_there_is_none() {
    for bound in FINITE {
        assert_eq!(best(&block(bound, 1e-4, 1e-5, 1e7)), None);
        assert_eq!(best(&block(bound, 0.0, 0.0, 1e12)), None);
        let noisy = Channel { eta: 0.5, y0: 1e-6, e_d: 0.2 };
        assert_eq!(best(&Block { channel: noisy, ..block(bound, 0.5, 0.0, 1e15) }), None);
    }
    assert_eq!(block(Bound::Asymptotic, 0.1, 0.0, 1e9).best(0.0), Err(ParameterError::Endless));
}

/// A weakest intensity that is not vacuum is kept, and costs.
#[test]
fn a_leaking_modulator_costs_key() {
    let block = block(Bound::Lim2014, 0.1, 1e-5, 1e9);
    let leaking = block.best(2e-4).unwrap().unwrap();
    assert_eq!(leaking.choice.mu[2], 2e-4);
    assert!(leaking.key.length < best(&block).unwrap().key.length);
}

/// The bits of a key, of the best choice and of all between are the same on every target.
#[test]
fn every_target_gives_these_bits() {
    let digest = blocks().chain([block(Bound::Asymptotic, 0.1, 1e-5, 1e9)]).fold(0u64, |digest, block| {
        let key = block.key_length(&usual(block.bound)).unwrap();
        let best = block.best(0.0).ok().flatten();
        let choice = best
            .iter()
            .flat_map(|b| b.choice.mu.iter().chain(&b.choice.p).chain([&b.choice.p_x, &b.key.length]));
        let all = [key.s_x0, key.s_x1, key.s_z1, key.v_z1, key.phi, key.leak, key.length];
        all.iter().chain(choice).fold(digest, |d, x| d.rotate_left(7) ^ x.to_bits())
    });
    assert_eq!(digest, 0x3355_30d6_d701_d599, "{digest:#x}");
}

#[test]
fn what_is_out_of_range_is_named() {
    let good = block(Bound::Lim2014, 0.01, 1e-6, 1e11);
    let channel = |eta, y0, e_d| Block { channel: Channel { eta, y0, e_d }, ..good };
    let bad_blocks = [
        ("eta", channel(1.5, 0.0, 0.0)),
        ("eta", channel(f64::NAN, 0.0, 0.0)),
        ("y0", channel(0.1, -1e-9, 0.0)),
        ("e_d", channel(0.1, 0.0, 0.51)),
        ("pulses", Block { pulses: f64::INFINITY, ..good }),
        ("f_ec", Block { f_ec: 0.9, ..good }),
        ("eps_sec", Block { eps_sec: 0.0, ..good }),
        ("eps_cor", Block { eps_cor: f64::NAN, ..good }),
    ];
    for (name, block) in bad_blocks {
        let error = block.key_length(&usual(good.bound)).unwrap_err();
        assert_eq!(error.name(), name);
        assert!(error.to_string().starts_with(name), "{error}");
        assert_eq!(block.best(0.0).unwrap_err().name(), name);
    }
    assert_eq!(good.best(f64::NAN).unwrap_err().name(), "mu3");
    let bright = Block { bound: Bound::Tomamichel2012 { g2: 1.1 }, ..good };
    assert_eq!(bright.best(0.0).unwrap_err().name(), "g2");
    let of = |mu: &[f64], p: &[f64], p_x| Choice { mu: mu.to_vec(), p: p.to_vec(), p_x };
    let (mu, p) = ([0.5, 0.1, 0.0], [0.7, 0.2, 0.1]);
    let bad_choices = [
        ("mu", of(&[0.5, 0.1], &p, 0.9)),
        ("mu", of(&[0.5, 0.5, 0.0], &p, 0.9)),
        ("mu", of(&[0.5, 0.3, 0.2], &p, 0.9)),
        ("mu", of(&[0.5, 0.1, 0.1], &p, 0.9)),
        ("mu", of(&[0.5, f64::NAN, 0.0], &p, 0.9)),
        ("mu", of(&[0.5, 0.1, -0.1], &p, 0.9)),
        ("p", of(&mu, &[0.7, 0.3], 0.9)),
        ("p", of(&mu, &[0.7, 0.3, 0.0], 0.9)),
        ("p", of(&mu, &[0.7, 0.2, 0.1 + 2e-9], 0.9)),
        ("p", of(&mu, &[0.7, f64::NAN, 0.1], 0.9)),
        ("p_x", of(&mu, &p, 1.0)),
        ("p_x", of(&mu, &p, f64::NAN)),
    ];
    for (name, choice) in bad_choices {
        let error = good.key_length(&choice).unwrap_err();
        assert_eq!(error.name(), name, "{error}");
    }
    assert!(good.key_length(&of(&mu, &[0.7, 0.2, 0.1 + 5e-10], 0.9)).is_ok());
    let error = channel(1.5, 0.0, 0.0).key_length(&usual(good.bound)).unwrap_err();
    assert_eq!(error.to_string(), "eta is 1.5, expected 0 to 1");
}

proptest! {
    /// An endless block is one without deviations, and the rate of [`asymptotic::two_decoys`].
    #[test]
    fn an_endless_block_has_the_rate_of_its_decoys(
        eta in 1e-3f64..1.0, y0 in 1e-7f64..1e-4, e_d in 0.0f64..0.05, mu1 in 0.3f64..0.9, mu2 in 0.05f64..0.25,
        mu3 in 0.0f64..0.01, p_x in 0.5f64..0.99,
    ) {
        let channel = Channel { eta, y0, e_d };
        let block = Block { channel, coincidence: Coincidence::Both, ..block(Bound::Asymptotic, eta, y0, 1e10) };
        let choice = Choice { mu: vec![mu1, mu2, mu3], p: vec![0.6, 0.3, 0.1], p_x };
        let key = block.key_length(&choice).unwrap();
        let lights = [mu1, mu2, mu3].map(|mu| channel.laser(mu));
        let yields = asymptotic::two_decoys(&lights[0], &lights[1], &lights[2]).unwrap();
        let mean = |f: &dyn Fn(&Light) -> f64| -> f64 { lights.iter().zip(&choice.p).map(|(l, p)| p * f(l)).sum() };
        let gain = mean(&|l| l.gain);
        let all = Light { mean_photons: 0.0, gain, error: mean(&|l| l.gain * l.error) / gain };
        let rate = mean(&|l| asymptotic::decoy_secret(l.mean_photons, &yields)) - asymptotic::disclosed(&all, 1.16);
        prop_assume!(yields.single_error < 0.5);
        let length = 1e10 * p_x * p_x * rate;
        prop_assert!((key.length - length).abs() < 1e-6 * 1e10 * gain, "{} {length}", key.length);
        let finite = Block { bound: Bound::Lim2014, ..block }.key_length(&choice).unwrap();
        prop_assert!(finite.length <= key.length.max(-1.0));
    }

    /// Noise, errors, leak and caution cost; pulses pay.
    #[test]
    fn a_better_channel_gives_a_longer_key(
        which in 0usize..4, eta in 5e-3f64..0.5, y0 in 1e-7f64..1e-4, exponent in 7.0f64..12.0,
    ) {
        let block = block(FINITE[which], eta, y0, libm::pow(10.0, exponent));
        let choice = usual(block.bound);
        let of = |block: Block| block.key_length(&choice).unwrap().length.max(0.0);
        let now = of(block);
        let twice = of(Block { pulses: block.pulses * 2.0, ..block });
        prop_assert!(twice >= 2.0 * now);
        let with = |channel| Block { channel, ..block };
        // Errors of both a photon and the background are more than a coin's.
        let worse = [
            with(Channel { y0: y0 * 2.0, ..block.channel }),
            with(Channel { e_d: 0.02, ..block.channel }),
            Block { f_ec: 1.2, ..block },
            Block { eps_sec: 1e-12, ..block },
            Block { eps_cor: 1e-20, ..block },
            Block { coincidence: Coincidence::Both, ..block },
        ];
        for worse in worse {
            let length = of(worse);
            prop_assert!(length <= now, "{worse:?}: {length} over {now}");
        }
    }

    /// The counts of a block that nobody can have seen give no key or a finite one, and no panic.
    #[test]
    fn whatever_was_counted_there_is_an_answer(
        x in prop::collection::vec(prop_oneof![any::<f64>(), 0.0f64..1e9, Just(0.0)], 18),
    ) {
        let three = |at: usize| [x[at], x[at + 1], x[at + 2]];
        let o = Observed {
            mu: three(0), p: three(3), n_x: three(6), n_z: three(9), m_z: three(12),
            leak_bits: x[15], eps_sec: x[16], eps_cor: x[17],
        };
        let two = |at: usize| [x[at], x[at + 1]];
        let d = rusca2018::Observed {
            mu: two(0), p: two(2), n_x: two(4), m_x: two(6), n_z: two(8), m_z: two(10),
            leak_bits: x[15], eps_sec: x[16], eps_cor: x[17],
        };
        for key in [key_length(&o), lim2014::endless_key_length(&o), rusca2018::key_length(&d, rusca2018::Constants::Rusca2018)] {
            prop_assert!(key.length.is_finite() && (0.0..=0.5).contains(&key.phi), "{key:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever is chosen at random, over whatever channel, the best choice gives as much.
    #[test]
    fn no_random_choice_gives_more_than_the_best(
        which in 0usize..4, loss in 0.0f64..4.0, noise in 3.0f64..8.0, exponent in 5.0f64..15.0,
        e_d in 0.0f64..0.05, tries in prop::collection::vec(prop::array::uniform5(0.001f64..0.999), 500),
    ) {
        let ten = |x: f64| libm::pow(10.0, x);
        let quiet = block(FINITE[which], ten(-loss), ten(-noise), ten(exponent));
        let block = Block { channel: Channel { e_d, ..quiet.channel }, ..quiet };
        let length = best(&block).map_or(0.0, |best| best.key.length);
        for [mu1, share, p_x, p1, split] in tries {
            let (mu2, rest) = (mu1 * share, 1.0 - p1);
            let (mu, p) = match block.bound.intensities() {
                3 => (vec![mu1, mu2, 0.0], vec![p1, rest * split, rest * (1.0 - split)]),
                2 => (vec![mu1, mu2], vec![p1, rest]),
                _ => (vec![mu1], vec![1.0]),
            };
            let other = block.key_length(&Choice { mu, p, p_x }).unwrap().length;
            prop_assert!(other <= length, "{block:?}: {other} over {length}");
        }
    }
}
