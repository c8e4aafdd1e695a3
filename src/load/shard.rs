//! Shards: parts of a run that are sent by processes of their own, on one machine or on several.
//!
//! A shard has every n-th account. The number of a webhook is that of the whole run, and so is the
//! moment at which it is due: shards that begin at the same time interleave as threads do.

/// A part of the accounts of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Its number, from 0.
    pub index: usize,
    /// How many shards the run has.
    pub of: usize,
}

impl Shard {
    /// The only shard of a run that is not divided.
    pub const WHOLE: Self = Self { index: 0, of: 1 };

    /// The most shards of a run.
    pub const MOST: usize = 10_000;

    /// Reads `0/8`.
    ///
    /// # Errors
    /// If it is none.
    pub fn read(text: &str) -> Result<Self, String> {
        let read = text.split_once('/').and_then(|(index, of)| {
            Some(Self { index: index.parse().ok()?, of: of.parse().ok()? })
        });
        match read {
            Some(Self { of: 0, .. }) => Err("a run has at least one shard".to_owned()),
            Some(Self { of, .. }) if of > Self::MOST => {
                Err(format!("a run has at most {} shards", Self::MOST))
            }
            Some(Self { index, of }) if index >= of => Err(format!(
                "shards are numbered from 0: the {of} shards are 0/{of} to {}/{of}",
                of - 1
            )),
            Some(shard) => Ok(shard),
            None => {
                Err(format!("`{text}` is not a shard; it is written like 0/8, the first of eight"))
            }
        }
    }

    /// The first account of one of its threads, and how far it is from each account to the next.
    pub fn thread(self, of: usize, threads: usize) -> (usize, usize) {
        (self.index + of * self.of, self.of * threads)
    }

    /// How many of so many accounts are its own.
    pub fn share(self, accounts: usize) -> usize {
        accounts.saturating_sub(self.index).div_ceil(self.of)
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_threads_of_all_shards_have_each_account_once() {
        for (accounts, shards, threads) in [(64, 8, 1), (192, 8, 3), (7, 3, 2), (5, 5, 1)] {
            let mut seen = BTreeSet::new();
            for index in 0..shards {
                let shard = Shard { index, of: shards };
                let mut own = 0;
                for of in 0..threads {
                    let (first, step) = shard.thread(of, threads);
                    let numbers: Vec<usize> = (first..accounts).step_by(step).collect();
                    assert!(!numbers.is_empty(), "{shard}, thread {of}");
                    own += numbers.len();
                    assert!(numbers.into_iter().all(|number| seen.insert(number)), "{shard}");
                }
                assert_eq!(own, shard.share(accounts), "{shard}");
            }
            assert_eq!(seen.len(), accounts);
        }
    }

    #[test]
    fn what_is_no_shard_says_how_one_is_written() {
        assert_eq!(Shard::read("3/8"), Ok(Shard { index: 3, of: 8 }));
        assert_eq!(Shard::read("0/1"), Ok(Shard::WHOLE));
        for (text, why) in [
            ("8/8", "the 8 shards are 0/8 to 7/8"),
            ("0/0", "at least one"),
            ("1/20000", "at most 10000"),
            ("3", "0/8"),
            ("-1/8", "0/8"),
            ("1/8/9", "0/8"),
            ("", "0/8"),
        ] {
            assert!(Shard::read(text).is_err_and(|said| said.contains(why)), "{text}");
        }
    }
}
