//! Webhooks generated and rendered per second on one core, by the simulation alone.
//!
//! `cargo bench --bench generate`. One iteration is 10,000 webhooks of a vendor's default traffic:
//! arrivals, state machines, names, and the finished JSON bodies; with one store, where the nights
//! are in it too, and with fifty.
//!
//! Where the time goes, in instructions (`valgrind --tool=callgrind` on this binary with `--test`;
//! Ombori, 14,700 instructions a webhook of some 900 bytes): 72 % in rendering a body, most of that
//! in writing keys and strings as JSON; 9 % in making guests and positions (names, ids, labels);
//! 7 % in allocating and freeing; 4 % in the traffic's own queue of events; the rest in state
//! machines and bookkeeping. With `serde_json` in place of `sonic-rs` for the same types a webhook
//! took 22,000 instructions.

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
