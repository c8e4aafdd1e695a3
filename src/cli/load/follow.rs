//! Follows subjects beside the threads of a load.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::task::JoinHandle;

use crate::load::follow::{self, Followed, Follower, Live, Source};
use crate::load::{Plan, VendorTraffic, rate};
use crate::under_test::UnderTest;

/// The most requests of probes a second.
const FASTEST: f64 = 1000.0;

/// The fewest requests of probes a second, if there are any: one in 1000 seconds.
const SLOWEST: f64 = 0.001;

/// How often a second each subject can be asked for. More subjects would each be asked for less often,
/// and their effects would look later than they are.
const LOOKS: f64 = 5.0;

/// Reads how many requests of probes there are a second: `50/s`.
pub(super) fn pace(text: &str) -> Result<f64, String> {
    match rate::rate(text)? {
        pace if pace > 0.0 && pace < SLOWEST => Err(format!("at least {SLOWEST}/s, or 0 for none")),
        pace if pace <= FASTEST => Ok(pace),
        _ => Err(format!("at most {FASTEST}/s: probes are not the load")),
    }
}

/// The task that follows subjects.
pub(super) struct Following {
    task: JoinHandle<Followed>,
    live: Arc<Live>,
}

/// Begins to follow subjects of these vendors, if there are probes for them. The threads tell the source.
pub(super) fn begin(
    subject: &UnderTest,
    vendors: &[VendorTraffic<'_>],
    plan: &Plan,
) -> Option<(Source, Following)> {
    let mut probes = BTreeMap::new();
    let mut probed = Vec::new();
    for (place, vendor) in vendors.iter().enumerate() {
        let name = vendor.name();
        let own =
            subject.probes.iter().filter(|((of, _), probe)| of == name && !probe.fields.is_empty());
        let kinds: Vec<String> = own.clone().map(|((_, kind), _)| kind.clone()).collect();
        probes
            .extend(own.map(|((_, kind), probe)| ((place, kind.clone()), Arc::new(probe.clone()))));
        probed.push(kinds);
    }
    if probes.is_empty() || plan.sample == 0 || plan.probe_rate <= 0.0 {
        return None;
    }
    let most = (plan.probe_rate / LOOKS).ceil() as usize;
    let (source, told, live) = follow::channel(most.min(plan.sample), probed);
    let follower = Follower {
        probes,
        prober: subject.prober.clone(),
        pace: plan.probe_rate,
        patience: subject.believes_within,
        live: Arc::clone(&live),
    };
    Some((source, Following { task: tokio::spawn(follow::follow(follower, told)), live }))
}

impl Following {
    /// What is known while the load runs.
    pub(super) fn live(&self) -> Arc<Live> {
        Arc::clone(&self.live)
    }

    /// Waits until the receiver has shown all, or nothing new for too long.
    pub(super) async fn end(self) -> Option<Followed> {
        // If it has panicked, there is nothing to say.
        self.task.await.ok()
    }
}
