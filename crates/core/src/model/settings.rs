//! Settings that a vendor declares, and the values that a user gives for them.
//!
//! Values arrive as text, from Gherkin tables and YAML alike, and are checked against the
//! declaration in one place.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::Provenance;
use super::set_ids::{self, IdKind, SET_IDS, SetIds};
use crate::suggest::did_you_mean;
use crate::text::{duration, names};

/// A setting that a vendor declares.
#[derive(Debug)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// Its default, as the user would write it.
    pub default: &'static str,
    /// Which values it takes.
    pub kind: SettingKind,
    /// What it does.
    pub about: &'static str,
    /// Whether the default is the vendor's or Standin's.
    pub provenance: Provenance,
}

/// Which values a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// Any text that is not empty.
    Text,
    /// At least one text, separated by commas.
    List,
    /// At least one of these, separated by commas.
    Choices(&'static [&'static str]),
    /// One of these.
    Choice(&'static [&'static str]),
    /// A whole number within these bounds.
    Integer(i64, i64),
    /// A share: `8%` or `0.08`.
    Share,
    /// A length of time: `90s`, `4m`, `1h 30m`; or `off`.
    Duration,
    /// The same, of at least so many seconds.
    DurationFrom(u32),
    /// A length of time, and never `off`.
    Length,
    /// The same, in whole minutes, within these bounds.
    Minutes(u32, u32),
    /// An IANA time zone: `Europe/Stockholm`.
    TimeZone,
    /// 24 hourly rates from midnight on, separated by commas.
    Hours,
    /// Ids of things of these kinds, as a JSON object: kind → name → id.
    Ids(&'static [IdKind]),
}

/// The value of a setting.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingValue {
    /// Text, a choice, or a time zone's name.
    Text(String),
    /// Texts.
    List(Vec<String>),
    /// A whole number.
    Integer(i64),
    /// From 0 to 1.
    Share(f64),
    /// A length of time. `None` for `off`.
    Duration(Option<Duration>),
    /// A rate for each hour of the day.
    Hours([f64; 24]),
    /// Ids, by kind and name.
    Ids(SetIds),
}

/// A setting that is unknown or has a wrong value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SettingProblem {
    /// The name that was given.
    pub name: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// Checked values of all settings of a vendor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    values: BTreeMap<&'static str, SettingValue>,
    /// Names and texts of the settings that were given, in order.
    given: Vec<(String, String)>,
}

impl Settings {
    /// Checks the given values against the declared settings and fills in the defaults.
    pub fn check<'a>(
        declared: &'static [Setting],
        given: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, SettingProblem> {
        let mut values = BTreeMap::new();
        for setting in declared {
            let value = setting
                .read(setting.default)
                .unwrap_or_else(|problem| panic!("default of {}: {problem}", setting.name));
            values.insert(setting.name, value);
        }
        let mut texts = Vec::new();
        for (name, text) in given {
            let setting = find(declared, name)?;
            values.insert(setting.name, setting.read(text)?);
            texts.push((name.to_owned(), text.to_owned()));
        }
        Ok(Self { values, given: texts })
    }

    /// Names and texts of the settings that were given, in order: enough to check them again.
    pub fn given(&self) -> &[(String, String)] {
        &self.given
    }

    /// Those that do not have their default, each with its text: `no_show 20%`.
    pub fn differing(&self, declared: &[Setting]) -> Vec<String> {
        let differs = |setting: &&Setting| {
            setting.read(setting.default).is_ok_and(|usual| usual != *self.get(setting.name))
        };
        let text = |setting: &Setting| {
            let given = self.given.iter().rev().find(|(name, _)| name == setting.name);
            format!("{} {}", setting.name, given.map_or("", |(_, text)| text))
        };
        declared.iter().filter(differs).map(text).collect()
    }

    /// The text of a setting.
    pub fn text(&self, name: &str) -> &str {
        match self.get(name) {
            SettingValue::Text(text) => text,
            other => panic!("setting {name} is not a text: {other:?}"),
        }
    }

    /// The texts of a setting.
    pub fn list(&self, name: &str) -> &[String] {
        match self.get(name) {
            SettingValue::List(list) => list,
            other => panic!("setting {name} is not a list: {other:?}"),
        }
    }

    /// The texts of a setting, each once, for those that must identify something.
    pub fn distinct(&self, name: &str) -> Vec<&String> {
        let mut texts: Vec<&String> = Vec::new();
        for text in self.list(name) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    }

    /// The whole number of a setting.
    pub fn integer(&self, name: &str) -> i64 {
        match self.get(name) {
            SettingValue::Integer(number) => *number,
            other => panic!("setting {name} is not a whole number: {other:?}"),
        }
    }

