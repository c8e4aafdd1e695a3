//! Scenarios about one way to authenticate. A vendor may document several, and standin.yaml can say how a vendor signs.
//! Such scenarios are played only if they are about the way that was chosen.

use super::expectation::Expectation;
use super::scenario::{ParsedScenario, PlannedStep};
use super::words::ParsedStep;
use crate::model::Authentication;
use crate::model::policy::{ClientLogin, Grant};
use crate::policy::fault;
use crate::scenario::words::Instruction;
use crate::under_test::UnderTest;

/// The tag of scenarios about fixed headers.
const HEADERS: &str = "login-headers";
/// The tag of scenarios about signatures.
const SIGNATURE: &str = "login-signature";
/// The tag of scenarios about tokens of the vendor's usual kind.
const TOKEN: &str = "login-token";
/// The tag of scenarios about tokens that are asked for with a client's own credentials, where the vendor documents
/// another kind.
const CLIENT: &str = "login-client";
/// The tag of scenarios about a client that signs an assertion in place of its secret (RFC 7523, section 2.2).
const PRIVATE_KEY: &str = "login-private-key";

/// Whether a scenario with these tags is about the way in which its vendor authenticates, or about none.
pub(super) fn is_played(tags: &[String], under_test: &UnderTest) -> bool {
    let is_about = |login: &str| tags.iter().any(|tag| tag == login);
    let about = [HEADERS, SIGNATURE, TOKEN, CLIENT, PRIVATE_KEY].map(is_about);
    let [headers, signature, token, client, private_key] = about;
    if !about.contains(&true) {
        return true;
    }
    let documents_assertion = tags
        .iter()
        .filter_map(|tag| under_test.registry.find(tag))
        .any(|vendor| vendor.other_logins().iter().any(asks_with_assertion));
    let is_played = |authentication: &Authentication| match authentication {
        Authentication::Signature(_) => signature,
        Authentication::Token(oauth) if oauth.grant == Grant::JwtBearer => token,
        Authentication::Token(oauth) => {
            let usual = if documents_assertion { client } else { token };
            usual || (private_key && oauth.request_with == ClientLogin::PrivateKeyJwt)
        }
        Authentication::None | Authentication::Headers(_) => headers,
    };
    with_login(tags, under_test, is_played)
}

/// Whether an assertion alone gets a token (RFC 7523, section 2.1).
fn asks_with_assertion(authentication: &Authentication) -> bool {
    matches!(authentication, Authentication::Token(oauth) if oauth.grant == Grant::JwtBearer)
}

/// Whether the vendor's login has all that a scenario changes or expects of it: a signature of the time, a token.
pub(super) fn fits(scenario: &ParsedScenario, under_test: &UnderTest) -> bool {
    with_login(&scenario.tags, under_test, |authentication| {
        let is_token = matches!(authentication, Authentication::Token(_));
        scenario.steps.iter().all(|PlannedStep { parsed, .. }| match parsed {
            ParsedStep::Do(Instruction::Fault(fault)) => fault::fits(fault, authentication),
            ParsedStep::Do(Instruction::TokenUse(_))
            | ParsedStep::Expect(Expectation::Tokens(_)) => is_token,
            _ => true,
        })
    })
}

/// What holds of the login of the vendor that a scenario with these tags is about. True if it is about none.
fn with_login(
    tags: &[String],
    under_test: &UnderTest,
    holds: impl Fn(&Authentication) -> bool,
) -> bool {
    let mut vendors = tags.iter().filter_map(|tag| under_test.registry.find(tag));
    let Some(vendor) = vendors.next() else { return true };
    match under_test.target.vendors.get(vendor.catalogue().vendor) {
        Some(target) => holds(&target.policy.authentication),
        None => holds(&vendor.policy().authentication),
    }
}
