//! Invented bookers and attendees. People are not stored: each is generated from a number when
//! needed, so that a past order takes hardly any memory.

use super::addresses::{Country, town};
use super::companies::company;
use crate::chance::Chance;
use crate::vendors::people::{Gender, Tongue, elsewhere, email, family_name, gender, name};

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
    /// The language of the town.
    pub tongue: Tongue,
    /// `1` or `2`, as fits the given name, if given. Never if we do not know whose name it is.
    pub salutation: Option<&'static str>,
    /// `1` or `2`, if given. Nobody has a title without a salutation.
    pub title: Option<&'static str>,
    pub company: String,
    pub street: &'static str,
    pub house: String,
    pub city: &'static str,
    pub zip: &'static str,
    pub country: Country,
}

/// The share of people who come from elsewhere.
const FROM_ELSEWHERE: f64 = 0.03;

/// The share of people who give a salutation.
const SALUTED: f64 = 0.5;
/// The share of those who give a title too.
const TITLED: f64 = 0.1;
/// The share of those with a title who are professors.
const PROFESSORS: f64 = 0.2;

impl Name {
    /// A full name, or a given name with this family name.
    pub fn parse(text: &str, last: &str) -> Self {
        let text = text.trim();
        let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
        let rest = rest.trim();
        let last = if rest.is_empty() { last } else { rest };
        Self { first: first.to_owned(), last: last.to_owned() }
    }

    /// Given and family name.
    pub fn full(&self) -> String {
        format!("{} {}", self.first, self.last)
    }
}

impl Person {
    /// A booker of this name, or of an invented one.
    pub fn booker(chance: &mut Chance, wanted: Option<&str>) -> Self {
        let town = town(chance);
        let (name, email) = called(chance, town.tongue(), wanted);
        let salutation = salutation(&name.first).filter(|_| chance.happens(SALUTED));
        let title = salutation.and_then(|_| title(chance));
        Self {
            name,
            email,
            tongue: town.tongue(),
            salutation,
            title,
            company: company(chance, town.land),
            street: town.street(chance),
            house: town.house(chance),
            city: town.city,
            zip: town.zip,
            country: town.country(),
        }
    }
}

/// The value for `Herr` or `Frau` that fits a given name.
fn salutation(given: &str) -> Option<&'static str> {
    gender(given).map(|gender| match gender {
        Gender::Male => "1",
        Gender::Female => "2",
    })
}

/// The value for `Dr.` or `Prof.`, if somebody has such a title.
fn title(chance: &mut Chance) -> Option<&'static str> {
    let titled = chance.happens(TITLED);
    titled.then(|| if chance.happens(PROFESSORS) { "2" } else { "1" })
}

/// A name with an e-mail address: this name, or one that is usual in this language. Some people
/// come from elsewhere.
pub fn called(chance: &mut Chance, tongue: Tongue, wanted: Option<&str>) -> (Name, String) {
    let name = match wanted {
        Some(wanted) => Name::parse(wanted, &family_name(chance, tongue, wanted)),
        None => {
            let foreign = chance.happens(FROM_ELSEWHERE);
            let (first, last) = if foreign { elsewhere(chance) } else { name(chance, tongue) };
            Name { first, last }
        }
    };
    let email = email(chance, tongue, &name.full());
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
