//! Webhooks generated and rendered per second on one core: by the simulation alone, and by `standin generate`.
//!
//! `cargo bench --bench generate`. One iteration of `generate` is 10,000 webhooks of a vendor's default traffic:
//! arrivals, state machines, names, and the finished JSON bodies. It runs with one store, including
//! the nights, and with fifty. One iteration of `command` is 100,000 webhooks of one account, which is forgotten as far as
//! it is over: once by the simulation, and once by the command as a whole process, which writes
//! them to /dev/null.
//!
//! Where the time goes, in instructions (`valgrind --tool=callgrind` on `standin load --dry-run`; Ombori, 11,300
//! instructions per webhook of about 830 bytes): 65 % for rendering a body, most of that for writing it as JSON; 15 % for
//! creating guests and positions (names, ids, labels); about 9 % for allocating and freeing; the rest for state machines,
//! the traffic's own queue of events and bookkeeping. Waitwhile takes 17,000 for about 2,180 bytes, a third of them for the
//! details of visits. With a general JSON library and an owned `Webhook` for each, it was 17,300 and 26,400.
//!
//! doo (fifty sales at once, mostly new orders of about 3.5 KB): a fifth of the instructions is for
//! allocating and freeing, 6 % for SHA-256 of the chance streams, 5 % for writing numbers, 5 % for
//! copying bytes, and most of the rest for writing JSON. An update of an order is cheaper than a
//! new one, since the unchanged parts of its body are copied.

use std::collections::VecDeque;
use std::process::{Command, Stdio};
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use standin::chance::Chance;
use standin::clock::{Stopwatch, default_start};
use standin::model::{Call, Settings, SubjectIndex, Value};
use standin::sim::{Crowd, Opening, Simulation};
use standin::vendors::{Vendor, registry};

const WEBHOOKS: usize = 10_000;
/// A few more guests an hour than three desks can serve: lines of up to twenty within 10,000
/// webhooks.
const BUSY: &str = "30,30,30,30,30,30,30,30,30,30,30,30,30,30,30,30,30,30,30,30,30,30,30,30";

fn open(vendor: &'static dyn Vendor, traffic: &[(&str, &str)]) -> Simulation {
    let catalogue = vendor.catalogue();
    let mut sim = Simulation::new(Chance::from_seed(1), default_start());
    let settings = Settings::check(catalogue.settings, []).expect("defaults are right");
    let traffic = Settings::check(catalogue.traffic, traffic.iter().copied()).expect("declared");
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
    for vendor in registry::shipped().vendors() {
        let name = vendor.catalogue().vendor;
        for (variant, traffic) in variants(name) {
            group.bench_function(format!("{name}{variant}"), |bencher| {
                bencher.iter_batched_ref(
                    || (open(vendor, traffic), Vec::with_capacity(WEBHOOKS + 8)),
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

/// The default traffic, and other interesting variants for a vendor.
fn variants(vendor: &str) -> &'static [(&'static str, &'static [(&'static str, &'static str)])] {
    match vendor {
        "ombori" => &[(" 1 store", &[]), (" 50 stores", &[("stores", "50")])],
        // The default day has short lines. At a busy place up to about twenty guests wait.
        "waitwhile" => {
            &[("", &[]), (" lines of up to 20", &[("arrivals", BUSY), ("break_every", "off")])]
        }
        "doo" => &[(" 1 organizer", &[]), (" 50 organizers", &[("organizers", "50")])],
        _ => &[("", &[])],
    }
}

/// How many webhooks a command prints.
const PRINTED: u64 = 100_000;

/// `standin generate` as a whole process, beside the simulation that it needs.
fn command(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("command");
    group.throughput(Throughput::Elements(PRINTED)).sample_size(10);
    for vendor in registry::shipped().vendors() {
        let name = vendor.catalogue().vendor;
        group.bench_function(format!("{name}, simulation alone"), |bencher| {
            bencher.iter(|| {
                let (mut sim, mut webhooks) = (open(vendor, &[]), Vec::new());
                let (mut crowd, mut made) = (Crowd::default(), 0);
                while made < PRINTED {
                    sim.step(&mut webhooks);
                    made += webhooks.drain(..).count() as u64;
                    if crowd.is_due(&sim, 0, 0) {
                        crowd.forget_over(&mut sim, 0, []);
                    }
                }
            });
        });
        group.bench_function(format!("{name}, standin generate"), |bencher| {
            bencher.iter(|| {
                let count = PRINTED.to_string();
                let arguments = ["generate", "--vendor", name, "--seed", "1", "--count", &count];
                let mut command = Command::new(env!("CARGO_BIN_EXE_standin"));
                let ran = command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
                assert!(ran.status().expect("it runs").success());
            });
        });
    }
    group.finish();
}

/// Serving the first guest of a waitlist, which moves everybody behind. Its cost must be
/// proportional to the number of webhooks that it causes. Only the serving is timed.
fn serve(criterion: &mut Criterion) {
    let vendor = registry::shipped().find("waitwhile").expect("a vendor");
    let catalogue = vendor.catalogue();
    let call = |call: &str, subject: Option<SubjectIndex>| {
        let action = catalogue.action(call).expect("an action");
        let mut values = vec![Value::Absent; action.arguments.len()];
        if let Some(subject) = subject {
            values[0] = Value::Subject(subject);
        }
        Call { action, values }
    };
    let mut group = criterion.benchmark_group("serve");
    for waiting in [10, 20, 100, 1000] {
        // One for each waiting guest, including the one who is served, and one for the location.
        group.throughput(Throughput::Elements(waiting + 1));
        group.bench_function(format!("waitwhile, {waiting} waiting"), |bencher| {
            let mut sim = open(vendor, &[("arrivals", &["0"; 24].join(","))]);
            let mut webhooks = Vec::new();
            let mut join = |sim: &mut Simulation| {
                let joined = sim.act(0, &call("join", None), &mut webhooks);
                webhooks.clear();
                joined.expect("an open location").subject
            };
            let mut line: VecDeque<_> = (0..waiting).map(|_| join(&mut sim)).collect();
            bencher.iter_custom(|times| {
                let mut took = Duration::ZERO;
                let mut webhooks = Vec::new();
                for _ in 0..times {
                    let first = line.pop_front().expect("somebody waits");
                    let serve = call("serve", Some(first));
                    let watch = Stopwatch::start();
                    sim.act(0, &serve, &mut webhooks).expect("the first waits");
                    took += watch.elapsed();
                    assert_eq!(webhooks.len() as u64, waiting + 1);
                    webhooks.clear();
                    sim.act(0, &call("complete", Some(first)), &mut webhooks).expect("served");
                    webhooks.clear();
                    line.push_back(join(&mut sim));
                }
                took
            });
        });
    }
    group.finish();
}

criterion_group!(benches, generate, command, serve);
criterion_main!(benches);
