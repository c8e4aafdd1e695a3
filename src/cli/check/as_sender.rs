//! `standin check --as`: the contract of a sender, well-known or the user's own, with a body of the user's.

mod needs;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::Value as Json;

use self::needs::{NEEDS, Traits};
use crate::cli::common;
use crate::cli::errors::CliError;
use crate::cli::files;
use crate::cli::sender::{self, KeyArgs};
use crate::cli::settings::deliver::absolute;
use crate::cli::settings::request_headers::unfit;
use crate::clock;
use crate::contract::Plan;
use crate::delivery::target::{http_url, path_or_url};
use crate::driver::VendorTarget;
use crate::model::address::RequestForm;
use crate::model::api_fault::Race;
use crate::model::{Address, Authentication, Policy, Retries, unreadable};
use crate::policy::damage::form;
use crate::policy::handshake::Handshake;
use crate::policy::header::{FORM, JSON, is_of_type};
use crate::policy::sign::{self, is_sendable};
use crate::policy::verify::signs_url;
use crate::policy::{damage, url};
use crate::text::shell;
use crate::under_test::UnderTest;
use crate::vendors::api::GivenApiKeys;
use crate::vendors::sender::{EventBody, Sender};
use crate::vendors::{Registry, Vendor};

/// What only `--as` takes.
#[derive(Args)]
pub struct AsSender {
    /// Run the contract of this sender instead of the vendors' (`standin senders` lists them)
    #[arg(
        long = "as",
        value_name = "SENDER",
        requires = "body",
        requires = "deliver",
        conflicts_with_all = ["vendor", "serve", "start", "write_known"]
    )]
    sender: Option<String>,
    /// With --as: the file with the body of every webhook, in JSON or as a form
    #[arg(long, value_name = "FILE", requires = "sender")]
    body: Option<PathBuf>,
    /// With --as: where the webhooks go, a path below `receiver.url` or a URL
    #[arg(long, value_name = "PATH", requires = "sender", value_parser = common::part)]
    deliver: Option<String>,
    /// With --as: the type of the body, such as application/x-www-form-urlencoded [default: the sender's, which
    /// mostly is application/json]
    #[arg(long, value_name = "TYPE", requires = "sender", value_parser = common::part)]
    content_type: Option<String>,
    /// With --as: where the body has the id of the event, as a JSON pointer such as /id, or as the name of a form's
    /// field; each event gets an id of its own there [default: all bodies are the same]
    #[arg(long, value_name = "POINTER", requires = "sender", value_parser = common::part)]
    id: Option<String>,
    /// With --as: the URL under which the sender knows the receiver, if it signs it [default: the one they go to]
    #[arg(long, value_name = "URL", requires = "sender", value_parser = common::part)]
    signed_url: Option<String>,
    /// With --as: one more header, `Name: value`, such as the type of the event; reports show it (may be
    /// repeated)
    #[arg(long, value_name = "HEADER", value_parser = sender::header, requires = "sender")]
    header: Vec<(String, String)>,
    #[command(flatten)]
    keys: KeyArgs,
}

/// The largest body. Each scenario has several of them, and one makes it larger.
const LARGEST: u64 = 256 * 1024;

/// How long before the tolerance of a time of sending is over a run ends: its webhooks are signed for the time
/// at which it began, some of them for a minute earlier.
const MARGIN: Duration = Duration::from_secs(90);

/// A sender that is played in place of the vendors.
pub struct Played {
    /// The receiver under test, and the sender as its only vendor.
    pub subject: UnderTest,
    /// The tags of the scenarios that are about this sender.
    pub tags: Option<String>,
    /// How long the run may take, so that what is signed does not get too old.
    pub longest: Option<Duration>,
}

impl AsSender {
    /// Whether a sender is played.
    pub fn is_given(&self) -> bool {
        self.sender.is_some()
    }

    /// The file that is watched besides the features.
    pub fn body(&self) -> Option<&PathBuf> {
        self.body.as_ref()
    }

    /// Whether the body comes from standard input.
    pub fn reads_stdin(&self) -> bool {
        self.body.as_ref().is_some_and(|path| path.as_os_str() == "-")
    }

