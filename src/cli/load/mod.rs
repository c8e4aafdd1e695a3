//! `standin load`: open-model load of what the vendors really send.

mod args;
mod drive;
mod dry_run;
mod faults;
mod outcome;
mod plan;

use super::common;
use super::errors::CliError;
use crate::load::report::{About, report};
use crate::load::{self, LoadProblem, Population};
use crate::vendors::Registry;

pub use args::Load;

impl Load {
    /// Puts the load on the receiver.
    pub async fn run(self, registry: Registry) -> Result<u8, CliError> {
        let subject = self.receiver.load(registry)?;
        for name in &self.vendor {
            let vendor = common::vendor(registry, name)?.catalogue().vendor;
            if !subject.target.vendors.contains_key(vendor) {
                return Err(CliError::Usage(format!("standin.yaml has no section for {vendor}")));
            }
        }
        let vendors = load::chosen(&subject.target, &self.vendor);
        if vendors.is_empty() {
            return Err(CliError::Usage(LoadProblem::NoVendor.to_string()));
        }
        vendors.iter().for_each(|vendor| common::warn_if_unsigned(vendor));
        let outcome = self.outcome.read()?;
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
        self.must_be_allowed(&subject, &plan)?;
        common::must_listen(&subject).await?;
        let mut ran = self.drive(&subject, &plan, population).await?;
        let samples = std::mem::take(&mut ran.samples);
        let sample = tokio::select! {
            sample = drive::compare(&subject, &vendors, samples) => sample,
            _ = tokio::signal::ctrl_c() => None,
        };
        let names: Vec<&'static str> =
            vendors.iter().map(|one| one.vendor.catalogue().vendor).collect();
        let about = About {
            target: &subject.target.url,
            vendors: &names,
            accounts: plan.accounts * vendors.len(),
        };
        outcome.publish(report(&about, &plan, &ran, sample.as_ref()))
    }
}
