//! Notes: what a journal keeps besides the entries of a run.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value as Json;

use super::entry::{DeliveryId, EntryId};

/// Something that is kept but is not an entry of the run, such as a reading of a probe. It must not
/// hold a secret. A replay ignores it.
#[derive(Clone, Debug)]
pub struct Note {
    /// Virtual time.
    pub at: Timestamp,
    /// Its name, for example `probe-reading`.
    pub name: &'static str,
    /// The entry that caused it.
    pub cause: Option<EntryId>,
    /// The account that it is about.
    pub account: Option<Arc<str>>,
    /// The delivery that it is about.
    pub delivery: Option<DeliveryId>,
    /// What happened.
    pub data: Json,
    /// Its exact bytes, if it has any.
    pub body: Option<Bytes>,
}

/// The name of a note that records the reading of a probe.
pub const PROBE_READING: &str = "probe-reading";
