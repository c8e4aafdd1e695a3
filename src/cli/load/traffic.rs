//! What the people of a load do: the default day of each vendor, or the traffic of scenario files.

use std::collections::BTreeMap;
use std::path::Path;

use super::args::Load;
use crate::cli::common;
use crate::cli::errors::CliError;
use crate::cli::features;
use crate::driver::{Target, VendorTarget};
use crate::load::{LoadProblem, VendorTraffic};
use crate::model::{SET_IDS, SettingProblem, Settings};
use crate::scenario::{Scenario, file};
use crate::text::clean::shortened;
use crate::text::either;
use crate::vendors::Registry;
use crate::vendors::set_ids::without_id;

/// The default day of each vendor that is set up.
pub(super) fn usual(target: &Target) -> Result<Vec<VendorTraffic<'_>>, CliError> {
    target.vendors.values().map(|one| VendorTraffic::usual(one).map_err(wrong)).collect()
}

/// Warns if ids are set for some of what the accounts have, and not for the rest.
pub(super) fn warn_of_unset_ids(traffic: &VendorTraffic<'_>) {
    let vendor = traffic.target.vendor;
    let name = vendor.catalogue().vendor;
    let mut unset = BTreeMap::<&str, Vec<String>>::new();
    for (kind, one) in without_id(vendor, &traffic.account) {
        unset.entry(kind).or_default().push(one);
    }
    for (kind, names) in unset {
        say!(
            "warning: `vendors.{name}.{SET_IDS}.{kind}` has no id for {}. If the receiver keeps only its own, webhooks about \
             them count as lost: give their ids, or take them out of the account (`standin vendors {name}` lists its \
             settings)",
            shortened(&either(names.iter().map(String::as_str)), LONGEST_LIST)
        );
    }
}

/// The most characters of a list of names.
const LONGEST_LIST: usize = 200;

fn wrong(problem: SettingProblem) -> CliError {
    CliError::Usage(problem.message)
}

impl Load {
    /// The vendors that are played, and what they do.
    pub(super) fn traffic<'a>(
        &self,
        registry: Registry,
        target: &'a Target,
    ) -> Result<Vec<VendorTraffic<'a>>, CliError> {
        let mut found: BTreeMap<&'static str, Option<Scenario>> = BTreeMap::new();
        for path in &self.scenario {
            let scenario = read(registry, path)?;
            let name = scenario.vendor.catalogue().vendor;
            if let Some(Some(other)) = found.get(name) {
                let (one, other) = (&scenario.file, &other.file);
                let why =
                    format!("{other} and {one} are both about {name}: a vendor has one traffic");
                return Err(CliError::Usage(why));
            }
            found.insert(name, Some(scenario));
        }
        for name in &self.vendor {
            found.entry(common::vendor(registry, name)?.catalogue().vendor).or_default();
        }
        if let Some(name) = found.keys().find(|name| !target.vendors.contains_key(*name)) {
            return Err(CliError::Usage(format!("standin.yaml has no section for {name}")));
        }
        if found.is_empty() {
            found.extend(target.vendors.keys().map(|name| (*name, None)));
        }
        if found.is_empty() {
            return Err(CliError::Usage(LoadProblem::NoVendor.to_string()));
        }
        let played = found.into_iter().map(|(name, scenario)| match scenario {
            None => VendorTraffic::usual(&target.vendors[name]).map_err(wrong),
            Some(scenario) => of(&target.vendors[name], scenario),
        });
        played.collect()
    }
}

/// Reads a file with traffic.
fn read(registry: Registry, path: &Path) -> Result<Scenario, CliError> {
    let scenario = file::read(registry, &path.display().to_string(), &features::scenario(path)?)?;
    if scenario.traffic.is_none() {
        let why = format!("{} is a story: a load needs a file with `traffic`", scenario.file);
        return Err(CliError::Usage(why));
    }
    Ok(scenario)
}

/// The traffic of a file. What it says of the account overrides standin.yaml.
fn of(target: &VendorTarget, scenario: Scenario) -> Result<VendorTraffic<'_>, CliError> {
    let given = scenario.account.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let account: Settings = target.settings_with(given).map_err(wrong)?;
    let usual = VendorTraffic::usual(target).map_err(wrong)?;
    Ok(VendorTraffic {
        profile: scenario.profile.unwrap_or(usual.profile),
        account,
        traffic: scenario.traffic.unwrap_or(usual.traffic),
        target,
    })
}
