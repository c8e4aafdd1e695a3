//! `standin init`: writes a first settings file, feature and scenario.
//!
//! It knows no vendor. The feature is the template `first.<vendor>.feature`; the scenario is the
//! story that the demo plays.

use std::path::{Path, PathBuf};

use clap::Args;
use include_dir::{Dir, include_dir};

use super::errors::{CliError, PASSED};
use super::settings::{BUILT_IN, DEFAULT_FILE};
use super::{common, features, files, schema};
use crate::text::shell;
use crate::vendors::Registry;

/// Write a commented standin.yaml, one feature and one scenario; never overwrites
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin init\n  standin init --vendor waitwhile tests/webhooks"
)]
pub struct Init {
    /// The folder to write into
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Write the sections of this vendor alone, and its feature and scenario [default: the sections of
    /// all vendors, and the feature and scenario of the first]
    #[arg(long, value_name = "NAME")]
    vendor: Option<String>,
}

/// Where editors find the schemas. They are beside the files, since a team may have no network and
/// each version of the program its own schemas.
const SETTINGS_SCHEMA: &str = "schemas/standin.schema.json";
const SCENARIO_SCHEMA: &str = "schemas/scenario.schema.json";

/// How a YAML file names its schema.
const SCHEMA_LINE: &str = "# yaml-language-server: $schema=";

/// The line of the built-in settings that is true only of several vendors.
const MANY: &str = "# Delete the vendors that you do not use, here and under `probes`.";

/// The templates of the files to write.
static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

impl Init {
    /// Writes the files.
    pub fn run(self, registry: Registry) -> Result<u8, CliError> {
        let only = self.vendor.as_deref().map(|name| common::vendor(registry, name)).transpose()?;
        let only = only.map(|vendor| vendor.catalogue().vendor);
        let vendor = only.or_else(|| registry.names().next()).unwrap_or_default();
        let feature = format!("first.{vendor}.feature");
        let feature = TEMPLATES.get_file(feature).and_then(|file| file.contents_utf8());
        let (Some(feature), Some((_, scenario))) = (feature, features::story(vendor)) else {
            let why = format!("there is no template for {vendor}");
            return Err(CliError::Usage(why));
        };
        let files = [
            (DEFAULT_FILE, settings(only)),
            ("features/first.feature", feature.to_owned()),
            ("scenarios/first.yaml", at_home(&scenario)),
            (SETTINGS_SCHEMA, schema::standin()),
            (SCENARIO_SCHEMA, schema::scenario()),
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
        let mut written = Vec::new();
        for (name, text) in files {
            let path = self.folder.join(name);
            if let Err(error) = write(&path, &text) {
                // A part of the files would keep the next `init` from writing any.
                written.iter().for_each(|path| drop(std::fs::remove_file(path)));
                return Err(error);
            }
            written.push(path);
        }
        let lines: String =
            written.iter().map(|path| format!("wrote {}\n", path.display())).collect();
        common::print(&lines);
        common::print(&format!(
            "\nNext:\n{}  edit standin.yaml, or try it as it is beside `standin receiver`\n  standin check                          the contract, and features/first.feature\n  standin play scenarios/first.yaml\n",
            self.way()
        ));
        Ok(PASSED)
    }

    /// The `cd` command that leads from here to the files.
    fn way(&self) -> String {
        let folder = self.folder.display().to_string();
        match folder.as_str() {
            "." | "./" | "" => String::new(),
            _ => format!("  cd {}\n", shell::word(&folder)),
        }
    }
}

/// A shipped scenario whose schema is where `init` writes it.
fn at_home(scenario: &str) -> String {
    let lines = scenario.lines().filter(|line| !line.starts_with(SCHEMA_LINE));
    let lines = lines.map(|line| format!("{line}\n"));
    std::iter::once(format!("{SCHEMA_LINE}../{SCENARIO_SCHEMA}\n")).chain(lines).collect()
}

/// The built-in settings as a file, with the sections of this vendor alone if one is given.
fn settings(only: Option<&str>) -> String {
    let features = "# What `standin check` runs after the shipped contract, relative to this file. Not built in.\n\
                    check:\n  features: [features]\n";
    let written = only.map_or_else(|| BUILT_IN.to_owned(), of_one_vendor);
    format!("{SCHEMA_LINE}./{SETTINGS_SCHEMA}\n{written}\n{features}")
}

/// The built-in settings without the sections of other vendors.
fn of_one_vendor(vendor: &str) -> String {
    let (mut kept, mut in_sections, mut is_mine) = (String::new(), false, true);
    for line in BUILT_IN.lines() {
        let name = line.strip_prefix("  ").filter(|rest| rest.starts_with(char::is_alphabetic));
        if line.starts_with(char::is_alphabetic) {
            (in_sections, is_mine) = (["vendors:", "probes:"].contains(&line), true);
        } else if let Some(name) = name.filter(|_| in_sections) {
            is_mine = name.split([':', '.']).next() == Some(vendor);
        } else if line.is_empty() {
            is_mine = true;
        }
        if is_mine && line != MANY {
            kept += &format!("{line}\n");
        }
    }
    kept
}

fn write(path: &Path, text: &str) -> Result<(), CliError> {
    let failed = |error| CliError::Usage(format!("cannot write {}: {error}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    files::write_new(path, text).map_err(failed)
}
