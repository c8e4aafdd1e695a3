//! The JSON Schema of the envelopes. Another file writes them, by hand.

use schemars::JsonSchema;

use super::render::ID;
use crate::vendors::wire::Milliseconds;

/// A webhook that carries one object. Envelopes are written by hand; this is their schema.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only described: `envelope` writes it")]
pub struct Single<T> {
    #[schemars(extend("pattern" = ENVELOPE_ID))]
    id: String,
    created: Milliseconds,
    #[schemars(extend("pattern" = ID))]
    account_id: String,
    r#type: String,
    data: T,
}

/// A webhook that carries an object before and after a change.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only described: `envelope` writes it")]
pub struct Pair<T> {
    #[schemars(extend("pattern" = ENVELOPE_ID))]
    id: String,
    created: Milliseconds,
    #[schemars(extend("pattern" = ID))]
    account_id: String,
    r#type: String,
    before: T,
    after: T,
}

/// 20 letters and digits; those of this century begin with 0.
const ENVELOPE_ID: &str = "^0[0-9A-Za-z]{19}$";
