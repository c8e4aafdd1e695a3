//! What bodies take from their account.

use super::kept::Kept;
use crate::vendors::doo::dates::Dates;
use crate::vendors::doo::money::Cents;

/// What bodies take from their account.
#[derive(Debug)]
pub struct Office {
    pub organizer: String,
    pub host: String,
    pub dates: Dates,
    pub fee: Cents,
    /// None: the doo user is bound to nobody.
    pub external_user: Option<String>,
    /// The share of bookers who come prefilled.
    pub prefilled: f64,
    pub ids: Ids,
    pub kept: Kept,
}

/// Where the ids of an account begin, for each kind: numbers below 2^31.
#[derive(Debug)]
pub struct Ids {
    pub event: u32,
    pub order: u32,
    pub attendee: u32,
    pub ticket: u32,
    pub category: u32,
    pub question: u32,
    pub image: u32,
    pub member: u32,
    pub user: u32,
}
