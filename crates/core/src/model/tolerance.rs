//! Which failures of the contract a team tolerates: those of rules that are only good practice, and
//! those that it knows.

use jiff::civil::Date;

use super::failure_kind::FailureKind;
use super::rule::Level;

/// Which failures do not fail a run.
#[derive(Clone, Debug, Default)]
pub struct Tolerance {
    /// What a failure of a rule of level `should` does.
    pub should: Strictness,
    /// The failures that are known.
    pub known: Vec<Known>,
}

/// What a failure of a rule of level `should` does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strictness {
    /// It warns.
    #[default]
    Warns,
    /// It fails the run.
    Fails,
}

/// Failures that a team knows, and why it lives with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Which scenarios may fail.
    pub which: KnownScenarios,
    /// Only those of this vendor, if one is named.
    pub vendor: Option<String>,
    /// Only failures of this kind, if one is named.
    pub failure: Option<FailureKind>,
    /// Why they are known.
    pub reason: String,
    /// The last day on which they are.
    pub until: Option<Date>,
    /// Where this is written: the file and the line.
    pub place: (String, usize),
}

/// Scenarios that are known to fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownScenarios {
    /// All of the rule with this id.
    Rule(String),
    /// All of this name.
    Name(String),
    /// All of this name in a file.
    NameIn(String, String),
    /// Those on this line of a file.
    Line(String, usize),
}

/// A scenario, as far as a list of known failures can name it.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// Its file.
    pub file: &'a str,
    /// Its line, and that of its outline if it is a row of one.
    pub lines: (usize, Option<usize>),
    /// Its name, with a number if others in the file have the same.
    pub name: &'a str,
    /// The vendor of its account.
    pub vendor: Option<&'a str>,
    /// The id of its rule.
    pub rule: Option<&'a str>,
    /// The level of its rule. Without a rule it is a must.
    pub level: Level,
}

impl KnownScenarios {
    /// `FILE:LINE`, `FILE:NAME`, or else a name. A file ends with `.feature`.
    pub fn of_scenario(text: &str) -> Self {
        let Some((file, rest)) = text.split_once(".feature:") else {
            return Self::Name(text.to_owned());
        };
        let file = format!("{file}.feature");
        match rest.parse() {
            Ok(line) => Self::Line(file, line),
            Err(_) => Self::NameIn(file, rest.trim().to_owned()),
        }
    }

    /// The file, if they are those of one.
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::NameIn(file, _) | Self::Line(file, _) => Some(file),
            Self::Rule(_) | Self::Name(_) => None,
        }
    }

    /// The same scenarios of a file that is called like this.
    pub fn in_file(self, file: &str) -> Self {
        match self {
            Self::NameIn(_, name) => Self::NameIn(file.to_owned(), name),
            Self::Line(_, line) => Self::Line(file.to_owned(), line),
            other => other,
        }
    }

    /// Whether a scenario is one of them.
    pub fn has(&self, one: &Named<'_>) -> bool {
        let is_in = |file: &str| plain(file) == plain(one.file);
        let is_called = |name: &str| one.name == name || without_number(one.name) == name;
        match self {
            Self::Rule(id) => one.rule == Some(id.as_str()),
            Self::Name(name) => is_called(name),
            Self::NameIn(file, name) => is_in(file) && is_called(name),
            Self::Line(file, line) => {
                let (own, outline) = one.lines;
                is_in(file) && (own == *line || outline == Some(*line))
            }
        }
    }
}

fn plain(file: &str) -> &str {
    file.trim_start_matches("./")
}

/// A name without the number that was added because others have the same.
fn without_number(name: &str) -> &str {
    match name.rsplit_once(" #") {
        Some((name, number)) if number.chars().all(|one| one.is_ascii_digit()) => name,
        _ => name,
    }
}

impl std::fmt::Display for KnownScenarios {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rule(id) => write!(f, "rule `{id}`"),
            Self::Name(name) => write!(f, "scenario `{name}`"),
            Self::NameIn(file, name) => write!(f, "scenario `{file}:{name}`"),
            Self::Line(file, line) => write!(f, "scenario {file}:{line}"),
        }
    }
}

