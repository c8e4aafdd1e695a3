//! `standin send`: signs and sends one body of the user's, as the vendor would, or as a well-known sender.

mod as_sender;
mod exchange;

use std::path::PathBuf;

use bytes::Bytes;
use clap::Args;
use exchange::{print_answer, show};
use serde_json::Value as Json;

use super::common::{self, ReceiverArgs, WaitArg};
use super::errors::{CliError, PASSED};
use super::files;
use crate::driver::VendorTarget;
use crate::model::signature::Moment;
use crate::model::{Authentication, Problem, RequestKind, Secret, unreadable};
use crate::policy::wire::SendMode;
use crate::policy::{Request, sign, token};
use crate::suggest::did_you_mean;
use crate::text::names;
use crate::vendors::{Registry, Vendor};

/// Sign and send one body of your own, as the vendor would
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin generate --vendor ombori --count 1 | jq .body > body.json\n  standin send --vendor ombori --body body.json\n  echo '{\"type\":\"positionCalled\"}' | standin send --vendor ombori --body -\n  standin send --vendor ombori --trigger positionCalled --raw --body broken.txt\n  standin send --vendor ombori --body body.json --dry-run\n  standin send --as stripe --body event.json --url /hooks/stripe\n  standin send --as github --body push.json --url http://127.0.0.1:8080/hooks\n\nWith --as the key comes from the sender's variable of the environment (`standin senders`), from --key-env or from --key-file, and is never shown.\n\nExits with 0 if the receiver accepts, 1 if it does not."
)]
pub struct Send {
    /// The vendor
    #[arg(
        long,
        value_name = "NAME",
        required_unless_present = "sender",
        conflicts_with = "sender"
    )]
    vendor: Option<String>,
    /// The file with the body, at most 8 MiB, or - for standard input
    #[arg(long, value_name = "FILE")]
    body: PathBuf,
    /// The trigger, which decides the URL [default: read from the body]
    #[arg(long, value_name = "NAME")]
    trigger: Option<String>,
    /// Send the bytes as they are, even if they cannot be read as JSON
    #[arg(long, conflicts_with = "sender")]
    raw: bool,
    /// Show the request and send nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    receiver: ReceiverArgs,
    #[command(flatten)]
    as_sender: as_sender::AsSender,
}

/// The largest body that is read. As parsed JSON it can take fifty times as much memory.
const LARGEST: u64 = 8 * 1024 * 1024;

impl Send {
    /// Sends the body.
    pub async fn run(self, registry: Registry) -> Result<u8, CliError> {
        if let Some(sender) = &self.as_sender.sender {
            let (_, body) = files::read_or_stdin(LARGEST, &self.body)?;
            let (args, receiver, dry_run) = (&self.as_sender, &self.receiver, self.dry_run);
            let body = body.into();
            let order = as_sender::Order { args, receiver, body, dry_run };
            return order.run(sender, registry).await;
        }
        let vendor = common::vendor(registry, self.vendor.as_deref().unwrap_or_default())?;
        let subject = self.receiver.load(registry)?;
        let catalogue = vendor.catalogue();
        let target = common::set_up(&subject, catalogue.vendor)?;
        let (name, body) = files::read_or_stdin(LARGEST, &self.body)?;
        let body = Bytes::from(body);
        let json = self.parse(&name, &body)?;
        let trigger = self.trigger(vendor, json.as_ref())?;
        let ask = token_request(target);
        // A placeholder until the token is issued. It is never shown.
        let some_token = ask.as_ref().map(|_| Secret::new("token"));
        let dry = request(target, &trigger, body.clone(), some_token.as_ref(), common::moment())?;
        if let Some(json) = &json {
            warn(vendor, target, &trigger, json);
        }
        ask.iter().for_each(|ask| show(ask, &trigger));
        if self.dry_run {
            show(&dry, &trigger);
            return Ok(PASSED);
        }
        let is_in_play = |vendor: &str| vendor == catalogue.vendor;
        common::must_listen(&subject, is_in_play, WaitArg::default()).await?;
        let token = match &ask {
            None => None,
            Some(ask) => {
                let sender = &subject.target.sender;
                let mut carried =
                    sender.send(RequestKind::Token, ask, SendMode::Whole, &target.policy).await;
                let token = carried.token.take();
                let code = print_answer(&subject.target.url, &carried);
                let Some(token) = token else { return Ok(code) };
                Some(token.secret)
            }
        };
        let request = request(target, &trigger, body, token.as_ref(), common::moment())?;
        show(&request, &trigger);
        let carried = subject
            .target
            .sender
            .send(RequestKind::Webhook, &request, SendMode::Whole, &target.policy)
            .await;
        Ok(print_answer(&subject.target.url, &carried))
    }

