//! Which subjects an account has forgotten, written as ranges: an account forgets thousands at a time, and
//! most of them were created one after the other.

use serde::{Deserialize, Serialize};

/// Subjects of an account, by their numbers: ranges that rise, each with its first and its last number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranges(Vec<(u32, u32)>);

impl Ranges {
    /// Whether it has this number.
    pub fn contains(&self, number: u32) -> bool {
        let place = self.0.partition_point(|(_, last)| *last < number);
        self.0.get(place).is_some_and(|(first, _)| *first <= number)
    }

    /// Whether it has no number.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<u32> for Ranges {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        let mut numbers: Vec<u32> = numbers.into_iter().collect();
        numbers.sort_unstable();
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for number in numbers {
            match ranges.last_mut() {
                Some((_, last)) if number - *last <= 1 => *last = number,
                _ => ranges.push((number, number)),
            }
        }
        Self(ranges)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_have_the_numbers_that_they_were_made_of() {
        let numbers = [7, 0, 1, 2, 9, 4];
        let ranges: Ranges = numbers.into_iter().collect();
        assert_eq!(serde_json::to_string(&ranges).expect("JSON"), "[[0,2],[4,4],[7,7],[9,9]]");
        for number in 0..12 {
            assert_eq!(ranges.contains(number), numbers.contains(&number), "{number}");
        }
        assert!(Ranges::default().is_empty() && !Ranges::default().contains(0));
    }
}
