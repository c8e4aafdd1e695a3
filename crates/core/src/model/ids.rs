//! Ids of the actions, triggers, kinds and states of a catalogue. An id is an index. Only the
//! catalogue that it belongs to can look it up.

/// Declares the id type for one part of the catalogue.
macro_rules! id {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u16);

        impl $name {
            /// The id with this index, from 0.
            ///
            /// # Panics
            /// If the index is larger than any catalogue allows.
            pub const fn at(place: usize) -> Self {
                assert!(place <= u16::MAX as usize, "a catalogue has at most 65,536 of a sort");
                Self(place as u16)
            }

            /// The index, from 0.
            pub const fn place(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id! {
    /// Identifies an action.
    ActionId
}
id! {
    /// Identifies a trigger.
    TriggerId
}
id! {
    /// Identifies a kind of subject.
    KindId
}

/// Identifies a state of a kind of subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StateId {
    kind: KindId,
    place: u16,
}

impl StateId {
    /// The state with this index among the states of its kind.
    ///
    /// # Panics
    /// If the index is larger than any catalogue allows.
    pub const fn of(kind: KindId, place: usize) -> Self {
        assert!(place <= u16::MAX as usize, "a kind has at most 65,536 states");
        Self { kind, place: place as u16 }
    }

    /// The kind that it belongs to.
    pub const fn kind(self) -> KindId {
        self.kind
    }

    /// Its index among the states of its kind, from 0.
    pub const fn place(self) -> usize {
        self.place as usize
    }
}
