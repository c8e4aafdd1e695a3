//! Ombori's kinds of subject and their states.

crate::vendors::words::kinds! {
    /// A ticket or a booking in a queue.
    Position = "position",
}

crate::vendors::words::states! {
    /// The state of a position.
    State of Position {
        /// A reservation that is not confirmed yet. No webhook ever shows it.
        Reserved = "reserved",
        /// A booking whose slot has not begun.
        Draft = "draft",
        /// In the queue.
        Pending = "pending",
        /// Called by staff.
        Notified = "notified",
        /// Checked in.
        Fulfilled = "fulfilled",
        /// Served.
        Completed = "completed",
        /// Cancelled by the customer or rejected by staff.
        Rejected = "rejected",
    }
}
