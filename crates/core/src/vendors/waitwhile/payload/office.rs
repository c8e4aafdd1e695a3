//! What bodies need from their account, and the versions of the payloads.

use crate::model::SparseList;
use crate::vendors::waitwhile::calendar::Slots;
use crate::vendors::waitwhile::location::Location;
use crate::vendors::waitwhile::visit::{By, Customer};

/// A version of the payloads, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `2022`: every field of the examples.
    Full,
    /// `2024`: without the deprecated and the internal ones.
    Trimmed,
}

impl Version {
    /// From the profile's name in the catalogue.
    ///
    /// # Panics
    /// If the catalogue has a profile that is unknown here. That is a bug.
    pub fn of(profile: &str) -> Self {
        match profile {
            "2022" => Self::Full,
            "2024" => Self::Trimmed,
            other => panic!("profile {other} has no payloads"),
        }
    }
}

/// What bodies need from their account.
#[derive(Debug)]
pub struct Office {
    /// The version of the payloads.
    pub version: Version,
    /// The account's id.
    pub account: String,
    /// Name of the business.
    pub business: String,
    /// Host of the links in messages.
    pub host: String,
    /// The domain that e-mail is sent from.
    pub sending_domain: String,
    /// The sender of e-mail: an address at that domain.
    pub desk: String,
    /// The spelling of the state of a failed message.
    pub failed_state: String,
    /// Ids of the questions in the form.
    pub questions: Vec<String>,
    /// Values of `source`.
    pub sources: Vec<String>,
    /// Languages of guests.
    pub locales: Vec<String>,
    /// Ids of the staff.
    pub staff: Vec<String>,
    /// The user id for what happens by itself.
    pub system: String,
    /// The id of the user that the API key belongs to.
    pub key_user: String,
    /// The slots, with the time zone.
    pub slots: Slots,
}

/// The account, and the other objects that a rendered object refers to.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// The account.
    pub office: &'a Office,
    /// The location.
    pub location: &'a Location,
    /// The customer.
    pub customer: &'a Customer,
    /// The whole customer database.
    pub customers: &'a SparseList<Customer>,
}

impl<'a> Around<'a> {
    /// The id of the user who acted.
    pub(super) fn user(self, by: By) -> &'a str {
        match by {
            By::Guest(number) => &self.customers[number].user,
            By::Staff(number) => &self.office.staff[usize::from(number)],
            By::System => &self.office.system,
            By::Key => &self.office.key_user,
        }
    }
}
