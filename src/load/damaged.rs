//! The requests of webhooks that faults damage. They are made one by one, from the functions that
//! scenarios use too.

use std::io::Write as _;

use bytes::Bytes;

use super::prepared::{begin, line};
use crate::driver::VendorTarget;
use crate::model::{Effect, Fault, Secret};
use crate::policy::{damage, sign};

/// Writes the request for a webhook of this trigger under these faults, with this token and content
/// type.
pub fn write<'a>(
    target: &VendorTarget,
    (trigger, body): (&str, &[u8]),
    faults: impl Iterator<Item = &'a Fault> + Clone,
    (token, content_type): (Option<&Secret>, Option<&str>),
    buffer: &mut Vec<u8>,
) {
    buffer.clear();
    let Some(address) = target.urls.get(trigger) else { return };
    let Ok(head) = begin(address) else { return };
    let catalogue = target.vendor.catalogue();
    let pointer = catalogue.trigger_pointer;
    let mut body = Bytes::copy_from_slice(body);
    for fault in faults.clone() {
        if let Effect::Body(what) = &fault.effect {
            body = damage::damage(&body, what, pointer);
        }
    }
    // The damaged body is signed, since the sender itself makes the fault.
    let damaged = faults.clone().find_map(|fault| match fault.effect {
        Effect::Credentials(damage) => Some(damage),
        _ => None,
    });
    let login = &target.policy.authentication;
    let credentials = sign::credentials(login, token, &address.known, &body, damaged);
    for fault in faults {
        if let Effect::AfterSigning(what) = &fault.effect {
            body = damage::damage(&body, what, pointer);
        }
    }
    buffer.extend_from_slice(&head);
    line(buffer, "content-type", &[content_type.unwrap_or("application/json")]);
    for header in credentials {
        line(buffer, &header.name, &[header.value.reveal()]);
    }
    // Writing into memory cannot fail.
    let _ = write!(buffer, "content-length: {}\r\n\r\n", body.len());
    buffer.extend_from_slice(&body);
}
