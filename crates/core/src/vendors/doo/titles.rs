//! The titles of events: those of new events, and how an organizer edits them.

use crate::chance::Chance;
use crate::vendors::people::Tongue;

/// What an event is about.
struct Theme {
    tongue: Tongue,
    title: &'static str,
    /// `short_description`
    short: &'static str,
}

const fn theme(tongue: Tongue, title: &'static str, short: &'static str) -> Theme {
    Theme { tongue, title, short }
}

/// The themes of events without a name in the story.
static THEMES: [Theme; 16] = [
    theme(Tongue::English, "Harbour Robotics Day", "Robots and the people who build them"),
    theme(Tongue::German, "Schiffbau & Zukunft", "Wie morgen Schiffe gebaut werden"),
    theme(Tongue::English, "Data on Deck", "What ships and ports measure"),
    theme(Tongue::German, "Forum Küstenschutz", "Deiche, Pegel und was sie kosten"),
    theme(Tongue::English, "Night of Small Engines", "Engines that fit in a hand"),
    theme(Tongue::German, "Löten für alle", "Vom ersten Lötpunkt zur fertigen Platine"),
    theme(Tongue::English, "Founders’ Pier", "Young companies and those who want to start one"),
    theme(Tongue::German, "Fachtag \"Offene Werft\"", "Werften zeigen ihre Hallen"),
    theme(Tongue::English, "Machines that Move", "Talks and machines"),
    theme(Tongue::German, "Lange Nacht der Werkstätten", "Zwölf Werkstätten, ein Abend"),
    theme(Tongue::English, "Port Logistics Forum", "Cranes, containers and software"),
    theme(Tongue::German, "Schweißen für Einsteiger", "Die erste Naht, mit Anleitung"),
    theme(Tongue::English, "Open Hardware Days", "Boards to see, to build and to take home"),
    theme(Tongue::German, "Energie & Küste", "Strom vom Meer"),
    theme(Tongue::English, "Sensors at Sea", "Buoys, drones and their data"),
    theme(Tongue::German, "Praxistag Robotik", "Roboter zum Anfassen"),
];

/// `short_description` of an event whose title a user gave.
const ANY_THEME: &str = "Talks and machines";
/// `description`, in either language.
const ENGLISH: &str = "Talks, machines and time to meet. Everybody who likes to build is welcome.";
const GERMAN: &str =
    "Vorträge, Maschinen und Zeit für Gespräche. Willkommen sind alle, die gern bauen.";

/// What an organizer adds to a title, behind a dash.
const MORE_ENGLISH: [&str; 3] = ["now with workshops", "two halls, one day", "a few seats left"];
const MORE_GERMAN: [&str; 3] = ["jetzt mit Workshops", "zwei Säle, ein Tag", "große Bühne"];
/// What an organizer adds after the event.
const AFTER_ENGLISH: [&str; 2] = ["the talks are online", "thank you for coming"];
const AFTER_GERMAN: [&str; 2] = ["die Bilder sind da", "danke für Ihren Besuch"];

const DASH: &str = " – ";

/// The title of an event with this place in its account. Once all have been used, the next ones
/// are numbered.
pub fn new_title(place: usize) -> String {
    let Theme { title, .. } = THEMES[place % THEMES.len()];
    match place / THEMES.len() {
        0 => title.to_owned(),
        before => format!("{title} #{}", before + 1),
    }
}

/// A title after an edit before the event: with the year, the town or a remark. `None` if it has
/// all of them.
pub fn edited(chance: &mut Chance, title: &str, year: &str, city: &str) -> Option<String> {
    let (head, tail) = apart(title);
    let dated = head.contains(|letter: char| letter.is_ascii_digit());
    let with_year = (!dated).then(|| format!("{head} {year}{tail}"));
    let placed = !head.contains(city);
    let with_city = placed.then(|| format!("{head} in {city}{tail}"));
    let more = match tongue(title) {
        Tongue::German => MORE_GERMAN,
        _ => MORE_ENGLISH,
    };
    let remarked = tail.is_empty().then(|| format!("{head}{DASH}{}", chance.pick(&more)));
    let edits: Vec<String> = [with_year, with_city, remarked].into_iter().flatten().collect();
    (!edits.is_empty()).then(|| chance.pick(&edits).clone())
}

/// A title after an edit of an event that is over.
pub fn looked_back(chance: &mut Chance, title: &str) -> String {
    let remarks = match tongue(title) {
        Tongue::German => AFTER_GERMAN,
        _ => AFTER_ENGLISH,
    };
    format!("{}{DASH}{}", apart(title).0, chance.pick(&remarks))
}

/// A title and its remark, with the dash.
fn apart(title: &str) -> (&str, &str) {
    title.split_at(title.find(DASH).unwrap_or(title.len()))
}

/// `short_description` and `description` of an event with this title.
pub fn descriptions(title: &str) -> (&'static str, &'static str) {
    let long = if tongue(title) == Tongue::German { GERMAN } else { ENGLISH };
    (theme_of(title).map_or(ANY_THEME, |theme| theme.short), long)
}

/// The language of one of our titles. A title that a user gave counts as English.
fn tongue(title: &str) -> Tongue {
    theme_of(title).map_or(Tongue::English, |theme| theme.tongue)
}

fn theme_of(title: &str) -> Option<&'static Theme> {
    THEMES.iter().find(|theme| title.starts_with(theme.title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edited_title_keeps_what_the_event_is_and_its_language() {
        let mut chance = Chance::from_seed(1);
        let mut edits = 0;
        for (place, name) in (0..40).map(|place| (place, new_title(place))) {
            for _ in 0..25 {
                let mut title = name.clone();
                while let Some(next) = edited(&mut chance, &title, "2031", "Lübeck") {
                    assert!(next.starts_with(&name) && next.len() > title.len(), "{next}");
                    title = next;
                    edits += 1;
                }
                assert!(
                    title.contains(" in Lübeck") && title.matches(DASH).count() == 1,
                    "{title}"
                );
                assert_eq!(title.contains(" 2031"), place < THEMES.len(), "{title}");
                let over = looked_back(&mut chance, &title);
                assert!(over.starts_with(&name) && over.matches(DASH).count() == 1, "{over}");
                let german = AFTER_GERMAN.iter().any(|remark| over.ends_with(remark));
                assert_eq!(german, place % 2 == 1, "{over}");
                let (short, long) = descriptions(&over);
                assert_eq!(short, THEMES[place % THEMES.len()].short);
                assert_eq!(long == GERMAN, german, "{over}");
            }
        }
        assert!(edits > 2_000, "{edits}");
    }
}
