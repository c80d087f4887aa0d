//! Figures of other programs.

use super::*;
use crate::distill::asymptotic::Channel;

fn block(bound: Bound, eta: f64, pulses: f64, y0: f64, e_d: f64) -> Block {
    let eps_sec = if bound.intensities() == 3 { 1e-10 } else { 1e-9 };
    let channel = Channel { eta, y0, e_d };
    Block { bound, channel, coincidence: Coincidence::Coin, pulses, f_ec: 1.16, eps_sec, eps_cor: 1e-15 }
}

fn choice(mu: &[f64], p: &[f64], p_x: f64) -> Choice {
    Choice { mu: mu.to_vec(), p: p.to_vec(), p_x }
}

fn two_decoys() -> [(Block, Choice); 2] {
    [
        (block(Bound::Lim2014, 0.01, 1e11, 1e-6, 0.01), choice(&[0.5, 0.1, 0.0], &[0.7, 0.2, 0.1], 0.9)),
        (block(Bound::Lim2014, 0.1, 1e9, 1e-5, 0.02), choice(&[0.6, 0.2, 2e-4], &[0.6, 0.25, 0.15], 0.7)),
    ]
}

fn one_decoy(bound: Bound) -> [(Block, Choice); 2] {
    [
        (block(bound, 0.1, 1e9, 1e-4, 0.02), choice(&[0.5, 0.15], &[0.7, 0.3], 0.7)),
        (block(bound, 0.01, 1e10, 1e-6, 0.02), choice(&[0.45, 0.12], &[0.6, 0.4], 0.6)),
    ]
}

/// Two independent programs (Finite-key-Decoy-state-QKD with its missing leak term added, and our own in Python) give
/// these figures.
#[test]
fn two_decoys_give_what_independent_programs_give() {
    let golden = [
        [178_141_301.488, 1_921_886.621, 35_611.693, 0.019_440_567, 28_333_161.154, 125_173_084.241],
        [10_524_665.858, 1_849_802.292, 58_290.972, 0.032_804_274, 3_223_398.032, 5_109_062.936],
    ];
    for ((block, choice), [s_x1, s_z1, v_z1, phi, leak, length]) in two_decoys().into_iter().zip(golden) {
        let k = block.key_length(&choice).unwrap();
        for (ours, theirs) in
            [(k.s_x1, s_x1), (k.s_z1, s_z1), (k.v_z1, v_z1), (k.leak, leak), (k.length, length)]
        {
            assert!((ours - theirs).abs() < 6e-4, "{ours} of {theirs}");
        }
        assert!((k.phi - phi).abs() < 6e-10, "{} of {phi}", k.phi);
    }
}

/// The program that goes with arXiv:2405.16578, and our own in Python, with the errors of Ma et al. (2005). Where a
/// coincidence is a coin: our own alone.
#[test]
fn one_decoy_gives_what_independent_programs_give() {
    let golden = [
        (Bound::Wiesemann2024, Coincidence::Both, [4_552_068.138, 3_252_894.161]),
        (Bound::Rusca2018, Coincidence::Both, [4_549_342.933, 3_251_456.584]),
        (Bound::Wiesemann2024, Coincidence::Coin, [4_552_588.911, 3_252_897.328]),
        (Bound::Rusca2018, Coincidence::Coin, [4_549_863.744, 3_251_459.751]),
    ];
    for (bound, coincidence, lengths) in golden {
        for ((block, choice), length) in one_decoy(bound).into_iter().zip(lengths) {
            let ours = Block { coincidence, ..block }.key_length(&choice).unwrap().length;
            assert!((ours - length).abs() < 6e-4, "{ours} of {length}");
        }
    }
}

/// All steps of the first of them, by Rusca's constants: our own program in Python.
#[test]
fn every_step_of_one_decoy_is_that_of_an_independent_program() {
    let [(block, choice), _] = one_decoy(Bound::Rusca2018);
    let k = block.key_length(&choice).unwrap();
    let steps = [k.s_x0, k.s_x1, k.s_z1, k.v_z1, k.phi, k.leak];
    let golden = [
        0.0,
        10_762_857.456_809_776,
        1_908_637.745_358_13,
        87_216.498_458_097_8,
        0.047_118_708_908_481_9,
        3_263_402.897_027_653,
    ];
    for (ours, theirs) in steps.into_iter().zip(golden) {
        assert!((ours - theirs).abs() <= 1e-9 * theirs, "{ours} of {theirs}");
    }
}
