//! Looks at one vendor: plays a shipped story until every probe has something to look at.

use std::collections::BTreeSet;

use super::examination::{Examination, line};
use super::{credentials, probes};
use crate::chance::Chance;
use crate::cli::errors::CliError;
use crate::cli::features;
use crate::contract::{exchange, mend};
use crate::driver::{Driver, VendorTarget};
use crate::journal::Memory;
use crate::model::result::Exchange;
use crate::model::{Attempt, Outcome, RequestKind, Webhook};
use crate::report::checkup::{Line, Mark, Section};
use crate::scenario::file::{self, Scenario};
use crate::scenario::run::{Impossible, perform};
use crate::scenario::words::Instruction;
use crate::sim::AccountIndex;
use crate::under_test::UnderTest;
use crate::vendors::Registry;

/// The most stories that are played for a vendor.
const MOST_STORIES: usize = 4;

/// Whether to go on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    GoOn,
    Enough,
}

/// Looks at one vendor.
///
/// # Errors
/// If a shipped story is wrong, which is a bug.
pub async fn examine(
    registry: Registry,
    subject: &UnderTest,
    name: &'static str,
    seed: u64,
) -> Result<Section, CliError> {
    let Some(target) = subject.target.vendors.get(name) else {
        return Err(CliError::Usage(format!("{name} is not set up")));
    };
    let catalogue = target.vendor.catalogue();
    let (lines, seen) = (Vec::new(), BTreeSet::new());
    let mut examination = Examination { subject, target, lines, seen, began: false };
    for scenario in stories(registry, name)? {
        let chance = Chance::from_seed(seed).child("doctor").child(&scenario.file);
        if examination.play(&scenario, &chance).await == Next::Enough {
            break;
        }
    }
    if !examination.began {
        let text =
            format!("no shipped story of {} can be played with these settings", catalogue.title);
        examination.lines.push(line(Mark::NotSeen, "webhook", text));
    }
    examination.unseen();
    Ok(Section { title: format!("{} ({name})", catalogue.title), lines: examination.lines })
}

/// The honest stories of a vendor, the one of its demo first.
fn stories(registry: Registry, vendor: &str) -> Result<Vec<Scenario>, CliError> {
    let folder = format!("{vendor}/");
    let all = features::shipped_scenarios().into_iter();
    let of_vendor = all.filter(|(name, _)| name.starts_with(&folder));
    let mut stories = Vec::new();
    for (name, text) in features::story(vendor).into_iter().chain(of_vendor) {
        let scenario = file::read(registry, &name, &text)?;
        let is_honest = |instruction: &Instruction| {
            matches!(instruction, Instruction::Action(_) | Instruction::Pass(_))
        };
        let honest = scenario.steps.iter().all(|step| is_honest(&step.instruction));
        if honest && scenario.traffic.is_none() {
            stories.push(scenario);
        }
        if stories.len() == MOST_STORIES {
            break;
        }
    }
    Ok(stories)
}

