//! Expired tokens without `expired_token` in standin.yaml: before the run the vendor requests a token.
//! If it lives shortly, the scenarios that need an expired one come last and wait until it has expired.
//! If it lives too long, or the receiver does not say how long, they are not judged.

use std::collections::BTreeSet;
use std::time::Duration;

use super::plan::{Key, Plan, ScenarioPlan};
use super::shared_tokens;
use super::words::ParsedStep;
use crate::clock::{Moment, now, until};
use crate::driver::{Target, VendorTarget};
use crate::model::fault::CredentialDamage;
use crate::model::{Authentication, Effect, OAuth, Secret};
use crate::policy::token;
use crate::scenario::words::Instruction;
use crate::under_test::UnderTest;

/// Receivers often count whole seconds. So a token that lives for one second may be valid for two.
const MARGIN: Duration = Duration::from_secs(1);

/// The scenarios that wait for the expiry of a token.
#[derive(Default)]
pub struct Awaited {
    /// Which they are.
    pub scenarios: BTreeSet<Key>,
    /// Their vendors.
    pub vendors: Vec<&'static str>,
    /// When all tokens have expired.
    pub until: Option<Moment>,
    /// What is said of it before the run.
    pub notices: Vec<String>,
}

impl Awaited {
    /// Requests a token for each vendor that needs an expired one and has none. Scenarios that cannot
    /// have one are skipped.
    pub async fn request(under_test: &mut UnderTest, plans: &mut [Plan]) -> Self {
        let mut awaited = Self::default();
        let vendors: Vec<&'static str> = under_test.target.vendors.keys().copied().collect();
        for name in vendors {
            let needing = needing(plans, name);
            let Some(vendor) = under_test.target.vendors.get(name) else { continue };
            let Some(oauth) = lacking(vendor).filter(|_| !needing.is_empty()) else { continue };
            match requested(&under_test.target, vendor, &oauth).await {
                Ok((token, lives)) => {
                    let expired = now() + lives + MARGIN;
                    awaited.until = awaited.until.max(Some(expired));
                    awaited.notices.push(notice(name, lives, needing.len()));
                    awaited.scenarios.extend(needing);
                    awaited.vendors.push(name);
                    if let Some(vendor) = under_test.target.vendors.get_mut(name) {
                        give(vendor, oauth, token);
                    }
                }
                Err(why) => skip(plans, &needing, &why),
            }
        }
        awaited
    }

    /// Waits until the tokens have expired, unless that is of no use.
    #[expect(clippy::disallowed_methods, reason = "a receiver's clock cannot be moved on")]
    pub async fn wait(&self, is_useless: impl FnOnce() -> bool) {
        if let Some(left) = self.until.map(until).filter(|_| !is_useless()) {
            tokio::time::sleep(left).await;
        }
    }
}

/// The tokens of a vendor that lacks an expired one and may wait for it.
fn lacking(target: &VendorTarget) -> Option<OAuth> {
    match &target.policy.authentication {
        Authentication::Token(oauth) if token::may_await_expiry(oauth) => Some(OAuth::clone(oauth)),
        _ => None,
    }
}

/// The scenarios of this vendor that need an expired token.
fn needing(plans: &[Plan], vendor: &str) -> BTreeSet<Key> {
    let keys = plans.iter().enumerate().flat_map(|(place, plan)| {
        let needing = plan.scenarios.iter().filter(|one| one.vendor == Some(vendor) && needs(one));
        needing.map(move |one| one.key(place))
    });
    keys.collect()
}

fn needs(one: &ScenarioPlan) -> bool {
    let is_it = |parsed: &ParsedStep| match parsed {
        ParsedStep::Do(Instruction::Fault(fault)) => {
            matches!(fault.effect, Effect::Credentials(CredentialDamage::Expired))
        }
        _ => false,
    };
    one.skip.is_none() && one.steps.iter().any(|step| is_it(&step.parsed))
}

/// Requests a token that expires soon enough.
///
/// # Errors
/// The reason, if the token lives too long or the receiver does not say how long it lives.
async fn requested(
    target: &Target,
    vendor: &VendorTarget,
    oauth: &OAuth,
) -> Result<(Secret, Duration), String> {
    let none = || {
        "the receiver issued no token whose expiry could be awaited; give `oauth.expired_token`"
            .to_owned()
    };
    let token = shared_tokens::ask(target, vendor, oauth).await.ok_or_else(none)?;
    let most = oauth.invalid.await_expiry;
    match token.lives {
        None => Err(
            "the receiver does not say how long its tokens live (`expires_in`); give `oauth.expired_token`"
                .to_owned(),
        ),
        Some(lives) if lives > most => Err(format!(
            "the receiver's tokens live {} s, and at most {} s are awaited; give `oauth.expired_token`, \
             shorten the life of tokens for the test, or raise `oauth.await_expiry`",
            lives.as_secs(),
            most.as_secs()
        )),
        Some(lives) => Ok((token.secret, lives)),
    }
}

/// Gives the vendor a token, which has expired when it is used.
fn give(target: &mut VendorTarget, mut oauth: OAuth, token: Secret) {
    oauth.invalid.expired = Some(token);
    target.policy.authentication = Authentication::Token(oauth.into());
}

fn skip(plans: &mut [Plan], scenarios: &BTreeSet<Key>, why: &str) {
    for (place, plan) in plans.iter_mut().enumerate() {
        for one in plan.scenarios.iter_mut().filter(|one| scenarios.contains(&one.key(place))) {
            one.skip = Some(why.to_owned());
        }
    }
}

fn notice(vendor: &str, lives: Duration, count: usize) -> String {
    let wait = (lives + MARGIN).as_secs();
    let scenarios = if count == 1 { "scenario waits" } else { "scenarios wait" };
    format!(
        "{vendor}: a token of the receiver lives {} s; {count} {scenarios} {wait} s until one has expired, while the others run",
        lives.as_secs()
    )
}
