//! The languages of guests, and what guests say.

use std::time::Duration;

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

/// The language of the names of staff at a store in this time zone. English for a zone whose
/// country has no names here.
pub fn tongue_at(zone: &str) -> Tongue {
    match zone.rsplit('/').next().unwrap_or_default() {
        "Stockholm" => Tongue::Swedish,
        "Berlin" | "Busingen" | "Vienna" | "Zurich" => Tongue::German,
        "Madrid" | "Mexico_City" | "Bogota" | "Buenos_Aires" | "Santiago" => Tongue::Spanish,
        "Paris" => Tongue::French,
        "Rome" => Tongue::Italian,
        "Amsterdam" => Tongue::Dutch,
        "Lisbon" | "Sao_Paulo" => Tongue::Portuguese,
        "Istanbul" => Tongue::Turkish,
        "Dubai" | "Riyadh" | "Cairo" | "Kuwait" | "Qatar" => Tongue::Arabic,
        "Tokyo" => Tongue::Japanese,
        "Shanghai" => Tongue::Chinese,
        _ => Tongue::English,
    }
}

const MINUTE: Duration = Duration::from_secs(60);
/// A guest who waits less has hardly waited, and one who waits longer has waited long.
const SHORT: Duration = MINUTE.saturating_mul(3);
const LONG: Duration = MINUTE.saturating_mul(12);

/// How long a guest found the wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    Short,
    Usual,
    Long,
}

impl Wait {
    /// What a wait of this length feels like.
    pub fn of(length: Duration) -> Self {
        if length < SHORT {
            Self::Short
        } else if length < LONG {
            Self::Usual
        } else {
            Self::Long
        }
    }

    /// A rating from somebody who waited so long. The longer the wait, the lower it is on average.
    pub fn rating(self, chance: &mut Chance) -> i64 {
        *chance.pick(match self {
            Self::Short => &[5, 5, 5, 5, 5, 4, 4, 4, 3, 2],
            Self::Usual => &[5, 5, 4, 4, 4, 4, 3, 3, 2, 1],
            Self::Long => &[5, 4, 3, 3, 2, 2, 2, 1, 1, 1],
        })
    }
}

/// What guests say who are as content as each other, by language.
struct Said {
    /// However long they waited.
    anyway: [[&'static str; 3]; 3],
    /// By how long they waited.
    of_wait: [[&'static str; 3]; 3],
}

const GOOD: Said = Said {
    anyway: [
        ["", "Very helpful", "Great, thank you"],
        ["", "Mycket hjälpsamma", "Toppen, tack"],
        ["", "متعاونون جدا", "ممتاز، شكرا"],
    ],
    of_wait: [
        ["No wait at all", "Ingen väntan alls", "بدون انتظار"],
        ["Quick and friendly", "Snabbt och trevligt", "خدمة سريعة ولطيفة"],
        ["Worth the wait", "Värt att vänta på", "يستحق الانتظار"],
    ],
};
const FAIR: Said = Said {
    anyway: [
        ["", "It was all right", "Friendly, but not what I needed"],
        ["", "Det var okej", "Trevliga, men inte det jag behövde"],
        ["", "كان مقبولا", "لطفاء، لكن ليس ما أحتاجه"],
    ],
    of_wait: [
        ["Quick, but a bit hurried", "Snabbt, men lite stressat", "سريع لكن على عجل"],
        ["Could be quicker", "Kunde gå snabbare", "يمكن أن يكون أسرع"],
        [
            "A long wait, then it was fine",
            "Lång väntan, sedan gick det bra",
            "انتظار طويل ثم خدمة جيدة",
        ],
    ],
};
const BAD: Said = Said {
    anyway: [
        ["", "Nobody knew where my order was", "Not helpful"],
        ["", "Ingen visste var min order var", "Inte till någon hjälp"],
        ["", "لم يعرف أحد أين طلبي", "لم يساعدني أحد"],
    ],
    of_wait: [
        ["They had no time for me", "De hade inte tid för mig", "لم يكن لديهم وقت لي"],
        ["Rather unfriendly", "Ganska otrevligt", "غير لطفاء"],
        ["Waited far too long", "Alldeles för lång väntan", "انتظار طويل جدا"],
    ],
};

/// A comment that fits this rating and this wait, in the guest's language. It may be empty.
pub fn comment(chance: &mut Chance, locale: Locale, rating: u8, wait: Wait) -> &'static str {
    let said = match rating {
        4.. => GOOD,
        3 => FAIR,
        _ => BAD,
    };
    let [one, two, three] = said.anyway[locale as usize];
    let of_wait = said.of_wait[wait as usize][locale as usize];
    chance.pick::<&str>(&[one, two, three, of_wait, of_wait])
}

/// An entry of a list. Each is twice as likely as the next.
pub fn leaning<'a, T>(chance: &mut Chance, list: &'a [T]) -> &'a T {
    let last = list.len() - 1;
    let draw = (chance.bits().trailing_zeros() as usize).min(last);
    &list[draw]
}