impl Examination<'_> {
    /// Plays a story until there is nothing more to look at.
    async fn play(&mut self, scenario: &Scenario, chance: &Chance) -> Next {
        let over = scenario.account.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let Ok(settings) = self.target.settings_with(over) else { return Next::GoOn };
        let mut driver = self.subject.target.driver(chance, Memory::default());
        let name = self.target.vendor.catalogue().vendor;
        let profile = scenario.profile.unwrap_or(self.target.profile);
        let Ok(account) = self.target.open(&mut driver, name, profile, settings) else {
            return Next::GoOn;
        };
        for step in &scenario.steps {
            let done = perform(&mut driver, account, &step.instruction, &step.text).await;
            if let Err(Impossible::NotDone(_) | Impossible::NoSuchWebhook(_)) = done {
                // The settings of the user do not allow this story.
                return Next::GoOn;
            }
            if self.look(&driver, account).await == Next::Enough {
                return Next::Enough;
            }
        }
        Next::GoOn
    }

    /// Looks at what the last step has sent.
    async fn look(&mut self, driver: &Driver, account: AccountIndex) -> Next {
        let attempts: Vec<(Webhook, Attempt)> = sent(driver);
        let Some((webhook, last)) = attempts.last() else { return Next::GoOn };
        if !self.began {
            self.began = true;
            self.lines.extend(reached(self.target, &attempts));
            let accepted =
                last.request == RequestKind::Webhook && last.outcome == Outcome::Accepted;
            self.lines.extend(credentials::examine(self, &attempts).await);
            if !accepted {
                return Next::Enough;
            }
        }
        if last.outcome != Outcome::Accepted {
            let text = format!("a later webhook, {}, ended as: {}", webhook.trigger, last.outcome);
            let hint = mend(self.target, &exchange(webhook, last));
            self.lines.push(Line { hint, ..line(Mark::Fails, "webhook", text) });
            return Next::Enough;
        }
        let webhooks = attempts.iter().map(|(webhook, _)| webhook);
        probes::look_through(self, driver, account, webhooks).await;
        let all = self.probed_kinds().iter().all(|kind| self.seen.contains(kind));
        if all { Next::Enough } else { Next::GoOn }
    }

    /// Notes the probes that were not looked through.
    fn unseen(&mut self) {
        let catalogue = self.target.vendor.catalogue();
        for subject in catalogue.subjects {
            let name = format!("{}.{}", catalogue.vendor, subject.kind);
            if self.seen.contains(subject.kind) {
                continue;
            }
            let found = match self.subject.probe(catalogue.vendor, subject.kind) {
                Some(_) => format!("{name} was not looked through: nothing was sent about one"),
                None => format!(
                    "no `{name}` in standin.yaml: what the receiver stores of it is not judged"
                ),
            };
            self.lines.push(line(Mark::NotSeen, "probe", found));
        }
    }
}

/// The requests so far, each with its webhook.
fn sent(driver: &Driver) -> Vec<(Webhook, Attempt)> {
    let journal = driver.journal();
    let with_webhook =
        |attempt: &Attempt| Some((journal.webhook(attempt.delivery)?.clone(), attempt.clone()));
    journal.attempts().filter_map(with_webhook).collect()
}

/// Whether the first requests reached the receiver: the lines about URL and TLS. What several have in common is said
/// once.
fn reached(target: &VendorTarget, attempts: &[(Webhook, Attempt)]) -> Vec<Line> {
    let (mut lines, mut said) = (Vec::new(), BTreeSet::new());
    for (webhook, attempt) in attempts {
        let exchange: Exchange = exchange(webhook, attempt);
        let what = if attempt.request == RequestKind::Webhook { "URL" } else { "token URL" };
        let took = crate::report::duration(attempt.took);
        let refused = attempt.answer.as_ref().is_some_and(|one| matches!(one.status, 401 | 403));
        let answer = match &attempt.answer {
            Some(answer) => format!("answered {}", answer.status),
            None => attempt.outcome.to_string(),
        };
        if !said.insert((&attempt.url, answer.clone(), attempt.outcome.name())) {
            continue;
        }
        let ended = match &attempt.answer {
            Some(_) => format!("{answer} after {took}"),
            // It may end with advice.
            None => format!("after {took}: {answer}"),
        };
        let sent = format!("POST {} ({}) {ended}", attempt.url, webhook.trigger);
        let (mark, hint) = match attempt.outcome {
            Outcome::Accepted => (Mark::Works, None),
            // It is the right place: the line about credentials says more.
            _ if refused => (Mark::Works, None),
            _ => (Mark::Fails, mend(target, &exchange)),
        };
        lines.push(Line { hint, ..line(mark, what, sent) });
        let tls = tls(attempt);
        if !lines.contains(&tls) {
            lines.push(tls);
        }
    }
    lines
}

fn tls(attempt: &Attempt) -> Line {
    match (attempt.url.starts_with("https:"), &attempt.answer) {
        (false, _) => line(Mark::NotSeen, "TLS", "not used: the URL begins with http://"),
        (true, Some(_)) => line(Mark::Works, "TLS", "the certificate is trusted"),
        (true, None) => {
            let hint = "a certificate of your own authority needs `receiver.ca_file` in standin.yaml; a plain \
                        port needs http://"
                .to_owned();
            let found = format!("no answer: {}", attempt.outcome);
            Line { hint: Some(hint), ..line(Mark::Fails, "TLS", found) }
        }
    }
}
