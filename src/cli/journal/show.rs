//! `standin journal show`: the runs of a file and their entries, for people.

use std::path::PathBuf;

use clap::Args;

use super::selection::{Selection, open};
use crate::cli::common;
use crate::cli::errors::{CliError, PASSED};
use crate::journal::sqlite::{Filter, StoredRun};
use crate::report::{entries, printable};

/// Show the runs of a journal and what happened in them
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin journal show run.journal --runs\n  standin journal show run.journal --run 3\n  standin journal show run.journal --failed\n  standin journal show run.journal --trigger positionCalled\n\nTimes are virtual, in UTC; those of the requests of a load are real."
)]
pub struct Show {
    /// The journal
    file: PathBuf,
    /// Only list the runs
    #[arg(long)]
    runs: bool,
    #[command(flatten)]
    selection: Selection,
}

impl Show {
    /// Prints them.
    pub fn run(self) -> Result<u8, CliError> {
        let reader = open(&self.file)?;
        let filter = self.selection.filter(&reader, &[])?;
        let runs = reader.runs()?;
        let runs: Vec<_> =
            runs.iter().filter(|run| self.selection.run.is_none_or(|id| id == run.id)).collect();
        if runs.is_empty() {
            common::print("the journal has no run\n");
        }
        for run in runs {
            let mut titled = false;
            if self.runs {
                common::print(&title(run));
                continue;
            }
            let of_run = Filter { run: Some(run.id), ..filter.clone() };
            reader.each(&of_run, |row| {
                if !titled {
                    common::print(&format!("\n{}", title(run)));
                    titled = true;
                }
                let entry = serde_json::from_str(&row.line).unwrap_or_default();
                common::print(&entries::render(&entry));
                Ok::<_, CliError>(())
            })?;
        }
        Ok(PASSED)
    }
}

/// A run on one line.
fn title(run: &StoredRun) -> String {
    let info = &run.info;
    let place = match (info.meta["file"].as_str(), info.meta["line"].as_u64()) {
        (Some(file), Some(line)) => format!(" ({file}:{line})"),
        (Some(file), None) => format!(" ({file})"),
        _ => String::new(),
    };
    let vendor = info.vendor.as_ref().map(|vendor| format!(" · {vendor}")).unwrap_or_default();
    let (id, command, name, seed) = (run.id, &info.command, &info.name, info.seed);
    let line = format!("run {id} · {command} · {name}{place}{vendor} · seed {seed}");
    format!("{} · {}\n", printable(&line).replace('\n', " "), info.created)
}
