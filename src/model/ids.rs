//! Which action, trigger, kind or state of a catalogue is meant: its place there. An id is read back
//! by the catalogue that it belongs to.

/// Declares the id of one sort of declaration.
macro_rules! id {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u16);

        impl $name {
            /// The one at this place.
            ///
            /// # Panics
            /// If no catalogue has so many.
            pub const fn at(place: usize) -> Self {
                assert!(place <= u16::MAX as usize, "no catalogue has so many");
                Self(place as u16)
            }

            /// The place, from 0.
            pub const fn place(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id! {
    /// Which action.
    ActionId
}
id! {
    /// Which trigger.
    TriggerId
}
id! {
    /// Which kind of subject.
    KindId
}

/// Which state of which kind of subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StateId {
    kind: KindId,
    place: u16,
}

impl StateId {
    /// The state at this place among those of a kind.
    ///
    /// # Panics
    /// If no kind has so many.
    pub const fn of(kind: KindId, place: usize) -> Self {
        assert!(place <= u16::MAX as usize, "no kind has so many states");
        Self { kind, place: place as u16 }
    }

    /// The kind that it is a state of.
    pub const fn kind(self) -> KindId {
        self.kind
    }

    /// Its place among the states of its kind, from 0.
    pub const fn place(self) -> usize {
        self.place as usize
    }
}
