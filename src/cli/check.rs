//! `standin check`: runs the contract against the receiver.

mod as_sender;
mod exit;
mod known;
mod list;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use as_sender::{AsSender, Played};

use super::apis::{self, ServeArgs};
use super::common::{self, COLOUR, ReceiverArgs, SeedArg, WaitArg};
use super::errors::{CliError, PASSED};
use super::last_failed::LastFailed;
use super::{features, files, interrupt, limits, settings, watch};
use crate::contract::run::{Limit, Options, Readings, WhenFailed, WhenHopeless, seen_before};
use crate::contract::{Plan, Scope, Selection, Source, plan};
use crate::model::result::Run;
use crate::model::tolerance::Strictness;
use crate::report::terminal::Detail;
use crate::report::{Sources, github, hang, html, json, junit, terminal};
use crate::text::clean::one_line;
use crate::text::shell;
use crate::under_test::UnderTest;
use crate::vendors::Registry;

pub use exit::{Skipping, exit_code};

/// Run the contract against the receiver: the shipped features, or your own
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin check                                  the shipped contract against standin.yaml's receiver\n  standin check features/mine.feature:12         one scenario\n  standin check --tags '@ombori and not @credentials'\n  standin check --junit report.xml --html report.html\n  standin check --list                           what would be run; sends nothing\n  standin check -v                               with a line for each request; -vv: with headers and bodies\n  standin check --seed 42                        the same run again, byte for byte\n  standin check mine.feature --serve 127.0.0.1:4010\n                                                 with the vendors' APIs, for a receiver that calls back\n  standin check --as stripe --body event.json --deliver /stripe\n                                                 as a well-known sender, with a body of your own"
)]
pub struct Check {
    /// Feature files, FILE:LINE for one scenario (FILE:LINE:LINE for two), or folders [default: the shipped contract,
    /// and `check.features` of standin.yaml]
    paths: Vec<String>,
    #[command(flatten)]
    receiver: ReceiverArgs,
    #[command(flatten)]
    wait: WaitArg,
    #[command(flatten)]
    seed: SeedArg,
    /// Run only scenarios whose tags match: `@ombori and not @credentials`
    #[arg(long, value_name = "EXPRESSION")]
    tags: Option<String>,
    /// Run only the scenarios of this vendor (may be repeated)
    #[arg(long, value_name = "NAME")]
    vendor: Vec<String>,
    /// Run only the scenarios that failed the last time; all, if none did
    #[arg(long)]
    last_failed: bool,
    /// Run again whenever standin.yaml or a feature changes, until Ctrl-C
    #[arg(long)]
    watch: bool,
    /// How many scenarios run at the same time
    #[arg(long, value_name = "N", default_value = "16", value_parser = clap::value_parser!(u16).range(1..=512))]
    jobs: u16,
    /// Write a JUnit report
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write a JSON report (schemas/report.schema.json)
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write an HTML report
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Keep the journal of every scenario in this SQLite file; `standin journal` reads it
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Fail if a scenario was skipped or passed only in part [default: `check.fail_on_skipped` of
    /// standin.yaml]
    #[arg(long)]
    fail_on_skipped: bool,
    /// Fail if a rule of level `should` is broken, too [default: `check.strict` of standin.yaml]
    #[arg(long)]
    strict: bool,
    /// Add what has failed to the known failures in standin.yaml, so that the next run passes;
    /// implies --no-early-stop
    #[arg(long, conflicts_with_all = ["fail_fast", "max_failures"])]
    write_known: bool,
    /// End the run after the first failed scenario
    #[arg(long, conflicts_with = "max_failures")]
    fail_fast: bool,
    /// End the run after this many failed scenarios
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    max_failures: Option<u16>,
    /// End the run after this time, whatever the receiver does; progress says how much is left
    #[arg(long, value_name = "DURATION", default_value = "30m", value_parser = common::length)]
    time_limit: Duration,
    /// Go on with a vendor whose first honest requests all fail in the same way, or that the receiver does
    /// not answer any more, and with a probe that never finds anything
    #[arg(long)]
    no_early_stop: bool,
    /// Do not try failures again at the end, to see whether they come again
    #[arg(long)]
    no_retry: bool,
    /// List the features with their rules, scenarios and tags, and send nothing
    #[arg(long)]
    list: bool,
    /// Show every scenario, not only the failed ones
    #[arg(long)]
    all: bool,
    /// Show only failures and the totals
    #[arg(short, long, conflicts_with_all = ["all", "verbose"])]
    quiet: bool,
    #[command(flatten)]
    serve: ServeArgs,
    #[command(flatten)]
    as_sender: AsSender,
}

impl Check {
    /// Runs the contract, once or whenever a file changes.
    pub async fn run(self, registry: Registry, verbosity: u8) -> Result<u8, CliError> {
        if !self.list {
            interrupt::keep();
        }
        if !self.watch {
            return self.once(registry, verbosity).await;
        }
        if self.as_sender.reads_stdin() {
            let why = "--watch reads the body again and again, and standard input is there once";
            return Err(CliError::Usage(why.to_owned()));
        }
        loop {
            let files = self.watched(registry);
            // What is wrong now may be right after the next change.
            if let Err(error) = self.once(registry, verbosity).await {
                error.report();
            }
            if interrupt::came() {
                return Ok(PASSED);
            }
            say!("watching for changes; Ctrl-C ends");
            tokio::select! {
                path = files.changed() => say!("\n{} has changed", path.display()),
                () = interrupt::next() => return Ok(PASSED),
            }
        }
    }

