//! `standin init`: writes a first settings file, feature and scenario.
//!
//! It knows no vendor. The feature is the template `first.<vendor>.feature`; the scenario is the
//! story that the demo plays.

use std::path::{Path, PathBuf};

use clap::{Args, Command};
use include_dir::{Dir, include_dir};

use super::errors::{CliError, PASSED};
use super::settings::{BUILT_IN, DEFAULT_FILE};
use super::{common, features};
use crate::vendors::Registry;

/// Write a commented standin.yaml, one feature and one scenario; never overwrites
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin init\n  standin init --vendor waitwhile tests/webhooks\n\nstandin.yaml has a section for every vendor."
)]
pub struct Init {
    /// The folder to write into
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// The vendor of the feature and the scenario
    #[arg(long, value_name = "NAME")]
    vendor: String,
}

/// The files to write.
static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

impl Init {
    /// Writes the files.
    pub fn run(self, registry: Registry) -> Result<u8, CliError> {
        let vendor = common::vendor(registry, &self.vendor)?.catalogue().vendor;
        let feature = format!("first.{vendor}.feature");
        let feature = TEMPLATES.get_file(feature).and_then(|file| file.contents_utf8());
        let (Some(feature), Some((_, scenario))) = (feature, features::story(vendor)) else {
            let why = format!("there is no template for {vendor}");
            return Err(CliError::Usage(why));
        };
        let scenario = at_home(&scenario);
        let files = [
            (DEFAULT_FILE, BUILT_IN),
            ("features/first.feature", feature),
            ("scenarios/first.yaml", scenario.as_str()),
        ];
        let there: Vec<String> = files
            .iter()
            .map(|(name, _)| self.folder.join(name))
            .filter(|path| path.exists())
            .map(|path| path.display().to_string())
            .collect();
        if !there.is_empty() {
            let why = format!("{} already exists; nothing was written", there.join(", "));
            return Err(CliError::Usage(why));
        }
        for (name, text) in files {
            let path = self.folder.join(name);
            write(&path, text)?;
            common::print(&format!("wrote {}\n", path.display()));
        }
        common::print(&format!(
            "\nNext:\n{}  edit standin.yaml, or try it as it is beside `standin receiver`\n  standin check features/first.feature\n  standin play scenarios/first.yaml\n",
            self.way()
        ));
        Ok(PASSED)
    }

    /// The `cd` command that leads from here to the files.
    fn way(&self) -> String {
        let folder = self.folder.display().to_string();
        match folder.as_str() {
            "." | "./" | "" => String::new(),
            _ => format!("  cd {}\n", common::quoted(&folder)),
        }
    }
}

/// The command line, with the first vendor as the default.
pub fn with_default(command: Command, registry: Registry) -> Command {
    let Some(first) = registry.names().next() else { return command };
    command.mut_subcommand("init", |init| {
        init.mut_arg("vendor", |vendor| vendor.required(false).default_value(first))
    })
}

/// A shipped scenario without its first line: the path of the schema is right only in this
/// repository.
fn at_home(scenario: &str) -> String {
    let lines = scenario.lines().filter(|line| !line.starts_with("# yaml-language-server"));
    lines.map(|line| format!("{line}\n")).collect()
}

fn write(path: &Path, text: &str) -> Result<(), CliError> {
    let failed = |error| CliError::Usage(format!("cannot write {}: {error}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    // `create_new` never overwrites a file that was created in the meantime.
    let mut file = std::fs::File::create_new(path).map_err(failed)?;
    std::io::Write::write_all(&mut file, text.as_bytes()).map_err(failed)
}
