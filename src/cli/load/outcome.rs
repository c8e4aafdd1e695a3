//! What a load comes to: the summary, the report files, the exit code.

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::common;
use crate::cli::errors::{BROKEN, BUG, CliError, PASSED, UNREACHABLE};
use crate::cli::files;
use crate::load::baseline::{Baseline, Kind};
use crate::load::results;
use crate::load::threshold::Threshold;
use crate::model::load::LoadReport;
use crate::report::fold;
use crate::report::load::{hdr, html, json, junit, terminal};

/// What a load is judged by, and the reports that are written.
#[derive(Args)]
pub struct OutcomeArgs {
    /// Fail if this holds: 'p99 > 200ms', 'refused > 0.1%', 'lost > 0', 'drained > 30s' (may be repeated)
    #[arg(long, value_name = "EXPRESSION")]
    fail_if: Vec<String>,
    /// Compare with the JSON results of an older run, and fail if something is worse
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// How much worse than the baseline a value may be; a difference that can be noise is never worse
    #[arg(long, value_name = "PERCENT", value_parser = percent, default_value = "10%", requires = "baseline")]
    fail_if_worse: f64,
    /// Write the results as JSON (schemas/load.schema.json)
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write an HTML page with plots, complete in one file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the latencies second by second as an interval log of HdrHistogram
    #[arg(long, value_name = "FILE")]
    hdr: Option<PathBuf>,
    /// Write the thresholds as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

/// The same, read and checked.
pub struct Outcome<'a> {
    thresholds: Vec<Threshold>,
    baseline: Option<(&'a Path, Baseline)>,
    args: &'a OutcomeArgs,
}

/// The name of what this machine lacked, among the errors of a report.
const LOCAL: &str = "local-error";

/// The largest file with results that is read, in bytes.
const LARGEST_RESULTS: u64 = 32 * 1024 * 1024;

impl OutcomeArgs {
    /// Reads the expressions and the older run, and checks that the reports can be written, and the journal.
    pub fn read(&self, journal: Option<&PathBuf>) -> Result<Outcome<'_>, CliError> {
        files::must_be_writable(&[
            ("--json", self.json.as_ref()),
            ("--html", self.html.as_ref()),
            ("--hdr", self.hdr.as_ref()),
            ("--junit", self.junit.as_ref()),
            ("--journal", journal),
        ])?;
        let baseline = match self.baseline.as_deref() {
            Some(path) => Some((path, baseline(path)?)),
            None => None,
        };
        Ok(Outcome { thresholds: thresholds("--fail-if", &self.fail_if)?, baseline, args: self })
    }
}

impl Outcome<'_> {
    /// Refuses a baseline of another kind of run.
    pub fn must_compare(&self, kind: &Kind) -> Result<(), CliError> {
        let Some((path, baseline)) = &self.baseline else { return Ok(()) };
        baseline.must_be_like(kind).map_err(|why| wrong_baseline(path, &why))
    }

    /// Judges a report, prints the summary and writes the files. Returns the exit code.
    pub fn publish(&self, mut report: LoadReport) -> Result<u8, CliError> {
        report.thresholds = self.thresholds.iter().map(|one| one.judge(&report)).collect();
        report.baseline = self.baseline.as_ref().map(|(path, baseline)| {
            baseline.compare(&path.display().to_string(), &report, self.args.fail_if_worse)
        });
        let (report, args) = (&report, self.args);
        let summary = || {
            let text = terminal::render(report, common::COLOUR);
            common::print_last(&fold(&text, common::columns()));
        };
        let reports = [
            (&args.json, json::render as fn(&LoadReport) -> String),
            (&args.html, html::render),
            (&args.hdr, hdr::render),
            (&args.junit, junit::render),
        ];
        let chosen = reports
            .into_iter()
            .filter_map(|(path, render)| Some((path.clone()?, move || render(report))));
        common::lost(files::publish(summary, chosen));
        if let Some(count) = report.errors.get(LOCAL) {
            say!(
                "error: {count} webhooks were not sent, for want of open files, ports or memory on this \
                 machine: that is no fault of the receiver"
            );
            return Ok(BUG);
        }
        Ok(match report.failed() {
            true => BROKEN,
            false if report.unanswered() => UNREACHABLE,
            false => PASSED,
        })
    }
}

/// Reads the expressions of an option.
pub(super) fn thresholds(option: &str, texts: &[String]) -> Result<Vec<Threshold>, CliError> {
    let read = texts.iter().map(|text| {
        Threshold::read(text).map_err(|wrong| pointed(option, text, wrong.at, &wrong.why))
    });
    read.collect()
}

/// Reads the results of a load. `wrong` makes an error of what is wrong with them.
pub(super) fn results(
    path: &Path,
    wrong: impl Fn(&str) -> CliError,
) -> Result<LoadReport, CliError> {
    let name = path.display().to_string();
    let bytes = files::read_at_most(LARGEST_RESULTS, &name, File::open(path))?;
    let text = String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8"))?;
    results::read(&text).map_err(|why| wrong(&why))
}

fn baseline(path: &Path) -> Result<Baseline, CliError> {
    results(path, |why| wrong_baseline(path, why)).map(Baseline::new)
}

fn wrong_baseline(path: &Path, why: &str) -> CliError {
    CliError::Usage(format!("--baseline {}: {}", path.display(), shown(why)))
}

/// The most characters of a message about a file: it may repeat what is in the file.
const LONGEST: usize = 1000;

/// A message that may repeat what is in a file.
pub(super) fn shown(message: &str) -> String {
    let lines: Vec<String> = message
        .chars()
        .take(LONGEST)
        .collect::<String>()
        .lines()
        .map(crate::report::printable)
        .collect();
    lines.join("\n")
}

/// Reads a percentage: `10%`.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim().strip_suffix('%').and_then(|text| text.trim().parse().ok());
    let number = number.filter(|number: &f64| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| format!("`{text}` is not a percentage; it is written like 10%"))
}

/// A mistake in the text of an option, with carets below its place.
pub(super) fn pointed(option: &str, text: &str, at: Range<usize>, why: &str) -> CliError {
    let width = text[at.clone()].chars().count().max(1);
    let (space, caret) = (" ".repeat(text[..at.start].chars().count()), "^".repeat(width));
    CliError::Usage(format!("{option} is wrong\n  {text}\n  {space}{caret} {why}"))
}
