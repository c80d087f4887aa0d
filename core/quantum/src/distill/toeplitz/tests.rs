use super::*;
use proptest::prelude::*;

fn paths() -> Vec<Path> {
    let mut all = vec![Path::Portable];
    #[cfg(target_arch = "x86_64")]
    all.extend([Path::One, Path::Two, Path::Four, Path::TwoTested, Path::FourTested]);
    all.retain(|path| path.is_here());
    all
}

fn words(len: usize, seed: u64) -> Vec<u64> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z ^ z >> 29
    };
    (0..len).map(|_| next()).collect()
}

fn bits(len: usize, seed: u64) -> Bits {
    let bytes: Vec<u8> = words(len.div_ceil(64), seed).iter().flat_map(|w| w.to_le_bytes()).collect();
    Bits::from_bytes(&bytes, len)
}

/// For each one of the input, the seed from there on is added.
fn plain(x: &[u64], t: &[u64], rows: usize) -> Vec<u64> {
    let mut sum = vec![0; rows];
    let at = |i: usize| t.get(i).copied().unwrap_or(0);
    for bit in 0..64 {
        let moved: Vec<u64> =
            (0..x.len() + rows).map(|i| at(i) >> bit | at(i + 1) << 1 << (63 - bit)).collect();
        for (j, _) in x.iter().enumerate().filter(|(_, x)| *x >> bit & 1 == 1) {
            sum.iter_mut().zip(&moved[j..]).for_each(|(sum, t)| *sum ^= t);
        }
    }
    sum
}

fn every_way(x: &[u64], t: &[u64], rows: usize) {
    let expected = plain(x, t, rows);
    let strip = rows.min(x.len().max(64)) as u32;
    let least = strip.ilog2() + 1;
    for path in paths() {
        let spectra = (least..least + 3).map(|d| Some(Way::Spectrum(d)));
        for way in spectra.chain([None, Some(Way::Halving)]) {
            let mut sum = vec![0; rows];
            product(path, way, x, t, &mut sum);
            assert!(sum == expected, "{path:?} {way:?} {} {} {rows}", x.len(), t.len());
        }
    }
}

proptest! {
    #[test]
    fn it_is_the_matrix_product(
        n in 0usize..900, m in 0usize..600, present in 0usize..1600, raw in any::<u64>(),
    ) {
        // Short seeds count as zero, long ones as far as they are needed.
        let (x, t) = (bits(n, raw), bits(present, !raw));
        let direct: Bits = (0..m).map(|i| (0..n).fold(false, |sum, j| sum ^ (x.get(j) & t.get(i + j)))).collect();
        prop_assert_eq!(hash(&x, &t, m), direct);
    }

    #[test]
    fn it_is_linear_and_takes_pieces_in_any_order(n in 1usize..5000, m in 1usize..3000, cut in 0usize..5000, raw in any::<u64>()) {
        let (a, b, t) = (bits(n, raw), bits(n, raw ^ 1), bits(seed_bits(n, m), !raw));
        let whole = hash(&a, &t, m);
        prop_assert_eq!(hash(&a.xor(&b), &t, m), whole.xor(&hash(&b, &t, m)));
        let cut = cut.min(n);
        let mut sum = Sum::new(m);
        for (from, to) in [(cut, n), (0, cut)] {
            sum.add(&a.slice(from, to), &t.slice(from, from + seed_bits(to - from, m)));
        }
        prop_assert_eq!(sum.finish(), whole);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn all_ways_give_the_same_bits(n in 1usize..200, m in 1usize..200, present in 0usize..500, raw in any::<u64>()) {
        every_way(&words(n, raw), &words(present, !raw), m);
    }
}

#[test]
fn the_edges_of_pieces_and_squares_are_right() {
    for (n, m) in
        [(1, 1), (64, 64), (65, 64), (128, 127), (129, 128), (256, 255), (7, 300), (700, 3), (1024, 513)]
    {
        every_way(&words(n, 3), &words(n + m, 5), m);
    }
}

#[test]
fn long_blocks_are_transformed() {
    let (n, m) = (300_001, 123_457);
    let (x, t) = (bits(n, 1), bits(seed_bits(n, m), 2));
    for path in paths() {
        assert_ne!(Way::best(path, 16_384, 8_192), Way::Halving, "{path:?}");
    }
    let halved: Vec<u64> = {
        let mut sum = vec![0; m.div_ceil(64)];
        product(Path::Portable, Some(Way::Halving), x.words(), t.words(), &mut sum);
        sum
    };
    let bytes: Vec<u8> = halved.iter().flat_map(|w| w.to_le_bytes()).collect();
    assert_eq!(hash(&x, &t, m), Bits::from_bytes(&bytes, m));
}

#[test]
fn nothing_gives_nothing() {
    let seed = bits(100, 1);
    assert_eq!(seed_bits(0, 0), 0);
    assert!(hash(&bits(70, 2), &seed, 0).is_empty());
    assert_eq!(hash(&Bits::default(), &seed, 70), Bits::zeros(70));
    assert_eq!(hash(&bits(70, 2), &Bits::default(), 70), Bits::zeros(70));
}
