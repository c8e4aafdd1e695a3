//! Money in whole cents. There is no floating point anywhere, so totals are the exact sums of their
//! parts.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub, SubAssign};

use serde::{Serialize, Serializer};

use crate::vendors::json::NUMBER;

/// An amount of money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cents(pub u64);

impl Cents {
    /// Whole euros.
    pub fn euros(euros: u64) -> Self {
        Self(euros * 100)
    }

    /// A text with two decimals: `142.80`.
    pub fn text(self) -> String {
        format!("{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl Add for Cents {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Cents {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl AddAssign for Cents {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Cents {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

/// An amount as a JSON number of euros, in its shortest form: `120`, `142.8`, `143.99`.
///
/// It is written digit by digit, which only the JSON writer of the bodies supports.
impl Serialize for Cents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_multiple_of(100) {
            return serializer.serialize_u64(self.0 / 100);
        }
        let text = self.text();
        serializer.serialize_newtype_struct(NUMBER, text.strip_suffix('0').unwrap_or(&text))
    }
}

/// How an event is priced (seed 003: net and gross ticket prices, free events).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pricing {
    /// VAT is added to the price.
    Net,
    /// VAT is included in the price.
    Gross,
    /// Tickets are free.
    Free,
}

impl Pricing {
    /// The pricing with this name in the setting.
    pub fn of(name: &str) -> Self {
        match name {
            "net" => Self::Net,
            "free" => Self::Free,
            _ => Self::Gross,
        }
    }
}

/// The prices of a ticket.
#[derive(Clone, Copy, Debug, Serialize, PartialEq, Eq)]
pub struct Price {
    /// With VAT, without fees (assumed).
    pub ticket_price: Cents,
    /// doo's fee.
    pub ticket_fees: Cents,
    /// What the buyer pays, with all fees and VAT (seed 003).
    pub buyer_price: Cents,
    /// The price that is shown: without fees, and for net prices without VAT (seed 003).
    pub display_price: Cents,
}

impl Price {
    /// The price from the organizer's whole euros. So VAT in whole per cent is a whole number of
    /// cents.
    pub fn of(pricing: Pricing, euros: u64, vat_percent: u64, fee: Cents) -> Self {
        let display_price = Cents::euros(euros);
        let vat = match pricing {
            Pricing::Net => Cents(euros * vat_percent),
            Pricing::Gross | Pricing::Free => Cents(0),
        };
        let ticket_price = display_price + vat;
        let ticket_fees = if pricing == Pricing::Free { Cents(0) } else { fee };
        Self { ticket_price, ticket_fees, buyer_price: ticket_price + ticket_fees, display_price }
    }
}

/// The discount of a coupon over this many euros: whole euros, at most the sum.
pub fn discount(coupon_euros: u64, sum: Cents) -> u64 {
    coupon_euros.min(sum.0 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::json;

    fn number(cents: u64) -> String {
        let mut text = Vec::new();
        json::write(&Cents(cents), &mut text);
        String::from_utf8(text).expect("a number")
    }

    #[test]
    fn numbers_are_as_short_as_they_go_and_exact() {
        let written = [0, 12_000, 14_280, 14_399, 5, 10].map(number);
        assert_eq!(written, ["0", "120", "142.8", "143.99", "0.05", "0.1"]);
        assert_eq!(number(900_719_925_474_099_301), "9007199254740993.01");
        assert_eq!(Cents(14_280).text(), "142.80");
        assert_eq!(Cents(5).text(), "0.05");
    }

    #[test]
    fn net_and_gross_prices_are_as_the_seed_defines_them() {
        let fee = Cents(119);
        let net = Price::of(Pricing::Net, 120, 19, fee);
        assert_eq!((net.display_price, net.ticket_price), (Cents(12_000), Cents(14_280)));
        assert_eq!(net.buyer_price, Cents(14_399));
        let gross = Price::of(Pricing::Gross, 120, 19, fee);
        assert_eq!((gross.display_price, gross.ticket_price), (Cents(12_000), Cents(12_000)));
        assert_eq!(gross.buyer_price, Cents(12_119));
        let free = Price::of(Pricing::Free, 0, 0, fee);
        assert_eq!((free.buyer_price, free.ticket_fees), (Cents(0), Cents(0)));
    }

    #[test]
    fn a_coupon_takes_whole_euros_and_never_more_than_there_is() {
        assert_eq!(discount(10, Cents(14_280)), 10);
        assert_eq!(discount(200, Cents(14_280)), 142);
        assert_eq!(discount(10, Cents(0)), 0);
    }
}
