//! Invented guests: names as in a big city, numbers reserved for fiction, addresses reserved for
//! documentation.

use super::guest::{Channel, Guest};
use super::visit::Answers;
use crate::chance::Chance;
use crate::vendors::people::{Home, Tongue, elsewhere, email, family_name, name, phone};

/// Answers that guests give in the form.
const ANSWERS: [&str; 6] =
    ["First visit", "Follow-up", "Question about a bill", "Collecting", "Other", "Renewal"];

/// The share of guests who left no phone number. They get e-mail.
const BY_EMAIL: f64 = 0.25;
/// The share of guests whose browser names no language.
const NO_LOCALE: f64 = 0.3;

/// The share of guests whose browser is abroad (seed 002: country, region and city, spelled like
/// this), and some places there.
const FROM_ABROAD: f64 = 0.05;
const ABROAD: [(&str, &str, &str); 3] =
    [("CA", "on", "toronto"), ("GB", "eng", "london"), ("FR", "idf", "paris")];

/// The share of visits added by staff that have a note, and some notes.
const NOTED: f64 = 0.25;
const NOTES: [&str; 4] =
    ["Needs a chair", "Comes with a pram", "Prefers the counter at the window", "Waits outside"];

/// The share of guests of unknown language who come from elsewhere.
const FROM_ELSEWHERE: f64 = 0.15;

/// A guest of this name, or of an invented one. The languages are those in the settings; without
/// any, none is known.
pub fn guest(chance: &mut Chance, wanted: Option<&str>, locales: &[String]) -> Guest {
    let known = !locales.is_empty() && !chance.happens(NO_LOCALE);
    let locale = known.then(|| chance.below(locales.len() as u64) as u16);
    let tag = locale.and_then(|index| locales.get(usize::from(index)));
    let tongue = Tongue::of(tag.map_or("en", String::as_str));
    let (first_name, last_name) = match wanted {
        // A given name alone gets a family name.
        Some(full) if full.contains(' ') => apart(full),
        Some(given) => (given.to_owned(), family_name(chance, tongue, given)),
        None if !known && chance.happens(FROM_ELSEWHERE) => elsewhere(chance),
        None => name(chance, tongue),
    };
    let channel = if chance.happens(BY_EMAIL) { Channel::Email } else { Channel::Sms };
    let has_phone = channel == Channel::Sms;
    Guest {
        phone: if has_phone { phone(chance, Home::America, tongue) } else { String::new() },
        email: email(chance, tongue, &format!("{first_name} {last_name}")),
        channel,
        locale,
        remote_ip: remote_ip(chance),
        origin: chance.happens(FROM_ABROAD).then(|| origin(chance, tongue)),
        first_name,
        last_name,
    }
}

/// Where a guest from abroad is: where the language is spoken, if that is elsewhere.
fn origin(chance: &mut Chance, tongue: Tongue) -> (&'static str, &'static str, &'static str) {
    match tongue {
        Tongue::German => ("DE", "be", "berlin"),
        Tongue::Spanish => ("ES", "md", "madrid"),
        _ => *chance.pick(&ABROAD),
    }
}

/// A note of staff on a visit that they add. Most have none.
pub fn note(chance: &mut Chance) -> &'static str {
    if chance.happens(NOTED) { chance.pick::<&str>(&NOTES) } else { "" }
}

/// Splits a name into given and family name.
pub fn apart(full: &str) -> (String, String) {
    let (first, last) = full.split_once(' ').unwrap_or((full, ""));
    (first.to_owned(), last.to_owned())
}

/// An address from the blocks for documentation: RFC 5737 and RFC 3849.
fn remote_ip(chance: &mut Chance) -> String {
    if chance.happens(0.3) {
        return format!("2001:db8:{:x}::{:x}", chance.below(65_536), chance.between(1, 65_535));
    }
    let block = chance.pick(&["192.0.2", "198.51.100", "203.0.113"]);
    format!("{block}.{}", chance.between(1, 254))
}

/// The answers to this many questions. Some stay open.
pub fn answers(chance: &mut Chance, questions: usize) -> Vec<Answers> {
    let mut answer = || chance.happens(0.6).then(|| (*chance.pick(&ANSWERS)).into());
    (0..questions).map(|_| answer().into_iter().collect()).collect()
}

/// The size of a party: usually one.
pub fn party(chance: &mut Chance) -> u8 {
    *chance.pick(&[1, 1, 1, 1, 1, 2, 2, 2, 3, 4])
}
