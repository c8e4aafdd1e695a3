//! The numbers of doo's events and orders. They are not beside the types of the objects, because each
//! object refers to the other kind.

use crate::model::Number;

/// The list of an account's events.
pub enum Events {}

/// The list of an account's orders.
pub enum Orders {}

/// Identifies an event of an account.
pub type EventNumber = Number<Events>;

/// Identifies an order of an account.
pub type OrderNumber = Number<Orders>;
