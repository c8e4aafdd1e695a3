//! Replays a run from its journal: to resume it after a crash, or to inspect it.
//!
//! All inputs and results are applied again, and the effects are compared with those in the
//! journal. A journal may end anywhere, as after a crash. Then effects that are missing at its end
//! are written now, and tickets that were polled and not returned are outstanding: they must be
//! sent again, with the same bytes. A journal never holds a token. So a cached token is lost, and
//! the next attempt that needs one requests another.

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value as Json;

use super::flight::{Flight, Stage};
use super::{Route, Run, kept, record};
use crate::journal::entry::{GivenSettings, IssuedToken, TicketId};
use crate::journal::read::{Line, LineKind, Returned, read};
use crate::journal::{Entry, EntryKind, JournalError, line};
use crate::model::{Fault, Secret, Settings, Webhook};
use crate::phrase;
use crate::policy::token::Token;
use crate::policy::wire::SendResult;
use crate::policy::{api_fault, fault};
use crate::sim::{AccountIndex, Opening};
use crate::vendors::Vendor;

/// How the placeholder for a token begins that was issued before the replay. A number follows, since each token is
/// another one.
const LOST_TOKEN: &str = "(a token that is not in the journal)";

/// What a replay needs besides the journal: the vendors, and the routes to the receiver with their
/// secrets.
pub struct ReplaySetup<'a> {
    /// The vendor of this name.
    pub vendor: &'a dyn Fn(&str) -> Option<&'static dyn Vendor>,
    /// The route of an account: of this vendor, with this name.
    pub route: &'a dyn Fn(&str, &str) -> Option<Route>,
}

/// A run that replays its journal line by line.
pub struct Replay<'a> {
    run: Run,
    setup: &'a ReplaySetup<'a>,
    /// Effects of the run whose lines were not read yet.
    expected: VecDeque<Entry>,
    /// Results of tickets whose copies are not all back yet.
    partial: BTreeMap<TicketId, Vec<Returned>>,
    /// The entries so far; `None` if they are not kept.
    kept: Option<Vec<Entry>>,
    /// How many tokens the journal does not have.
    lost: u64,
}

impl Run {
    /// Replays the lines of a journal. This run must be new, with the same seed and start as the
    /// one that wrote them.
    ///
    /// To continue the run then, call [`Run::resume_after_crash`].
    ///
    /// # Errors
    /// If a line cannot be read, or an effect differs from the journal.
    pub fn replay<'l>(
        self,
        lines: impl IntoIterator<Item = &'l str>,
        setup: &ReplaySetup<'_>,
    ) -> Result<Self, JournalError> {
        let mut replay = Replay::new(self, setup);
        lines.into_iter().try_for_each(|text| replay.line(text))?;
        Ok(replay.finish())
    }

    /// The webhooks that the vendors cause when the inputs of these lines are applied again.
    /// Deliveries and the receiver's answers are ignored. So the subjects that are forgotten are those
    /// that the journal names: one that an older version wrote names none. This run must be new, with the
    /// same seed and start as the one that wrote the lines.
    ///
    /// # Errors
    /// If a line cannot be read, or its input cannot be applied.
    pub fn replay_webhooks<'l>(
        self,
        lines: impl IntoIterator<Item = &'l str>,
        setup: &ReplaySetup<'_>,
    ) -> Result<Vec<Webhook>, JournalError> {
        let mut replay = Replay::new(self, setup);
        let mut webhooks = Vec::new();
        for text in lines {
            let Line { id, at, account, kind, .. } = read(text)?;
            let LineKind::Input(input) = kind else { continue };
            match input {
                EntryKind::Forgot { subjects, .. } => {
                    replay.run.forget_again(&subjects.unwrap_or_default());
                }
                input if moves_vendors(&input) => {
                    let applied = replay.apply(input, at, account.as_deref());
                    applied.map_err(|why| JournalError::Differs { id, why })?;
                }
                _ => continue,
            }
            let entries = replay.run.take_entries().into_iter();
            webhooks.extend(entries.filter_map(|entry| match entry.kind {
                EntryKind::Caused(webhook) => Some(webhook),
                _ => None,
            }));
        }
        Ok(webhooks)
    }

    /// Continues a run that a crash has ended: forgets the tokens that were lost, and requests new
    /// ones for the attempts that had one. Then send the [`outstanding`](Run::outstanding) tickets
    /// again.
    pub fn resume_after_crash(&mut self) {
        self.record_input(record::run_context(), EntryKind::Resumed);
        for endpoint in self.channels.iter_mut().flat_map(|one| one.endpoints.iter_mut()) {
            endpoint.tokens.forget(is_lost);
        }
        let has_lost_token = |flight: &Flight| {
            flight.token.as_ref().is_some_and(is_lost)
                && matches!(flight.stage, Stage::Sending | Stage::Revoking)
        };
        let ids: Vec<_> = self
            .flights
            .iter()
            .filter(|(_, flight)| has_lost_token(flight))
            .map(|(id, _)| *id)
            .collect();
        for id in ids {
            self.out.retain(|_, out| out.ticket.delivery != id);
            self.ready.retain(|ticket| ticket.delivery != id);
            if let Some(flight) = self.flights.remove(&id) {
                self.acquire_token(Flight { token: None, pending: None, ..flight });
            }
        }
    }
}