    /// Puts the sender in place of the vendors.
    ///
    /// # Errors
    /// If there is no such sender, it has no key, the body is not JSON, or its address is not allowed.
    pub fn play(&self, subject: UnderTest) -> Result<Played, CliError> {
        let (Some(body), Some(deliver)) = (&self.body, &self.deliver) else {
            return Err(CliError::Usage("--as needs --body and --deliver".to_owned()));
        };
        let name = self.sender.as_deref().unwrap_or_default();
        let sender = sender::sender(name, subject.registry, subject.named.as_deref())?;
        let mut policy = sender::policy(&sender, &self.keys)?;
        let within = sender.answer_within_s.map(Duration::from_secs);
        policy.answer_within = within.unwrap_or(subject.target.ack_within);
        // Scenarios that need retries say so. Others would only be longer.
        policy.retries = Retries::default();
        let signature = match &policy.authentication {
            Authentication::Signature(signature) => Some(signature),
            _ => None,
        };
        if self.signed_url.is_some() && !signature.is_some_and(signs_url) {
            return Err(CliError::Usage(format!("--signed-url: {} signs no URL", sender.name)));
        }
        let (file, body) = files::read_or_stdin(LARGEST, body)?;
        let content_type = self.content_type(&sender)?;
        let body = match is_of_type(content_type, FORM) {
            true => self.forms(&file, body)?,
            false => self.events(&file, body)?,
        };
        let login = (&sender, &policy.authentication);
        let address = self.address(&subject, deliver, login, content_type)?;
        let token =
            matches!(&policy.authentication, Authentication::Headers(one) if !one.is_empty());
        let handshake = sender.handshake.map(|handshake| handshake.answer);
        let traits = Traits { signature, token, handshake, content_type };
        let lacks = NEEDS.iter().filter(|(_, has)| !has(&traits));
        let tags: Vec<String> = lacks.map(|(tag, _)| format!("not @{tag}")).collect();
        let longest = signature
            .and_then(|signature| signature.tolerance_s)
            .map(|longest| Duration::from_secs(longest).saturating_sub(MARGIN));
        let mut played = Sender::new(policy.clone(), body);
        if let Some(handshake) = sender.handshake {
            played = played.shaking_hands(handshake.body);
        }
        let vendor: &'static dyn Vendor = Box::leak(Box::new(played));
        let registry = Registry::new(Box::leak(Box::new([vendor])));
        let mut subject = UnderTest { registry, probes: BTreeMap::new(), ..subject };
        subject.target.ack_within = policy.answer_within;
        let name = vendor.catalogue().vendor;
        let tried = sender.handshake.map_or_else(|| address.clone(), |one| tried(&address, one));
        subject.target.vendors = [(name, target(vendor, policy, [address, tried]))].into();
        let tags = Some(tags.join(" and ")).filter(|tags| !tags.is_empty());
        Ok(Played { subject, tags, longest })
    }

    /// Lets the time begin now: receivers compare the time of sending with their own clock.
    pub fn begin(&self, plans: &mut [Plan]) {
        if self.is_given() {
            let now = clock::real_time();
            plans.iter_mut().flat_map(|plan| &mut plan.scenarios).for_each(|one| one.start = now);
        }
    }

