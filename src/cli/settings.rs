//! Reads and checks standin.yaml. Every mistake is shown at its place.

mod connections;
mod credentials;
pub mod deliver;
mod environment;
mod form;
mod found;
pub mod headers;
mod ids;
mod key;
mod keys;
mod known;
mod mask;
mod names;
mod oauth;
mod pace;
mod places;
mod probes;
pub mod request_headers;
mod secrets;
mod section;
mod sender_keys;
mod senders;
mod signature;
mod source;
mod trust;
mod values;
mod vendor;
mod vendor_signature;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value as Json;

use deliver::Base;
pub use found::DEFAULT_FILE;
use found::Found;
use keys::{ReceiverSection, SettingsFile};
pub use senders::OwnSender;
use source::{Source, keep};

use super::errors::CliError;
use super::files;
use crate::delivery::target::{host_name, http_url};
use crate::delivery::{Allowed, ClientError, Sender};
use crate::driver::{Target, VendorTarget};
use crate::model::Problem;
use crate::probe::Prober;
use crate::under_test::UnderTest;
use crate::vendors::Registry;
use crate::yaml::{self, Mistakes, Scalar, Single};

/// The settings that apply without a file. They fit the reference receiver, and `standin init`
/// writes them.
pub const BUILT_IN: &str = include_str!("../../templates/standin.yaml");

/// The default of `quiet_for` for a receiver that queues.
const QUIET_IF_QUEUES: Duration = Duration::from_millis(500);

/// What the command line overrides.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--target URL`
    pub target: Option<String>,
    /// `--allow-host HOST`
    pub allow_host: Vec<String>,
    /// `--start RFC3339`
    pub start: Option<Timestamp>,
}

/// The file that is read, if there is one.
pub fn found(named: Option<&Path>) -> Option<PathBuf> {
    match found::find(named, std::env::current_dir()) {
        Found::Here(path) | Found::Above(path) => Some(path),
        Found::Nowhere | Found::Foreign(_) => None,
    }
}

/// Reads the named file, else the nearest standin.yaml, else the built-in settings.
///
/// # Errors
/// If the file cannot be read or anything in it is wrong.
pub fn load(
    registry: Registry,
    file: Option<&Path>,
    overrides: &Overrides,
) -> Result<UnderTest, CliError> {
    let found = found::find(file, std::env::current_dir());
    let notice = found.notice();
    let subject = match found {
        Found::Nowhere | Found::Foreign(_) => {
            read(registry, "built-in settings", BUILT_IN, overrides)
        }
        Found::Here(path) | Found::Above(path) => {
            let text =
                files::read_text(&path).map_err(|error| mask_problems(error, registry, &[]))?;
            read(registry, &path.display().to_string(), &text, overrides)
        }
    }?;
    Ok(UnderTest { notice, named: file.map(Path::to_owned), ..subject })
}

/// The senders of the user's own, and where they are described.
#[derive(Default)]
pub struct OwnSenders {
    /// The file, as a message names it. `None` if no settings file counts.
    pub file: Option<String>,
    /// What to tell a user who may expect another file.
    pub notice: Option<String>,
    /// The senders, by name.
    pub senders: Vec<OwnSender>,
}

/// The senders of the named file, else of the nearest standin.yaml. Its other sections must have the form of a
/// settings file, but their values are not looked at, so they may refer to variables that are not set.
///
/// # Errors
/// If the file cannot be read or anything in them is wrong.
pub fn own_senders(registry: Registry, file: Option<&Path>) -> Result<OwnSenders, CliError> {
    let found = found::find(file, std::env::current_dir());
    let notice = found.notice();
    let path = match found {
        Found::Nowhere => return Ok(OwnSenders::default()),
        Found::Foreign(_) => return Ok(OwnSenders { notice, ..OwnSenders::default() }),
        Found::Here(path) | Found::Above(path) => path,
    };
    let name = path.display().to_string();
    let read = || {
        let text = files::read_text(&path)?;
        let source = Source { registry, file: &name, text: &text, filled: RefCell::default() };
        let (written, mistakes) = parsed(&source)?;
        let mut problems = Vec::new();
        let senders = senders::read(&source, &written.senders, &mut problems);
        let problems = mistakes.with(&text, problems);
        if problems.is_empty() { Ok(senders) } else { Err(problems.into()) }
    };
    let senders = read().map_err(|error| mask_problems(error, registry, &[]))?;
    Ok(OwnSenders { file: Some(name), notice, senders })
}

