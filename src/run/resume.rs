//! A run made again from its journal: after a crash, or to look at it.
//!
//! All inputs and results are applied again, and the effects are compared with those in the journal. A journal may end anywhere, as a crash would end it. Then what followed
//! and was not written yet is written now, and tickets that were taken and did not come back are
//! outstanding: they are to be sent again, with the same bytes. A token is never in a journal, so
//! one that was kept is lost, and the next attempt that needs one asks for another.

use std::collections::{BTreeMap, VecDeque};

use super::flight::{Flight, Stage};
use super::{Route, Run, record};
use crate::journal::entry::{GivenSettings, TicketId};
use crate::journal::read::{Line, LineKind, Returned, read};
use crate::journal::{Entry, EntryKind, JournalError, line};
use crate::model::{Fault, Secret, Settings, Webhook};
use crate::phrase;
use crate::policy::token::Token;
use crate::policy::wire::SendResult;
use crate::policy::{api_fault, fault};
use crate::sim::{AccountIndex, Opening};
use crate::vendors::Vendor;

/// What stands for a token that was given, in a run that was made again.
const LOST: &str = "(a token that is not in the journal)";

/// What a journal does not hold: the vendors themselves, and the ways to the receiver, with their
/// secrets.
pub struct Reopen<'a> {
    /// The vendor of this name.
    pub vendor: &'a dyn Fn(&str) -> Option<&'static dyn Vendor>,
    /// The route of an account: of this vendor, with this name.
    pub route: &'a dyn Fn(&str, &str) -> Option<Route>,
}

/// A run that reads its journal, line by line.
pub struct Replay<'a> {
    run: Run,
    reopen: &'a Reopen<'a>,
    /// What followed and was not read yet.
    expected: VecDeque<Entry>,
    /// Tickets of which not every copy has come back.
    partly: BTreeMap<TicketId, Vec<Returned>>,
    /// The entries so far, if they are wanted.
    kept: Option<Vec<Entry>>,
}

impl Run {
    /// Makes a run again from the lines of its journal. This run must be as new, made with the same
    /// chance and start as the one that wrote them.
    ///
    /// Nothing goes on by itself then: call [`Run::go_on_after_crash`] to go on with it.
    ///
    /// # Errors
    /// If a line cannot be read, or what follows differs from what the journal says.
    pub fn replay<'l>(
        self,
        lines: impl IntoIterator<Item = &'l str>,
        reopen: &Reopen<'_>,
    ) -> Result<Self, JournalError> {
        let mut replay = Replay::new(self, reopen);
        lines.into_iter().try_for_each(|text| replay.line(text))?;
        Ok(replay.finish())
    }

    /// The webhooks that the vendors cause again when they are told what the lines say they were
    /// told. What the receiver answered does not matter to that, nor how it was delivered. This run
    /// must be as new, made with the same chance and start as the one that wrote them.
    ///
    /// # Errors
    /// If a line cannot be read, or is not possible now.
    pub fn webhooks_again<'l>(
        self,
        lines: impl IntoIterator<Item = &'l str>,
        reopen: &Reopen<'_>,
    ) -> Result<Vec<Webhook>, JournalError> {
        let mut replay = Replay::new(self, reopen);
        let mut webhooks = Vec::new();
        for text in lines {
            let Line { id, at, account, kind, .. } = read(text)?;
            if let LineKind::Input(
                input @ (EntryKind::Opened { .. }
                | EntryKind::Populated(_)
                | EntryKind::Acted(_)
                | EntryKind::Called(_)
                | EntryKind::Requested(_)
                | EntryKind::Passed),
            ) = kind
            {
                let applied = replay.apply(input, at, account.as_deref());
                applied.map_err(|why| JournalError::Differs { id, why })?;
                let entries = replay.run.take_entries().into_iter();
                webhooks.extend(entries.filter_map(|entry| match entry.kind {
                    EntryKind::Caused(webhook) => Some(webhook),
                    _ => None,
                }));
            }
        }
        Ok(webhooks)
    }

    /// Goes on where a crash ended the run: gives up tokens that were lost with it, and begins
    /// again with the attempts that had one. What is [`outstanding`](Run::outstanding) now is to be
    /// sent again.
    pub fn go_on_after_crash(&mut self) {
        self.record_input(record::nothing(), EntryKind::Resumed);
        let lost = Secret::new(LOST);
        for endpoint in self.channels.iter_mut().flat_map(|one| one.endpoints.iter_mut()) {
            endpoint.tokens.forget(&lost);
        }
        let has_lost = |flight: &Flight| {
            flight.token.as_ref() == Some(&lost)
                && matches!(flight.stage, Stage::Sending | Stage::Revoking)
        };
        let ids: Vec<_> =
            self.flights.iter().filter(|(_, flight)| has_lost(flight)).map(|(id, _)| *id).collect();
        for id in ids {
            self.out.retain(|_, out| out.ticket.delivery != id);
            self.ready.retain(|ticket| ticket.delivery != id);
            if let Some(flight) = self.flights.remove(&id) {
                self.need_token(Flight { token: None, making: None, ..flight });
            }
        }
    }
}

impl<'a> Replay<'a> {
    /// Begins with a run that is as new, made with the same chance and start as the one that wrote
    /// the journal.
    pub fn new(run: Run, reopen: &'a Reopen<'a>) -> Self {
        let (expected, partly) = (VecDeque::new(), BTreeMap::new());
        Self { run, reopen, expected, partly, kept: None }
    }

    /// Keeps the entries, so that they can be written into another journal.
    #[must_use]
    pub fn keeping_entries(self) -> Self {
        Self { kept: Some(Vec::new()), ..self }
    }

