//! Where bookers live. A town, its ZIP code, its streets and its country fit each other, and so does
//! the language of its people.

use crate::chance::Chance;
use crate::vendors::people::Tongue;

/// The names of a country.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Country {
    de: &'static str,
    en: &'static str,
}

const GERMANY: Country = Country { de: "Deutschland", en: "Germany" };
const AUSTRIA: Country = Country { de: "Österreich", en: "Austria" };
const SWITZERLAND: Country = Country { de: "Schweiz", en: "Switzerland" };
const UNITED_STATES: Country = Country { de: "Vereinigte Staaten", en: "United States" };

/// A town with one of its ZIP codes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Town {
    pub city: &'static str,
    pub zip: &'static str,
    pub land: Land,
}

/// What the towns of a country have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Land {
    Germany,
    Austria,
    Switzerland,
    UnitedStates,
}

const fn town_of(land: Land, city: &'static str, zip: &'static str) -> Town {
    Town { city, zip, land }
}

const TOWNS: [Town; 30] = [
    town_of(Land::Germany, "Lübeck", "23552"),
    town_of(Land::Germany, "Lübeck", "23564"),
    town_of(Land::Germany, "Hamburg", "20457"),
    town_of(Land::Germany, "Hamburg", "22767"),
    town_of(Land::Germany, "Hamburg", "20095"),
    town_of(Land::Germany, "München", "80331"),
    town_of(Land::Germany, "München", "80799"),
    town_of(Land::Germany, "Berlin", "10115"),
    town_of(Land::Germany, "Berlin", "10999"),
    town_of(Land::Germany, "Berlin", "12043"),
    town_of(Land::Germany, "Köln", "50667"),
    town_of(Land::Germany, "Köln", "50823"),
    town_of(Land::Germany, "Düsseldorf", "40213"),
    town_of(Land::Germany, "Leipzig", "04109"),
    town_of(Land::Germany, "Dresden", "01067"),
    town_of(Land::Germany, "Nürnberg", "90402"),
    town_of(Land::Germany, "Münster", "48143"),
    town_of(Land::Germany, "Freiburg im Breisgau", "79098"),
    town_of(Land::Germany, "Würzburg", "97070"),
    town_of(Land::Germany, "Kiel", "24103"),
    town_of(Land::Austria, "Wien", "1010"),
    town_of(Land::Austria, "Wien", "1070"),
    town_of(Land::Austria, "Graz", "8010"),
    town_of(Land::Austria, "Salzburg", "5020"),
    town_of(Land::Switzerland, "Zürich", "8001"),
    town_of(Land::Switzerland, "Basel", "4051"),
    town_of(Land::Switzerland, "Bern", "3011"),
    town_of(Land::UnitedStates, "New York", "10001"),
    town_of(Land::UnitedStates, "Boston", "02110"),
    town_of(Land::UnitedStates, "Seattle", "98101"),
];

const GERMAN_STREETS: [&str; 16] = [
    "Kaistraße",
    "Am Alten Speicher",
    "Lotsenweg",
    "Mühlengang",
    "Fährgasse",
    "Bahnhofstraße",
    "Südufer",
    "Werftallee",
    "Bogenring",
    "Gartenstraße",
    "Lindenallee",
    "Am Stadtgraben",
    "Schulweg",
    "Brückengasse",
    "Marktplatz",
    "Rosenweg",
];
const AUSTRIAN_STREETS: [&str; 10] = [
    "Hauptplatz",
    "Bäckergasse",
    "Brunnengasse",
    "Grazer Straße",
    "Kirchengasse",
    "Lindengasse",
    "Mühlgasse",
    "Schlossallee",
    "Stiftgasse",
    "Wiener Straße",
];
/// Swiss spelling has no ß.
const SWISS_STREETS: [&str; 10] = [
    "Bahnhofstrasse",
    "Brunngasse",
    "Dorfstrasse",
    "Gerbergasse",
    "Kirchgasse",
    "Mühleweg",
    "Rebweg",
    "Rosenweg",
    "Seestrasse",
    "Steinweg",
];
const AMERICAN_STREETS: [&str; 8] = [
    "Dock Street",
    "Harbor Road",
    "Mill Lane",
    "Chestnut Street",
    "Ferry Street",
    "Garden Avenue",
    "Washington Street",
    "Orchard Road",
];
/// The highest house number in a European street, and in an American one.
const LONG_STREET: u64 = 120;
const LONG_AVENUE: u64 = 2_400;
/// The share of European houses whose number has a letter.
const LETTERED: f64 = 0.15;

/// A town. Large ones come up more often, with each of their ZIP codes.
pub fn town(chance: &mut Chance) -> Town {
    *chance.pick(&TOWNS)
}

impl Town {
    /// A street there.
    pub fn street(self, chance: &mut Chance) -> &'static str {
        match self.land {
            Land::Germany => chance.pick::<&str>(&GERMAN_STREETS),
            Land::Austria => chance.pick::<&str>(&AUSTRIAN_STREETS),
            Land::Switzerland => chance.pick::<&str>(&SWISS_STREETS),
            Land::UnitedStates => chance.pick::<&str>(&AMERICAN_STREETS),
        }
    }

    /// The number of a house there.
    pub fn house(self, chance: &mut Chance) -> String {
        if self.land == Land::UnitedStates {
            return chance.between(1, LONG_AVENUE).to_string();
        }
        let number = chance.between(1, LONG_STREET);
        let letter = chance.happens(LETTERED).then(|| *chance.pick(&['a', 'b', 'c', 'd']));
        letter.map_or_else(|| number.to_string(), |letter| format!("{number}{letter}"))
    }

    /// The language of its people.
    pub fn tongue(self) -> Tongue {
        match self.land {
            Land::Germany | Land::Austria | Land::Switzerland => Tongue::German,
            Land::UnitedStates => Tongue::English,
        }
    }

    /// Its country.
    pub fn country(self) -> Country {
        match self.land {
            Land::Germany => GERMANY,
            Land::Austria => AUSTRIA,
            Land::Switzerland => SWITZERLAND,
            Land::UnitedStates => UNITED_STATES,
        }
    }
}

impl Land {
    /// A text as it is spelled there: the Swiss write ss for ß.
    pub fn spelled(self, text: &str) -> String {
        if self == Self::Switzerland { text.replace('ß', "ss") } else { text.to_owned() }
    }
}