/// Reads settings from a text.
///
/// # Errors
/// If anything in it is wrong.
pub fn read(
    registry: Registry,
    file: &str,
    text: &str,
    overrides: &Overrides,
) -> Result<UnderTest, CliError> {
    // A mistake is shown with its line, which may contain a secret.
    let source = Source { registry, file, text, filled: RefCell::default() };
    read_unmasked(&source, overrides)
        .map_err(|error| mask_problems(error, registry, &source.filled.borrow()))
}

/// Masks secrets in the lines that are shown, and values from the environment in the messages.
fn mask_problems(error: CliError, registry: Registry, filled: &[String]) -> CliError {
    match error {
        CliError::Problems(problems) => {
            let masked = |problem: Problem| Problem {
                title: mask::without(&problem.title, filled),
                help: problem.help.iter().map(|help| mask::without(help, filled)).collect(),
                ..mask::in_text(registry, problem)
            };
            CliError::Problems(problems.into_iter().map(masked).collect())
        }
        other => other,
    }
}

/// The file as it is written, and the mistakes of its form. What is wrong is as if it was not there.
fn parsed(source: &Source<'_>) -> Result<(SettingsFile, Mistakes), CliError> {
    let (written, mut mistakes) = yaml::read_on(source.file, source.text);
    mistakes.problems.extend(form::mistakes(source));
    match written {
        Some(written) => Ok((written, mistakes)),
        None => Err(mistakes.with(source.text, Vec::new()).into()),
    }
}

/// The mistakes with the references that could not be replaced, and without what follows from them.
fn with_unfilled(mut problems: Vec<Problem>, unfilled: Vec<Problem>) -> Vec<Problem> {
    let place = |problem: &Problem| (problem.line, problem.column);
    problems.retain(|problem| {
        !problem.title.contains(environment::UNFILLED)
            && !unfilled.iter().any(|one| place(one) == place(problem))
    });
    problems.extend(unfilled);
    problems
}

/// A host by its address, for what is read behind a URL that is wrong.
const SOME_HOST: &str = "http://127.0.0.1";

fn read_unmasked(source: &Source<'_>, overrides: &Overrides) -> Result<UnderTest, CliError> {
    let (mut written, mistakes) = parsed(source)?;
    let mut problems = Vec::new();
    let filled = secrets::filled(&written, source.registry);
    let unfilled = source.fill(&mut written);
    let receiver = &written.receiver.take().unwrap_or_default();
    let hosts = hosts(source, receiver, &mut problems);
    let allowed = Allowed::hosts(hosts.iter().chain(&overrides.allow_host));
    let url = url(source, receiver, (overrides, &allowed), &mut problems)?;
    let public_url = keep(public_url(source, receiver), &mut problems).flatten();
    let base = Base { url: url.clone(), public_url, request_headers: Arc::default() };
    let ack_within = keep(ack_within(source, receiver), &mut problems).unwrap_or_default();
    let vendors = vendors(source, &written, (&base, &allowed, ack_within), &mut problems);
    let probes = probes::read(source, &written.probes, &url, &allowed, &mut problems);
    // They are read again where `--as` names one.
    senders::read(source, &written.senders, &mut problems);
    let connects = vendors.values().map(|vendor| vendor.policy.connect_within);
    let connect = connects.min().unwrap_or(ack_within).min(ack_within);
    let trust = trust::read(source, receiver, &url, &mut problems);
    let pace = pace::read(source, receiver, &mut problems);
    let connections = keep(connections::read(source, receiver), &mut problems);
    let waits = waits(source, receiver, &mut problems);
    let tolerance = known::read(source, &written.check, &mut problems);
    let problems = mistakes.with(source.text, with_unfilled(problems, unfilled));
    let (true, Some((connections, family)), Some(waits)) =
        (problems.is_empty(), connections, waits)
    else {
        return Err(problems.into());
    };
    let (believes_within, quiet_for) = waits;
    let secrets = secrets::all(&vendors, &probes, filled);
    let broken = |error: ClientError| CliError::Usage(format!("no HTTP client: {error}"));
    Ok(UnderTest {
        registry: source.registry,
        probes,
        prober: Prober::trusting(
            &trust,
            allowed.clone(),
            believes_within.max(Duration::from_secs(1)),
        )
        .map_err(broken)?
        .keeping(secrets.clone())
        .connecting(connections, family),
        believes_within,
        quiet_for,
        notice: None,
        named: None,
        apis: None,
        fail_on_skipped: written.check.fail_on_skipped,
        features: written.check.features.iter().map(|path| source.beside(path)).collect(),
        tolerance,
        target: Target {
            url,
            sender: Sender::trusting(trust, connect, allowed)
                .map_err(broken)?
                .keeping(secrets)
                .pacing(pace)
                .connecting(connections, family),
            ack_within,
            queues: receiver.queues,
            vendors,
            start: overrides.start.unwrap_or_else(crate::clock::default_start),
        },
    })
}

