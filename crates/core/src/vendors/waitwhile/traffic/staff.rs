//! What staff do beside serving: they tag, correct, move and count in visits, and close a location
//! for a while.

use std::time::Duration;

use super::event::{Event, Place};
use super::{CLOSED, CLOSED_EVERY, Day};
use crate::clock::after;
use crate::model::{SubjectIndex, Value};
use crate::vendors::people::{Tongue, family_name};
use crate::vendors::waitwhile::act::Act;
use crate::vendors::waitwhile::state::LocationState::{Closed, Open};
use crate::vendors::waitwhile::state::VisitState::{Booked, Serving, Waiting};
use crate::vendors::{Scene, Touched};

impl Day {
    pub(super) fn edit(&mut self, guest: SubjectIndex, desk: &mut Scene<'_>) {
        match self.behaviour.below(7) {
            0 => desk.act_if(guest, &[Waiting, Booked], Act::Arrive),
            1 => desk.act_if(guest, &[Waiting, Booked], Act::Delay),
            2 => desk.act_if(guest, &[Waiting, Booked], Act::Confirm),
            3 => desk.act_if(guest, &[Waiting, Booked, Serving], Act::Flag),
            4 => desk.act_if(guest, &[Waiting, Booked, Serving], Act::Prioritize),
            5 => self.correct_name(guest, desk),
            _ => {
                let people = Value::Integer(self.behaviour.between(1, 6) as i64);
                desk.try_with(guest, &[Waiting, Booked], Act::Resize, &[("people", people)])
            }
        };
    }

    /// Staff correct the family name of a guest.
    fn correct_name(&mut self, guest: SubjectIndex, desk: &mut Scene<'_>) -> Option<Touched> {
        let visit = desk.truth(guest);
        let tongue = Tongue::of(visit["locale"].as_str().unwrap_or_default());
        let first = visit["firstName"].as_str().filter(|first| !first.is_empty())?;
        let last = family_name(&mut self.behaviour, tongue, first);
        let text = ("text", Value::Text(format!("{first} {last}")));
        desk.try_with(guest, &[Waiting, Booked], Act::Rename, &[text])
    }

    /// Staff move a visit in line, to another location, or off the list.
    pub(super) fn shift(&mut self, floor: usize, guest: SubjectIndex, desk: &mut Scene<'_>) {
        let draw = self.behaviour.unit();
        let others = self.floors.len() as u64 - 1;
        if draw < 0.3 && others > 0 {
            let there = (floor as u64 + 1 + self.behaviour.below(others)) % (others + 1);
            let place = ("where", Value::Subject(self.floors[there as usize].location));
            let moved = desk.try_with(guest, &[Waiting], Act::Transfer, &[place]);
            if let Some(again) = moved.and_then(|touched| touched.made.first().copied()) {
                self.floors[there as usize].waiting.push_back(again);
                self.call_next(there as usize, desk);
            }
        } else if draw < 0.5 {
            desk.act_if(guest, &[Waiting], Act::Remove);
        } else {
            self.move_in_line(floor, guest, desk);
        }
    }

    /// Moves a visit in the line as the staff know it.
    fn move_in_line(&mut self, floor: usize, guest: SubjectIndex, desk: &mut Scene<'_>) {
        let line = &mut self.floors[floor].waiting;
        line.retain(|one| desk.is(*one, &[Waiting]));
        let Some(before) = line.iter().position(|one| *one == guest) else { return };
        let after = self.behaviour.below(line.len() as u64) as usize;
        // The alerted visits precede all of these.
        let alerted = self.floors[floor].alerted.iter().filter(|one| desk.is(**one, &[Waiting]));
        let place = Value::Integer((after + alerted.count() + 1) as i64);
        if desk.try_with(guest, &[Waiting], Act::Move, &[("place", place)]).is_some() {
            let line = &mut self.floors[floor].waiting;
            line.remove(before);
            line.insert(after, guest);
        }
    }

    /// Counts somebody in at the first location, if a desk is free there.
    pub(super) fn count_in(&mut self, desk: &mut Scene<'_>) -> bool {
        let Some(number) = self.floors[0].idle.pop() else { return false };
        let Some(Touched { subject: guest, .. }) = desk.act(Act::CountIn, &[]) else {
            self.floors[0].idle.push(number);
            return false;
        };
        let service = self.behaviour.skewed(self.service, 0.5);
        self.at(service, Event::Served(Place { floor: 0, desk: number }, guest));
        true
    }

    /// Closes a location for a while, if it is time.
    pub(super) fn perhaps_close(&mut self, floor: usize, desk: &mut Scene<'_>) {
        let here = &self.floors[floor];
        if self.now < here.closes || !desk.is(here.location, &[Open]) {
            return;
        }
        desk.act(Act::Close, &[("where", Value::Subject(here.location))]);
        let lasts = CLOSED.mul_f64(0.5 + self.behaviour.unit());
        self.at(lasts, Event::Opens(floor));
        let until: Duration = CLOSED_EVERY.mul_f64(0.5 + self.behaviour.unit());
        self.floors[floor].closes = after(self.now, until);
    }

    /// Opens a location that was closed.
    pub(super) fn open(&mut self, floor: usize, desk: &mut Scene<'_>) {
        let location = self.floors[floor].location;
        if desk.is(location, &[Closed]) {
            desk.act(Act::Open, &[("where", Value::Subject(location))]);
        }
    }
}
