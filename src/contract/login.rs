//! Scenarios about one way to authenticate, of a vendor that documents several. They are played only if
//! standin.yaml has chosen that way.

use crate::model::Authentication;
use crate::under_test::UnderTest;

/// The tag of scenarios about signatures.
const SIGNATURE: &str = "login-signature";
/// The tag of scenarios about tokens.
const TOKEN: &str = "login-token";

/// Whether a scenario with these tags is about the way in which its vendor authenticates, or about none.
pub(super) fn is_played(tags: &[String], under_test: &UnderTest) -> bool {
    let is_about = |login: &str| tags.iter().any(|tag| tag == login);
    let (signature, token) = (is_about(SIGNATURE), is_about(TOKEN));
    if !signature && !token {
        return true;
    }
    let mut vendors = tags.iter().filter_map(|tag| under_test.registry.find(tag));
    let Some(vendor) = vendors.next() else { return true };
    let is_played = |authentication: &Authentication| match authentication {
        Authentication::Signature(_) => signature,
        Authentication::Token(_) => token,
        Authentication::None | Authentication::Headers(_) => false,
    };
    match under_test.target.vendors.get(vendor.catalogue().vendor) {
        Some(target) => is_played(&target.policy.authentication),
        None => is_played(&vendor.policy().authentication),
    }
}
