//! `standin serve`: the simulator as a server, until it is stopped.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::common::{self, PortArg, ReceiverArgs, SeedArg};
use super::errors::{CliError, PASSED};
use super::{features, files, interrupt};
use crate::journal::sqlite::{Options as StoreOptions, Store, Synchronous};
use crate::model::Secret;
use crate::policy::sign::is_sendable;
use crate::server::{self, Limits, NewAccount, Options, Restarts, Running};
use crate::vendors::Registry;

/// Run the simulator as a server: a control API and the vendors' own APIs
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin serve                                      on 127.0.0.1:4010, one account per vendor\n  standin serve --journal standin.db                 continues where it stopped\n  standin serve --port 0 --ready-file standin.url    on a free port; the file gets the URL\n\nThe control API is under /api/v1 (its OpenAPI document: /api/v1/openapi.json), and the vendors' APIs are where `GET /api/v1/vendors` says."
)]
pub struct Serve {
    /// The address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4010")]
    listen: SocketAddr,
    #[command(flatten)]
    port: PortArg,
    #[command(flatten)]
    receiver: ReceiverArgs,
    #[command(flatten)]
    seed: SeedArg,
    /// Keep the journal in this file, and continue with the accounts in it
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Let acknowledged changes survive a power cut, not only the end of the process
    #[arg(long, requires = "journal")]
    durable: bool,
    /// How many deliveries each account keeps in memory after they are over
    #[arg(long, value_name = "N", default_value_t = Limits::default().keep)]
    keep: usize,
    /// Require this administrator's token in every request to the control API
    #[arg(long, value_name = "TOKEN", env = "STANDIN_ADMIN_TOKEN", hide_env_values = true)]
    admin_token: Option<String>,
    /// Another name of this server that requests may use (may be repeated)
    #[arg(long, value_name = "NAME")]
    host_name: Vec<String>,
    /// Write the URL of the server into this file once it is ready
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// Do not open accounts at the start
    #[arg(long)]
    no_accounts: bool,
}

impl Serve {
    /// Runs the server.
    pub async fn run(mut self, registry: Registry) -> Result<u8, CliError> {
        self.listen = self.port.address_or(self.listen);
        let under_test = self.receiver.load(registry)?;
        common::say_settings(&under_test);
        let token = self.admin_token()?;
        if self.host_name.iter().any(|name| name.trim().is_empty()) {
            let why = "--host-name is empty: a request without a host name would be let in";
            return Err(CliError::Usage(why.to_owned()));
        }
        if !self.listen.ip().is_loopback() && token.is_none() {
            let why = format!(
                "{} can be reached from other machines: set `--admin-token` (or \
                 STANDIN_ADMIN_TOKEN), or listen on 127.0.0.1",
                self.listen
            );
            return Err(CliError::Usage(why));
        }
        files::must_be_writable(&[
            ("--journal", self.journal.as_ref()),
            ("--ready-file", self.ready_file.as_ref()),
        ])?;
        // From here on it always stops in order.
        let stopped = interrupt::stopped();
        // Removed with its folder when the server ends.
        let folder = tempfile::tempdir();
        let path = match &self.journal {
            Some(path) => path.clone(),
            None => match &folder {
                Ok(folder) => folder.path().join("journal.db"),
                Err(error) => {
                    let why = format!("no folder for temporary files: {error}");
                    return Err(CliError::Usage(why));
                }
            },
        };
        let synchronous = if self.durable { Synchronous::Full } else { Synchronous::Normal };
        let options = StoreOptions { synchronous, ..StoreOptions::default() };
        let opened = tokio::task::spawn_blocking(move || Store::open(&path, options)).await;
        let store = opened
            .map_err(|error| CliError::Usage(error.to_string()))?
            .map_err(|error| CliError::Usage(error.to_string()))?;
        let running = server::start(Options {
            listen: self.listen,
            admin_token: token.map(Secret::new),
            host_names: self.host_name.clone(),
            limits: Limits { keep: self.keep, ..Limits::default() },
            under_test,
            store,
            restarts: self.restarts(),
            scenarios: features::shipped_scenarios(),
        })
        .await
        .map_err(|error| CliError::Usage(error.to_string()))?;
        self.open_accounts(&running).await?;
        if !self.listen.ip().is_loopback() {
            say!("warning: {} can be reached from other machines", self.listen);
        }
        if let Some(file) = &self.ready_file {
            files::write(file, &format!("{}\n", running.url))?;
        }
        common::print_last(&format!("standin is ready at {}\n", running.url));
        stopped.await;
        say!("stopping: finishing the requests under way");
        let left = running.stop().await;
        if left > 0 {
            say!("{left} requests were still under way: with the same journal they are sent again");
        }
        Ok(PASSED)
    }

    /// Whether it may be started again with its journal.
    fn restarts(&self) -> Restarts {
        if self.journal.is_some() { Restarts::FromItsJournal } else { Restarts::Never }
    }

    /// The administrator's token, if one is set.
    ///
    /// # Errors
    /// If it is empty, which would let everybody in, or no request could carry it.
    fn admin_token(&self) -> Result<Option<&str>, CliError> {
        let Some(token) = self.admin_token.as_deref() else { return Ok(None) };
        let why = if token.is_empty() {
            "is empty, so it would protect nothing: give it a value, or leave it out"
        } else if token.trim() != token || !is_sendable(token) {
            "cannot be sent in a header: it takes ASCII, without white space at its ends"
        } else {
            return Ok(Some(token));
        };
        Err(CliError::Usage(format!("--admin-token (or STANDIN_ADMIN_TOKEN) {why}")))
    }

    /// Opens an account at each vendor that is set up and has none, named after the vendor.
    async fn open_accounts(&self, running: &Running) -> Result<(), CliError> {
        if self.no_accounts {
            return Ok(());
        }
        let seed = self.seed.seed();
        let server = &running.server;
        let vendors: Vec<&str> = server.under_test.target.vendors.keys().copied().collect();
        for vendor in vendors {
            if server.accounts().iter().any(|account| account.vendor() == vendor) {
                continue;
            }
            let new = NewAccount {
                name: vendor.to_owned(),
                vendor: vendor.to_owned(),
                seed: Some(seed),
                profile: None,
                settings: Default::default(),
                deliver: None,
                start: None,
                speed: None,
            };
            let opened = server.open(new).await;
            opened.map_err(|problem| CliError::Usage(problem.detail))?;
        }
        for account in server.accounts() {
            say!("account {} · seed {}", account.name, account.seed);
        }
        Ok(())
    }
}