    /// The files that decide what is run.
    fn watched(&self, registry: Registry) -> watch::Files {
        let file = settings::found(self.receiver.config());
        let mut paths = vec![file.unwrap_or_else(|| settings::DEFAULT_FILE.into())];
        if self.paths.is_empty() {
            // A file with a mistake names no features.
            paths.extend(self.receiver.load(registry).map_or_else(|_| vec![], |one| one.features));
        }
        paths.extend(self.paths.iter().map(|path| features::on_disk(path).to_owned()));
        paths.extend(self.as_sender.body().cloned());
        watch::Files::look(paths)
    }

    async fn once(&self, registry: Registry, verbosity: u8) -> Result<u8, CliError> {
        let Played { mut subject, tags, longest } = self.under_test(registry)?;
        let registry = subject.registry;
        let asker = self.serve.open(&mut subject);
        if self.strict {
            subject.tolerance.should = Strictness::Fails;
        }
        let sources = self.sources(&subject)?;
        let seed = self.seed.seed();
        let last_failed = LastFailed::of(self.receiver.config());
        let mut plans = self.plans((&subject, &sources), tags, seed, &last_failed)?;
        known::as_in_run(&mut subject.tolerance.known, &plans);
        if self.list {
            common::print(&list::list(&plans));
            return Ok(PASSED);
        }
        self.must_be_writable()?;
        let apis = self.serve.start(asker, &subject).await?;
        let ready = async {
            common::must_listen(&subject, |vendor| is_played(&plans, vendor), self.wait).await?;
            self.as_sender.begin(&mut plans);
            let journal = common::journal(self.journal.as_deref())?;
            warn(&subject, &plans, seed).await;
            Ok::<_, CliError>(journal)
        };
        let journal = tokio::select! {
            journal = ready => journal?,
            // Nothing was judged, and that is reported too.
            () = interrupt::first() => None,
        };
        let options = Options {
            seed,
            jobs: limits::jobs(self.jobs.into()),
            repeat: self.repeat(seed, &plans),
            again: self.to_arguments(),
            journal: journal.clone(),
            most_failures: self.max_failures.or(self.fail_fast.then_some(1)).map(usize::from),
            longest: Some(self.longest(longest)),
            scope: self.scope(),
            hopeless: if self.goes_on() { WhenHopeless::GoOn } else { WhenHopeless::Stop },
            failures: if self.no_retry { WhenFailed::Stand } else { WhenFailed::TryAgain },
            readings: match self.detail(verbosity) {
                Detail::Wire => Readings::Kept,
                _ => Readings::OfFailures,
            },
        };
        let skipping = if self.fail_on_skipped || subject.fail_on_skipped {
            Skipping::Fails
        } else {
            Skipping::Passes
        };
        let unmatched = known::unmatched(&subject.tolerance.known, &plans);
        let mut run = watched_run(subject, plans, &options).await;
        run.warnings.extend(unmatched);
        last_failed.note(&run);
        apis::stop(apis).await;
        let written = self.write_known.then(|| {
            let (file, overrides) = (self.receiver.file(), self.receiver.overrides());
            known::write(&mut run, registry, file.as_deref(), &overrides)
        });
        let code = self.report(&run, &sources, skipping, self.detail(verbosity));
        match written.transpose() {
            Ok(None) => {}
            Ok(Some(said)) => _ = common::print_last(&format!("\n{said}")),
            Err(error) => common::lost([error]),
        }
        common::lost(journal.and_then(|file| file.flush().err()).map(CliError::from));
        Ok(code)
    }

