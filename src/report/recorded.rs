//! A request as a journal has it, for the formats that it is exported to.

use bytes::Bytes;

/// A request and its answer, as a journal has them. Secrets are `***` in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    /// What it is for: `webhook`, `token request` or `revocation`.
    pub request: String,
    /// The run that it belongs to, for people.
    pub run: String,
    /// The account.
    pub account: String,
    /// The vendor.
    pub vendor: String,
    /// The trigger of the webhook.
    pub trigger: String,
    /// The kind of its subject, in the vendor's words.
    pub kind: String,
    /// The id of its subject.
    pub id: String,
    /// The name of its subject.
    pub name: Option<String>,
    /// When it left, in virtual time: RFC 3339.
    pub at: String,
    /// Which attempt it is, from 1.
    pub number: u32,
    /// Its method.
    pub method: String,
    /// Where it went.
    pub url: String,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its exact body.
    pub body: Bytes,
    /// The faults that struck it.
    pub fault: Option<String>,
    /// The name of its outcome.
    pub outcome: String,
    /// The outcome for people.
    pub why: String,
    /// The status of the answer, if one came.
    pub status: Option<u16>,
    /// The body of the answer.
    pub answer: Bytes,
    /// How long it took, in milliseconds.
    pub milliseconds: f64,
}
