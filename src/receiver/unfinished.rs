//! What a receiver remembers that notes a webhook as done before its work is done. If the work stops
//! when the vendor hangs up, the retry looks like a duplicate, and the change is lost.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::defects::pause;

/// How long the work takes: longer than a vendor waits that hangs up soon.
const WORK: Duration = Duration::from_millis(60);

/// The webhooks that were noted.
#[derive(Default)]
pub(super) struct Unfinished {
    noted: Mutex<BTreeSet<u64>>,
}

impl Unfinished {
    /// Whether a webhook was noted before.
    pub(super) fn is_noted(&self, webhook: &impl Hash) -> bool {
        let noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        !noted.is_empty() && noted.contains(&hash_of(webhook))
    }

    /// Notes a webhook before its work, which takes a while.
    pub(super) async fn note(&self, webhook: &impl Hash) {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).insert(hash_of(webhook));
        pause(WORK).await;
    }
}

fn hash_of(webhook: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    webhook.hash(&mut hasher);
    hasher.finish()
}
