//! A vendor's actions as a closed enumeration, in the order of its catalogue: whatever is decided
//! by an action is decided for each of them.

/// Declares the enumeration `Act` of a vendor's actions with their names.
macro_rules! acts {
    ($($(#[$about:meta])* $act:ident = $name:literal,)+) => {
        /// What can be done at this vendor, or happens there by itself.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Act {
            $($(#[$about])* #[doc = concat!("`", $name, "`")] $act,)+
        }

        impl Act {
            /// All of them, in the order of the catalogue.
            const ALL: &[Self] = &[$(Self::$act,)+];

            /// Its name in the catalogue.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$act => $name,)+
                }
            }

            /// Its place in the catalogue.
            pub const fn id(self) -> $crate::model::ActionId {
                $crate::model::ActionId::at(self as usize)
            }

            /// What an action of the catalogue is.
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

pub(super) use acts;
