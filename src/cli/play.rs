//! `standin play`: plays one scenario and shows each step, and each webhook with its answer.

mod screen;

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use self::screen::Screen;
use super::common::{self, ReceiverArgs, SeedArg, WaitArg};
use super::errors::{BROKEN, BUG, CliError, PASSED, UNREACHABLE};
use super::{features, files, interrupt};
use crate::chance::Chance;
use crate::clock::{after, between, wall_clock};
use crate::driver::{Driven, Driver, VendorTarget};
use crate::journal::Memory;
use crate::journal::sqlite::RunInfo;
use crate::model::{Authentication, Profile, Settings};
use crate::policy::fault;
use crate::scenario::file::Step;
use crate::scenario::rehearse::{Delivered, Mistake, Rehearsal};
use crate::scenario::run::Impossible;
use crate::scenario::words::Instruction;
use crate::scenario::{Scenario, file, run};
use crate::sim::{AccountIndex, Opening};
use crate::text::counted;
use crate::under_test::UnderTest;
use crate::vendors::Registry;

/// Play one scenario; print each step, and each webhook with its answer, as it happens
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin play scenarios/ombori/walk-in.yaml               one minute of the story per second\n  standin play scenarios/ombori/walk-in.yaml --instant\n  standin play scenarios/ombori/store-day.yaml --for 2h --speed 600\n\nTimes are virtual, in UTC. A webhook that a fault affects is marked with the fault's number."
)]
pub struct Play {
    /// A scenario file
    file: PathBuf,
    #[command(flatten)]
    receiver: ReceiverArgs,
    #[command(flatten)]
    wait: WaitArg,
    #[command(flatten)]
    seed: SeedArg,
    /// Virtual seconds per real second
    #[arg(long, value_name = "FACTOR", default_value = "60", value_parser = speed)]
    speed: f64,
    /// Do not wait at all
    #[arg(long, conflicts_with = "speed")]
    instant: bool,
    /// How much virtual time traffic is played for
    #[arg(long = "for", value_name = "DURATION", default_value = "1h", value_parser = common::length)]
    length: Duration,
    /// Keep everything that happened in this SQLite file; `standin journal` reads it
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
}

fn speed(text: &str) -> Result<f64, String> {
    let speed: f64 = text.parse().map_err(|_| "it takes a number such as 60".to_owned())?;
    if (0.001..=1e9).contains(&speed) {
        Ok(speed)
    } else {
        Err("it takes a number from 0.001 to 1e9".to_owned())
    }
}

impl Play {
    /// Plays the scenario.
    pub async fn run(self, registry: Registry) -> Result<u8, CliError> {
        let subject = self.receiver.load(registry)?;
        let name = self.file.display().to_string();
        let text = features::scenario(&self.file)?;
        let scenario = file::read(registry, &name, &text)?;
        let seed = self.seed.seed();
        let pace = if self.instant { None } else { Some(self.speed) };
        let rehearsed = rehearse(&subject, &scenario, seed)?;
        files::must_be_writable(&[("--journal", self.journal.as_ref())])?;
        let in_play = scenario.vendor.catalogue().vendor;
        common::must_listen(&subject, |vendor| vendor == in_play, self.wait).await?;
        let vendor = subject.target.vendors.get(in_play);
        vendor.into_iter().for_each(common::warn_if_unsigned);
        let journal = common::journal(self.journal.as_deref())?;
        let begun = journal.map(|file| file.begin(about(&scenario, &name, seed, &subject)));
        let journal = begun.transpose()?.map_or_else(Memory::default, Memory::copy_of);
        let mut player = Player::new(&subject, &scenario, rehearsed, journal)?;
        if scenario.traffic.is_some() {
            player.driver.keep_nothing();
        }
        let about = match scenario.about.as_str() {
            "" => format!("seed {seed}"),
            about => format!("{about} · seed {seed}"),
        };
        let about = crate::report::wrap(&about, common::columns());
        say!("{}", about.join("\n"));
        let played = tokio::select! {
            played = player.play(&scenario, pace, self.length) => played.map(|()| true),
            () = interrupt::first() => Ok(false),
        };
        let code = player.sum_up();
        if !played? {
            say!("stopped before the end of the scenario");
        }
        Ok(code)
    }
}

