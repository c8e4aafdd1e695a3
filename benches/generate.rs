//! Webhooks generated and rendered per second on one core, by the simulation alone.
//!
//! `cargo bench --bench generate`. One iteration is 10,000 webhooks of a vendor's default traffic:
//! arrivals, state machines, naming, and the finished JSON bodies.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use standin::chance::Chance;
use standin::clock::default_start;
use standin::model::Settings;
use standin::sim::{Opening, Simulation};
use standin::vendors::{Vendor, registry};

const WEBHOOKS: usize = 10_000;

fn open(vendor: &'static dyn Vendor, stores: &str) -> Simulation {
    let catalogue = vendor.catalogue();
    let mut sim = Simulation::new(Chance::from_seed(1), default_start());
    let settings = Settings::check(catalogue.settings, []).expect("defaults are right");
    let traffic = Settings::check(catalogue.traffic, [("stores", stores)]).expect("declared");
    let opening = Opening {
        name: "bench".to_owned(),
        profile: catalogue.default_profile(),
        settings: settings.clone(),
    };
    let account = sim.open(vendor, opening);
    sim.populate(account, &settings, &traffic);
    sim
}

fn generate(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("generate");
    group.throughput(Throughput::Elements(WEBHOOKS as u64));
    for vendor in registry::VENDORS {
        for stores in ["1", "50"] {
            let name = format!("{} {stores} store(s)", vendor.catalogue().vendor);
            group.bench_function(name, |bencher| {
                bencher.iter_batched_ref(
                    || (open(*vendor, stores), Vec::with_capacity(WEBHOOKS + 8)),
                    |(sim, webhooks)| {
                        while webhooks.len() < WEBHOOKS {
                            sim.step(webhooks);
                        }
                    },
                    BatchSize::LargeInput,
                );
            });
        }
    }
    group.finish();
}

criterion_group!(benches, generate);
criterion_main!(benches);
