//! The times of sending that signatures tell. A receiver compares them with its own clock, so they are real, while
//! everything else in a run goes by virtual time. The real time is an input of the run: a replay has the same one.

use jiff::Timestamp;

use super::Run;
use super::flight::Flight;
use super::record::run_context;
use crate::journal::EntryKind;
use crate::model::signature::Sending;

impl Run {
    /// Whether an attempt is due by this moment that may tell the time of sending, so that the run is to be told the
    /// real one.
    pub fn needs_time(&self, until: Timestamp) -> bool {
        self.times.is_signed && self.schedule.next().is_some_and(|at| at <= until)
    }

    /// Tells the run the real time. Attempts that begin from now on tell it.
    pub fn tell_time(&mut self, now: Timestamp) {
        if self.times.told.is_some_and(|told| told.as_second() == now.as_second()) {
            return;
        }
        self.record_input(run_context(), EntryKind::ToldTime(now));
        self.times.told = Some(now);
    }

    /// The times of sending that the signature of an attempt can tell: virtual ones, until the run is told the
    /// real time.
    pub(super) fn sending(&mut self, flight: &Flight) -> Option<Sending> {
        let told = self.times.told;
        let delivery = self.deliveries.get_mut(flight.delivery)?;
        let Some(told) = told else {
            return Some(Sending { first: delivery.webhook.at, this: flight.at });
        };
        let last = delivery.sending;
        delivery.sending = Some(last.map_or_else(|| Sending::first(told), |last| last.then(told)));
        delivery.sending
    }
}
