//! `standin sign`: the signature of a body, as the vendor would make it. A `curl` line of a report uses
//! it, since a report shows no signature.
//!
//! It prints what is computed from a secret, and never a secret: a vendor with fixed headers or with
//! tokens has nothing to compute.

use std::path::PathBuf;

use clap::Args;

use super::common::{self, ReceiverArgs};
use super::errors::{CliError, PASSED};
use super::files;
use crate::driver::VendorTarget;
use crate::model::policy::Signature;
use crate::model::{Authentication, Secret};
use crate::policy::signed::{self, Message};
use crate::policy::verify::signs_url;
use crate::policy::{HeaderValue, sign, url};
use crate::text::names;
use crate::vendors::Registry;

/// Compute the signature of a body, as the vendor would
#[derive(Args)]
#[command(
    after_help = "It prints the value of the header and nothing else. The secret comes from standin.yaml.\n\nExamples:\n  standin sign --vendor waitwhile < body.json\n  standin sign --vendor waitwhile --body body.json --url https://hooks.example.test/waitwhile\n  curl -i http://127.0.0.1:8080/webhooks/waitwhile --data-binary @body.json \\\n    -H \"X-Waitwhile-Signature: $(standin sign --vendor waitwhile --body body.json)\""
)]
pub struct Sign {
    /// The vendor
    #[arg(long, value_name = "NAME")]
    vendor: String,
    /// The file with the body, or - for standard input
    #[arg(long, value_name = "FILE", default_value = "-")]
    body: PathBuf,
    /// The URL that the signature covers [default: that of `deliver`, if it is one for all triggers]
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The id of the message, if the signature covers one [default: a new one]
    #[arg(long, value_name = "ID", value_parser = common::part)]
    id: Option<String>,
    /// The time of sending in seconds since 1970, if the signature covers it [default: now]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    time: Option<i64>,
    #[command(flatten)]
    receiver: ReceiverArgs,
}

/// The largest body that is read.
const LARGEST: u64 = 64 * 1024 * 1024;

impl Sign {
    /// Prints the signature.
    pub async fn run(self, registry: Registry) -> Result<u8, CliError> {
        let name = common::vendor(registry, &self.vendor)?.catalogue().vendor;
        let subject = self.receiver.load(registry)?;
        common::say_settings(&subject);
        let target = common::set_up(&subject, name)?;
        let signature = self.signature(target)?;
        let url = self.signed_url(target, signature)?;
        let (_, body) = files::read_or_stdin(LARGEST, &self.body)?;
        let mut moment = common::moment();
        moment.id = self.id.clone().unwrap_or(moment.id);
        moment.at_s = self.time.unwrap_or(moment.at_s);
        let (content_type, url) = ("application/json", url.as_str());
        let mut message =
            Message { moment: &moment, method: "POST", url, content_type, body: &body };
        let hashed = signed::url_with_hash(signature, &message);
        message.url = &hashed;
        let headers = sign::credentials(&target.policy.authentication, None, &message, None);
        for header in headers {
            if let HeaderValue::Secret(signature) = &header.value {
                common::print(&format!("{}\n", Secret::reveal(signature)));
            }
        }
        Ok(PASSED)
    }

    /// How the vendor signs.
    fn signature<'a>(&self, target: &'a VendorTarget) -> Result<&'a Signature, CliError> {
        let catalogue = target.vendor.catalogue();
        let Authentication::Signature(signature) = &target.policy.authentication else {
            return Err(CliError::Usage(format!(
                "{} signs nothing: what it sends is a secret of its own, and is not printed. \
                 `standin send --vendor {}` sends a body with it",
                catalogue.title, catalogue.vendor
            )));
        };
        if signature.secret.is_none() {
            return Err(CliError::Usage(format!(
                "there is no secret to sign with: give `vendors.{}` a `secret` in standin.yaml",
                catalogue.vendor
            )));
        }
        Ok(signature)
    }

    /// The URL to sign, if the signature covers one.
    fn signed_url(&self, target: &VendorTarget, signature: &Signature) -> Result<String, CliError> {
        if !signs_url(signature) {
            return Ok(String::new());
        }
        if let Some(url) = &self.url {
            return Ok(url.clone());
        }
        let mut urls: Vec<&str> = target.urls.values().map(|one| one.known.as_str()).collect();
        urls.sort_unstable();
        urls.dedup();
        match urls[..] {
            [url] => Ok(url.to_owned()),
            _ => Err(CliError::Usage(format!(
                "the signature covers the URL: give --url with one of {}",
                names(
                    urls.iter()
                        .map(|url| url::shown(url, &[]))
                        .collect::<Vec<_>>()
                        .iter()
                        .map(String::as_str)
                )
            ))),
        }
    }
}
