//! The visits, messages and locations that are known, and the decision whether a webhook is news
//! about one of them.
//!
//! The newest version of a subject is all that is remembered of its webhooks, so memory does not
//! grow with their number: a webhook with the same envelope id is a duplicate, and an older one is
//! old news whether or not it has been here before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

use super::location::Location;
use super::message::Message;
use super::visit::{State, Visit};
use super::webhook::{News, Version, Webhook};
use crate::receiver::defects::Defect;
use crate::receiver::defects::{RACE_GAP, pause};
use crate::receiver::refusal::Refusal;
use crate::receiver::verdict::Verdict;

/// A visit and the side effects that it had.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Entry {
    #[serde(flatten)]
    visit: Visit,
    /// How often the guest was told: once for each change of state.
    notified: u64,
}

/// Something known, and as of when.
struct Dated<T> {
    what: T,
    version: Version,
}

/// All that is known. In memory, without a limit: it lives as long as a test run.
#[derive(Default)]
struct Books {
    visits: BTreeMap<String, Dated<Entry>>,
    /// The visits that were deleted: whatever still comes about one of them is late.
    removed: BTreeSet<String>,
    messages: BTreeMap<String, Dated<Message>>,
    locations: BTreeMap<String, Dated<Location>>,
    /// The first envelope of each account and moment. Only a defect asks.
    moments: BTreeMap<(String, Timestamp), String>,
}

/// The books, and the rules by which they are kept.
pub(super) struct Ledger {
    defects: BTreeSet<Defect>,
    books: Mutex<Books>,
}

/// What to do about a webhook.
enum Decision {
    Write { notify: bool },
    Leave(Verdict),
}

impl Ledger {
    pub(super) fn new(defects: BTreeSet<Defect>) -> Self {
        Self { defects, books: Mutex::default() }
    }

    pub(super) fn visit(&self, id: &str) -> Option<Entry> {
        self.books().visits.get(id).map(|known| known.what.clone())
    }

    pub(super) fn message(&self, id: &str) -> Option<Message> {
        self.books().messages.get(id).map(|known| known.what.clone())
    }

    pub(super) fn location(&self, id: &str) -> Option<Location> {
        self.books().locations.get(id).map(|known| known.what.clone())
    }

    /// Decides and writes under one lock, so that of two identical webhooks one is a duplicate.
    pub(super) async fn apply(&self, webhook: Webhook) -> Result<Verdict, Refusal> {
        if self.has(Defect::SimultaneousUpdatesRace) {
            let decision = self.decide(&self.books(), &webhook)?;
            pause(RACE_GAP).await;
            return Ok(self.carry_out(&mut self.books(), decision, webhook));
        }
        let mut books = self.books();
        let decision = self.decide(&books, &webhook)?;
        Ok(self.carry_out(&mut books, decision, webhook))
    }

    fn decide(&self, books: &Books, webhook: &Webhook) -> Result<Decision, Refusal> {
        Ok(match &webhook.news {
            News::Visit(visit) => return self.decide_visit(books, visit, webhook),
            News::Removal(_) if self.has(Defect::RemovalIgnored) => {
                Decision::Leave(Verdict::Ignored)
            }
            News::Removal(id) if books.removed.contains(id) => Decision::Leave(Verdict::Duplicate),
            // A deleted visit never comes back, so its removal is the newest there can be.
            News::Removal(_) => Decision::Write { notify: false },
            News::Message(message) => {
                self.decide_message(books.messages.get(&message.id), message, webhook)
            }
            News::Location(_) if self.has(Defect::LocationStatusIgnored) => {
                Decision::Leave(Verdict::Ignored)
            }
            News::Location(location) => {
                self.decide_by_version(books.locations.get(&location.id), webhook)
            }
        })
    }

    fn decide_visit(
        &self,
        books: &Books,
        visit: &Visit,
        webhook: &Webhook,
    ) -> Result<Decision, Refusal> {
        if books.removed.contains(&visit.id) && !self.has(Defect::RemovedVisitRevived) {
            return Ok(Decision::Leave(Verdict::Stale));
        }
        if self.has(Defect::CancellationForgotten) && visit.is_cancelled() {
            return Ok(Decision::Leave(Verdict::Applied));
        }
        let first = books.moments.get(&moment(webhook));
        let is_another = first.is_some_and(|first| *first != webhook.version.envelope);
        if self.has(Defect::SameMomentIsDuplicate) && is_another {
            return Ok(Decision::Leave(Verdict::Duplicate));
        }
        match books.visits.get(&visit.id) {
            Some(known) => self.decide_known(known, visit, webhook),
            None if self.has(Defect::VisitCreationRequired) && !webhook.is_creation => {
                Err(Refusal::NotKnown("visit"))
            }
            // The creation was lost or is late; the payload carries the whole visit anyway.
            None => Ok(Decision::Write { notify: true }),
        }
    }

