//! How a command can fail, what it prints then, and its exit code.

use std::ffi::OsString;
use std::io::{self, ErrorKind};

use crate::journal::JournalError;
use crate::journal::sqlite::StoreError;
use crate::model::Problem;
use crate::report::Colour;
use crate::report::snippet::{Diagnostic, Note, Place};
use crate::text::clean::{one_line, own_lines, printable, shortened};

/// Everything passed.
pub const PASSED: u8 = 0;
/// The receiver broke the contract or a threshold.
pub const BROKEN: u8 = 1;
/// Wrong usage or an invalid file.
pub const USAGE: u8 = 2;
/// The receiver could not be reached.
pub const UNREACHABLE: u8 = 3;
/// A bug in Standin, or this machine lacked something: open files, ports, memory.
pub const BUG: u8 = 70;
/// What was found could not be written: a report, the journal or standard output.
pub const UNWRITTEN: u8 = 74;
/// Ctrl-C ended the run, as shells count it: 128 and the number of the signal. Other signals have theirs.
pub const INTERRUPTED: u8 = 130;

/// Why a command could not do its work.
#[derive(Debug)]
pub enum CliError {
    /// Mistakes in files.
    Problems(Vec<Problem>),
    /// A mistake on the command line or in the environment. The text says what would be right.
    Usage(String),
    /// The journal of a run cannot be written, so the run could not go on. Says why.
    Unwritten(String),
    /// The receiver could not be reached.
    Unreachable {
        /// Where.
        url: String,
        /// Why not.
        why: String,
    },
    /// Something listens there, and cannot be spoken to.
    NotUsable {
        /// Where.
        url: String,
        /// Why not, and what would be right.
        why: String,
    },
}

impl From<JournalError> for CliError {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::Unwritten(_) => Self::Unwritten(error.to_string()),
            _ => Self::Usage(error.to_string()),
        }
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<Problem> for CliError {
    fn from(problem: Problem) -> Self {
        Self::Problems(vec![problem])
    }
}

impl From<Vec<Problem>> for CliError {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Problems(problems)
    }
}

/// The most mistakes that are shown at once.
const SHOWN: usize = 50;

impl CliError {
    /// The error of a standard output that cannot be written to, for example on a full disk.
    pub fn unwritable(error: &io::Error) -> Self {
        Self::Usage(format!("cannot write to standard output: {error}"))
    }

    /// Prints the error to stderr and returns the exit code.
    pub fn report(&self) -> u8 {
        match self {
            Self::Problems(problems) => {
                for problem in problems.iter().take(SHOWN) {
                    say!("{}\n", show(problem));
                }
                if problems.len() > SHOWN {
                    say!("… and {} more", problems.len() - SHOWN);
                }
                say!("nothing was sent");
                USAGE
            }
            Self::Usage(message) => {
                say_error(message);
                USAGE
            }
            Self::Unwritten(message) => {
                say_error(message);
                UNWRITTEN
            }
            Self::NotUsable { url, why } => {
                let (url, why) = (one_line(url), one_line(why));
                say!("error: the receiver at {url} cannot be spoken to: {why}");
                UNREACHABLE
            }
            Self::Unreachable { url, why } => {
                let (url, why) = (one_line(url), one_line(why));
                say!("error: the receiver at {url} cannot be reached: {why}");
                say!(
                    "  start it, or give its address: --target URL, or `receiver.url` in standin.yaml"
                );
                UNREACHABLE
            }
        }
    }
}

/// The longest title that is shown, in characters. A title may repeat a long value of the user's.
const LONGEST_TITLE: usize = 400;

/// The longest message that is shown, in characters.
const LONGEST_MESSAGE: usize = 4000;

fn say_error(message: &str) {
    // The message may repeat an argument.
    let message = shortened(&own_lines(message), LONGEST_MESSAGE);
    say!("error: {message}");
}

/// The longest argument that a message about arguments repeats, in characters.
const LONGEST_ARGUMENT: usize = 200;

/// Prints what is wrong with the arguments, or the help that they ask for, and returns the exit code.
///
/// The message repeats arguments, which may be long and steer a terminal. So it is made anew, with the
/// arguments as they may be shown.
pub fn report_arguments(
    error: clap::Error,
    arguments: &[OsString],
    wrong: impl Fn(&[OsString]) -> Option<clap::Error>,
) -> u8 {
    let code = u8::try_from(error.exit_code()).unwrap_or(USAGE);
    let shown: Vec<OsString> = arguments.iter().map(|one| shown_argument(one).into()).collect();
    if shown == arguments {
        return printed(&error, code);
    }
    match wrong(&shown).filter(|other| other.kind() == error.kind()) {
        Some(error) => printed(&error, code),
        // The argument is wrong in another way than what is shown of it.
        None => {
            let text = printable(&error.render().to_string());
            let lines = text.lines().map(|line| shortened(line, LONGEST_TITLE));
            let text = lines.collect::<Vec<_>>().join("\n");
            say!("{}", shortened(&text, LONGEST_MESSAGE));
            code
        }
    }
}

/// Prints where clap would. If the pipe is closed, nobody reads this.
fn printed(error: &clap::Error, code: u8) -> u8 {
    let unwritten = error.print().err().filter(|why| why.kind() != ErrorKind::BrokenPipe);
    match unwritten {
        Some(why) if code == PASSED => CliError::unwritable(&why).report(),
        _ => code,
    }
}

/// An argument as it may be shown.
fn shown_argument(argument: &OsString) -> String {
    shortened(&one_line(&argument.to_string_lossy()), LONGEST_ARGUMENT)
}

fn show(problem: &Problem) -> String {
    let notes: Vec<Note> = problem.help.iter().cloned().map(Note::Help).collect();
    let title = shortened(&problem.title, LONGEST_TITLE);
    Diagnostic {
        title: &title,
        file: &problem.file,
        source: &problem.source,
        place: Place { line: problem.line, column: problem.column, length: problem.length },
        label: &problem.label,
        notes: &notes,
    }
    // The output stream strips the colours where they are not wanted.
    .render(Colour::On)
}
