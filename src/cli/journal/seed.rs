//! Checks whether the seed of a run still gives the webhooks in the journal.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::Value as Json;

use crate::chance::Chance;
use crate::cli::errors::CliError;
use crate::journal::sqlite::{Reader, RunId};
use crate::run::Run;
use crate::run::replay::ReplaySetup;
use crate::under_test::UnderTest;
use crate::vendors::Registry;

/// The bodies that seeds give, by run and `seq` of the webhook.
pub struct Seeds<'a> {
    /// The journal.
    pub reader: &'a Reader,
    /// The vendors.
    pub registry: Registry,
    /// The routes to the receiver.
    pub subject: &'a UnderTest,
    /// The webhooks of each run, or why it could not be replayed.
    replays: BTreeMap<RunId, Result<BTreeMap<u64, Bytes>, String>>,
}

/// What the seed gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeedBytes {
    /// The bytes in the journal.
    Same,
    /// Other bytes, or none.
    Different,
}

impl<'a> Seeds<'a> {
    /// For the runs of this journal.
    pub fn new(reader: &'a Reader, registry: Registry, subject: &'a UnderTest) -> Self {
        Self { reader, registry, subject, replays: BTreeMap::new() }
    }

    /// Compares a webhook of the journal with what the seed gives. The error says why the run
    /// cannot be replayed.
    pub fn compare(&mut self, run: RunId, seq: u64) -> Result<SeedBytes, CliError> {
        if !self.replays.contains_key(&run) {
            let replay = self.replay(run)?;
            if let Err(why) = &replay {
                say!("warning: run {run} cannot be replayed from its seed: {why}");
            }
            self.replays.insert(run, replay);
        }
        let recorded = self.reader.webhook(run, seq)?.and_then(|row| row.body);
        let given = self.replays.get(&run).and_then(|replay| replay.as_ref().ok()?.get(&seq));
        let same = given.is_some() && given == recorded.as_ref();
        Ok(if same { SeedBytes::Same } else { SeedBytes::Different })
    }

    fn replay(&self, run: RunId) -> Result<Result<BTreeMap<u64, Bytes>, String>, CliError> {
        let info = self.reader.run(run)?.info;
        let lines = self.reader.lines(run)?;
        let stream = |names: &Vec<Json>| {
            let names = names.iter().filter_map(Json::as_str);
            names.fold(Chance::from_seed(info.seed), |chance, one| chance.child(one))
        };
        let chance = info.meta["streams"].as_array().map_or(Chance::from_seed(info.seed), stream);
        let vendors = &self.subject.target.vendors;
        let route = |vendor: &str, _: &str| Some(vendors.get(vendor)?.route());
        let setup = ReplaySetup { vendor: &|name| self.registry.find(name), route: &route };
        let mut run = Run::new(&chance, info.start);
        // The accounts of a load have a stream of their own.
        if let Some(simulation) = info.meta["simulation"].as_array().map(stream) {
            run = run.with_simulation(simulation);
        }
        let webhooks = run.replay_webhooks(lines.iter().map(String::as_str), &setup);
        let bodies = |webhook: crate::model::Webhook| (webhook.seq, webhook.body);
        Ok(webhooks
            .map(|webhooks| webhooks.into_iter().map(bodies).collect())
            .map_err(|error| error.to_string()))
    }
}
