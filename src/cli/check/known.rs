//! The list of known failures in standin.yaml: entries that match nothing, and new entries for what has
//! failed.
//!
//! The new text of standin.yaml is read again before it is written. If it would not say what it should,
//! nothing is written.

mod place;
mod splice;

use std::path::Path;

use jiff::civil::Date;

use crate::cli::errors::CliError;
use crate::cli::settings::{self, Overrides};
use crate::cli::{features, files};
use crate::contract::{Plan, expanded, named};
use crate::model::failure_kind::FailureKind;
use crate::model::result::{Run, Verdict};
use crate::model::tolerance::{Known, KnownScenarios, Named};
use crate::report::printable;
use crate::suggest::did_you_mean;
use crate::vendors::Registry;

pub use place::as_in_run;
use splice::{Entry, block, with_entries};

/// A warning for each entry that matches nothing in the shipped contract or in this run. An entry for a
/// file of the user's own that is not part of this run is fine.
pub fn unmatched(known: &[Known], plans: &[Plan]) -> Vec<String> {
    if known.is_empty() {
        return Vec::new();
    }
    let shipped: Vec<_> = features::all()
        .into_iter()
        .filter_map(|source| Some((source.file.clone(), expanded(&source).ok()?)))
        .collect();
    let of_shipped = shipped
        .iter()
        .flat_map(|(file, scenarios)| scenarios.iter().map(move |one| one.named(file)));
    let of_run =
        plans.iter().flat_map(|plan| plan.scenarios.iter().map(move |one| named(plan, one)));
    let all: Vec<Named<'_>> = of_shipped.chain(of_run).collect();
    let missing = known.iter().filter(|entry| !all.iter().any(|one| entry.which.has(one)));
    let missing = missing.filter(|entry| !is_elsewhere(&entry.which, &all));
    missing.map(|entry| complaint(entry, &all)).collect()
}

/// Whether this is about a file that is neither shipped nor part of the run, and exists.
fn is_elsewhere(which: &KnownScenarios, all: &[Named<'_>]) -> bool {
    let file = which.file();
    file.is_some_and(|file| !all.iter().any(|one| one.file == file) && Path::new(file).is_file())
}

fn complaint(entry: &Known, all: &[Named<'_>]) -> String {
    let near = match &entry.which {
        KnownScenarios::Rule(id) => did_you_mean(id, all.iter().filter_map(|one| one.rule)),
        KnownScenarios::Name(name) => did_you_mean(name, all.iter().map(|one| one.name)),
        KnownScenarios::NameIn(file, name) => {
            let of_file = all.iter().filter(|one| one.file == file);
            did_you_mean(name, of_file.map(|one| one.name))
        }
        KnownScenarios::Line(file, line) => {
            let lines = all.iter().filter(|one| one.file == file).map(|one| one.lines.0);
            let near = lines.min_by_key(|own| own.abs_diff(*line));
            near.map(|near| format!("the nearest begins on line {near}"))
        }
    };
    let (file, line) = &entry.place;
    let near = near.map_or(String::new(), |near| format!(": {near}"));
    format!("{file}:{line}: nothing in the contract is {}{near}", entry.which)
}

/// Writes an entry for each scenario that has failed into the file of settings, and counts them as known
/// from then on. Returns what to say of it.
///
/// # Errors
/// If the file cannot be read or written.
pub fn write(
    run: &mut Run,
    registry: Registry,
    file: Option<&Path>,
    overrides: &Overrides,
) -> Result<String, CliError> {
    if run.interrupted {
        return Ok("no known failures were written, since not everything was run\n".to_owned());
    }
    let found = entries(run, file.unwrap_or(Path::new(settings::DEFAULT_FILE)));
    if found.is_empty() {
        return Ok(
            "nothing has failed that can be known, so there is nothing to write\n".to_owned()
        );
    }
    let entries: Vec<Entry> = found.iter().map(|(_, entry)| entry.clone()).collect();
    let by_hand = |why: &str| {
        let entries = block(&entries, 4);
        Ok(format!("{why}: add this to standin.yaml\n\ncheck:\n  known:\n{entries}"))
    };
    let Some(path) = file else { return by_hand("there is no standin.yaml") };
    let (name, text) = (path.display().to_string(), files::read_whole_text(path)?);
    let read = |text: &str| {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        settings::read(registry, &name, text, overrides)
    };
    let listed = |text: &str| -> Result<Vec<Essence>, CliError> {
        Ok(read(text)?.tolerance.known.iter().map(essence).collect())
    };
    let mut wanted = listed(&text)?;
    wanted.extend(entries.iter().map(essence_of));
    let added = with_entries(&text, &entries);
    let is_right = |text: &String| listed(text).is_ok_and(|listed| listed == wanted);
    let Some(added) = added.filter(is_right) else {
        return by_hand(&format!("{name} was not changed, since `check` has another form there"));
    };
    files::write(path, &added)?;
    for ((feature, scenario), entry) in found {
        run.features[feature].scenarios[scenario].verdict = Verdict::Known(entry.reason);
    }
    Ok(format!(
        "{} known failures were added to {name}; give each a better reason\n",
        entries.len()
    ))
}

/// What an entry says, without its place.
type Essence = (KnownScenarios, Option<String>, Option<FailureKind>, String, Option<Date>);

fn essence(known: &Known) -> Essence {
    let Known { which, vendor, failure, reason, until, place: _ } = known.clone();
    (which, vendor, failure, reason, until)
}

fn essence_of(entry: &Entry) -> Essence {
    let which = KnownScenarios::of_scenario(&entry.scenario);
    (which, None, Some(entry.failure), entry.reason.clone(), None)
}

/// An entry for each scenario that has failed, with the indices of its feature and of the scenario.
fn entries(run: &Run, settings: &Path) -> Vec<((usize, usize), Entry)> {
    let mut entries = Vec::new();
    for (place, feature) in run.features.iter().enumerate() {
        for (index, one) in feature.scenarios.iter().enumerate() {
            let Some(failure) = &one.failure else { continue };
            if one.verdict != Verdict::Failed || failure.internal || failure.unreachable {
                continue;
            }
            let entry = Entry {
                scenario: place::in_settings(settings, &feature.file, (&one.name, one.line)),
                failure: failure.kind,
                reason: printable(&format!("not mended yet: {}", failure.message)),
            };
            entries.push(((place, index), entry));
        }
    }
    entries
}
