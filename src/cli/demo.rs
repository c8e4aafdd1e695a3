//! `standin demo`: stories, contract, load and report against a receiver that it starts itself.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;

use super::check::{Skipping, exit_code, texts, watched_run};
use super::common::{self, COLOUR, SeedArg};
use super::errors::CliError;
use super::play::{Player, rehearse};
use super::settings::{self, Overrides};
use super::{features, files, interrupt, receiver};
use crate::contract::run::Options;
use crate::contract::{Selection, plan};
use crate::journal::Memory;
use crate::receiver::start;
use crate::report::{hang, html, terminal};
use crate::scenario::file;
use crate::under_test::UnderTest;
use crate::vendors::{Registry, Vendor};

/// See it all in under a minute: stories, the whole contract, a short load, a report
#[derive(Args)]
#[command(
    after_help = "It starts the reference receiver on a free port, and needs no file and no network.\n\nExamples:\n  standin demo\n  standin demo --report /tmp/standin.html"
)]
pub struct Demo {
    #[command(flatten)]
    seed: SeedArg,
    /// Where to write the HTML report [default: a file in the temporary folder]
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// What to try after it.
const NEXT: &str = "\
Next:
  standin receiver --defect duplicates-applied-twice  # a receiver with a bug
  standin check                                       # beside it: see it found
  standin load --rate 500/s --html load.html          # put load on it
  standin init                                        # begin with your own
";

impl Demo {
    /// Runs the demo.
    pub async fn run(self, registry: Registry) -> Result<u8, CliError> {
        files::must_be_writable(&[("--report", self.report.as_ref())])?;
        let seed = self.seed.seed();
        let listen = std::net::SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, 0));
        let running = start(receiver::options(listen, BTreeSet::new())).await.map_err(|error| {
            CliError::Usage(format!("cannot start the reference receiver: {error}"))
        })?;
        common::print_last(&format!(
            "The reference receiver is at {}. Standin plays the vendor.\n",
            running.url
        ));
        let overrides = Overrides { target: Some(running.url.clone()), ..Overrides::default() };
        for vendor in registry.vendors() {
            story(registry, vendor, &overrides, seed).await?;
            if interrupt::came() {
                break;
            }
        }
        let (code, report) = self.contract(registry, &overrides, seed).await?;
        if !interrupt::came() {
            load(registry, &overrides, seed).await?;
        }
        running.stop().await;
        common::print_last(&format!(
            "\nThe report on the contract: {}\n\n{NEXT}",
            report.display()
        ));
        Ok(code)
    }

    async fn contract(
        &self,
        registry: Registry,
        overrides: &Overrides,
        seed: u64,
    ) -> Result<(u8, PathBuf), CliError> {
        common::print_last(
            "\nThe contract: every scenario in parallel, each with an account of its own\n\n",
        );
        let subject = built_in(registry, overrides)?;
        let sources = features::shipped();
        let plans = plan::read(&sources, &Selection { seed, ..Selection::default() }, &subject)?;
        let options =
            Options { repeat: format!("standin demo --seed {seed}"), ..Options::new(seed) };
        let run = watched_run(subject, plans, &options).await;
        let text = terminal::render(&run, &texts(&sources), COLOUR, terminal::Detail::Brief);
        common::print_last(&format!("{}\n", hang(text.trim_end(), common::columns())));
        let path = self.report.clone().unwrap_or_else(|| {
            std::env::temp_dir().join(format!("standin-demo-{}.html", std::process::id()))
        });
        common::lost(files::write(&path, &html::render(&run)).err());
        Ok((exit_code(&run, Skipping::Passes), path))
    }
}

/// Plays the vendor's story without waiting.
async fn story(
    registry: Registry,
    vendor: &'static dyn Vendor,
    overrides: &Overrides,
    seed: u64,
) -> Result<(), CliError> {
    let catalogue = vendor.catalogue();
    let Some((name, text)) = features::story(catalogue.vendor) else { return Ok(()) };
    let scenario = file::read(registry, &name, &text)?;
    common::print_wrapped(&format!("\n{}: {} ({name})\n\n", catalogue.title, scenario.about));
    let subject = built_in(registry, overrides)?;
    let rehearsed = rehearse(&subject, &scenario, seed)?;
    let mut player = Player::new(&subject, &scenario, rehearsed, Memory::default())?;
    tokio::select! {
        played = player.play(&scenario, None, std::time::Duration::ZERO) => played?,
        () = interrupt::first() => {}
    }
    player.sum_up();
    Ok(())
}

/// Puts a short load on the receiver.
#[cfg(target_os = "linux")]
async fn load(registry: Registry, overrides: &Overrides, seed: u64) -> Result<(), CliError> {
    common::print_last(
        "\nA short load: for two seconds, 300 webhooks a second, each unique and signed\n\n",
    );
    let report = super::load::short(&built_in(registry, overrides)?, seed).await?;
    let told = crate::report::load::terminal::render(&report, COLOUR);
    common::print_last(&crate::report::fold(&told, common::columns()));
    Ok(())
}

/// `standin load` is there on Linux alone.
#[cfg(not(target_os = "linux"))]
async fn load(_: Registry, _: &Overrides, _: u64) -> Result<(), CliError> {
    Ok(())
}

fn built_in(registry: Registry, overrides: &Overrides) -> Result<UnderTest, CliError> {
    settings::read(registry, "built-in settings", settings::BUILT_IN, overrides)
}