/// How each vendor reaches the receiver, by the vendor's name.
fn vendors(
    source: &Source<'_>,
    written: &SettingsFile,
    (base, allowed, ack_within): (&Base, &Allowed, Duration),
    problems: &mut Vec<Problem>,
) -> BTreeMap<&'static str, VendorTarget> {
    let mut vendors = BTreeMap::new();
    for (name, section) in &written.vendors {
        if let Some(vendor) = keep(source.vendor(name, section.referenced), problems) {
            match vendor::read(source, vendor, section, base, allowed, ack_within) {
                Ok(target) => _ = vendors.insert(vendor.catalogue().vendor, target),
                Err(more) => problems.extend(more),
            }
        }
    }
    vendors
}

/// How long the receiver may take until it believes something, and how long that must stay the same.
fn waits(
    source: &Source<'_>,
    receiver: &ReceiverSection,
    problems: &mut Vec<Problem>,
) -> Option<(Duration, Duration)> {
    let quiet = if receiver.queues { QUIET_IF_QUEUES } else { Duration::ZERO };
    let believes = source.duration(receiver.believes_within.as_ref(), Duration::from_secs(5));
    let believes = keep(believes, problems);
    let quiet = keep(source.duration(receiver.quiet_for.as_ref(), quiet), problems);
    Some((believes?, quiet?))
}

/// The receiver's base URL. If it is wrong, that of some host.
fn url(
    source: &Source<'_>,
    receiver: &ReceiverSection,
    (overrides, allowed): (&Overrides, &Allowed),
    problems: &mut Vec<Problem>,
) -> Result<String, CliError> {
    if let Some(target) = &overrides.target {
        return base_url(allowed, target)
            .map_err(|why| CliError::Usage(format!("--target: {why}")));
    }
    let url = receiver.url.as_ref().and_then(|given| {
        let wrong = |why| source.problem(given.referenced, why, &[]);
        keep(base_url(allowed, &given.value).map_err(wrong), problems)
    });
    Ok(url.unwrap_or_else(|| SOME_HOST.to_owned()))
}

/// The time limit for an answer.
fn ack_within(source: &Source<'_>, receiver: &ReceiverSection) -> Result<Duration, Problem> {
    let given = receiver.ack_within.as_ref();
    let length = source.duration(given, Duration::from_secs(5))?;
    match given.filter(|_| length.is_zero()) {
        Some(given) => Err(source.problem(
            given.referenced,
            "`ack_within` is longer than 0s: any answer takes some time",
            &[],
        )),
        None => Ok(length),
    }
}

/// The hosts that requests may go to besides loopback.
fn hosts(
    source: &Source<'_>,
    receiver: &ReceiverSection,
    problems: &mut Vec<Problem>,
) -> Vec<String> {
    let Some(given) = &receiver.allow_host else { return Vec::new() };
    let wrong = |why: String| source.problem(given.referenced, format!("`allow_host`: {why}"), &[]);
    let host = |one: &Single| match one {
        Single::Text(text) => host_name(text).map_err(wrong),
        other => Err(wrong(format!("`{other}` is no host"))),
    };
    let all = match &given.value {
        Scalar::Single(one) => std::slice::from_ref(one),
        Scalar::List(list) => list,
    };
    all.iter().filter_map(|one| keep(host(one), problems)).collect()
}

/// The base URL under which the vendors know the receiver. Nothing is sent there, so it may be
/// anywhere.
fn public_url(source: &Source<'_>, receiver: &ReceiverSection) -> Result<Option<String>, Problem> {
    let Some(given) = &receiver.public_url else { return Ok(None) };
    let wrong = |problem: String| source.problem(given.referenced, problem, &[]);
    let url = http_url(&given.value).map_err(|problem| wrong(problem.to_string()))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("a base URL ends with its path".to_owned()));
    }
    Ok(Some(url.as_str().trim_end_matches('/').to_owned()))
}

/// A base URL without a slash at its end.
fn base_url(allowed: &Allowed, url: &str) -> Result<String, String> {
    match allowed.check(url) {
        Ok(base) if base.query().is_none() && base.fragment().is_none() => {
            Ok(url.trim_end_matches('/').to_owned())
        }
        // The paths of `deliver` would be appended to the query.
        Ok(_) => {
            Err("a base URL ends with its path: put the query into `deliver` and `get`".to_owned())
        }
        Err(problem) => Err(problem.to_string()),
    }
}

/// The JSON Schema of standin.yaml.
pub fn schema() -> Json {
    schemars::schema_for!(SettingsFile).to_value()
}
