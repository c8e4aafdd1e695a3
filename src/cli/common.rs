//! Arguments and output that several commands share.

use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::errors::CliError;
pub use super::output::{lost, print, print_last};
use super::settings::{self, Overrides};
use crate::chance::Chance;
use crate::clock::{self, Stopwatch};
use crate::delivery::target::host_name;
use crate::delivery::trust::Loopback;
use crate::delivery::{NotListening, Sender};
use crate::driver::VendorTarget;
use crate::journal::sqlite::{Options, Store};
use crate::model::signature::Moment;
use crate::policy::sign;
use crate::report::Colour;
use crate::suggest::did_you_mean;
use crate::text::{duration, names, no_duration, shell};
use crate::under_test::UnderTest;
use crate::vendors::{Registry, Vendor};

/// Colours and logging.
#[derive(Args)]
pub struct Output {
    /// When to use colours; `auto` uses them on a terminal, unless NO_COLOR is set
    #[arg(long, value_enum, default_value = "auto", global = true, value_name = "WHEN")]
    color: Choice,
    /// Show more: `check -v` has a line for each request, `-vv` its headers and bodies, and what the
    /// probes read; other commands log more to stderr
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    verbose: u8,
}

#[derive(Clone, Copy, ValueEnum)]
enum Choice {
    Auto,
    Always,
    Never,
}

impl Output {
    /// How often `-v` was given.
    pub fn verbosity(&self) -> u8 {
        self.verbose
    }

    /// Sets colours and logging for the whole process.
    pub fn set_up(&self) {
        match self.color {
            Choice::Auto => anstream::ColorChoice::Auto,
            Choice::Always => anstream::ColorChoice::Always,
            Choice::Never => anstream::ColorChoice::Never,
        }
        .write_global();
        // The verifier of certificates would say each time what our own message says once.
        let quiet = "warn,rustls_platform_verifier=off";
        let level = [quiet, "standin=info", "standin=debug"][usize::from(self.verbose.min(2))];
        let filter = tracing_subscriber::EnvFilter::new(level);
        let logging =
            tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        // An error means that an earlier command in this process has set it up.
        let _ = logging.try_init();
    }
}

/// Text is always rendered with colours. The output stream strips them where they are not wanted.
pub const COLOUR: Colour = Colour::On;

/// The receiver under test.
#[derive(Args, Clone)]
pub struct ReceiverArgs {
    /// Settings file [default: standin.yaml here or above, else settings for `standin receiver`]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The receiver's base URL; overrides `receiver.url` of the settings file
    #[arg(long, value_name = "URL")]
    target: Option<String>,
    /// Allow requests to this host; loopback is always allowed (may be repeated)
    #[arg(long, value_name = "HOST", value_parser = host_name)]
    allow_host: Vec<String>,
    /// When virtual time begins [default: 2031-03-04T08:00:00Z]
    #[arg(long, value_name = "RFC3339", value_parser = start)]
    start: Option<Timestamp>,
}

impl ReceiverArgs {
    /// Reads the settings.
    pub fn load(&self, registry: Registry) -> Result<UnderTest, CliError> {
        settings::load(registry, self.config.as_deref(), &self.overrides())
    }

    /// The settings file that was named.
    pub fn config(&self) -> Option<&Path> {
        self.config.as_deref()
    }

    /// The settings file, if there is one.
    pub fn file(&self) -> Option<PathBuf> {
        settings::found(self.config.as_deref())
    }

    /// What the command line overrides.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            target: self.target.clone(),
            allow_host: self.allow_host.clone(),
            start: self.start,
        }
    }

    /// The same arguments as text, for the command that repeats a run.
    pub fn to_arguments(&self) -> String {
        let mut again = String::new();
        if let Some(config) = &self.config {
            again += &format!(" --config {}", shell::word(&config.display().to_string()));
        }
        if let Some(target) = &self.target {
            again += &format!(" --target {}", shell::word(target));
        }
        for host in &self.allow_host {
            again += &format!(" --allow-host {host}");
        }
        if let Some(start) = &self.start {
            again += &format!(" --start {start}");
        }
        again
    }
}

/// The port to listen on.
#[derive(Args, Clone, Copy)]
pub struct PortArg {
    /// The port to listen on, on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "PORT", conflicts_with = "listen")]
    port: Option<u16>,
}

impl PortArg {
    /// The address to listen on: 127.0.0.1 with this port if one was given, else `listen`.
    pub fn address_or(self, listen: SocketAddr) -> SocketAddr {
        self.port.map_or(listen, |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
    }
}

/// The seed of a run.
#[derive(Args, Clone)]
pub struct SeedArg {
    /// The seed; the same seed repeats the run byte for byte [default: a new one, which is printed]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

impl SeedArg {
    /// The seed that was given, or a new one.
    pub fn seed(&self) -> u64 {
        self.seed.unwrap_or_else(crate::clock::unchosen_seed)
    }
}

/// Reads when virtual time begins. Payloads write years with four digits, and the run needs time
/// before the year 10000.
pub fn start(text: &str) -> Result<Timestamp, String> {
    let start: Timestamp =
        text.parse().map_err(|_| "it takes a time such as 2031-03-04T08:00:00Z".to_owned())?;
    let years = "0001-01-01T00:00:00Z"..="9900-01-01T00:00:00Z";
    let within = |edge: &str| edge.parse::<Timestamp>().unwrap_or(start);
    if (within(years.start())..=within(years.end())).contains(&start) {
        return Ok(start);
    }
    Err(format!("it takes a time from {} to {}", years.start(), years.end()))
}

/// The vendor of this name.
pub fn vendor(registry: Registry, name: &str) -> Result<&'static dyn Vendor, CliError> {
    registry.find(name).ok_or_else(|| {
        let near = did_you_mean(name, registry.names())
            .map_or(String::new(), |question| format!(" ({question})"));
        CliError::Usage(format!(
            "there is no vendor `{name}`{near}; there are {}",
            names(registry.names())
        ))
    })
}

/// How the receiver under test takes the webhooks of this vendor.
///
/// # Errors
/// If the vendor is not set up.
pub fn set_up<'a>(subject: &'a UnderTest, vendor: &str) -> Result<&'a VendorTarget, CliError> {
    subject.target.vendors.get(vendor).ok_or_else(|| {
        CliError::Usage(format!(
            "{vendor} is not set up: give it a section `vendors.{vendor}` in standin.yaml"
        ))
    })
}

