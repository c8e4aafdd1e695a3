//! How text is stored.

use crate::receiver::defects::Defect;
use crate::receiver::variation::Defects;

/// Text as it is stored: unchanged, except for a defect.
pub(super) fn stored(field: &str, text: String, defects: &Defects) -> String {
    if defects.strikes_in(field, Defect::OrderNameMangled) {
        return text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect();
    }
    text
}
