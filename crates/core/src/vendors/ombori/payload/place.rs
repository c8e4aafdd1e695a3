//! What bodies need from their account, and the versions of the payloads.

/// A version of the payloads, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// `2020-12`
    LocationString,
    /// `2021-01`
    LocationObject,
    /// `2021-01-28`
    CallTimes,
    /// `2021-02`
    OrganizationTitle,
    /// `position-model`
    PositionModel,
}

impl Version {
    /// From the profile's name in the catalogue.
    ///
    /// # Panics
    /// If the catalogue has a profile that is unknown here. That is a bug.
    pub fn of(profile: &str) -> Self {
        match profile {
            "2020-12" => Self::LocationString,
            "2021-01" => Self::LocationObject,
            "2021-01-28" => Self::CallTimes,
            "2021-02" => Self::OrganizationTitle,
            "position-model" => Self::PositionModel,
            other => panic!("profile {other} has no payloads"),
        }
    }
}

/// What a body needs from its account.
pub struct Place<'a> {
    /// The version of the payloads.
    pub version: Version,
    /// Slug of the tenant.
    pub organization: &'a str,
    /// Title of the tenant.
    pub organization_title: &'a str,
    /// Name of the store.
    pub location: &'a str,
    /// Fields of the registration form.
    pub registration: &'a [String],
    /// The time zone of the store.
    pub zone: &'a jiff::tz::TimeZone,
}
