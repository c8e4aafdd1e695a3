//! Shards: parts of a run that are sent by processes of their own, on one machine or on several.
//!
//! A shard has one of n accounts, of all vendors. The number of a webhook is that of the whole run,
//! and so is the moment at which it is due: shards that begin together interleave as threads do.

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

    /// The numbers of its accounts, of so many that the vendors have in turn.
    pub fn accounts(self, all: usize, vendors: usize) -> impl Iterator<Item = usize> {
        // With as many shards as vendors, every n-th account would be of one vendor. So the shards move
        // by one as often as the pattern repeats.
        let pattern = vendors / common_divisor(vendors, self.of) * self.of;
        (0..all).filter(move |number| (number + number / pattern) % self.of == self.index)
    }
}

fn common_divisor(one: usize, other: usize) -> usize {
    if other == 0 { one } else { common_divisor(other, one % other) }
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
    fn shards_have_each_account_once_and_almost_as_many_of_each_vendor() {
        for (vendors, accounts, shards) in
            [(1, 64, 8), (2, 64, 8), (3, 64, 3), (3, 64, 8), (3, 1, 3)]
        {
            let all = vendors * accounts;
            let mut seen = BTreeSet::new();
            for index in 0..shards {
                let own = Shard { index, of: shards }.accounts(all, vendors);
                let own: Vec<usize> = own.inspect(|one| assert!(seen.insert(*one))).collect();
                assert!((all / shards..=all.div_ceil(shards)).contains(&own.len()), "{own:?}");
                assert!(own.is_sorted());
                for vendor in 0..vendors {
                    let of_it = own.iter().filter(|number| *number % vendors == vendor).count();
                    let fair = accounts as f64 / shards as f64;
                    assert!((of_it as f64 - fair).abs() < 2.0, "{of_it} of {accounts}: {own:?}");
                }
            }
            assert_eq!(seen, (0..all).collect());
        }
    }

    #[test]
    fn the_only_shard_has_all_accounts() {
        assert!(Shard::WHOLE.accounts(10, 3).eq(0..10));
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
