//! Names, by language. Those of the library `fake` are used for languages in which nobody needs a
//! salutation. Its German names have specimens of identity cards among them, such as Mustermann.

use fake::faker::name::raw::{FirstName, LastName};
use fake::locales::{AR_SA, FR_FR, IT_IT, JA_JP, NL_NL, PT_PT, TR_TR, ZH_CN};
use fake::{Dummy, Fake};

use super::given::{self, Given};
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

/// The languages that many people in other countries have names of.
const NEIGHBOURS: [Tongue; 5] =
    [Tongue::Spanish, Tongue::Swedish, Tongue::French, Tongue::Portuguese, Tongue::Turkish];

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

const ENGLISH_LAST: [&str; 87] = [
    "Adams", "Allen", "Anderson", "Bailey", "Baker", "Barnes", "Bennett", "Brooks", "Brown",
    "Bryant", "Butler", "Campbell", "Carter", "Clark", "Cole", "Collins", "Cook", "Cooper", "Cox",
    "Davies", "Davis", "Edwards", "Ellis", "Evans", "Fisher", "Foster", "Gibson", "Gray", "Green",
    "Griffin", "Hall", "Hamilton", "Harris", "Harrison", "Hayes", "Hill", "Hughes", "Jackson",
    "Jenkins", "Johnson", "Jones", "King", "Lewis", "Long", "Marshall", "Martin", "Miller",
    "Mitchell", "Moore", "Morgan", "Morris", "Murphy", "Murray", "Myers", "Nelson", "Owens",
    "Parker", "Perry", "Phillips", "Powell", "Price", "Reed", "Reynolds", "Roberts", "Robinson",
    "Rogers", "Ross", "Russell", "Sanders", "Shaw", "Smith", "Stewart", "Sullivan", "Taylor",
    "Thompson", "Turner", "Walker", "Wallace", "Ward", "Watson", "West", "White", "Williams",
    "Wilson", "Wood", "Wright", "Young",
];
const GERMAN_LAST: [&str; 85] = [
    "Müller", "Schmidt", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Schulz", "Hoffmann",
    "Schäfer", "Bauer", "Koch", "Richter", "Klein", "Wolf", "Neumann", "Schwarz", "Krüger",
    "Hofmann", "Hartmann", "Lange", "Schmitt", "Werner", "Krause", "Meier", "Lehmann", "Köhler",
    "Herrmann", "Walter", "König", "Mayer", "Huber", "Kaiser", "Fuchs", "Peters", "Lang", "Scholz",
    "Möller", "Weiß", "Jung", "Hahn", "Keller", "Vogel", "Schubert", "Roth", "Beck", "Günther",
    "Berger", "Winkler", "Lorenz", "Baumann", "Schuster", "Kraus", "Böhm", "Franke", "Albrecht",
    "Winter", "Krämer", "Vogt", "Stein", "Jäger", "Sommer", "Groß", "Seidel", "Brandt", "Haas",
    "Graf", "Ziegler", "Kühn", "Pohl", "Engel", "Horn", "Busch", "Bergmann", "Voigt", "Sauer",
    "Arnold", "Wolff", "Lüders", "Petersen", "Hansen", "Jansen", "Thiele", "Reuter", "Nolte",
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
        Tongue::English => one_of(chance, &given::ENGLISH, &ENGLISH_LAST),
        Tongue::German => one_of(chance, &given::GERMAN, &GERMAN_LAST),
        Tongue::Spanish => one_of(chance, &given::SPANISH, &SPANISH_LAST),
        Tongue::Swedish => one_of(chance, &given::SWEDISH, &SWEDISH_LAST),
        Tongue::Arabic => invented(chance, AR_SA),
        Tongue::French => invented(chance, FR_FR),
        Tongue::Italian => invented(chance, IT_IT),
        Tongue::Dutch => invented(chance, NL_NL),
        Tongue::Portuguese => invented(chance, PT_PT),
        Tongue::Turkish => invented(chance, TR_TR),
        Tongue::Japanese => invented(chance, JA_JP),
        Tongue::Chinese => invented(chance, ZH_CN),
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
    if chance.happens(0.5) {
        let tongue = *chance.pick(&NEIGHBOURS);
        return name(chance, tongue);
    }
    let (first, last) = *chance.pick(&ELSEWHERE);
    (first.to_owned(), last.to_owned())
}

fn invented<L: Copy>(chance: &mut Chance, locale: L) -> (String, String)
where
    String: Dummy<FirstName<L>> + Dummy<LastName<L>>,
{
    (FirstName(locale).fake_with_rng(chance), LastName(locale).fake_with_rng(chance))
}

fn one_of(chance: &mut Chance, first: &Given, last: &[&str]) -> (String, String) {
    (first.draw(chance).to_owned(), (*chance.pick(last)).to_owned())
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
    fn invented_people_have_a_name_of_one_gender_and_both_are_as_many() {
        let mut chance = Chance::from_seed(1);
        for tongue in [Tongue::English, Tongue::German, Tongue::Spanish, Tongue::Swedish] {
            let women = (0..2_000).filter(|_| {
                let (first, _) = name(&mut chance, tongue);
                given::gender(&first).unwrap_or_else(|| panic!("{first}")) == given::Gender::Female
            });
            let women = women.count();
            assert!((800..1_200).contains(&women), "{tongue:?}: {women} of 2000 are women");
        }
        let known = (0..500).filter(|_| given::gender(&elsewhere(&mut chance).0).is_some()).count();
        assert!(known > 300, "{known} of 500 from elsewhere");
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
