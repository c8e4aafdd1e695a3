//! Arguments that several commands share, and what they do with them.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::errors::CliError;
use super::settings::{self, Overrides};
use crate::contract::UnderTest;
use crate::model::settings::{names, nearest};
use crate::report::Colour;
use crate::vendors::{Vendor, registry};

/// How much is said, and in which colours.
#[derive(Args)]
pub struct Output {
    /// Colours: `auto` uses them on a terminal only, and honours NO_COLOR
    #[arg(long, value_enum, default_value = "auto", global = true, value_name = "WHEN")]
    color: Choice,
    /// Say more of what happens inside (-v, -vv), on stderr
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
    /// Sets colours and logging for the whole process.
    pub fn set_up(&self) {
        match self.color {
            Choice::Auto => anstream::ColorChoice::Auto,
            Choice::Always => anstream::ColorChoice::Always,
            Choice::Never => anstream::ColorChoice::Never,
        }
        .write_global();
        let level = ["warn", "standin=info", "standin=debug"][usize::from(self.verbose.min(2))];
        let filter = tracing_subscriber::EnvFilter::new(level);
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    }
}

/// What is printed always has its colours; the stream takes them away where they are not wanted.
pub const COLOUR: Colour = Colour::On;

/// The receiver under test.
#[derive(Args, Clone)]
pub struct ReceiverArgs {
    /// Settings file [default: ./standin.yaml if it is there, else what fits `standin receiver`]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The receiver's base URL, over the file's
    #[arg(long, value_name = "URL")]
    target: Option<String>,
    /// Lets this host be spoken to, besides loopback (may be repeated)
    #[arg(long, value_name = "HOST")]
    allow_host: Vec<String>,
    /// When virtual time begins [default: 2031-03-04T08:00:00Z]
    #[arg(long, value_name = "RFC3339")]
    start: Option<Timestamp>,
}

impl ReceiverArgs {
    /// Reads the settings.
    pub fn load(&self) -> Result<UnderTest, CliError> {
        settings::load(self.config.as_deref(), &self.overrides())
    }

    /// What the command line says over the file.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            target: self.target.clone(),
            allow_host: self.allow_host.clone(),
            start: self.start,
        }
    }

    /// The same arguments, to be pasted behind a command that repeats a run.
    pub fn again(&self) -> String {
        let mut again = String::new();
        if let Some(config) = &self.config {
            again += &format!(" --config {}", config.display());
        }
        if let Some(target) = &self.target {
            again += &format!(" --target {target}");
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

/// The seed of a run.
#[derive(Args, Clone)]
pub struct SeedArg {
    /// The seed: the same seed repeats the run byte for byte [default: a new one, which is printed]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

impl SeedArg {
    /// The seed that was given, or a new one.
    pub fn seed(&self) -> u64 {
        self.seed.unwrap_or_else(crate::clock::unchosen_seed)
    }
}

/// The vendor of this name.
pub fn vendor(name: &str) -> Result<&'static dyn Vendor, CliError> {
    registry::find(name).ok_or_else(|| {
        let near = nearest(name, registry::names())
            .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        CliError::Usage(format!(
            "there is no vendor `{name}`{near} There are {}",
            names(registry::names())
        ))
    })
}

/// Makes sure that somebody listens before anything is sent.
pub async fn must_listen(subject: &UnderTest) -> Result<(), CliError> {
    let target = &subject.target;
    crate::delivery::target::listens(
        &target.url,
        subject.target.ack_within.min(std::time::Duration::from_secs(2)),
    )
    .await
    .map_err(|why| CliError::Unreachable { url: target.url.clone(), why })
}

/// Writes a report file.
pub fn write(path: &std::path::Path, text: &str) -> Result<(), CliError> {
    std::fs::write(path, text)
        .map_err(|error| CliError::Usage(format!("cannot write {}: {error}", path.display())))
}

/// Whether a person watches stderr.
pub fn watched() -> bool {
    std::io::stderr().is_terminal()
}

/// Prints to stdout. A reader that has gone away (a closed pipe) ends the program quietly, as it
/// does for other tools.
pub fn say(text: &str) {
    use std::io::Write as _;
    if anstream::stdout().write_all(text.as_bytes()).is_err() {
        std::process::exit(0);
    }
}
