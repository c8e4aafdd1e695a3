//! standin.yaml: what the user says about the receiver, checked, with the place of every mistake.

mod credentials;
mod deliver;
mod environment;
mod mask;
mod oauth;
mod probes;
mod vendor;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Json;
use serde_saphyr::{Location, Spanned};

use deliver::Base;

use super::common;
use super::errors::CliError;
use crate::contract::UnderTest;
use crate::delivery::target::http_url;
use crate::delivery::{Allowed, ClientError, Courier};
use crate::engine::Target;
use crate::model::Problem;
use crate::model::settings::{duration, names, nearest, no_duration};
use crate::probe::Prober;
use crate::scenario::yaml;
use crate::vendors::Registry;

/// The settings that hold where no file is given: they fit the reference receiver, and are what
/// `standin init` writes.
pub const BUILT_IN: &str = include_str!("../../templates/standin.yaml");

/// The file that is read unless another is named.
pub const DEFAULT_FILE: &str = "standin.yaml";

/// How long nothing must change at a receiver that queues, for it to count as unchanged.
const QUIET_IF_QUEUES: Duration = Duration::from_millis(500);

/// standin.yaml as it is written.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "standin.yaml")]
pub struct SettingsFile {
    /// The receiver under test.
    receiver: Receiver,
    /// How each vendor reaches it, by the vendor's name.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, vendor::VendorSection>")]
    vendors: BTreeMap<String, Spanned<BTreeMap<String, Spanned<Json>>>>,
    /// How to look inside it: `vendor.kind`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, probes::ProbeSection>")]
    probes: BTreeMap<String, Spanned<probes::ProbeSection>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Receiver {
    /// Its base URL: `http://127.0.0.1:8080`.
    #[schemars(with = "String")]
    url: Spanned<String>,
    /// The base URL under which the vendors know it, if that is another one (a proxy, a tunnel):
    /// vendors that sign a URL sign this one. Nothing is sent there.
    #[schemars(with = "Option<String>")]
    public_url: Option<Spanned<String>>,
    /// A slower answer is a failed attempt: `5s`.
    #[schemars(with = "Option<String>")]
    ack_within: Option<Spanned<String>>,
    /// How long it may take to show what it was told: `5s`.
    #[schemars(with = "Option<String>")]
    believes_within: Option<Spanned<String>>,
    /// How long nothing must change for it to count as unchanged: `500ms` for one that queues.
    #[schemars(with = "Option<String>")]
    quiet_for: Option<Spanned<String>>,
    /// It acknowledges first and validates later.
    #[serde(default)]
    queues: bool,
    /// Hosts that may be spoken to besides loopback: one, or a list.
    #[serde(default)]
    #[schemars(with = "Option<yaml::Scalar>")]
    allow_host: Option<yaml::Scalar>,
}

/// What the command line says over the file.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--target URL`
    pub target: Option<String>,
    /// `--allow-host HOST`
    pub allow_host: Vec<String>,
    /// `--start RFC3339`
    pub start: Option<Timestamp>,
}

/// The file that is being read.
struct Source<'a> {
    registry: Registry,
    file: &'a str,
    text: &'a str,
    /// What came from the environment: it may be secret.
    filled: RefCell<Vec<String>>,
}

