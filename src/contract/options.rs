//! How a run of the contract is done.

use std::time::Duration;

use super::verdict::Scope;
use crate::journal::sqlite::Store;

/// The options of a run.
pub struct Options {
    /// The seed.
    pub seed: u64,
    /// How many scenarios run at the same time.
    pub jobs: usize,
    /// The command that repeats the run.
    pub repeat: String,
    /// The arguments after the path in a command that repeats one scenario.
    pub again: String,
    /// The file in which every scenario has a journal, if they are kept.
    pub journal: Option<Store>,
    /// After how many failed scenarios the run ends; `None`: it goes on.
    pub most_failures: Option<usize>,
    /// What becomes of the rest if it would show nothing new.
    pub hopeless: WhenHopeless,
    /// How long it may take; `None`: as long as it takes.
    pub longest: Option<Limit>,
    /// How much of the contract it is about.
    pub scope: Scope,
    /// What is done about failures at the end.
    pub failures: WhenFailed,
    /// What becomes of what probes read.
    pub readings: Readings,
}

impl Options {
    /// A run with this seed from its beginning to its end, of which only the result is kept.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            jobs: 16,
            repeat: String::new(),
            again: String::new(),
            journal: None,
            most_failures: None,
            hopeless: WhenHopeless::GoOn,
            longest: None,
            scope: Scope::Whole,
            failures: WhenFailed::Stand,
            readings: Readings::OfFailures,
        }
    }
}

/// How long a run may take, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The user says so.
    Chosen(Duration),
    /// Then the receiver may take its webhooks for old ones.
    OfSignatures(Duration),
}

impl Limit {
    /// How long that is.
    pub fn length(self) -> Duration {
        match self {
            Self::Chosen(length) | Self::OfSignatures(length) => length,
        }
    }
}

/// Whether the result has what the probes read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readings {
    /// Of every scenario.
    Kept,
    /// The last one of each failure.
    OfFailures,
}

/// What is done about failures at the end of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenFailed {
    /// They are tried again, to see whether they come again. They stay failures.
    TryAgain,
    /// Nothing.
    Stand,
}

/// What becomes of the other scenarios of a vendor whose first honest requests all fail alike or that the receiver does
/// not answer any more, and of the other expectations of a probe that never finds anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenHopeless {
    /// They are not judged.
    Stop,
    /// They are judged.
    GoOn,
}
