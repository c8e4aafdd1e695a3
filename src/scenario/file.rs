//! Reads and checks scenario files. Every mistake has its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::{Location, Spanned};

use super::rehearse::{Mistake, Rehearsal};
use super::words::{self, Instruction};
use crate::model::{Problem, Profile, Settings};
use crate::phrase::{PhraseError, with_a_name};
use crate::policy::{api_fault, fault};
use crate::suggest::{did_you_mean, question};
use crate::text::{duration, names, no_duration};
use crate::vendors::{Registry, Vendor};
use crate::yaml;

/// A scenario of one vendor: a story or traffic.
pub struct Scenario {
    /// The file as the user knows it.
    pub file: String,
    /// Its text.
    pub source: Arc<str>,
    /// The vendor.
    pub vendor: &'static dyn Vendor,
    /// What it is about.
    pub about: String,
    /// The version of the payloads, if the file names one.
    pub profile: Option<&'static Profile>,
    /// Settings of the account.
    pub account: BTreeMap<String, String>,
    /// What happens, step by step; empty for traffic.
    pub steps: Vec<Step>,
    /// Settings of the traffic, if it is traffic.
    pub traffic: Option<Settings>,
}

/// One step of a story.
pub struct Step {
    /// Its text, as written.
    pub text: String,
    /// What to do.
    pub instruction: Instruction,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

/// A scenario file as written.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Standin scenario")]
pub struct ScenarioFile {
    /// The vendor: `ombori`.
    #[schemars(with = "String")]
    vendor: Spanned<String>,
    /// What the scenario is about, in one sentence.
    #[serde(default)]
    about: String,
    /// The version of the payloads.
    #[schemars(with = "Option<String>")]
    profile: Option<Spanned<String>>,
    /// Settings of the account (see `standin vendors NAME`).
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, yaml::Scalar>")]
    account: BTreeMap<String, Spanned<yaml::Scalar>>,
    /// A story: phrases, waits and faults, one after the other.
    #[serde(default)]
    #[schemars(with = "Vec<Line>")]
    steps: Option<Vec<Spanned<Line>>>,
    /// Traffic: rates and mixes of a realistic day (see `standin vendors NAME`).
    #[schemars(with = "Option<BTreeMap<String, yaml::Scalar>>")]
    traffic: Option<BTreeMap<String, Spanned<yaml::Scalar>>>,
}

/// A step: a phrase, `wait: 4m`, or `fault: every webhook is delivered twice`.
#[derive(Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "a step is a phrase, `wait: 4m`, or `fault: every webhook is lost`; a phrase with `: ` in it needs quotes"
)]
enum Line {
    /// Any phrase of `standin vendors --steps` that does something.
    Phrase(String),
    Wait(Wait),
    Fault(FaultLine),
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wait {
    /// A length of time: `4m`, `90s`, `1h 30m`.
    #[schemars(with = "String")]
    wait: yaml::Scalar,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FaultLine {
    /// Which webhooks, and what happens to them.
    fault: String,
}

/// Reads a scenario file about one of these vendors.
///
/// # Errors
/// The mistakes: what is wrong, where, and what would be right. The first one alone if the rest cannot
/// be read for it.
pub fn read(registry: Registry, file: &str, source: &str) -> Result<Scenario, Vec<Problem>> {
    let (written, mistakes) = yaml::read_on::<ScenarioFile>(file, source);
    let Some(written) = written else { return Err(mistakes.problems) };
    let is_whole = mistakes.problems.is_empty();
    let place = Source { file, source: source.into(), is_whole };
    let mut problems = Vec::new();
    let scenario = place.scenario(registry, written, &mut problems);
    match scenario {
        Ok(scenario) if problems.is_empty() && is_whole => Ok(scenario),
        other => {
            problems.extend(other.err());
            Err(mistakes.with(source, problems))
        }
    }
}

/// The file being read.
struct Source<'a> {
    file: &'a str,
    source: Arc<str>,
    /// Whether all of it could be read.
    is_whole: bool,
}

impl Source<'_> {
    /// The scenario. Mistakes in its steps are added to the list, and the step is left out.
    fn scenario(
        &self,
        registry: Registry,
        written: ScenarioFile,
        problems: &mut Vec<Problem>,
    ) -> Result<Scenario, Problem> {
        let vendor = registry.find(&written.vendor.value).ok_or_else(|| {
            let name = &written.vendor.value;
            let help = did_you_mean(name, registry.names())
                .unwrap_or_else(|| format!("there are {}", names(registry.names())));
            let title = format!("there is no vendor `{name}`");
            self.problem(written.vendor.referenced, title, "not a vendor", vec![help])
        })?;
        let is_either = match (&written.steps, &written.traffic) {
            (Some(steps), None) => !steps.is_empty(),
            (None, Some(_)) => true,
            _ => false,
        };
        // What could not be read is not missing.
        if !is_either && self.is_whole {
            let title = "a scenario has either `steps` (a story) or `traffic`".to_owned();
            let at = written.vendor.referenced;
            return Err(self.problem(at, title, "in this file", vec![]));
        }
        let catalogue = vendor.catalogue();
        let mut steps = Vec::new();
        for line in written.steps.iter().flatten() {
            match self.step(vendor, line) {
                Ok(step) => steps.push(step),
                Err(problem) => problems.push(problem),
            }
        }
        Ok(Scenario {
            file: self.file.to_owned(),
            source: Arc::clone(&self.source),
            vendor,
            about: written.about,
            profile: written.profile.and_then(|profile| {
                self.profile(vendor, &profile).map_err(|problem| problems.push(problem)).ok()
            }),
            account: self.settings(catalogue.settings, &written.account, problems),
            steps,
            traffic: written.traffic.map(|given| {
                let given = self.settings(catalogue.traffic, &given, problems);
                let given = given.iter().map(|(name, value)| (name.as_str(), value.as_str()));
                Settings::check(catalogue.traffic, given)
                    .unwrap_or_else(|problem| panic!("checked one by one: {problem}"))
            }),
        })
    }

