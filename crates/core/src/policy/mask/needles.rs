//! Secrets as they are searched for in many texts.

use std::ops::Range;
use std::sync::Arc;

/// The fewest characters of a secret that are masked where a text breaks off.
const SHORTEST_BEGINNING: usize = 4;

/// Secrets that are searched for. Upper and lower case count as the same.
#[derive(Clone)]
pub struct Needles {
    /// Without their case, in order. The same one may be there more than once.
    secrets: Vec<Arc<[u8]>>,
    /// For each byte, where the secrets that begin with it begin in the list, and the end of the list.
    starts: [usize; 257],
    longest: usize,
}

impl Needles {
    /// These secrets. Empty ones are left out.
    pub fn new<'a>(secrets: impl Iterator<Item = &'a str>) -> Self {
        let mut needles = Self { secrets: Vec::new(), starts: [0; 257], longest: 0 };
        secrets.for_each(|secret| needles.add(secret));
        needles
    }

    /// Adds a secret, unless it is empty.
    pub fn add(&mut self, secret: &str) {
        let secret = folded(secret.as_bytes());
        let Some(first) = secret.first() else { return };
        self.starts[usize::from(*first) + 1..].iter_mut().for_each(|start| *start += 1);
        self.longest = self.longest.max(secret.len());
        let place = self.place_of(&secret).unwrap_or_else(|place| place);
        self.secrets.insert(place, secret.into());
    }

    /// Searches for a secret no longer that was added before, unless it was added again.
    pub fn remove(&mut self, secret: &str) {
        let secret = folded(secret.as_bytes());
        if let Ok(place) = self.place_of(&secret) {
            self.starts[usize::from(secret[0]) + 1..].iter_mut().for_each(|start| *start -= 1);
            self.secrets.remove(place);
        }
    }

    fn place_of(&self, secret: &[u8]) -> Result<usize, usize> {
        self.secrets.binary_search_by(|one| (**one).cmp(secret))
    }

    /// Whether no secret is searched for.
    pub fn is_empty(&self) -> bool {
        self.secrets.is_empty()
    }

    /// How long the shortest secret is, in bytes.
    pub(super) fn shortest(&self) -> Option<usize> {
        self.secrets.iter().map(|secret| secret.len()).min()
    }

    /// Calls this with each range of a folded text at which a secret stands.
    pub(super) fn find(&self, text: &[u8], mut found: impl FnMut(Range<usize>)) {
        for start in 0..text.len() {
            let rest = &text[start..];
            for secret in self.like(rest) {
                if rest.starts_with(secret) {
                    found(start..start + secret.len());
                }
            }
        }
    }

    /// Where a folded text ends with the beginning of a secret: where that begins.
    pub(super) fn beginning(&self, text: &[u8]) -> Option<usize> {
        let last = text.len().checked_sub(SHORTEST_BEGINNING)?;
        (text.len().saturating_sub(self.longest)..=last).find(|start| {
            let rest = &text[*start..];
            self.like(rest).iter().any(|one| one.len() > rest.len() && one.starts_with(rest))
        })
    }

    /// The secrets that begin with the same byte as this text.
    fn like(&self, text: &[u8]) -> &[Arc<[u8]>] {
        let Some(first) = text.first().map(|byte| usize::from(*byte)) else { return &[] };
        &self.secrets[self.starts[first]..self.starts[first + 1]]
    }
}

/// In lower case, with `+` for spaces, as forms write them.
pub(super) fn folded(text: &[u8]) -> Vec<u8> {
    let fold = |byte: &u8| if *byte == b' ' { b'+' } else { byte.to_ascii_lowercase() };
    text.iter().map(fold).collect()
}

/// It shows no secret.
impl std::fmt::Debug for Needles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Needles({})", self.secrets.len())
    }
}
