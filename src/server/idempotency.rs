//! Writes that may be repeated: a request with the same `Idempotency-Key` is carried out once, and
//! gets the same answer each time. Keys are in the journal too, as notes, so that a restart forgets
//! none. Neither a key nor its request can be read there: both are digests.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::problem::{Problem, ProblemType};
use crate::journal::Note;

/// How many keys are remembered. The oldest are forgotten first.
pub const REMEMBERED: usize = 10_000;
/// How long a key may be.
pub const LONGEST_KEY: usize = 255;

/// The note of a key.
pub const NOTE: &str = "idempotency-key";

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
    request: String,
    stage: Stage,
}

/// How far a request is that has a key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It is being carried out, or was when the server ended.
    Begun,
    /// It was carried out, with this answer.
    Answered(u16, Json),
    /// It was refused. Its key may be used again.
    Refused,
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
    /// As the journal has it.
    pub key: Key,
    kept: bool,
}

/// A key and its request, as digests. Clones are of the same use of the key.
#[derive(Clone, Debug)]
pub struct Key {
    key: String,
    request: String,
    noted: Arc<AtomicU8>,
}

const NOT_NOTED: u8 = 0;
const BEGUN: u8 = 1;
const ANSWERED: u8 = 2;

/// A note as it is read back.
#[derive(Deserialize)]
struct Noted {
    key: String,
    request: String,
    stage: Stage,
}

impl Key {
    fn new(key: &str, request: &[&[u8]]) -> Self {
        let noted = Arc::new(AtomicU8::new(NOT_NOTED));
        Self { key: digest(&[key.as_bytes()]), request: digest(request), noted }
    }

    /// The note of how far the request is, at this moment of an account's time.
    pub fn note(&self, account: &str, at: Timestamp, stage: &Stage) -> Note {
        let noted = if matches!(stage, Stage::Begun) { BEGUN } else { ANSWERED };
        self.noted.store(noted, Ordering::Release);
        Note {
            at,
            name: NOTE,
            cause: None,
            account: Some(account.into()),
            delivery: None,
            data: json!({ "key": self.key, "request": self.request, "stage": stage }),
            body: None,
        }
    }

    /// Whether the journal says only that the request was begun.
    pub fn is_begun(&self) -> bool {
        self.noted.load(Ordering::Acquire) == BEGUN
    }

    /// Whether the journal has the answer, or will have it with what was done.
    pub fn is_answered(&self) -> bool {
        self.noted.load(Ordering::Acquire) == ANSWERED
    }
}

fn digest(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    URL_SAFE_NO_PAD.encode(digest.finalize())
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
        let key = Key::new(key, request);
        let mut keys = self.keys();
        match keys.known.get(&key.key) {
            Some(known) if known.request != key.request => Err(Problem::new(
                ProblemType::Unprocessable,
                "this Idempotency-Key was used for another request",
            )),
            Some(Known { stage: Stage::Begun, .. }) => Err(Problem::new(
                ProblemType::Conflict,
                "a request with this Idempotency-Key is being carried out, or was when the server \
                 ended: if it stays so, look at the account, and use another key",
            )),
            Some(Known { stage: Stage::Answered(status, body), .. }) => {
                Ok(Claim::Answered(*status, body.clone()))
            }
            Some(Known { stage: Stage::Refused, .. }) | None => {
                keys.set(&key.key, Known { request: key.request.clone(), stage: Stage::Begun });
                Ok(Claim::New(Claimed { keys: self, key, kept: false }))
            }
        }
    }

    /// Remembers a key as a note of the journal has it. Notes come in their order.
    pub fn remember(&self, note: Json) {
        // Whatever else is called so is not ours.
        let Ok(Noted { key, request, stage }) = serde_json::from_value(note) else { return };
        match stage {
            Stage::Refused => self.keys().forget(&key),
            stage => {
                let mut keys = self.keys();
                keys.set(&key, Known { request, stage });
                keys.forget_oldest();
            }
        }
    }

    fn keys(&self) -> std::sync::MutexGuard<'_, Keys> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keys {
    fn set(&mut self, key: &str, known: Known) {
        if self.known.insert(key.to_owned(), known).is_none() {
            self.order.push_back(key.to_owned());
        }
    }

    /// Forgets the oldest keys, if there are too many. A request that is refused costs no other key.
    fn forget_oldest(&mut self) {
        while self.order.len() > REMEMBERED {
            if let Some(oldest) = self.order.pop_front() {
                self.known.remove(&oldest);
            }
        }
    }

    fn forget(&mut self, key: &str) {
        self.known.remove(key);
        self.order.retain(|one| one != key);
    }
}

impl Claimed<'_> {
    /// Keeps the answer for repeated requests.
    pub fn keep(mut self, status: u16, body: Json) {
        let mut keys = self.keys.keys();
        if let Some(known) = keys.known.get_mut(&self.key.key) {
            known.stage = Stage::Answered(status, body);
        }
        keys.forget_oldest();
        drop(keys);
        self.kept = true;
    }
}

impl Drop for Claimed<'_> {
    fn drop(&mut self) {
        if !self.kept {
            self.keys.keys().forget(&self.key.key);
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

    #[test]
    fn a_key_is_remembered_from_its_notes_and_stands_in_none_of_them() {
        let (before, after) = (Idempotency::default(), Idempotency::default());
        let now = Timestamp::UNIX_EPOCH;
        let stages = [("a", Stage::Answered(201, "made".into())), ("b", Stage::Begun)];
        let refused = [("c", Stage::Begun), ("c", Stage::Refused)];
        for (name, stage) in stages.into_iter().chain(refused) {
            let note = claimed(&before, name, "one").key.note("desk", now, &stage);
            assert!(!note.data.to_string().contains("one"), "{}", note.data);
            after.remember(note.data);
        }
        let again = after.claim("a", &[b"one"]);
        assert!(matches!(again, Ok(Claim::Answered(201, Json::String(_)))));
        assert!(matches!(after.claim("a", &[b"two"]), Err(Problem { status: 422, .. })));
        assert!(matches!(after.claim("b", &[b"one"]), Err(Problem { status: 409, .. })));
        drop(claimed(&after, "c", "one"));
    }

    #[test]
    fn the_oldest_keys_are_forgotten() {
        let keys = Idempotency::default();
        for number in 0..=REMEMBERED {
            claimed(&keys, &number.to_string(), "one").keep(200, Json::Null);
        }
        drop(claimed(&keys, "0", "another"));
        assert!(matches!(keys.claim("1", &[b"another"]), Err(Problem { status: 422, .. })));
    }
}