    fn problem(&self, at: Location, title: String, label: &str, help: Vec<String>) -> Problem {
        let problem = yaml::problem(self.file, &self.source, at, title, label, help);
        // One text for all mistakes.
        Problem { source: Arc::clone(&self.source), ..problem }
    }

    fn profile(
        &self,
        vendor: &'static dyn Vendor,
        name: &Spanned<String>,
    ) -> Result<&'static Profile, Problem> {
        let catalogue = vendor.catalogue();
        catalogue.profile(&name.value).ok_or_else(|| {
            let known = names(catalogue.profiles.iter().map(|profile| profile.name));
            let title = format!("{} has no profile `{}`", catalogue.title, name.value);
            self.problem(
                name.referenced,
                title,
                "not a profile",
                vec![format!("there are {known}")],
            )
        })
    }

    /// The settings that are right. They are checked one by one, so that a mistake has its place.
    fn settings(
        &self,
        declared: &'static [crate::model::Setting],
        given: &BTreeMap<String, Spanned<yaml::Scalar>>,
        problems: &mut Vec<Problem>,
    ) -> BTreeMap<String, String> {
        let mut settings = BTreeMap::new();
        for (name, value) in given {
            let text = value.value.to_string();
            match Settings::check(declared, [(name.as_str(), text.as_str())]) {
                Ok(_) => _ = settings.insert(name.clone(), text),
                Err(problem) => {
                    let at = value.referenced;
                    problems.push(self.problem(at, problem.message, "here", vec![]));
                }
            }
        }
        settings
    }

    fn step(&self, vendor: &'static dyn Vendor, line: &Spanned<Line>) -> Result<Step, Problem> {
        let (text, instruction) = match &line.value {
            Line::Phrase(text) => {
                (text.trim().to_owned(), self.phrase(vendor, line.referenced, text.trim())?)
            }
            Line::Wait(Wait { wait }) => {
                (format!("wait: {wait}"), self.wait(line.referenced, &wait.to_string())?)
            }
            Line::Fault(FaultLine { fault }) => {
                (fault.clone(), self.fault(vendor, line.referenced, fault)?)
            }
        };
        Ok(Step {
            text,
            instruction,
            line: line.referenced.line() as usize,
            column: line.referenced.column() as usize,
        })
    }

    fn wait(&self, at: Location, text: &str) -> Result<Instruction, Problem> {
        duration(text).map(Instruction::Pass).ok_or_else(|| {
            self.problem(
                at,
                no_duration(text),
                "here",
                vec!["write it like `90s`, `4m` or `1h 30m`".to_owned()],
            )
        })
    }

    fn fault(
        &self,
        vendor: &'static dyn Vendor,
        at: Location,
        text: &str,
    ) -> Result<Instruction, Problem> {
        if fault::read(text).is_none() && api_fault::read(text).is_none() {
            let help = "begin with `every webhook`, `the next webhook`, a trigger in place of `webhook`, or `10% of webhooks`";
            return Err(self.problem(
                at,
                format!("`{text}` is not a fault"),
                "here",
                vec![help.to_owned()],
            ));
        }
        self.phrase(vendor, at, text)
    }

    fn phrase(
        &self,
        vendor: &'static dyn Vendor,
        at: Location,
        text: &str,
    ) -> Result<Instruction, Problem> {
        let reads = |text: &str| words::read(text, vendor.catalogue()).is_ok();
        let list = || {
            let vendor = vendor.catalogue().vendor;
            format!("`standin vendors {vendor} --steps` lists every phrase")
        };
        let hint = |near: Option<String>| match with_a_name(text, reads) {
            Some(meant) => Some(format!("a name begins with a capital letter: `{meant}`")),
            None => near.as_deref().map(question),
        };
        words::read(text, vendor.catalogue()).map_err(|wrong| match wrong {
            PhraseError::Unknown(near) => self.problem(
                at,
                format!("{} has no phrase for `{text}`", vendor.catalogue().title),
                "not a known phrase",
                hint(near).into_iter().chain([list()]).collect(),
            ),
            PhraseError::Value(message) => self.problem(at, message, "here", vec![]),
        })
    }
}

impl Scenario {
    /// Plays the story without sending anything.
    ///
    /// # Errors
    /// If a step is impossible at its point in the story, or a fault strikes no webhook.
    pub fn rehearse(&self, mut rehearsal: Rehearsal) -> Result<(), Problem> {
        for (index, step) in self.steps.iter().enumerate() {
            rehearsal
                .perform(index, &step.instruction)
                .map_err(|mistake| self.problem(step, mistake))?;
        }
        match rehearsal.left_over() {
            Some((step, mistake)) => Err(self.problem(&self.steps[step], mistake)),
            None => Ok(()),
        }
    }

    /// A mistake in a step.
    pub fn problem(&self, step: &Step, mistake: Mistake) -> Problem {
        Problem {
            file: self.file.clone(),
            source: Arc::clone(&self.source),
            line: step.line,
            column: step.column,
            length: step.text.chars().count(),
            title: mistake.title,
            label: mistake.label.to_owned(),
            help: mistake.help,
        }
    }
}
