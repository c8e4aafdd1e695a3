//! `standin curl`: the request of a failure as a line for a shell, from a JSON report. The terminal cuts
//! this line.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::Args;
use serde_json::Value as Json;

use super::common;
use super::errors::{CliError, PASSED};
use super::files;
use crate::model::unreadable;
use crate::report::printable;

/// Print the request of a failure as a curl line
#[derive(Args)]
#[command(
    after_help = "Secrets are *** in it: put them in before you send it. A signature is computed again by `standin sign`, so a signed request can be sent as it is.\n\nExamples:\n  standin check --json report.json\n  standin curl --report report.json           lists the failures\n  standin curl 3 --report report.json         the request of the third one\n  standin curl 3 --report report.json | sh    sends it again, if it is signed or has no secret"
)]
pub struct Curl {
    /// Which failure, from 1 [default: list them]
    #[arg(value_name = "N")]
    number: Option<usize>,
    /// The JSON report of `standin check --json`, or - for standard input
    #[arg(long, value_name = "FILE")]
    report: PathBuf,
}

/// The largest report that is read.
const LARGEST: u64 = 512 * 1024 * 1024;

/// A failure in a report.
struct Failure {
    place: String,
    message: String,
    curl: Option<String>,
}

impl Curl {
    /// Prints the line.
    pub fn run(self) -> Result<u8, CliError> {
        let failures = self.failures()?;
        let Some(number) = self.number else {
            for (place, failure) in failures.iter().enumerate() {
                let Failure { place: at, message, .. } = failure;
                common::print(&printable(&format!("{:>4}  {message}  {at}\n", place + 1)));
            }
            return Ok(PASSED);
        };
        let failure = number.checked_sub(1).and_then(|place| failures.get(place));
        let failure = failure.ok_or_else(|| {
            let count = failures.len();
            CliError::Usage(format!("there is no failure {number}: the report has {count}"))
        })?;
        let curl = failure.curl.as_ref().ok_or_else(|| {
            CliError::Usage(format!("failure {number} is about no request: {}", failure.message))
        })?;
        let line = if std::io::stdout().is_terminal() { printable(curl) } else { curl.clone() };
        common::print(&format!("{line}\n"));
        Ok(PASSED)
    }

    /// The failures of the report, in its order.
    fn failures(&self) -> Result<Vec<Failure>, CliError> {
        let (name, text) = files::read_or_stdin(LARGEST, &self.report)?;
        let report: Json = serde_json::from_slice(&text)
            .map_err(|error| CliError::Usage(format!("{name} {}", unreadable::json(&error))))?;
        let features = report["features"].as_array().ok_or_else(|| {
            CliError::Usage(format!("{name} is no report of `standin check --json`"))
        })?;
        let mut failures = Vec::new();
        for feature in features {
            let scenarios = feature["scenarios"].as_array().into_iter().flatten();
            for scenario in scenarios.filter(|one| one["verdict"] == "failed") {
                let file = feature["file"].as_str().unwrap_or_default();
                failures.push(Failure::read(file, scenario));
            }
        }
        Ok(failures)
    }
}

impl Failure {
    fn read(file: &str, scenario: &Json) -> Self {
        let failure = &scenario["failure"];
        let exchanges = scenario["exchanges"].as_array();
        let exchange = |at: &Json| {
            let at = at.as_u64().and_then(|at| usize::try_from(at).ok());
            exchanges.zip(at).and_then(|(all, at)| all.get(at))
        };
        let failed = exchange(&failure["exchange"]);
        // A line that an attempt has in common with an earlier one is written there.
        let all = [failed, failed.and_then(|one| exchange(&one["same_body_as"]))];
        let curl = all.into_iter().flatten().find_map(|one| one["curl"].as_str());
        Self {
            place: format!("{file}:{}", scenario["line"]),
            message: failure["message"].as_str().unwrap_or_default().to_owned(),
            curl: curl.map(str::to_owned),
        }
    }
}
