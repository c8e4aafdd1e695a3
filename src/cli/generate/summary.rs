//! `--summary`: what was counted, in place of the webhooks.

use clap::ValueEnum;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::tally::Tally;
use crate::model::Settings;
use crate::model::summary::Summary;
use crate::report::generated::{html, svg, terminal};
use crate::vendors::Vendor;

/// The forms of a summary: a page that stands alone, one picture, or the counts as text.
#[derive(Clone, Copy, ValueEnum)]
pub enum Form {
    Html,
    Svg,
    Text,
}

/// What was generated: a vendor's account, and for which seed, start and scenario.
pub struct Generated {
    /// The vendor.
    pub vendor: &'static dyn Vendor,
    /// The version of the payloads.
    pub profile: &'static str,
    /// The name of the account.
    pub account: String,
    /// The time zone of the account.
    pub zone: TimeZone,
    /// The scenario file.
    pub scenario: Option<String>,
    /// The seed.
    pub seed: u64,
    /// When virtual time began.
    pub from: Timestamp,
}

/// The setting of an account that says in which zone its hours are.
const ZONE: &str = "time_zone";

/// The time zone of an account with these settings. A vendor without the setting has none.
pub fn zone(vendor: &dyn Vendor, settings: &Settings) -> TimeZone {
    let known = vendor.catalogue().settings.iter().any(|setting| setting.name == ZONE);
    let found = known.then(|| TimeZone::get(settings.text(ZONE)).ok());
    found.flatten().unwrap_or(TimeZone::UTC)
}

impl Generated {
    /// Counts nothing yet.
    pub fn tally(&self) -> Tally {
        Tally::new(self.vendor.catalogue(), self.vendor.figures(), self.zone.clone())
    }

    /// The summary of what was counted until this moment, or until the last webhook.
    pub fn summary(self, form: Form, tally: Tally, until: Option<Timestamp>) -> String {
        let until = until.or(tally.last()).unwrap_or(self.from);
        let at = |moment: Timestamp| moment.strftime("%Y-%m-%d %H:%M").to_string();
        let summary = Summary {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            vendor: self.vendor.catalogue().title.to_owned(),
            profile: self.profile.to_owned(),
            account: self.account,
            scenario: self.scenario,
            seed: self.seed,
            period: format!("{} to {} UTC", at(self.from), at(until)),
            zone: self.zone.iana_name().unwrap_or("UTC").to_owned(),
            webhooks: tally.webhooks(),
            triggers: tally.triggers(),
            figures: tally.counted(self.from, until),
        };
        match form {
            Form::Html => html::render(&summary),
            Form::Svg => svg::render(&summary),
            Form::Text => terminal::render(&summary),
        }
    }
}
