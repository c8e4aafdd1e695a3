//! The numbers under which doo's account keeps its events and orders.

use crate::vendors::number::number;

number! {
    /// Which event of an account, in the order of their creation.
    EventNumber
}

number! {
    /// Which order of an account, in the order of their creation.
    OrderNumber
}

impl EventNumber {
    /// An id for it, where those of its kind begin with this one and are so far apart.
    pub const fn id(self, first: u32, apart: u32) -> u32 {
        first + apart * self.place() as u32
    }
}

impl OrderNumber {
    /// An id for it, where those of its kind begin with this one and are so far apart.
    pub const fn id(self, first: u32, apart: u32) -> u32 {
        first + apart * self.place() as u32
    }
}
