//! Plays a scenario in the simulation alone, before anything is sent.
//!
//! What is illegal where it stands is a [`Problem`]. What is legal but cannot be judged against
//! this receiver, as it is set up, is a reason to skip the scenario: it never counts as passed.

use std::collections::BTreeSet;

use cucumber::gherkin::{Scenario, Step};

use super::Subject as Held;
use super::read::{Source, problem, step};
use super::words::{Expectation, Said};
use crate::chance::Chance;
use crate::clock::after;
use crate::engine::VendorTarget;
use crate::model::fault::Effect;
use crate::model::{Problem, Profile, Subject};
use crate::policy::sign;
use crate::scenario::words::Doing;
use crate::sim::{AccountIndex, NotDone, Opening, Simulation};

/// The tag of scenarios that need payloads with something to order by.
const ORDERED: &str = "ordered";

struct Rehearsal<'a> {
    source: &'a Source,
    subject: &'a Held,
    sim: Simulation,
    account: Option<AccountIndex>,
    vendor: Option<&'a VendorTarget>,
    profile: Option<&'static Profile>,
    skip: Option<String>,
    first: Option<(&'static str, Subject)>,
}

/// What a rehearsal found.
pub struct Rehearsed {
    /// Why the scenario must be skipped, if it must.
    pub skip: Option<String>,
    /// The vendor and subject of its first webhook, if it causes any.
    pub first: Option<(&'static str, Subject)>,
}

/// Plays a scenario without sending anything, with this stream of chance.
///
/// # Errors
/// If a step is not known, or an action in it is not legal where it stands.
pub fn rehearse(
    source: &Source,
    scenario: &Scenario,
    subject: &Held,
    chance: Chance,
) -> Result<Rehearsed, Problem> {
    let mut rehearsal = Rehearsal {
        source,
        subject,
        sim: Simulation::new(chance, subject.target.start),
        account: None,
        vendor: None,
        profile: None,
        skip: None,
        first: None,
    };
    for step in &scenario.steps {
        rehearsal.step(step)?;
    }
    if scenario.tags.iter().any(|tag| tag == ORDERED)
        && let Some(profile) = rehearsal.profile.filter(|profile| profile.unordered)
    {
        let why = format!("the payloads of profile {} carry nothing to order by", profile.name);
        rehearsal.skip(why);
    }
    Ok(Rehearsed { skip: rehearsal.skip, first: rehearsal.first })
}

impl Rehearsal<'_> {
    /// The first reason counts.
    fn skip(&mut self, why: String) {
        self.skip.get_or_insert(why);
    }

    fn step(&mut self, at: &Step) -> Result<(), Problem> {
        let catalogue = self.account.map(|account| self.sim.catalogue(account));
        match step(self.source, at, catalogue)? {
            Said::Account(vendor, profile) => self.open(at, vendor, profile.as_deref()),
            Said::Do(doing) => self.perform(at, &doing),
            Said::Expect(expectation) => self.expect(at, &expectation),
        }
    }

    fn open(
        &mut self,
        at: &Step,
        vendor: &'static dyn crate::vendors::Vendor,
        profile: Option<&str>,
    ) -> Result<(), Problem> {
        let catalogue = vendor.catalogue();
        let wrong =
            |title: String, help: &[String]| Err(problem(self.source, at, title, "here", help));
        let named = match profile.map(|name| (name, catalogue.profile(name))) {
            Some((name, None)) => {
                let known =
                    crate::model::settings::names(catalogue.profiles.iter().map(|one| one.name));
                let title = format!("{} has no profile `{name}`", catalogue.title);
                return wrong(title, &[format!("there are {known}")]);
            }
            Some((_, found)) => found,
            None => None,
        };
        if self.account.is_some() {
            return wrong("a scenario has one account; this is its second".to_owned(), &[]);
        }
        let Some(target) = self.subject.target.vendors.get(catalogue.vendor) else {
            self.skip(format!("{} is not set up in standin.yaml", catalogue.vendor));
            let settings = crate::model::Settings::check(catalogue.settings, [])
                .unwrap_or_else(|problem| panic!("defaults: {problem}"));
            let profile = named.unwrap_or_else(|| catalogue.default_profile());
            return self.opened(vendor, profile, settings);
        };
        let rows = super::world::rows(at);
        let over = rows.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let settings = match target.settings_with(over) {
            Ok(settings) => settings,
            Err(found) => return wrong(found.message, &[]),
        };
        let profile = named.unwrap_or(target.profile);
        if target.profile_named && profile.name != target.profile.name {
            let why = format!(
                "standin.yaml says profile: {}, and this is about another",
                target.profile.name
            );
            self.skip(why);
        }
        self.vendor = Some(target);
        self.opened(vendor, profile, settings)
    }

    fn opened(
        &mut self,
        vendor: &'static dyn crate::vendors::Vendor,
        profile: &'static Profile,
        settings: crate::model::Settings,
    ) -> Result<(), Problem> {
        self.profile = Some(profile);
        let opening = Opening { name: "rehearsal".to_owned(), profile, settings };
        self.account = Some(self.sim.open(vendor, opening));
        Ok(())
    }

