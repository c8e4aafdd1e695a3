//! What there is at doo, and the states that it can be in: bodies call them statuses.

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
        /// It waits for the organizer's approval.
        PendingApproval = "pending_organizer_approval",
        /// The same, and flagged by the organizer.
        PendingReview = "pending_organizer_review",
        /// It is valid, paid or not.
        Active = "active",
        /// The organizer rejected it.
        Denied = "denied",
        /// The organizer cancelled it.
        CancelledByOrganizer = "organizer_accepted_cancellation",
        /// It was for a free event, and its booker cancelled it.
        CancelledByAttendee = "attendee_accepted_cancellation",
        /// It was taken out of the system.
        Removed = "removed",
    }
}

crate::vendors::words::states! {
    /// The state of an attendee.
    AttendeeState of Attendee {
        /// Not registered and paid.
        Inactive = "inactive",
        /// Registered and paid.
        Active = "active",
    }
}

crate::vendors::words::states! {
    /// The state of a ticket.
    TicketState of Ticket {
        /// It waits for approval or payment.
        Pending = "pending",
        /// It lets its holder in.
        Valid = "valid",
        /// Its holder was let in.
        Checked = "checked",
        /// Its order was cancelled.
        Cancelled = "cancelled",
    }
}
