//! The tokens of one account, where they are kept: one is asked for when none is held that will do,
//! and deliveries that need one meanwhile wait for it.
//!
//! It makes no request itself. The caller reports when one is made, and its result.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use crate::clock::after;
use crate::journal::entry::DeliveryId;
use crate::model::Secret;
use crate::policy::token::Token;

/// How many tokens are remembered, to be masked wherever a receiver repeats them.
const REMEMBERED: usize = 100;

/// The tokens of one account.
#[derive(Debug, Default)]
pub struct Tokens {
    kept: Option<Kept>,
    /// Somebody asks for one.
    asking: bool,
    /// Deliveries that wait for the answer.
    waiting: Vec<DeliveryId>,
    /// Those that were given out last: a receiver may speak of any of them.
    given: VecDeque<Secret>,
}

#[derive(Debug)]
struct Kept {
    secret: Secret,
    /// Until when it is used; none: until it is refused.
    until: Option<Timestamp>,
}

/// What a delivery that needs a token does.
#[derive(Clone, Debug, PartialEq)]
pub enum Need {
    /// It takes this one.
    Has(Secret),
    /// It asks for one, for itself and all who come meanwhile.
    Asks,
    /// It waits for one that was asked for.
    Waits,
}

impl Tokens {
    /// A delivery needs a token at this moment of virtual time.
    pub fn need(&mut self, at: Timestamp, delivery: DeliveryId) -> Need {
        let good = |kept: &&Kept| kept.until.is_none_or(|until| at < until);
        if self.asking {
            self.waiting.push(delivery);
            return Need::Waits;
        }
        if let Some(kept) = self.kept.as_ref().filter(good) {
            return Need::Has(kept.secret.clone());
        }
        self.asking = true;
        Need::Asks
    }

    /// The request for a token, which left at this moment, gave this one, or none. The token is
    /// used until so long before it expires. Returns the deliveries that wait for it.
    pub fn asked(
        &mut self,
        at: Timestamp,
        margin: Duration,
        token: Option<&Token>,
    ) -> Vec<DeliveryId> {
        self.asking = false;
        self.kept = token.map(|token| Kept {
            secret: token.secret.clone(),
            until: token.lives.map(|lives| after(at, lives.saturating_sub(margin))),
        });
        std::mem::take(&mut self.waiting)
    }

    /// Remembers a token that was given out.
    pub fn remember(&mut self, token: &Secret) {
        if !self.given.contains(token) {
            self.given.push_front(token.clone());
            self.given.truncate(REMEMBERED);
        }
    }

    /// The tokens that were given out last.
    pub fn given(&self) -> impl Iterator<Item = &Secret> {
        self.given.iter()
    }

    /// Drops a token that was refused, if it is the one that is kept.
    pub fn drop_refused(&mut self, token: &Secret) {
        self.kept.take_if(|kept| kept.secret == *token);
    }

    /// Forgets a token, wherever it is held.
    pub fn forget(&mut self, token: &Secret) {
        self.drop_refused(token);
        self.given.retain(|given| given != token);
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
    fn a_herd_on_a_cold_cache_asks_once_and_all_of_it_waits() {
        let mut tokens = Tokens::default();
        assert_eq!(tokens.need(at(0), 0), Need::Asks);
        let herd: Vec<_> = (1..100).map(|delivery| tokens.need(at(0), delivery)).collect();
        assert_eq!(herd, vec![Need::Waits; 99]);
        let woken = tokens.asked(at(0), MARGIN, Some(&token(1, Some(HOUR))));
        assert_eq!(woken, Vec::from_iter(1..100));
        assert_eq!(tokens.need(at(1), 100), Need::Has(Secret::new("token 1")));
    }

    #[test]
    fn a_herd_that_is_denied_has_asked_once_and_the_next_one_asks_again() {
        let mut tokens = Tokens::default();
        assert_eq!(tokens.need(at(0), 0), Need::Asks);
        assert_eq!(tokens.need(at(0), 1), Need::Waits);
        assert_eq!(tokens.asked(at(0), MARGIN, None), [1]);
        assert_eq!(tokens.need(at(0), 2), Need::Asks);
    }

    #[test]
    fn a_token_is_used_until_so_long_before_it_expires() {
        let mut tokens = Tokens::default();
        let mut asked = 0;
        for (seconds, wanted) in [(0, 1), (3569, 1), (3570, 2), (7139, 2), (7140, 3)] {
            if tokens.need(at(seconds), 0) == Need::Asks {
                asked += 1;
                tokens.asked(at(seconds), MARGIN, Some(&token(asked, Some(HOUR))));
            }
            assert_eq!(asked, wanted, "after {seconds} s");
        }
    }

    #[test]
    fn a_token_that_lives_no_longer_than_the_margin_is_used_once() {
        let mut tokens = Tokens::default();
        for number in 1..=3 {
            assert_eq!(tokens.need(at(0), 0), Need::Asks);
            tokens.asked(at(0), MARGIN, Some(&token(number, Some(MARGIN))));
        }
    }

    #[test]
    fn without_a_life_it_is_used_until_it_is_refused() {
        let mut tokens = Tokens::default();
        assert_eq!(tokens.need(at(0), 0), Need::Asks);
        tokens.asked(at(0), MARGIN, Some(&token(1, None)));
        let first = Need::Has(Secret::new("token 1"));
        assert_eq!(tokens.need(crate::clock::END, 0), first);
        tokens.drop_refused(&Secret::new("another"));
        assert_eq!(tokens.need(at(0), 0), first);
        tokens.drop_refused(&Secret::new("token 1"));
        assert_eq!(tokens.need(at(0), 0), Need::Asks);
    }
}
