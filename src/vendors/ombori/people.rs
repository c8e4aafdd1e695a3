//! Invented guests and staff. Their names are usual where the guest's language is spoken, their
//! numbers are reserved for fiction, and their addresses end in example.test.

use fake::Fake;
use fake::faker::name::raw::{FirstName, LastName};
use fake::locales::{AR_SA, EN};

use crate::chance::Chance;

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

    /// The language with this code in the payload. English if the code is unknown.
    pub fn from_code(code: &str) -> Self {
        match code {
            "sv" => Self::Sv,
            "ar" => Self::Ar,
            _ => Self::En,
        }
    }
}

// The library has no Swedish names.
const SWEDISH_FIRST: [&str; 24] = [
    "Alva", "Astrid", "Axel", "Björn", "Ebba", "Elsa", "Emil", "Frida", "Gustav", "Hanna", "Hugo",
    "Ingrid", "Johan", "Karin", "Lars", "Maja", "Märta", "Nils", "Olle", "Oskar", "Sara", "Sven",
    "Tove", "Åsa",
];
const SWEDISH_LAST: [&str; 20] = [
    "Andersson",
    "Berg",
    "Björk",
    "Dahl",
    "Ek",
    "Forsberg",
    "Hedlund",
    "Holm",
    "Johansson",
    "Lind",
    "Lindqvist",
    "Lundgren",
    "Nyström",
    "Persson",
    "Sandberg",
    "Sjögren",
    "Strand",
    "Söderberg",
    "Wallin",
    "Åkesson",
];

/// A given name and a family name.
pub fn name(chance: &mut Chance, locale: Locale) -> (String, String) {
    match locale {
        Locale::En => (FirstName(EN).fake_with_rng(chance), LastName(EN).fake_with_rng(chance)),
        Locale::Ar => {
            (FirstName(AR_SA).fake_with_rng(chance), LastName(AR_SA).fake_with_rng(chance))
        }
        Locale::Sv => {
            ((*chance.pick(&SWEDISH_FIRST)).to_owned(), (*chance.pick(&SWEDISH_LAST)).to_owned())
        }
    }
}

/// A Swedish mobile number from the range that the Swedish telecoms authority keeps for fiction
/// (070-1740605 to 070-1740699).
pub fn phone(chance: &mut Chance) -> String {
    format!("+467017406{:02}", chance.between(5, 99))
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