impl Known {
    /// Whether a scenario is meant.
    pub fn has(&self, one: &Named<'_>) -> bool {
        let is_of_vendor = self.vendor.as_deref().is_none_or(|name| one.vendor == Some(name));
        is_of_vendor && self.which.has(one)
    }

    /// Whether failures of this kind are meant.
    pub fn means(&self, kind: FailureKind) -> bool {
        self.failure.is_none_or(|meant| meant == kind)
    }

    /// Whether its last day is over.
    pub fn is_over(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// The reason, and until when.
    pub fn in_words(&self) -> String {
        match self.until {
            Some(until) => format!("{} (until {until})", self.reason),
            None => self.reason.clone(),
        }
    }
}

impl Tolerance {
    /// Every failure counts.
    pub fn none() -> Self {
        Self { should: Strictness::Fails, known: Vec::new() }
    }

    /// The entry for a failure of a scenario whose last day is not over.
    pub fn known(&self, one: &Named<'_>, kind: FailureKind, today: Date) -> Option<&Known> {
        let is_it = |known: &&Known| !known.is_over(today) && known.has(one) && known.means(kind);
        self.known.iter().find(is_it)
    }

    /// Whether a failure of a scenario only warns.
    pub fn warns(&self, one: &Named<'_>) -> bool {
        self.should == Strictness::Warns && one.level == Level::Should
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const ONE: Named<'_> = Named {
        file: "./a.feature",
        lines: (12, Some(7)),
        name: "a ticket #2",
        vendor: Some("ombori"),
        rule: Some("order"),
        level: Level::Should,
    };

    fn known(which: KnownScenarios) -> Known {
        let (reason, place) = ("old".to_owned(), ("standin.yaml".to_owned(), 3));
        Known { which, vendor: None, failure: None, reason, until: None, place }
    }

    #[test]
    fn an_entry_names_scenarios_by_rule_name_or_line() {
        let scenario = |text: &str| known(KnownScenarios::of_scenario(text)).has(&ONE);
        assert!(scenario("a.feature:12") && scenario("./a.feature:7"));
        assert!(!scenario("a.feature:13") && !scenario("b.feature:12"));
        assert!(scenario("a ticket") && scenario("a ticket #2"));
        assert!(scenario("a.feature:a ticket") && scenario("./a.feature: a ticket #2"));
        assert!(!scenario("b.feature:a ticket") && !scenario("a.feature:a"));
        assert!(!scenario("a ticket #1") && !scenario("a") && !scenario("at 12:30"));
        let rule = |id: &str| known(KnownScenarios::Rule(id.to_owned()));
        assert!(rule("order").has(&ONE) && !rule("orders").has(&ONE));
        let of = |vendor: &str| Known { vendor: Some(vendor.to_owned()), ..rule("order") };
        assert!(of("ombori").has(&ONE) && !of("doo").has(&ONE));
    }

    #[test]
    fn an_entry_can_be_about_failures_of_one_kind() {
        let rule = known(KnownScenarios::Rule("order".to_owned()));
        let effects = Known { failure: Some(FailureKind::Effects), ..rule.clone() };
        assert!(FailureKind::ALL.iter().all(|kind| rule.means(*kind)));
        let all = Tolerance { known: vec![effects.clone()], ..Tolerance::default() };
        let known = |kind| all.known(&ONE, kind, date(2031, 3, 4));
        assert_eq!(known(FailureKind::Effects), Some(&effects));
        assert_eq!(known(FailureKind::ServerError), None);
    }

    #[test]
    fn an_entry_holds_until_the_end_of_its_last_day() {
        let rule = known(KnownScenarios::Rule("order".to_owned()));
        let until = Known { until: Some(date(2031, 3, 4)), ..rule };
        let all = Tolerance { known: vec![until.clone()], ..Tolerance::default() };
        let any = FailureKind::default();
        assert_eq!(all.known(&ONE, any, date(2031, 3, 4)), Some(&until));
        assert_eq!(all.known(&ONE, any, date(2031, 3, 5)), None);
        assert_eq!(until.in_words(), "old (until 2031-03-04)");
    }

    #[test]
    fn only_good_practice_warns_and_only_if_that_is_not_strict() {
        assert!(Tolerance::default().warns(&ONE) && !Tolerance::none().warns(&ONE));
        assert!(!Tolerance::default().warns(&Named { level: Level::Must, ..ONE }));
    }
}