    /// The content type of all events.
    fn content_type<'a>(&'a self, sender: &sender::Sender) -> Result<&'a str, CliError> {
        let Some(given) = &self.content_type else { return Ok(sender.content_type) };
        if given.is_empty() || !is_sendable(given) {
            return Err(CliError::Usage(
                "--content-type takes printable ASCII without white space at its ends".to_owned(),
            ));
        }
        Ok(given)
    }

    /// The bodies of all events, as forms.
    fn forms(&self, file: &str, mut body: Vec<u8>) -> Result<EventBody, CliError> {
        // The line break that ends a text file is no part of a form.
        for end in [b'\n', b'\r'] {
            if body.last() == Some(&end) {
                body.pop();
            }
        }
        if !form::is_form(&body) {
            return Err(CliError::Usage(format!(
                "{file}: the body is no form, and its type says so: write `name=value`, with `&` between fields and \
                 with escapes such as %20"
            )));
        }
        match &self.id {
            None => Ok(EventBody::same(body.into())),
            Some(name) => EventBody::with_ids_in_field(body.into(), name)
                .map_err(|why| CliError::Usage(format!("--id {name}: {why}"))),
        }
    }

    /// The bodies of all events, in JSON.
    fn events(&self, file: &str, body: Vec<u8>) -> Result<EventBody, CliError> {
        let wrong = |why: String| CliError::Usage(format!("{file}: {why}"));
        match damage::read(&body) {
            Ok(Json::Object(_) | Json::Array(_)) if std::str::from_utf8(&body).is_ok() => {}
            Ok(_) => {
                return Err(wrong(
                    "the contract of a sender needs a body that is a JSON object or a list"
                        .to_owned(),
                ));
            }
            Err(error) => {
                let why = unreadable::beyond_us(&error).unwrap_or("is not JSON");
                return Err(wrong(format!(
                    "the body {why} ({error}), and the contract of a sender needs one that it can change: JSON, or a \
                     form with --content-type {FORM}"
                )));
            }
        }
        match &self.id {
            None => Ok(EventBody::same(body.into())),
            Some(pointer) => EventBody::with_ids(body.into(), pointer)
                .map_err(|why| CliError::Usage(format!("--id {pointer}: {why}"))),
        }
    }

    /// Where the webhooks go, and what they have besides their own headers.
    fn address(
        &self,
        subject: &UnderTest,
        deliver: &str,
        (sender, login): (&sender::Sender, &Authentication),
        content_type: &str,
    ) -> Result<Address, CliError> {
        let wrong = |option: &str, why: &dyn ToString| {
            CliError::Usage(format!("{option}: {}", why.to_string()))
        };
        path_or_url(deliver).map_err(|why| wrong("--deliver", &why))?;
        let allowed = subject.target.sender.allowed();
        let sent = allowed
            .check(&absolute(&subject.target.url, deliver))
            .map_err(|why| wrong("--deliver", &why))?;
        // Nothing is sent to the other URL, so it needs no leave.
        let known = self.signed_url.as_deref().map(http_url).transpose();
        let known = known.map_err(|why| wrong("--signed-url", &why))?;
        let known = known.unwrap_or_else(|| sent.clone()).into();
        let own = sign::headers(login);
        for (place, (name, value)) in self.header.iter().enumerate() {
            if let Some((why, _)) = unfit(name, value) {
                return Err(wrong("--header", &why));
            }
            let same = |(other, _): &(String, String)| other.eq_ignore_ascii_case(name);
            if self.header[..place].iter().any(same) {
                return Err(wrong("--header", &format!("{name} is given twice")));
            }
            if own.iter().any(|one| one.eq_ignore_ascii_case(name)) {
                return Err(wrong(
                    "--header",
                    &format!("{name} is the sender's own: leave it out"),
                ));
            }
        }
        let headers =
            sender.headers_besides(&self.header).chain(self.header.iter().cloned()).collect();
        let content_type = (content_type != JSON).then(|| content_type.into());
        let form = RequestForm { content_type, ..RequestForm::default() };
        Ok(Address { sent: sent.into(), known, headers, form })
    }

    /// The same arguments as text, for the command that repeats a run.
    pub fn to_arguments(&self) -> String {
        let option = |name: &str, value: &str| format!(" --{name} {}", shell::word(value));
        let path = |path: &PathBuf| path.display().to_string();
        // Values in a query may be secrets.
        let url = |url: &String| url::shown(url, &[]);
        let given = [
            ("as", self.sender.clone()),
            ("body", self.body.as_ref().map(path)),
            ("deliver", self.deliver.as_ref().map(url)),
            ("signed-url", self.signed_url.as_ref().map(url)),
            ("content-type", self.content_type.clone()),
            ("id", self.id.clone()),
        ];
        let given = given.into_iter().filter_map(|(name, value)| Some(option(name, &value?)));
        let headers =
            self.header.iter().map(|(name, value)| option("header", &format!("{name}: {value}")));
        given.chain(headers).chain([self.keys.to_arguments()]).collect()
    }
}

/// The same address for a handshake: with its method, and with its header in place of one of this name.
fn tried(address: &Address, handshake: &Handshake) -> Address {
    // Its body is JSON, whatever events are.
    let form = RequestForm { method: handshake.method, content_type: None };
    let Some((name, value)) = handshake.header else { return Address { form, ..address.clone() } };
    let others = address.headers.iter().filter(|(other, _)| !other.eq_ignore_ascii_case(name));
    let headers = others.cloned().chain([(name.to_owned(), value.to_owned())]);
    Address { headers: headers.collect(), form, ..address.clone() }
}

/// The sender, with the addresses of its events and of its handshake.
fn target(vendor: &'static dyn Vendor, policy: Policy, addresses: [Address; 2]) -> VendorTarget {
    let catalogue = vendor.catalogue();
    let triggers = catalogue.triggers.iter().zip(addresses);
    VendorTarget {
        vendor,
        profile: catalogue.default_profile(),
        profile_named: false,
        settings: BTreeMap::new(),
        policy,
        urls: triggers.map(|(one, address)| (one.name.to_owned(), address)).collect(),
        api_keys: GivenApiKeys::default(),
        race: Race::default(),
    }
}
