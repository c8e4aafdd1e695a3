//! The list of known failures in standin.yaml: entries that match nothing, and new entries for what has
//! failed.
//!
//! Entries are added to the text of the file, so that comments and everything else in it stay. The new
//! text is read again before it is written. If it would not say what it should, nothing is written.

use std::path::Path;

use crate::cli::errors::CliError;
use crate::cli::settings::{self, Overrides};
use crate::cli::{features, files};
use crate::contract::{Plan, expanded, named};
use crate::model::result::{Run, Verdict};
use crate::model::tolerance::{Known, KnownScenarios, Named};
use crate::report::printable;
use crate::suggest::did_you_mean;
use crate::vendors::Registry;

/// A warning for each entry that matches nothing in the shipped contract or in this run. An entry for a
/// file of the user's own that is not part of this run is fine.
pub fn unmatched(known: &[Known], plans: &[Plan]) -> Vec<String> {
    if known.is_empty() {
        return Vec::new();
    }
    let shipped: Vec<_> = features::shipped()
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
    match which {
        KnownScenarios::Line(file, _) => {
            !all.iter().any(|one| one.file == file) && Path::new(file).is_file()
        }
        _ => false,
    }
}

fn complaint(entry: &Known, all: &[Named<'_>]) -> String {
    let near = match &entry.which {
        KnownScenarios::Rule(id) => did_you_mean(id, all.iter().filter_map(|one| one.rule)),
        KnownScenarios::Name(name) => did_you_mean(name, all.iter().map(|one| one.name)),
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
    let entries = entries(run);
    if entries.is_empty() {
        return Ok("nothing has failed, so there is no known failure to write\n".to_owned());
    }
    let by_hand = |why: &str| {
        let entries = block(&entries, 4);
        Ok(format!("{why}: add this to standin.yaml\n\ncheck:\n  known:\n{entries}"))
    };
    let Some(path) = file else { return by_hand("there is no standin.yaml") };
    let (name, text) = (path.display().to_string(), files::read_text(path)?);
    let read = |text: &str| settings::read(registry, &name, text, overrides);
    let wanted: Vec<_> = read(&text)?
        .tolerance
        .known
        .iter()
        .map(essence)
        .chain(entries.iter().map(Entry::essence))
        .collect();
    let added = with_entries(&text, &entries);
    let is_right = |text: &String| {
        read(text).is_ok_and(|read| {
            read.tolerance.known.iter().map(essence).collect::<Vec<_>>() == wanted
        })
    };
    let Some(added) = added.filter(is_right) else {
        return by_hand(&format!("{name} was not changed, since `check` has another form there"));
    };
    files::write(path, &added)?;
    for feature in &mut run.features {
        for scenario in &mut feature.scenarios {
            let is_entry =
                |one: &&Entry| one.scenario == scenario.name && scenario.verdict == Verdict::Failed;
            if let Some(entry) = entries.iter().find(is_entry) {
                scenario.verdict = Verdict::Known(entry.reason.clone());
            }
        }
    }
    Ok(format!(
        "{} known failures were added to {name}; give each a better reason\n",
        entries.len()
    ))
}

/// What an entry says, without its place.
type Essence = (KnownScenarios, Option<String>, String);

fn essence(known: &Known) -> Essence {
    (known.which.clone(), known.vendor.clone(), known.reason.clone())
}

/// A new entry.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    scenario: String,
    vendor: Option<String>,
    reason: String,
}

impl Entry {
    fn essence(&self) -> Essence {
        (KnownScenarios::of_scenario(&self.scenario), self.vendor.clone(), self.reason.clone())
    }
}

fn entries(run: &Run) -> Vec<Entry> {
    let mut entries = Vec::new();
    for scenario in run.scenarios().filter(|one| one.verdict == Verdict::Failed) {
        let Some(failure) = &scenario.failure else { continue };
        if failure.internal || failure.unreachable {
            continue;
        }
        let entry = Entry {
            scenario: scenario.name.clone(),
            vendor: scenario.exchanges.first().map(|one| one.vendor.clone()),
            reason: printable(&format!("not mended yet: {}", failure.message)),
        };
        if !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    entries
}

/// The entries as lines of YAML.
fn block(entries: &[Entry], indent: usize) -> String {
    // A JSON text is a YAML text, too.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut lines = String::new();
    for one in entries {
        lines += &format!("{:indent$}- scenario: {}\n", "", quoted(&one.scenario));
        if let Some(vendor) = &one.vendor {
            lines += &format!("{:indent$}  vendor: {vendor}\n", "");
        }
        lines += &format!("{:indent$}  reason: {}\n", "", quoted(&one.reason));
    }
    lines
}

/// The text of standin.yaml with these entries at the end of its list. `None` if the list has a form
/// that lines cannot be added to.
fn with_entries(text: &str, entries: &[Entry]) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let Some(check) = lines.iter().position(|line| line.starts_with("check:")) else {
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        return Some(format!("{text}{end}\ncheck:\n  known:\n{}", block(entries, 4)));
    };
    if !opens(lines[check], "check:") {
        return None;
    }
    let end = block_end(&lines, check, 0);
    let own = (check + 1..end).find(|at| says(lines[*at])).map_or(2, |at| indent(lines[at]));
    let known = (check + 1..end)
        .find(|at| indent(lines[*at]) == own && lines[*at].trim_start().starts_with("known:"));
    let (at, added) = match known {
        None => (end, format!("{:own$}known:\n{}", "", block(entries, own + 2))),
        Some(known) if opens(lines[known], "known:") => {
            let end = block_end(&lines, known, own);
            let first = (known + 1..end).find(|at| lines[*at].trim_start().starts_with('-'));
            (end, block(entries, first.map_or(own + 2, |at| indent(lines[at]))))
        }
        Some(_) => return None,
    };
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out: Vec<&str> = lines[..at].to_vec();
    out.extend(added.lines());
    out.extend(&lines[at..]);
    Some(out.join(newline) + newline)
}

/// Whether a key's value stands on the lines below it.
fn opens(line: &str, key: &str) -> bool {
    let rest = line.trim_start().strip_prefix(key).unwrap_or(line).trim();
    rest.is_empty() || rest.starts_with('#')
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether a line has more than a comment.
fn says(line: &str) -> bool {
    !line.trim().is_empty() && !line.trim_start().starts_with('#')
}

/// The line behind the last one that belongs to the key on this line, which is indented like this. A list
/// may be indented like its key.
fn block_end(lines: &[&str], key: usize, own: usize) -> usize {
    let mut end = key + 1;
    for (at, line) in lines.iter().enumerate().skip(key + 1).filter(|(_, line)| says(line)) {
        let is_item = indent(line) == own && line.trim_start().starts_with("- ") && own > 0;
        if indent(line) <= own && !is_item {
            break;
        }
        end = at + 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(text: &str) -> Option<String> {
        let entry = Entry {
            scenario: "one \"ticket\": two".to_owned(),
            vendor: Some("ombori".to_owned()),
            reason: "old".to_owned(),
        };
        with_entries(text, &[entry])
    }

    const ENTRY: &str = "    - scenario: \"one \\\"ticket\\\": two\"\n      vendor: ombori\n      reason: \"old\"\n";

    #[test]
    fn entries_are_added_and_everything_else_stays() {
        let whole = format!("check:\n  known:\n{ENTRY}");
        for (text, wanted) in [
            ("a: 1 # x", format!("a: 1 # x\n\n{whole}")),
            ("a: 1\n", format!("a: 1\n\n{whole}")),
            ("check: # of it\n\na: 1\n", format!("check: # of it\n  known:\n{ENTRY}\na: 1\n")),
            (
                "check:\n  # why\n  strict: true\n\n# next\na: 1\n",
                format!("check:\n  # why\n  strict: true\n  known:\n{ENTRY}\n# next\na: 1\n"),
            ),
            (
                "check:\n  known:\n    - rule: x # 1\n      reason: y\n    # end\n  strict: true\n",
                format!(
                    "check:\n  known:\n    - rule: x # 1\n      reason: y\n{ENTRY}    # end\n  strict: true\n"
                ),
            ),
            (
                "check:\n    known:\n    - rule: x\n      reason: y\n    strict: true\n",
                format!(
                    "check:\n    known:\n    - rule: x\n      reason: y\n{ENTRY}    strict: true\n"
                ),
            ),
        ] {
            assert_eq!(added(text).as_deref(), Some(wanted.as_str()), "{text}");
        }
        let windows = added("check:\r\n  strict: true\r\n").expect("lines");
        assert_eq!(windows.matches("\r\n").count(), windows.matches('\n').count());
    }

    #[test]
    fn a_list_in_one_line_is_left_alone() {
        for text in ["check: { strict: true }\n", "check:\n  known: []\n", "check: &a\n  x: 1\n"] {
            assert_eq!(added(text), None, "{text}");
        }
    }
}
