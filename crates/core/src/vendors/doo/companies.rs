//! Companies that bookers work for: a name and what they do, as companies are called in their country.

use super::addresses::Land;
use crate::chance::Chance;

const GERMAN: [&str; 24] = [
    "Nordkai",
    "Müller & Söhne",
    "Blauer Anker",
    "Fährmann",
    "Kontor Sieben",
    "Brandt",
    "\"Die Halle\"",
    "Kranich",
    "Räderwerk",
    "Hafenblick",
    "Möwe",
    "Lindenhof",
    "Grünwerk",
    "Alte Mühle",
    "Nordlicht",
    "Südtor",
    "Bergmann",
    "Kupfer & Zinn",
    "Seestern",
    "Weber",
    "Morgenrot",
    "Elbufer",
    "Eichenhain",
    "Vogt",
];
const OF_GERMANY: [&str; 16] = [
    "Werft GmbH",
    "Genossenschaft eG",
    "Robotik GmbH",
    "Atelier GbR",
    "Verlag GmbH",
    "Logistik GmbH",
    "Beratung GmbH",
    "Software GmbH",
    "Energie AG",
    "Druckerei KG",
    "Architekten PartG",
    "Stiftung",
    "Handels-KG",
    "Medien GmbH",
    "Optik GmbH",
    "Maschinenbau GmbH",
];
const ALPINE: [&str; 14] = [
    "Alpstein",
    "Bergmann & Töchter",
    "Edelweiß",
    "Föhn",
    "Gipfelkreuz",
    "Huber",
    "Kupfer & Zinn",
    "Lindenhof",
    "Murmel",
    "Seeblick",
    "Steinbock",
    "Südtor",
    "Talstation",
    "Wagner",
];
const OF_AUSTRIA: [&str; 7] = [
    "Architekten OG",
    "Beratung GmbH",
    "Druckerei KG",
    "Energie AG",
    "Handels-GmbH",
    "Software GmbH",
    "Verlag GmbH",
];
const OF_SWITZERLAND: [&str; 7] = [
    "Architekten AG",
    "Beratung GmbH",
    "Druckerei AG",
    "Energie AG",
    "Handels AG",
    "Software AG",
    "Verlag AG",
];
const AMERICAN: [&str; 14] = [
    "Blue Pier",
    "Bright Harbor",
    "Copper & Tin",
    "Cedar Hill",
    "Evergreen",
    "Foster & Sons",
    "Lighthouse",
    "Maple Street",
    "North Dock",
    "Old Mill",
    "Quay",
    "Red Barn",
    "Sunrise",
    "Westgate",
];
const OF_AMERICA: [&str; 9] = [
    "Consulting LLC",
    "Design Studios",
    "Energy Corp.",
    "Foundation",
    "Labs Inc.",
    "Logistics Inc.",
    "Partners LLP",
    "Robotics Inc.",
    "Software LLC",
];

/// The name of a company there.
pub fn company(chance: &mut Chance, land: Land) -> String {
    let (names, trades): (&[&str], &[&str]) = match land {
        Land::Germany => (&GERMAN, &OF_GERMANY),
        Land::Austria => (&ALPINE, &OF_AUSTRIA),
        Land::Switzerland => (&ALPINE, &OF_SWITZERLAND),
        Land::UnitedStates => (&AMERICAN, &OF_AMERICA),
    };
    let company = format!("{} {}", chance.pick(names), chance.pick(trades));
    land.spelled(&company)
}
