//! Whether the seed of a run still gives the webhooks that the journal has.

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

/// The bodies that seeds give, by the run and the `seq` of the webhook.
pub struct Seeds<'a> {
    /// The journal.
    pub reader: &'a Reader,
    /// The vendors.
    pub registry: Registry,
    /// How they reach the receiver.
    pub subject: &'a UnderTest,
    /// What each run gave, or why it could not be made again.
    again: BTreeMap<RunId, Result<BTreeMap<u64, Bytes>, String>>,
}

/// What the seed gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// The bytes that the journal has.
    Same,
    /// Other bytes, or none.
    Others,
}

impl<'a> Seeds<'a> {
    /// Of the runs of this journal.
    pub fn new(reader: &'a Reader, registry: Registry, subject: &'a UnderTest) -> Self {
        Self { reader, registry, subject, again: BTreeMap::new() }
    }

    /// Compares a webhook of the journal with what the seed gives. The error says why the run
    /// cannot be made again.
    pub fn compare(&mut self, run: RunId, seq: u64) -> Result<Gives, CliError> {
        if !self.again.contains_key(&run) {
            let again = self.again(run)?;
            if let Err(why) = &again {
                anstream::eprintln!("warning: run {run} cannot be made again from its seed: {why}");
            }
            self.again.insert(run, again);
        }
        let kept = self.reader.webhook(run, seq)?.and_then(|row| row.body);
        let given = self.again.get(&run).and_then(|again| again.as_ref().ok()?.get(&seq));
        let same = given.is_some() && given == kept.as_ref();
        Ok(if same { Gives::Same } else { Gives::Others })
    }

    fn again(&self, run: RunId) -> Result<Result<BTreeMap<u64, Bytes>, String>, CliError> {
        let info = self.reader.run(run)?.info;
        let lines = self.reader.lines(run)?;
        let streams = info.meta["streams"].as_array().into_iter().flatten();
        let streams = streams.filter_map(Json::as_str);
        let chance = streams.fold(Chance::from_seed(info.seed), |chance, one| chance.child(one));
        let vendors = &self.subject.target.vendors;
        let route = |vendor: &str, _: &str| Some(vendors.get(vendor)?.route());
        let reopen = ReplaySetup { vendor: &|name| self.registry.find(name), route: &route };
        let run = Run::new(&chance, info.start);
        let webhooks = run.replay_webhooks(lines.iter().map(String::as_str), &reopen);
        let bodies = |webhook: crate::model::Webhook| (webhook.seq, webhook.body);
        Ok(webhooks
            .map(|webhooks| webhooks.into_iter().map(bodies).collect())
            .map_err(|error| error.to_string()))
    }
}
