//! How text goes to storage.

use std::collections::BTreeSet;

use crate::receiver::defects::Defect;

/// Text as it goes to storage: unchanged.
pub(super) fn stored(text: String, defects: &BTreeSet<Defect>) -> String {
    if defects.contains(&Defect::OrderNameMangled) {
        return text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect();
    }
    text
}
