//! The bodies: the vendor's models EventsIdEditGetResponse and OrdersIdGetResponse (SW), with the
//! additions of seed 003. There is no envelope: the body is the entity.
//!
//! An order's body is a form with gaps (`form`): the constant parts are rendered once.

mod event;
mod event_model;
mod kept;
mod link;
mod office;
mod order;
mod order_model;
mod text;

pub use event::{in_orders, whole};
pub use kept::Kept;
pub use office::{Ids, Office};
pub use order::{attendee, fill, form};
