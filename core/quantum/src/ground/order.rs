//! Few things in order. The standard library's stable sort is made for many: some kilobytes of the page for each type
//! and order, and `collect` into a map sorts first.

use std::cmp::Ordering;

/// Sorts as `slice::sort_by` does: equals keep their order. By insertion: O(n log n) comparisons, O(n²) moves.
pub fn sort_few<T>(items: &mut [T], order: impl Fn(&T, &T) -> Ordering) {
    for i in 1..items.len() {
        let (before, from) = items.split_at(i);
        let at = before.partition_point(|item| order(item, &from[0]).is_le());
        items[at..=i].rotate_right(1);
    }
}

/// A map or set of these, put in one by one: of equal keys the last holds.
pub fn gather<C: Default + Extend<T>, T>(items: impl IntoIterator<Item = T>) -> C {
    let mut all = C::default();
    all.extend(items);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn few_are_sorted_as_many_are(mut items in prop::collection::vec((0u8..9, any::<u8>()), 0..40)) {
            let mut expected = items.clone();
            expected.sort_by_key(|item| item.0);
            sort_few(&mut items, |a, b| a.0.cmp(&b.0));
            prop_assert_eq!(items, expected);
        }

        #[test]
        fn gathered_is_as_collected(items in prop::collection::vec((0u8..9, any::<u8>()), 0..40)) {
            let collected: BTreeMap<u8, u8> = items.iter().copied().collect();
            prop_assert_eq!(gather::<BTreeMap<u8, u8>, _>(items), collected);
        }
    }
}
