//! What bodies need from their account.

use super::kept::Kept;
use crate::vendors::doo::dates::Dates;
use crate::vendors::doo::given_ids::QuestionIds;
use crate::vendors::doo::money::Cents;

/// What bodies need from their account.
#[derive(Debug)]
pub struct Office {
    pub organizer: String,
    pub host: String,
    pub dates: Dates,
    pub fee: Cents,
    /// `None`: no external user is linked to the doo user.
    pub external_user: Option<String>,
    /// The share of bookers whose form is prefilled.
    pub prefilled: f64,
    pub ids: Ids,
    pub questions: QuestionIds,
    pub kept: Kept,
}

/// The first ids of an account for each kind: numbers below 2^31.
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
