//! Whether what a probe reads is what the vendor knows.

use serde_json::Value as Json;

use crate::probe::compare::at_path;
use crate::probe::{Probe, ProbeReading};

/// The fields of a probe, with what the vendor knows.
pub fn wanted<'a>(probe: &'a Probe, truth: &Json) -> Vec<(&'a String, Json)> {
    probe.fields.keys().map(|field| (field, at_path(truth, field))).collect()
}

/// Whether a reading shows these values.
pub fn agrees<'a>(
    probe: &Probe,
    mut wanted: impl Iterator<Item = (&'a String, &'a Json)>,
    reading: &ProbeReading,
) -> bool {
    let ProbeReading::Known { fields, .. } = reading else { return false };
    wanted.all(|(field, value)| {
        fields.get(field).is_some_and(|believed| probe.agrees(field, value, believed))
    })
}
