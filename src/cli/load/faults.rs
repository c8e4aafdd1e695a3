//! Reads the faults of a load. Their words are those of scenarios.

use super::outcome::pointed;
use crate::cli::errors::CliError;
use crate::driver::VendorTarget;
use crate::load::faults::impossible;
use crate::load::{LoadFault, VendorTraffic};
use crate::model::Fault;
use crate::phrase::PhraseError;
use crate::policy::{fault, sign};
use crate::scenario::words::{self, Instruction};
use crate::suggest::question;

/// Reads faults for these vendors. A fault strikes the webhooks of those vendors that can have it.
pub(super) fn read(
    texts: &[String],
    vendors: &[VendorTraffic<'_>],
) -> Result<Vec<LoadFault>, CliError> {
    texts.iter().map(|text| one(text.trim(), vendors)).collect()
}

fn one(text: &str, vendors: &[VendorTraffic<'_>]) -> Result<LoadFault, CliError> {
    let wrong = |why: &str| pointed("--faults", text, 0..text.len(), why);
    let mut found: Option<LoadFault> = None;
    let mut first: Option<String> = None;
    for (place, one) in vendors.iter().enumerate() {
        let why = match of_vendor(text, one.target) {
            Ok(fault) => {
                let vendors = Vec::new();
                found.get_or_insert(LoadFault { fault, vendors }).vendors.push(place);
                continue;
            }
            Err(why) => why,
        };
        first.get_or_insert(why);
    }
    found.ok_or_else(|| wrong(&first.unwrap_or_default()))
}

/// The fault for one vendor. The error says why the text is no fault of that vendor.
fn of_vendor(text: &str, target: &VendorTarget) -> Result<Fault, String> {
    let catalogue = target.vendor.catalogue();
    let fault = match words::read(text, catalogue) {
        Ok(Instruction::Fault(fault)) => *fault,
        Ok(_) => return Err(NO_FAULT.to_owned()),
        Err(PhraseError::Value(why)) => return Err(why),
        Err(PhraseError::Unknown(near)) => {
            let near =
                near.as_deref().map_or_else(String::new, |near| format!("; {}", question(near)));
            return Err(format!("{NO_FAULT}{near}"));
        }
    };
    if let Some(why) = impossible(&fault) {
        return Err(why.to_owned());
    }
    let authentication = &target.policy.authentication;
    if let Some(lacking) = fault::lacks(&fault, authentication) {
        return Err(lacking);
    }
    let signed = sign::signed_parts(authentication);
    match fault::must_sign(&fault.effect) {
        Some(parts) if signed.is_empty() || parts.iter().any(|part| !signed.contains(part)) => {
            Err(format!("{} signs nothing that this would break", catalogue.title))
        }
        _ => Ok(fault),
    }
}

const NO_FAULT: &str = "this is not a fault: begin with `every webhook`, `the next webhook`, a trigger in place of \
                        `webhook`, or `10% of webhooks`";
