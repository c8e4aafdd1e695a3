//! `standin init`: writes a settings file, a feature and a scenario to begin with.

use std::path::{Path, PathBuf};

use clap::Args;

use super::common;
use super::errors::{CliError, HELD};
use super::settings::{BUILT_IN, DEFAULT_FILE};

/// Write a commented standin.yaml, one feature and one scenario; never overwrites
#[derive(Args)]
#[command(after_help = "Examples:\n  standin init\n  standin init tests/webhooks")]
pub struct Init {
    /// The folder to write into
    #[arg(default_value = ".")]
    folder: PathBuf,
}

const FEATURE: &str = include_str!("../../templates/first.feature");
const SCENARIO: &str = include_str!("../../scenarios/ombori/walk-in.yaml");

impl Init {
    /// Writes the files.
    pub fn run(self) -> Result<u8, CliError> {
        let files = [
            (DEFAULT_FILE, BUILT_IN),
            ("features/first.feature", FEATURE),
            ("scenarios/first.yaml", SCENARIO),
        ];
        let there: Vec<String> = files
            .iter()
            .map(|(name, _)| self.folder.join(name))
            .filter(|path| path.exists())
            .map(|path| path.display().to_string())
            .collect();
        if !there.is_empty() {
            let why = format!(
                "{} is there already; nothing is overwritten, and nothing was written",
                there.join(", ")
            );
            return Err(CliError::Usage(why));
        }
        for (name, text) in files {
            let path = self.folder.join(name);
            write(&path, text)?;
            common::say(&format!("wrote {}\n", path.display()));
        }
        common::say(
            "\nNext:\n  edit standin.yaml, or try it as it is against `standin receiver`\n  standin check features/first.feature\n  standin play scenarios/first.yaml\n",
        );
        Ok(HELD)
    }
}

fn write(path: &Path, text: &str) -> Result<(), CliError> {
    let failed = |error| CliError::Usage(format!("cannot write {}: {error}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    // Never over a file that has appeared meanwhile.
    let mut file = std::fs::File::create_new(path).map_err(failed)?;
    std::io::Write::write_all(&mut file, text.as_bytes()).map_err(failed)
}
