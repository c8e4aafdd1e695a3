//! Notes: what is worth keeping beside the entries of a run.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value as Json;

use super::entry::{DeliveryId, EntryId};

/// Something that is worth keeping and is not an entry of the run, such as a reading of a probe. No
/// run reads it back. It must hold no secret.
#[derive(Clone, Debug)]
pub struct Note {
    /// Virtual time.
    pub at: Timestamp,
    /// What it is: `probe-reading`.
    pub name: &'static str,
    /// The entry that caused it.
    pub cause: Option<EntryId>,
    /// The account that it belongs to.
    pub account: Option<Arc<str>>,
    /// The delivery that it belongs to.
    pub delivery: Option<DeliveryId>,
    /// What happened.
    pub data: Json,
    /// Exact bytes, if some belong to it.
    pub body: Option<Bytes>,
}

/// The name of notes of what a probe has read.
pub const PROBE_READING: &str = "probe-reading";