    /// The receiver, and who sends to it.
    fn under_test(&self, registry: Registry) -> Result<Played, CliError> {
        let subject = self.receiver.load(registry)?;
        if !self.as_sender.is_given() {
            return Ok(Played { subject, tags: None, longest: None });
        }
        self.as_sender.play(subject)
    }

    /// How long the run may take, if a sender's webhooks last so long.
    fn longest(&self, lasting: Option<Duration>) -> Limit {
        match lasting {
            Some(lasting) if lasting < self.time_limit => Limit::OfSignatures(lasting),
            _ => Limit::Chosen(self.time_limit),
        }
    }

    /// Fails unless everything that the run writes can be written.
    fn must_be_writable(&self) -> Result<(), CliError> {
        files::must_be_writable(&[
            ("--junit", self.junit.as_ref()),
            ("--json", self.json.as_ref()),
            ("--html", self.html.as_ref()),
            ("--write-known", self.receiver.file().filter(|_| self.write_known).as_ref()),
            ("--journal", self.journal.as_ref()),
            ("--ready-file", self.serve.ready_file()),
        ])
    }

    /// The scenarios that are chosen.
    fn plans(
        &self,
        (subject, sources): (&UnderTest, &[Source]),
        needed: Option<String>,
        seed: u64,
        last_failed: &LastFailed,
    ) -> Result<Vec<Plan>, CliError> {
        if let Some(tags) = &self.tags {
            plan::check_tags(tags).map_err(CliError::Usage)?;
        }
        let both = self.tags.iter().chain(&needed).map(|tags| format!("({tags})"));
        let both = both.reduce(|one, other| format!("{one} and {other}"));
        let mut plans = plan::read(sources, &Selection { tags: both, seed }, subject)?;
        self.keep_vendors(subject.registry, &mut plans)?;
        if plans.is_empty() {
            let about = needed.map_or_else(String::new, |tags| {
                format!("; what this sender does not have is left out (`{tags}`)")
            });
            return Err(CliError::Usage(format!(
                "no scenario matches the paths, tags and vendors{about}"
            )));
        }
        if self.last_failed && !last_failed.choose(&mut plans) {
            say!("none of these scenarios failed the last time: all of them are run");
        }
        Ok(plans)
    }

    /// Whether all scenarios of a vendor are run, however the first ones end. A part of the failures would
    /// be no list of them.
    fn goes_on(&self) -> bool {
        self.no_early_stop || self.write_known
    }

    /// How much of the contract is checked.
    fn scope(&self) -> Scope {
        let chosen = self.tags.is_some()
            || !self.vendor.is_empty()
            || !self.paths.is_empty()
            || self.last_failed;
        if chosen { Scope::Part } else { Scope::Whole }
    }

    fn repeat(&self, seed: u64, plans: &[Plan]) -> String {
        let place = |plan: &Plan| {
            let lines: BTreeSet<usize> = plan.scenarios.iter().map(|one| one.line).collect();
            lines.iter().fold(plan.file.clone(), |file, line| format!("{file}:{line}"))
        };
        let places = || plans.iter().map(place).collect();
        // The list of the last failures is another one after the run.
        let paths: Vec<String> = if self.last_failed { places() } else { self.paths.clone() };
        let paths: String = paths.iter().map(|path| format!(" {}", shell::word(path))).collect();
        let tags = self
            .tags
            .as_ref()
            .map_or(String::new(), |tags| format!(" --tags {}", shell::word(tags)));
        let vendors: String =
            self.vendor.iter().map(|name| format!(" --vendor {}", shell::word(name))).collect();
        let go_on = if self.goes_on() { " --no-early-stop" } else { "" };
        format!("standin check{paths}{tags}{vendors}{go_on}{} --seed {seed}", self.to_arguments())
    }

    /// The chosen features, else the shipped ones and those that standin.yaml names.
    fn sources(&self, subject: &UnderTest) -> Result<Vec<Source>, CliError> {
        if self.as_sender.is_given() && self.paths.is_empty() {
            return Ok(features::of_senders());
        }
        let mut sources = features::find(&self.paths)?;
        if !self.as_sender.is_given() {
            sources = features::without_senders(sources).ok_or_else(|| {
                let why = "these features are about a sender: say which one with --as";
                CliError::Usage(why.to_owned())
            })?;
        }
        if self.paths.is_empty() && !subject.features.is_empty() {
            let own: Vec<String> =
                subject.features.iter().map(|path| path.display().to_string()).collect();
            let own = features::find(&own)?;
            // A file on disk wins over the shipped one of its name, as in `play`.
            sources.retain(|shipped| own.iter().all(|one| one.file != shipped.file));
            sources.extend(own);
        }
        Ok(sources)
    }

