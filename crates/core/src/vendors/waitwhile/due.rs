//! The things that happen by themselves at a Waitwhile account. `automatic` carries them out.

use super::message::MessageNumber;
use super::visit::VisitNumber;

/// Something that happens by itself.
#[derive(Clone, Copy, Debug)]
pub enum Due {
    /// A held slot expires.
    HoldExpires(VisitNumber),
    /// A booking moves to the waitlist.
    Syncs(VisitNumber),
    /// A guest is reminded of a booking.
    Reminds(VisitNumber),
    /// A visit expires because its guest has not come.
    Expires(VisitNumber),
    /// A visit is completed because it has been served for long enough.
    Completes(VisitNumber),
    /// A follow-up message is sent, some time after the visit was completed.
    FollowUp(VisitNumber),
    /// A message is delivered, or its delivery fails.
    Deliver(MessageNumber),
}