impl Source<'_> {
    fn problem(&self, at: Location, title: impl Into<String>, help: &[String]) -> Problem {
        yaml::problem(self.file, self.text, at, title.into(), "here", help.to_vec())
    }

    /// Puts the environment's values into what was written.
    fn fill(&self, written: &mut SettingsFile) -> Result<(), Problem> {
        let missing = |at: Location| {
            move |wrong: environment::Unfilled| self.problem(at, wrong.title, &[wrong.help])
        };
        let variable = |name: &str| {
            let value = std::env::var(name).ok()?;
            self.filled.borrow_mut().push(value.clone());
            Some(value)
        };
        let receiver = &mut written.receiver;
        let optional = [
            &mut receiver.public_url,
            &mut receiver.ack_within,
            &mut receiver.believes_within,
            &mut receiver.quiet_for,
        ];
        let texts = std::iter::once(&mut receiver.url).chain(optional.into_iter().flatten());
        for text in texts {
            text.value =
                environment::fill(&text.value, &variable).map_err(missing(text.referenced))?;
        }
        for value in written.vendors.values_mut().flat_map(|section| section.value.values_mut()) {
            environment::fill_json(&mut value.value, &variable)
                .map_err(missing(value.referenced))?;
        }
        for section in written.probes.values_mut() {
            let at = section.referenced;
            section.value.texts().try_for_each(|text| {
                *text = environment::fill(text, &variable).map_err(missing(at))?;
                Ok(())
            })?;
        }
        Ok(())
    }

    fn duration(
        &self,
        given: Option<&Spanned<String>>,
        default: Duration,
    ) -> Result<Duration, Problem> {
        let Some(given) = given else { return Ok(default) };
        duration(&given.value).ok_or_else(|| {
            self.problem(
                given.referenced,
                no_duration(&given.value),
                &["write it like `5s`, `250ms` or `1m 30s`".to_owned()],
            )
        })
    }
}

/// Reads the settings: the named file, or standin.yaml here, or the built-in ones.
///
/// # Errors
/// If the file cannot be read or anything in it is wrong.
pub fn load(
    registry: Registry,
    file: Option<&Path>,
    overrides: &Overrides,
) -> Result<UnderTest, CliError> {
    let found = file.map(PathBuf::from).or_else(|| {
        let here = PathBuf::from(DEFAULT_FILE);
        here.exists().then_some(here)
    });
    match found {
        None => read(registry, "built-in settings", BUILT_IN, overrides),
        Some(path) => {
            let text =
                common::read_text(&path).map_err(|error| mask_problems(error, registry, &[]))?;
            read(registry, &path.display().to_string(), &text, overrides)
        }
    }
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
    // Mistakes are shown in their line, and a line may hold a secret.
    let source = Source { registry, file, text, filled: RefCell::default() };
    read_unmasked(&source, overrides)
        .map_err(|error| mask_problems(error, registry, &source.filled.borrow()))
}

/// Masks the lines that are shown, and in the messages what came from the environment.
fn mask_problems(error: CliError, registry: Registry, filled: &[String]) -> CliError {
    match error {
        CliError::Problems(problems) => {
            let masked = |problem: Problem| Problem {
                source: mask::mask(registry, &problem.source),
                title: mask::without(&problem.title, filled),
                ..problem
            };
            CliError::Problems(problems.into_iter().map(masked).collect())
        }
        other => other,
    }
}

fn read_unmasked(source: &Source<'_>, overrides: &Overrides) -> Result<UnderTest, CliError> {
    let mut written: SettingsFile = yaml::read(source.file, source.text)?;
    source.fill(&mut written)?;
    let receiver = &written.receiver;
    let allowed = Allowed::hosts(
        hosts(receiver.allow_host.as_ref()).chain(overrides.allow_host.iter().cloned()),
    );
    let url = match &overrides.target {
        Some(target) => target.clone(),
        None => receiver.url.value.clone(),
    };
    check_url(
        source,
        &allowed,
        &url,
        overrides.target.is_none().then_some(receiver.url.referenced),
    )?;
    let url = url.trim_end_matches('/').to_owned();
    let base = Base { url: url.clone(), public_url: public_url(source, receiver)? };
    let ack_within = source.duration(receiver.ack_within.as_ref(), Duration::from_secs(5))?;
    let quiet = if receiver.queues { QUIET_IF_QUEUES } else { Duration::ZERO };
    let mut vendors = BTreeMap::new();
    for (name, section) in &written.vendors {
        let vendor = find_vendor(source, name, section.referenced)?;
        let target = vendor::read(source, vendor, section, &base, &allowed, ack_within)?;
        vendors.insert(vendor.catalogue().vendor, target);
    }
    let connects = vendors.values().map(|vendor| vendor.policy.connect_within);
    let connect = connects.min().unwrap_or(ack_within).min(ack_within);
    let broken = |error: ClientError| CliError::Usage(format!("no HTTP client: {error}"));
    let believes_within =
        source.duration(receiver.believes_within.as_ref(), Duration::from_secs(5))?;
    Ok(UnderTest {
        registry: source.registry,
        probes: probes::read(source, &written.probes, &url, &allowed)?,
        prober: Prober::new(allowed.clone(), believes_within.max(Duration::from_secs(1)))
            .map_err(broken)?,
        believes_within,
        quiet_for: source.duration(receiver.quiet_for.as_ref(), quiet)?,
        target: Target {
            url,
            courier: Courier::new(connect, allowed).map_err(broken)?,
            ack_within,
            queues: receiver.queues,
            vendors,
            start: overrides.start.unwrap_or_else(crate::clock::default_start),
        },
    })
}

