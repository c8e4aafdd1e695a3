//! `standin journal`: reads the files that `--journal` writes. One file per command.

mod diff;
mod export;
mod recorded;
mod replay;
mod seed;
mod selection;
mod show;

use clap::{Args, Subcommand};

use super::errors::CliError;
use crate::vendors::Registry;

/// Read the journals that `--journal FILE` writes: show, export, replay, compare
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin check --journal run.journal                 write one\n  standin journal show run.journal --runs             which runs are in it\n  standin journal show run.journal --run 3\n  standin journal export run.journal --format har > run.har\n  standin journal replay run.journal --target http://127.0.0.1:9000\n  standin journal diff before.journal after.journal"
)]
pub struct Journal {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Show(show::Show),
    Export(export::Export),
    Replay(replay::Replay),
    Diff(diff::Diff),
}

impl Journal {
    /// Runs the subcommand.
    pub async fn run(self, registry: Registry) -> Result<u8, CliError> {
        match self.command {
            Command::Show(command) => command.run(),
            Command::Export(command) => command.run(),
            Command::Replay(command) => command.run(registry).await,
            Command::Diff(command) => command.run(),
        }
    }
}
