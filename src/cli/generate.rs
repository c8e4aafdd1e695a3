//! `standin generate`: prints webhooks, or a summary of them, and sends nothing.

mod lines;
mod summary;
mod tally;

use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;

use lines::Lines;
use summary::{Form, Generated};
use tally::Tally;

use super::common::{self, SeedArg, length};
use super::errors::{CliError, PASSED};
use super::features;
use crate::chance::Chance;
use crate::clock::{after, default_start};
use crate::model::{Settings, Webhook};
use crate::scenario::rehearse::{Delivered, Rehearsal};
use crate::scenario::words::Instruction;
use crate::scenario::{Scenario, file};
use crate::sim::{AccountIndex, Crowd, Opening, Simulation};
use crate::text::names;
use crate::vendors::set_ids::must_be_there;
use crate::vendors::{Registry, Vendor};

/// Print webhooks and send nothing: one JSON object per line on stdout, or a summary
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin generate --vendor ombori --count 3\n  standin generate --vendor ombori --profile 2021-01 --for 8h --seed 42 > day.jsonl\n  standin generate --vendor ombori --count 100000 | jq -r .trigger | sort | uniq -c\n  standin generate --vendor ombori scenarios/ombori/walk-in.yaml\n  standin generate --vendor doo --for 180d --summary html > summary.html\n\nThe same seed, start and scenario give the same bytes."
)]
pub struct Generate {
    /// The vendor
    #[arg(long, value_name = "NAME")]
    vendor: String,
    /// The version of the payloads [default: the vendor's]
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    #[command(flatten)]
    seed: SeedArg,
    /// When virtual time begins [default: 2031-03-04T08:00:00Z]
    #[arg(long, value_name = "RFC3339", value_parser = common::start)]
    start: Option<Timestamp>,
    /// How many webhooks to print [default: 100, or the whole story]
    #[arg(long, value_name = "N", conflicts_with = "length")]
    count: Option<u64>,
    /// How much virtual time to simulate
    #[arg(long = "for", id = "length", value_name = "DURATION", value_parser = length)]
    length: Option<Duration>,
    /// Print a summary in place of the webhooks, of 28 days unless `--for` or `--count` is given: when people
    /// come, how long they wait, and how it ends
    #[arg(long, value_name = "FORMAT", value_enum)]
    summary: Option<Form>,
    /// A scenario file [default: the vendor's default traffic]
    file: Option<PathBuf>,
}

/// How many webhooks of traffic are printed by default.
const DEFAULT_COUNT: u64 = 100;

/// How long traffic is summarised by default. A hundred webhooks would show little.
const DEFAULT_SUMMARISED: Duration = Duration::from_secs(28 * 24 * 60 * 60);

/// The size of the output buffer in bytes.
const BUFFER: usize = 256 * 1024;

/// Why printing ended early.
enum Ended {
    /// Stdout cannot be written to.
    Unwritten(io::Error),
    /// A step of the story cannot be done. The text says why.
    Impossible(String),
}

impl From<io::Error> for Ended {
    fn from(error: io::Error) -> Self {
        Self::Unwritten(error)
    }
}

