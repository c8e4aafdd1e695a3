//! `standin senders`: the senders that `--as` takes, well-known and the user's own.

use std::path::PathBuf;

use clap::Args;

use super::common::print;
use super::errors::{CliError, PASSED};
use super::sender::{self, Origin, Sender};
use crate::model::address::Method;
use crate::model::signature::Retried;
use crate::policy::handshake::HandshakeAnswer;
use crate::policy::senders::{AS_OF, Proof};
use crate::text::clean::one_line;
use crate::text::names;
use crate::vendors::Registry;

/// List the senders that --as takes
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin senders\n  standin senders stripe       how Stripe signs, and where that is documented"
)]
pub struct Senders {
    /// The sender [default: list them]
    #[arg(value_name = "SENDER")]
    name: Option<String>,
    /// Settings file, which may have senders of your own [default: standin.yaml here or above]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Senders {
    /// Prints the list, or one sender.
    pub fn run(self, registry: Registry) -> Result<u8, CliError> {
        let config = self.config.as_deref();
        match &self.name {
            Some(name) => print(&shown(&sender::sender_alone(name, registry, config)?)),
            None => {
                let all = sender::all(registry, config)?;
                let width = all.iter().map(|one| one.name.len()).max().unwrap_or_default();
                for sender in all {
                    let whose = match &sender.origin {
                        Origin::Own { file, .. } => format!(" (your own, in {file})"),
                        Origin::Documented { .. } => String::new(),
                    };
                    let about = one_line(&format!("{}{whose}", sender.about));
                    print(&format!("{:width$}  {about}\n", sender.name));
                }
            }
        }
        Ok(PASSED)
    }
}

fn shown(sender: &Sender) -> String {
    let signature = &sender.signature;
    let extra = [&signature.id_header, &signature.time_header];
    let mut extra: Vec<&str> = extra.into_iter().filter_map(|one| one.as_deref()).collect();
    let variable = sender.variable.as_deref().unwrap_or("by --key-env or --key-file");
    let mut rows = vec![("sends", sender.about.clone())];
    match sender.proof {
        Proof::Signature => rows.extend([
            ("header", format!("{}: {}", signature.header, signature.value)),
            ("signs", sender.over.clone()),
            ("how", format!("{}, {}", signature.algorithm.name(), signature.encoding.name())),
            ("key", format!("{} ({variable})", signature.key.in_words())),
        ]),
        Proof::Key => {
            let optional = match sender.origin {
                Origin::Documented { .. } => "none, or that of ",
                Origin::Own { .. } => "",
            };
            rows.extend([
                ("header", format!("{}: {}", signature.header, signature.value)),
                ("key", format!("{optional}{variable}")),
                ("content", sender.content_type.to_owned()),
            ]);
        }
        Proof::None => rows.push(("login", "none".to_owned())),
    }
    extra.extend(sender.headers.iter().map(|(name, _)| *name));
    if !extra.is_empty() {
        rows.push(("also sends", names(extra)));
    }
    if let Some(name) = &signature.body_hash {
        rows.push(("in the URL", format!("{name}, the SHA-256 of a body that is no form")));
    }
    if let Some(seconds) = signature.tolerance_s {
        rows.push((
            "tolerance",
            match seconds % 60 {
                0 => format!("{} minutes", seconds / 60),
                _ => format!("{seconds} seconds"),
            },
        ));
    }
    if signature.retry_id == Retried::New {
        rows.push(("a retry", "has an id of its own".to_owned()));
    }
    if signature.retry_time == Retried::Same {
        rows.push(("a retry", "has the time of the first attempt".to_owned()));
    }
    if let Some(handshake) = sender.handshake {
        let answer = match handshake.answer {
            HandshakeAnswer::Accepted => "a 2xx",
            HandshakeAnswer::Challenge => "200 with its challenge",
            HandshakeAnswer::Leave => "leave to send, in headers",
        };
        let method = match handshake.method {
            Method::Post => "a request",
            Method::Options => "OPTIONS",
        };
        let header = handshake.header.map(|(name, value)| format!(" with {name}: {value}"));
        let about = format!("{method}{}, which wants {answer}", header.unwrap_or_default());
        rows.push(("handshake", format!("{about} ({})", handshake.source)));
    }
    rows.extend(said_by(&sender.origin));
    rows.iter().map(|(what, value)| format!("{what:10}  {}\n", one_line(value))).collect()
}

/// Who says all that.
fn said_by(origin: &Origin) -> Vec<(&'static str, String)> {
    match origin {
        Origin::Own { file, .. } => vec![("your own", format!("in {file}"))],
        Origin::Documented { source, urls, assumed } => {
            let documented = ("documented", format!("{source}, as of {AS_OF}"));
            let urls = urls.iter().map(|url| ("", (*url).to_owned()));
            let assumed = (!assumed.is_empty()).then(|| ("assumed", (*assumed).to_owned()));
            [documented].into_iter().chain(urls).chain(assumed).collect()
        }
    }
}
