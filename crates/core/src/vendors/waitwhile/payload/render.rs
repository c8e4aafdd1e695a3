//! Writes objects, and the patterns of their ids.

use serde::Serialize;

use crate::vendors::json;

/// 20 letters and digits.
pub(super) const ID: &str = "^[0-9A-Za-z]{20}$";
/// 22 letters and digits.
pub(super) const CUSTOMER_ID: &str = "^[0-9A-Za-z]{22}$";
/// 28 letters and digits.
pub(super) const USER_ID: &str = "^[0-9A-Za-z]{28}$";
/// 6 letters and digits.
pub(super) const PUBLIC_ID: &str = "^[0-9A-Za-z]{6}$";

/// Writes an object. It stays open for more.
pub(super) fn open(object: &impl Serialize, into: &mut Vec<u8>) {
    json::write(object, into);
    into.pop();
}

/// Writes the members of an object, of which there are some, behind those of another that is open.
/// It stays open.
pub(super) fn more(object: &impl Serialize, into: &mut Vec<u8>) {
    let start = into.len();
    open(object, into);
    into[start] = b',';
}

/// The object as JSON.
pub(super) fn value(object: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(object).unwrap_or_else(|error| panic!("an object is JSON: {error}"))
}
