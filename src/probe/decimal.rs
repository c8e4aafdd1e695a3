//! Decimal numbers as they are written: no float changes an amount.

/// The most digits of a number.
const MOST_DIGITS: usize = 30;

/// A decimal number in lowest terms: `digits` divided by ten to the power of `scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    digits: i128,
    scale: usize,
}

impl Decimal {
    /// The number that a text is, written as in JSON but without an exponent: `-91.50`. `007` is
    /// none, since it is rather a name.
    pub fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, part) = match unsigned.split_once('.') {
            Some((whole, part)) if !part.is_empty() => (whole, part),
            Some(_) => return None,
            None => (unsigned, ""),
        };
        let is_whole = whole == "0" || (!whole.starts_with('0') && !whole.is_empty());
        let digits = whole.len() + part.len();
        let written = whole.bytes().chain(part.bytes());
        if !is_whole || digits > MOST_DIGITS || !written.clone().all(|one| one.is_ascii_digit()) {
            return None;
        }
        let digits = written.fold(0_i128, |sum, digit| sum * 10 + i128::from(digit - b'0'));
        let signed = if unsigned.len() < text.len() { -digits } else { digits };
        Some(Self { digits: signed, scale: part.len() }.in_lowest_terms())
    }

    /// The number times a factor. None if that is too large.
    pub fn times(self, factor: u32) -> Option<Self> {
        let digits = self.digits.checked_mul(factor.into())?;
        Some(Self { digits, ..self }.in_lowest_terms())
    }

    fn in_lowest_terms(mut self) -> Self {
        while self.scale > 0 && self.digits % 10 == 0 {
            self.digits /= 10;
            self.scale -= 1;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_with_more_zeros() {
        let is = |left, right| {
            Decimal::parse(left).is_some() && Decimal::parse(left) == Decimal::parse(right)
        };
        assert!(is("91.50", "91.5"));
        assert!(is("-0.0", "0"));
        assert!(is("100", "100.000"));
        assert!(!is("0.1", "0.01"));
        assert_eq!(Decimal::parse("1.10").and_then(|one| one.times(100)), Decimal::parse("110"));
    }

    #[test]
    fn what_is_not_written_as_a_number_is_none() {
        for text in ["", "-", ".5", "5.", "007", "1e3", "1,5", "١", "0x1", "+1", " 1"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        assert_eq!(Decimal::parse(&"9".repeat(31)), None);
    }
}
