//! The requests of webhooks that faults damage, or whose signature covers more than the URL and the body. They are
//! made one by one, from the functions that scenarios use too.

use std::io::Write as _;

use bytes::Bytes;

use super::prepared::{begin, line};
use crate::driver::VendorTarget;
use crate::model::signature::{Moment, Sending};
use crate::model::{Authentication, Effect, Fault, Secret};
use crate::policy::transit::Transit;
use crate::policy::{Request, damage, sign};

/// The request for a webhook of this trigger under these faults, with this token, for an attempt at this time. `None` if
/// the trigger has no URL.
pub fn request<'a>(
    target: &VendorTarget,
    (trigger, mut body): (&str, Bytes),
    faults: impl Iterator<Item = &'a Fault> + Clone,
    (token, sending): (Option<&Secret>, Option<Sending>),
) -> Option<Request> {
    let moment = moment(&target.policy.authentication, &body, sending);
    let address = target.urls.get(trigger)?.clone();
    let pointer = target.vendor.catalogue().trigger_pointer;
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
    let mut request =
        Request::webhook(&target.policy.authentication, address, body, token, moment, damaged);
    if let Some(other) = Transit::under(faults.clone()).content_type {
        request.set_content_type(&other);
    }
    for fault in faults {
        if let Effect::AfterSigning(what) = &fault.effect {
            request.body = damage::damage(&request.body, what, pointer);
        }
    }
    Some(request)
}

/// The id and the time that a signature can cover. The id follows from the body: the attempts of a webhook share it, and
/// no two webhooks have the same body.
fn moment(authentication: &Authentication, body: &[u8], sending: Option<Sending>) -> Moment {
    match (authentication, sending) {
        (Authentication::Signature(signature), Some(sending)) => {
            sign::moment_of(signature, &[body], sending)
        }
        _ => Moment::default(),
    }
}

/// Writes such a request.
pub fn write<'a>(
    target: &VendorTarget,
    (trigger, body): (&str, &[u8]),
    faults: impl Iterator<Item = &'a Fault> + Clone,
    (token, sending): (Option<&Secret>, Option<Sending>),
    buffer: &mut Vec<u8>,
) {
    buffer.clear();
    let webhook = (trigger, Bytes::copy_from_slice(body));
    let Some(request) = request(target, webhook, faults, (token, sending)) else { return };
    let Ok(head) = begin(&request.address) else { return };
    buffer.extend_from_slice(&head);
    for header in &request.headers {
        line(buffer, &header.name, &[header.value.reveal()]);
    }
    // Writing into memory cannot fail.
    let _ = write!(buffer, "content-length: {}\r\n\r\n", request.body.len());
    buffer.extend_from_slice(&request.body);
}