/// Plays a scenario and prints what happens.
pub struct Player {
    /// The run.
    pub driver: Driver,
    account: AccountIndex,
    screen: Rc<RefCell<Screen>>,
}

impl Player {
    /// Opens the account and prints everything as it happens.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn new(
        subject: &UnderTest,
        scenario: &Scenario,
        rehearsed: Rehearsed<'_>,
        journal: Memory,
    ) -> Result<Self, CliError> {
        let Rehearsed { seed, target, profile, settings } = rehearsed;
        let mut driver = subject.target.driver(&Chance::from_seed(seed), journal);
        let name = scenario.vendor.catalogue().vendor;
        let account = target.open(&mut driver, name, profile, settings)?;
        if let Some(traffic) = &scenario.traffic {
            driver.populate(account, traffic)?;
        }
        let given = driver.sim().given(account).into_iter().map(|(_, name, _)| name);
        let given: Vec<String> = given.collect();
        let sent = target.urls.keys().cloned().collect();
        let screen = Screen::new(scenario, &given, sent);
        let screen = Rc::new(RefCell::new(screen));
        driver.listen(screen::listener(&screen));
        Ok(Self { driver, account, screen })
    }

    /// Plays the scenario at this pace: virtual seconds per real second, or `None` for no waiting.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn play(
        &mut self,
        scenario: &Scenario,
        pace: Option<f64>,
        length: Duration,
    ) -> Driven {
        for step in &scenario.steps {
            if let Instruction::Pass(length) = step.instruction {
                let end = after(self.driver.sim().now(), length);
                self.pass(end, pace).await?;
                continue;
            }
            self.screen.borrow_mut().step(self.driver.sim().now(), step);
            let (driver, account) = (&mut self.driver, self.account);
            match run::perform(driver, account, &step.instruction, &step.text).await {
                Ok(()) => {}
                Err(Impossible::Journal(error)) => return Err(error),
                Err(Impossible::NoDeadLetter) => {
                    let now = self.driver.sim().now();
                    self.screen
                        .borrow_mut()
                        .aside(now, "no webhook is a dead letter: nothing is sent again");
                }
                // It was rehearsed with this seed and these settings.
                Err(impossible) => {
                    panic!("`{}` is not possible after all: {impossible}", step.text)
                }
            }
        }
        if scenario.traffic.is_some() {
            let end = after(self.driver.sim().now(), length);
            self.pass(end, pace).await?;
        }
        self.driver.settle().await
    }

    /// Lets virtual time pass, in real time if there is a pace.
    async fn pass(&mut self, end: Timestamp, pace: Option<f64>) -> Driven {
        loop {
            let next = self.driver.next().filter(|next| *next <= end).unwrap_or(end);
            if let Some(pace) = pace {
                let wait = between(self.driver.sim().now(), next).div_f64(pace);
                rest(wait).await;
            }
            self.driver.run_until(next).await?;
            if next == end {
                return Ok(());
            }
        }
    }

    /// Prints the totals and returns the exit code. A webhook that a fault kept from arriving says
    /// nothing about the receiver.
    pub fn sum_up(&self) -> u8 {
        let tally = &self.screen.borrow().tally;
        let kept = tally.ours + tally.unsent + tally.local;
        let deliveries = tally.accepted + tally.refused + tally.failed + tally.unreachable + kept;
        let failed = tally.failed + tally.unreachable;
        let mut told = format!(
            "{}: {} accepted, {} refused, {failed} failed",
            counted(deliveries as u64, "webhook"),
            tally.accepted,
            tally.refused
        );
        if tally.ours > 0 {
            told += &format!(", {} kept from arriving by faults", tally.ours);
        }
        if tally.unsent > 0 {
            told += &format!(", {} not sent to the deactivated endpoint", tally.unsent);
        }
        if tally.local > 0 {
            told += &format!(", {} not sent by a fault of this machine", tally.local);
        }
        say!("{told}");
        if tally.local > 0 {
            return BUG;
        }
        match (tally.refused + tally.failed, tally.unreachable) {
            (0, 0) => PASSED,
            (0, _) => UNREACHABLE,
            _ => BROKEN,
        }
    }
}