    fn perform(&mut self, at: &Step, doing: &Doing) -> Result<(), Problem> {
        let Some(account) = self.account else { return Ok(()) };
        let mut webhooks = Vec::new();
        match doing {
            Doing::Action(spoken) => {
                if let Err(refused) = self.sim.say(account, spoken, &mut webhooks) {
                    return Err(self.refused(at, &refused));
                }
            }
            Doing::Pass(length) => {
                let to = after(self.sim.now(), *length);
                self.sim.advance(to, &mut webhooks);
            }
            Doing::Fault(fault) => {
                let credentials =
                    self.vendor.map(|vendor| sign::has_credentials(&vendor.policy.authentication));
                if matches!(fault.effect, Effect::Credentials(_)) && credentials == Some(false) {
                    self.skip(
                        "no credentials are set up for this vendor in standin.yaml".to_owned(),
                    );
                }
            }
            Doing::Again(_, name) => self.must_know(at, name)?,
            Doing::Hold | Doing::Release(_) | Doing::Retries(..) => {}
        }
        if let (None, Some(webhook)) = (&self.first, webhooks.first()) {
            self.first = Some((webhook.vendor, webhook.subject.clone()));
        }
        let silent: BTreeSet<&str> = webhooks
            .iter()
            .map(|webhook| webhook.trigger)
            .filter(|trigger| self.vendor.is_some_and(|vendor| !vendor.urls.contains_key(*trigger)))
            .collect();
        if let Some(trigger) = silent.first() {
            self.skip(format!("{trigger} has no URL in standin.yaml"));
        }
        Ok(())
    }

    fn refused(&self, at: &Step, refused: &NotDone) -> Problem {
        let help = match refused {
            NotDone::Refused(refusal) if refusal.legal.is_empty() => {
                "nothing more can happen to it".to_owned()
            }
            NotDone::Refused(refusal) => format!("legal now: {}", refusal.legal.join(" · ")),
            NotDone::Unbound(_) => {
                "a name is bound by the action that makes its subject".to_owned()
            }
        };
        problem(self.source, at, refused.to_string(), "not possible here", &[help])
    }

    fn expect(&mut self, at: &Step, expectation: &Expectation) -> Result<(), Problem> {
        match expectation {
            Expectation::State { who, kind, .. } => self.needs_field(at, who, kind, None),
            Expectation::Fields { who, kind } => {
                let rows = super::world::rows(at);
                if rows.is_empty() {
                    let help = "put a table | field | value | below the step".to_owned();
                    return Err(problem(
                        self.source,
                        at,
                        "no fields are given".to_owned(),
                        "here",
                        &[help],
                    ));
                }
                rows.iter().try_for_each(|(field, _)| self.needs_field(at, who, kind, Some(field)))
            }
            Expectation::Truth { who, kind } | Expectation::NotKnown { who, kind } => {
                self.needs_probe(at, who, kind)
            }
            Expectation::NoteEffects(who) | Expectation::EffectsUnchanged(who) => {
                self.needs_effects(at, who)
            }
            Expectation::EffectsEqual(who, whom) => {
                self.needs_effects(at, who)?;
                self.needs_effects(at, whom)
            }
            _ => Ok(()),
        }
    }

    fn must_know(&self, at: &Step, name: &str) -> Result<(), Problem> {
        let known = self.account.is_some_and(|account| {
            let kinds = self.sim.catalogue(account).subjects;
            kinds.iter().any(|kind| self.sim.named(account, kind.kind, name).is_some())
        });
        if known {
            return Ok(());
        }
        let help = "a name is bound by the action that makes its subject".to_owned();
        Err(problem(self.source, at, format!("nobody here is called {name}"), "here", &[help]))
    }

    fn needs_probe(&mut self, at: &Step, who: &str, kind: &str) -> Result<(), Problem> {
        let Some(account) = self.account else {
            return Err(problem(self.source, at, "open an account first".to_owned(), "here", &[]));
        };
        let catalogue = self.sim.catalogue(account);
        if !catalogue.subjects.iter().any(|subject| subject.kind == kind) {
            let known = crate::model::settings::names(
                catalogue.subjects.iter().map(|subject| subject.kind),
            );
            let title = format!("{} has no `{kind}`", catalogue.title);
            return Err(problem(self.source, at, title, "here", &[format!("there are {known}")]));
        }
        self.must_know(at, who)?;
        if self.subject.probe(catalogue.vendor, kind).is_none() {
            self.skip(format!("no probe `{}.{kind}` in standin.yaml", catalogue.vendor));
        }
        Ok(())
    }

    fn needs_field(
        &mut self,
        at: &Step,
        who: &str,
        kind: &str,
        field: Option<&str>,
    ) -> Result<(), Problem> {
        self.needs_probe(at, who, kind)?;
        let vendor =
            self.account.map(|account| self.sim.catalogue(account).vendor).unwrap_or_default();
        if let Some(probe) = self.subject.probe(vendor, kind) {
            let field = field.unwrap_or_else(|| super::expect::state_field(probe));
            if !probe.fields.contains_key(field) {
                self.skip(format!("the probe `{vendor}.{kind}` shows no field `{field}`"));
            }
        }
        Ok(())
    }

    fn needs_effects(&mut self, at: &Step, who: &str) -> Result<(), Problem> {
        self.must_know(at, who)?;
        let Some(account) = self.account else { return Ok(()) };
        let catalogue = self.sim.catalogue(account);
        let kind = catalogue
            .subjects
            .iter()
            .find(|kind| self.sim.named(account, kind.kind, who).is_some())
            .map_or("", |kind| kind.kind);
        match self.subject.probe(catalogue.vendor, kind) {
            None => self.skip(format!("no probe `{}.{kind}` in standin.yaml", catalogue.vendor)),
            Some(probe) if probe.effects.is_none() => {
                self.skip(format!("the probe `{}.{kind}` counts no effects", catalogue.vendor));
            }
            Some(_) => {}
        }
        Ok(())
    }
}
