//! The keys about TLS in the receiver's section: whose certificates it may show, and what it is shown.

use serde_saphyr::Spanned;

use super::keys::ReceiverSection;
use super::source::{Source, keep};
use crate::cli::files;
use crate::delivery::trust::{IdentityProblem, Loopback};
use crate::delivery::{Allowed, Trust};
use crate::model::Problem;

/// The most bytes of a PEM file that are read: all authorities of a platform are a quarter of it.
const LARGEST_FILE: u64 = 1024 * 1024;

/// What to write where a key is wrong.
const AUTHORITY: &str = "name a PEM file with the certificate of the authority";
const CERTIFICATE: &str = "name a PEM file with the client certificate";
const KEY: &str =
    "name a PEM file with the private key of the client certificate, without a passphrase";

/// Reads them. `url` is the receiver's. Adds each mistake to the list: a wrong value, or a file that cannot be used.
pub fn read(
    source: &Source<'_>,
    receiver: &ReceiverSection,
    url: &str,
    problems: &mut Vec<Problem>,
) -> Trust {
    let mut trust = Trust::default();
    if let Some(given) = &receiver.ca_file {
        let with = text(source, given, AUTHORITY).and_then(|text| {
            let with = trust.clone().with_authorities(&text);
            with.map_err(|why| unusable(source, given, &why, AUTHORITY))
        });
        trust = keep(with, problems).unwrap_or(trust);
    }
    trust = with_identity(source, receiver, trust, problems);
    if let Some(given) = receiver.insecure.as_ref().filter(|given| given.value) {
        if Allowed::default().check(url).is_err() {
            let title = "`insecure` is only for a receiver on loopback";
            let help = "name the authority of its certificate in `ca_file`".to_owned();
            problems.push(source.problem(given.referenced, title, &[help]));
        }
        trust = trust.with_loopback(Loopback::Unchecked);
    }
    trust
}

/// The same, with a certificate of the client if one is named.
fn with_identity(
    source: &Source<'_>,
    receiver: &ReceiverSection,
    trust: Trust,
    problems: &mut Vec<Problem>,
) -> Trust {
    let Some(certificate) = &receiver.client_cert_file else {
        problems.extend(receiver.client_key_file.as_ref().map(|key| {
            let title = "`client_key_file` needs `client_cert_file`";
            source.problem(key.referenced, title, &[CERTIFICATE.to_owned()])
        }));
        return trust;
    };
    let key_place = receiver.client_key_file.as_ref().unwrap_or(certificate);
    let chain = keep(text(source, certificate, CERTIFICATE), problems);
    let key = match &receiver.client_key_file {
        None => chain.clone(),
        Some(place) => keep(text(source, place, KEY), problems),
    };
    let (Some(chain), Some(key)) = (chain, key) else { return trust };
    let with = trust.clone().with_identity(&chain, &key).map_err(|problem| match problem {
        IdentityProblem::Certificate(why) => unusable(source, certificate, &why, CERTIFICATE),
        IdentityProblem::Key(why) => unusable(source, key_place, &why, KEY),
    });
    keep(with, problems).unwrap_or(trust)
}

/// The text of a PEM file. A key that was put there by mistake is not shown.
fn text(source: &Source<'_>, given: &Spanned<String>, help: &str) -> Result<String, Problem> {
    let text = files::text_at_most(LARGEST_FILE, &source.beside(&given.value));
    text.map_err(|why| unusable(source, given, &why, help))
}

fn unusable(source: &Source<'_>, given: &Spanned<String>, why: &str, help: &str) -> Problem {
    let path = files::shown(&source.beside(&given.value));
    let title = format!("`{path}` cannot be used: {why}");
    source.problem(given.referenced, title, &[help.to_owned()])
}
