//! Numbers under which an account keeps the objects of one kind, such as its visits. Each kind has a
//! type of its own, so that they cannot be confused, and they support no arithmetic.

/// Declares the number of one kind of object.
macro_rules! number {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// The object at this place of the account's list, from 0.
            pub const fn at(place: usize) -> Self {
                Self(place as u32)
            }

            /// Its place in that list.
            pub const fn place(self) -> usize {
                self.0 as usize
            }
        }
    };
}

pub(in crate::vendors) use number;
