//! Ombori's actions, including those that happen by themselves.

crate::vendors::words::acts! {
    TakeTicket = "take-ticket",
    IssueTicket = "issue-ticket",
    IssueUrgentTicket = "issue-urgent-ticket",
    Book = "book",
    Reserve = "reserve",
    Confirm = "confirm",
    Reschedule = "reschedule",
    Activate = "activate",
    Call = "call",
    Retry = "retry",
    Reject = "reject",
    CheckIn = "check-in",
    ScanCode = "scan-code",
    CheckOut = "check-out",
    CheckOutByItself = "check-out-by-itself",
    Cancel = "cancel",
    CancelBooking = "cancel-booking",
    Reset = "reset",
    GiveFeedback = "give-feedback",
}
