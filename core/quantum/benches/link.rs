//! Light: pulses a second of both samplers, at 10 dB of loss and where one pulse in a hundred clicks, and what a step
//! of a fading channel costs.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use keyway_quantum::ground::Streams;
use keyway_quantum::link::params::{Sampler, Source};
use keyway_quantum::link::sampler::{Drawer, Memory};
use keyway_quantum::link::{Channel, Conditions, Detections, Law, Params};

/// Pulses of a slot.
const PULSES: u64 = 1_000_000;

/// The law at a transmittance from source to click.
fn law(eta: f64, params: &Params) -> Law {
    let channel = Channel::new(params, 212.0, &Conditions::default());
    Law::new(params, &channel, eta / channel.eta(1.0), 0.0)
}

fn samplers(c: &mut Criterion) {
    let mut group = c.benchmark_group("link");
    group.throughput(Throughput::Elements(PULSES));
    // Half of the photons at the detector click: 10 dB are a transmittance of 0.05. At mu = 0.2 alone, 0.05 makes
    // one pulse in a hundred click.
    let dim = Source { mu: [0.2, 0.1, 0.0], mu_probability: [0.98, 0.01, 0.01], ..Source::default() };
    let cases =
        [("10 dB", Params::default()), ("1 % of clicks", Params { source: dim, ..Params::default() })];
    for (name, params) in cases {
        let law = law(0.05, &params);
        let mut run = |what: &str, sampler, positions| {
            let params = Params { sampler, ..params.clone() };
            let mut rng = Streams::new(1).stream("bench");
            let (drawer, mut memory) = (Drawer::new(&params, positions), Memory::new(&mut rng));
            group.bench_function(format!("{what}, {name}"), |b| {
                b.iter(|| {
                    let mut out = Detections::default();
                    drawer.slot(&law, PULSES, &mut memory, &mut rng, &mut out);
                    out.clicks()
                });
            });
        };
        run("per pulse", Sampler::PerPulse, false);
        run("per block", Sampler::PerBlock, true);
        run("per block, no positions", Sampler::PerBlock, false);
    }
    group.finish();
}

fn step(c: &mut Criterion) {
    let params = Params::default();
    let channel = Channel::new(&params, 212.0, &Conditions::default());
    c.bench_function("link/law of a step", |b| {
        b.iter(|| Law::new(&params, &channel, channel.mean_collected, 0.0).gain());
    });
}

criterion_group!(benches, samplers, step);
criterion_main!(benches);
