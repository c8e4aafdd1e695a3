//! Writes that may be repeated: a request with the same `Idempotency-Key` is carried out once, and
//! gets the same answer each time.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::problem::{Problem, ProblemType};

/// How many keys are remembered. The oldest are forgotten first.
const REMEMBERED: usize = 10_000;
/// How long a key may be.
const LONGEST_KEY: usize = 255;

/// The keys that were used, with their answers.
#[derive(Default)]
pub struct Idempotency(Mutex<Keys>);

#[derive(Default)]
struct Keys {
    known: BTreeMap<String, Known>,
    order: VecDeque<String>,
}

struct Known {
    /// A digest of the request.
    request: [u8; 32],
    /// None while it is carried out.
    answer: Option<(u16, Json)>,
}

/// What is to be done with a request that has a key.
pub enum Claim<'a> {
    /// It is carried out. Its answer is to be kept.
    New(Claimed<'a>),
    /// It was carried out before, with this answer.
    Answered(u16, Json),
}

/// A key that is being used. If no answer is kept, it can be used again.
pub struct Claimed<'a> {
    keys: &'a Idempotency,
    key: String,
    kept: bool,
}

impl Idempotency {
    /// Claims a key for a request.
    ///
    /// # Errors
    /// If the key was used for another request, or one with it is being carried out.
    pub fn claim(&self, key: &str, request: &[&[u8]]) -> Result<Claim<'_>, Problem> {
        if key.is_empty() || key.len() > LONGEST_KEY {
            let detail = format!("an Idempotency-Key has 1 to {LONGEST_KEY} characters");
            return Err(Problem::new(ProblemType::InvalidRequest, detail));
        }
        let mut digest = Sha256::new();
        for part in request {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        let request: [u8; 32] = digest.finalize().into();
        let mut keys = self.keys();
        match keys.known.get(key) {
            Some(known) if known.request != request => Err(Problem::new(
                ProblemType::Unprocessable,
                "this Idempotency-Key was used for another request",
            )),
            Some(Known { answer: None, .. }) => Err(Problem::new(
                ProblemType::Conflict,
                "a request with this Idempotency-Key is being carried out",
            )),
            Some(Known { answer: Some((status, body)), .. }) => {
                Ok(Claim::Answered(*status, body.clone()))
            }
            None => {
                keys.add(key, Known { request, answer: None });
                let key = key.to_owned();
                Ok(Claim::New(Claimed { keys: self, key, kept: false }))
            }
        }
    }

    fn keys(&self) -> std::sync::MutexGuard<'_, Keys> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keys {
    fn add(&mut self, key: &str, known: Known) {
        self.known.insert(key.to_owned(), known);
        self.order.push_back(key.to_owned());
        while self.order.len() > REMEMBERED {
            if let Some(oldest) = self.order.pop_front() {
                self.known.remove(&oldest);
            }
        }
    }
}

impl Claimed<'_> {
    /// Keeps the answer for repeated requests.
    pub fn keep(mut self, status: u16, body: Json) {
        if let Some(known) = self.keys.keys().known.get_mut(&self.key) {
            known.answer = Some((status, body));
        }
        self.kept = true;
    }
}

impl Drop for Claimed<'_> {
    fn drop(&mut self) {
        if !self.kept {
            let mut keys = self.keys.keys();
            keys.known.remove(&self.key);
            keys.order.retain(|key| *key != self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claimed<'a>(keys: &'a Idempotency, key: &str, body: &str) -> Claimed<'a> {
        match keys.claim(key, &[body.as_bytes()]) {
            Ok(Claim::New(claimed)) => claimed,
            _ => panic!("the key is free"),
        }
    }

    #[test]
    fn a_repeated_request_gets_the_first_answer_and_another_one_is_refused() {
        let keys = Idempotency::default();
        let first = claimed(&keys, "a", "one");
        assert!(matches!(keys.claim("a", &[b"one"]), Err(Problem { status: 409, .. })));
        first.keep(201, "made".into());
        let again = keys.claim("a", &[b"one"]);
        assert!(matches!(again, Ok(Claim::Answered(201, Json::String(_)))));
        assert!(matches!(keys.claim("a", &[b"two"]), Err(Problem { status: 422, .. })));
    }

    #[test]
    fn a_request_that_failed_may_be_made_again_with_its_key() {
        let keys = Idempotency::default();
        drop(claimed(&keys, "a", "one"));
        claimed(&keys, "a", "another").keep(200, Json::Null);
    }
}
