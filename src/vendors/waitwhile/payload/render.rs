//! Renders objects, and the patterns of their ids.

use serde::Serialize;

/// 20 letters and digits.
pub(super) const ID: &str = "^[0-9A-Za-z]{20}$";
/// 22 letters and digits.
pub(super) const CUSTOMER_ID: &str = "^[0-9A-Za-z]{22}$";
/// 28 letters and digits.
pub(super) const USER_ID: &str = "^[0-9A-Za-z]{28}$";
/// 6 letters and digits.
pub(super) const PUBLIC_ID: &str = "^[0-9A-Za-z]{6}$";

/// Renders an object into an empty buffer.
pub(super) fn render(object: &impl Serialize, into: &mut Vec<u8>) {
    into.clear();
    sonic_rs::to_writer(into, object)
        .unwrap_or_else(|error| panic!("an object cannot be rendered: {error}"));
}

/// The object as JSON.
pub(super) fn value(object: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(object).unwrap_or_else(|error| panic!("an object is JSON: {error}"))
}
