//! `standin verify`: whether the signature of a request is right and, if not, why not. It sends nothing.
//!
//! It shows the text that is signed, and neither the key nor the right signature.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;

use super::common::{self, print};
use super::errors::{BROKEN, CliError, PASSED};
use super::files;
use super::sender::{self, KeyArgs};
use crate::clock;
use crate::model::signature::Signature;
use crate::policy::verify::{Patience, Received, Verdict, signs_url, verify};
use crate::report::printable;
use crate::text::clean::{one_line, shortened};
use crate::vendors::Registry;

/// Check the signature of a request, and explain a wrong one
#[derive(Args)]
#[command(
    after_help = "The key comes from the sender's variable of the environment, from --key-env or from --key-file, and is never shown. `standin senders` lists the senders with their variables.\n\nExamples:\n  export GITHUB_WEBHOOK_SECRET=…\n  standin verify --as github --body body.json --header 'X-Hub-Signature-256: sha256=…'\n  standin verify --as stripe --request captured.http --at 2026-03-04T08:15:00Z\n  standin verify --as twilio --url https://hooks.example.test/sms --request - < captured.http\n\nExits with 0 if the signature is right, 1 if it is wrong, 2 if it cannot be checked."
)]
pub struct Verify {
    /// The sender: a well-known one, or one of your own
    #[arg(long = "as", value_name = "SENDER")]
    sender: String,
    /// Settings file, for a sender of your own [default: standin.yaml here or above]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The file with the body, as it came, or - for standard input
    #[arg(long, value_name = "FILE", required_unless_present = "request")]
    body: Option<PathBuf>,
    /// A header of the request, `Name: value` (may be repeated)
    #[arg(long, value_name = "HEADER", value_parser = sender::header)]
    header: Vec<(String, String)>,
    /// The file with the whole request, as HTTP/1.1 writes it, or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "body")]
    request: Option<PathBuf>,
    /// The URL under which the sender knows the receiver, if the signature covers it
    #[arg(long, value_name = "URL", value_parser = common::part)]
    url: Option<String>,
    /// The method [default: that of --request, or POST]
    #[arg(long, value_name = "METHOD")]
    method: Option<String>,
    /// The time at which the request came [default: now]
    #[arg(long, value_name = "RFC3339")]
    at: Option<Timestamp>,
    /// How far from that the time of sending may be [default: the sender's]
    #[arg(long, value_name = "DURATION", value_parser = common::length)]
    tolerance: Option<Duration>,
    #[command(flatten)]
    keys: KeyArgs,
}

/// The largest request that is read.
const LARGEST: u64 = 64 * 1024 * 1024;

/// The most headers of a request.
const MOST_HEADERS: usize = 256;

/// The most of a signed text that is shown, in bytes.
const MOST_SHOWN: usize = 20_000;

/// The longest line about a mistake, in characters.
const LONGEST_LINE: usize = 400;

/// How much of a difference is shown, in characters.
const CONTEXT: usize = 40;

