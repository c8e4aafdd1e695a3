//! `standin doctor`: sends one honest webhook per vendor and looks through each probe. Says line by line
//! what works, and what to try where it does not.
//!
//! If a probe needs a kind of subject that the first webhook is not about, it goes on with a shipped
//! story until there is one. It judges no rule of the contract.

mod credentials;
mod examination;
mod probes;
mod vendor;

use clap::Args;

use super::common::{self, COLOUR, ReceiverArgs, SeedArg, WaitArg};
use super::errors::{BROKEN, CliError, PASSED};
use crate::report::checkup;
use crate::under_test::UnderTest;
use crate::vendors::Registry;

/// See what works between the vendors and your receiver, line by line
#[derive(Args)]
#[command(
    after_help = "For each vendor that is set up it sends one honest webhook, then the same one with wrong credentials, and looks through each probe: URL, TLS, credentials, token, probe, fields, effects. If a probe needs another kind of subject, it sends a few webhooks more.\n\nExit codes: 0 if nothing is wrong, 1 if something is, 2 for wrong settings.\n\nExamples:\n  standin doctor                                 every vendor of standin.yaml\n  standin doctor --vendor waitwhile              only this one\n  standin doctor --wait 30s                      when the receiver has just been started\n  standin doctor --target http://127.0.0.1:9000  a receiver at another address"
)]
pub struct Doctor {
    #[command(flatten)]
    receiver: ReceiverArgs,
    #[command(flatten)]
    wait: WaitArg,
    #[command(flatten)]
    seed: SeedArg,
    /// Only this vendor (may be repeated)
    #[arg(long, value_name = "NAME")]
    vendor: Vec<String>,
}

impl Doctor {
    /// Looks at everything.
    pub async fn run(self, registry: Registry) -> Result<u8, CliError> {
        let subject = self.receiver.load(registry)?;
        let chosen = self.chosen(registry, &subject)?;
        let seed = self.seed.seed();
        // If nothing listens, the lines of each vendor say so.
        let listens = common::must_listen(&subject, |one| chosen.contains(&one), self.wait).await;
        if let Err(error @ CliError::Usage(_) | error @ CliError::Problems(_)) = listens {
            return Err(error);
        }
        let head = format!("Standin looks at {} with seed {seed}\n", subject.target.url);
        // A closed pipe must not hide what is wrong.
        common::print_last(&crate::report::printable(&head));
        let mut sections = Vec::new();
        let mut writer = checkup::Writer::new(COLOUR, common::columns());
        for name in chosen {
            let section = vendor::examine(registry, &subject, name, seed).await?;
            common::print_last(&format!("\n{}", writer.render(&section)));
            sections.push(section);
        }
        common::print_last(&format!("\n{}", checkup::totals(&sections)));
        Ok(if checkup::is_well(&sections) { PASSED } else { BROKEN })
    }

    /// The vendors to look at: those that are named, or all that are set up.
    fn chosen(
        &self,
        registry: Registry,
        subject: &UnderTest,
    ) -> Result<Vec<&'static str>, CliError> {
        let vendors = &subject.target.vendors;
        let mut chosen = Vec::new();
        for name in &self.vendor {
            let name = common::vendor(registry, name)?.catalogue().vendor;
            common::set_up(subject, name)?;
            chosen.push(name);
        }
        if chosen.is_empty() {
            chosen.extend(vendors.keys());
        }
        if chosen.is_empty() {
            let text = "no vendor is set up: give one a section under `vendors` in standin.yaml";
            return Err(CliError::Usage(text.to_owned()));
        }
        Ok(chosen)
    }
}
