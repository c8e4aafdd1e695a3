//! A receiver refuses tokens that it gave out itself.

use super::failures::{Cause, FEWEST, is_mended, unexplained};
use crate::driver::VendorTarget;
use crate::model::policy::TokenUse;
use crate::model::result::{Exchange, FeatureResult};
use crate::model::{Authentication, RequestKind};

/// What its text has, and no other.
pub const REFUSED: &str = "the receiver answered 401 to a token that was issued";

/// The cause, if honest webhooks were refused with tokens that the receiver had given out.
pub fn cause(vendor: &VendorTarget, features: &[FeatureResult]) -> Option<Cause> {
    let Authentication::Token(oauth) = &vendor.policy.authentication else { return None };
    let catalogue = vendor.vendor.catalogue();
    let is_refused = |one: &Exchange| {
        one.vendor == catalogue.vendor
            && one.fault.is_none()
            && one.request == RequestKind::Webhook.name()
            && one.status == Some(401)
    };
    let failures = unexplained(features).filter(|(_, scenario, _)| {
        let mut exchanges = scenario.exchanges.iter().enumerate();
        exchanges.any(|(place, one)| is_refused(one) && !is_mended(scenario, place))
    });
    let failures: Vec<_> = failures.map(|(place, ..)| place).collect();
    if failures.len() < FEWEST {
        return None;
    }
    let what_to_try = match oauth.token_use {
        TokenUse::PerAttempt => {
            "Does a new token void the one before? With `--jobs 1`, one scenario at a time, only the scenarios about it \
             fail"
        }
        TokenUse::Cached { .. } => {
            "Does a new token void the one before, or does a token end before its `expires_in`?"
        }
    };
    let text = format!(
        "{}: {REFUSED} to the client `{}`, which all scenarios share. {what_to_try}",
        catalogue.title, oauth.client.id
    );
    Some(Cause { text, failures })
}
