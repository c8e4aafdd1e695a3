//! The settings file while it is read: its text, to show mistakes in, and the values that came from
//! the environment.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_saphyr::{Location, Spanned};

use super::environment;
use super::keys::{ReceiverSection, SettingsFile};
use crate::model::Problem;
use crate::suggest::did_you_mean;
use crate::text::{duration, names, no_duration};
use crate::vendors::{Registry, Vendor};
use crate::yaml;

/// The file that is being read.
pub struct Source<'a> {
    /// The vendors that are played.
    pub registry: Registry,
    pub file: &'a str,
    pub text: &'a str,
    /// Values from the environment. They may be secrets.
    pub filled: RefCell<Vec<String>>,
}

impl Source<'_> {
    /// A path that is relative to the file.
    pub fn beside(&self, path: &str) -> PathBuf {
        Path::new(self.file).parent().unwrap_or(Path::new("")).join(path)
    }

    /// A mistake at this place.
    pub fn problem(&self, at: Location, title: impl Into<String>, help: &[String]) -> Problem {
        yaml::problem(self.file, self.text, at, title.into(), "here", help.to_vec())
    }

    /// Replaces references to the environment. Returns those that cannot be.
    pub fn fill(&self, written: &mut SettingsFile) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut missing = |at: Location, wrong: Vec<environment::Unfilled>| {
            let wrong = wrong.into_iter();
            problems.extend(wrong.map(|wrong| self.problem(at, wrong.title, &[wrong.help])));
        };
        let variable = |name: &str| {
            let value = std::env::var(name).ok()?;
            self.filled.borrow_mut().push(value.clone());
            Some(value)
        };
        let fill = |text: &mut String| {
            environment::fill_or_stand_in(text, &variable).into_iter().collect::<Vec<_>>()
        };
        for text in written.receiver.iter_mut().flat_map(ReceiverSection::texts) {
            missing(text.referenced, fill(&mut text.value));
        }
        for value in written.vendors.values_mut().flat_map(|section| section.value.values_mut()) {
            missing(value.referenced, environment::fill_json(&mut value.value, &variable));
        }
        for section in written.probes.values_mut() {
            let at = section.referenced;
            section.value.texts().for_each(|text| missing(at, fill(text)));
        }
        problems
    }

    /// The given length of time, or the default.
    pub fn duration(
        &self,
        given: Option<&Spanned<String>>,
        default: Duration,
    ) -> Result<Duration, Problem> {
        let Some(given) = given else { return Ok(default) };
        duration(&given.value).ok_or_else(|| {
            self.problem(
                given.referenced,
                no_duration(&given.value),
                &["write it like `5s`, `250ms` or `1m 30s`".to_owned()],
            )
        })
    }

    /// The vendor of this name.
    pub fn vendor(&self, name: &str, at: Location) -> Result<&'static dyn Vendor, Problem> {
        self.registry.find(name).ok_or_else(|| {
            let help = suggestion(name, self.registry.names());
            self.problem(at, format!("there is no vendor `{name}`"), &[help])
        })
    }
}

/// What was read. A mistake joins the others.
pub fn keep<T>(read: Result<T, Problem>, problems: &mut Vec<Problem>) -> Option<T> {
    read.map_err(|problem| problems.push(problem)).ok()
}

/// The known name that was probably meant, or all of them if none is near.
pub fn suggestion<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    did_you_mean(typed, known.iter().copied()).unwrap_or_else(|| match known[..] {
        [only] => format!("there is only `{only}`"),
        _ => format!("there are {}", names(known)),
    })
}
