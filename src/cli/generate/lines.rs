//! Webhooks as lines of JSON (schemas/generated.schema.json).

use std::io;

use serde::Serialize;
use serde::de::IgnoredAny;

use crate::clock::milliseconds;
use crate::model::Webhook;

/// Writes webhooks, each in a line.
pub struct Lines<W> {
    /// Where they go.
    pub out: W,
    line: Vec<u8>,
}

impl<W: io::Write> Lines<W> {
    /// No line is written yet.
    pub fn new(out: W) -> Self {
        Self { out, line: Vec::new() }
    }

    /// Writes one. The body is JSON in one line already, so it is copied. To read it again would take as long as
    /// making it.
    pub fn write(&mut self, webhook: &Webhook) -> io::Result<()> {
        debug_assert!(is_json_in_one_line(&webhook.body), "{:?}", webhook.body);
        self.line.clear();
        serde_json::to_writer(&mut self.line, &Line::of(webhook, &mut [0; 24]))?;
        // The body comes before the closing brace.
        self.line.pop();
        self.line.extend_from_slice(b",\"body\":");
        self.line.extend_from_slice(&webhook.body);
        self.line.extend_from_slice(b"}\n");
        self.out.write_all(&self.line)
    }
}

fn is_json_in_one_line(body: &[u8]) -> bool {
    !body.contains(&b'\n') && serde_json::from_slice::<IgnoredAny>(body).is_ok()
}

/// A line of output without its `body`.
#[derive(Serialize)]
struct Line<'a> {
    seq: u64,
    at: &'a str,
    vendor: &'a str,
    account: &'a str,
    trigger: &'a str,
    subject: LineSubject<'a>,
    action: &'a str,
}

#[derive(Serialize)]
struct LineSubject<'a> {
    kind: &'a str,
    id: &'a str,
}

impl<'a> Line<'a> {
    fn of(webhook: &'a Webhook, at: &'a mut [u8; 24]) -> Self {
        Self {
            seq: webhook.seq,
            at: milliseconds(webhook.at, at),
            vendor: webhook.vendor,
            account: &webhook.account,
            trigger: webhook.trigger,
            subject: LineSubject { kind: webhook.subject.kind, id: &webhook.subject.id },
            action: webhook.action,
        }
    }
}
