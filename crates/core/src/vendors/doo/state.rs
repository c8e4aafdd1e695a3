//! doo's kinds of subject and their states. Bodies call the states statuses.

crate::vendors::words::kinds! {
    /// An event that tickets are sold to.
    Event = "event",
    /// A booking of one or more tickets.
    Order = "order",
    /// A person in an order.
    Attendee = "attendee",
    /// The ticket of an attendee.
    Ticket = "ticket",
}

crate::vendors::words::states! {
    /// The state of an event.
    EventState of Event {
        /// Not published yet.
        Draft = "draft",
        /// Published.
        Live = "live",
        /// Called off.
        Cancelled = "cancelled",
        /// Published, and its end has passed.
        Done = "done",
        /// A draft that was deleted.
        Deleted = "deleted",
    }
}

crate::vendors::words::states! {
    /// The state of an order.
    OrderState of Order {
        /// Awaits the organizer's approval.
        PendingApproval = "pending_organizer_approval",
        /// Awaits approval, and was flagged by the organizer.
        PendingReview = "pending_organizer_review",
        /// Valid, paid or not.
        Active = "active",
        /// Rejected by the organizer.
        Denied = "denied",
        /// Cancelled by the organizer.
        CancelledByOrganizer = "organizer_accepted_cancellation",
        /// For a free event, and cancelled by its booker.
        CancelledByAttendee = "attendee_accepted_cancellation",
        /// Removed from the system.
        Removed = "removed",
    }
}

crate::vendors::words::states! {
    /// The state of an attendee.
    AttendeeState of Attendee {
        /// Not registered, or not paid.
        Inactive = "inactive",
        /// Registered and paid.
        Active = "active",
    }
}

crate::vendors::words::states! {
    /// The state of a ticket.
    TicketState of Ticket {
        /// Awaits approval or payment.
        Pending = "pending",
        /// Admits its holder.
        Valid = "valid",
        /// Its holder was admitted.
        Checked = "checked",
        /// Cancelled with its order.
        Cancelled = "cancelled",
    }
}
