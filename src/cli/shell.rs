//! `standin completions` and `standin man`: what shells and packages need, from the command line itself.

use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::common;
use super::errors::{CliError, PASSED};

/// The name of the program, in files that call it.
const PROGRAM: &str = "standin";

/// Print the completions for a shell
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin completions bash > ~/.local/share/bash-completion/completions/standin\n  standin completions zsh > ~/.zfunc/_standin           with `fpath+=~/.zfunc` before `compinit`\n  standin completions fish > ~/.config/fish/completions/standin.fish"
)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    /// Prints them.
    pub fn run(self, mut program: Command) -> Result<u8, CliError> {
        let mut script = Vec::new();
        generate(self.shell, &mut program, PROGRAM, &mut script);
        common::print(&String::from_utf8_lossy(&script));
        Ok(PASSED)
    }
}

/// Print a man page
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin man | man -l -\n  standin man check | man -l -\n  standin man journal replay | man -l -\n  standin man --into /usr/local/share/man/man1          every page, as a package installs them"
)]
pub struct ManPage {
    /// The command whose page is printed; without it, that of the program
    command: Vec<String>,
    /// Write the pages of the program and of every command into this folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    into: Option<PathBuf>,
}

impl ManPage {
    /// Prints or writes it.
    pub fn run(self, mut program: Command) -> Result<u8, CliError> {
        // Gives the commands below the help of those above, and the whole name.
        program.build();
        if let Some(folder) = &self.into {
            std::fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))?;
            write_all(&program, folder)?;
            return Ok(PASSED);
        }
        let mut chosen = &program;
        for name in &self.command {
            let below = chosen.find_subcommand(name);
            chosen = below.ok_or_else(|| {
                CliError::Usage(format!(
                    "there is no command `{name}`: `{} --help` lists them",
                    chosen.get_bin_name().unwrap_or(PROGRAM)
                ))
            })?;
        }
        common::print(&String::from_utf8_lossy(&rendered(&page(chosen))?));
        Ok(PASSED)
    }
}

fn page(command: &Command) -> Man {
    Man::new(command.clone()).source(concat!("standin ", env!("CARGO_PKG_VERSION")))
}

fn rendered(page: &Man) -> Result<Vec<u8>, CliError> {
    let mut text = Vec::new();
    // Writing to memory does not fail.
    let written = page.render(&mut text);
    written.map_err(|error| CliError::Usage(format!("no man page: {error}")))?;
    Ok(text)
}

/// Writes the page of a command and of those below it.
fn write_all(command: &Command, folder: &Path) -> Result<(), CliError> {
    let page = page(command);
    let file = folder.join(page.get_filename());
    super::files::replace(&file, rendered(&page)?).map_err(|error| cannot_write(&file, &error))?;
    let below = command.get_subcommands().filter(|one| !one.is_hide_set());
    below.filter(|one| one.get_name() != "help").try_for_each(|one| write_all(one, folder))
}

fn cannot_write(path: &Path, error: &std::io::Error) -> CliError {
    CliError::Usage(format!("cannot write {}: {error}", path.display()))
}
