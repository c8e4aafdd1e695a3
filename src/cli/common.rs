//! Arguments that several commands share, and what they do with them.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{ErrorKind, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::errors::{CliError, HELD};
use super::settings::{self, Overrides};
use crate::contract::UnderTest;
use crate::engine::VendorTarget;
use crate::model::Problem;
use crate::model::settings::{names, nearest};
use crate::policy::sign;
use crate::report::Colour;
use crate::vendors::{Registry, Vendor};

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
        let logging =
            tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        // Whoever runs several commands in one process has set it up already.
        let _ = logging.try_init();
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
    #[arg(long, value_name = "RFC3339", value_parser = start)]
    start: Option<Timestamp>,
}

impl ReceiverArgs {
    /// Reads the settings.
    pub fn load(&self, registry: Registry) -> Result<UnderTest, CliError> {
        settings::load(registry, self.config.as_deref(), &self.overrides())
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
            again += &format!(" --config {}", quoted(&config.display().to_string()));
        }
        if let Some(target) = &self.target {
            again += &format!(" --target {}", quoted(target));
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

/// Reads when virtual time begins. Payloads write years with four digits, and time must be left.
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

/// In single quotes if a shell would take it for more than one word.
pub fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./:@=+,%".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// The vendor of this name.
pub fn vendor(registry: Registry, name: &str) -> Result<&'static dyn Vendor, CliError> {
    registry.find(name).ok_or_else(|| {
        let near = nearest(name, registry.names())
            .map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
        CliError::Usage(format!(
            "there is no vendor `{name}`{near}; there are {}",
            names(registry.names())
        ))
    })
}

/// Makes sure that somebody listens before anything is sent.
pub async fn must_listen(subject: &UnderTest) -> Result<(), CliError> {
    let target = &subject.target;
    let within = target.ack_within.min(std::time::Duration::from_secs(2));
    // The URLs that webhooks really go to may be anywhere; most are at one place.
    let addresses = target.vendors.values().flat_map(VendorTarget::addresses);
    let places: BTreeSet<String> =
        addresses.filter_map(|one| crate::delivery::target::place(&one.sent)).collect();
    for url in places {
        crate::delivery::target::listens(&url, within)
            .await
            .map_err(|why| CliError::Unreachable { url, why })?;
    }
    Ok(())
}

/// Says that a vendor signs, and was given no secret to sign with.
pub fn warn_if_unsigned(vendor: &VendorTarget) {
    if sign::lacks_secret(&vendor.policy.authentication) {
        anstream::eprintln!(
            "warning: {} has no `secret` in standin.yaml: its webhooks are sent unsigned",
            vendor.vendor.catalogue().vendor
        );
    }
}

/// Makes sure that a file can be written before anything is sent: a long run whose report has
/// nowhere to go would be for nothing.
pub fn must_be_writable(path: &Path) -> Result<(), CliError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let why = if path.is_dir() {
        "it is a folder"
    } else if folder.is_some_and(|folder| !folder.is_dir()) {
        "its folder is not there"
    } else {
        return Ok(());
    };
    Err(CliError::Usage(format!("cannot write {}: {why}", path.display())))
}

/// Writes a report file.
pub fn write(path: &Path, text: &str) -> Result<(), CliError> {
    std::fs::write(path, text)
        .map_err(|error| CliError::Usage(format!("cannot write {}: {error}", path.display())))
}

/// Whether a person watches stderr.
pub fn watched() -> bool {
    std::io::stderr().is_terminal()
}

/// The largest text file that is read: no scenario or feature comes near it.
const LARGEST_TEXT: u64 = 4 * 1024 * 1024;

/// Reads a text file of the user's.
///
/// # Errors
/// If it cannot be read, is too large, or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, CliError> {
    let name = path.display();
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST_TEXT + 1).read_to_end(&mut bytes))
        .map_err(|error| CliError::Usage(format!("cannot read {name}: {error}")))?;
    if bytes.len() as u64 > LARGEST_TEXT {
        return Err(CliError::Usage(format!("{name} has more than {LARGEST_TEXT} bytes")));
    }
    match String::from_utf8(bytes) {
        // Some editors begin a file with a mark that is no text.
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let good =
                String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
            let (line, column) = (good.matches('\n').count() + 1, good.rsplit('\n').next());
            Err(Problem {
                file: name.to_string(),
                line,
                column: column.map_or(0, |line| line.chars().count()) + 1,
                length: 1,
                title: "the file is not UTF-8".to_owned(),
                label: "not a character".to_owned(),
                help: vec!["save it as UTF-8".to_owned()],
                source: String::from_utf8_lossy(error.as_bytes()).into_owned(),
            }
            .into())
        }
    }
}

/// Prints to stdout. A reader that has gone away (a closed pipe) ends the program quietly, as it
/// does for other tools.
pub fn say(text: &str) {
    if !say_last(text) {
        std::process::exit(HELD.into());
    }
}

/// Prints to stdout what is said at the end, when the exit code is still to come: a reader that
/// has gone away must not turn a broken contract into one that held. Whether somebody reads.
pub fn say_last(text: &str) -> bool {
    let mut out = anstream::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => true,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => false,
        Err(error) => unwritable(&error),
    }
}

/// Ends the program: what it has to say cannot be written (a full disk).
pub fn unwritable(error: &std::io::Error) -> ! {
    let code = CliError::Usage(format!("cannot write to standard output: {error}")).tell();
    std::process::exit(code.into());
}
