//! The signature of each eavesdropper, as theory has it: in the errors, in the yields, in the loss.

#![allow(clippy::unwrap_used, reason = "tests")]

use keyway_core::distill::asymptotic::{Light, vacuum_weak};
use keyway_core::link::eve::EveBasis;
use keyway_core::link::{Attack, Channel, Conditions, Law, Params};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

const X: bool = false;
const Z: bool = true;

fn law(attack: Option<Attack>) -> (Params, Law) {
    law_over(2_000.0, attack)
}

fn law_over(range_m: f64, attack: Option<Attack>) -> (Params, Law) {
    let params = Params::default();
    let channel = Channel::new(&params, range_m, &Conditions { attack, ..Conditions::default() });
    let law = Law::new(&params, &channel, channel.mean_collected, 0.0);
    (params, law)
}

/// What both ends would see in the basis X: gain and error of an intensity, given that both chose X.
fn light(params: &Params, law: &Law, k: usize) -> Light {
    let (gain, errors) = law.of_intensity(params, k, X);
    Light { mean_photons: params.source.mu[k], gain: gain / (params.p_x * params.p_x), error: errors / gain }
}

fn single_photon_yield(attack: Option<Attack>) -> f64 {
    let (params, law) = law(attack);
    let of = |k| light(&params, &law, k);
    vacuum_weak(&of(0), &of(1), of(2).gain).map_or(0.0, |yields| yields.single)
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn full_intercept_and_resend_makes_a_quarter_of_the_bits_wrong() {
    let (params, honest) = law(None);
    for basis in [EveBasis::Random, EveBasis::Breidbart] {
        let (_, tapped) = law(Some(Attack::InterceptResend { fraction: 1.0, basis }));
        for z in [X, Z] {
            // 1/4 of those who would be right, and half of those who were wrong in the half she disturbs.
            let expected = 0.25 + honest.qber(&params, z) / 2.0;
            assert!((tapped.qber(&params, z) - expected).abs() < 1e-3, "{basis:?}");
        }
        assert!((tapped.gain() / honest.gain() - 1.0).abs() < 0.01, "the yields stay in line");
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn one_who_measures_in_one_basis_shows_in_the_other_alone() {
    let (params, honest) = law(None);
    let (_, tapped) = law(Some(Attack::InterceptResend { fraction: 1.0, basis: EveBasis::X }));
    assert!((tapped.qber(&params, X) - honest.qber(&params, X)).abs() < 1e-3);
    assert!((tapped.qber(&params, Z) - 0.5).abs() < 1e-3);
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn splitting_photons_leaves_errors_and_the_signals_gain_but_not_the_decoys() {
    let (params, honest) = law(None);
    let attack = Some(Attack::PhotonNumberSplitting { fraction: 1.0 });
    let (_, split) = law(attack);
    let gain = |law: &Law, k| light(&params, law, k).gain;
    assert!((gain(&split, 0) / gain(&honest, 0) - 1.0).abs() < 1e-3, "the signal looks as it did");
    assert!(gain(&split, 1) < 0.8 * gain(&honest, 1), "the decoy does not");
    assert!(split.qber(&params, X) < honest.qber(&params, X) + 1e-3);
    assert!(single_photon_yield(attack) < 0.5 * single_photon_yield(None), "so the decoys find her");
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn over_a_short_link_splitting_photons_shows_in_the_signal_too() {
    // There is no loss that she could make up for.
    let (params, honest) = law_over(100.0, None);
    let (_, split) = law_over(100.0, Some(Attack::PhotonNumberSplitting { fraction: 1.0 }));
    assert!(light(&params, &split, 0).gain < 0.95 * light(&params, &honest, 0).gain);
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn splitting_the_beam_is_loss_and_nothing_else() {
    let (params, honest) = law(None);
    let (_, split) = law(Some(Attack::BeamSplitting { fraction: 0.5 }));
    assert!((split.gain() / honest.gain() - 0.5).abs() < 0.02);
    assert!((split.qber(&params, X) - honest.qber(&params, X)).abs() < 2e-3);
    let ratio =
        single_photon_yield(Some(Attack::BeamSplitting { fraction: 0.5 })) / single_photon_yield(None);
    assert!((ratio - 0.5).abs() < 0.02, "all yields fall alike: {ratio}");
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn jamming_is_noise() {
    let (params, honest) = law(None);
    let (_, jammed) = law(Some(Attack::Jamming { counts_hz: 1e7 }));
    assert!(jammed.gain() > honest.gain());
    assert!(jammed.qber(&params, X) > 5.0 * honest.qber(&params, X));
    // In vacuum pulses nothing but noise is found: half of it wrong.
    let (gain, errors) = jammed.of_intensity(&params, 2, X);
    assert!((errors / gain - 0.5).abs() < 1e-6);
}
