//! Makes entries of what the threads have recorded, and writes them into the journal.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use jiff::Timestamp;

use super::record::{Attempt, Record, Request, What};
use super::recorder::{Batch, Shared};
use crate::clock::{self, Moment};
use crate::delivery::{self, Secrets};
use crate::journal::entry::{Context, IssuedToken};
use crate::journal::sqlite::{RunWriter, Store};
use crate::journal::{Entry, EntryKind, Journal as _, JournalError};
use crate::load::damaged;
use crate::load::faults::LoadFault;
use crate::load::population::VendorTraffic;
use crate::model::signature::Sending;
use crate::model::{Attempt as Attempted, Authentication, Fault, RequestKind};
use crate::policy::token;
use crate::policy::transit::Transit;
use crate::policy::wire::SendResult;

/// After so many bytes it waits until all is written: what the store has not written yet is in memory too.
const AT_ONCE: usize = 8 * 1024 * 1024;

/// Writes the journal of a load, on a thread of its own.
pub struct Keeper<'a> {
    pub(super) store: &'a Store,
    pub(super) vendors: &'a [VendorTraffic<'a>],
    pub(super) faults: &'a [LoadFault],
    /// By their places.
    pub(super) accounts: Vec<Account>,
    pub(super) shared: Arc<Shared>,
    /// A moment, and what the wall clock showed then.
    pub(super) clock: (Moment, Timestamp),
    /// What no answer may show.
    pub(super) secrets: Secrets,
}

/// An account of the journal.
pub struct Account {
    /// Its name.
    pub name: Arc<str>,
    /// The place of its vendor.
    pub vendor: usize,
    /// Writes its run.
    pub writer: RunWriter,
}

impl Keeper<'_> {
    /// Writes all that is recorded, until no thread records any more, and waits until it is in the file.
    ///
    /// # Errors
    /// If it cannot be written. The threads are told at once.
    pub fn keep(mut self, batches: Receiver<Batch>) -> Result<(), JournalError> {
        let mut result = Ok(());
        let mut unwritten = 0;
        for (bytes, batch) in batches {
            if result.is_ok() {
                unwritten += bytes;
                result = batch.into_iter().try_for_each(|record| self.write(record));
                if unwritten >= AT_ONCE && result.is_ok() {
                    unwritten = 0;
                    result = self.store.flush();
                }
            }
            if result.is_err() {
                self.shared.fail();
            }
            self.shared.done(bytes);
        }
        result.and_then(|()| self.store.flush())
    }

    fn write(&mut self, record: Record) -> Result<(), JournalError> {
        let place = record.account;
        let is_rendered = match &record.what {
            What::Attempted(request, _) => {
                request.attempt.kind == RequestKind::Webhook && request.faults.is_empty()
            }
            _ => true,
        };
        let entry = self.entry(record);
        let writer = &mut self.accounts[place].writer;
        if is_rendered { writer.queue_rendered(&entry) } else { writer.write(&entry) }
    }

    fn entry(&self, record: Record) -> Entry {
        let Record { account, id, cause, what } = record;
        let account = &self.accounts[account];
        let context = Context { account: Some(Arc::clone(&account.name)), ..Context::default() };
        let of = |attempt: &Attempt| Context {
            delivery: Some(attempt.seq),
            attempt: Some(attempt.number),
            ..context.clone()
        };
        let (at, context, kind) = match what {
            What::Passed(at) => (at, context, EntryKind::Passed),
            What::Caused(webhook) => (webhook.at, context, EntryKind::Caused(webhook)),
            What::Attempted(request, result) => {
                let (at, context) = (self.time(request.attempt.at), of(&request.attempt));
                (at, context, self.attempted(account, *request, at, *result))
            }
            What::Intended(attempt) => {
                let (ticket, request) = (attempt.ticket.unwrap_or_default(), attempt.kind);
                let kind = EntryKind::Intended { ticket, request, copies: 1 };
                (self.time(attempt.at), of(&attempt), kind)
            }
            What::Ended { attempt, outcome } => {
                let Attempt { seq, number: attempts, .. } = attempt;
                let context = Context { attempt: None, ..of(&attempt) };
                (self.time(attempt.at), context, EntryKind::Ended { seq, outcome, attempts })
            }
        };
        Entry { id, cause, at, context, kind }
    }

    /// A request and its result, as other commands record them: with the body that was really sent, and
    /// without secrets.
    fn attempted(
        &self,
        account: &Account,
        request: Request,
        at: Timestamp,
        result: SendResult,
    ) -> EntryKind {
        let Request { attempt, trigger, body, token, sending, faults } = request;
        let sending = sending.or(Some(Sending::first(at)));
        let target = self.vendors[account.vendor].target;
        let faults = faults.iter().map(|place| &self.faults[*place].fault);
        let trigger = target.vendor.catalogue().triggers[trigger.place()].name;
        let asked = match (attempt.kind, &target.policy.authentication) {
            (RequestKind::Webhook, _) => {
                let token = token.as_ref();
                damaged::request(target, (trigger, body.into()), faults.clone(), (token, sending))
            }
            (_, Authentication::Token(oauth)) => token::request(oauth, &oauth.client, None),
            _ => None,
        };
        let asked = asked.unwrap_or_else(|| panic!("only what has an address is sent"));
        let result = delivery::masked(attempt.kind, &asked, &target.policy, &self.secrets, result);
        let issued_token = result.token.as_ref().map(|token| IssuedToken { lives: token.lives });
        let attempted = Attempted {
            request: attempt.kind,
            delivery: attempt.seq,
            number: attempt.number,
            at,
            method: asked.address.form.method,
            url: asked.shown_url(trigger),
            signed_url: asked.shown_signed_url(trigger),
            headers: asked.shown_headers(),
            body: asked.shown_body().clone(),
            fault: texts(faults.clone()),
            outcome: Transit::under(faults).seen(result.outcome),
            answer: result.answer,
            took: result.took,
        };
        EntryKind::Attempted { ticket: attempt.ticket, issued_token, attempt: attempted }
    }

    /// What the wall clock showed at a moment.
    fn time(&self, moment: Moment) -> Timestamp {
        let (began, time) = self.clock;
        clock::after(time, moment.saturating_duration_since(began))
    }
}

/// The texts of faults, as other commands record them.
fn texts<'a>(faults: impl Iterator<Item = &'a Fault>) -> Option<String> {
    let texts: Vec<&str> = faults.map(|fault| fault.text.as_str()).collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}
