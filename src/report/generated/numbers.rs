//! Numbers as people read them.

use crate::model::figure::Unit;
use crate::model::summary::Values;

/// A whole number with its digits in groups of three.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A value with its unit.
pub(super) fn of(value: u32, unit: Unit) -> String {
    let value = f64::from(value) / f64::from(unit.parts());
    let sign = unit.sign();
    if unit == Unit::Whole || value >= 9.95 {
        format!("{value:.0}{sign}")
    } else {
        format!("{value:.1}{sign}")
    }
}

/// The middle of the values, and what few exceed.
pub(super) fn middle(values: &Values, unit: Unit) -> String {
    let at = |share| values.quantile(share).map_or_else(|| "–".to_owned(), |value| of(value, unit));
    let up_to = if unit == Unit::Whole { "up to" } else { "within" };
    let (half, most, count) = (at(0.5), at(0.9), grouped(values.count));
    format!("half {up_to} {half}, 90 % {up_to} {most} ({count})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([of(90, Unit::Minutes), of(1200, Unit::Minutes)], ["1.5 min", "20 min"]);
        assert_eq!([of(36, Unit::Days), of(7, Unit::Whole)], ["1.5 d", "7"]);
    }
}
