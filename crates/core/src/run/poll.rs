//! How the run hands out tickets.

use std::sync::Arc;

use jiff::Timestamp;

use super::Run;
use super::flight::Flight;
use super::record::run_context;
use super::ticket::{Out, Ticket};
use crate::journal::EntryKind;
use crate::model::RequestKind;

impl Run {
    /// The next request that is due by this moment. `None` if there is none, or if all of them wait
    /// for tickets that are out.
    pub fn poll(&mut self, until: Timestamp) -> Option<Ticket> {
        if self.ready.is_empty() && self.schedule.next().is_none_or(|at| at > until) {
            return None;
        }
        self.record_input(run_context(), EntryKind::Polled(until));
        while self.ready.is_empty() {
            let (at, id) = self.schedule.pop(until)?;
            self.begin(id, at);
        }
        let ticket = self.ready.pop_front()?;
        let context = self.attempt_context(ticket.delivery, ticket.attempt);
        let (id, request, copies) = (ticket.id, ticket.kind, ticket.copies);
        let intended = self.record_effect(
            ticket.at,
            context,
            EntryKind::Intended { ticket: id, request, copies },
        );
        self.out.insert(id, Out { ticket: ticket.clone(), intended });
        Some(ticket)
    }

    /// The tickets that are out, in the order in which they were polled. After a crash they must be
    /// sent again.
    pub fn outstanding(&self) -> impl Iterator<Item = &Ticket> {
        self.out.values().map(|out| &out.ticket)
    }

    /// Queues a request of an attempt as a ticket.
    pub(super) fn issue(&mut self, mut flight: Flight, kind: RequestKind, copies: u32) {
        let (request, mode) = {
            let outgoing = &flight.pending().outgoing;
            (outgoing.request.clone(), outgoing.transit.mode)
        };
        let id = self.tickets;
        self.tickets += 1;
        self.ready.push_back(Ticket {
            id,
            account: flight.account,
            delivery: flight.delivery,
            attempt: flight.number,
            at: flight.at,
            kind,
            request,
            mode,
            copies,
            route: Arc::clone(&self.endpoint(flight.account, flight.endpoint).route),
        });
        self.flights.insert(flight.delivery, flight);
    }
}
