//! What organizers edit: the titles of events, and the names of bookers.

use super::Season;
use crate::model::{SubjectIndex, Value};
use crate::vendors::Scene;
use crate::vendors::doo::act::Act;
use crate::vendors::doo::state::OrderState::{Active, PendingApproval, PendingReview};
use crate::vendors::doo::titles::edited;
use crate::vendors::people::{Tongue, family_name};

/// The share of corrected names that become double names. The others are new family names.
const DOUBLED: f64 = 0.5;

impl Season {
    /// The organizer edits the title of an event.
    pub(super) fn edit(&mut self, event: SubjectIndex, desk: &mut Scene<'_>) {
        let truth = desk.truth(event);
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let (title, start) = (text(&truth["title"]), text(&truth["start_date"]));
        let (year, city) = (start.get(..4).unwrap_or_default(), text(&truth["address"]["city"]));
        if let Some(title) = edited(&mut self.behaviour, &title, year, &city) {
            self.organize(event, Act::RenameEvent, Some(("title", Value::Text(title))), desk);
        }
    }

    /// The family name of a booker is corrected: somebody has married.
    pub(super) fn rename(&mut self, order: SubjectIndex, desk: &mut Scene<'_>) {
        if desk.is(order, &[Active, PendingApproval, PendingReview]) {
            let truth = desk.truth(order);
            let [first, last] = ["first_name", "last_name"].map(|name| truth[name].as_str());
            let Some((first, last)) = first.zip(last) else { return };
            let american = truth["country"]["en"] == "United States";
            let tongue = if american { Tongue::English } else { Tongue::German };
            let mut new = family_name(&mut self.behaviour, tongue, first);
            if !last.contains('-') && self.behaviour.happens(DOUBLED) {
                new = format!("{last}-{new}");
            }
            let name = Value::Text(format!("{first} {new}"));
            desk.act(Act::Rename, &[("who", Value::Subject(order)), ("name", name)]);
        }
    }
}
