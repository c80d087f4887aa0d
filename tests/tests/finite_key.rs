//! The key length of a block and the best choice for it are the same bits natively and in a browser's wasm.

use keyway_core::distill::asymptotic::Channel;
use keyway_core::distill::finite_key::{Block, Bound, Choice, Coincidence};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Bound, length of a usual choice, and of the best.
const GOLDEN: [(Bound, u64, u64); 3] = [
    (Bound::Lim2014, 0x419d_d7f5_70f7_1805, 0x41a1_1cb8_5a59_0bf1),
    (Bound::Rusca2018, 0x419d_a28e_3e92_51af, 0x41a1_8ae2_22a4_845e),
    (Bound::Wiesemann2024, 0x419d_a3fe_0a0c_f762, 0x41a1_8dea_1cc4_9224),
];

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn both_targets_give_the_golden_lengths() {
    for (bound, usual, best) in GOLDEN {
        let channel = Channel { eta: 0.01, y0: 1e-6, e_d: 0.01 };
        let block = Block {
            bound,
            channel,
            coincidence: Coincidence::Coin,
            pulses: 1e11,
            f_ec: 1.16,
            eps_sec: 1e-10,
            eps_cor: 1e-15,
        };
        let choice = if bound.intensities() == 3 {
            Choice { mu: vec![0.5, 0.1, 0.0], p: vec![0.7, 0.2, 0.1], p_x: 0.9 }
        } else {
            Choice { mu: vec![0.5, 0.1], p: vec![0.7, 0.3], p_x: 0.9 }
        };
        let length = block.key_length(&choice).unwrap().length;
        let most = block.best(0.0).unwrap().unwrap().key.length;
        assert_eq!((length.to_bits(), most.to_bits()), (usual, best), "{length} {most}");
    }
}
