use super::*;
use crate::ground::carrier::{Carrier, FaultInjector, FixedDelay};
use crate::ground::{BlockId, Provenance, Streams};
use proptest::prelude::*;

/// A chain of nodes with one service from its first to its last.
struct Chain {
    kmms: Vec<Kmm>,
    queue: Vec<(SimTime, usize, Input)>,
    carrier: FaultInjector<FixedDelay>,
    given: BTreeMap<SaeId, Vec<(KeyId, [u8; KEY_BYTES])>>,
}

impl Chain {
    fn new(nodes: usize, loss: f64, duplicate: f64, seed: u64) -> Self {
        let name = |i: usize| NodeId::from(format!("n{i}").as_str());
        let link = |i: usize| LinkId::from(format!("l{i}").as_str());
        let request = ServiceRequest {
            source_sae: "gateway".into(),
            destination_sae: "rsu".into(),
            source: name(0),
            destination: name(nodes - 1),
            keys_per_s: 4.0,
        };
        let mut kmms: Vec<Kmm> = (0..nodes)
            .map(|i| {
                let mut links = Vec::new();
                if i > 0 {
                    links.push((link(i - 1), name(i - 1)));
                }
                if i + 1 < nodes {
                    links.push((link(i), name(i + 1)));
                }
                Kmm::new(name(i), &Params::default(), links)
            })
            .collect();
        let mut queue = Vec::new();
        for (i, kmm) in kmms.iter_mut().enumerate() {
            let role = if i == 0 {
                Role::Source
            } else if i + 1 == nodes {
                Role::Destination
            } else {
                Role::Relay
            };
            let order = ServiceOrder {
                service: ServiceId(1),
                request: request.clone(),
                role,
                next: (i + 1 < nodes).then(|| (name(i + 1), link(i))),
                previous: (i > 0).then(|| (name(i - 1), link(i - 1))),
                hops: nodes as u8 - 1,
            };
            let mut out = Vec::new();
            kmm.handle(SimTime::ZERO, Input::Order(order), &mut out);
            queue
                .extend(out.into_iter().filter_map(|o| {
                    if let Output::WakeAt(t) = o { Some((t, i, Input::Wake)) } else { None }
                }));
        }
        let inner = FixedDelay { delay: SimDuration::from_millis(3) };
        let carrier = FaultInjector { inner, rng: Streams::new(seed).stream("net"), loss, duplicate };
        Self { kmms, queue, carrier, given: BTreeMap::new() }
    }

    fn feed(&mut self, link: usize, seq: u32, n: u32, rng: &mut crate::ground::Rng) {
        let id = LinkId::from(format!("l{link}").as_str());
        let keys: Vec<SecretKey> = (0..n)
            .map(|i| {
                let mut bytes = [0; KEY_BYTES];
                rng.fill(&mut bytes);
                let key_id = KeyId::derive(&[id.as_str().as_bytes(), &seq.to_le_bytes(), &i.to_le_bytes()]);
                SecretKey::new(
                    key_id,
                    Provenance::installation(BlockId { link: id.clone(), seq }).into(),
                    bytes,
                )
            })
            .collect();
        for end in [link, link + 1] {
            self.kmms[end].handle(SimTime::ZERO, Input::QkdKeys(id.clone(), keys.clone()), &mut Vec::new());
        }
    }

    fn run(&mut self, until_s: f64) {
        while let Some(i) = (0..self.queue.len()).min_by_key(|&i| self.queue[i].0) {
            if self.queue[i].0 > SimTime::from_secs(until_s) {
                break;
            }
            let (now, node, input) = self.queue.remove(i);
            let mut out = Vec::new();
            self.kmms[node].handle(now, input, &mut out);
            for o in out {
                match o {
                    Output::WakeAt(t) => self.queue.push((t, node, Input::Wake)),
                    Output::Send(To::Peer(to), Message::Peer(m)) => {
                        let index: usize = to.as_str()[1..].parse().unwrap();
                        let from = self.kmms[node].node.clone();
                        let mut arrivals = Vec::new();
                        self.carrier.carry(now, m, &mut arrivals);
                        self.queue.extend(
                            arrivals.into_iter().map(|(t, m)| (t, index, Input::Peer(from.clone(), m))),
                        );
                    }
                    Output::Deliver(d) => {
                        self.given.entry(d.sae).or_default().push((d.key.id, *d.key.expose()))
                    }
                    _ => {}
                }
            }
        }
    }

    fn at(&self, sae: &str) -> Vec<(KeyId, [u8; KEY_BYTES])> {
        self.given.get(&SaeId::from(sae)).cloned().unwrap_or_default()
    }
}

#[test]
fn keys_cross_three_hops_at_the_rate_asked_for() {
    let mut chain = Chain::new(4, 0.0, 0.0, 1);
    let mut rng = Streams::new(1).stream("keys");
    (0..3).for_each(|link| chain.feed(link, 0, 100, &mut rng));
    chain.run(10.2);
    let (near, far) = (chain.at("gateway"), chain.at("rsu"));
    assert_eq!(near, far);
    assert!((39..=42).contains(&near.len()), "{}", near.len());
    let levels: Vec<u32> =
        (0..3).map(|l| chain.kmms[l].pool(&format!("l{l}").as_str().into()).unwrap().level_bits()).collect();
    assert!(levels.iter().all(|&l| l == levels[0]), "each hop gives one key for each: {levels:?}");
}

#[test]
fn a_short_pool_in_the_middle_starves_the_service_and_loses_nothing_before_it() {
    let mut chain = Chain::new(3, 0.0, 0.0, 2);
    let mut rng = Streams::new(2).stream("keys");
    chain.feed(0, 0, 100, &mut rng);
    chain.feed(1, 0, 16, &mut rng); // just the reserve
    chain.run(5.2);
    assert!(chain.at("gateway").is_empty() && chain.at("rsu").is_empty());
    let level = |node: usize| chain.kmms[node].pool(&"l0".into()).unwrap().level_bits();
    assert_eq!((level(0), level(1)), (100 * KEY_BITS, 100 * KEY_BITS));
    chain.feed(1, 1, 50, &mut rng);
    chain.run(10.0);
    assert!(!chain.at("rsu").is_empty());
    assert_eq!(chain.at("gateway"), chain.at("rsu"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Whatever the network loses or repeats: the near end holds only keys that the far end holds, with equal bytes,
    /// and no key is given twice.
    #[test]
    fn both_ends_are_equal_and_no_key_is_given_twice(nodes in 2usize..6, loss in 0.0f64..0.4, duplicate in 0.0f64..0.4, seed in any::<u64>(), supply in 17u32..120) {
        let mut chain = Chain::new(nodes, loss, duplicate, seed);
        let mut rng = Streams::new(seed).stream("keys");
        (0..nodes - 1).for_each(|link| chain.feed(link, 0, supply, &mut rng));
        chain.run(8.0);
        (0..nodes - 1).for_each(|link| chain.feed(link, 1, 40, &mut rng));
        chain.run(16.0);
        let (near, far) = (chain.at("gateway"), chain.at("rsu"));
        let index: BTreeMap<KeyId, [u8; KEY_BYTES]> = far.iter().copied().collect();
        prop_assert_eq!(index.len(), far.len(), "given twice at the far end");
        prop_assert_eq!(near.iter().map(|k| k.0).collect::<std::collections::BTreeSet<_>>().len(), near.len());
        for (id, bytes) in &near {
            prop_assert_eq!(index.get(id), Some(bytes));
        }
    }
}
