//! Whether what a probe reads is what the vendor knows.

use serde_json::Value as Json;

use super::feed::Feed;
use crate::model::SubjectIndex;
use crate::probe::compare::field_of;
use crate::probe::{Probe, ProbeReading};

/// How many probes are under way at the same time, at the most.
pub const AT_ONCE: usize = 16;

/// Whether the vendor still has a subject. What it has deleted, the receiver may have deleted, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existence {
    /// It has it.
    Kept,
    /// It has deleted it.
    Deleted,
}

impl Existence {
    /// Of a subject of an account, as it is now.
    pub fn of(feed: &Feed, (tenant, subject): (usize, SubjectIndex)) -> Self {
        if feed.sim(tenant).is_deleted(0, subject) { Self::Deleted } else { Self::Kept }
    }
}

/// The fields of a probe, with what the vendor knows.
pub fn wanted<'a>(probe: &'a Probe, truth: &Json) -> Vec<(&'a String, Json)> {
    probe.fields.keys().map(|field| (field, field_of(truth, field))).collect()
}

/// Whether a reading shows these values.
pub fn agrees<'a>(
    probe: &Probe,
    mut wanted: impl Iterator<Item = (&'a String, &'a Json)>,
    existence: Existence,
    reading: &ProbeReading,
) -> bool {
    let fields = match reading {
        ProbeReading::Known { fields, .. } => fields,
        ProbeReading::Absent(_) => return existence == Existence::Deleted,
        ProbeReading::Unreachable(_) | ProbeReading::Local(_) | ProbeReading::Trouble(_) => {
            return false;
        }
    };
    wanted.all(|(field, value)| {
        fields.get(field).is_some_and(|believed| probe.agrees(field, value, believed))
    })
}
