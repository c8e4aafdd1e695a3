//! Restores the accounts of a journal after a restart.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::Value as Json;

use super::account::{Account, COMMAND, DELETED, Deliver, ONLY, SPEED, kept};
use super::idempotency;
use super::state::Server;
use crate::driver::live::Pace;
use crate::journal::sqlite::{Filter, Reader, RowId, StoreError, StoredRun};
use crate::run::replay::{Replay, ReplaySetup};

/// Why the accounts of a journal could not be restored.
#[derive(Debug, thiserror::Error)]
pub enum RestartError {
    /// The file cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A run differs from its journal.
    #[error("the account `{account}` cannot be restored: {why}")]
    Account {
        /// Its name.
        account: String,
        /// Why.
        why: String,
    },
}

/// Restores all accounts of a journal that were not deleted.
pub fn restore_accounts(server: &Server) -> Result<Vec<Arc<Account>>, RestartError> {
    let reader = server.store.reader()?;
    let mut accounts = Vec::new();
    let mut keys = BTreeMap::new();
    for stored in reader.runs()? {
        if stored.info.command != COMMAND {
            continue;
        }
        let notes = notes(&reader, &stored, &mut keys)?;
        if !notes.contains_key(DELETED) {
            let speed = notes.get(SPEED).and_then(|data| data["speed"].as_f64());
            accounts.extend(restore_account(server, &reader, stored, speed)?);
        }
    }
    for note in keys.into_values() {
        server.idempotency.remember(note);
    }
    Ok(accounts)
}

/// The last note of each name that a run has. Those of keys are gathered by their rows, over all runs.
fn notes(
    reader: &Reader,
    stored: &StoredRun,
    keys: &mut BTreeMap<RowId, Json>,
) -> Result<BTreeMap<String, Json>, RestartError> {
    let filter = Filter { run: Some(stored.id), kinds: vec!["note"], ..Filter::default() };
    let mut notes = BTreeMap::new();
    reader.each(&filter, |row| {
        let line: Json = serde_json::from_str(&row.line).unwrap_or_default();
        if line["note"] == idempotency::NOTE {
            keys.insert(row.id, line["data"].clone());
            // A key has two notes at the most: when it was begun, and its answer.
            if keys.len() > 2 * idempotency::REMEMBERED {
                keys.pop_first();
            }
        } else if let Some(name) = line["note"].as_str() {
            notes.insert(name.to_owned(), line["data"].clone());
        }
        Ok::<_, RestartError>(())
    })?;
    Ok(notes)
}

/// The most deliveries that the run kept when it forgot subjects.
fn most_kept(reader: &Reader, stored: &StoredRun) -> Result<usize, RestartError> {
    let filter = Filter { run: Some(stored.id), kinds: vec!["forgot"], ..Filter::default() };
    let mut most = 0;
    reader.each(&filter, |row| {
        let line: Json = serde_json::from_str(&row.line).unwrap_or_default();
        most = most.max(kept(&line));
        Ok::<_, RestartError>(())
    })?;
    Ok(most)
}

fn restore_account(
    server: &Server,
    reader: &Reader,
    stored: StoredRun,
    speed: Option<f64>,
) -> Result<Option<Arc<Account>>, RestartError> {
    let name = stored.info.name.clone();
    let wrong = |why: String| RestartError::Account { account: name.clone(), why };
    let vendor = stored.info.vendor.clone().unwrap_or_default();
    let target = server.target(&vendor).map_err(|problem| wrong(problem.detail))?.clone();
    let deliver: Option<Deliver> = serde_json::from_value(stored.info.meta["deliver"].clone())
        .map_err(|error| wrong(format!("its `deliver` cannot be read: {error}")))?;
    let deliver = deliver.map(|one| one.with_secrets_of(&target)).transpose().map_err(|name| {
        wrong(format!(
            "a journal keeps no secret, and the value of `{name}` in its `deliver` is one: write a URL \
             with it into the `deliver` of {vendor} in standin.yaml"
        ))
    })?;
    let route = server.route(&target, deliver.as_ref()).map_err(|problem| wrong(problem.detail))?;
    let setup = ReplaySetup {
        vendor: &|name| server.under_test.registry.find(name),
        route: &|_, _| Some(route.clone()),
    };
    let mut run = server.run(stored.info.seed, stored.info.start);
    // The replay forgets the same subjects only if it keeps as many deliveries.
    run.limit(server.limits.keep.max(most_kept(reader, &stored)?));
    let mut replay = Replay::new(run, &setup);
    let mut calls = BTreeMap::new();
    let filter = Filter { run: Some(stored.id), ..Filter::default() };
    reader.each(&filter, |row| {
        if row.entry.is_none() {
            return Ok(());
        }
        if row.kind == "requested" {
            let line: Json = serde_json::from_str(&row.line).unwrap_or_default();
            if let Some(operation) = line["operation"].as_str() {
                *calls.entry(operation.to_owned()).or_insert(0) += 1;
            }
        }
        replay.line(&row.line).map_err(|error| wrong(error.to_string()))
    })?;
    let mut run = replay.finish();
    run.limit(server.limits.keep);
    if !run.has(ONLY) {
        // The process ended before the account was in the journal, so its creation was never
        // acknowledged.
        return Ok(None);
    }
    run.resume_after_crash();
    let writer = server.store.resume(stored.id)?;
    let pace = Pace::from(run.sim().now(), speed);
    Ok(Some(Arc::new(Account {
        name: name.clone(),
        target,
        run: stored.id,
        seed: stored.info.seed,
        start: stored.info.start,
        deliver,
        live: server.live(run, writer, pace),
        playing: Mutex::default(),
        calls: Mutex::new(calls),
    })))
}
