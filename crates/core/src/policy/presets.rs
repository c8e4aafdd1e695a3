//! Delivery rules of well-known senders. A user can test a receiver under these rules instead of
//! its vendor's.
//!
//! No preset deactivates an endpoint: these senders may do so, but their rules differ from
//! `disable_after`.

use std::time::Duration;

use crate::model::{Accepted, Ordering, Policy, Retries};

/// A sender, and its delivery rules.
#[derive(Debug)]
pub struct Preset {
    /// Its name in standin.yaml.
    pub name: &'static str,
    /// A summary of its rules.
    pub about: &'static str,
    /// The waits before each retry, in seconds.
    waits: &'static [u64],
    /// How long it waits for an answer, in seconds.
    answer_within: u64,
    honour_retry_after: bool,
}

const MINUTE: u64 = 60;
const HOUR: u64 = 3600;

/// All presets.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "standard-webhooks",
        about: "Standard Webhooks 1.0.0: ten attempts over three days, Retry-After honoured",
        waits: &[
            5,
            5 * MINUTE,
            30 * MINUTE,
            2 * HOUR,
            5 * HOUR,
            10 * HOUR,
            14 * HOUR,
            20 * HOUR,
            24 * HOUR,
        ],
        answer_within: 15,
        honour_retry_after: true,
    },
    Preset {
        name: "svix",
        about: "Svix: eight attempts over a little more than a day",
        waits: &[5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR],
        answer_within: 15,
        honour_retry_after: false,
    },
    Preset {
        name: "github",
        about: "GitHub: one attempt, ten seconds",
        waits: &[],
        answer_within: 10,
        honour_retry_after: false,
    },
];

/// The preset of this name.
pub fn find(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

impl Preset {
    /// Puts its rules into a policy. The authentication and the time to connect stay as they are.
    pub fn apply(&self, policy: &mut Policy) {
        policy.accepted = Accepted::Any2xx;
        policy.answer_within = Duration::from_secs(self.answer_within);
        policy.ordering = Ordering::None;
        policy.disable_after = None;
        policy.retries = Retries {
            waits: self.waits.iter().copied().map(Duration::from_secs).collect(),
            jitter: 0.0,
            honour_retry_after: self.honour_retry_after,
        };
    }
}
