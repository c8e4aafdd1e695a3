//! Tokens that scenarios share. A vendor that keeps its tokens asks for one, not for as many as it has accounts here.
//! So `check` requests one for all scenarios that say nothing of tokens.
//!
//! The others come behind them and ask for their own: a receiver may void a client's token when it issues the next.
//! Among them are those that let more virtual time pass than the token lives.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::plan::{Key, Plan, ScenarioPlan, in_turn};
use super::turns::Turn;
use super::words::ParsedStep;
use crate::clock::Stopwatch;
use crate::driver::{Target, VendorTarget};
use crate::model::policy::TokenUse;
use crate::model::{Authentication, Effect, OAuth, RequestKind};
use crate::policy::token::{self, Token};
use crate::policy::wire::SendMode;
use crate::scenario::words::Instruction;

/// The tokens that scenarios share, by vendor.
#[derive(Default)]
pub struct SharedTokens(BTreeMap<&'static str, Shared>);

struct Shared {
    token: Token,
    /// When it came.
    since: Stopwatch,
    margin: Duration,
}

impl SharedTokens {
    /// Requests a token for each vendor that keeps its tokens, if several of these scenarios can share one. If
    /// the receiver issues none, each scenario asks by itself, and fails by itself.
    pub async fn request(target: &Target, plans: &[Plan]) -> Self {
        let mut tokens = Self::default();
        for (name, vendor) in &target.vendors {
            let Some((oauth, margin)) = keeping(vendor) else { continue };
            let all = plans.iter().flat_map(|plan| &plan.scenarios);
            let sharing = all.filter(|one| one.vendor == Some(name) && may_share(one));
            if sharing.count() < 2 {
                continue;
            }
            if let Some(token) = ask(target, vendor, oauth).await {
                tokens.0.insert(name, Shared { token, since: Stopwatch::start(), margin });
            }
        }
        tokens
    }

    /// The token of a vendor, unless it has nearly expired. In virtual time it has just come.
    pub fn of(&self, vendor: &str) -> Option<&Token> {
        let Shared { token, since, margin } = self.0.get(vendor)?;
        let kept = kept(token, *margin);
        kept.is_none_or(|kept| since.elapsed() < kept).then_some(token)
    }

    /// The scenarios that ask for tokens of a client whose token others share.
    pub fn asking(&self, plans: &[Plan]) -> BTreeSet<Key> {
        let beside = in_turn(plans, Turn::Beside);
        let scenarios = plans
            .iter()
            .enumerate()
            .flat_map(|(place, plan)| plan.scenarios.iter().map(move |one| (one.key(place), one)));
        let asking = scenarios.filter(|(key, one)| {
            let shared = one.vendor.and_then(|vendor| self.0.get(vendor));
            shared.is_some_and(|shared| !may_share(one) || shared.ends_before(one))
                && beside.contains(key)
        });
        asking.map(|(key, _)| key).collect()
    }
}

impl Shared {
    /// Whether the vendor would ask for the next token before the virtual time of a scenario ends.
    fn ends_before(&self, plan: &ScenarioPlan) -> bool {
        let lasts = Duration::try_from(plan.ends.duration_since(plan.start)).unwrap_or_default();
        kept(&self.token, self.margin).is_some_and(|kept| lasts >= kept)
    }
}

/// How long a vendor keeps a token, if that has an end.
fn kept(token: &Token, margin: Duration) -> Option<Duration> {
    token.lives.map(|lives| lives.saturating_sub(margin))
}

/// Asks the receiver for a token of the vendor's client.
pub async fn ask(target: &Target, vendor: &VendorTarget, oauth: &OAuth) -> Option<Token> {
    let request = token::request(oauth, &oauth.client, None)?;
    let (kind, sender) = (RequestKind::Token, &target.sender);
    sender.send(kind, &request, SendMode::Whole, &vendor.policy).await.token
}

/// How a vendor gets its tokens, and how long before its expiry it asks for the next, if it keeps them.
fn keeping(vendor: &VendorTarget) -> Option<(&OAuth, Duration)> {
    match &vendor.policy.authentication {
        Authentication::Token(oauth) if oauth.endpoint.is_some() => match oauth.token_use {
            TokenUse::Cached { margin } => Some((oauth, margin)),
            TokenUse::PerAttempt => None,
        },
        _ => None,
    }
}

/// Whether a scenario is played and says nothing of tokens or credentials, so that any token will do.
pub fn may_share(plan: &ScenarioPlan) -> bool {
    let is_about_tokens = |step: &ParsedStep| match step {
        ParsedStep::Do(Instruction::Fault(fault)) => {
            matches!(fault.effect, Effect::Credentials(_) | Effect::AfterSigning(_))
        }
        _ => false,
    };
    let mut steps = plan.steps.iter();
    plan.skip.is_none()
        && !steps.any(|one| one.text.contains("token") || is_about_tokens(&one.parsed))
}