/// A scenario that can be played.
pub struct Rehearsed<'a> {
    seed: u64,
    target: &'a VendorTarget,
    profile: &'static Profile,
    settings: Settings,
}

/// Plays the scenario in the simulation alone.
///
/// # Errors
/// If the vendor is not set up, a setting does not fit, or a step is not possible.
pub fn rehearse<'a>(
    subject: &'a UnderTest,
    scenario: &Scenario,
    seed: u64,
) -> Result<Rehearsed<'a>, CliError> {
    let catalogue = scenario.vendor.catalogue();
    let target = common::set_up(subject, catalogue.vendor)?;
    let over = scenario.account.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let settings =
        target.settings_with(over).map_err(|problem| CliError::Usage(problem.message))?;
    let profile = scenario.profile.unwrap_or(target.profile);
    possible_faults(scenario, &target.policy.authentication)?;
    kept_dead_letters(scenario, target)?;
    let triggers = target.urls.keys().map(String::as_str);
    let delivered = Delivered::under(&target.policy, triggers);
    let name = catalogue.vendor.to_owned();
    scenario.rehearse(Rehearsal::new(
        scenario.vendor,
        Opening { name, profile, settings: settings.clone() },
        delivered,
        Chance::from_seed(seed).child("simulation"),
        subject.target.start,
    ))?;
    Ok(Rehearsed { seed, target, profile, settings })
}

/// What a journal file says about the run.
fn about(scenario: &Scenario, file: &str, seed: u64, subject: &UnderTest) -> RunInfo {
    RunInfo {
        command: "play".to_owned(),
        name: scenario.about.clone(),
        vendor: Some(scenario.vendor.catalogue().vendor.to_owned()),
        seed,
        start: subject.target.start,
        created: wall_clock(),
        meta: json!({
            "version": env!("CARGO_PKG_VERSION"),
            "file": file,
            "target": subject.target.url,
            "streams": [],
        }),
    }
}

/// Refuses faults that cannot strike: one of credentials that standin.yaml lacks, or one of an API
/// that is not served.
fn possible_faults(scenario: &Scenario, authentication: &Authentication) -> Result<(), CliError> {
    let lacking = scenario.steps.iter().find_map(|step| match &step.instruction {
        Instruction::Fault(fault) => Some((step, fault::lacks(fault, authentication)?)),
        Instruction::ApiFault(_) => {
            let why = "`play` does not serve the vendor's API; `standin check --serve` and `standin serve` do";
            Some((step, why.to_owned()))
        }
        _ => None,
    });
    let Some((step, why)) = lacking else { return Ok(()) };
    Err(scenario.problem(step, Mistake::here(why)).into())
}

/// Refuses to send dead letters again for a vendor that keeps none.
fn kept_dead_letters(scenario: &Scenario, target: &VendorTarget) -> Result<(), CliError> {
    let is_it = |step: &&Step| matches!(step.instruction, Instruction::DeadLetters(_));
    let Some(step) = scenario.steps.iter().find(is_it).filter(|_| !target.policy.dead_letters)
    else {
        return Ok(());
    };
    let title = format!("{} keeps no dead letters", scenario.vendor.catalogue().title);
    let help =
        "leave this step out, or set `dead_letters: true` in the vendor's section of standin.yaml";
    Err(scenario.problem(step, Mistake::here(title).help(help)).into())
}

#[expect(clippy::disallowed_methods, reason = "live play follows real time on purpose")]
async fn rest(wait: Duration) {
    tokio::time::sleep(wait).await;
}