    /// The body as JSON. With `--raw` it need not be JSON.
    fn parse(&self, name: &str, body: &Bytes) -> Result<Option<Json>, CliError> {
        match serde_json::from_slice(body) {
            Ok(json) => Ok(Some(json)),
            Err(_) if self.raw => Ok(None),
            Err(error) => {
                let source = String::from_utf8_lossy(body).into_owned();
                let beyond_us = unreadable::beyond_us(&error);
                let text = error.to_string();
                Err(Problem {
                    file: name.to_owned(),
                    source: source.into(),
                    line: error.line().max(1),
                    column: error.column().max(1),
                    length: 1,
                    title: format!("the body {}", beyond_us.unwrap_or("is not JSON")),
                    label: text.split(" at line ").next().unwrap_or(&text).to_owned(),
                    help: vec!["to send it anyway, add --raw and --trigger".to_owned()],
                }
                .into())
            }
        }
    }

    fn trigger(
        &self,
        vendor: &'static dyn Vendor,
        json: Option<&Json>,
    ) -> Result<String, CliError> {
        let catalogue = vendor.catalogue();
        let in_body = catalogue
            .trigger_pointer
            .and_then(|pointer| json?.pointer(pointer)?.as_str().map(str::to_owned));
        let named = self.trigger.clone().or(in_body).ok_or_else(|| {
            CliError::Usage("the body does not name its trigger: give --trigger NAME".to_owned())
        })?;
        if catalogue.trigger(&named).is_some() {
            return Ok(named);
        }
        let known = || catalogue.triggers.iter().map(|trigger| trigger.name);
        let near = did_you_mean(&named, known())
            .map_or(String::new(), |question| format!(" ({question})"));
        Err(CliError::Usage(format!(
            "{} has no trigger `{named}`{near}. There are {}. To send an unknown trigger, give --trigger with a known one: its URL is used",
            catalogue.title,
            names(known()),
        )))
    }
}

/// The request for the token that the webhook will carry, if the vendor uses tokens.
pub fn token_request(target: &VendorTarget) -> Option<Request> {
    match &target.policy.authentication {
        Authentication::Token(oauth) => token::request(oauth, &oauth.client, None),
        _ => None,
    }
}

/// The request for a body, signed for this moment.
///
/// # Errors
/// If there is no secret to sign it with, or its trigger has no URL.
pub fn request(
    target: &VendorTarget,
    trigger: &str,
    body: Bytes,
    token: Option<&Secret>,
    moment: Moment,
) -> Result<Request, CliError> {
    let route = target.route();
    if sign::lacks_secret(&route.policy.authentication) {
        let vendor = target.vendor.catalogue();
        return Err(CliError::Usage(format!(
            "{} signs its webhooks, but has no secret: give `vendors.{}` a `secret` in standin.yaml",
            vendor.title, vendor.vendor
        )));
    }
    route.request(trigger, body, token, moment).ok_or_else(|| {
        CliError::Usage(format!("{trigger} has no URL: add it under `deliver` in standin.yaml"))
    })
}

/// Prints a note about each key that the vendor would send and the body lacks. The body is sent
/// anyway.
fn warn(vendor: &'static dyn Vendor, target: &VendorTarget, trigger: &str, json: &Json) {
    let Some(schema) = vendor.schema(target.profile, trigger) else {
        say!("note: profile {} has no {trigger}", target.profile.name);
        return;
    };
    for missing in missing(&schema, json, "") {
        say!(
            "note: {missing} is missing; the vendor would send it (profile {})",
            target.profile.name
        );
    }
}

/// The keys that a schema requires and a body lacks.
fn missing(schema: &Json, json: &Json, path: &str) -> Vec<String> {
    let mut found = Vec::new();
    for key in schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        if json.get(key).is_none() {
            found.push(format!("{path}{key}"));
        }
    }
    for (key, below) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(value) = json.get(key).filter(|value| value.is_object()) {
            found.extend(missing(below, value, &format!("{path}{key}.")));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::settings::{BUILT_IN, Overrides, read};
    use crate::model::policy::{Signature, SignedPart};

    #[test]
    fn signing_needs_a_secret() {
        let registry = crate::vendors::registry::shipped();
        let subject = read(registry, "standin.yaml", BUILT_IN, &Overrides::default());
        let subject = subject.expect("built-in");
        let mut target = subject.target.vendors.values().next().expect("a vendor").clone();
        let trigger = target.vendor.catalogue().triggers[0].name;
        let signing = |secret: Option<&str>| {
            Authentication::Signature(Signature {
                header: "X-Signature".to_owned(),
                secret: secret.map(Secret::new),
                over: vec![SignedPart::Body],
                ..Signature::default()
            })
        };
        target.policy.authentication = signing(None);
        let told = match request(&target, trigger, Bytes::new(), None, Moment::default()) {
            Err(CliError::Usage(told)) => told,
            other => panic!("it cannot be sent: {other:?}"),
        };
        assert!(told.contains("has no secret"), "{told}");
        target.policy.authentication = signing(Some("s3cr3t"));
        let signed =
            request(&target, trigger, Bytes::new(), None, Moment::default()).expect("a request");
        assert!(signed.headers.iter().any(|header| header.name == "X-Signature"));
    }
}
