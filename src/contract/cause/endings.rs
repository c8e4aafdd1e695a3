//! Every honest request of a vendor ended in the same way and none was accepted, or a limiter refused
//! some of them.

use std::collections::BTreeMap;

use super::advice::{LIMITER, advice};
use super::failures::{Cause, FEWEST, is_mended, scenarios, unexplained};
use crate::driver::VendorTarget;
use crate::model::result::{Exchange, FeatureResult};
use crate::model::{Outcome, RequestKind};

/// A limiter is the cause of failures if it refused at least this part of the honest webhooks: one in so many.
const LIMITED: usize = 20;

/// How a request ended: its kind, its outcome, and the status of the answer.
type Ending = (String, String, Option<u16>);

fn ending(exchange: &Exchange) -> Ending {
    (exchange.request.clone(), exchange.outcome.clone(), exchange.status)
}

/// How the honest requests of a vendor ended so far, and how often.
#[derive(Default)]
pub struct Endings(BTreeMap<Ending, usize>);

impl Endings {
    /// Counts a request, unless it only asks for leave to send (OPTIONS).
    pub fn add(&mut self, exchange: &Exchange) {
        if exchange.method.is_some() {
            return;
        }
        *self.0.entry(ending(exchange)).or_default() += 1;
    }

    /// How all of them ended, if they ended alike and none was accepted.
    pub fn alike(&self) -> Option<(&Ending, usize)> {
        // A vendor that gets no token sends no webhook. Then only its token requests count.
        let is_webhook = |one: &Ending| one.0 == RequestKind::Webhook.name();
        let webhooks = self.0.iter().filter(|(one, _)| is_webhook(one));
        let counted: Vec<_> = if webhooks.clone().next().is_some() {
            webhooks.collect()
        } else {
            self.0.iter().collect()
        };
        match counted[..] {
            [(one, count)] if one.1 != Outcome::Accepted.name() => Some((one, *count)),
            _ => None,
        }
    }
}

/// The cause, if all honest requests of this vendor ended alike and unaccepted, or if a limiter refused many.
pub fn cause(vendor: &VendorTarget, features: &[FeatureResult]) -> Option<Cause> {
    let name = vendor.vendor.catalogue().vendor;
    let exchanges = || scenarios(features).flat_map(|(_, scenario)| &scenario.exchanges);
    let all = exchanges();
    let mut honest: Vec<&Exchange> =
        all.filter(|one| one.vendor == name && one.fault.is_none()).collect();
    let mut endings = Endings::default();
    honest.iter().for_each(|one| endings.add(one));
    let alike = endings.alike().filter(|(_, count)| *count >= FEWEST);
    let all_alike = alike.is_some();
    let (common, text) = match alike {
        None => limited(vendor, &honest)?,
        Some((common, count)) => {
            honest.retain(|one| ending(one) == *common);
            let mut advice = advice(vendor, &honest, count);
            if honest.iter().all(|one| one.status.is_none())
                && exchanges().any(|one| one.status.is_some())
            {
                "It had answered other requests before: its log may say why it stopped"
                    .clone_into(&mut advice.mend);
            }
            (common.clone(), advice.text())
        }
    };
    // Where no honest request was accepted, one under a fault that is harmless ended like them. A limiter looks at none.
    let (.., status) = &common;
    let whatever_its_fault = all_alike || *status == Some(429);
    let is_of_it = |one: &Exchange| {
        one.vendor == name && (whatever_its_fault || one.fault.is_none()) && ending(one) == common
    };
    let failures = unexplained(features).filter(|(_, scenario, _)| {
        let mut exchanges = scenario.exchanges.iter().enumerate();
        exchanges.any(|(place, one)| is_of_it(one) && !is_mended(scenario, place))
    });
    let failures = failures.map(|(place, ..)| place).collect();
    Some(Cause { text, failures })
}

/// How the honest webhooks of a vendor ended that a limiter refused, and what is said of it.
fn limited(vendor: &VendorTarget, honest: &[&Exchange]) -> Option<(Ending, String)> {
    let is_webhook =
        |one: &&&Exchange| one.request == RequestKind::Webhook.name() && one.method.is_none();
    let webhooks = honest.iter().filter(is_webhook);
    let all = webhooks.clone().count();
    let limited: Vec<_> = webhooks.filter(|one| one.status == Some(429)).collect();
    let (first, count) = (limited.first()?, limited.len());
    let title = vendor.vendor.catalogue().title;
    (count >= FEWEST && count * LIMITED >= all).then(|| {
        let text = format!(
            "{title}: {count} of {all} requests with honest webhooks were answered with 429. {LIMITER}"
        );
        (ending(first), text)
    })
}
