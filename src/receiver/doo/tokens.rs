//! The tokens that were given out: to whom, how long each is good, and which were taken back.
//!
//! Only a token's hash is kept, so that neither the memory nor the time of a look-up tells one.
//! Memory has a limit: of each client the oldest tokens are forgotten beyond it. A forgotten token
//! is refused as one that was never given out, so forgetting lets nobody in.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::clock::Stopwatch;
use crate::model::Secret;
use crate::receiver::defects::Defect;
use crate::receiver::refusal::Refusal;

/// How many tokens of one client are remembered: as many as it needs in an hour at 25 a second.
const TOKENS_A_CLIENT_MAX: usize = 100_000;

/// All tokens, and how long one is good.
pub(super) struct Tokens {
    lifetime: Duration,
    defects: BTreeSet<Defect>,
    books: Mutex<Books>,
}

type Hash = [u8; 32];

#[derive(Default)]
struct Books {
    tokens: BTreeMap<Hash, Token>,
    /// The tokens of each client in the order in which they were given out. All are good for
    /// equally long, so the oldest is the first to expire.
    given: BTreeMap<String, VecDeque<Hash>>,
}

struct Token {
    client: String,
    given: Stopwatch,
    lifetime: Duration,
    revoked: bool,
    /// Only a defect asks.
    used: bool,
}

impl Tokens {
    pub(super) fn new(lifetime: Duration, defects: BTreeSet<Defect>) -> Self {
        Self { lifetime, defects, books: Mutex::default() }
    }

    /// How long a token is good.
    pub(super) fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// Enters a token that was given to this client once and has expired since.
    pub(super) fn remember_expired(&self, token: &Secret, client: &str) {
        let token = hash(token.reveal());
        self.books().keep(token, client, Duration::ZERO);
    }

    /// A new token for this client.
    pub(super) fn give(&self, client: &str) -> String {
        let token = unguessable();
        self.books().keep(hash(&token), client, self.lifetime);
        token
    }

    /// The client that a token was given to, if it is still good.
    pub(super) fn owner(&self, token: &str) -> Result<String, Refusal> {
        let mut books = self.books();
        let Some(known) = books.tokens.get_mut(&hash(token)) else {
            if self.has(Defect::UnknownTokenCrashes) {
                return Err(Refusal::Crash("no row for the token"));
            }
            return Err(Refusal::TokenRefused("was not given out here"));
        };
        let expired = known.given.elapsed() >= known.lifetime;
        if known.revoked && !self.has(Defect::RevokedTokenAccepted) {
            return Err(Refusal::TokenRefused("was revoked"));
        }
        if expired && !self.has(Defect::ExpiredTokenAccepted) {
            return Err(Refusal::TokenRefused("has expired"));
        }
        if known.used && self.has(Defect::TokenUsedOnce) {
            return Err(Refusal::TokenRefused("was used before"));
        }
        known.used = true;
        Ok(known.client.clone())
    }

    /// Takes a token back at the wish of the client that has it. One that is not known is as good
    /// as taken back (RFC 7009, section 2.2).
    pub(super) fn revoke(&self, token: &str, client: &str) -> Result<(), Refusal> {
        match self.books().tokens.get_mut(&hash(token)) {
            Some(known) if known.client != client => Err(Refusal::NotYourToken),
            Some(known) => {
                known.revoked = true;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        // No write can end half-way, so the books are whole even if a holder panicked.
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    fn keep(&mut self, token: Hash, client: &str, lifetime: Duration) {
        let given = self.given.entry(client.to_owned()).or_default();
        if given.len() >= TOKENS_A_CLIENT_MAX
            && let Some(oldest) = given.pop_front()
        {
            self.tokens.remove(&oldest);
        }
        given.push_back(token);
        let client = client.to_owned();
        let given = Stopwatch::start();
        self.tokens.insert(token, Token { client, given, lifetime, revoked: false, used: false });
    }
}

fn hash(token: &str) -> Hash {
    Sha256::digest(token.as_bytes()).into()
}

/// 122 bits from the operating system.
#[expect(clippy::disallowed_methods, reason = "a token that a seed gives away protects nothing")]
fn unguessable() -> String {
    Uuid::new_v4().simple().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_has_a_limit_and_a_forgotten_token_is_still_refused() {
        let tokens = Tokens::new(Duration::from_secs(3600), BTreeSet::new());
        let partner = tokens.give("partner");
        let first = tokens.give("doo");
        let last = (0..TOKENS_A_CLIENT_MAX).map(|_| tokens.give("doo")).last().unwrap();
        assert_eq!(tokens.books().tokens.len(), TOKENS_A_CLIENT_MAX + 1);
        assert!(tokens.owner(&first).is_err());
        assert_eq!(tokens.owner(&last).unwrap(), "doo");
        assert_eq!(tokens.owner(&partner).unwrap(), "partner");
    }
}
