//! The command line: arguments, settings, composition and exit codes. One file per command.

mod check;
mod common;
mod demo;
pub mod errors;
pub mod features;
mod files;
mod generate;
mod init;
mod play;
pub mod receiver;
mod send;
pub mod settings;
mod vendors;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use errors::CliError;

/// Plays your SaaS vendors against your own webhook receiver.
#[derive(Parser)]
#[command(
    name = "standin",
    version,
    about = "Plays your SaaS vendors against your own webhook receiver, so that you can prove the receiver before the vendor meets it",
    after_help = "Exit codes:\n  0   all held\n  1   the receiver broke the contract or a threshold\n  2   wrong usage or an invalid file\n  3   the receiver could not be reached\n  70  a bug in Standin\n\nStart here:\n  standin demo                 see all of it, against a receiver of its own\n  standin init                 write a standin.yaml, a feature and a scenario to begin with\n  standin check                hold your receiver to the contract"
)]
struct Cli {
    #[command(flatten)]
    output: common::Output,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::Demo),
    Check(check::Check),
    Play(play::Play),
    Generate(generate::Generate),
    Send(send::Send),
    Receiver(receiver::Receiver),
    Vendors(vendors::Vendors),
    Init(init::Init),
}

/// Parses the arguments, runs the command, and gives back its exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    cli.output.set_up();
    // Every panic is a bug of ours and gets its own exit code.
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(cli)));
    ExitCode::from(match ended {
        Ok(Ok(code)) => code,
        Ok(Err(error)) => error.tell(),
        Err(_) => {
            anstream::eprintln!(
                "this is a bug in Standin: please report it with the command and the seed"
            );
            errors::BUG
        }
    })
}

fn run(cli: Cli) -> Result<u8, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::Usage(format!("no runtime: {error}")))?;
    runtime.block_on(async {
        match cli.command {
            Command::Demo(command) => command.run().await,
            Command::Check(command) => command.run().await,
            Command::Play(command) => command.run().await,
            Command::Generate(command) => command.run(),
            Command::Send(command) => command.run().await,
            Command::Receiver(command) => command.run().await,
            Command::Vendors(command) => command.run(),
            Command::Init(command) => command.run(),
        }
    })
}