/// A request as it was read.
struct Request {
    method: Option<String>,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Verify {
    /// Checks the signature.
    pub fn run(self, registry: Registry) -> Result<u8, CliError> {
        let sender = sender::sender_alone(&self.sender, registry, self.config.as_deref())?;
        sender.say_file();
        let signature = sender::signature(&sender, &self.keys)?;
        if signs_url(&signature) && self.url.is_none() {
            return Err(CliError::Usage(format!(
                "{} signs the URL: give --url with the one under which it knows the receiver",
                sender.name
            )));
        }
        let mut request = self.read()?;
        request.headers.extend(self.header.iter().cloned());
        let method = self.method.clone().or(request.method.take());
        let method = method.unwrap_or_else(|| "POST".to_owned()).to_ascii_uppercase();
        let received = Received {
            method: &method,
            url: self.url.as_deref(),
            headers: &request.headers,
            body: &request.body,
        };
        let now = self.at.unwrap_or_else(clock::real_time);
        let tolerance_s = self.tolerance.map(|length| length.as_secs()).or(signature.tolerance_s);
        let patience = Patience { now_s: now.as_second(), tolerance_s };
        let verdict = verify(&signature, &received, patience).map_err(|why| {
            CliError::Usage(format!("nothing can be checked as {}: {why}", sender.name))
        })?;
        print(&printable(&shown(&sender.name, &signature, &verdict)));
        Ok(if verdict.is_right() { PASSED } else { BROKEN })
    }

    fn read(&self) -> Result<Request, CliError> {
        match (&self.request, &self.body) {
            (Some(path), _) => {
                let (name, bytes) = files::read_or_stdin(LARGEST, path)?;
                parsed(&name, &bytes)
            }
            (None, Some(path)) => {
                let (_, body) = files::read_or_stdin(LARGEST, path)?;
                Ok(Request { method: None, headers: Vec::new(), body })
            }
            (None, None) => Err(CliError::Usage("give --body or --request".to_owned())),
        }
    }
}

/// Reads a request as HTTP/1.1 writes it.
fn parsed(name: &str, bytes: &[u8]) -> Result<Request, CliError> {
    let wrong = |why: &str| CliError::Usage(format!("{name} is no request of HTTP/1.1: {why}"));
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    let begins = match head.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => {
            return Err(wrong("it ends before the empty line behind the headers"));
        }
        Err(error) => return Err(wrong(&error.to_string())),
    };
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let headers: Vec<(String, String)> =
        head.headers.iter().map(|one| (one.name.to_owned(), text(one.value))).collect();
    let value = |name: &str| {
        let found = headers.iter().find(|(one, _)| one.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    };
    if value("transfer-encoding").is_some_and(|one| !one.eq_ignore_ascii_case("identity")) {
        return Err(wrong(
            "its body is in chunks: save the body alone, and give --body and --header",
        ));
    }
    let rest = &bytes[begins..];
    let length = value("content-length").map(str::parse::<usize>);
    let body = match length {
        Some(Err(_)) => return Err(wrong("its Content-Length is no number")),
        Some(Ok(length)) if length > rest.len() => {
            let here = rest.len();
            return Err(wrong(&format!(
                "its Content-Length is {length}, but the body has {here} bytes"
            )));
        }
        // An editor may have added a line break.
        Some(Ok(length)) => &rest[..length],
        None => rest,
    };
    Ok(Request { method: head.method.map(str::to_owned), headers, body: body.to_vec() })
}

/// What is said of a request.
fn shown(sender: &str, signature: &Signature, verdict: &Verdict) -> String {
    let how = format!("{}, {}", signature.algorithm.name(), signature.encoding.name());
    if verdict.is_right() {
        return format!("the signature is right ({sender}: {how})\n");
    }
    let mut out = format!("the signature is wrong ({sender}: {how})\n");
    // They may repeat a header of the request.
    let said = |text: &str| shortened(&one_line(text), LONGEST_LINE);
    for wrong in &verdict.wrong {
        out += &format!("  {}\n", said(wrong));
    }
    for hint in &verdict.hints {
        out += &format!("  hint: {}\n", said(hint));
    }
    let Some(text) = &verdict.text else { return out };
    if let Some(instead) = &verdict.signed_instead {
        out += &format!("  {}\n", difference(text, instead));
    }
    let parts: Vec<String> = signature.over.iter().map(|part| part.in_words()).collect();
    out += &format!("this should be signed: {} ({} bytes)\n", parts.join(" + "), text.len());
    let cut = &text[..text.len().min(MOST_SHOWN)];
    // The mark also keeps a line from being a command to GitHub Actions.
    for line in String::from_utf8_lossy(cut).split('\n') {
        out += &format!("| {line}\n");
    }
    if text.len() > MOST_SHOWN {
        out += "…\n";
    }
    out
}

/// Where two texts begin to differ.
fn difference(right: &[u8], instead: &[u8]) -> String {
    let same = right.iter().zip(instead).take_while(|(one, other)| one == other).count();
    let from = |text: &[u8]| {
        let rest = String::from_utf8_lossy(&text[same..]);
        let begins: String = rest.chars().take(CONTEXT).collect();
        if begins.is_empty() {
            "ends".to_owned()
        } else {
            format!("goes on with \"{}\"", begins.escape_debug())
        }
    };
    format!(
        "difference: at byte {same} the right text {}, and what was signed {}",
        from(right),
        from(instead)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        match parsed("it", text.as_bytes()) {
            Err(CliError::Usage(told)) => told,
            Err(other) => panic!("{other:?}"),
            Ok(request) => String::from_utf8_lossy(&request.body).into_owned(),
        }
    }

    #[test]
    fn a_request_is_read_as_it_was_captured() {
        assert_eq!(told("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}\n"), "{}");
        assert_eq!(told("POST /a HTTP/1.1\nHost: x\n\n{}\n"), "{}\n");
        assert!(told("POST /a HTTP/1.1\nHost: x\n").contains("before the empty line"));
        assert!(told("{}").contains("no request of HTTP/1.1"));
        assert!(told("POST /a HTTP/1.1\nContent-Length: 9\n\n{}").contains("the body has 2 bytes"));
        assert!(
            told("POST /a HTTP/1.1\nTransfer-Encoding: chunked\n\n2\n{}\n").contains("in chunks")
        );
    }

    #[test]
    fn a_difference_is_shown_where_it_begins() {
        let wanted =
            "difference: at byte 2 the right text ends, and what was signed goes on with \"\\n\"";
        assert_eq!(difference(b"{}", b"{}\n"), wanted);
    }
}
