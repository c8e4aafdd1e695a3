//! What was on the wire when a probe looked into the receiver. `contract` fills it and `report` renders
//! it.

use schemars::JsonSchema;
use serde::Serialize;

/// The last request of a probe and what came back. Secrets are `***`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProbeExchange {
    /// The probe in standin.yaml: `ombori.position`.
    pub probe: String,
    /// The method.
    pub method: &'static str,
    /// Where it went.
    pub url: String,
    /// The headers that standin.yaml gives it.
    pub headers: Vec<(String, String)>,
    /// The status, if there was an answer.
    pub status: Option<u16>,
    /// Where the answer leads, if it is a redirect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The raw body of the answer, as text (cut if very long).
    pub answer: String,
    /// Whether the answer shows the subject.
    pub is_known: bool,
    /// What the answer means.
    pub reading: String,
    /// The fields at issue of which the answer shows nothing, with their places.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmatched: Vec<(String, String)>,
    /// The setting to try if the receiver means that it does not know the subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}
