//! The built-in settings with parts replaced, for tests.

#[path = "replaced.rs"]
mod replaced;

use standin::cli::settings::BUILT_IN;

/// The built-in settings with each of these parts replaced.
///
/// # Panics
/// If a part is not in them.
#[track_caller]
pub fn built_in(parts: &[(&str, &str)]) -> String {
    replaced::replaced(BUILT_IN, parts)
}
