//! The requests with which some senders try a receiver before they send events.

use crate::model::address::Method;

/// A request with which a sender tries a receiver before it sends events. One with a body is signed like them.
#[derive(Debug)]
pub struct Handshake {
    /// The document that says so.
    pub source: &'static str,
    /// Its method.
    pub method: Method,
    /// Its body. A `challenge` in it differs from request to request.
    pub body: &'static str,
    /// A header that tells it from events.
    pub header: Option<(&'static str, &'static str)>,
    /// Whether the answer must repeat the challenge.
    pub answer: HandshakeAnswer,
}

/// What a receiver answers to a handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandshakeAnswer {
    /// Any 2xx.
    Accepted,
    /// A 200 that repeats the challenge.
    Challenge,
    /// Leave to send, in headers.
    Leave,
}

/// The ping of GitHub. Its other keys, `repository` and `sender`, are objects of many keys, which are left out.
pub const PING: Handshake = Handshake {
    source: "GitHub Docs, \"Webhook events and payloads\" (ping)",
    method: Method::Post,
    body: r#"{"zen":"A receiver that answers is half a receiver.","hook_id":481516234,"hook":{"type":"Repository","id":481516234,"name":"web","active":true,"events":["*"],"config":{"content_type":"json","insecure_ssl":"0"}}}"#,
    header: Some(("X-GitHub-Event", "ping")),
    answer: HandshakeAnswer::Accepted,
};

/// Slack's verification of a request URL. Its `token` is the older way to verify a request, which few receivers look at.
pub const URL_VERIFICATION: Handshake = Handshake {
    source: "Slack API, url_verification event",
    method: Method::Post,
    body: r#"{"token":"StandinStandinStandin000","challenge":"0000000000000000000000000000000000000000000000000000","type":"url_verification"}"#,
    header: None,
    answer: HandshakeAnswer::Challenge,
};

/// The validation request of CloudEvents. It asks for two requests a second.
pub const VALIDATION: Handshake = Handshake {
    source: "CloudEvents 1.0.2, \"HTTP 1.1 Web Hooks for Event Delivery\", sections 4.1 and 4.2",
    method: Method::Options,
    body: "",
    header: Some(("WebHook-Request-Rate", "120")),
    answer: HandshakeAnswer::Leave,
};
