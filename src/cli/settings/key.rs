//! A key of standin.yaml, and how a section with its keys is declared.

/// A key of standin.yaml.
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// How much of its value may be shown in a message.
    pub shown: Shown,
}

/// How much of the value of a key may be shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shown {
    /// All of it.
    All,
    /// Nothing.
    Nothing,
    /// The names of the keys in it, but not their values.
    Names,
    /// It holds keys of this list.
    Keys,
    /// It holds named sections with keys of this list.
    Sections,
}

/// Declares the type of a section and, from its fields, the list of its keys.
macro_rules! section {
    ($(#[$about:meta])* $section:ident {
        $($(#[$key_about:meta])* $key:ident: $value:ty => $shown:ident,)*
        $(; $(#[$rest_about:meta])* $rest:ident: $rest_value:ty)?
    }) => {
        #[derive(serde::Deserialize, schemars::JsonSchema)]
        $(#[$about])*
        pub struct $section {
            $($(#[$key_about])* pub $key: $value,)*
            $($(#[$rest_about])* pub $rest: $rest_value,)?
        }

        impl $section {
            /// Its keys, in the order in which messages name them.
            pub const KEYS: &'static [$crate::cli::settings::key::Key] =
                &[$($crate::cli::settings::key::Key {
                    name: stringify!($key),
                    shown: $crate::cli::settings::key::Shown::$shown,
                },)*];
        }
    };
}

pub(super) use section;