    /// The share of a setting, from 0 to 1.
    pub fn share(&self, name: &str) -> f64 {
        match self.get(name) {
            SettingValue::Share(share) => *share,
            other => panic!("setting {name} is not a share: {other:?}"),
        }
    }

    /// The length of time of a setting. `None` if it is off.
    pub fn duration(&self, name: &str) -> Option<Duration> {
        match self.get(name) {
            SettingValue::Duration(duration) => *duration,
            other => panic!("setting {name} is not a length of time: {other:?}"),
        }
    }

    /// The hourly rates of a setting.
    pub fn hours(&self, name: &str) -> &[f64; 24] {
        match self.get(name) {
            SettingValue::Hours(hours) => hours,
            other => panic!("setting {name} is not a list of hourly rates: {other:?}"),
        }
    }

    /// The ids that the user has set, by kind and name.
    pub fn set_ids(&self) -> Option<&SetIds> {
        match self.values.get(SET_IDS) {
            Some(SettingValue::Ids(ids)) => Some(ids),
            _ => None,
        }
    }

    /// Whether the user has set this id for something of this kind. All accounts then have it.
    pub fn sets_id(&self, kind: &str, id: &str) -> bool {
        let of_kind = self.set_ids().and_then(|ids| ids.get(kind));
        of_kind.is_some_and(|named| named.values().any(|set| set == id))
    }

    fn get(&self, name: &str) -> &SettingValue {
        self.values.get(name).unwrap_or_else(|| panic!("setting {name} is not declared"))
    }
}

fn find(declared: &'static [Setting], name: &str) -> Result<&'static Setting, SettingProblem> {
    declared.iter().find(|setting| setting.name == name).ok_or_else(|| SettingProblem {
        name: name.to_owned(),
        message: format!(
            "unknown setting `{name}`{}; there are {}",
            did_you_mean(name, declared.iter().map(|setting| setting.name))
                .map_or(String::new(), |question| format!(" ({question})")),
            names(declared.iter().map(|setting| setting.name)),
        ),
    })
}

impl Setting {
    /// A setting of this name, with its default as a user would write it.
    pub const fn new(
        name: &'static str,
        default: &'static str,
        kind: SettingKind,
        about: &'static str,
        provenance: Provenance,
    ) -> Self {
        Self { name, default, kind, about, provenance }
    }

    /// Reads a value as the user wrote it.
    pub fn read(&self, text: &str) -> Result<SettingValue, SettingProblem> {
        let text = text.trim();
        self.kind.read(text).ok_or_else(|| SettingProblem {
            name: self.name.to_owned(),
            message: self.why_not(text),
        })
    }

    /// Why this cannot be its value, and what would be right.
    fn why_not(&self, text: &str) -> String {
        let (name, kind) = (self.name, self.kind);
        let wrong = match (kind, serde_json::from_str(text)) {
            (SettingKind::Ids(kinds), Ok(written)) => set_ids::read(kinds, &written).err(),
            _ => None,
        };
        let wrong = wrong.map(|wrong| wrong.iter().map(ToString::to_string).collect::<Vec<_>>());
        let wrong = wrong.map(|wrong| format!("`{name}`: {}", wrong.join("; ")));
        wrong.unwrap_or_else(|| format!("`{name}` cannot be `{text}`: it takes {kind}"))
    }
}

impl SettingKind {
    fn read(self, text: &str) -> Option<SettingValue> {
        Some(match self {
            Self::Text => (!text.is_empty()).then(|| SettingValue::Text(text.to_owned()))?,
            Self::List => SettingValue::List(parts(text)?),
            Self::Choices(choices) => {
                let list = parts(text)?;
                list.iter()
                    .all(|part| choices.contains(&part.as_str()))
                    .then_some(SettingValue::List(list))?
            }
            Self::Choice(choices) => {
                choices.contains(&text).then(|| SettingValue::Text(text.to_owned()))?
            }
            Self::Integer(least, most) => {
                let number = text.parse().ok()?;
                (least..=most).contains(&number).then_some(SettingValue::Integer(number))?
            }
            Self::Share => SettingValue::Share(share(text)?),
            Self::Duration | Self::DurationFrom(_) if text == "off" => SettingValue::Duration(None),
            Self::Duration => SettingValue::Duration(Some(duration(text)?)),
            Self::DurationFrom(least) => {
                let least = Duration::from_secs(least.into());
                SettingValue::Duration(Some(duration(text).filter(|given| *given >= least)?))
            }
            Self::Length => SettingValue::Duration(Some(duration(text)?)),
            Self::Minutes(least, most) => {
                let given = duration(text).filter(|given| is_in_minutes(*given, least, most))?;
                SettingValue::Duration(Some(given))
            }
            Self::TimeZone => {
                jiff::tz::TimeZone::get(text).ok()?;
                SettingValue::Text(text.to_owned())
            }
            Self::Hours => SettingValue::Hours(hours(text)?),
            Self::Ids(kinds) => {
                let written = serde_json::from_str(text).ok()?;
                SettingValue::Ids(set_ids::read(kinds, &written).ok()?)
            }
        })
    }
}

impl fmt::Display for SettingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("text, not empty"),
            Self::List => f.write_str("texts with commas between them"),
            Self::Choices(choices) => write!(f, "some of {}", names(choices.iter().copied())),
            Self::Choice(choices) => write!(f, "one of {}", names(choices.iter().copied())),
            Self::Integer(least, most) => write!(f, "a whole number from {least} to {most}"),
            Self::Share => f.write_str("a share such as 8% or 0.08"),
            Self::Duration => f.write_str("a length of time such as 90s, 4m or 1h 30m, or off"),
            Self::DurationFrom(least) => {
                write!(
                    f,
                    "a length of time of at least {least} seconds, such as 90s, 4m or 1h 30m, or off"
                )
            }
            Self::Length => f.write_str("a length of time such as 90s, 4m or 1h 30m"),
            Self::Minutes(least, most) => write!(
                f,
                "a length of time in whole minutes, from {least} to {most}, such as 4m or 1h 30m"
            ),
            Self::TimeZone => f.write_str("an IANA time zone such as Europe/Stockholm"),
            Self::Hours => f.write_str("24 rates an hour with commas between them"),
            Self::Ids(kinds) => {
                let words = names(kinds.iter().map(|one| one.kind));
                write!(f, "a map kind: {{ name: id }}; the kinds are {words}")
            }
        }
    }
}

