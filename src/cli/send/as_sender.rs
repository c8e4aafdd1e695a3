//! `standin send --as`: signs and sends one body as a well-known sender does, or one of the user's own.

use bytes::Bytes;
use clap::Args;
use jiff::Timestamp;

use super::exchange::{print_answer, show};
use crate::cli::common::{self, ReceiverArgs};
use crate::cli::errors::{CliError, PASSED};
use crate::cli::sender::{self, KeyArgs};
use crate::cli::settings::deliver::absolute;
use crate::delivery::target::{http_url, path_or_url};
use crate::model::signature::Moment;
use crate::model::{Address, Authentication, RequestKind, Secret};
use crate::policy::wire::SendMode;
use crate::policy::{Header, HeaderValue, Request};
use crate::vendors::Registry;

/// What only `--as` takes.
#[derive(Args)]
pub struct AsSender {
    /// Sign as this sender does (`standin senders` lists them)
    #[arg(long = "as", value_name = "SENDER", conflicts_with = "trigger")]
    pub sender: Option<String>,
    /// With --as: the URL to send to, or its path at the receiver [default: that of the receiver]
    #[arg(long, value_name = "URL", requires = "sender", value_parser = common::part)]
    url: Option<String>,
    /// With --as: the URL under which the sender knows the receiver, if it signs it [default: the one they go to]
    #[arg(long, value_name = "URL", requires = "sender", value_parser = common::part)]
    signed_url: Option<String>,
    /// With --as: one more header, `Name: value`, such as the type of the event (may be repeated)
    #[arg(long, value_name = "HEADER", value_parser = sender::extra_header, requires = "sender")]
    header: Vec<(String, String)>,
    /// With --as: the type of the body [default: the sender's, which mostly is application/json]
    #[arg(long, value_name = "TYPE", requires = "sender")]
    content_type: Option<String>,
    /// With --as: the id of the message; a retry has the same one [default: a new one]
    #[arg(long, value_name = "ID", requires = "sender", value_parser = common::part)]
    id: Option<String>,
    /// With --as: the time of sending [default: now]
    #[arg(long, value_name = "RFC3339", requires = "sender")]
    at: Option<Timestamp>,
    #[command(flatten)]
    keys: KeyArgs,
}

/// What is to be sent, and how.
pub struct Order<'a> {
    /// What only `--as` takes.
    pub args: &'a AsSender,
    /// The receiver under test.
    pub receiver: &'a ReceiverArgs,
    /// The body.
    pub body: Bytes,
    /// Whether the request is only shown.
    pub dry_run: bool,
}

impl Order<'_> {
    /// Sends the body as this sender.
    pub async fn run(self, name: &str, registry: Registry) -> Result<u8, CliError> {
        let args = self.args;
        let sender = sender::sender(name, registry, self.receiver.config())?;
        sender.say_file();
        let policy = sender::policy(&sender, &args.keys)?;
        let subject = self.receiver.load(registry)?;
        let allowed = subject.target.sender.allowed();
        let base = &subject.target.url;
        let given = args.url.as_deref().unwrap_or_default();
        path_or_url(given).map_err(|why| CliError::Usage(format!("--url: {why}")))?;
        let url = if given.is_empty() { base.clone() } else { absolute(base, given) };
        // A sender of the user's own has said its file already.
        let unsaid = subject.notice.as_ref().filter(|_| sender.is_well_known());
        if let Some(notice) = unsaid.filter(|_| !given.contains("://")) {
            say!("{notice}");
        }
        let sent = allowed.check(&url).map_err(|why| CliError::Usage(why.to_string()))?;
        let sent = String::from(sent);
        let known = match &args.signed_url {
            // Nothing is sent to it, so it needs no leave.
            Some(url) => {
                http_url(url).map(String::from).map_err(|why| CliError::Usage(why.to_string()))?
            }
            None => sent.clone(),
        };
        let headers = sender.headers_besides(&args.header).collect();
        let address = Address { known, headers, ..sent.into() };
        let content_type = args.content_type.as_deref().unwrap_or(sender.content_type);
        let request = args.request(&policy.authentication, address, (content_type, self.body))?;
        show(&request, "");
        if self.dry_run {
            return Ok(PASSED);
        }
        let carrier = &subject.target.sender;
        common::say_unchecked(&subject);
        common::must_accept(carrier, &request.address.sent).await?;
        let carried = carrier.send(RequestKind::Webhook, &request, SendMode::Whole, &policy).await;
        Ok(print_answer(&request.shown_url(""), &carried))
    }
}

impl AsSender {
    fn request(
        &self,
        authentication: &Authentication,
        address: Address,
        typed: (&str, Bytes),
    ) -> Result<Request, CliError> {
        let mut moment = common::moment();
        if let Some(at) = self.at {
            moment.at_s = at.as_second();
        }
        if let Some(id) = &self.id {
            moment.id.clone_from(id);
        }
        must_be_sendable(&moment, typed.0)?;
        let mut request = Request::typed(authentication, address, typed, None, moment, None);
        for (name, value) in &self.header {
            if request.headers.iter().any(|one| one.name.eq_ignore_ascii_case(name)) {
                return Err(CliError::Usage(format!(
                    "the header {name} is the sender's own: leave out --header for it"
                )));
            }
            // It may be a secret of the user's.
            let value = HeaderValue::Secret(Secret::new(value.as_str()));
            request.headers.push(Header { name: name.clone(), value });
        }
        Ok(request)
    }
}

/// What becomes a header must be allowed in one.
fn must_be_sendable(moment: &Moment, content_type: &str) -> Result<(), CliError> {
    for (option, value) in [("--id", moment.id.as_str()), ("--content-type", content_type)] {
        if value.is_empty() || !crate::policy::sign::is_sendable(value) {
            return Err(CliError::Usage(format!(
                "{option} takes printable ASCII without white space at its ends"
            )));
        }
    }
    Ok(())
}