    fn decide_known(
        &self,
        known: &Dated<Entry>,
        visit: &Visit,
        webhook: &Webhook,
    ) -> Result<Decision, Refusal> {
        let before = &known.what.visit;
        let moved_on = before.state != visit.state;
        match self.old_news(&known.version, &webhook.version) {
            Some(Verdict::Duplicate) if self.has(Defect::DuplicateRefused) => {
                Err(Refusal::HadBefore)
            }
            Some(Verdict::Duplicate) if self.has(Defect::DuplicateNotifiedAgain) => {
                Ok(Decision::Write { notify: true })
            }
            Some(verdict) => Ok(Decision::Leave(verdict)),
            None if moved_on
                && before.state == State::Complete
                && self.has(Defect::CompleteIsFinal) =>
            {
                Ok(Decision::Leave(Verdict::Stale))
            }
            None if !moved_on
                && before.position != visit.position
                && self.has(Defect::PositionChangeIgnored) =>
            {
                Ok(Decision::Leave(Verdict::Ignored))
            }
            None => Ok(Decision::Write { notify: moved_on }),
        }
    }

    fn decide_message(
        &self,
        known: Option<&Dated<Message>>,
        message: &Message,
        webhook: &Webhook,
    ) -> Decision {
        if webhook.is_creation && self.has(Defect::LateMessageCreationWins) {
            return Decision::Write { notify: false };
        }
        let delivered = message.state == "DELIVERED";
        if !webhook.is_creation && !delivered && self.has(Defect::DeliveryFailureIgnored) {
            return Decision::Leave(Verdict::Ignored);
        }
        self.decide_by_version(known, webhook)
    }

    fn decide_by_version<T>(&self, known: Option<&Dated<T>>, webhook: &Webhook) -> Decision {
        let old_news = known.and_then(|known| self.old_news(&known.version, &webhook.version));
        old_news.map_or(Decision::Write { notify: false }, Decision::Leave)
    }

    /// What a webhook is that is not newer than what is known.
    fn old_news(&self, known: &Version, news: &Version) -> Option<Verdict> {
        if news.envelope == known.envelope {
            return Some(Verdict::Duplicate);
        }
        let is_stale = news < known && !self.has(Defect::OldAfterOverwrites);
        is_stale.then_some(Verdict::Stale)
    }

    /// Writes what was decided, and counts what the guest is told.
    fn carry_out(&self, books: &mut Books, decision: Decision, webhook: Webhook) -> Verdict {
        let notify = match decision {
            Decision::Leave(verdict) => return verdict,
            Decision::Write { notify } => notify,
        };
        let moment = moment(&webhook);
        let Webhook { news, version, .. } = webhook;
        match news {
            News::Visit(visit) => {
                if self.has(Defect::SameMomentIsDuplicate) {
                    books.moments.entry(moment).or_insert_with(|| version.envelope.clone());
                }
                self.write_visit(books, *visit, version, u64::from(notify));
            }
            News::Removal(id) => {
                books.visits.remove(&id);
                books.removed.insert(id);
            }
            News::Message(what) => {
                books.messages.insert(what.id.clone(), Dated { what, version });
            }
            News::Location(what) => {
                books.locations.insert(what.id.clone(), Dated { what, version });
            }
        }
        Verdict::Applied
    }

    fn write_visit(&self, books: &mut Books, visit: Visit, version: Version, told: u64) {
        let known = books.visits.remove(&visit.id).map(|known| known.what);
        if self.has(Defect::CompleteIsRemoval) && visit.state == State::Complete {
            return;
        }
        let notified = known.as_ref().map_or(0, |known| known.notified) + told;
        let visit = match known {
            Some(known) if self.has(Defect::AbsentKeepsOld) => visit.filled_from(&known.visit),
            _ => visit,
        };
        let id = visit.id.clone();
        books.visits.insert(id, Dated { what: Entry { visit, notified }, version });
    }

    fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        // No write can end half-way, so the books are whole even if a holder panicked.
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn moment(webhook: &Webhook) -> (String, Timestamp) {
    (webhook.account.clone(), webhook.version.updated)
}
