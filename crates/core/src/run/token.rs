//! The token that an attempt needs: a cached one, a new one from the receiver, or one that the
//! receiver must refuse.

use std::sync::Arc;
use std::time::Duration;

use super::Run;
use super::flight::{Flight, PendingRequest, Purpose, Stage, damage_of};
use super::outgoing::Outgoing;
use super::tokens::Lookup;
use crate::journal::EntryKind;
use crate::journal::entry::IssuedToken;
use crate::model::policy::{Client, TokenUse};
use crate::model::{Authentication, Failure, OAuth, Outcome, RequestKind};
use crate::policy::token::{self, Source, Token};
use crate::policy::wire::SendResult;
use crate::sim::AccountIndex;

impl Run {
    /// Lets the vendor use a token for an account that it has requested elsewhere, as if it had come just now. Where
    /// the policy keeps no tokens, it is not used.
    pub fn hold_token(&mut self, account: AccountIndex, token: &Token) {
        let held = IssuedToken { lives: token.lives };
        self.record_input(self.account_context(account), EntryKind::TokenHeld(held));
        let now = self.sim.now();
        for endpoint in self.channels[account].endpoints.iter_mut() {
            let Authentication::Token(oauth) = &endpoint.route.policy.authentication else {
                continue;
            };
            if let TokenUse::Cached { margin } = oauth.token_use {
                endpoint.tokens.remember(&token.secret);
                endpoint.tokens.complete(now, margin, Some(token));
            }
        }
    }

    /// Gets the token that the webhook of an attempt carries, and then sends the webhook.
    pub(super) fn acquire_token(&mut self, mut flight: Flight) {
        let route = Arc::clone(&self.endpoint(flight.account, flight.endpoint).route);
        let Authentication::Token(oauth) = &route.policy.authentication else {
            return self.send(flight);
        };
        flight.token = match token::source(oauth, flight.damage()) {
            Source::Nowhere => None,
            Source::Known(token) => Some(token.clone()),
            Source::Other(client) => {
                return self.request_token(flight, oauth, client, Purpose::Use);
            }
            Source::Revoked => {
                return self.request_token(flight, oauth, &oauth.client, Purpose::Revoke);
            }
            Source::Own => match oauth.token_use {
                TokenUse::PerAttempt => {
                    return self.request_token(flight, oauth, &oauth.client, Purpose::Use);
                }
                TokenUse::Cached { margin } => {
                    let tokens = &mut self.endpoint_mut(flight.account, flight.endpoint).tokens;
                    match tokens.look_up(flight.at, flight.delivery) {
                        Lookup::Hit(token) => Some(token),
                        Lookup::Request => {
                            let purpose = Purpose::Cache { margin };
                            return self.request_token(flight, oauth, &oauth.client, purpose);
                        }
                        Lookup::Wait => {
                            flight.stage = Stage::WaitingForToken;
                            self.flights.insert(flight.delivery, flight);
                            return;
                        }
                    }
                }
            },
        };
        self.send(flight);
    }

    /// Requests a token as this client.
    fn request_token(
        &mut self,
        mut flight: Flight,
        oauth: &OAuth,
        client: &Client,
        purpose: Purpose,
    ) {
        let mut request = token::request(oauth, client, damage_of(&flight.token_faults))
            .unwrap_or_else(|| panic!("a policy with tokens has a token endpoint"));
        let endpoint = self.endpoint(flight.account, flight.endpoint);
        request.secrets.extend(endpoint.tokens.issued().cloned());
        let outgoing = Outgoing::new(request, &flight.token_faults);
        flight.stage = Stage::RequestingToken(purpose);
        let transit = outgoing.transit.clone();
        flight.pending = Some(PendingRequest::new(outgoing));
        match transit.stopped {
            Some(outcome) => {
                let made_up = transit.answered;
                let token = made_up.and_then(|body| token::read(body.as_bytes()).ok());
                let result = SendResult { token, ..SendResult::unsent(outcome) };
                self.take_results(flight, None, vec![result]);
            }
            None => self.issue(flight, RequestKind::Token, 1),
        }
    }

    /// Continues after a token request: its answer gave this token, or none.
    pub(super) fn after_token_request(
        &mut self,
        mut flight: Flight,
        purpose: Purpose,
        token: Option<Token>,
    ) {
        let tokens = &mut self.endpoint_mut(flight.account, flight.endpoint).tokens;
        if let Some(token) = &token {
            tokens.remember(&token.secret);
        }
        let pending = flight.pending();
        let outcome = pending.outcomes.last().cloned().unwrap_or(Outcome::NeverSent);
        let retry_after = pending.retry_after;
        // An answer that a fault has dropped or replaced gives no token.
        let arrived = outcome == Outcome::Accepted || pending.outgoing.transit.answered.is_some();
        let token = token.filter(|_| arrived);
        let waiting = match purpose {
            Purpose::Cache { margin } => tokens.complete(flight.at, margin, token.as_ref()),
            Purpose::Use | Purpose::Revoke => Vec::new(),
        };
        flight.token = token.map(|token| token.secret);
        let got = flight.token.clone();
        match (&got, purpose) {
            (None, _) => self.finish(flight, outcome.clone(), retry_after),
            (Some(_), Purpose::Revoke) => self.revoke(flight),
            (Some(_), _) => self.send(flight),
        }
        for id in waiting {
            let Some(mut flight) = self.flights.remove(&id) else { continue };
            flight.token.clone_from(&got);
            flight.stage = Stage::Sending;
            match got {
                Some(_) => self.send(flight),
                None => self.finish(flight, outcome.clone(), retry_after),
            }
        }
    }

    /// Asks the receiver to revoke the token of an attempt.
    fn revoke(&mut self, mut flight: Flight) {
        let route = Arc::clone(&self.endpoint(flight.account, flight.endpoint).route);
        let request = match (&route.policy.authentication, &flight.token) {
            (Authentication::Token(oauth), Some(token)) => token::revocation(oauth, token),
            _ => None,
        };
        let request =
            request.unwrap_or_else(|| panic!("a scenario that revokes tokens needs to know where"));
        let outgoing = Outgoing::new(request, &[]);
        flight.stage = Stage::Revoking;
        flight.pending = Some(PendingRequest::new(outgoing));
        self.issue(flight, RequestKind::Revocation, 1);
    }

    /// Continues after the request to revoke the token.
    pub(super) fn after_revocation(&mut self, mut flight: Flight) {
        match flight.pending().outcomes.last() {
            None | Some(Outcome::Accepted) => self.send(flight),
            // The webhook is not sent, so the receiver cannot have refused it.
            Some(outcome) => {
                let why = format!("the receiver did not revoke it ({outcome})");
                let outcome = Outcome::Failed(Failure::NoToken(why));
                self.finish(flight, outcome, None::<Duration>);
            }
        }
    }
}
