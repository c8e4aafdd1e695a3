//! Names, by language. Those of the library `fake` are used where it has the language.

use fake::faker::name::raw::{FirstName, LastName};
use fake::locales::{AR_SA, DE_DE, EN, FR_FR, IT_IT, JA_JP, NL_NL, PT_PT, TR_TR, ZH_CN};
use fake::{Dummy, Fake};

use crate::chance::Chance;

/// The language that people's names come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    English,
    German,
    Spanish,
    Swedish,
    Arabic,
    French,
    Italian,
    Dutch,
    Portuguese,
    Turkish,
    Japanese,
    Chinese,
}

/// Every language, for tests.
#[cfg(test)]
pub(super) const ALL: [Tongue; 12] = [
    Tongue::English,
    Tongue::German,
    Tongue::Spanish,
    Tongue::Swedish,
    Tongue::Arabic,
    Tongue::French,
    Tongue::Italian,
    Tongue::Dutch,
    Tongue::Portuguese,
    Tongue::Turkish,
    Tongue::Japanese,
    Tongue::Chinese,
];

impl Tongue {
    /// The language of a tag such as `de-DE`. English for any other language.
    pub fn of(tag: &str) -> Self {
        match tag.split(['-', '_']).next().unwrap_or_default() {
            "de" => Self::German,
            "es" => Self::Spanish,
            "sv" => Self::Swedish,
            "ar" => Self::Arabic,
            "fr" => Self::French,
            "it" => Self::Italian,
            "nl" => Self::Dutch,
            "pt" => Self::Portuguese,
            "tr" => Self::Turkish,
            "ja" => Self::Japanese,
            "zh" => Self::Chinese,
            _ => Self::English,
        }
    }
}

/// Names from all over the world.
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

const SWEDISH_FIRST: [&str; 40] = [
    "Alva", "Astrid", "Axel", "Björn", "Ebba", "Elsa", "Emil", "Frida", "Gustav", "Hanna", "Hugo",
    "Ingrid", "Johan", "Karin", "Lars", "Maja", "Märta", "Nils", "Olle", "Oskar", "Sara", "Sven",
    "Tove", "Åsa", "Anders", "Bengt", "Birgitta", "Erik", "Göran", "Håkan", "Ida", "Jonas",
    "Kerstin", "Lena", "Linnea", "Malin", "Per", "Sofia", "Tuva", "Örjan",
];
const SWEDISH_LAST: [&str; 40] = [
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
    "Bergman",
    "Blom",
    "Ekström",
    "Engström",
    "Fransson",
    "Gustafsson",
    "Håkansson",
    "Isaksson",
    "Jönsson",
    "Karlsson",
    "Larsson",
    "Lundin",
    "Löfgren",
    "Mårtensson",
    "Norberg",
    "Olsson",
    "Pettersson",
    "Svensson",
    "Öberg",
    "Öhman",
];
const SPANISH_FIRST: [&str; 32] = [
    "Alejandra",
    "Andrés",
    "Beatriz",
    "Camila",
    "Carlos",
    "Carmen",
    "Diego",
    "Elena",
    "Esteban",
    "Fernando",
    "Gabriela",
    "Guadalupe",
    "Héctor",
    "Inés",
    "Iván",
    "Javier",
    "Jesús",
    "Jorge",
    "José",
    "Juana",
    "Leticia",
    "Lucía",
    "Luis",
    "Marisol",
    "Martín",
    "Mónica",
    "Óscar",
    "Paloma",
    "Ramón",
    "Raúl",
    "Rocío",
    "Sofía",
];
const SPANISH_LAST: [&str; 32] = [
    "Acosta",
    "Aguilar",
    "Álvarez",
    "Castillo",
    "Cruz",
    "Delgado",
    "Díaz",
    "Espinoza",
    "Fernández",
    "Flores",
    "García",
    "Gómez",
    "González",
    "Gutiérrez",
    "Hernández",
    "Ibáñez",
    "Jiménez",
    "López",
    "Martínez",
    "Mendoza",
    "Morales",
    "Muñoz",
    "Núñez",
    "Ortiz",
    "Peña",
    "Pérez",
    "Ramírez",
    "Reyes",
    "Rodríguez",
    "Sánchez",
    "Vásquez",
    "Zúñiga",
];

