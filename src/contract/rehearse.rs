//! Plays a scenario in the simulation alone, before anything is sent.
//!
//! What is wrong where it stands is a [`Problem`]. What is right but cannot be judged against this
//! receiver, as it is set up, is a reason to skip the scenario: it never counts as passed.

mod needs;

use std::collections::BTreeSet;

use cucumber::gherkin::{Scenario, Step};

use super::UnderTest;
use super::read::{Source, problem, step};
use super::words::{Expectation, OfTokens, Said};
use crate::chance::Chance;
use crate::engine::VendorTarget;
use crate::model::settings::names;
use crate::model::{Problem, Profile, Settings, Subject};
use crate::policy::fault;
use crate::scenario::rehearse::{Caused, Delivered, Mistake, Rehearsal};
use crate::scenario::words::Doing;
use crate::sim::Opening;
use crate::vendors::Vendor;

/// The tag of scenarios that need payloads with something to order by.
const ORDERED: &str = "ordered";

/// The tag of scenarios that need a receiver which looks at a body before it answers.
const VALIDATES_FIRST: &str = "validates-first";

/// The tag of scenarios that count on the retries of the vendor, and on its patience.
const OWN_RETRIES: &str = "own-retries";

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
    /// As if standin.yaml set nothing about the vendor.
    plain: bool,
    noted: BTreeSet<String>,
    /// For each expected state or field, whether the vendor has it so at that point.
    agrees: Vec<bool>,
    /// The kinds of subject of which something is expected of the receiver.
    judged: BTreeSet<&'static str>,
    expects: bool,
    skip: Option<String>,
}

/// Plays a scenario without sending anything, with this stream of chance. What is only impossible
/// as the vendor is set up in standin.yaml is a reason to skip the scenario.
///
/// # Errors
/// If a step is not known, cannot be done where it stands, or expects what cannot be.
pub fn rehearse(
    source: &Source,
    scenario: &Scenario,
    under_test: &UnderTest,
    chance: &Chance,
) -> Result<Rehearsed, Problem> {
    let plain = || rehearse_once(source, scenario, under_test, chance, true);
    match rehearse_once(source, scenario, under_test, chance, false) {
        Ok((rehearsed, agrees)) if rehearsed.skip.is_none() && set_up(under_test, &rehearsed) => {
            // A state that the vendor itself is not in any more cannot be asked of the receiver.
            let (_, usual) = plain()?;
            let other = agrees.iter().zip(&usual).any(|(here, usually)| *usually && !*here);
            let why = || "the settings in standin.yaml change how this story goes".to_owned();
            Ok(Rehearsed { skip: other.then(why), ..rehearsed })
        }
        Ok((rehearsed, _)) => Ok(rehearsed),
        Err(problem) => {
            plain().map_err(|_| problem.clone())?;
            let why = format!("not possible as standin.yaml sets up the vendor: {}", problem.title);
            Ok(Rehearsed { skip: Some(why), first: None })
        }
    }
}

/// Whether standin.yaml sets anything about the vendor that the story is told of.
fn set_up(under_test: &UnderTest, rehearsed: &Rehearsed) -> bool {
    let vendor = rehearsed.first.as_ref().map(|(vendor, _)| *vendor);
    let target = vendor.and_then(|vendor| under_test.target.vendors.get(vendor));
    target.is_some_and(|target| !target.settings.is_empty())
}

