//! The journal of a load: the actions of its accounts, their webhooks, and every request with its outcome.
//!
//! Each account has a run of its own. An account is a simulation with a clock of its own and streams of
//! its own, whose webhooks depend on the seed and its number alone. So its run has the same rows whatever
//! the threads, the connections and the shards are, its seed can be checked without the other accounts,
//! and `diff` compares it with the same account of another load. One run for the whole load would mix
//! clocks that have nothing to do with each other, and one for each thread would depend on how many
//! there are.
//!
//! Inputs and webhooks have virtual times; requests are made in real time, and have that. A load does not
//! wait for the journal before it sends: entries are queued. So if the process is killed, the last ones
//! can be missing. An intent is recorded only of a request that has no result in the end.

mod keeper;
mod record;
mod recorder;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use serde_json::json;

pub use record::{Attempt, Request};
pub use recorder::{Recorder, Recording};

use super::population::{self, Population};
use super::shard::Shard;
use super::{LoadFault, Plan};
use crate::clock;
use crate::delivery::Secrets;
use crate::journal::entry::Context;
use crate::journal::sqlite::{RunInfo, Store};
use crate::journal::{Entry, EntryKind, Journal as _, JournalError};
use keeper::{Account, Keeper};
use record::FIRST;
use recorder::{Batch, Shared};

/// The command of a load's runs in a journal.
pub const COMMAND: &str = "load";

/// Where a load is recorded.
pub struct Journal<'a> {
    /// The file.
    pub store: &'a Store,
    /// The base URL of the receiver.
    pub target: &'a str,
    /// What no answer in it may show.
    pub secrets: Secrets,
}

/// A load that is being recorded: where its threads record, and who writes it.
pub struct Begun<'a> {
    recording: Recording,
    keeper: Keeper<'a>,
    batches: Receiver<Batch>,
}

impl Begun<'_> {
    /// Splits it into what the threads get, and what is to be called on a thread of its own: that writes
    /// until no thread records any more.
    pub fn split(self) -> (Recording, impl FnOnce() -> Result<(), JournalError>) {
        let Self { recording, keeper, batches } = self;
        (recording, move || keeper.keep(batches))
    }
}

impl<'a> Journal<'a> {
    /// Opens a run for each account of the load.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn begin(
        &self,
        plan: &'a Plan,
        population: &Population<'a>,
    ) -> Result<Begun<'a>, JournalError> {
        let vendors = population.vendors;
        let numbers: Arc<[usize]> = plan.part().accounts(population.len(), vendors.len()).collect();
        let created = clock::wall_clock();
        let accounts = numbers.iter().map(|number| {
            let info = self.info((plan, population), *number, created.clone());
            let (name, vendor) = (population::name(*number).into(), population.vendor(*number));
            let mut account = Account { name, vendor, writer: self.store.begin_queued(info) };
            let of = &vendors[vendor];
            let opened = EntryKind::Opened {
                vendor: of.name().to_owned(),
                profile: of.profile.name.to_owned(),
                settings: of.account.given().to_vec(),
            };
            let populated = EntryKind::Populated(of.traffic.given().to_vec());
            for (kind, id) in [opened, populated].into_iter().zip(0..FIRST) {
                let name = Some(Arc::clone(&account.name));
                let context = Context { account: name, ..Context::default() };
                let at = clock::whole_milliseconds(population.start);
                account.writer.write(&Entry { id, cause: None, at, context, kind })?;
            }
            Ok(account)
        });
        let accounts = accounts.collect::<Result<_, JournalError>>()?;
        // The file is known to be writable before anything is sent.
        self.store.flush()?;
        let (sender, batches) = channel();
        let shared = Arc::new(Shared::default());
        let faults: &'a [LoadFault] = &plan.faults;
        let keeper = Keeper {
            store: self.store,
            vendors,
            faults,
            accounts,
            shared: Arc::clone(&shared),
            clock: clock::both(),
            secrets: self.secrets.clone(),
        };
        Ok(Begun { recording: Recording { numbers, keeper: sender, shared }, keeper, batches })
    }

    /// What the journal says about the run of an account.
    fn info(
        &self,
        (plan, population): (&Plan, &Population<'_>),
        number: usize,
        created: String,
    ) -> RunInfo {
        let vendor = &population.vendors[population.vendor(number)];
        RunInfo {
            command: COMMAND.to_owned(),
            name: population::name(number),
            vendor: Some(vendor.name().to_owned()),
            seed: plan.seed,
            start: population.start,
            created,
            meta: json!({
                "version": env!("CARGO_PKG_VERSION"),
                "target": self.target,
                "streams": [],
                "simulation": [population::STREAM],
                "pace": plan.to_string(),
                "accounts": population.len(),
                "shard": plan.shard.as_ref().map(Shard::to_string),
            }),
        }
    }
}