/// Reads a length of time on the command line.
pub fn length(text: &str) -> Result<Duration, String> {
    duration(text)
        .ok_or_else(|| format!("{}; it is written like 90s, 4m or 1h30m", no_duration(text)))
}

/// The most characters of an id or a URL that is signed.
const LONGEST_PART: usize = 1000;

/// Takes an id or a URL on the command line that is signed.
pub fn part(text: &str) -> Result<String, String> {
    match text.chars().count() {
        0..=LONGEST_PART => Ok(text.to_owned()),
        more => Err(format!("it has {more} characters, and at most {LONGEST_PART} are taken")),
    }
}

/// How long to wait for the receiver.
#[derive(Args, Clone, Copy, Default)]
pub struct WaitArg {
    /// Wait until the receiver listens, at most this long: `30s`
    #[arg(long, value_name = "DURATION", value_parser = length)]
    wait: Option<Duration>,
}

/// How often a receiver that does not listen yet is asked again.
const ASKED_EVERY: Duration = Duration::from_millis(100);

/// Says where the settings come from, if that may surprise, and what they leave unchecked.
pub fn say_settings(subject: &UnderTest) {
    if let Some(notice) = &subject.notice {
        say!("{notice}");
    }
    say_unchecked(subject);
}

/// Warns if certificates are not checked.
pub fn say_unchecked(subject: &UnderTest) {
    if subject.target.sender.trust().loopback() == Loopback::Unchecked {
        say!("warning: `receiver.insecure`: the certificate of the receiver is not checked");
    }
}

/// How long connecting may take.
const CONNECTS_WITHIN: Duration = Duration::from_secs(2);

fn unreachable(url: String, problem: NotListening) -> CliError {
    match problem {
        NotListening::Yet(why) => CliError::Unreachable { url, why },
        NotListening::Wrong(why) => CliError::NotUsable { url, why },
    }
}

/// Fails unless something accepts connections at a URL.
pub async fn must_accept(sender: &Sender, url: &str) -> Result<(), CliError> {
    let Some(place) = crate::delivery::target::place(url) else { return Ok(()) };
    let listens = sender.listens(&place, CONNECTS_WITHIN).await;
    listens.map_err(|problem| unreachable(place, problem))
}

/// Fails unless the receiver accepts connections for the vendors in play, before anything is sent. It says
/// first which settings decide where that is.
pub async fn must_listen(
    subject: &UnderTest,
    is_in_play: impl Fn(&str) -> bool,
    patience: WaitArg,
) -> Result<(), CliError> {
    say_settings(subject);
    let target = &subject.target;
    let within = target.ack_within.min(CONNECTS_WITHIN);
    // URLs under `deliver` and `oauth` need not be below `receiver.url`.
    let in_play = target.vendors.iter().filter(|(name, _)| is_in_play(name));
    let addresses = in_play.flat_map(|(_, vendor)| vendor.addresses());
    let places: BTreeSet<String> =
        addresses.filter_map(|one| crate::delivery::target::place(&one.sent)).collect();
    let stopwatch = Stopwatch::start();
    let longest = patience.wait.unwrap_or_default();
    let (mut said, mut ticks) = (false, tokio::time::interval(ASKED_EVERY));
    for url in places {
        while let Err(problem) = target.sender.listens(&url, within).await {
            if matches!(problem, NotListening::Wrong(_)) || stopwatch.elapsed() >= longest {
                return Err(unreachable(url, problem));
            }
            if !std::mem::replace(&mut said, true) {
                say!("waiting for {url}, at most {longest:?}");
            }
            ticks.tick().await;
        }
    }
    Ok(())
}

/// What a signature that is made now can cover, with a new id.
pub fn moment() -> Moment {
    let id = Chance::from_seed(clock::unchosen_seed()).uuid().to_string();
    Moment { id, at_s: clock::real_time().as_second() }
}

/// Warns that a vendor signs its webhooks and has no secret to sign with.
pub fn warn_if_unsigned(vendor: &VendorTarget) {
    if sign::lacks_secret(&vendor.policy.authentication) {
        say!(
            "warning: {} has no `secret` in standin.yaml: its webhooks are sent unsigned",
            vendor.vendor.catalogue().vendor
        );
    }
}

/// Opens the journal file, if one was given.
pub fn journal(path: Option<&Path>) -> Result<Option<Store>, CliError> {
    Ok(path.map(|path| Store::open(path, Options::default())).transpose()?)
}

/// Whether stderr is a terminal.
pub fn watched() -> bool {
    std::io::stderr().is_terminal()
}

/// How wide the terminal is that stdout is shown on. None if it is none: files and pipes take any line.
pub fn columns() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(std::io::stdout())?;
    Some(width.0.into())
}

/// Prints text to stdout in lines that are no wider than the terminal.
pub fn print_wrapped(text: &str) {
    let wrapped: Vec<String> =
        text.split('\n').flat_map(|line| crate::report::wrap(line, columns())).collect();
    print(&wrapped.join("\n"));
}