fn rehearse_once(
    source: &Source,
    scenario: &Scenario,
    under_test: &UnderTest,
    chance: &Chance,
    plain: bool,
) -> Result<(Rehearsed, Vec<bool>), Problem> {
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
        plain,
        noted: BTreeSet::new(),
        agrees: Vec::new(),
        judged: BTreeSet::new(),
        expects: false,
        skip: None,
    };
    let mistaken = |at: &Step, mistake: Mistake| {
        problem(source, at, mistake.title, mistake.label, &mistake.help)
    };
    for (index, at) in scenario.steps.iter().enumerate() {
        let catalogue = stage.rehearsal.as_ref().map(Rehearsal::catalogue);
        let said = step(source, at, under_test.registry, catalogue)?;
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
    Ok((Rehearsed { skip: stage.skip, first }, stage.agrees))
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
        if let (true, Some(vendor)) = (tags.iter().any(|tag| tag == OWN_RETRIES), self.vendor) {
            let (policy, own) = (&vendor.policy, vendor.vendor.policy());
            if (policy.disable_after, &policy.retries) != (own.disable_after, &own.retries) {
                self.skip("`retries` or `disable_after` are not the vendor's own".to_owned());
            }
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
        // What the receiver is never told it cannot believe.
        let judged = rehearsal.caused().iter().map(|one| &one.webhook);
        let told_by = |kind: &&'static str| {
            let subjects = &vendor.vendor.catalogue().subjects;
            subjects.iter().find(|subject| subject.kind == *kind).map(|subject| subject.told_by)
        };
        let tell: BTreeSet<&str> = self.judged.iter().filter_map(told_by).collect();
        let judged = judged.filter(|webhook| tell.contains(webhook.subject.kind));
        let triggers = judged.map(|webhook| webhook.trigger);
        let silent = triggers.filter(|trigger| !vendor.urls.contains_key(*trigger)).min();
        if let Some(trigger) = silent {
            self.skip(format!("{trigger} has no URL in standin.yaml"));
        }
    }

    fn step(&mut self, index: usize, at: &Step, said: &Said) -> Result<(), Mistake> {
        no_table_unless(
            at,
            matches!(
                said,
                Said::Account(..)
                    | Said::Expect(
                        Expectation::Fields { .. } | Expectation::Tokens(OfTokens::EveryHas)
                    )
            ),
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
        let target = target.filter(|_| !self.plain);
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
        match doing {
            Doing::Fault(said) => {
                let lacks =
                    |vendor: &VendorTarget| fault::lacks(said, &vendor.policy.authentication);
                if let Some(why) = self.vendor.and_then(lacks) {
                    self.skip(why);
                }
            }
            Doing::Reactivate => self.needs_deactivation(),
            Doing::TokenUse(_) => self.needs_tokens(),
            Doing::DeadLetters(_) => self.needs_dead_letters(),
            _ => {}
        }
        self.rehearsal()?.perform(index, doing)
    }

    fn expect(&mut self, at: &Step, expectation: &Expectation) -> Result<(), Mistake> {
        match expectation {
            Expectation::State { who, kind, state, .. } => {
                self.must_be_a_state(who, kind, state)?;
                let vendor = self.rehearsal()?.catalogue().vendor;
                let probe = self.under_test.probe(vendor, kind);
                self.compare(who, kind, probe.map_or("state", super::expect::state_field), state)?;
                self.needs_field(who, kind, None)
            }
            Expectation::Fields { who, kind } => {
                for (field, value) in &given_fields(at)? {
                    self.compare(who, kind, field, value)?;
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
            Expectation::Attempts(wanted) => {
                self.needs_attempts(*wanted)?;
                self.must_have(|one| !one.lost, "is sent")
            }
            Expectation::EndpointDeactivated | Expectation::EndpointActive => {
                self.needs_deactivation();
                self.must_have(|one| !one.lost, "is sent")
            }
            Expectation::Tokens(of_tokens) => self.expect_of_tokens(at, of_tokens),
            Expectation::LastIsDeadLetter | Expectation::DeadLetters(_) => {
                self.needs_dead_letters();
                self.must_have(|one| !one.lost, "is sent")
            }
            Expectation::NoWebhookSent => self.must_have(|_| true, "could be sent"),
            Expectation::NoServerError | Expectation::InTime if self.asks_for_tokens() => {
                self.must_have(|one| !one.lost, "is sent")
            }
            Expectation::EveryAccepted
            | Expectation::Last(_)
            | Expectation::NoServerError
            | Expectation::InTime => self.must_have(Caused::arrives, "arrives"),
        }
    }

    /// Notes whether the vendor has this field so.
    fn compare(&mut self, who: &str, kind: &str, field: &str, text: &str) -> Result<(), Mistake> {
        let truth = self.rehearsal()?.truth(who, kind);
        self.agrees.push(truth.is_some_and(|truth| {
            let value = super::expect::at_path(&truth, field);
            super::expect::same(&serde_json::Value::String(text.to_owned()), &value)
        }));
        Ok(())
    }

    /// What is expected of deliveries needs a webhook that comes so far.
    fn must_have(&mut self, test: impl Fn(&Caused) -> bool, what: &str) -> Result<(), Mistake> {
        let rehearsal = self.rehearsal()?;
        // What lacks a URL is a matter of the settings: then the scenario is skipped.
        if !rehearsal.caused().iter().any(&test) {
            return Err(Mistake::here(format!(
                "no webhook has been caused yet that {what}, so there is nothing to expect"
            )));
        }
        if rehearsal.is_holding() {
            return Err(Mistake::here("deliveries are still held back here")
                .help("release them first: `the held webhooks are delivered in order`"));
        }
        // What is never sent says nothing of the receiver.
        let sent = rehearsal.caused().iter().any(|one| one.sent && test(one));
        let silent = rehearsal.caused().iter().find(|one| !one.sent).map(|one| one.webhook.trigger);
        if let (false, Some(trigger)) = (sent, silent) {
            self.skip(format!("{trigger} has no URL in standin.yaml"));
        }
        Ok(())
    }
}

/// The fields of a step's table, each given once.
fn given_fields(at: &Step) -> Result<Vec<(String, String)>, Mistake> {
    let rows = super::world::rows(at)?;
    if rows.is_empty() {
        return Err(Mistake::here("no fields are given")
            .help("put a table | field | value | below the step"));
    }
    for (index, (field, _)) in rows.iter().enumerate() {
        if rows[..index].iter().any(|(other, _)| other == field) {
            return Err(Mistake::here(format!("the field `{field}` is given twice")));
        }
    }
    Ok(rows)
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
