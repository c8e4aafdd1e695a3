//! Whether the requests of a scenario reached a handler. If they did not, answers to them prove
//! nothing: a receiver that answers 404 to everything refuses wrong credentials, too.

use std::collections::BTreeSet;

use crate::model::result::Exchange;
use crate::model::{Outcome, RequestKind};

/// Where the receiver accepted an honest request, and where it was sent any.
#[derive(Clone, Default)]
pub struct Evidence {
    accepted: BTreeSet<(String, String)>,
    tried: BTreeSet<(String, String)>,
}

impl Evidence {
    /// The evidence in the requests of a whole run.
    pub fn of<'a>(exchanges: impl Iterator<Item = &'a Exchange>) -> Self {
        Self::default().and(exchanges)
    }

    /// The same with these requests.
    pub fn and<'a>(mut self, exchanges: impl Iterator<Item = &'a Exchange>) -> Self {
        for exchange in exchanges.filter(|one| one.fault.is_none() && was_sent(one)) {
            if exchange.outcome == Outcome::Accepted.name() {
                self.accepted.insert(handler(exchange));
            }
            self.tried.insert(handler(exchange));
        }
        self
    }

    /// Why the requests of a scenario prove nothing, if they do not.
    ///
    /// One of them must have gone where the receiver accepts honest requests. If the run sent no
    /// honest one there, any answer will do that does not look like one of a router or a limiter.
    pub fn lacks(&self, exchanges: &[Exchange]) -> Option<String> {
        let mut sent: Vec<&Exchange> = exchanges.iter().filter(|one| was_sent(one)).collect();
        // A token that is issued says nothing about the handler of webhooks.
        let is_webhook = |one: &Exchange| one.request == RequestKind::Webhook.name();
        if sent.iter().any(|one| is_webhook(one)) {
            sent.retain(|one| is_webhook(one));
        }
        let last = sent.last()?;
        let reached = |one: &&Exchange| {
            let handler = handler(one);
            if self.tried.contains(&handler) {
                self.accepted.contains(&handler)
            } else {
                !is_before_any_handler(one.status)
            }
        };
        if sent.iter().any(reached) {
            return None;
        }
        let (what, url) = (&last.request, &last.url);
        Some(format!(
            "the receiver accepted no honest {what} at {url}, so its answers prove nothing"
        ))
    }
}

/// What handles a request: its kind and its URL.
fn handler(exchange: &Exchange) -> (String, String) {
    (exchange.request.clone(), exchange.url.clone())
}

/// A request for leave to send (OPTIONS) is no delivery: often something else answers it.
fn was_sent(exchange: &Exchange) -> bool {
    exchange.method.is_none() && exchange.outcome != Outcome::NeverSent.name()
}

/// Answers of routers, of frameworks that protect forms (419), and of limiters.
pub fn is_before_any_handler(status: Option<u16>) -> bool {
    matches!(status, Some(300..400 | 404 | 405 | 410 | 419 | 421 | 426 | 429))
}
