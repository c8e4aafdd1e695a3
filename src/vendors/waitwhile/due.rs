//! What happens by itself at a Waitwhile account, and to what. How it happens is in `automatic`.

use super::message::MessageNumber;
use super::visit::VisitNumber;

/// An event that is due without anybody's action.
#[derive(Clone, Copy, Debug)]
pub enum Due {
    /// A held slot is given up.
    HoldExpires(VisitNumber),
    /// A booking moves to the waitlist.
    Syncs(VisitNumber),
    /// A guest is reminded of a booking.
    Reminds(VisitNumber),
    /// The guest has not come.
    Expires(VisitNumber),
    /// A visit has been served for long enough.
    Completes(VisitNumber),
    /// A message some time after the visit was completed.
    FollowUp(VisitNumber),
    /// A message is delivered, or fails.
    Deliver(MessageNumber),
}
