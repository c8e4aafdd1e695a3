//! Plays a scenario in the simulation alone, before anything is sent.
//!
//! What is wrong where it stands is a [`Problem`]. What is right but cannot be judged against this
//! receiver, as it is set up, is a reason to skip the scenario: it never counts as passed.

use std::collections::BTreeSet;

use cucumber::gherkin::{Scenario, Step};

use super::UnderTest;
use super::read::{Source, problem, step};
use super::words::{Expectation, Said};
use crate::chance::Chance;
use crate::engine::VendorTarget;
use crate::model::settings::{names, nearest};
use crate::model::{Problem, Profile, Settings, Subject};
use crate::policy::{fault, sign};
use crate::scenario::rehearse::{Caused, Delivered, Mistake, Rehearsal};
use crate::scenario::words::Doing;
use crate::sim::Opening;
use crate::vendors::Vendor;

/// The tag of scenarios that need payloads with something to order by.
const ORDERED: &str = "ordered";

/// The tag of scenarios that need a receiver which looks at a body before it answers.
const VALIDATES_FIRST: &str = "validates-first";

/// What a rehearsal found.
pub struct Rehearsed {
    /// Why the scenario must be skipped, if it must.
    pub skip: Option<String>,
    /// The vendor and subject of its first webhook, if it causes any.
    pub first: Option<(&'static str, Subject)>,
}

struct Stage<'a> {
    under_test: &'a UnderTest,
    chance: &'a Chance,
    rehearsal: Option<Rehearsal>,
    vendor: Option<&'a VendorTarget>,
    profile: Option<&'static Profile>,
    noted: BTreeSet<String>,
    expects: bool,
    skip: Option<String>,
}

/// Plays a scenario without sending anything, with this stream of chance.
///
/// # Errors
/// If a step is not known, cannot be done where it stands, or expects what cannot be.
pub fn rehearse(
    source: &Source,
    scenario: &Scenario,
    under_test: &UnderTest,
    chance: &Chance,
) -> Result<Rehearsed, Problem> {
    if scenario.steps.is_empty() {
        // It would pass, and nothing would have been held.
        return Err(empty(source, scenario));
    }
    let mut stage = Stage {
        under_test,
        chance,
        rehearsal: None,
        vendor: None,
        profile: None,
        noted: BTreeSet::new(),
        expects: false,
        skip: None,
    };
    let mistaken = |at: &Step, mistake: Mistake| {
        problem(source, at, mistake.title, mistake.label, &mistake.help)
    };
    for (index, at) in scenario.steps.iter().enumerate() {
        let catalogue = stage.rehearsal.as_ref().map(Rehearsal::catalogue);
        let said = step(source, at, catalogue)?;
        stage.step(index, at, &said).map_err(|mistake| mistaken(at, mistake))?;
    }
    let rehearsal = stage.rehearsal.as_ref();
    if let Some((index, mistake)) = rehearsal.and_then(Rehearsal::left_over) {
        return Err(mistaken(&scenario.steps[index], mistake));
    }
    let first = rehearsal.and_then(|rehearsal| rehearsal.caused().first());
    let first = first.map(|one| (one.webhook.vendor, one.webhook.subject.clone()));
    if !stage.expects {
        return Err(expects_nothing(source, scenario));
    }
    stage.skip_for_tags(&scenario.tags);
    stage.skip_for_urls();
    Ok(Rehearsed { skip: stage.skip, first })
}

fn empty(source: &Source, scenario: &Scenario) -> Problem {
    whole(source, scenario, "has no steps")
}

/// It would pass whatever the receiver does.
fn expects_nothing(source: &Source, scenario: &Scenario) -> Problem {
    whole(source, scenario, "expects nothing")
}

/// A mistake of a scenario as a whole.
fn whole(source: &Source, scenario: &Scenario, what: &str) -> Problem {
    Problem {
        file: source.file.clone(),
        source: source.text.clone(),
        line: scenario.position.line,
        column: 1,
        length: usize::MAX,
        title: format!("the scenario `{}` {what}", scenario.name),
        label: "nothing to hold".to_owned(),
        help: vec!["`standin vendors --steps` lists every phrase".to_owned()],
    }
}

