//! What happens by itself at a Waitwhile account, and to what. How it happens is in `automatic`.

use super::message::MessageNumber;
use super::visit::VisitNumber;

/// Something that will happen by itself.
#[derive(Clone, Copy, Debug)]
pub enum Due {
    /// A slot is held no longer.
    HoldExpires(VisitNumber),
    /// A booking comes to the waitlist.
    Syncs(VisitNumber),
    /// A booking is reminded of.
    Reminds(VisitNumber),
    /// Nobody came.
    Expires(VisitNumber),
    /// Served for long enough.
    Completes(VisitNumber),
    /// Some time after it was completed.
    FollowUp(VisitNumber),
    /// A message arrives, or fails.
    Deliver(MessageNumber),
}
