//! The settings of the traffic that are shares.

use crate::model::Settings;

/// The share of guests or visits to which each of these happens.
pub struct Shares {
    pub bookings: f64,
    pub requests: f64,
    pub holds: f64,
    pub reschedules: f64,
    pub synced: f64,
    pub staff_added: f64,
    pub returns: f64,
    pub cancels: f64,
    pub no_show: f64,
    pub restored: f64,
    pub moved: f64,
    pub edits: f64,
    pub deleted: f64,
}

impl Shares {
    /// Reads the settings.
    pub fn of(settings: &Settings) -> Self {
        Self {
            bookings: settings.share("bookings"),
            requests: settings.share("requests"),
            holds: settings.share("holds"),
            reschedules: settings.share("reschedules"),
            synced: settings.share("synced"),
            staff_added: settings.share("staff_added"),
            returns: settings.share("returns"),
            cancels: settings.share("cancels"),
            no_show: settings.share("no_show"),
            restored: settings.share("restored"),
            moved: settings.share("moved"),
            edits: settings.share("edits"),
            deleted: settings.share("deleted"),
        }
    }
}
