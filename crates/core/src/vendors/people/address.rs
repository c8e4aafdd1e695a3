//! E-mail addresses. They are the names in Latin letters, as people choose them, at a domain that
//! cannot exist.

use std::collections::BTreeSet;

use super::names::Tongue;
use crate::chance::Chance;

/// The domain of guests.
const GUESTS: &str = "example.test";
/// The domain of staff.
const STAFF: &str = "staff.example.test";
/// The most letters of each part of a name.
const LONGEST: usize = 24;
/// The addresses of people whose name has no letters at all.
const NAMELESS: [&str; 8] =
    ["harbour", "maple", "north", "river", "summer", "tower", "violet", "west"];

/// The address of a guest with this full name. A few guests add a number, since theirs was taken.
pub fn email(chance: &mut Chance, tongue: Tongue, name: &str) -> String {
    let (first, last) = parts(chance, tongue, name);
    match chance.below(10) {
        0 if !last.is_empty() => format!("{}.{last}@{GUESTS}", &first[..1]),
        1 if !last.is_empty() => format!("{first}_{last}@{GUESTS}"),
        2 => format!("{}{}@{GUESTS}", joined(&first, &last), chance.between(2, 99)),
        _ => format!("{}@{GUESTS}", joined(&first, &last)),
    }
}

/// The addresses of an account's staff. Receivers know staff by them, so no two are the same.
#[derive(Debug, Default)]
pub struct StaffAddresses {
    taken: BTreeSet<String>,
}

impl StaffAddresses {
    /// The address of a member of staff with this full name.
    pub fn next(&mut self, chance: &mut Chance, tongue: Tongue, name: &str) -> String {
        let (first, last) = parts(chance, tongue, name);
        let local = joined(&first, &last);
        let numbered = (2..).map(|number| format!("{local}{number}@{STAFF}"));
        let mut all = [format!("{local}@{STAFF}")].into_iter().chain(numbered);
        let free = all.find(|address| !self.taken.contains(address));
        let free = free.unwrap_or_else(|| panic!("numbers have no end"));
        self.taken.insert(free.clone());
        free
    }
}

/// Given and family name in Latin letters. The family name may be empty.
fn parts(chance: &mut Chance, tongue: Tongue, name: &str) -> (String, String) {
    let (first, last) = name.trim().split_once(char::is_whitespace).unwrap_or((name, ""));
    let (first, last) = (latin(tongue, first), latin(tongue, last));
    match (first.is_empty(), last.is_empty()) {
        (false, _) => (first, last),
        (true, false) => (last, String::new()),
        (true, true) => {
            ((*chance.pick(&NAMELESS)).to_owned(), (*chance.pick(&NAMELESS)).to_owned())
        }
    }
}

fn joined(first: &str, last: &str) -> String {
    if last.is_empty() { first.to_owned() } else { format!("{first}.{last}") }
}

/// The letters of a name as one writes them where only ASCII is allowed.
fn latin(tongue: Tongue, name: &str) -> String {
    let letters = name.chars().flat_map(|letter| in_ascii(tongue, letter).chars());
    let letters = letters.filter(char::is_ascii_alphanumeric);
    letters.take(LONGEST).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// A letter as this language writes it in ASCII. Empty if it has no such form.
pub fn in_ascii(tongue: Tongue, letter: char) -> &'static str {
    let german = (tongue == Tongue::German).then(|| umlaut(letter)).flatten();
    german.or_else(|| deunicode::deunicode_char(letter)).unwrap_or_default()
}

/// Germans write an umlaut with an E behind it.
fn umlaut(letter: char) -> Option<&'static str> {
    match letter {
        'ä' | 'Ä' => Some("ae"),
        'ö' | 'Ö' => Some("oe"),
        'ü' | 'Ü' => Some("ue"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::names;
    use super::*;

    #[test]
    fn a_name_is_written_in_latin_letters_as_its_language_does() {
        for (tongue, name, local) in [
            (Tongue::Swedish, "Åsa Dahl", "asa.dahl"),
            (Tongue::Swedish, "Björn Sjögren", "bjorn.sjogren"),
            (Tongue::German, "Jürgen Groß", "juergen.gross"),
            (Tongue::English, "Siân O’Neill", "sian.oneill"),
            (Tongue::English, "Łukasz Wójcik", "lukasz.wojcik"),
            (Tongue::English, "Nguyễn Thị Hoa", "nguyen.thihoa"),
            (Tongue::English, "Анна Иванова", "anna.ivanova"),
            (Tongue::English, "Μαρία Παππά", "maria.pappa"),
            (Tongue::English, "İpek Yılmaz", "ipek.yilmaz"),
            (Tongue::English, "Kim", "kim"),
        ] {
            let address = StaffAddresses::default().next(&mut Chance::from_seed(1), tongue, name);
            assert_eq!(address, format!("{local}@staff.example.test"));
        }
    }

    #[test]
    fn any_name_gives_an_address_and_few_have_a_number() {
        let mut chance = Chance::from_seed(1);
        let (mut cases, mut numbered) = (0, 0);
        for tongue in names::ALL {
            for _ in 0..400 {
                let (first, last) = names::name(&mut chance, tongue);
                let address = email(&mut chance, tongue, &format!("{first} {last}"));
                let local = address.strip_suffix("@example.test").expect("it cannot exist");
                let ascii = |letter: char| letter.is_ascii_lowercase() || "._".contains(letter);
                let letters = local.trim_end_matches(|digit: char| digit.is_ascii_digit());
                assert!(
                    !letters.is_empty() && letters.chars().all(ascii),
                    "{first} {last}: {address}"
                );
                assert!(!address.starts_with("guest"), "{address}");
                numbered += u32::from(letters != local);
                cases += 1;
            }
        }
        assert!(cases >= 4_000 && numbered * 5 < cases, "{numbered} of {cases} have a number");
        for name in ["", " ", "-", "123", "🙂", "\u{301}"] {
            let address = email(&mut chance, Tongue::English, name);
            assert!(
                address.len() > "@example.test".len() && address.is_ascii(),
                "{name}: {address}"
            );
        }
    }

    #[test]
    fn no_two_members_of_staff_have_one_address() {
        let (mut all, mut chance) = (StaffAddresses::default(), Chance::from_seed(2));
        let addresses: BTreeSet<String> = (0..2_000)
            .map(|_| {
                let (first, last) = names::name(&mut chance, Tongue::Swedish);
                all.next(&mut chance, Tongue::Swedish, &format!("{first} {last}"))
            })
            .collect();
        assert_eq!(addresses.len(), 2_000);
    }
}
