//! `standin receiver`: the reference receiver alone.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use clap::Args;

use super::common;
use super::errors::{CliError, HELD};
use crate::model::Secret;
use crate::model::settings::{names, nearest};
use crate::receiver::{Defect, Options, defects, start};

/// The name and value of the header that the built-in settings send.
pub const DEFAULT_HEADER: (&str, &str) = ("X-Api-Key", "standin-demo-key");

/// Run the reference receiver alone, until Ctrl-C
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin receiver                                   a good receiver on 127.0.0.1:8080\n  standin receiver --defect duplicates-applied-twice then: standin check\n  standin receiver --list-defects\n\nWithout a standin.yaml, `standin check` and the others meet it with the right header.\nThe header's value comes from OMBORI_API_KEY if it is set."
)]
pub struct Receiver {
    /// Where it listens; only loopback
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// A bug that it has (may be repeated)
    #[arg(long, value_name = "NAME", value_parser = defect)]
    defect: Vec<Defect>,
    /// Acknowledge first, and look at what was sent so long after (`queues: true` in standin.yaml)
    #[arg(long, value_name = "DURATION", value_parser = super::play::length)]
    queue: Option<std::time::Duration>,
    /// List the bugs that it can have
    #[arg(long)]
    list_defects: bool,
}

fn defect(name: &str) -> Result<Defect, String> {
    Defect::from_name(name).ok_or_else(|| {
        let known = || defects().iter().map(|defect| defect.name());
        nearest(name, known()).map_or_else(
            || format!("there are {}", names(known())),
            |near| format!("did you mean `{near}`? `standin receiver --list-defects` lists them"),
        )
    })
}

impl Receiver {
    /// Runs the receiver.
    pub async fn run(self) -> Result<u8, CliError> {
        if self.list_defects {
            list();
            return Ok(HELD);
        }
        if !self.listen.ip().is_loopback() {
            let why = format!(
                "{} is not a loopback address; the reference receiver is for this machine only",
                self.listen
            );
            return Err(CliError::Usage(why));
        }
        let defects = self.defect.iter().copied().collect();
        let options = Options { queues: self.queue, ..options(self.listen, defects) };
        let listen = self.listen;
        let running = start(options)
            .await
            .map_err(|error| CliError::Usage(format!("cannot listen on {listen}: {error}")))?;
        common::say(&format!("listening on {}\n", running.url));
        anstream::eprintln!(
            "POST {}/webhooks/ombori   GET {}/positions/{{id}}",
            running.url,
            running.url
        );
        for defect in &self.defect {
            anstream::eprintln!("defect {}: the receiver {}", defect.name(), defect.about());
        }
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        running.stop().await;
        Ok(HELD)
    }
}

/// A receiver that fits the built-in settings.
pub fn options(listen: SocketAddr, defects: BTreeSet<Defect>) -> Options {
    let (name, value) = DEFAULT_HEADER;
    let value = std::env::var("OMBORI_API_KEY").unwrap_or_else(|_| value.to_owned());
    Options {
        listen,
        headers: BTreeMap::from([(name.to_owned(), Secret::new(value))]),
        defects,
        queues: None,
    }
}

fn list() {
    let width = defects().iter().map(|defect| defect.name().len()).max().unwrap_or(0);
    for defect in defects() {
        common::say(&format!(
            "{:width$}  {:8}  {}\n",
            defect.name(),
            defect.vendor(),
            defect.about()
        ));
    }
}
