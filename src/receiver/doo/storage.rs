//! How text is stored.

use std::collections::BTreeSet;

use crate::receiver::defects::Defect;

/// Text as it is stored: unchanged, except for a defect.
pub(super) fn stored(text: String, defects: &BTreeSet<Defect>) -> String {
    if defects.contains(&Defect::OrderNameMangled) {
        return text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect();
    }
    text
}
