//! The route from an account to the receiver.

use std::collections::BTreeMap;

use crate::model::api_fault::Race;
use crate::model::fault::CredentialDamage;
use crate::model::signature::Moment;
use crate::model::{Address, Policy, Secret};
use crate::policy::Request;
use crate::vendors::api::GivenApiKeys;

/// How an account's webhooks reach the receiver.
#[derive(Clone, Debug)]
pub struct Route {
    /// The delivery policy.
    pub policy: Policy,
    /// The address for each trigger.
    pub urls: BTreeMap<String, Address>,
    /// Where a body names its trigger, as a JSON pointer.
    pub trigger_pointer: Option<&'static str>,
    /// The credentials of the account's API that the user has set. The account generates the
    /// others.
    pub api_keys: GivenApiKeys,
    /// When the webhooks of an API call are sent, unless a fault decides.
    pub race: Race,
}

impl Route {
    /// The address for a trigger; `None` if its webhooks are not sent.
    pub fn address(&self, trigger: &str) -> Option<&Address> {
        self.urls.get(trigger)
    }

    /// The request for a body, without faults, with this token.
    pub fn request(
        &self,
        trigger: &str,
        body: bytes::Bytes,
        token: Option<&Secret>,
        moment: Moment,
    ) -> Option<Request> {
        self.damaged_request(trigger, body, token, moment, None)
    }

    /// The request for a body, with damaged credentials.
    pub(super) fn damaged_request(
        &self,
        trigger: &str,
        body: bytes::Bytes,
        token: Option<&Secret>,
        moment: Moment,
        damage: Option<CredentialDamage>,
    ) -> Option<Request> {
        let address = self.address(trigger)?.clone();
        Some(Request::webhook(&self.policy.authentication, address, body, token, moment, damage))
    }
}
