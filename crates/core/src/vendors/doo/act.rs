//! doo's actions, including those that happen by themselves.

crate::vendors::words::acts! {
    CreateEvent = "create-event",
    Publish = "publish",
    RenameEvent = "rename-event",
    PostponeEvent = "postpone-event",
    CallOff = "call-off",
    DeleteEvent = "delete-event",
    EndEvent = "end-event",
    Book = "book",
    BookByTransfer = "book-by-transfer",
    BookWith = "book-with",
    Approve = "approve",
    Flag = "flag",
    Deny = "deny",
    Pay = "pay",
    Rename = "rename",
    CancelBooking = "cancel-booking",
    Cancel = "cancel",
    Remove = "remove",
    CheckIn = "check-in",
    UndoCheckIn = "undo-check-in",
}
