//! `standin journal export`: a journal in formats that other programs read.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::recorded;
use super::selection::{Selection, open};
use crate::cli::common;
use crate::cli::errors::{CliError, PASSED};
use crate::journal::sqlite::Row;
use crate::report::{curl, har};
use crate::text::clean;

/// Print a journal as JSON lines, as HTTP Archive or as curl commands
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin journal export run.journal > run.jsonl\n  standin journal export run.journal --format har --run 3 > run.har\n  standin journal export run.journal --format curl --failed\n\nSecrets are shown as ***; put yours in before you run a curl command."
)]
pub struct Export {
    /// The journal
    file: PathBuf,
    /// jsonl: every entry; har: every request (HTTP Archive 1.2); curl: a command for every request
    #[arg(long, value_enum, default_value = "jsonl", value_name = "FORMAT")]
    format: Format,
    #[command(flatten)]
    selection: Selection,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Jsonl,
    Har,
    Curl,
}

impl Export {
    /// Prints it.
    pub fn run(self) -> Result<u8, CliError> {
        let reader = open(&self.file)?;
        match self.format {
            Format::Jsonl => {
                let filter = self.selection.filter(&reader, &[])?;
                reader.each(&filter, |row| {
                    common::print(&line(&row));
                    Ok::<_, CliError>(())
                })?;
            }
            Format::Curl => recorded::each(&reader, &self.selection, |request| {
                common::print(&curl::render(&request.recorded));
                Ok(())
            })?,
            Format::Har => {
                let mut requests = Vec::new();
                recorded::each(&reader, &self.selection, |request| {
                    requests.push(request.recorded);
                    Ok(())
                })?;
                common::print(&clean::json(har::render(&requests)));
            }
        }
        Ok(PASSED)
    }
}

/// The line of an entry, with its run and its row after all other keys.
fn line(row: &Row) -> String {
    let line = row.line.trim_end();
    let open = line.strip_suffix('}').unwrap_or(line);
    clean::json(format!("{open},\"run\":{},\"row\":{}}}\n", row.run, row.id))
}
