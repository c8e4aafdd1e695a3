//! A vendor's words as closed enumerations, in the order of its catalogue. An unknown word does not
//! compile, and a `match` must handle every word.

/// Declares an enumeration whose variants have names.
macro_rules! named {
    ($(#[$about:meta])* $word:ident { $($(#[$one:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $word {
            $($(#[$one])* #[doc = concat!("`", $name, "`")] $variant,)+
        }

        impl $word {
            /// Its name in the catalogue.
            pub const fn name(self) -> &'static str {
                match self {
                    $($word::$variant => $name,)+
                }
            }
        }
    };
}

/// Declares the enumeration `Act` of a vendor's actions.
macro_rules! acts {
    ($($(#[$about:meta])* $act:ident = $name:literal,)+) => {
        $crate::vendors::words::named! {
            /// The actions of this vendor, including those that happen by themselves.
            Act { $($(#[$about])* $act = $name,)+ }
        }

        impl Act {
            /// All of them.
            const ALL: &[Self] = &[$(Self::$act,)+];

            /// Its id in the catalogue.
            pub const fn id(self) -> $crate::model::ActionId {
                $crate::model::ActionId::at(self as usize)
            }

            /// The variant for an action of the catalogue.
            pub fn of(action: &$crate::model::Action) -> Self {
                Self::ALL[action.id.place()]
            }

            /// Its declaration in the catalogue.
            pub fn action(self) -> &'static $crate::model::Action {
                &super::catalogue::CATALOGUE.actions[self as usize]
            }
        }

        impl From<Act> for &'static $crate::model::Action {
            fn from(act: Act) -> Self {
                act.action()
            }
        }
    };
}

/// Declares the enumeration `Trigger` of a vendor's types of webhook.
macro_rules! triggers {
    ($($(#[$about:meta])* $trigger:ident = $name:literal,)+) => {
        $crate::vendors::words::named! {
            /// The types of webhook of this vendor.
            Trigger { $($(#[$about])* $trigger = $name,)+ }
        }

        impl Trigger {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$trigger,)+];

            /// Its id in the catalogue.
            pub const fn id(self) -> $crate::model::TriggerId {
                $crate::model::TriggerId::at(self as usize)
            }

            /// The variant for a trigger of the catalogue.
            pub fn of(id: $crate::model::TriggerId) -> Self {
                Self::ALL[id.place()]
            }
        }

        impl From<Trigger> for $crate::model::TriggerId {
            fn from(trigger: Trigger) -> Self {
                trigger.id()
            }
        }
    };
}

/// Declares the enumeration `SubjectKind` of a vendor's kinds of subject.
macro_rules! kinds {
    ($($(#[$about:meta])* $kind:ident = $name:literal,)+) => {
        $crate::vendors::words::named! {
            /// The kinds of subject of this vendor.
            SubjectKind { $($(#[$about])* $kind = $name,)+ }
        }

        impl SubjectKind {
            /// Its id in the catalogue.
            pub const fn id(self) -> $crate::model::KindId {
                $crate::model::KindId::at(self as usize)
            }
        }
    };
}

/// Declares the enumeration of the states of one kind of subject.
macro_rules! states {
    (
        $(#[$about:meta])*
        $state:ident of $kind:ident { $($(#[$one:meta])* $variant:ident = $name:literal,)+ }
    ) => {
        $crate::vendors::words::named! {
            $(#[$about])*
            $state { $($(#[$one])* $variant = $name,)+ }
        }

        impl $state {
            /// The names of all of them.
            pub const NAMES: &[&str] = &[$($name,)+];
        }

        impl std::fmt::Display for $state {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl From<$state> for $crate::model::StateId {
            fn from(state: $state) -> Self {
                Self::of(SubjectKind::$kind.id(), state as usize)
            }
        }
    };
}

pub(super) use {acts, kinds, named, states, triggers};
