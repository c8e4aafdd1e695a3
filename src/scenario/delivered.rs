//! The settings of delivery that a rehearsal needs.

use std::collections::BTreeSet;

use crate::model::policy::SignedPart;
use crate::model::{Accepted, Authentication, Policy};
use crate::policy::sign;

/// The settings of delivery that a rehearsal needs.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// The most attempts that a webhook gets.
    pub attempts: u32,
    /// The triggers that have a URL. Webhooks of other triggers are not sent.
    pub triggers: BTreeSet<String>,
    /// The parts of a request that the vendor signs. Empty if it signs nothing.
    pub signed: Vec<SignedPart>,
    /// Whether the vendor requests tokens.
    pub tokens: bool,
    /// Which answers count as accepted.
    pub accepted: Accepted,
}

impl Delivered {
    /// These settings from a policy, for these triggers.
    pub fn under<'a>(policy: &Policy, triggers: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            attempts: policy.retries.attempts(),
            triggers: triggers.into_iter().map(str::to_owned).collect(),
            signed: sign::signed_parts(&policy.authentication),
            tokens: matches!(policy.authentication, Authentication::Token(_)),
            accepted: policy.accepted,
        }
    }
}
