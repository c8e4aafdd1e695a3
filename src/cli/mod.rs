//! The command line: arguments, settings, composition and exit codes. One file per command.

#[macro_use]
mod output;

mod apis;
mod check;
mod common;
mod curl;
mod demo;
mod doctor;
pub mod errors;
mod explain;
pub mod features;
mod files;
mod generate;
mod healthcheck;
mod init;
mod interrupt;
mod journal;
mod last_failed;
mod limits;
#[cfg(target_os = "linux")]
mod load;
mod play;
pub mod receiver;
mod schema;
mod send;
mod sender;
mod senders;
mod serve;
pub mod settings;
mod shell;
mod sign;
mod vendors;
mod verify;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use errors::CliError;

use crate::vendors::{Registry, registry};

/// Plays your SaaS vendors against your own webhook receiver.
#[derive(Parser)]
#[command(
    name = "standin",
    version,
    about = "Plays your SaaS vendors against your own webhook receiver, so that you find its bugs before the vendor does",
    after_help = "Exit codes:\n  0   everything passed\n  1   the receiver broke the contract\n  2   wrong usage or an invalid file\n  3   the receiver could not be reached\n  70  a bug in Standin, or something that this machine lacked\n  74  what was found could not be written\n  130 interrupted with Ctrl-C (143: SIGTERM, 129: SIGHUP)\n\nStart here:\n  standin demo                 see it all, with a receiver of its own\n  standin init                 write a standin.yaml, a feature and a scenario to begin with\n  standin doctor               see what works between the vendors and your receiver\n  standin check                hold your receiver to the contract"
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
    Check(Box<check::Check>),
    Doctor(doctor::Doctor),
    Play(play::Play),
    Generate(generate::Generate),
    Send(send::Send),
    Sign(sign::Sign),
    Verify(verify::Verify),
    Senders(senders::Senders),
    Curl(curl::Curl),
    #[cfg(target_os = "linux")]
    Load(Box<load::Load>),
    Serve(serve::Serve),
    Healthcheck(healthcheck::Healthcheck),
    Receiver(receiver::Receiver),
    Vendors(vendors::Vendors),
    Explain(explain::Explain),
    Show(explain::Show),
    Journal(journal::Journal),
    Schema(schema::Schema),
    Init(init::Init),
    Completions(shell::Completions),
    Man(shell::ManPage),
}

/// Runs the program with the process's arguments and the shipped vendors.
pub fn main() -> ExitCode {
    ExitCode::from(run(registry::shipped(), std::env::args_os()))
}

/// Parses the arguments (the program's name first), runs the command with these vendors and returns
/// the exit code.
pub fn run<T: Into<OsString>>(registry: Registry, arguments: impl IntoIterator<Item = T>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let cli = match parse(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            return errors::report_arguments(error, &arguments, |shown| parse(shown).err());
        }
    };
    cli.output.set_up();
    limits::raise();
    // Every panic is a bug of ours and gets its own exit code.
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| obey(cli, registry)));
    match ended {
        Ok(Ok(code)) => interrupt::code(output::code(code)),
        Ok(Err(error)) => interrupt::code(error.report()),
        Err(_) => {
            say!("this is a bug in Standin: please report it with the command and the seed");
            errors::BUG
        }
    }
}

fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let mut command = Cli::command();
    let matches = command.try_get_matches_from_mut(arguments)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

fn obey(cli: Cli, registry: Registry) -> Result<u8, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::Usage(format!("no runtime: {error}")))?;
    runtime.block_on(async {
        interrupt::catch();
        match cli.command {
            Command::Demo(command) => command.run(registry).await,
            Command::Check(command) => command.run(registry, cli.output.verbosity()).await,
            Command::Doctor(command) => command.run(registry).await,
            Command::Play(command) => command.run(registry).await,
            Command::Generate(command) => command.run(registry),
            Command::Send(command) => command.run(registry).await,
            Command::Sign(command) => command.run(registry).await,
            Command::Verify(command) => command.run(registry),
            Command::Senders(command) => command.run(registry),
            Command::Curl(command) => command.run(),
            #[cfg(target_os = "linux")]
            Command::Load(command) => command.run(registry).await,
            Command::Serve(command) => command.run(registry).await,
            Command::Healthcheck(command) => command.run().await,
            Command::Receiver(command) => command.run().await,
            Command::Vendors(command) => command.run(registry),
            Command::Explain(command) => command.run(),
            Command::Show(command) => command.run(),
            Command::Journal(command) => command.run(registry).await,
            Command::Schema(command) => command.run(registry),
            Command::Init(command) => command.run(registry),
            Command::Completions(command) => command.run(Cli::command()),
            Command::Man(command) => command.run(Cli::command()),
        }
    })
}
