//! What a load comes to: the summary, the report files, the exit code.

use std::ops::Range;
use std::path::PathBuf;

use clap::Args;

use crate::cli::common;
use crate::cli::errors::{BROKEN, CliError, PASSED, UNREACHABLE};
use crate::cli::files;
use crate::load::threshold::Threshold;
use crate::model::load::LoadReport;

/// What a load is judged by, and the reports that are written.
#[derive(Args)]
pub struct OutcomeArgs {
    /// Fail if this holds: 'p99 > 200ms', 'refused > 0.1%', 'lost > 0', 'drained > 30s' (may be repeated)
    #[arg(long, value_name = "EXPRESSION")]
    fail_if: Vec<String>,
    /// Write the results as JSON into this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// The same, read and checked.
pub struct Outcome<'a> {
    thresholds: Vec<Threshold>,
    args: &'a OutcomeArgs,
}

impl OutcomeArgs {
    /// Reads the expressions.
    pub fn read(&self) -> Result<Outcome<'_>, CliError> {
        Ok(Outcome { thresholds: thresholds(&self.fail_if)?, args: self })
    }
}

impl Outcome<'_> {
    /// Judges a report, prints the summary and writes the files. Returns the exit code.
    pub fn publish(&self, mut report: LoadReport) -> Result<u8, CliError> {
        report.thresholds = self.thresholds.iter().map(|one| one.judge(&report)).collect();
        common::print(&crate::report::load::render(&report, common::COLOUR));
        if let Some(path) = &self.args.json {
            let text = serde_json::to_string_pretty(&report).unwrap_or_default() + "\n";
            files::write(path, &text)?;
        }
        Ok(code(&report))
    }
}

fn thresholds(texts: &[String]) -> Result<Vec<Threshold>, CliError> {
    let read = texts.iter().map(|text| {
        Threshold::read(text).map_err(|wrong| pointed("--fail-if", text, wrong.at, &wrong.why))
    });
    read.collect()
}

/// A mistake in the text of an option, with carets below its place.
pub(super) fn pointed(option: &str, text: &str, at: Range<usize>, why: &str) -> CliError {
    let width = text[at.clone()].chars().count().max(1);
    let (space, caret) = (" ".repeat(text[..at.start].chars().count()), "^".repeat(width));
    CliError::Usage(format!("{option} is wrong\n  {text}\n  {space}{caret} {why}"))
}

fn code(report: &LoadReport) -> u8 {
    if report.thresholds.iter().any(|one| !one.passed) {
        return BROKEN;
    }
    let counts = &report.webhooks;
    let due = counts.sent + counts.shed + counts.unfinished;
    if due > 0 && report.answers == 0 { UNREACHABLE } else { PASSED }
}
