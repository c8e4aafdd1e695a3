//! The tokens of one account, where they are kept: one is asked for when none is held that will do,
//! and whoever comes meanwhile waits for that one.
//!
//! It knows no request: how a token is asked for is handed in.

use std::collections::VecDeque;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Mutex;

use crate::clock::after;
use crate::model::{Outcome, Secret};
use crate::policy::token::Token;

/// Why no token could be had.
#[derive(Clone, Debug, PartialEq)]
pub struct Denied {
    /// What came of the request for one.
    pub outcome: Outcome,
    /// The `Retry-After` that the vendor was given with it.
    pub retry_after: Option<Duration>,
}

/// The tokens of one account.
#[derive(Debug, Default)]
pub struct Tokens {
    held: Mutex<Held>,
    /// How often one was asked for.
    asked: AtomicU64,
    /// Those that were given out last: a receiver may speak of any of them.
    given: std::sync::Mutex<VecDeque<Secret>>,
}

/// How many tokens are remembered, to be masked wherever a receiver repeats them.
const REMEMBERED: usize = 100;

#[derive(Debug, Default)]
struct Held {
    token: Option<Secret>,
    /// Until when it is used; none: until it is refused.
    until: Option<Timestamp>,
    /// What came of asking, if that was the last that was done, and in vain.
    denied: Option<Denied>,
}

impl Held {
    fn good_at(&self, at: Timestamp) -> Option<&Secret> {
        self.token.as_ref().filter(|_| self.until.is_none_or(|until| at < until))
    }
}

impl Tokens {
    /// The token to use at this moment of virtual time: the one that is held, up to so long before
    /// it expires, or a new one. Of all who want one at the same time one asks, and all take what
    /// came of it.
    ///
    /// # Errors
    /// What came of asking, if that gave no token.
    pub async fn get(
        &self,
        at: Timestamp,
        margin: Duration,
        ask: impl AsyncFnOnce() -> Result<Token, Denied>,
    ) -> Result<Secret, Denied> {
        let before = self.asked.load(Ordering::Acquire);
        let mut held = self.held.lock().await;
        if let Some(token) = held.good_at(at) {
            return Ok(token.clone());
        }
        // Somebody else has asked while this one waited, perhaps for a token that hardly lives.
        let asked_meanwhile = self.asked.load(Ordering::Acquire) > before;
        if let Some(token) = held.token.as_ref().filter(|_| asked_meanwhile) {
            return Ok(token.clone());
        }
        if let Some(denied) = held.denied.as_ref().filter(|_| asked_meanwhile) {
            return Err(denied.clone());
        }
        let came = ask().await;
        self.asked.fetch_add(1, Ordering::AcqRel);
        match came {
            Ok(Token { secret, lives }) => {
                let until = lives.map(|lives| after(at, lives.saturating_sub(margin)));
                *held = Held { token: Some(secret.clone()), until, denied: None };
                Ok(secret)
            }
            Err(denied) => {
                *held = Held { denied: Some(denied.clone()), ..Held::default() };
                Err(denied)
            }
        }
    }

    /// Remembers a token that was given out.
    pub fn remember(&self, token: &Secret) {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        if !given.contains(token) {
            given.push_front(token.clone());
            given.truncate(REMEMBERED);
        }
    }

    /// The tokens that were given out last.
    pub fn given(&self) -> Vec<Secret> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Drops a token that was refused, if it is the one that is held.
    pub async fn drop_refused(&self, token: &Secret) {
        let mut held = self.held.lock().await;
        if held.token.as_ref() == Some(token) {
            *held = Held::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures::future::join_all;

    use super::*;
    use crate::clock::default_start;
    use crate::model::Failure;

    const HOUR: Duration = Duration::from_secs(3600);
    const MARGIN: Duration = Duration::from_secs(30);

    fn token(number: u32, lives: Option<Duration>) -> Token {
        Token { secret: Secret::new(format!("token {number}")), lives }
    }

    /// Asks, and counts how often; it takes a while.
    async fn counted(asked: &Cell<u32>, lives: Option<Duration>) -> Result<Token, Denied> {
        asked.set(asked.get() + 1);
        tokio::task::yield_now().await;
        Ok(token(asked.get(), lives))
    }

    #[tokio::test]
    async fn a_herd_on_a_cold_cache_asks_once() {
        let (tokens, asked) = (Tokens::default(), Cell::new(0));
        let one =
            || tokens.get(default_start(), MARGIN, async || counted(&asked, Some(HOUR)).await);
        let all = join_all((0..100).map(|_| one())).await;
        assert_eq!(asked.get(), 1);
        assert!(all.iter().all(|one| *one == Ok(Secret::new("token 1"))));
    }

    #[tokio::test]
    async fn a_herd_shares_even_a_token_that_hardly_lives() {
        let (tokens, asked) = (Tokens::default(), Cell::new(0));
        let ask = async || counted(&asked, Some(MARGIN)).await;
        let all = join_all((0..20).map(|_| tokens.get(default_start(), MARGIN, ask))).await;
        assert_eq!((asked.get(), all.iter().all(Result::is_ok)), (1, true));
    }

    #[tokio::test]
    async fn a_herd_that_is_denied_has_asked_once_and_the_next_one_asks_again() {
        let (tokens, asked) = (Tokens::default(), Cell::new(0));
        let denied = Denied { outcome: Outcome::Failed(Failure::ServerError), retry_after: None };
        let one = || {
            tokens.get(default_start(), MARGIN, async || {
                counted(&asked, None).await?;
                Err(denied.clone())
            })
        };
        let all = join_all((0..50).map(|_| one())).await;
        assert_eq!(asked.get(), 1);
        assert!(all.iter().all(|one| *one == Err(denied.clone())));
        assert_eq!(one().await, Err(denied.clone()));
        assert_eq!(asked.get(), 2);
    }

    #[tokio::test]
    async fn a_token_is_used_until_so_long_before_it_expires() {
        let (tokens, asked) = (Tokens::default(), Cell::new(0));
        let at = |seconds| after(default_start(), Duration::from_secs(seconds));
        for (seconds, wanted) in [(0, 1), (3569, 1), (3570, 2), (7139, 2), (7140, 3)] {
            let ask = async || counted(&asked, Some(HOUR)).await;
            assert!(tokens.get(at(seconds), MARGIN, ask).await.is_ok());
            assert_eq!(asked.get(), wanted, "after {seconds} s");
        }
    }

    #[tokio::test]
    async fn a_token_that_lives_no_longer_than_the_margin_is_used_once() {
        let (tokens, asked) = (Tokens::default(), Cell::new(0));
        for wanted in 1..=3 {
            let ask = async || counted(&asked, Some(MARGIN)).await;
            assert!(tokens.get(default_start(), MARGIN, ask).await.is_ok());
            assert_eq!(asked.get(), wanted);
        }
    }

    #[tokio::test]
    async fn without_a_life_it_is_used_until_it_is_refused() {
        let (tokens, asked) = (Tokens::default(), Cell::new(0));
        let get = |at| tokens.get(at, MARGIN, async || counted(&asked, None).await);
        let first = get(default_start()).await.expect("a token");
        assert_eq!(get(crate::clock::END).await.as_ref(), Ok(&first));
        tokens.drop_refused(&Secret::new("another")).await;
        assert_eq!(get(default_start()).await.as_ref(), Ok(&first));
        tokens.drop_refused(&first).await;
        assert_ne!(get(default_start()).await, Ok(first));
    }
}
