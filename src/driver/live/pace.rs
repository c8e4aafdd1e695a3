//! The pace at which virtual time passes by itself, if it does.

use jiff::Timestamp;

use crate::clock::{Stopwatch, after};

/// The pace of virtual time.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Virtual seconds per real second; `None`: time stands still.
    pub speed: Option<f64>,
    from: Timestamp,
    since: Stopwatch,
}

impl Pace {
    /// Virtual time passes at this speed from this moment on.
    pub fn from(moment: Timestamp, speed: Option<f64>) -> Self {
        Self { speed, from: moment, since: Stopwatch::start() }
    }

    /// Virtual time now; `None` if it stands still.
    pub fn now(&self) -> Option<Timestamp> {
        let passed = self.since.elapsed().as_secs_f64() * self.speed?;
        let passed = std::time::Duration::try_from_secs_f64(passed).ok()?;
        Some(after(self.from, passed))
    }

    /// How long it takes in real time until this moment of virtual time; `None` if time stands
    /// still.
    pub fn until(&self, moment: Timestamp) -> Option<std::time::Duration> {
        let left = crate::clock::between(self.now()?, moment).as_secs_f64() / self.speed?;
        std::time::Duration::try_from_secs_f64(left).ok()
    }
}
