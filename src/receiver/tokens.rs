//! The issued tokens: whose they are, how long each is valid, and which were revoked.
//!
//! Only the hash of a token is stored, so that neither the memory nor the time of a look-up reveals
//! it. There is a limit: beyond it, the oldest tokens of a client are forgotten. A forgotten token is
//! refused like one that was never issued, so forgetting is safe.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::clock::Stopwatch;
use crate::model::Secret;
use crate::receiver::defects::Defect;
use crate::receiver::refusal::Refusal;
use crate::receiver::variation::{Defects, Part};

/// How many tokens of one client are stored: as many as it needs in an hour at 25 a second.
const TOKENS_A_CLIENT_MAX: usize = 100_000;

/// All tokens, and how long a token is valid.
pub(super) struct Tokens {
    lifetime: Duration,
    defects: Defects,
    records: Mutex<Records>,
}

type Hash = [u8; 32];

#[derive(Default)]
struct Records {
    tokens: BTreeMap<Hash, Token>,
    /// The tokens of each client, oldest first. All are valid equally long, so the oldest is the
    /// first to expire.
    issued: BTreeMap<String, VecDeque<Hash>>,
}

struct Token {
    client: String,
    issued: Stopwatch,
    lifetime: Duration,
    revoked: bool,
    /// Only a defect uses it.
    used: bool,
    /// The token itself, if a defect compares tokens only in part.
    text: Option<Secret>,
}

impl Tokens {
    pub(super) fn new(lifetime: Duration, defects: Defects) -> Self {
        Self { lifetime, defects, records: Mutex::default() }
    }

    /// How long a token is valid.
    pub(super) fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// Adds a token that was issued to this client and has expired.
    pub(super) fn remember_expired(&self, token: &Secret, client: &str) {
        let token = hash(token.reveal());
        self.records().keep(token, client, Duration::ZERO, None);
    }

    /// A new token for this client.
    pub(super) fn issue(&self, client: &str) -> String {
        let token = random_token();
        let text = self.part().map(|_| Secret::new(&token));
        self.records().keep(hash(&token), client, self.lifetime, text);
        token
    }

    /// Whether a defect compares tokens only in part, and this one agrees with an issued one but is not it.
    pub(super) fn agrees_in_part(&self, token: &str) -> bool {
        let Some(part) = self.part() else { return false };
        let agrees = |text: &Secret| text.reveal() != token && part.agrees(token, text.reveal());
        self.records().tokens.values().filter_map(|known| known.text.as_ref()).any(agrees)
    }

    fn part(&self) -> Option<Part> {
        self.defects.part(Defect::AnyTokenAccepted)
    }

    /// The client that a token was issued to, if the token is still valid.
    pub(super) fn owner(&self, token: &str) -> Result<String, Refusal> {
        let mut records = self.records();
        let Some(known) = records.tokens.get_mut(&hash(token)) else {
            if self.has(Defect::UnknownTokenCrashes) {
                return Err(Refusal::Crash("no row for the token"));
            }
            return Err(Refusal::TokenRefused("was not issued here"));
        };
        let expired = known.issued.elapsed() >= known.lifetime;
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

    /// Revokes a token for its client. An unknown token counts as revoked (RFC 7009, section 2.2).
    pub(super) fn revoke(&self, token: &str, client: &str) -> Result<(), Refusal> {
        match self.records().tokens.get_mut(&hash(token)) {
            Some(known) if known.client != client => Err(Refusal::ForeignToken),
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

    fn records(&self) -> MutexGuard<'_, Records> {
        // No write can end half-way, so the records are consistent even after a panic.
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Records {
    fn keep(&mut self, token: Hash, client: &str, lifetime: Duration, text: Option<Secret>) {
        let issued = self.issued.entry(client.to_owned()).or_default();
        if issued.len() >= TOKENS_A_CLIENT_MAX
            && let Some(oldest) = issued.pop_front()
        {
            self.tokens.remove(&oldest);
        }
        issued.push_back(token);
        let client = client.to_owned();
        let issued = Stopwatch::start();
        let known = Token { client, issued, lifetime, revoked: false, used: false, text };
        self.tokens.insert(token, known);
    }
}

fn hash(token: &str) -> Hash {
    Sha256::digest(token.as_bytes()).into()
}

/// 122 bits from the operating system.
#[expect(clippy::disallowed_methods, reason = "a token that follows from a seed could be guessed")]
fn random_token() -> String {
    Uuid::new_v4().simple().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_has_a_limit_and_a_forgotten_token_is_still_refused() {
        let tokens = Tokens::new(Duration::from_secs(3600), Defects::default());
        let partner = tokens.issue("partner");
        let first = tokens.issue("doo");
        let last = (0..TOKENS_A_CLIENT_MAX).map(|_| tokens.issue("doo")).last().unwrap();
        assert_eq!(tokens.records().tokens.len(), TOKENS_A_CLIENT_MAX + 1);
        assert!(tokens.owner(&first).is_err());
        assert_eq!(tokens.owner(&last).unwrap(), "doo");
        assert_eq!(tokens.owner(&partner).unwrap(), "partner");
    }
}