    /// Drops the scenarios of other vendors than the chosen ones, if some are chosen.
    fn keep_vendors(&self, registry: Registry, plans: &mut Vec<Plan>) -> Result<(), CliError> {
        if self.vendor.is_empty() {
            return Ok(());
        }
        let chosen = self.vendor.iter().map(|name| common::vendor(registry, name));
        let chosen = chosen.map(|vendor| Ok(vendor?.catalogue().vendor));
        let chosen: Vec<&str> = chosen.collect::<Result<_, CliError>>()?;
        for plan in plans.iter_mut() {
            plan.scenarios.retain(|one| one.vendor.is_some_and(|vendor| chosen.contains(&vendor)));
        }
        plans.retain(|plan| !plan.scenarios.is_empty());
        Ok(())
    }

    /// The arguments that affect the result of a scenario, for the command that repeats it.
    fn to_arguments(&self) -> String {
        let strict = if self.strict { " --strict" } else { "" };
        let [receiver, serve, sender] = [
            self.receiver.to_arguments(),
            self.serve.to_arguments(),
            self.as_sender.to_arguments(),
        ];
        format!("{strict}{receiver}{serve}{sender}")
    }

    /// How much the terminal shows.
    fn detail(&self, verbosity: u8) -> Detail {
        match verbosity {
            _ if self.quiet => Detail::Quiet,
            0 if self.all => Detail::Full,
            0 => Detail::Brief,
            1 => Detail::Requests,
            _ => Detail::Wire,
        }
    }

    fn report(&self, run: &Run, sources: &[Source], skipping: Skipping, detail: Detail) -> u8 {
        let texts = &texts(sources);
        let summary = || {
            let text = terminal::render(run, texts, COLOUR, detail);
            common::print_last(&format!("{}\n", hang(text.trim_end(), common::columns())));
            if std::env::var_os("GITHUB_ACTIONS").is_some() {
                let is_theirs = |file: &str| std::path::Path::new(file).is_file();
                common::print_last(&github::render(run, is_theirs));
            }
        };
        let reports = [
            (&self.junit, junit::render as fn(&Run, &Sources) -> String),
            (&self.json, |run, _| json::render(run)),
            (&self.html, |run, _| html::render(run)),
        ];
        let chosen = reports
            .into_iter()
            .filter_map(|(path, render)| Some((path.clone()?, move || render(run, texts))));
        common::lost(files::publish(summary, chosen));
        exit_code(run, skipping)
    }
}

/// Whether a scenario that is played sends something of this vendor.
fn is_played(plans: &[Plan], vendor: &str) -> bool {
    let mut scenarios = plans.iter().flat_map(|plan| &plan.scenarios);
    scenarios.any(|one| one.skip.is_none() && one.first.is_some() && one.vendor == Some(vendor))
}

/// Warns of what can make a receiver that is right fail.
async fn warn(subject: &UnderTest, plans: &[Plan], seed: u64) {
    let vendors = subject.target.vendors.iter().filter(|(vendor, _)| is_played(plans, vendor));
    vendors.for_each(|(_, vendor)| common::warn_if_unsigned(vendor));
    if let Some(known) = seen_before(subject, plans).await {
        say!(
            "warning: the receiver already knows {known} from an earlier run with seed {seed}, and \
             that can make scenarios fail. Clear it, or use another --seed"
        );
    }
}

/// The texts of the features, by file.
pub fn texts(sources: &[Source]) -> Sources {
    sources.iter().map(|source| (source.file.clone(), source.text.to_string())).collect()
}

/// Runs the plans with a progress bar on a terminal, until the end or Ctrl-C.
pub async fn watched_run(subject: UnderTest, plans: Vec<Plan>, options: &Options) -> Run {
    let bar = if common::watched() { ProgressBar::new(0) } else { ProgressBar::hidden() };
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} about {eta} left {wide_msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let run = crate::contract::check(subject, plans, options, interrupt::first(), |progress| {
        for notice in &progress.notices {
            bar.suspend(|| say!("{notice}"));
        }
        bar.set_length(progress.all as u64);
        bar.set_position(progress.done as u64);
        bar.set_message(match progress.failed {
            0 => one_line(&progress.name),
            failed => format!("{failed} failed · {}", one_line(&progress.name)),
        });
    })
    .await;
    bar.finish_and_clear();
    run
}
