//! Waitwhile's kinds of subject and their states.

crate::vendors::words::kinds! {
    /// A guest's place on a waitlist, or a booking.
    Visit = "visit",
    /// An SMS or e-mail to a guest.
    Message = "message",
    /// A place with a waitlist.
    Location = "location",
}

crate::vendors::words::states! {
    /// The state of a visit.
    VisitState of Visit {
        /// A booking that is held while the guest fills in the form.
        Pending = "PENDING",
        /// A booking that staff have not approved yet.
        Draft = "DRAFT",
        /// A booking.
        Booked = "BOOKED",
        /// On the waitlist.
        Waiting = "WAITING",
        /// Being served.
        Serving = "SERVING",
        /// Over: served, cancelled, a no-show, expired, or taken off the list.
        Complete = "COMPLETE",
        /// Deleted. No body ever shows it.
        Removed = "REMOVED",
    }
}

crate::vendors::words::states! {
    /// The state of a message.
    MessageState of Message {
        /// On its way.
        Pending = "PENDING",
        /// It has arrived.
        Delivered = "DELIVERED",
        /// It could not be delivered.
        Failed = "FAILED",
    }
}

crate::vendors::words::states! {
    /// The state of a location.
    LocationState of Location {
        /// It takes guests.
        Open = "OPEN",
        /// Staff have closed it to guests.
        Closed = "CLOSED",
    }
}
