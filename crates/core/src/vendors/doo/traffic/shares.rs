//! The settings of the traffic that are shares.

use crate::model::Settings;

/// The share of orders, tickets or people to which each of these happens.
pub struct Shares {
    pub bank_transfers: f64,
    pub never_pays: f64,
    pub coupons: f64,
    pub flagged: f64,
    pub denied: f64,
    pub edits: f64,
    pub cancels: f64,
    pub removed: f64,
    pub no_show: f64,
    pub undone: f64,
}

impl Shares {
    /// Reads the settings.
    pub fn of(settings: &Settings) -> Self {
        Self {
            bank_transfers: settings.share("bank_transfers"),
            never_pays: settings.share("never_pays"),
            coupons: settings.share("coupons"),
            flagged: settings.share("flagged"),
            denied: settings.share("denied"),
            edits: settings.share("edits"),
            cancels: settings.share("cancels"),
            removed: settings.share("removed"),
            no_show: settings.share("no_show"),
            undone: settings.share("undone"),
        }
    }
}
