//! Wall time of the whole contract, for all vendors, against the reference receiver, on one
//! machine.
//!
//! `cargo bench --bench contract`. One iteration reads, rehearses and runs every shipped scenario,
//! 16 at a time, as `standin check` does. The receiver runs in the same process.

use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use standin::cli::settings::{self, Overrides};
use standin::cli::{features, receiver};
use standin::contract::run::Options;
use standin::contract::{Selection, check, plan};
use standin::receiver::start;
use standin::vendors::registry;

fn contract(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let options = receiver::options(listen, Default::default());
    let running = runtime.block_on(start(options)).expect("a free port");
    let overrides = Overrides { target: Some(running.url.clone()), ..Overrides::default() };
    let mut seed = 0;
    let mut group = criterion.benchmark_group("contract");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    group.bench_function("all shipped features", |bencher| {
        bencher.iter(|| {
            // Ids follow from the seed, and the receiver must not know them already.
            seed += 1;
            let subject =
                settings::read(registry::shipped(), "built-in", settings::BUILT_IN, &overrides)
                    .expect("settings");
            let sources = features::shipped();
            let plans = plan::read(&sources, &Selection { seed, ..Selection::default() }, &subject)
                .expect("features");
            let options = Options::new(seed);
            let stop = std::future::pending();
            let run = runtime.block_on(check(subject, plans, &options, stop, |_| {}));
            assert_eq!(run.totals().failed, 0);
        });
    });
    group.finish();
    runtime.block_on(running.stop());
}

criterion_group!(benches, contract);
criterion_main!(benches);