fn hosts(given: Option<&yaml::Scalar>) -> impl Iterator<Item = String> + use<> {
    let list = match given {
        None => Vec::new(),
        Some(yaml::Scalar::List(list)) => list.iter().map(ToString::to_string).collect(),
        Some(one) => vec![one.to_string()],
    };
    list.into_iter()
}

/// The base URL under which the vendors know the receiver. Nothing is sent there, so it may be
/// anywhere.
fn public_url(source: &Source<'_>, receiver: &Receiver) -> Result<Option<String>, Problem> {
    let Some(given) = &receiver.public_url else { return Ok(None) };
    let wrong = |problem: String| source.problem(given.referenced, problem, &[]);
    let url = http_url(&given.value).map_err(|problem| wrong(problem.to_string()))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("a base URL ends with its path".to_owned()));
    }
    Ok(Some(url.as_str().trim_end_matches('/').to_owned()))
}

fn check_url(
    source: &Source<'_>,
    allowed: &Allowed,
    url: &str,
    at: Option<Location>,
) -> Result<(), CliError> {
    let problem = match allowed.check(url) {
        Ok(base) if base.query().is_none() && base.fragment().is_none() => return Ok(()),
        // What stands behind `deliver` would end up behind the question mark.
        Ok(_) => "a base URL ends with its path: put the query into `deliver` and `get`".to_owned(),
        Err(problem) => problem.to_string(),
    };
    Err(match at {
        Some(at) => source.problem(at, problem, &[]).into(),
        None => CliError::Usage(format!("--target: {problem}")),
    })
}

fn find_vendor(
    source: &Source<'_>,
    name: &str,
    at: Location,
) -> Result<&'static dyn crate::vendors::Vendor, Problem> {
    let registry = source.registry;
    registry.find(name).ok_or_else(|| {
        let help = nearest(name, registry.names()).map_or_else(
            || format!("there are {}", names(registry.names())),
            |near| format!("did you mean `{near}`?"),
        );
        source.problem(at, format!("there is no vendor `{name}`"), &[help])
    })
}

/// The longest name of a header, in bytes.
const LONGEST_NAME: usize = 100;

/// Whether a request header of this name and value can be sent.
fn sendable(name: &str, value: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let written = |byte: u8| byte == b'\t' || (b' '..=b'~').contains(&byte);
    (1..=LONGEST_NAME).contains(&name.len())
        && name.bytes().all(token)
        && value.bytes().all(written)
}

/// What is wrong with a header that cannot be sent, and what would be right.
fn unsendable(name: &str) -> (String, String) {
    let help = format!(
        "names are up to {LONGEST_NAME} letters, digits and hyphens; values are ASCII without line breaks"
    );
    let name: String = name.chars().take(LONGEST_NAME).collect();
    (format!("the header `{name}` cannot be sent"), help)
}

/// A URL, absolute or behind the receiver's.
fn absolute(base: &str, given: &str) -> String {
    if given.contains("://") && !given.starts_with('/') {
        given.to_owned()
    } else {
        format!("{base}/{}", given.trim_start_matches('/'))
    }
}

/// The JSON Schema of standin.yaml.
pub fn schema() -> Json {
    schemars::schema_for!(SettingsFile).to_value()
}
