//! The keys `keep_alive` and `address_family` of the receiver's section.

use super::keys::ReceiverSection;
use super::names::AddressFamilyName;
use super::source::Source;
use crate::delivery::client::Connections;
use crate::delivery::resolve::Family;
use crate::model::Problem;

/// Reads over which connections requests go, and to which addresses.
///
/// # Errors
/// If `address_family` has another value than these.
pub fn read(
    source: &Source<'_>,
    receiver: &ReceiverSection,
) -> Result<(Connections, Family), Problem> {
    let over = if receiver.keep_alive { Connections::Persistent } else { Connections::New };
    let Some(given) = &receiver.address_family else { return Ok((over, Family::Any)) };
    let family = match serde_json::from_value(given.value.clone().into()) {
        Ok(AddressFamilyName::Any) => Family::Any,
        Ok(AddressFamilyName::Ipv4) => Family::Ipv4,
        Ok(AddressFamilyName::Ipv6) => Family::Ipv6,
        Err(_) => {
            let title = "`address_family` takes `any`, `ipv4` or `ipv6`";
            return Err(source.problem(given.referenced, title, &[]));
        }
    };
    Ok((over, family))
}
