//! Invented guests and staff: names as in a big city, numbers reserved for fiction, addresses
//! reserved for documentation.

use fake::Fake;
use fake::faker::name::raw::{FirstName, LastName};
use fake::locales::EN;

use super::guest::{Channel, Guest};
use super::visit::Answers;
use crate::chance::Chance;
use crate::vendors::people::email;

/// Names that are not ASCII. A fifth of the guests have one.
const ELSEWHERE: [(&str, &str); 12] = [
    ("José", "Muñoz"),
    ("Zoë", "Brönte"),
    ("Łukasz", "Wójcik"),
    ("Nguyễn", "Thị Hoa"),
    ("Siân", "O’Neill"),
    ("François", "Lefèvre"),
    ("Jürgen", "Groß"),
    ("Søren", "Kjær"),
    ("陽子", "田中"),
    ("Μαρία", "Παππά"),
    ("Анна", "Иванова"),
    ("İpek", "Yılmaz"),
];

/// Answers that guests give in the form.
const ANSWERS: [&str; 6] =
    ["First visit", "Follow-up", "Question about a bill", "Collecting", "Other", "Renewal"];

/// The share of guests who left no phone number. They get e-mail.
const BY_EMAIL: f64 = 0.25;
/// The share of guests whose browser names no language.
const NO_LOCALE: f64 = 0.3;

/// A given name and a family name.
pub fn name(chance: &mut Chance) -> (String, String) {
    if chance.happens(0.2) {
        let (first, last) = *chance.pick(&ELSEWHERE);
        return (first.to_owned(), last.to_owned());
    }
    (FirstName(EN).fake_with_rng(chance), LastName(EN).fake_with_rng(chance))
}

/// A guest of this name, or of an invented one.
pub fn guest(chance: &mut Chance, wanted: Option<&str>, locales: usize) -> Guest {
    let (first, last) = name(chance);
    let (first_name, last_name) = match wanted {
        // A given name alone gets a family name.
        Some(full) if full.contains(' ') => apart(full),
        Some(given) => (given.to_owned(), last),
        None => (first, last),
    };
    let channel = if chance.happens(BY_EMAIL) { Channel::Email } else { Channel::Sms };
    Guest {
        phone: if channel == Channel::Sms { phone(chance) } else { String::new() },
        email: email(chance, &format!("{first_name}.{last_name}")),
        channel,
        locale: (!chance.happens(NO_LOCALE)).then(|| chance.below(locales as u64) as u16),
        remote_ip: remote_ip(chance),
        first_name,
        last_name,
    }
}

/// 555-0100 to 555-0199 are reserved for fiction in every area of North America.
fn phone(chance: &mut Chance) -> String {
    let area =
        100 * chance.pick(&[2, 3, 4, 5, 6, 7, 9]) + 10 * chance.below(9) + chance.between(2, 9);
    format!("+1{area}55501{:02}", chance.below(100))
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
