//! Secrets as they are searched for, prepared once for many texts.

use aho_corasick::AhoCorasick;

/// The fewest characters of a secret that are masked where a text breaks off.
const SHORTEST_BEGINNING: usize = 4;

/// Secrets that are searched for. Upper and lower case count as the same.
pub struct Needles {
    /// Without their case, in order.
    secrets: Vec<Vec<u8>>,
    whole: AhoCorasick,
    beginnings: AhoCorasick,
    longest: usize,
}

impl Needles {
    /// These secrets. Empty ones are left out.
    pub fn new<'a>(secrets: impl Iterator<Item = &'a str>) -> Self {
        let mut secrets: Vec<Vec<u8>> = secrets
            .filter(|secret| !secret.is_empty())
            .map(|secret| folded(secret.as_bytes()))
            .collect();
        secrets.sort_unstable();
        secrets.dedup();
        let longer = secrets.iter().filter(|secret| secret.len() > SHORTEST_BEGINNING);
        let mut beginnings: Vec<&[u8]> =
            longer.map(|secret| &secret[..SHORTEST_BEGINNING]).collect();
        beginnings.dedup();
        let longest = secrets.iter().map(Vec::len).max().unwrap_or_default();
        let (whole, beginnings) = (automaton(&secrets), automaton(&beginnings));
        Self { whole, beginnings, longest, secrets }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.secrets.is_empty()
    }

    /// The ranges of a text without its case at which a secret stands.
    pub(super) fn find<'a>(
        &'a self,
        text: &'a [u8],
    ) -> impl Iterator<Item = std::ops::Range<usize>> + 'a {
        self.whole.find_overlapping_iter(text).map(|found| found.range())
    }

    /// Where the beginning of a secret begins that a text ends with.
    pub(super) fn beginning(&self, text: &[u8]) -> Option<usize> {
        let from = text.len().saturating_sub(self.longest);
        let mut starts = self.beginnings.find_overlapping_iter(&text[from..]);
        starts.find_map(|found| {
            let start = from + found.start();
            let begun = &text[start..];
            let next = self.secrets.partition_point(|secret| secret.as_slice() < begun);
            let secret = self.secrets.get(next)?;
            (secret.len() > begun.len() && secret.starts_with(begun)).then_some(start)
        })
    }
}

/// In lower case, with `+` for spaces, as forms write them.
pub(super) fn folded(text: &[u8]) -> Vec<u8> {
    let fold = |byte: &u8| if *byte == b' ' { b'+' } else { byte.to_ascii_lowercase() };
    text.iter().map(fold).collect()
}

fn automaton<P: AsRef<[u8]>>(patterns: &[P]) -> AhoCorasick {
    AhoCorasick::new(patterns)
        .unwrap_or_else(|error| panic!("secrets are neither many nor long: {error}"))
}

/// It shows no secret.
impl std::fmt::Debug for Needles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Needles({})", self.secrets.len())
    }
}
