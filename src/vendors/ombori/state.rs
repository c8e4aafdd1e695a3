//! What there is at Ombori, and the states that it can be in.

crate::vendors::words::kinds! {
    /// A ticket or a booking in a queue.
    Position = "position",
}

crate::vendors::words::states! {
    /// The state of a position.
    State of Position {
        /// A reservation that nobody has confirmed yet; no webhook ever shows it.
        Reserved = "reserved",
        /// A booking whose time has not come.
        Draft = "draft",
        /// In the queue.
        Pending = "pending",
        /// Called by staff.
        Notified = "notified",
        /// Checked in.
        Fulfilled = "fulfilled",
        /// Served.
        Completed = "completed",
        /// Cancelled by the customer or turned away by staff.
        Rejected = "rejected",
    }
}
