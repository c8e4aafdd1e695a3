//! Nothing leaks: no text of others steers a terminal or breaks a report, and no secret that a receiver
//! repeats is shown, in any spelling, in any output.

#[path = "leaks/answering.rs"]
mod answering;
#[path = "common/built_in.rs"]
mod built_in;
#[path = "common/folders.rs"]
mod folders;
#[path = "leaks/outputs.rs"]
mod outputs;
#[path = "leaks/places.rs"]
mod places;
#[path = "leaks/secrets.rs"]
mod secrets;
#[path = "leaks/senders.rs"]
mod senders;
#[path = "leaks/spellings.rs"]
mod spellings;
#[path = "leaks/terminal.rs"]
mod terminal;
#[path = "leaks/urls.rs"]
mod urls;

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

use folders::{folder, write};

/// Runs the binary in a folder, without any variable of the machine's environment.
fn run(folder: &Path, arguments: &[impl AsRef<OsStr>], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_standin"))
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("XDG_CACHE_HOME", folder.join(".cache"))
        .envs(variables.iter().copied())
        .args(arguments)
        .output()
        .expect("the binary runs")
}

/// What a command said, on both streams.
fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|one| String::from_utf8_lossy(one).into_owned()).concat()
}
