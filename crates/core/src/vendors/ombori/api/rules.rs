//! The settings that decide what the documents of the API leave open.

use std::sync::Arc;

use crate::model::Settings;
use crate::vendors::Setup;

/// What the documents leave open, as the settings decide it.
pub struct Rules {
    /// The name of the account. It is another name of its organization.
    pub(super) account: Arc<str>,
    /// The names of the queues, for messages.
    pub(super) queues: Vec<String>,
    /// Whether a booking can be created without a key.
    pub(super) keyless_bookings: bool,
    /// The status of a reservation.
    pub(super) reservation_status: String,
    /// Whether a cancelled booking counts as cancelled by staff.
    pub(super) staff_cancel: bool,
    /// Whether the answer to a join has the URL of the ticket's page.
    pub(super) position_url: bool,
}

impl Rules {
    /// The rules for an account with this setup.
    pub fn of(setup: &Setup) -> Self {
        let settings: &Settings = &setup.settings;
        Self {
            account: Arc::clone(&setup.name),
            queues: settings.list("queues").to_vec(),
            keyless_bookings: settings.text("booking_key") == "optional",
            reservation_status: settings.text("reservation_status").to_owned(),
            staff_cancel: settings.text("api_cancel_fires") == "positionCancelledByStaff",
            position_url: settings.text("position_url") == "page",
        }
    }
}
