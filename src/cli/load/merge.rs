//! `standin load merge`: joins the results of the shards of a run.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::outcome::{OutcomeArgs, results, shown};
use crate::cli::errors::CliError;
use crate::load::baseline::Kind;
use crate::load::merge::{self, Missing, Part};
use crate::load::rate;

/// Shards that begin within this time load the receiver together.
const TOGETHER: Duration = Duration::from_secs(1);

/// Join the results of shards into those of the whole run, and judge it
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin load --shard 0/2 --seed 7 --rate 2000/s --json 0.json    on one machine\n  standin load --shard 1/2 --seed 7 --rate 2000/s --json 1.json    on another\n  standin load merge 0.json 1.json --fail-if 'p99 > 200ms' --json whole.json\n\nCounts and histograms are added, and percentiles are taken from the sums, so they are those of one run. Refused are shards of different runs, the same shard twice, and missing shards."
)]
pub(super) struct Merge {
    /// The results of the shards, as `standin load --shard … --json FILE` writes them; what was
    /// joined already may be joined again
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Join also if shards are missing
    #[arg(long)]
    partial: bool,
    #[command(flatten)]
    outcome: OutcomeArgs,
}

impl Merge {
    /// Joins, judges, prints and writes.
    pub(super) fn run(&self) -> Result<u8, CliError> {
        let outcome = self.outcome.read(None)?;
        let parts: Vec<Part> =
            self.files.iter().map(|path| part(path)).collect::<Result<_, _>>()?;
        let missing = if self.partial { Missing::Accepted } else { Missing::Refused };
        let whole = merge::merge(&parts, missing)
            .map_err(|problem| CliError::Usage(shown(&problem.to_string())))?;
        outcome.must_compare(&Kind::of(&whole))?;
        let apart = merge::apart(&parts);
        if apart > TOGETHER {
            say!(
                "warning: the shards began up to {} apart, so rates and seconds are of no load that \
                 there ever was: begin them together with --start-at",
                rate::shown(apart)
            );
        }
        outcome.publish(whole)
    }
}

fn part(path: &Path) -> Result<Part, CliError> {
    let name = path.display().to_string();
    let report = results(path, |why| CliError::Usage(shown(&format!("{name}: {why}"))))?;
    Ok(Part { name, report })
}
