//! How the vendor deactivates an endpoint that has failed for too long.

use jiff::Timestamp;

use super::Run;
use super::endpoint::EndpointIndex;
use crate::journal::EntryKind;
use crate::model::Outcome;
use crate::sim::AccountIndex;

impl Run {
    /// Whether the vendor has deactivated the endpoint of an account's settings.
    pub fn is_deactivated(&self, account: AccountIndex) -> bool {
        self.endpoint(account, 0).health.is_deactivated()
    }

    /// Activates the endpoint of an account again. Webhooks that it missed meanwhile are not sent
    /// again.
    pub fn reactivate(&mut self, account: AccountIndex) {
        if self.is_deactivated(account) {
            self.record_input(self.account_context(account), EntryKind::Reactivated);
            self.endpoint_mut(account, 0).health.reactivate();
        }
    }

    /// Notes for the endpoint that an attempt succeeded.
    pub(super) fn note_success(
        &mut self,
        account: AccountIndex,
        endpoint: EndpointIndex,
        at: Timestamp,
    ) {
        let now = self.sim.now();
        let endpoint = self.endpoint_mut(account, endpoint);
        if endpoint.route.policy.disable_after.is_some() {
            endpoint.health.succeed(at, now);
        }
    }

    /// Notes for the endpoint that an attempt failed, and deactivates it if it has failed for too
    /// long.
    pub(super) fn note_failure(
        &mut self,
        account: AccountIndex,
        endpoint: EndpointIndex,
        at: Timestamp,
    ) {
        let now = self.sim.now();
        let of = self.endpoint_mut(account, endpoint);
        let Some(limit) = of.route.policy.disable_after else { return };
        let Some(failing_since) = of.health.fail(at, now, limit) else { return };
        self.record_effect(
            at,
            self.account_context(account),
            EntryKind::Deactivated { failing_since },
        );
        for id in self.lanes.retrying_of(account, endpoint) {
            self.end(id, at, Outcome::EndpointDeactivated);
        }
        let deliveries = &self.deliveries;
        self.schedule.retain(|id| deliveries.get(id).is_some_and(|one| !one.is_over()));
    }
}
