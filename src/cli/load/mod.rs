//! `standin load`: open-model load of what the vendors really send.

mod abort;
mod args;
mod drive;
mod dry_run;
mod faults;
mod follow;
mod live;
mod merge;
mod outcome;
mod plan;
mod start;
mod traffic;

use std::time::Duration;

use standin_wire::Wanted;

use super::errors::{BUG, CliError};
use super::{common, interrupt};
use crate::clock;
use crate::journal::sqlite::Store;
use crate::load::baseline::Kind;
use crate::load::report::{About, report};
use crate::load::wire::Wire;
use crate::load::{Pace, Plan, Population, Retrying, RunError, Schedule, Server};
use crate::model::load::LoadReport;
use crate::under_test::UnderTest;
use crate::vendors::Registry;

use abort::Abort;
use args::LoadCommand;
use drive::Driven;

pub use args::Load;

impl Load {
    /// Puts the load on the receiver.
    pub async fn run(self, registry: Registry) -> Result<u8, CliError> {
        if let Some(LoadCommand::Merge(merge)) = &self.command {
            return merge.run();
        }
        let subject = self.receiver.load(registry)?;
        let vendors = self.traffic(registry, &subject.target)?;
        vendors.iter().for_each(|one| common::warn_if_unsigned(one.target));
        vendors.iter().for_each(traffic::warn_of_unset_ids);
        let outcome = self.outcome.read(self.journal.as_ref())?;
        let abort = Abort::read(&self.abort_if)?;
        let plan = self.plan(&vendors)?;
        let population = Population {
            seed: plan.seed,
            start: subject.target.start,
            vendors: &vendors,
            accounts: plan.accounts,
        };
        if self.dry_run {
            return dry_run::count(&plan, &population);
        }
        let server = Server::of(&vendors, subject.target.sender.family())
            .map_err(|error| CliError::Usage(error.to_string()))?;
        self.must_be_allowed(&subject, &plan, &server)?;
        let is_in_play =
            |name: &str| vendors.iter().any(|one| one.target.vendor.catalogue().vendor == name);
        common::must_listen(&subject, is_in_play, self.wait).await?;
        let wire = self.wire(&subject, &plan, &server)?;
        outcome.must_compare(&Kind::planned(&plan, &wire, &population))?;
        let journal = common::journal(self.journal.as_deref())?;
        let to = (&server, &wire);
        let (report, cut_short) =
            measured(&subject, population, &plan, to, (abort, journal.as_ref())).await?;
        let code = outcome.publish(report)?;
        Ok(tell(cut_short).unwrap_or(code))
    }
}

/// Tells why a load is less than it should be. Returns the exit code if that is a bug.
fn tell(cut_short: Vec<RunError>) -> Option<u8> {
    let mut code = None;
    for error in cut_short {
        match error {
            RunError::Journal(error) => common::lost([CliError::from(error)]),
            other => {
                say!("error: {other}");
                code = Some(BUG);
            }
        }
    }
    code
}

/// Runs a load, compares its sample, and says what it came to, and why it is less than it should be.
async fn measured(
    subject: &UnderTest,
    population: Population<'_>,
    plan: &Plan,
    (server, wire): (&Server, &Wire),
    (abort, journal): (Abort, Option<&Store>),
) -> Result<(LoadReport, Vec<RunError>), CliError> {
    let driven = drive::drive(subject, plan, population, (server, wire), abort, journal).await?;
    let Driven { mut ran, aborted, following } = driven;
    start::must_have_come(plan)?;
    let began = clock::whole_milliseconds(ran.began.map_or_else(clock::real_time, clock::time_of));
    let about = About {
        started: began.to_string(),
        sampled: ran.samples.iter().map(|(watched, _)| watched.len() as u64).sum(),
        target: &subject.target.url,
        vendors: population.vendors,
        accounts: population.len(),
    };
    let samples = std::mem::take(&mut ran.samples);
    let followed = async {
        match following {
            Some(following) => following.end().await,
            None => None,
        }
    };
    let compared = drive::compare(subject, population.vendors, samples);
    let (sample, followed) =
        tokio::join!(unless_interrupted(compared), unless_interrupted(followed));
    let report = report(&about, plan, &ran, (sample.as_ref(), followed.as_ref()));
    Ok((LoadReport { aborted, ..report }, ran.cut_short))
}

/// What this finds out. None if Ctrl-C comes first.
async fn unless_interrupted<T>(work: impl Future<Output = Option<T>>) -> Option<T> {
    tokio::select! {
        found = work => found,
        () = interrupt::next() => None,
    }
}

/// A short load of all vendors, for a person who watches.
pub async fn short(subject: &UnderTest, seed: u64) -> Result<LoadReport, CliError> {
    let vendors = traffic::usual(&subject.target)?;
    let plan = Plan {
        seed,
        pace: Pace::Open(Schedule::steady(300.0, Duration::from_secs(2))),
        count: None,
        accounts: 8,
        shard: None,
        start_at: None,
        connections: 16,
        threads: 1,
        ordering: None,
        retries: Retrying::ByPolicy,
        backlog: 10_000,
        drain: Duration::from_secs(1),
        sample: 50,
        probe_rate: 50.0,
        faults: Vec::new(),
    };
    let server = Server::of(&vendors, subject.target.sender.family())
        .map_err(|error| CliError::Usage(error.to_string()))?;
    let wire = Wire::Own(Wanted::Auto);
    let population = Population {
        seed,
        start: subject.target.start,
        vendors: &vendors,
        accounts: plan.accounts,
    };
    let no_journal = (Abort::default(), None);
    let (report, cut_short) =
        measured(subject, population, &plan, (&server, &wire), no_journal).await?;
    tell(cut_short);
    Ok(report)
}
