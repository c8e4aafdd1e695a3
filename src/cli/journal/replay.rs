//! `standin journal replay`: sends the webhooks of a journal again, with new signatures.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;

use super::recorded::{self, Request};
use super::seed::{SeedBytes, Seeds};
use super::selection::{Selection, open};
use crate::cli::common::{self, COLOUR, ReceiverArgs, WaitArg};
use crate::cli::errors::{BROKEN, BUG, CliError, PASSED, UNREACHABLE};
use crate::cli::{interrupt, send};
use crate::clock;
use crate::driver::VendorTarget;
use crate::journal::sqlite::Reader;
use crate::model::signature::Sending;
use crate::model::{Attempt, Failure, Outcome, RequestKind, Subject, Webhook};
use crate::policy::sign;
use crate::policy::wire::{SendMode, SendResult};
use crate::report::play::{Transcript, Vendors};
use crate::text::counted;
use crate::under_test::UnderTest;
use crate::vendors::{Registry, sender};

/// Send the webhooks of a journal again, in order and with new signatures
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin journal replay run.journal --target http://127.0.0.1:9000\n  standin journal replay run.journal --run 3 --failed\n  standin journal replay run.journal --config staging.yaml --target https://staging.example.test --allow-host staging.example.test\n\nIt repeats every webhook request that was sent, with retries and duplicates, and does not wait.\nThe bytes are those of the journal. URLs, credentials and tokens are those of standin.yaml.\n\nExits with 0 if the receiver accepts all of them, 1 if it does not, 3 if it cannot be reached."
)]
pub struct Replay {
    /// The journal
    file: PathBuf,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    receiver: ReceiverArgs,
}

/// The totals of the replay.
#[derive(Default)]
struct Tally {
    accepted: usize,
    refused: usize,
    unreachable: usize,
    /// Not sent, because this machine lacked something.
    local: usize,
    skipped: usize,
    other_bytes: usize,
}

/// Sends requests again.
struct Resender<'a> {
    subject: &'a UnderTest,
    registry: Registry,
    seeds: Seeds<'a>,
    transcript: Transcript,
    tally: Tally,
}

impl Replay {
    /// Sends the webhooks.
    pub async fn run(self, registry: Registry) -> Result<u8, CliError> {
        let reader = open(&self.file)?;
        let subject = self.receiver.load(registry)?;
        let mut in_play = BTreeSet::new();
        recorded::each(&reader, &self.selection, |request| {
            in_play.insert(request.recorded.vendor);
            Ok(())
        })?;
        let is_in_play = |vendor: &str| in_play.contains(vendor);
        common::must_listen(&subject, is_in_play, WaitArg::default()).await?;
        let mut resender = Resender {
            subject: &subject,
            registry,
            seeds: Seeds::new(&reader, registry, &subject),
            transcript: Transcript::new(COLOUR, Vendors::Any).within(common::columns()),
            tally: Tally::default(),
        };
        let replayed = tokio::select! {
            replayed = self.send_all(&reader, &mut resender) => {
                replayed?;
                true
            }
            () = interrupt::first() => false,
        };
        let code = resender.tally.sum_up();
        if !replayed {
            say!("stopped before the end of the journal");
            return Ok(code.unwrap_or(BROKEN));
        }
        code
    }

    async fn send_all(&self, reader: &Reader, resender: &mut Resender<'_>) -> Result<(), CliError> {
        let mut after = 0;
        while let Some((requests, last)) = recorded::page(reader, &self.selection, after)? {
            after = last;
            for request in requests {
                if request.recorded.request == RequestKind::Webhook.name() {
                    resender.send(&request).await?;
                }
            }
        }
        Ok(())
    }
}