impl<'a> Replay<'a> {
    /// Begins with a new run that has the same seed and start as the one that wrote the journal.
    pub fn new(run: Run, setup: &'a ReplaySetup<'a>) -> Self {
        let (expected, partial) = (VecDeque::new(), BTreeMap::new());
        Self { run, setup, expected, partial, kept: None, lost: 0 }
    }

    /// Keeps the entries, so that they can be written into another journal.
    #[must_use]
    pub fn keeping_entries(self) -> Self {
        Self { kept: Some(Vec::new()), ..self }
    }

    /// Applies the next line.
    ///
    /// # Errors
    /// If it cannot be read, or an effect differs from the journal.
    pub fn line(&mut self, text: &str) -> Result<(), JournalError> {
        self.read(read(text)?)
    }

    /// Takes the entries that were kept since the last call.
    pub fn take_entries(&mut self) -> Vec<Entry> {
        self.kept.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// The run as it was at the end of the journal.
    pub fn finish(self) -> Run {
        let mut run = self.run;
        run.record.entries = self.expected.into();
        run
    }

    fn entries(&mut self) -> Vec<Entry> {
        let entries = self.run.take_entries();
        if let Some(kept) = &mut self.kept {
            kept.extend(entries.iter().cloned());
        }
        entries
    }

    fn read(&mut self, read: Line) -> Result<(), JournalError> {
        let Line { id, at, account, kind, text } = read;
        let differs = |why: String| Err(JournalError::Differs { id, why });
        match kind {
            LineKind::Effect => match self.expected.pop_front() {
                Some(entry) if agrees(&entry, &text) => Ok(()),
                Some(entry) => differs(format!(
                    "the run gives `{}` ({})",
                    entry.kind.name(),
                    line(&entry).trim_end()
                )),
                None => differs("the run has no effect here".to_owned()),
            },
            LineKind::Result(ticket, returned) => {
                let Some(out) = self.run.out.get(&ticket) else {
                    return differs(format!("no ticket {ticket} is out"));
                };
                let copies = out.ticket.copies as usize;
                let partial = self.partial.entry(ticket).or_default();
                partial.push(returned);
                if partial.len() < copies {
                    return Ok(());
                }
                let results = self.partial.remove(&ticket).unwrap_or_default();
                let results = results.into_iter().map(|one| result(one, &mut self.lost)).collect();
                self.run.returned(ticket, results);
                // The first entries are the results that were just read.
                let entries = self.entries();
                self.expected.extend(entries.into_iter().skip(copies));
                Ok(())
            }
            LineKind::Input(input) => {
                if let Some(entry) = self.expected.front() {
                    return differs(format!("the run gives `{}` first", entry.kind.name()));
                }
                // A ticket that was returned in part before a crash is sent again after it.
                if matches!(input, EntryKind::Resumed) {
                    self.partial.clear();
                }
                if let Err(why) = self.apply(input, at, account.as_deref()) {
                    return differs(why);
                }
                let mut entries = self.entries().into_iter();
                match entries.next() {
                    Some(input) if line(&input) == text => {}
                    Some(input) => {
                        return differs(format!("the run has {}", line(&input).trim_end()));
                    }
                    None => return differs("the run does not record this input".to_owned()),
                }
                self.expected.extend(entries);
                Ok(())
            }
        }
    }

    /// Applies an input to the run.
    fn apply(
        &mut self,
        what: EntryKind,
        at: jiff::Timestamp,
        name: Option<&str>,
    ) -> Result<(), String> {
        let account = self.account(name);
        let run = &mut self.run;
        match what {
            EntryKind::Opened { vendor, profile, settings } => {
                return self.open(&vendor, &profile, &settings, name);
            }
            EntryKind::Populated(settings) => {
                let account = account?;
                let declared = run.sim.catalogue(account).traffic;
                let settings = check_settings(declared, &settings)?;
                run.populate(account, &settings);
            }
            EntryKind::Acted(text) => {
                let account = account?;
                let spoken = phrase::read(run.sim.catalogue(account), &text)
                    .map_err(|_| format!("`{text}` is not a phrase"))?;
                run.act(account, &spoken, &text).map_err(|refused| refused.to_string())?;
            }
            EntryKind::Passed => run.advance(at),
            EntryKind::Armed(text) => arm(run, &text)?,
            EntryKind::Disarmed => run.disarm(),
            EntryKind::HeldBack => run.hold(),
            EntryKind::Released(order) => run.release(order),
            EntryKind::Repeated(delivery) => {
                run.repeat(delivery);
            }
            EntryKind::Edited { delivery, body, fault } => {
                run.send_edited(delivery, body, fault.as_deref().map(read_fault).transpose()?);
            }
            EntryKind::TrafficStopped => run.stop_traffic(account?),
            EntryKind::FaultRemoved(text) => {
                run.remove_fault(&text);
            }
            EntryKind::NothingOvertakes => run.nothing_overtakes(),
            EntryKind::Reactivated => run.reactivate(account?),
            EntryKind::PolicyChanged(change) => run.change_policy(account?, change),
            EntryKind::TokenHeld(token) => run.hold_token(account?, &lost(token, &mut self.lost)),
            EntryKind::DeadLettersSent(name) => {
                run.send_dead_letters(account?, name.as_deref());
            }
            EntryKind::Asked { kind, id } => {
                run.ask(account?, &kind, &id);
            }
            EntryKind::Called(call) => run.replay_call(account?, &call)?,
            EntryKind::Requested(call) => run.replay_request(account?, call)?,
            EntryKind::Polled(until) => {
                run.poll(until);
            }
            EntryKind::ToldTime(now) => run.tell_time(now),
            EntryKind::Resumed => run.resume_after_crash(),
            EntryKind::Forgot { deliveries, subjects } => run.forget_as(deliveries, subjects),
            EntryKind::Answered { .. }
            | EntryKind::Caused(_)
            | EntryKind::Intended { .. }
            | EntryKind::Attempted { .. }
            | EntryKind::Deactivated { .. }
            | EntryKind::DeadLettered { .. }
            | EntryKind::Ended { .. } => {}
        }
        Ok(())
    }

    fn account(&self, name: Option<&str>) -> Result<AccountIndex, String> {
        let of = |name: &str| self.run.channels.iter().position(|one| *one.name == *name);
        name.and_then(of).ok_or_else(|| "it does not name an open account".to_owned())
    }

    fn open(
        &mut self,
        vendor: &str,
        profile: &str,
        settings: &GivenSettings,
        name: Option<&str>,
    ) -> Result<(), String> {
        let name = name.ok_or("it does not name an account")?;
        let no_vendor = || format!("there is no vendor {vendor}");
        let known = (self.setup.vendor)(vendor).ok_or_else(no_vendor)?;
        let catalogue = known.catalogue();
        let opening = Opening {
            profile: catalogue
                .profile(profile)
                .ok_or_else(|| format!("{vendor} has no profile {profile}"))?,
            settings: check_settings(catalogue.settings, settings)?,
            name: name.to_owned(),
        };
        let route = (self.setup.route)(vendor, name)
            .ok_or_else(|| format!("the settings do not say how {vendor} reaches the receiver"))?;
        self.run.open(known, opening, route);
        Ok(())
    }
}

/// Whether an input changes what a vendor does: it acts, or it acts otherwise from now on, as under a fault
/// of its API. The others are about deliveries.
fn moves_vendors(input: &EntryKind) -> bool {
    matches!(
        input,
        EntryKind::Opened { .. }
            | EntryKind::Populated(_)
            | EntryKind::TrafficStopped
            | EntryKind::Acted(_)
            | EntryKind::Called(_)
            | EntryKind::Requested(_)
            | EntryKind::Passed
            | EntryKind::Disarmed
            | EntryKind::FaultRemoved(_)
    ) || matches!(input, EntryKind::Armed(text) if matches!(api_fault::read(text), Some(Ok(_))))
}

fn read_fault(text: &str) -> Result<Fault, String> {
    match fault::read(text) {
        Some(Ok(fault)) => Ok(fault),
        _ => Err(format!("`{text}` is not a fault")),
    }
}

/// A token of which the journal says only how long it lives. So many were lost before.
fn lost(token: IssuedToken, before: &mut u64) -> Token {
    *before += 1;
    Token { secret: Secret::new(format!("{LOST_TOKEN} {before}")), lives: token.lives }
}

fn is_lost(token: &Secret) -> bool {
    token.reveal().starts_with(LOST_TOKEN)
}

fn arm(run: &mut Run, text: &str) -> Result<(), String> {
    match (fault::read(text), api_fault::read(text)) {
        (Some(Ok(fault)), _) => run.arm(fault),
        (_, Some(Ok(fault))) => run.arm_api(fault),
        _ => return Err(format!("`{text}` is not a fault")),
    }
    Ok(())
}

fn check_settings(
    declared: &'static [crate::model::Setting],
    given: &GivenSettings,
) -> Result<Settings, String> {
    let given = given.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    Settings::check(declared, given).map_err(|problem| problem.to_string())
}

/// Whether an entry is the one in the journal. A request that a fault stopped depends on the route,
/// which may have changed, so only its kind and id are compared.
fn agrees(entry: &Entry, text: &str) -> bool {
    match &entry.kind {
        EntryKind::Attempted { .. } => {
            let begin = format!("{{\"entry\":\"attempted\",\"id\":{},", entry.id);
            text.starts_with(&begin)
        }
        EntryKind::Answered { .. } => line(entry) == text || was_the_answer(entry, text),
        _ => line(entry) == text,
    }
}

/// Whether an answer is the one in a journal of an older version, which kept the secrets in the queries of
/// URLs.
fn was_the_answer(entry: &Entry, text: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<Json>(text).ok();
    let kept = || {
        let mut old = read(text)?;
        let body = kept::any_url(read(old["body"].as_str()?)?);
        old["body"] = body.to_string().into();
        Some(old)
    };
    kept().is_some_and(|old| read(&line(entry)) == Some(old))
}

fn result(returned: Returned, lost_before: &mut u64) -> SendResult {
    SendResult {
        outcome: returned.outcome,
        answer: returned.answer,
        took: returned.took,
        token: returned.issued_token.map(|token| lost(token, lost_before)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_with_a_secret_of_an_older_version_is_still_the_answer() {
        let entry = |body: &str| Entry {
            id: 7,
            cause: None,
            at: jiff::Timestamp::UNIX_EPOCH,
            context: record::run_context(),
            kind: EntryKind::Answered { status: 200, body: body.to_owned() },
        };
        let now = entry(r#"{"url":"http://h/?token=***&n=1"}"#);
        let said = |body: &str| line(&entry(body));
        assert!(agrees(&now, &line(&now)));
        assert!(agrees(&now, &said(r#"{"url":"http://h/?token=abc&n=1"}"#)));
        assert!(!agrees(&now, &said(r#"{"url":"http://h/?token=abc&n=2"}"#)));
        assert!(!agrees(&now, &said("no JSON")));
    }
}
