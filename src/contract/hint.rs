//! A hint that follows from all scenarios together: the receiver refused every valid request of a
//! vendor for its credentials.

use std::collections::BTreeSet;

use crate::driver::VendorTarget;
use crate::model::policy::{Signature, SignedPart};
use crate::model::result::{Exchange, FeatureResult};
use crate::model::{Authentication, Outcome, RequestKind};
use crate::text::names;

/// With fewer valid requests there is no hint.
const FEWEST: usize = 3;

/// What to check if every valid request of this vendor was refused for its credentials.
pub fn all_refused(vendor: &VendorTarget, features: &[FeatureResult]) -> Option<String> {
    let catalogue = vendor.vendor.catalogue();
    let scenarios = features.iter().flat_map(|feature| &feature.scenarios);
    let mut valid: Vec<&Exchange> = scenarios
        .flat_map(|scenario| &scenario.exchanges)
        .filter(|exchange| exchange.vendor == catalogue.vendor && exchange.fault.is_none())
        .collect();
    // A vendor that gets no token sends no webhook. Then only its token requests count.
    let webhook = |exchange: &Exchange| exchange.request == RequestKind::Webhook.name();
    if valid.iter().any(|exchange| webhook(exchange)) {
        valid.retain(|exchange| webhook(exchange));
    }
    let refused = |exchange: &&Exchange| {
        exchange.outcome == Outcome::Refused.name() && matches!(exchange.status, Some(401 | 403))
    };
    if valid.len() < FEWEST || !valid.iter().all(refused) {
        return None;
    }
    let statuses: BTreeSet<String> =
        valid.iter().filter_map(|one| one.status).map(|status| status.to_string()).collect();
    let statuses = Vec::from_iter(statuses).join(" or ");
    let (title, all) = (catalogue.title, valid.len());
    Some(match question(vendor, &valid) {
        Ok(question) => format!(
            "{title}: all {all} requests with the right credentials were refused with {statuses}. {question}"
        ),
        Err(missing) => format!(
            "{title}: all {all} requests were refused with {statuses}, and none had any credentials: give `vendors.{}` {missing} in standin.yaml",
            catalogue.vendor
        ),
    })
}

/// What may be wrong with the credentials, or what is missing if there are none.
fn question(vendor: &VendorTarget, valid: &[&Exchange]) -> Result<String, &'static str> {
    match &vendor.policy.authentication {
        Authentication::None => Err("credentials"),
        Authentication::Headers(headers) if headers.is_empty() => Err("`headers`"),
        Authentication::Headers(headers) => Ok(match headers.len() {
            1 => format!("Is the value of {} the same?", names(headers.keys().map(String::as_str))),
            _ => {
                format!("Are the values of {} the same?", names(headers.keys().map(String::as_str)))
            }
        }),
        Authentication::Signature(Signature { secret: None, .. }) => Err("a `secret`"),
        Authentication::Signature(signature) => {
            let parts: Vec<String> =
                signature.over.iter().map(|part| signed(*part, valid)).collect();
            Ok(format!("Is the secret the same? It signs {}.", parts.join(" followed by ")))
        }
        Authentication::Token(oauth) => match &oauth.endpoint {
            None => Err("an `oauth`"),
            Some(endpoint) if valid.iter().all(|exchange| exchange.url == endpoint.sent) => {
                Ok(format!("Is the secret of the client `{}` the same?", oauth.client.id))
            }
            Some(endpoint) => Ok(format!(
                "It sends the tokens that {} issues in the header {}: `{}`. Is that right?",
                endpoint.sent, oauth.header, oauth.header_value
            )),
        },
    }
}

fn signed(part: SignedPart, valid: &[&Exchange]) -> String {
    let urls: BTreeSet<&str> = valid
        .iter()
        .map(|exchange| exchange.signed_url.as_deref().unwrap_or(&exchange.url))
        .collect();
    match (part, urls.first()) {
        (SignedPart::Url, Some(url)) if urls.len() == 1 => (*url).to_owned(),
        (SignedPart::Url, _) => "the URL".to_owned(),
        (SignedPart::Body, _) => "the raw body".to_owned(),
    }
}
