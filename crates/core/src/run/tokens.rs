//! The token cache of one endpoint. The first delivery that finds no valid token requests one. The
//! others wait for it.
//!
//! It makes no request itself: the caller makes it, and reports the result.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use crate::clock::after;
use crate::journal::entry::DeliveryId;
use crate::model::Secret;
use crate::policy::token::Token;

/// How many tokens are remembered, so that they can be masked in the receiver's answers.
const REMEMBERED: usize = 100;

/// The tokens of one endpoint.
#[derive(Debug, Default)]
pub struct Tokens {
    cached: Option<Cached>,
    /// Whether a token is being requested.
    requesting: bool,
    /// Deliveries that wait for the token.
    waiting: Vec<DeliveryId>,
    /// The tokens that were issued last. The receiver may repeat any of them in an answer.
    issued: VecDeque<Secret>,
}

#[derive(Debug)]
struct Cached {
    secret: Secret,
    /// Until when it is used; `None`: until it is refused.
    until: Option<Timestamp>,
}

/// What a delivery that needs a token must do.
#[derive(Clone, Debug, PartialEq)]
pub enum Lookup {
    /// Use this cached token.
    Hit(Secret),
    /// Request one, for itself and for the deliveries that wait.
    Request,
    /// Wait for the one that is being requested.
    Wait,
}

impl Tokens {
    /// Looks for a token that is valid at this moment of virtual time.
    pub fn look_up(&mut self, at: Timestamp, delivery: DeliveryId) -> Lookup {
        let good = |cached: &&Cached| cached.until.is_none_or(|until| at < until);
        if self.requesting {
            self.waiting.push(delivery);
            return Lookup::Wait;
        }
        if let Some(cached) = self.cached.as_ref().filter(good) {
            return Lookup::Hit(cached.secret.clone());
        }
        self.requesting = true;
        Lookup::Request
    }

    /// Completes the token request that was sent at this moment: it gave this token, or none. The
    /// token is used until `margin` before it expires. Returns the deliveries that wait for it.
    pub fn complete(
        &mut self,
        at: Timestamp,
        margin: Duration,
        token: Option<&Token>,
    ) -> Vec<DeliveryId> {
        self.requesting = false;
        self.cached = token.map(|token| Cached {
            secret: token.secret.clone(),
            until: token.lives.map(|lives| after(at, lives.saturating_sub(margin))),
        });
        std::mem::take(&mut self.waiting)
    }

    /// Remembers a token that was issued.
    pub fn remember(&mut self, token: &Secret) {
        if !self.issued.contains(token) {
            self.issued.push_front(token.clone());
            self.issued.truncate(REMEMBERED);
        }
    }

    /// The tokens that were issued last.
    pub fn issued(&self) -> impl Iterator<Item = &Secret> {
        self.issued.iter()
    }

    /// Drops the cached token, if it is this one, which was refused.
    pub fn drop_refused(&mut self, token: &Secret) {
        self.cached.take_if(|cached| cached.secret == *token);
    }

    /// Forgets the tokens of which this holds, cached or remembered.
    pub fn forget(&mut self, is_one: impl Fn(&Secret) -> bool) {
        self.cached.take_if(|cached| is_one(&cached.secret));
        self.issued.retain(|issued| !is_one(issued));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::default_start;

    const HOUR: Duration = Duration::from_secs(3600);
    const MARGIN: Duration = Duration::from_secs(30);

    fn token(number: u32, lives: Option<Duration>) -> Token {
        Token { secret: Secret::new(format!("token {number}")), lives }
    }

    fn at(seconds: u64) -> Timestamp {
        after(default_start(), Duration::from_secs(seconds))
    }

    #[test]
    fn many_deliveries_on_a_cold_cache_request_one_token_and_the_others_wait() {
        let mut tokens = Tokens::default();
        assert_eq!(tokens.look_up(at(0), 0), Lookup::Request);
        let others: Vec<_> = (1..100).map(|delivery| tokens.look_up(at(0), delivery)).collect();
        assert_eq!(others, vec![Lookup::Wait; 99]);
        let woken = tokens.complete(at(0), MARGIN, Some(&token(1, Some(HOUR))));
        assert_eq!(woken, Vec::from_iter(1..100));
        assert_eq!(tokens.look_up(at(1), 100), Lookup::Hit(Secret::new("token 1")));
    }

    #[test]
    fn after_a_refusal_the_waiting_deliveries_get_none_and_the_next_one_requests_again() {
        let mut tokens = Tokens::default();
        assert_eq!(tokens.look_up(at(0), 0), Lookup::Request);
        assert_eq!(tokens.look_up(at(0), 1), Lookup::Wait);
        assert_eq!(tokens.complete(at(0), MARGIN, None), [1]);
        assert_eq!(tokens.look_up(at(0), 2), Lookup::Request);
    }

    #[test]
    fn a_token_is_used_until_the_margin_before_it_expires() {
        let mut tokens = Tokens::default();
        let mut requested = 0;
        for (seconds, wanted) in [(0, 1), (3569, 1), (3570, 2), (7139, 2), (7140, 3)] {
            if tokens.look_up(at(seconds), 0) == Lookup::Request {
                requested += 1;
                tokens.complete(at(seconds), MARGIN, Some(&token(requested, Some(HOUR))));
            }
            assert_eq!(requested, wanted, "after {seconds} s");
        }
    }

    #[test]
    fn a_token_that_lives_no_longer_than_the_margin_is_used_once() {
        let mut tokens = Tokens::default();
        for number in 1..=3 {
            assert_eq!(tokens.look_up(at(0), 0), Lookup::Request);
            tokens.complete(at(0), MARGIN, Some(&token(number, Some(MARGIN))));
        }
    }

    #[test]
    fn a_token_without_a_lifetime_is_used_until_it_is_refused() {
        let mut tokens = Tokens::default();
        assert_eq!(tokens.look_up(at(0), 0), Lookup::Request);
        tokens.complete(at(0), MARGIN, Some(&token(1, None)));
        let first = Lookup::Hit(Secret::new("token 1"));
        assert_eq!(tokens.look_up(crate::clock::END, 0), first);
        tokens.drop_refused(&Secret::new("another"));
        assert_eq!(tokens.look_up(at(0), 0), first);
        tokens.drop_refused(&Secret::new("token 1"));
        assert_eq!(tokens.look_up(at(0), 0), Lookup::Request);
    }
}
