//! `standin schema`: prints the JSON Schemas of the file formats and of the webhooks.
//!
//! They come from the types that read and write them, so the program always has those of its version.

use std::fmt::Write as _;

use clap::Args;
use serde_json::Value as Json;

use super::common;
use super::errors::{CliError, PASSED};
use super::settings;
use crate::report;
use crate::scenario::file::ScenarioFile;
use crate::suggest::did_you_mean;
use crate::vendors::Registry;

/// Print a JSON Schema: of a file format, or of a webhook
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin schema                                      the names\n  standin schema standin > schemas/standin.schema.json\n  standin schema waitwhile/2024/visit.created\n\nAn editor finds the schema of a file if the file begins with\n  # yaml-language-server: $schema=./schemas/standin.schema.json"
)]
pub struct Schema {
    /// The name of the schema; without it, all names are listed
    name: Option<String>,
}

/// A file format.
struct Format {
    name: &'static str,
    about: &'static str,
    text: fn() -> String,
}

/// The lines that `generate` prints have a schema that is written by hand.
const GENERATED: &str = include_str!("../../schemas/generated.schema.json");

const FORMATS: &[Format] = &[
    Format { name: "standin", about: "standin.yaml", text: standin },
    Format {
        name: "scenario",
        about: "a scenario file, for `play` and `generate`",
        text: scenario,
    },
    Format {
        name: "report",
        about: "the report of `check --json`",
        text: || pretty(&report::json::schema()),
    },
    Format {
        name: "load",
        about: "the report of `load --json`",
        text: || pretty(&report::load::json::schema()),
    },
    Format {
        name: "generated",
        about: "a line that `generate` prints",
        text: || GENERATED.to_owned(),
    },
];

impl Schema {
    /// Prints it.
    pub fn run(self, registry: Registry) -> Result<u8, CliError> {
        let text = match &self.name {
            None => overview(registry),
            Some(name) => find(registry, name).ok_or_else(|| unknown(registry, name))?,
        };
        common::print(&text);
        Ok(PASSED)
    }
}

/// The schema of standin.yaml.
pub fn standin() -> String {
    pretty(&settings::schema())
}

/// The schema of scenario files.
pub fn scenario() -> String {
    pretty(&schemars::schema_for!(ScenarioFile).to_value())
}

fn pretty(schema: &Json) -> String {
    format!("{schema:#}\n")
}

fn find(registry: Registry, name: &str) -> Option<String> {
    if let Some(format) = FORMATS.iter().find(|format| format.name == name) {
        return Some((format.text)());
    }
    let (vendor, rest) = name.split_once('/')?;
    let (profile, trigger) = rest.split_once('/')?;
    let vendor = registry.find(vendor)?;
    let schema = vendor.schema(vendor.catalogue().profile(profile)?, trigger)?;
    Some(pretty(&schema))
}

/// The names of the webhooks' schemas: `vendor/profile/trigger`.
fn webhooks(registry: Registry) -> Vec<String> {
    let mut names = Vec::new();
    for vendor in registry.vendors() {
        let catalogue = vendor.catalogue();
        for profile in catalogue.profiles {
            let triggers = catalogue.triggers.iter().map(|one| one.name);
            let triggers = triggers.filter(|name| vendor.schema(profile, name).is_some());
            names.extend(
                triggers.map(|name| format!("{}/{}/{name}", catalogue.vendor, profile.name)),
            );
        }
    }
    names
}

fn overview(registry: Registry) -> String {
    let mut out = String::from("Files\n");
    for Format { name, about, .. } in FORMATS {
        let _ = writeln!(out, "  {name:<10} {about}");
    }
    out += "\nWebhooks (vendor/profile/trigger)\n";
    for name in webhooks(registry) {
        let _ = writeln!(out, "  {name}");
    }
    out
}

fn unknown(registry: Registry, name: &str) -> CliError {
    let webhooks = webhooks(registry);
    let known = FORMATS.iter().map(|one| one.name).chain(webhooks.iter().map(String::as_str));
    let near = did_you_mean(name, known).map_or(String::new(), |near| format!(" ({near})"));
    CliError::Usage(format!("there is no schema `{name}`{near}: `standin schema` lists them"))
}