/// A given name and a family name that are usual in this language.
pub fn name(chance: &mut Chance, tongue: Tongue) -> (String, String) {
    match tongue {
        Tongue::English => invented(chance, EN),
        Tongue::German => invented(chance, DE_DE),
        Tongue::Arabic => invented(chance, AR_SA),
        Tongue::French => invented(chance, FR_FR),
        Tongue::Italian => invented(chance, IT_IT),
        Tongue::Dutch => invented(chance, NL_NL),
        Tongue::Portuguese => invented(chance, PT_PT),
        Tongue::Turkish => invented(chance, TR_TR),
        Tongue::Japanese => invented(chance, JA_JP),
        Tongue::Chinese => invented(chance, ZH_CN),
        // The library has neither.
        Tongue::Spanish => one_of(chance, &SPANISH_FIRST, &SPANISH_LAST),
        Tongue::Swedish => one_of(chance, &SWEDISH_FIRST, &SWEDISH_LAST),
    }
}

/// A family name for somebody with this given name. It is written in the same letters.
pub fn family_name(chance: &mut Chance, tongue: Tongue, given: &str) -> String {
    let (_, last) = name(chance, tongue);
    if is_latin(given) == is_latin(&last) {
        return last;
    }
    name(chance, Tongue::English).1
}

/// Whether most readers of Latin letters can read it.
fn is_latin(text: &str) -> bool {
    text.chars().all(|letter| letter < '\u{370}' || ('\u{1e00}'..'\u{2070}').contains(&letter))
}

/// A name of somebody who comes from anywhere. Most of them are not ASCII.
pub fn elsewhere(chance: &mut Chance) -> (String, String) {
    let (first, last) = *chance.pick(&ELSEWHERE);
    (first.to_owned(), last.to_owned())
}

fn invented<L: Copy>(chance: &mut Chance, locale: L) -> (String, String)
where
    String: Dummy<FirstName<L>> + Dummy<LastName<L>>,
{
    (FirstName(locale).fake_with_rng(chance), LastName(locale).fake_with_rng(chance))
}

fn one_of(chance: &mut Chance, first: &[&str], last: &[&str]) -> (String, String) {
    ((*chance.pick(first)).to_owned(), (*chance.pick(last)).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_written_in_the_letters_of_its_language() {
        let mut chance = Chance::from_seed(1);
        let (mut cases, mut beyond) = (0, 0);
        for tongue in ALL {
            for _ in 0..300 {
                let (first, last) = name(&mut chance, tongue);
                let full = format!("{first}{last}");
                let within =
                    |from: char, to: char| full.chars().any(|it| (from..=to).contains(&it));
                let expected = match tongue {
                    Tongue::Arabic => within('\u{600}', '\u{6ff}'),
                    Tongue::Japanese | Tongue::Chinese => within('\u{3040}', '\u{9fff}'),
                    _ => !within('\u{370}', '\u{1dff}') && !within('\u{2e80}', '\u{9fff}'),
                };
                assert!(expected && !first.is_empty() && !last.is_empty(), "{tongue:?}: {full}");
                cases += 1;
                beyond += u32::from(!full.is_ascii());
            }
        }
        assert!(cases == 3_600 && beyond > 1_000, "{beyond} of {cases} are not ASCII");
    }

    #[test]
    fn a_tag_names_its_language() {
        for (tag, tongue) in [
            ("en-US", Tongue::English),
            ("es-US", Tongue::Spanish),
            ("de-DE", Tongue::German),
            ("sv", Tongue::Swedish),
            ("xx", Tongue::English),
            ("", Tongue::English),
        ] {
            assert_eq!(Tongue::of(tag), tongue, "{tag}");
        }
    }
}
