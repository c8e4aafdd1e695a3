//! Invented bookers and attendees. People are not stored: each is generated from a number when
//! needed, so that a past order takes hardly any memory.

use fake::Fake;
use fake::faker::name::raw::{FirstName, LastName};
use fake::locales::{DE_DE, EN};

use crate::chance::Chance;
use crate::vendors::people::email;

/// Foreign names. A tenth of the people have one.
const ELSEWHERE: [(&str, &str); 10] = [
    ("José", "Muñoz"),
    ("Zoë", "Brönte"),
    ("Łukasz", "Wójcik"),
    ("Nguyễn", "Thị Hoa"),
    ("Siân", "O’Neill"),
    ("Søren", "Kjær"),
    ("陽子", "田中"),
    ("Μαρία", "Παππά"),
    ("Анна", "Иванова"),
    ("İpek", "Yılmaz"),
];

const COMPANIES: [&str; 10] = [
    "Nordkai Werft",
    "Müller & Söhne",
    "Blue Pier Ltd",
    "Atelier Fährmann",
    "Kontor Sieben",
    "Brönte Robotics",
    "\"Die Halle\" eG",
    "Quay Labs",
    "Räderwerk",
    "Harbour Freight Office",
];

const STREETS: [&str; 10] = [
    "Kaistraße",
    "Am Alten Speicher",
    "Lotsenweg",
    "Mühlengang",
    "Fährgasse",
    "Dock Road",
    "Nordmole",
    "Südufer",
    "Werftallee",
    "Bojenring",
];

/// City, zip and country.
const CITIES: [(&str, &str, Country); 8] = [
    ("Lübeck", "23552", GERMANY),
    ("Hamburg", "20457", GERMANY),
    ("München", "80331", GERMANY),
    ("Berlin", "10115", GERMANY),
    ("Köln", "50667", GERMANY),
    ("Wien", "1010", AUSTRIA),
    ("Zürich", "8001", SWITZERLAND),
    ("Leeds", "10001", UNITED_KINGDOM),
];

const GERMANY: Country = Country { de: "Deutschland", en: "Germany" };
const AUSTRIA: Country = Country { de: "Österreich", en: "Austria" };
const SWITZERLAND: Country = Country { de: "Schweiz", en: "Switzerland" };
const UNITED_KINGDOM: Country = Country { de: "Vereinigtes Königreich", en: "United Kingdom" };

/// The names of a country.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Country {
    de: &'static str,
    en: &'static str,
}

/// A given name and a family name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub first: String,
    pub last: String,
}

/// A booker or a guest.
#[derive(Debug)]
pub struct Person {
    pub name: Name,
    pub email: String,
    /// `1` or `2`, if given.
    pub salutation: Option<&'static str>,
    /// `1` or `2`, if given. Nobody has a title without a salutation.
    pub title: Option<&'static str>,
    pub company: &'static str,
    pub street: &'static str,
    pub house: String,
    pub city: &'static str,
    pub zip: &'static str,
    pub country: Country,
}

const FIRST_OR_SECOND: [&str; 2] = ["1", "2"];
/// The share of people who give a salutation.
const SALUTED: f64 = 0.5;
/// The share of those who give a title too.
const TITLED: f64 = 1.0 / 3.0;

impl Name {
    /// A full name, or a given name with this family name.
    pub fn parse(text: &str, last: &str) -> Self {
        let text = text.trim();
        let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
        let rest = rest.trim();
        let last = if rest.is_empty() { last } else { rest };
        Self { first: first.to_owned(), last: last.to_owned() }
    }

    /// An invented name.
    fn any(chance: &mut Chance) -> Self {
        let draw = chance.unit();
        if draw < 0.1 {
            let (first, last) = *chance.pick(&ELSEWHERE);
            return Self { first: first.to_owned(), last: last.to_owned() };
        }
        if draw < 0.8 {
            let first = FirstName(DE_DE).fake_with_rng(chance);
            return Self { first, last: LastName(DE_DE).fake_with_rng(chance) };
        }
        let first = FirstName(EN).fake_with_rng(chance);
        Self { first, last: LastName(EN).fake_with_rng(chance) }
    }

    /// Given and family name.
    pub fn full(&self) -> String {
        format!("{} {}", self.first, self.last)
    }
}

impl Person {
    /// A booker of this name, or of an invented one.
    pub fn booker(chance: &mut Chance, wanted: Option<&str>) -> Self {
        let (name, email) = called(chance, wanted);
        let salutation = chance.happens(SALUTED).then(|| *chance.pick(&FIRST_OR_SECOND));
        let titled = chance.happens(TITLED);
        let title = salutation.filter(|_| titled).map(|_| *chance.pick(&FIRST_OR_SECOND));
        let (city, zip, country) = *chance.pick(&CITIES);
        let letter = *chance.pick(&['a', 'b', 'c', 'd']);
        Self {
            name,
            email,
            salutation,
            title,
            company: *chance.pick(&COMPANIES),
            street: *chance.pick(&STREETS),
            house: format!("{}{letter}", chance.between(1, 180)),
            city,
            zip,
            country,
        }
    }
}

/// A name with an e-mail address: this name, or an invented one.
pub fn called(chance: &mut Chance, wanted: Option<&str>) -> (Name, String) {
    let any = Name::any(chance);
    let name = match wanted {
        Some(wanted) => Name::parse(wanted, &any.last),
        None => any,
    };
    let email = email(chance, &format!("{}.{}", name.first, name.last));
    (name, email)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_the_same_each_time_it_is_made() {
        let make = || Person::booker(&mut Chance::from_seed(3), Some("Anna"));
        let (one, two) = (make(), make());
        assert_eq!((&one.name, &one.email), (&two.name, &two.email));
        assert_eq!(one.name.first, "Anna");
        assert!(!one.name.last.is_empty());
    }

    #[test]
    fn a_name_of_one_word_keeps_the_last_name() {
        let name = |first: &str, last: &str| Name { first: first.into(), last: last.into() };
        assert_eq!(Name::parse("Anna", "Berg"), name("Anna", "Berg"));
        assert_eq!(Name::parse(" Kim van der Berg ", "X"), name("Kim", "van der Berg"));
    }
}