fn parts(text: &str) -> Option<Vec<String>> {
    let list: Vec<String> = text.split(',').map(|part| part.trim().to_owned()).collect();
    list.iter().all(|part| !part.is_empty()).then_some(list)
}

/// Whether a length is so many whole minutes.
fn is_in_minutes(length: Duration, least: u32, most: u32) -> bool {
    let minutes = length.as_secs() / 60;
    length == Duration::from_secs(minutes * 60)
        && (u64::from(least)..=u64::from(most)).contains(&minutes)
}

fn share(text: &str) -> Option<f64> {
    let share = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().ok()? / 100.0,
        None => text.parse().ok()?,
    };
    (0.0..=1.0).contains(&share).then_some(share)
}

fn hours(text: &str) -> Option<[f64; 24]> {
    let rates: Vec<f64> = text
        .split(',')
        .map(|part| part.trim().parse::<f64>().ok().filter(|rate| (0.0..=1e6).contains(rate)))
        .collect::<Option<_>>()?;
    rates.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECLARED: &[Setting] = &[Setting {
        name: "no_show",
        default: "8%",
        kind: SettingKind::Share,
        about: "share of guests who do not come",
        provenance: Provenance::Assumed("a test"),
    }];

    #[test]
    fn a_setting_that_is_not_given_has_its_default() {
        let settings = Settings::check(DECLARED, []).expect("defaults are right");
        assert_eq!(settings.share("no_show"), 0.08);
    }

    #[test]
    fn a_wrong_value_says_what_would_be_right() {
        let problem = Settings::check(DECLARED, [("no_show", "often")]).expect_err("no share");
        assert_eq!(
            problem.message,
            "`no_show` cannot be `often`: it takes a share such as 8% or 0.08"
        );
    }

    #[test]
    fn a_text_is_not_empty() {
        assert_eq!(SettingKind::Text.read(""), None);
        assert!(SettingKind::Text.read("a").is_some());
    }

    #[test]
    fn a_length_that_cannot_be_off_or_rounded_is_taken_as_it_is_or_refused() {
        let minutes = SettingKind::Minutes(1, 60);
        for (kind, text, is_right) in [
            (SettingKind::Length, "90s", true),
            (SettingKind::Length, "0s", true),
            (SettingKind::Length, "off", false),
            (minutes, "1m", true),
            (minutes, "60m", true),
            (minutes, "120s", true),
            (minutes, "90s", false),
            (minutes, "60500ms", false),
            (minutes, "0s", false),
            (minutes, "61m", false),
            (minutes, "off", false),
        ] {
            assert_eq!(kind.read(text).is_some(), is_right, "{kind:?}: {text}");
        }
        let told = Setting { kind: minutes, ..DECLARED[0] }.read("90s").expect_err("refused");
        assert!(told.message.contains("in whole minutes, from 1 to 60"), "{told}");
    }

    #[test]
    fn an_unknown_name_suggests_the_nearest() {
        let problem = Settings::check(DECLARED, [("noshow", "1%")]).expect_err("unknown");
        assert!(problem.message.contains("did you mean `no_show`?"), "{problem}");
    }
}
