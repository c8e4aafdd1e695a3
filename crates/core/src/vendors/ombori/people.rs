//! The languages of guests, and what guests say.

use crate::chance::Chance;
use crate::vendors::people::Tongue;

/// The languages that guests speak (`position.locale`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// English.
    En,
    /// Swedish.
    Sv,
    /// Arabic.
    Ar,
}

impl Locale {
    /// Its code in the payload.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Sv => "sv",
            Self::Ar => "ar",
        }
    }

    /// Where the names of those who speak it come from.
    pub fn tongue(self) -> Tongue {
        match self {
            Self::En => Tongue::English,
            Self::Sv => Tongue::Swedish,
            Self::Ar => Tongue::Arabic,
        }
    }

    /// The language with this code in the payload. English if the code is unknown.
    pub fn from_code(code: &str) -> Self {
        match code {
            "sv" => Self::Sv,
            "ar" => Self::Ar,
            _ => Self::En,
        }
    }
}

/// A comment that fits this rating, in the guest's language. It may be empty.
pub fn comment(chance: &mut Chance, locale: Locale, rating: u8) -> &'static str {
    const GOOD: [[&str; 5]; 3] = [
        ["", "Quick and friendly", "No wait at all", "Very helpful", "Great, thank you"],
        ["", "Snabbt och trevligt", "Ingen väntan alls", "Mycket hjälpsamma", "Toppen, tack"],
        ["", "خدمة سريعة ولطيفة", "بدون انتظار", "متعاونون جدا", "ممتاز، شكرا"],
    ];
    const BAD: [[&str; 4]; 3] = [
        ["", "Waited far too long", "Nobody knew where my order was", "Only two desks open"],
        ["", "Alldeles för lång väntan", "Ingen visste var min order var", "Bara två diskar öppna"],
        ["", "انتظار طويل جدا", "لم يعرف أحد أين طلبي", "مكتبان فقط مفتوحان"],
    ];
    match rating {
        4.. => chance.pick::<&str>(&GOOD[locale as usize]),
        _ => chance.pick::<&str>(&BAD[locale as usize]),
    }
}

/// An entry of a list. Each is twice as likely as the next.
pub fn leaning<'a, T>(chance: &mut Chance, list: &'a [T]) -> &'a T {
    let last = list.len() - 1;
    let draw = (chance.bits().trailing_zeros() as usize).min(last);
    &list[draw]
}