impl Resender<'_> {
    async fn send(&mut self, request: &Request) -> Result<(), CliError> {
        let recorded = &request.recorded;
        let Some((target, webhook)) = self.known(request) else {
            let (vendor, trigger) = (&recorded.vendor, &recorded.trigger);
            let skipped = if *vendor == sender::NAME {
                format!("{trigger}: `check --as` sends it again, and a replay cannot: skipped")
            } else {
                format!("{vendor} {trigger} is not set up in standin.yaml: skipped")
            };
            common::print_last(&self.transcript.aside(&skipped));
            self.tally.skipped += 1;
            return Ok(());
        };
        let (attempt, kind) = send_webhook(self.subject, target, request, &webhook).await?;
        self.tally.count(&attempt.outcome);
        common::print_last(&self.transcript.attempt(&webhook, &attempt));
        let status = recorded.status.map(|status| format!("{status} ")).unwrap_or_default();
        let mut about = format!("then {status}{}", recorded.why);
        if kind == RequestKind::Token {
            about += " · no token, so the webhook was not sent";
        }
        about += match self.seeds.compare(request.row.run, webhook.seq)? {
            SeedBytes::Same => " · the seed gives the same bytes",
            SeedBytes::Different => {
                self.tally.other_bytes += 1;
                " · the seed gives other bytes"
            }
        };
        if let Some(fault) = &recorded.fault {
            about += &format!(" · was struck by: {fault}");
        }
        common::print_last(&self.transcript.aside(&about));
        Ok(())
    }

    /// The webhook of a request and the route to the receiver, if standin.yaml sets it up.
    fn known(&self, request: &Request) -> Option<(&VendorTarget, Webhook)> {
        let recorded = &request.recorded;
        let catalogue = self.registry.find(&recorded.vendor)?.catalogue();
        let target = self.subject.target.vendors.get(catalogue.vendor)?;
        let trigger = catalogue.trigger(&recorded.trigger)?.name;
        target.urls.get(trigger)?;
        let kind = catalogue.subjects.iter().find(|subject| subject.kind == recorded.kind)?.kind;
        let webhook = Webhook {
            seq: request.row.seq?,
            at: request.row.at,
            vendor: catalogue.vendor,
            account: recorded.account.as_str().into(),
            trigger,
            subject: Subject { kind, id: recorded.id.clone() },
            name: recorded.name.as_deref().map(Into::into),
            action: "",
            body: recorded.body.clone(),
        };
        Some((target, webhook))
    }
}

/// Sends a webhook, after a token request if it needs a token. Returns the kind and the result of
/// the last request.
async fn send_webhook(
    subject: &UnderTest,
    target: &VendorTarget,
    request: &Request,
    webhook: &Webhook,
) -> Result<(Attempt, RequestKind), CliError> {
    let sender = &subject.target.sender;
    let mut token = None;
    if let Some(ask) = send::token_request(target) {
        let kind = RequestKind::Token;
        let mut result = sender.send(kind, &ask, SendMode::Whole, &target.policy).await;
        token = result.token.take().map(|token| token.secret);
        if token.is_none() {
            return Ok((attempt(request, &ask, kind, result), kind));
        }
    }
    let body = webhook.body.clone();
    let sending = Sending::first(clock::real_time());
    let moment = sign::moment(&target.policy.authentication, webhook, sending);
    let request_again = send::request(target, webhook.trigger, body, token.as_ref(), moment)?;
    let kind = RequestKind::Webhook;
    let result = sender.send(kind, &request_again, SendMode::Whole, &target.policy).await;
    Ok((attempt(request, &request_again, kind, result), kind))
}

fn attempt(
    of: &Request,
    request: &crate::policy::Request,
    kind: RequestKind,
    result: SendResult,
) -> Attempt {
    Attempt {
        request: kind,
        delivery: of.row.seq.unwrap_or(0),
        number: of.recorded.number,
        at: of.row.at,
        method: request.address.form.method,
        url: request.shown_url(&of.recorded.trigger),
        signed_url: request.shown_signed_url(&of.recorded.trigger),
        headers: request.shown_headers(),
        body: request.shown_body().clone(),
        fault: None,
        outcome: result.outcome,
        answer: result.answer,
        took: result.took,
    }
}

impl Tally {
    fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Accepted => self.accepted += 1,
            Outcome::Failed(Failure::Local(_)) => self.local += 1,
            Outcome::Failed(Failure::Unreachable(_)) => self.unreachable += 1,
            _ => self.refused += 1,
        }
    }

    /// Prints the totals and returns the exit code.
    fn sum_up(&self) -> Result<u8, CliError> {
        let sent = self.accepted + self.refused + self.unreachable + self.local;
        if sent + self.skipped == 0 {
            let why = "no webhook request in the journal matches";
            return Err(CliError::Usage(why.to_owned()));
        }
        let (accepted, refused) = (self.accepted, sent - self.accepted);
        let sent = counted(sent as u64, "webhook");
        say!("{sent} sent again: {accepted} accepted, {refused} not");
        if self.skipped > 0 {
            say!("{} skipped: standin.yaml does not set them up", self.skipped);
        }
        match self.other_bytes {
            0 => say!("their seeds still give the same bytes"),
            others => say!(
                "warning: for {others} of them the seed gives other bytes; those of the journal were sent"
            ),
        }
        Ok(match (self.refused + self.skipped, self.unreachable) {
            _ if self.local > 0 => BUG,
            (0, 0) => PASSED,
            (0, _) => UNREACHABLE,
            _ => BROKEN,
        })
    }
}