impl Generate {
    /// Prints the webhooks.
    pub fn run(self, registry: Registry) -> Result<u8, CliError> {
        let vendor = common::vendor(registry, &self.vendor)?;
        let scenario = self.scenario(registry, vendor)?;
        if self.length.is_some() && scenario.as_ref().is_some_and(|one| one.traffic.is_none()) {
            let why = "--for applies only to traffic; the steps decide how long a story is";
            return Err(CliError::Usage(why.to_owned()));
        }
        let seed = self.seed.seed();
        let start = self.start.unwrap_or_else(default_start);
        let mut sim = Simulation::new(Chance::from_seed(seed).child("simulation"), start);
        let (account, generated) = self.open(&mut sim, vendor, scenario.as_ref(), seed)?;
        say!("seed {seed}");
        let out = io::BufWriter::with_capacity(BUFFER, io::stdout().lock());
        let mut printer = Printer {
            to: match self.summary {
                None => To::Lines(Lines::new(out)),
                Some(form) => To::Summary { out, form, tally: generated.tally() },
            },
            left: self.limit(scenario.as_ref()),
            until: None,
        };
        let done = self.generate(&mut sim, account, scenario.as_ref(), &mut printer);
        let left = printer.left;
        // A failed step must not hide the webhooks before it.
        let finished = printer.finish(generated).map_err(Ended::from);
        match done.and(finished) {
            Ok(()) => {
                // A script may rely on the number.
                match self.count.map(|_| left).filter(|left| *left > 0) {
                    Some(missing) => Err(CliError::Usage(format!(
                        "there are no more webhooks: {missing} fewer than --count"
                    ))),
                    None => Ok(PASSED),
                }
            }
            // The reader has closed the pipe, so it needs no more output.
            Err(Ended::Unwritten(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(PASSED),
            Err(Ended::Unwritten(error)) => Err(CliError::unwritable(&error)),
            Err(Ended::Impossible(why)) => Err(CliError::Usage(why)),
        }
    }

    fn scenario(
        &self,
        registry: Registry,
        vendor: &'static dyn Vendor,
    ) -> Result<Option<Scenario>, CliError> {
        let Some(path) = &self.file else { return Ok(None) };
        let name = path.display().to_string();
        let text = features::scenario(path)?;
        let scenario = file::read(registry, &name, &text)?;
        let (asked, found) = (vendor.catalogue().vendor, scenario.vendor.catalogue().vendor);
        if asked != found {
            return Err(CliError::Usage(format!(
                "{name} is about {found}, but --vendor is {asked}"
            )));
        }
        Ok(Some(scenario))
    }

    fn open(
        &self,
        sim: &mut Simulation,
        vendor: &'static dyn Vendor,
        scenario: Option<&Scenario>,
        seed: u64,
    ) -> Result<(AccountIndex, Generated), CliError> {
        let catalogue = vendor.catalogue();
        let known = || names(catalogue.profiles.iter().map(|profile| profile.name));
        let named = self
            .profile
            .as_ref()
            .map(|name| {
                catalogue.profile(name).ok_or_else(|| {
                    CliError::Usage(format!(
                        "{} has no profile `{name}`; there are {}",
                        catalogue.title,
                        known()
                    ))
                })
            })
            .transpose()?;
        let profile = named
            .or(scenario.and_then(|one| one.profile))
            .unwrap_or_else(|| catalogue.default_profile());
        let none = std::collections::BTreeMap::new();
        let given = scenario.map_or(&none, |scenario| &scenario.account);
        let given = given.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let wrong = |problem: crate::model::SettingProblem| CliError::Usage(problem.message);
        let settings = Settings::check(catalogue.settings, given).map_err(wrong)?;
        must_be_there(vendor, &settings).map_err(wrong)?;
        let name = vendor.account_name(&settings);
        if let Some(scenario) = scenario {
            let chance = Chance::from_seed(seed).child("simulation");
            let opening = Opening { name: name.clone(), profile, settings: settings.clone() };
            // Nothing is delivered, so steps about deliveries are always legal.
            let triggers = catalogue.triggers.iter().map(|trigger| trigger.name);
            let delivered =
                Delivered { attempts: u32::MAX, ..Delivered::under(&vendor.policy(), triggers) };
            scenario.rehearse(Rehearsal::new(vendor, opening, delivered, chance, sim.now()))?;
        }
        let generated = Generated {
            vendor,
            profile: profile.name,
            account: name.clone(),
            zone: summary::zone(vendor, &settings),
            scenario: self.file.as_ref().map(|path| path.display().to_string()),
            seed,
            from: sim.now(),
        };
        let account = sim.open(vendor, Opening { name, profile, settings: settings.clone() });
        let traffic = match scenario {
            None => Some(Settings::check(catalogue.traffic, []).map_err(wrong)?),
            Some(scenario) => scenario.traffic.clone(),
        };
        if let Some(traffic) = traffic {
            sim.populate(account, &settings, &traffic);
        }
        Ok((account, generated))
    }

    /// How much virtual time of traffic to simulate. `None`: there is another limit.
    fn length(&self, scenario: Option<&Scenario>) -> Option<Duration> {
        let traffic = scenario.is_none_or(|scenario| scenario.traffic.is_some());
        let summarised = self.summary.is_some() && self.count.is_none() && traffic;
        self.length.or(summarised.then_some(DEFAULT_SUMMARISED))
    }

    /// The largest number of webhooks to print.
    fn limit(&self, scenario: Option<&Scenario>) -> u64 {
        let whole = self.length(scenario).is_some()
            || scenario.is_some_and(|scenario| scenario.traffic.is_none());
        self.count.unwrap_or(if whole { u64::MAX } else { DEFAULT_COUNT })
    }

    fn generate(
        &self,
        sim: &mut Simulation,
        account: AccountIndex,
        scenario: Option<&Scenario>,
        printer: &mut Printer<impl io::Write>,
    ) -> Result<(), Ended> {
        let mut webhooks = Vec::new();
        for step in scenario.map_or(&[][..], |scenario| &scenario.steps) {
            match &step.instruction {
                // The rehearsal passed, but the seed, the start or the profile may still forbid it.
                Instruction::Action(spoken) => {
                    sim.say(account, spoken, &mut webhooks).map_err(|refused| {
                        Ended::Impossible(format!("`{}` cannot be done: {refused}", step.text))
                    })?;
                }
                Instruction::Pass(length) => sim.advance(after(sim.now(), *length), &mut webhooks),
                // The other steps are about deliveries, and nothing is delivered here.
                _ => {}
            }
            printer.print(&mut webhooks)?;
        }
        printer.until = self.length(scenario).map(|length| after(sim.now(), length));
        let end = printer.until.unwrap_or(Timestamp::MAX);
        let mut crowd = Crowd::default();
        while printer.left > 0 && sim.next().is_some_and(|next| next <= end) {
            sim.step(&mut webhooks);
            printer.print(&mut webhooks)?;
            // Nobody asks for them any more.
            if crowd.is_due(sim, account, 0) {
                crowd.forget_over(sim, account, []);
            }
        }
        Ok(())
    }
}

struct Printer<W> {
    to: To<W>,
    left: u64,
    /// When the traffic ends, if that is known.
    until: Option<Timestamp>,
}

/// What becomes of webhooks.
enum To<W> {
    /// Each is a line.
    Lines(Lines<W>),
    /// They are counted.
    Summary { out: W, form: Form, tally: Tally },
}

impl<W: io::Write> Printer<W> {
    fn print(&mut self, webhooks: &mut Vec<Webhook>) -> io::Result<()> {
        for webhook in webhooks.drain(..) {
            if self.left == 0 {
                return Ok(());
            }
            self.left -= 1;
            match &mut self.to {
                To::Lines(lines) => lines.write(&webhook)?,
                To::Summary { tally, .. } => tally.add(&webhook),
            }
        }
        Ok(())
    }

    /// Writes what is not written yet.
    fn finish(self, generated: Generated) -> io::Result<()> {
        match self.to {
            To::Lines(mut lines) => lines.out.flush(),
            To::Summary { mut out, form, tally } => {
                out.write_all(generated.summary(form, tally, self.until).as_bytes())?;
                out.flush()
            }
        }
    }
}
