//! What was seen of the subjects that were followed, as results.

use std::time::Duration;

use super::{Followed, Live};
use crate::load::report::percentiles;
use crate::load::seconds::Seconds;
use crate::model::followed::{BehindSecond, FollowedEffects};

impl Followed {
    /// The results. `probe_rate` is how many requests a second there were at the most.
    pub fn results(&self, probe_rate: f64) -> FollowedEffects {
        FollowedEffects {
            subjects: self.subjects,
            latency: percentiles(&self.latency),
            unsure_ms: self.unsure.percentile(95.0).map(|time| time.as_secs_f64() * 1000.0),
            unmeasured: self.unmeasured,
            unseen: self.unseen,
            dropped: self.dropped,
            most_behind: self.behind.most,
            behind: self.behind.now,
            seconds: seconds(&self.behind.seconds),
            probe_rate,
            probes: self.probes,
            errors: self.errors.clone(),
        }
    }
}

impl Live {
    /// What thresholds speak of, of a load that goes on.
    pub fn results(&self) -> FollowedEffects {
        FollowedEffects {
            subjects: self.subjects(),
            latency: percentiles(&self.latency()),
            behind: self.behind(),
            ..FollowedEffects::default()
        }
    }
}

/// The seconds in which the receiver could be behind.
pub fn seconds(seconds: &Seconds) -> Vec<BehindSecond> {
    let width = seconds.width();
    let parts = seconds.parts().iter().zip(0..).map(|(part, place)| BehindSecond {
        at_s: place * width,
        length_s: width,
        behind: part.backlog,
    });
    parts.collect()
}

/// The same seconds, to be added to others.
pub fn read(all: &[BehindSecond]) -> Seconds {
    let mut seconds = Seconds::default();
    for one in all {
        let second = seconds.at(Duration::from_secs(one.at_s));
        second.backlog = second.backlog.max(one.behind);
    }
    seconds
}
