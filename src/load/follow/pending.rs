//! What a receiver is yet to show of a subject, in the order in which it was told.
//!
//! A reading that shows what the vendor knew after a webhook shows all webhooks before it as well. If
//! two states look the same through the probe, a reading does not tell them apart: then the later one
//! is not measured.

use std::collections::VecDeque;
use std::time::Duration;

use crate::clock::Moment;

/// The most states of a subject that are kept. Beyond that the last one stands for more.
const MOST: usize = 64;

/// What a receiver is yet to show of a subject.
pub struct Pending<T> {
    /// What it has shown last.
    shown: Option<T>,
    expected: VecDeque<Expected<T>>,
    /// When the last reading was begun that did not show all.
    looked: Option<Moment>,
}

struct Expected<T> {
    number: u32,
    /// The state that is to be shown.
    wanted: T,
    at: Moment,
    /// Whether a reading tells this state from those before it.
    apart: bool,
}

/// What a reading says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// The number of the last webhook whose effect it shows.
    pub number: Option<u32>,
    /// From the answer to the effect, and how much shorter that may have been in truth.
    pub seen: Option<(Duration, Duration)>,
    /// Webhooks of which no reading says when they had an effect.
    pub unmeasured: u64,
}

impl<T> Default for Pending<T> {
    fn default() -> Self {
        Self { shown: None, expected: VecDeque::new(), looked: None }
    }
}

impl<T: PartialEq> Pending<T> {
    /// A webhook was accepted, after which this state is to be shown. Says at once what is known: a
    /// webhook that changes no value has no effect that could be seen.
    pub fn expect(&mut self, number: u32, wanted: T, at: Moment) -> Step {
        let unmeasured = Step { unmeasured: 1, ..Step::default() };
        match self.expected.back_mut() {
            None if self.shown.as_ref() == Some(&wanted) => {
                return Step { number: Some(number), ..unmeasured };
            }
            Some(last) if last.wanted == wanted => {
                last.number = number;
                return unmeasured;
            }
            _ => {}
        }
        let apart = self.shown.as_ref() != Some(&wanted)
            && self.expected.iter().all(|one| one.wanted != wanted);
        let next = Expected { number, wanted, at, apart };
        if self.expected.len() < MOST {
            self.expected.push_back(next);
            return Step::default();
        }
        if let Some(last) = self.expected.back_mut() {
            *last = Expected { apart: false, ..next };
        }
        unmeasured
    }

    /// A reading was begun and answered at these moments. `agrees` says whether it shows a state.
    pub fn read(
        &mut self,
        agrees: impl Fn(&T) -> bool,
        (begun, answered): (Moment, Moment),
    ) -> Step {
        let mut step = Step::default();
        if let Some(place) = self.expected.iter().position(|one| agrees(&one.wanted)) {
            step.unmeasured = place as u64;
            if let Some(found) = self.expected.drain(..=place).next_back() {
                let latency = answered.saturating_duration_since(found.at);
                let since = self.looked.filter(|looked| *looked > found.at).unwrap_or(found.at);
                let unsure = answered.saturating_duration_since(since);
                match found.apart {
                    true => step.seen = Some((latency, unsure)),
                    false => step.unmeasured += 1,
                }
                step.number = Some(found.number);
                self.shown = Some(found.wanted);
            }
        }
        self.looked = Some(begun);
        step
    }

    /// Whether all was shown.
    pub fn is_empty(&self) -> bool {
        self.expected.is_empty()
    }

    /// Whether a reading that was begun after an answer has not shown what it must show since then.
    pub fn is_behind(&self) -> bool {
        self.looked.zip(self.expected.front()).is_some_and(|(looked, first)| looked > first.at)
    }

    /// When the first webhook was accepted that has no effect yet.
    pub fn since(&self) -> Option<Moment> {
        self.expected.front().map(|one| one.at)
    }

    /// How many webhooks have no effect yet.
    pub fn len(&self) -> usize {
        self.expected.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    /// A receiver that shows this value, read from one moment to another.
    fn read(
        pending: &mut Pending<&'static str>,
        value: &str,
        (begun, answered): (Moment, Moment),
    ) -> Step {
        pending.read(|wanted| *wanted == value, (begun, answered))
    }

    #[test]
    fn the_first_reading_that_shows_an_effect_measures_it() {
        let (mut pending, zero) = (Pending::default(), clock::now());
        pending.expect(1, "a", zero);
        let nothing = read(&mut pending, "", (zero + ms(10), zero + ms(12)));
        assert_eq!(nothing, Step::default());
        assert!(pending.is_behind());
        let step = read(&mut pending, "a", (zero + ms(30), zero + ms(33)));
        // It came after the reading that was begun at 10 ms.
        assert_eq!((step.number, step.seen), (Some(1), Some((ms(33), ms(23)))));
        assert!(pending.is_empty() && !pending.is_behind());
    }

    #[test]
    fn a_reading_before_the_answer_says_nothing_of_being_behind() {
        let (mut pending, zero) = (Pending::default(), clock::now());
        pending.expect(1, "a", zero + ms(5));
        read(&mut pending, "", (zero, zero + ms(9)));
        assert!(!pending.is_behind());
    }

    #[test]
    fn a_late_receiver_is_measured_by_the_state_that_it_shows() {
        let (mut pending, zero) = (Pending::default(), clock::now());
        for (number, value) in (1..).zip(["a", "b", "c"]) {
            pending.expect(number, value, zero + ms(10) * number);
        }
        let step = read(&mut pending, "b", (zero + ms(90), zero + ms(100)));
        assert_eq!((step.number, step.seen, step.unmeasured), (Some(2), Some((ms(80), ms(80))), 1));
        assert!(pending.is_behind());
        assert_eq!(pending.len(), 1);
    }

    #[test]
    fn states_that_look_the_same_are_not_measured() {
        let (mut pending, zero) = (Pending::default(), clock::now());
        pending.expect(1, "a", zero);
        assert_eq!(pending.expect(2, "a", zero + ms(1)).unmeasured, 1);
        read(&mut pending, "a", (zero + ms(2), zero + ms(3)));
        // No change can be seen.
        let step = pending.expect(3, "a", zero + ms(4));
        assert_eq!((step.number, step.unmeasured), (Some(3), 1));
        // Back to what it shows anyway.
        pending.expect(4, "b", zero + ms(5));
        pending.expect(5, "a", zero + ms(6));
        let step = read(&mut pending, "a", (zero + ms(7), zero + ms(8)));
        assert_eq!((step.number, step.seen, step.unmeasured), (Some(5), None, 2));
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let (mut pending, zero) = (Pending::default(), clock::now());
        for number in 0..1000 {
            pending.expect(number, number, zero);
        }
        assert_eq!(pending.len(), MOST);
        let step = pending.read(|wanted| *wanted == 999, (zero, zero));
        assert_eq!((step.number, pending.is_empty()), (Some(999), true));
    }
}
