//! Secrets as they are searched for in many texts.

use std::ops::Range;

/// The fewest characters of a secret that are masked where a text breaks off.
const SHORTEST_BEGINNING: usize = 4;

/// Secrets that are searched for. Upper and lower case count as the same.
pub struct Needles {
    /// Without their case, in order.
    secrets: Vec<Vec<u8>>,
    /// For each byte, where the secrets that begin with it begin in the list, and the end of the list.
    starts: [usize; 257],
    longest: usize,
}

impl Needles {
    /// These secrets. Empty ones are left out.
    pub fn new<'a>(secrets: impl Iterator<Item = &'a str>) -> Self {
        let secrets = secrets.filter(|secret| !secret.is_empty());
        let mut secrets: Vec<Vec<u8>> = secrets.map(|secret| folded(secret.as_bytes())).collect();
        secrets.sort_unstable();
        secrets.dedup();
        let mut starts = [0; 257];
        for secret in &secrets {
            starts[usize::from(secret[0]) + 1] += 1;
        }
        for byte in 1..starts.len() {
            starts[byte] += starts[byte - 1];
        }
        let longest = secrets.iter().map(Vec::len).max().unwrap_or_default();
        Self { secrets, starts, longest }
    }

    /// Whether no secret is searched for.
    pub fn is_empty(&self) -> bool {
        self.secrets.is_empty()
    }

    /// The ranges of a folded text at which a secret stands.
    pub(super) fn find<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = Range<usize>> + 'a {
        (0..text.len()).flat_map(move |start| {
            let rest = &text[start..];
            let found = self.like(rest).iter().filter(|secret| rest.starts_with(secret));
            found.map(move |secret| start..start + secret.len())
        })
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
    fn like(&self, text: &[u8]) -> &[Vec<u8>] {
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
