//! The settings of the traffic that are shares.

use crate::model::Settings;

/// The share of guests or bookings to which each of these happens.
pub struct Shares {
    pub bookings: f64,
    pub staff_issued: f64,
    pub no_show: f64,
    pub cancels: f64,
    pub reschedules: f64,
    pub staff_cancels: f64,
    pub feedback: f64,
}

impl Shares {
    /// Reads the settings.
    pub fn of(settings: &Settings) -> Self {
        Self {
            bookings: settings.share("bookings"),
            staff_issued: settings.share("staff_issued"),
            no_show: settings.share("no_show"),
            cancels: settings.share("cancels"),
            reschedules: settings.share("reschedules"),
            staff_cancels: settings.share("staff_cancels"),
            feedback: settings.share("feedback"),
        }
    }
}
