//! Selects the rows of a journal that a command uses.

use std::path::Path;

use clap::Args;

use crate::cli::errors::CliError;
use crate::journal::sqlite::{Filter, Outcomes, Reader, RunId};

/// The options that select rows.
#[derive(Args)]
pub struct Selection {
    /// Only this run, by its number
    #[arg(long, value_name = "N")]
    pub run: Option<RunId>,
    /// Only this account
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
    /// Only rows about webhooks with this trigger
    #[arg(long, value_name = "NAME")]
    trigger: Option<String>,
    /// Only rows that were not accepted
    #[arg(long)]
    failed: bool,
}

impl Selection {
    /// A filter for rows of these kinds; of all kinds if there are none.
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
