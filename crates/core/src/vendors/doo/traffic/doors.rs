//! The day of an event, and what follows it.

use std::time::Duration;

use jiff::Timestamp;

use super::next::Next;
use super::{DAY, Season};
use crate::clock::between;
use crate::model::{SubjectIndex, Value};
use crate::vendors::Scene;
use crate::vendors::doo::act::Act;
use crate::vendors::doo::state::EventState::{Done, Live};
use crate::vendors::doo::titles::looked_back;

/// How long before the beginning the doors open, and how late the last people come.
const DOORS_OPEN: Duration = Duration::from_secs(3600);
const DOORS: Duration = Duration::from_secs(2 * 3600);
/// The median time from the opening of the doors until somebody comes.
const COMES: Duration = Duration::from_secs(3600);
/// The share of events whose page is edited after their end.
const LOOKED_BACK: f64 = 0.3;

impl Season {
    pub(super) fn expect_doors(&mut self, event: SubjectIndex, start: Timestamp) {
        let ahead = between(self.now, start);
        self.after(ahead - DOORS_OPEN.min(ahead / 4), Next::Doors(event));
    }

    /// Opens the doors, and ends the sale, unless the event was postponed.
    pub(super) fn open_doors(&mut self, event: SubjectIndex, desk: &mut Scene<'_>) {
        let truth = desk.truth(event);
        let [start, end] = ["start_date", "end_date"].map(|name| self.date_of(&truth, name));
        let Some((start, end)) = start.zip(end) else { return };
        let Some(sale) = self.sales.get_mut(&event) else { return };
        if start > sale.start {
            sale.start = start;
            self.expect_doors(event, start);
            return;
        }
        let Some(sale) = self.sales.remove(&event) else { return };
        if !desk.is(event, &[Live]) {
            return;
        }
        if self.behaviour.happens(LOOKED_BACK) {
            let wait = between(self.now, end) + self.behaviour.exponential(DAY);
            self.at_work(wait, Next::LooksBack(event));
        }
        for ticket in sale.tickets {
            if !self.behaviour.happens(self.shares.no_show) {
                let wait = self.behaviour.skewed(COMES, 0.4).min(DOORS);
                self.after(wait, Next::Enters(ticket));
            }
        }
    }

    /// The organizer edits an event that is over.
    pub(super) fn look_back(&mut self, event: SubjectIndex, desk: &mut Scene<'_>) {
        if desk.is(event, &[Done]) {
            let title = desk.truth(event)["title"].as_str().unwrap_or_default().to_owned();
            let title = Value::Text(looked_back(&mut self.behaviour, &title));
            let values = [("event", Value::Subject(event)), ("title", title)];
            desk.act(Act::RenameEvent, &values);
        }
    }
}