impl Stage<'_> {
    /// The first reason counts.
    fn skip(&mut self, why: String) {
        self.skip.get_or_insert(why);
    }

    fn skip_for_tags(&mut self, tags: &[String]) {
        if self.under_test.target.queues && tags.iter().any(|tag| tag == VALIDATES_FIRST) {
            self.skip("a receiver that queues acknowledges before it validates".to_owned());
        }
        let unordered = self.profile.filter(|profile| profile.unordered);
        if let (true, Some(profile)) = (tags.iter().any(|tag| tag == ORDERED), unordered) {
            self.skip(format!(
                "the payloads of profile {} carry nothing to order by",
                profile.name
            ));
        }
    }

    fn skip_for_urls(&mut self) {
        let (Some(rehearsal), Some(vendor)) = (&self.rehearsal, self.vendor) else { return };
        let triggers = rehearsal.caused().iter().map(|one| one.webhook.trigger);
        let silent = triggers.filter(|trigger| !vendor.urls.contains_key(*trigger)).min();
        if let Some(trigger) = silent {
            self.skip(format!("{trigger} has no URL in standin.yaml"));
        }
    }

    fn step(&mut self, index: usize, at: &Step, said: &Said) -> Result<(), Mistake> {
        no_table_unless(
            at,
            matches!(said, Said::Account(..) | Said::Expect(Expectation::Fields { .. })),
        )?;
        match said {
            Said::Account(vendor, profile) => self.open(at, *vendor, profile.as_deref()),
            Said::Do(doing) => self.perform(index, doing),
            Said::Expect(expectation) => {
                self.expects = true;
                self.expect(at, expectation)
            }
        }
    }

    fn open(
        &mut self,
        at: &Step,
        vendor: &'static dyn Vendor,
        profile: Option<&str>,
    ) -> Result<(), Mistake> {
        let catalogue = vendor.catalogue();
        if self.rehearsal.is_some() {
            return Err(Mistake::here("a scenario has one account; this is its second"));
        }
        let named = profile.map(|name| {
            let known = || names(catalogue.profiles.iter().map(|one| one.name));
            catalogue.profile(name).ok_or_else(|| {
                Mistake::here(format!("{} has no profile `{name}`", catalogue.title))
                    .help(format!("there are {}", known()))
            })
        });
        let named = named.transpose()?;
        let rows = super::world::rows(at)?;
        let over = rows.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let wrong = |problem: crate::model::SettingProblem| Mistake::here(problem.message);
        let target = self.under_test.target.vendors.get(catalogue.vendor);
        let settings = match target {
            Some(target) => target.settings_with(over),
            None => Settings::check(catalogue.settings, over),
        };
        let settings = settings.map_err(wrong)?;
        let usual = target.map_or_else(|| catalogue.default_profile(), |target| target.profile);
        let profile = named.unwrap_or(usual);
        match target {
            None => self.skip(format!("{} is not set up in standin.yaml", catalogue.vendor)),
            Some(target) if target.profile_named && profile.name != target.profile.name => self
                .skip(format!(
                    "standin.yaml says profile: {}, and this is about another",
                    target.profile.name
                )),
            Some(_) => {}
        }
        self.vendor = target;
        self.profile = Some(profile);
        let all = catalogue.triggers.iter().map(|trigger| trigger.name);
        let delivered = match target {
            Some(target) => {
                Delivered::under(&target.policy, target.urls.keys().map(String::as_str))
            }
            None => Delivered::under(&vendor.policy(), all),
        };
        self.rehearsal = Some(Rehearsal::new(
            vendor,
            Opening { name: catalogue.vendor.to_owned(), profile, settings },
            delivered,
            self.chance.child("simulation"),
            self.under_test.target.start,
        ));
        Ok(())
    }

    fn rehearsal(&mut self) -> Result<&mut Rehearsal, Mistake> {
        self.rehearsal.as_mut().ok_or_else(|| Mistake::here("open an account first"))
    }

    fn perform(&mut self, index: usize, doing: &Doing) -> Result<(), Mistake> {
        if let Doing::Fault(said) = doing
            && fault::needs_credentials(&said.effect)
            && self
                .vendor
                .is_some_and(|vendor| !sign::has_credentials(&vendor.policy.authentication))
        {
            self.skip("no credentials are set up for this vendor in standin.yaml".to_owned());
        }
        if *doing == Doing::Reactivate {
            self.needs_deactivation();
        }
        self.rehearsal()?.perform(index, doing)
    }

    fn expect(&mut self, at: &Step, expectation: &Expectation) -> Result<(), Mistake> {
        match expectation {
            Expectation::State { who, kind, state, .. } => {
                self.must_be_a_state(who, kind, state)?;
                self.needs_field(who, kind, None)
            }
            Expectation::Fields { who, kind } => {
                let rows = super::world::rows(at)?;
                if rows.is_empty() {
                    return Err(Mistake::here("no fields are given")
                        .help("put a table | field | value | below the step"));
                }
                for (index, (field, _)) in rows.iter().enumerate() {
                    if rows[..index].iter().any(|(other, _)| other == field) {
                        return Err(Mistake::here(format!("the field `{field}` is given twice")));
                    }
                    self.needs_field(who, kind, Some(field))?;
                }
                Ok(())
            }
            Expectation::Truth { who, kind } => {
                self.needs_probe(who, kind)?;
                self.needs_fields(kind)
            }
            Expectation::NotKnown { who, kind } => self.needs_probe(who, kind),
            Expectation::NoteEffects(who) => {
                self.noted.insert(who.clone());
                self.needs_effects(who)
            }
            Expectation::EffectsUnchanged(who) if !self.noted.contains(who) => {
                Err(Mistake::here(format!("the effects on {who} were never noted"))
                    .help(format!("say `the effects on {who} are noted` before")))
            }
            Expectation::EffectsUnchanged(who) => self.needs_effects(who),
            Expectation::EffectsEqual(who, whom) => {
                self.needs_effects(who)?;
                self.needs_effects(whom)
            }
            Expectation::EndpointDeactivated | Expectation::EndpointActive => {
                self.needs_deactivation();
                self.must_have(|one| !one.lost, "is sent")
            }
            Expectation::Attempts(_) => self.must_have(|one| !one.lost, "is sent"),
            Expectation::EveryAccepted
            | Expectation::Last(_)
            | Expectation::NoServerError
            | Expectation::InTime => self.must_have(Caused::arrives, "arrives"),
        }
    }

    /// A vendor that never deactivates an endpoint cannot be held to it.
    fn needs_deactivation(&mut self) {
        let never = |vendor: &VendorTarget| vendor.policy.disable_after.is_none();
        if self.vendor.is_some_and(never) {
            self.skip("this vendor deactivates no endpoint (`disable_after` is off)".to_owned());
        }
    }

    /// What is expected of deliveries needs a webhook that comes so far.
    fn must_have(&mut self, test: impl Fn(&Caused) -> bool, what: &str) -> Result<(), Mistake> {
        let rehearsal = self.rehearsal()?;
        // What lacks a URL is a matter of the settings: then the scenario is skipped.
        if !rehearsal.caused().iter().any(test) {
            return Err(Mistake::here(format!(
                "no webhook has been caused yet that {what}, so there is nothing to expect"
            )));
        }
        if rehearsal.is_holding() {
            return Err(Mistake::here("deliveries are still held back here")
                .help("release them first: `the held webhooks are delivered in order`"));
        }
        Ok(())
    }

    fn must_know(&mut self, who: &str, kind: Option<&str>) -> Result<&'static str, Mistake> {
        self.rehearsal()?.find(who, kind).ok_or_else(|| {
            Mistake::here(format!("nobody here is called {who}"))
                .help("a name is bound by the action that makes its subject")
        })
    }

    fn must_be_a_kind(&mut self, kind: &str) -> Result<(), Mistake> {
        let catalogue = self.rehearsal()?.catalogue();
        let known = || catalogue.subjects.iter().map(|subject| subject.kind);
        if known().any(|one| one == kind) {
            return Ok(());
        }
        Err(Mistake::here(format!("{} has no `{kind}`", catalogue.title))
            .help(format!("there are {}", names(known()))))
    }

    fn must_be_a_state(&mut self, who: &str, kind: &str, state: &str) -> Result<(), Mistake> {
        self.must_be_a_kind(kind)?;
        self.must_know(who, Some(kind))?;
        let subjects = self.rehearsal()?.catalogue().subjects;
        let states =
            subjects.iter().find(|subject| subject.kind == kind).map_or(&[][..], |one| one.states);
        if states.contains(&state) {
            return Ok(());
        }
        let near = nearest(state, states.iter().copied());
        Err(Mistake::here(format!("a {kind} is never `{state}`")).help(near.map_or_else(
            || format!("it can be {}", names(states.iter().copied())),
            |near| format!("did you mean `{near}`?"),
        )))
    }

    fn needs_probe(&mut self, who: &str, kind: &str) -> Result<(), Mistake> {
        self.must_be_a_kind(kind)?;
        self.must_know(who, Some(kind))?;
        let vendor = self.rehearsal()?.catalogue().vendor;
        if self.under_test.probe(vendor, kind).is_none() {
            self.skip(format!("no probe `{vendor}.{kind}` in standin.yaml"));
        }
        Ok(())
    }

    fn needs_field(&mut self, who: &str, kind: &str, field: Option<&str>) -> Result<(), Mistake> {
        self.needs_probe(who, kind)?;
        let vendor = self.rehearsal()?.catalogue().vendor;
        if let Some(probe) = self.under_test.probe(vendor, kind) {
            let field = field.unwrap_or_else(|| super::expect::state_field(probe));
            let known = || probe.fields.keys().map(String::as_str);
            if let (false, Some(near)) = (probe.fields.contains_key(field), close(field, known())) {
                return Err(Mistake::here(format!(
                    "the probe `{vendor}.{kind}` shows no field `{field}`"
                ))
                .help(format!("did you mean `{near}`?")));
            }
            if !probe.fields.contains_key(field) {
                self.skip(format!("the probe `{vendor}.{kind}` shows no field `{field}`"));
            }
        }
        Ok(())
    }

    fn needs_fields(&mut self, kind: &str) -> Result<(), Mistake> {
        let vendor = self.rehearsal()?.catalogue().vendor;
        if self.under_test.probe(vendor, kind).is_some_and(|probe| probe.fields.is_empty()) {
            self.skip(format!("the probe `{vendor}.{kind}` shows no fields"));
        }
        Ok(())
    }

    fn needs_effects(&mut self, who: &str) -> Result<(), Mistake> {
        let kind = self.must_know(who, None)?;
        let vendor = self.rehearsal()?.catalogue().vendor;
        match self.under_test.probe(vendor, kind) {
            None => self.skip(format!("no probe `{vendor}.{kind}` in standin.yaml")),
            Some(probe) if probe.effects.is_none() => {
                self.skip(format!("the probe `{vendor}.{kind}` counts no effects"));
            }
            Some(_) => {}
        }
        Ok(())
    }
}

/// A field that differs so little that it was mistyped, rather than one which the probe lacks.
fn close<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    nearest(typed, known).filter(|near| strsim::damerau_levenshtein(typed, near) <= 2)
}

fn no_table_unless(at: &Step, wanted: bool) -> Result<(), Mistake> {
    if at.docstring.is_some() {
        return Err(Mistake::here("no step takes a doc string"));
    }
    if at.table.is_some() && !wanted {
        return Err(Mistake::here("this step takes no table"));
    }
    Ok(())
}