    /// Reads the next line.
    ///
    /// # Errors
    /// If it cannot be read, or what follows differs from what the journal says.
    pub fn line(&mut self, text: &str) -> Result<(), JournalError> {
        self.read(read(text)?)
    }

    /// The entries so far, if they are kept.
    pub fn take_entries(&mut self) -> Vec<Entry> {
        self.kept.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// The run as the journal leaves it.
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
                None => differs("nothing follows here".to_owned()),
            },
            LineKind::Result(ticket, returned) => {
                let Some(out) = self.run.out.get(&ticket) else {
                    return differs(format!("no ticket {ticket} is out"));
                };
                let copies = out.ticket.copies as usize;
                let partly = self.partly.entry(ticket).or_default();
                partly.push(returned);
                if partly.len() < copies {
                    return Ok(());
                }
                let results = self.partly.remove(&ticket).unwrap_or_default();
                self.run.returned(ticket, results.into_iter().map(result).collect());
                // These are the lines that were just read.
                let entries = self.entries();
                self.expected.extend(entries.into_iter().skip(copies));
                Ok(())
            }
            LineKind::Input(input) => {
                if let Some(entry) = self.expected.front() {
                    return differs(format!("the run gives `{}` first", entry.kind.name()));
                }
                // What came back in part before a crash was sent again after it.
                if matches!(input, EntryKind::Resumed) {
                    self.partly.clear();
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
                    None => return differs("it is no input of the run".to_owned()),
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
                let settings = check(declared, &settings)?;
                run.populate(account, &settings);
            }
            EntryKind::Acted(text) => {
                let account = account?;
                let spoken = phrase::read(run.sim.catalogue(account), &text)
                    .map_err(|_| format!("`{text}` is no phrase"))?;
                run.act(account, &spoken, &text).map_err(|refused| refused.to_string())?;
            }
            EntryKind::Passed => run.advance(at),
            EntryKind::Armed(text) => match (fault::read(&text), api_fault::read(&text)) {
                (Some(Ok(fault)), _) => run.arm(fault),
                (_, Some(Ok(fault))) => run.arm_api(fault),
                _ => return Err(format!("`{text}` is no fault")),
            },
            EntryKind::Disarmed => run.disarm(),
            EntryKind::HeldBack => run.hold(),
            EntryKind::Released(order) => run.release(order),
            EntryKind::Repeated(delivery) => {
                run.repeat(delivery);
            }
            EntryKind::Edited { delivery, body, fault } => {
                run.send_edited(delivery, body, fault.as_deref().map(one_fault).transpose()?);
            }
            EntryKind::TrafficStopped => run.stop_traffic(account?),
            EntryKind::FaultRemoved(text) => {
                run.remove_fault(&text);
            }
            EntryKind::NothingOvertakes => run.nothing_overtakes(),
            EntryKind::Reactivated => run.reactivate(account?),
            EntryKind::PolicyChanged(change) => run.change_policy(account?, change),
            EntryKind::DeadLettersSent(name) => {
                run.send_dead_letters(account?, name.as_deref());
            }
            EntryKind::Asked { kind, id } => {
                run.ask(account?, &kind, &id);
            }
            EntryKind::Called(call) => run.call_again(account?, &call)?,
            EntryKind::Requested(call) => run.request_again(account?, call)?,
            EntryKind::Polled(until) => {
                run.poll(until);
            }
            EntryKind::Resumed => run.go_on_after_crash(),
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
        name.and_then(of).ok_or_else(|| "it names no account that was opened".to_owned())
    }

    fn open(
        &mut self,
        vendor: &str,
        profile: &str,
        settings: &GivenSettings,
        name: Option<&str>,
    ) -> Result<(), String> {
        let name = name.ok_or("it names no account")?;
        let no_vendor = || format!("there is no vendor {vendor}");
        let known = (self.reopen.vendor)(vendor).ok_or_else(no_vendor)?;
        let catalogue = known.catalogue();
        let opening = Opening {
            profile: catalogue
                .profile(profile)
                .ok_or_else(|| format!("{vendor} has no profile {profile}"))?,
            settings: check(catalogue.settings, settings)?,
            name: name.to_owned(),
        };
        let route = (self.reopen.route)(vendor, name)
            .ok_or_else(|| format!("the settings do not say how {vendor} reaches the receiver"))?;
        self.run.open(known, opening, route);
        Ok(())
    }
}

fn one_fault(text: &str) -> Result<Fault, String> {
    match fault::read(text) {
        Some(Ok(fault)) => Ok(fault),
        _ => Err(format!("`{text}` is no fault")),
    }
}

fn check(
    declared: &'static [crate::model::Setting],
    given: &GivenSettings,
) -> Result<Settings, String> {
    let given = given.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    Settings::check(declared, given).map_err(|problem| problem.to_string())
}

/// Whether an entry is the one that the journal has there. How a request looked that was kept from
/// being sent depends on the route, which may be another now.
fn agrees(entry: &Entry, text: &str) -> bool {
    match &entry.kind {
        EntryKind::Attempted { .. } => {
            let begin = format!("{{\"entry\":\"attempted\",\"id\":{},", entry.id);
            text.starts_with(&begin)
        }
        _ => line(entry) == text,
    }
}

fn result(returned: Returned) -> SendResult {
    SendResult {
        outcome: returned.outcome,
        answer: returned.answer,
        took: returned.took,
        token: returned.gave.map(|gave| Token { secret: Secret::new(LOST), lives: gave.lives }),
    }
}
