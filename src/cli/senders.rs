//! `standin senders`: the well-known senders whose signatures can be made and checked.

use clap::Args;

use super::common::print;
use super::errors::{CliError, PASSED};
use super::sender;
use crate::policy::senders::{HandshakeAnswer, SENDERS, Sender};
use crate::text::names;

/// List the senders whose signatures can be made and checked
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin senders\n  standin senders stripe       how Stripe signs, and where that is documented"
)]
pub struct Senders {
    /// The sender [default: list them]
    #[arg(value_name = "SENDER")]
    name: Option<String>,
}

impl Senders {
    /// Prints the list, or one sender.
    pub fn run(self) -> Result<u8, CliError> {
        match &self.name {
            Some(name) => print(&shown(sender::sender(name)?)),
            None => {
                let width = SENDERS.iter().map(|one| one.name.len()).max().unwrap_or_default();
                for sender in SENDERS {
                    print(&format!("{:width$}  {}\n", sender.name, sender.about));
                }
            }
        }
        Ok(PASSED)
    }
}

fn shown(sender: &Sender) -> String {
    let signature =
        sender.signature().unwrap_or_else(|why| panic!("the sender {}: {why}", sender.name));
    let extra = [&signature.id_header, &signature.time_header];
    let extra: Vec<&str> = extra.into_iter().filter_map(|one| one.as_deref()).collect();
    let mut rows = vec![
        ("sends", sender.about.to_owned()),
        ("header", format!("{}: {}", signature.header, signature.value)),
        ("signs", sender.over().to_owned()),
        ("how", format!("{}, {}", signature.algorithm.name(), signature.encoding.name())),
        ("key", format!("{} ({})", signature.key.in_words(), sender.variable)),
    ];
    if !extra.is_empty() {
        rows.push(("also sends", names(extra)));
    }
    if let Some(name) = &signature.body_hash {
        rows.push(("in the URL", format!("{name}, the SHA-256 of a body that is no form")));
    }
    if let Some(seconds) = signature.tolerance_s {
        rows.push(("tolerance", format!("{} minutes", seconds / 60)));
    }
    if let Some(handshake) = &sender.handshake {
        let answer = match handshake.answer {
            HandshakeAnswer::Accepted => "a 2xx",
            HandshakeAnswer::Challenge => "200 with its challenge",
        };
        let header = handshake.header.map(|(name, value)| format!(" with {name}: {value}"));
        let about = format!("a request{}, which wants {answer}", header.unwrap_or_default());
        rows.push(("handshake", format!("{about} ({})", handshake.source)));
    }
    rows.push(("documented", sender.source.to_owned()));
    if !sender.assumed.is_empty() {
        rows.push(("assumed", sender.assumed.to_owned()));
    }
    rows.iter().map(|(what, value)| format!("{what:10}  {value}\n")).collect()
}
