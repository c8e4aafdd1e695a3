//! Which rows of a journal a command is about.

use std::path::Path;

use clap::Args;

use crate::cli::errors::CliError;
use crate::journal::sqlite::{Filter, Outcomes, Reader, RunId};

/// Which rows of a file are wanted.
#[derive(Args)]
pub struct Chosen {
    /// Only this run, by its number
    #[arg(long, value_name = "N")]
    pub run: Option<RunId>,
    /// Only this account
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
    /// Only what is about webhooks of this trigger
    #[arg(long, value_name = "NAME")]
    trigger: Option<String>,
    /// Only what was not accepted
    #[arg(long)]
    failed: bool,
}

impl Chosen {
    /// The rows of these kinds; of all kinds if there are none.
    pub fn filter(&self, reader: &Reader, kinds: &[&'static str]) -> Result<Filter, CliError> {
        if let Some(run) = self.run {
            reader.run(run)?;
        }
        Ok(Filter {
            run: self.run,
            account: self.account.clone(),
            trigger: self.trigger.clone(),
            outcomes: if self.failed { Outcomes::Failed } else { Outcomes::Any },
            kinds: kinds.to_vec(),
            ..Filter::default()
        })
    }
}

/// Opens a journal to read it.
pub fn open(path: &Path) -> Result<Reader, CliError> {
    Ok(Reader::open(path)?)
}
