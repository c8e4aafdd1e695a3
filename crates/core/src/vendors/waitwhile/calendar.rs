//! The calendar of a location: when slots begin in local time, and who takes them.
//!
//! A slot is an instant; its local `date` is only text. So the hour that occurs twice on an autumn
//! night is two different hours here, and the hour that a spring night lacks is never offered.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::visit::VisitNumber;
use crate::clock::{END, after};
use crate::vendors::slots;

/// The slots at every location of an account.
#[derive(Clone, Debug)]
pub struct Slots {
    /// The time zone.
    pub zone: TimeZone,
    /// How long a slot is, in whole minutes.
    pub length: Duration,
    /// How many bookings a resource takes in one slot.
    pub per_resource: usize,
    /// How many bookings a service takes in one slot.
    pub per_service: usize,
}

/// The holder of a slot.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// The resource that serves in it.
    pub resource: u16,
    /// The service of the booking.
    pub service: Option<u16>,
}

/// The bookings of a location that are still to come.
#[derive(Debug, Default)]
pub struct Calendar {
    taken: BTreeMap<(Timestamp, VisitNumber), Taken>,
}

impl Slots {
    /// Slots of this length in this zone: whole minutes, at least one and at most a day.
    pub fn new(zone: TimeZone, length: Duration, capacity: (usize, usize)) -> Self {
        Self { zone, length, per_resource: capacity.0, per_service: capacity.1 }
    }

    /// The first slot that begins at this moment or later: slots begin at multiples of their
    /// length in local time, from midnight on.
    pub fn at_or_after(&self, moment: Timestamp) -> Timestamp {
        slots::at_or_after(moment, self.length, &self.zone)
    }

    /// The beginning of a slot as text: `2031-03-05T10:30`, local, without a zone.
    pub fn date(&self, start: Timestamp) -> String {
        let local = start.to_zoned(self.zone.clone()).datetime();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}",
            local.year(),
            local.month(),
            local.day(),
            local.hour(),
            local.minute()
        )
    }
}

impl Calendar {
    /// Takes a slot with the first resource that is free for all of it. `None` if no resource is.
    pub fn take(
        &mut self,
        slots: &Slots,
        start: Timestamp,
        visit: VisitNumber,
        wanted: Wanted,
    ) -> Option<u16> {
        let resource = self.free(slots, start, wanted)?;
        self.taken.insert((start, visit), Taken { resource, service: wanted.service });
        Some(resource)
    }

    /// The resource that a booking would take, if one is free.
    pub fn free(&self, slots: &Slots, start: Timestamp, wanted: Wanted) -> Option<u16> {
        self.free_beside(slots, start, wanted, None)
    }

    /// The resource that a booking would take, if one is free without this visit's own slot.
    pub fn free_beside(
        &self,
        slots: &Slots,
        start: Timestamp,
        wanted: Wanted,
        itself: Option<VisitNumber>,
    ) -> Option<u16> {
        if start >= END {
            return None;
        }
        let mut of_resource = vec![0; usize::from(wanted.resources)];
        let mut of_service = 0;
        let others = self.during(slots, start).filter(|(visit, _)| Some(*visit) != itself);
        for (_, taken) in others {
            of_resource[usize::from(taken.resource)] += 1;
            of_service += usize::from(wanted.service.is_some() && taken.service == wanted.service);
        }
        let fits = |resource: &u16| of_resource[usize::from(*resource)] < slots.per_resource;
        let preferred = wanted.preferred.filter(fits);
        (of_service < slots.per_service)
            .then(|| preferred.or_else(|| (0..wanted.resources).find(fits)))
            .flatten()
    }

    /// The bookings that overlap the slot that begins at this time.
    pub fn during(
        &self,
        slots: &Slots,
        start: Timestamp,
    ) -> impl Iterator<Item = (VisitNumber, Taken)> {
        let earliest = start.checked_sub(slots.length).unwrap_or(Timestamp::MIN);
        let latest = after(start, slots.length);
        let near = (earliest, VisitNumber::FIRST)..(latest, VisitNumber::FIRST);
        // A slot that begins a whole length earlier has ended by then.
        let near = self.taken.range(near).filter(move |((other, _), _)| *other > earliest);
        near.map(|((_, visit), taken)| (*visit, *taken))
    }

    /// Gives a slot back.
    pub fn release(&mut self, start: Timestamp, visit: VisitNumber) {
        self.taken.remove(&(start, visit));
    }
}

/// What a booking needs.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The service, if one is asked for.
    pub service: Option<u16>,
    /// The resource that it has or prefers.
    pub preferred: Option<u16>,
    /// How many resources the location has.
    pub resources: u16,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(zone: &str, minutes: u64) -> Slots {
        let zone = TimeZone::get(zone).expect("a zone");
        Slots::new(zone, Duration::from_secs(minutes * 60), (1, 2))
    }

    fn dates(slots: &Slots, from: &str, count: usize) -> Vec<String> {
        let mut moment: Timestamp = from.parse().expect("a time");
        (0..count)
            .map(|_| {
                let start = slots.at_or_after(moment);
                moment = after(start, Duration::from_secs(60));
                slots.date(start)
            })
            .collect()
    }

    #[test]
    fn a_spring_night_has_no_slots_in_the_hour_that_it_lacks() {
        // Berlin, 30 March 2031: 02:00 becomes 03:00.
        let slots = slots("Europe/Berlin", 30);
        assert_eq!(
            dates(&slots, "2031-03-30T00:20:00Z", 3),
            ["2031-03-30T01:30", "2031-03-30T03:00", "2031-03-30T03:30"]
        );
    }

    #[test]
    fn an_autumn_night_has_an_hour_twice() {
        // New York, 2 November 2031: 02:00 becomes 01:00.
        let slots = slots("America/New_York", 60);
        let twice = dates(&slots, "2031-11-02T04:30:00Z", 3);
        assert_eq!(twice, ["2031-11-02T01:00", "2031-11-02T01:00", "2031-11-02T02:00"]);
    }

    #[test]
    fn slots_are_aligned_to_local_midnight_also_where_offsets_are_odd() {
        let slots = slots("Asia/Kathmandu", 45);
        assert_eq!(
            dates(&slots, "2031-03-04T08:00:00Z", 2),
            ["2031-03-04T14:15", "2031-03-04T15:00"]
        );
    }

    fn visit(number: usize) -> VisitNumber {
        crate::model::Numbers::all().nth(number).expect("there is no end")
    }

    #[test]
    fn a_resource_takes_no_more_than_it_can() {
        let slots = slots("UTC", 30);
        let start: Timestamp = "2031-03-04T10:00:00Z".parse().expect("a time");
        let wanted = Wanted { service: Some(0), preferred: Some(1), resources: 3 };
        let mut calendar = Calendar::default();
        assert_eq!(calendar.take(&slots, start, visit(0), wanted), Some(1));
        assert_eq!(calendar.take(&slots, start, visit(1), wanted), Some(0));
        assert_eq!(calendar.take(&slots, start, visit(2), wanted), None, "the service is full");
        let other = Wanted { service: None, ..wanted };
        assert_eq!(calendar.take(&slots, start, visit(3), other), Some(2));
        assert_eq!(calendar.take(&slots, start, visit(4), other), None, "every resource is taken");
        calendar.release(start, visit(0));
        assert_eq!(calendar.take(&slots, start, visit(5), wanted), Some(1));
        let next = after(start, slots.length);
        assert_eq!(calendar.take(&slots, next, visit(6), wanted), Some(1), "slots do not touch");
    }
}
