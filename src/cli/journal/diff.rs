//! `standin journal diff`: what differs between the runs of two journals.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;

use clap::Args;

use super::selection::open;
use crate::cli::common;
use crate::cli::errors::{BROKEN, CliError, PASSED};
use crate::journal::sqlite::{Filter, Reader, RunId, StoredRun};
use crate::load::journal::COMMAND;
use crate::report::diff::{Delivered, compare, render};

/// Compare two journals: webhooks that are missing, extra, reordered or changed
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin journal diff before.journal after.journal\n  standin journal diff run.journal:1 run.journal:2     two runs of one file\n\nRuns of the same scenario, or of the same account of a load, are compared in their order. Of a webhook its bytes, its virtual time and how its requests ended are compared; where they went and how long they took is not.\n\nExits with 0 if nothing differs, 1 if something does."
)]
pub struct Diff {
    /// A journal, or FILE:RUN for one run of it
    first: String,
    /// The journal or run to compare it with
    second: String,
}

/// A journal, and which of its runs are compared.
struct Side {
    reader: Reader,
    runs: Vec<StoredRun>,
}

impl Diff {
    /// Compares them.
    pub fn run(self) -> Result<u8, CliError> {
        let (first, one_of_first) = side(&self.first)?;
        let (second, one_of_second) = side(&self.second)?;
        let mut others: BTreeMap<String, VecDeque<&StoredRun>> = BTreeMap::new();
        // Two named runs are always compared.
        let named = one_of_first.and(one_of_second).is_some();
        let label = |run: &StoredRun| if named { String::new() } else { label(run) };
        for run in &second.runs {
            others.entry(label(run)).or_default().push_back(run);
        }
        let (mut compared, mut differences) = (0, 0);
        for run in &first.runs {
            let title = title(run);
            let other = others.get_mut(&label(run)).and_then(VecDeque::pop_front);
            let Some(other) = other else {
                differences += 1;
                common::print(&format!("missing    the whole run {}: {title}\n", run.id));
                continue;
            };
            compared += 1;
            let found =
                compare(&delivered(&first.reader, run)?, &delivered(&second.reader, other)?);
            differences += found.len();
            common::print(&render(&title, &found));
        }
        for run in others.into_values().flatten() {
            differences += 1;
            common::print(&format!("extra      the whole run {}: {}\n", run.id, title(run)));
        }
        say!("{compared} runs compared, {differences} differences");
        Ok(if differences == 0 { PASSED } else { BROKEN })
    }
}

/// A journal, and the number of the run if one was named.
fn side(named: &str) -> Result<(Side, Option<RunId>), CliError> {
    let one = named.rsplit_once(':').and_then(|(file, run)| Some((file, run.parse().ok()?)));
    // The name of a file may end like that.
    if let Some((file, run)) = one.filter(|_| !Path::new(named).exists()) {
        let reader = open(Path::new(file))?;
        let runs = vec![reader.run(run)?];
        return Ok((Side { reader, runs }, Some(run)));
    }
    let reader = open(Path::new(named))?;
    let runs = reader.runs()?;
    Ok((Side { reader, runs }, None))
}

/// A key that is equal for two runs of the same scenario.
fn label(run: &StoredRun) -> String {
    let info = &run.info;
    let (file, line) = (&info.meta["file"], &info.meta["line"]);
    format!("{} {} {file} {line}", info.command, info.name)
}

fn title(run: &StoredRun) -> String {
    let meta = &run.info.meta;
    match (meta["file"].as_str(), meta["line"].as_u64()) {
        (Some(file), Some(line)) => format!("{file}:{line}"),
        (Some(file), None) => file.to_owned(),
        _ => run.info.name.clone(),
    }
}

/// The webhooks of a run, in the order in which they reached the receiver. A webhook that was never
/// sent is at the place where it was caused. So are all webhooks of a load: it sends many at a time, and
/// which of them is answered first says nothing.
fn delivered(reader: &Reader, run: &StoredRun) -> Result<Vec<Delivered>, CliError> {
    let kinds = vec!["caused", "attempted", "ended"];
    let filter = Filter { run: Some(run.id), kinds, ..Filter::default() };
    let side_by_side = run.info.command == COMMAND;
    // By `seq`, each with the row that determines its order.
    let mut webhooks: BTreeMap<u64, (i64, Delivered)> = BTreeMap::new();
    reader.each(&filter, |row| {
        let json: serde_json::Value = serde_json::from_str(&row.line).unwrap_or_default();
        let text = |json: &serde_json::Value| json.as_str().unwrap_or_default().to_owned();
        let Some(seq) = row.seq else { return Ok::<_, CliError>(()) };
        let (order, webhook) = webhooks.entry(seq).or_insert((row.id, Delivered::default()));
        match &*row.kind {
            "caused" => {
                let (trigger, subject) = (text(&json["trigger"]), &json["subject"]);
                let (kind, id) = (text(&subject["kind"]), text(&subject["id"]));
                let account = text(&json["account"]);
                webhook.what = format!("{account} {trigger} {kind} {id}");
                webhook.at = row.at.to_string();
                webhook.body = row.body.unwrap_or_default();
            }
            "attempted" => {
                if webhook.attempts.is_empty() && !side_by_side {
                    *order = row.id;
                }
                let status = json["status"].as_u64().map(|it| format!("{it} ")).unwrap_or_default();
                let (request, why) = (text(&json["request"]), text(&json["outcome"]));
                webhook.attempts.push(format!("{request} {status}{why}"));
            }
            _ => webhook.outcome = row.outcome,
        }
        Ok(())
    })?;
    let mut ordered: Vec<(i64, Delivered)> = webhooks.into_values().collect();
    ordered.sort_by_key(|(order, _)| *order);
    Ok(ordered.into_iter().map(|(_, webhook)| webhook).collect())
}
