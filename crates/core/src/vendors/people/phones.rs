//! Telephone numbers. Each lies in a range that the authority of its country keeps for fiction, so
//! nobody's telephone rings.
//!
//! The shipped features write `+46846500499` into webhooks. It is never drawn here, so that what
//! they write is never what the vendor would have sent.

use super::names::Tongue;
use crate::chance::Chance;

/// Numbers that begin alike and count on from the first.
struct Range {
    before: &'static str,
    digits: usize,
    first: u64,
    last: u64,
}

const fn range(before: &'static str, digits: usize, first: u64, last: u64) -> Range {
    Range { before, digits, first, last }
}

/// PTS: 070-174 06 05–99, 031-390 06 00–99, 040-628 04 00–99, 08-465 004 00–99, 0980-319 200–299.
const SWEDISH: [Range; 5] = [
    range("+467017406", 2, 5, 99),
    range("+463139006", 2, 0, 99),
    range("+464062804", 2, 0, 99),
    range("+468465004", 2, 0, 98),
    range("+469803192", 2, 0, 99),
];
/// Ofcom: 07700 900000–900999.
const BRITISH: [Range; 1] = [range("+447700900", 3, 0, 999)];
/// ARCEP: 06 39 98 00 00–99 99.
const FRENCH: [Range; 1] = [range("+3363998", 4, 0, 9999)];
/// BNetzA: 0171-39200 00–99, 0176-040690 00–99, and numbers of Berlin, Hamburg, Cologne, Munich and
/// Frankfurt.
const GERMAN: [Range; 7] = [
    range("+4917139200", 2, 0, 99),
    range("+49176040690", 2, 0, 99),
    range("+493023125", 3, 0, 999),
    range("+494066969", 3, 0, 999),
    range("+492214710", 3, 0, 999),
    range("+498999998", 3, 0, 999),
    range("+496990009", 3, 0, 999),
];

/// Where the people of a vendor's accounts live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// Sweden.
    Sweden,
    /// The United States.
    America,
}

/// A number of somebody who lives there and speaks this language. Many have kept the number of the
/// country that they come from.
pub fn phone(chance: &mut Chance, home: Home, tongue: Tongue) -> String {
    match (home, tongue) {
        (_, Tongue::German) => of(chance, &GERMAN),
        (_, Tongue::French) => of(chance, &FRENCH),
        (_, Tongue::Swedish) => of(chance, &SWEDISH),
        (Home::America, _) => american(chance),
        (Home::Sweden, Tongue::English) if chance.happens(0.5) => of(chance, &BRITISH),
        (Home::Sweden, Tongue::English) => american(chance),
        (Home::Sweden, _) if chance.happens(0.5) => of(chance, &FRENCH),
        (Home::Sweden, _) => of(chance, &SWEDISH),
    }
}

/// 555-0100 to 555-0199 are reserved for fiction in every area of North America.
fn american(chance: &mut Chance) -> String {
    let area =
        100 * chance.pick(&[2, 3, 4, 5, 6, 7, 9]) + 10 * chance.below(9) + chance.between(2, 9);
    format!("+1{area}55501{:02}", chance.below(100))
}

/// A number from one of these ranges. Each number is as likely as any other.
fn of(chance: &mut Chance, ranges: &[Range]) -> String {
    let size = |range: &Range| range.last - range.first + 1;
    let mut draw = chance.below(ranges.iter().map(size).sum());
    for range in ranges {
        if draw < size(range) {
            return format!(
                "{}{:0digits$}",
                range.before,
                range.first + draw,
                digits = range.digits
            );
        }
        draw -= size(range);
    }
    unreachable!("the draw is below the sum of all sizes")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::names::ALL;
    use super::*;

    /// The ranges as their authorities publish them, written anew.
    const RESERVED: [&str; 15] = [
        r"^\+467017406(0[5-9]|[1-9]\d)$",
        r"^\+463139006\d\d$",
        r"^\+464062804\d\d$",
        r"^\+468465004\d\d$",
        r"^\+469803192\d\d$",
        r"^\+447700900\d{3}$",
        r"^\+3363998\d{4}$",
        r"^\+4917139200\d\d$",
        r"^\+49176040690\d\d$",
        r"^\+493023125\d{3}$",
        r"^\+494066969\d{3}$",
        r"^\+492214710\d{3}$",
        r"^\+498999998\d{3}$",
        r"^\+496990009\d{3}$",
        r"^\+1[2-9]\d\d55501\d\d$",
    ];

    #[test]
    fn every_number_is_reserved_for_fiction_and_few_are_drawn_twice() {
        let reserved = regex::RegexSet::new(RESERVED).expect("patterns");
        let mut cases = 0;
        for home in [Home::Sweden, Home::America] {
            for tongue in ALL {
                let mut chance = Chance::from_seed(cases);
                let numbers: Vec<_> = (0..500).map(|_| phone(&mut chance, home, tongue)).collect();
                for number in &numbers {
                    assert!(reserved.is_match(number), "{number}");
                    assert_ne!(number, "+46846500499", "the shipped features write this one");
                    cases += 1;
                }
                let different: BTreeSet<_> = numbers.iter().collect();
                assert!(different.len() > 300, "{tongue:?}: only {}", different.len());
            }
        }
        assert!(cases >= 10_000, "only {cases} cases");
    }
}
