//! The token that an attempt needs: kept, or asked for at the receiver, or one that the receiver is
//! to refuse.

use std::time::Duration;

use super::plan::{Plan, unsent};
use super::request::{Attempting, damage_of};
use crate::delivery::Denied;
use crate::model::fault::CredentialDamage;
use crate::model::policy::{Client, TokenUse};
use crate::model::{Attempt, Authentication, Failure, Fault, OAuth, Outcome, RequestKind, Secret};
use crate::policy::token::{self, Source, Token};

impl Attempting<'_> {
    /// The token for a webhook whose credentials are damaged so; none if it needs none. Requests
    /// that were made for it are added to the others.
    ///
    /// # Errors
    /// If no token can be had: then no webhook is sent.
    pub(super) async fn token(
        &self,
        damage: Option<CredentialDamage>,
        faults: &[&Fault],
        requests: &mut Vec<Attempt>,
    ) -> Result<Option<Secret>, Denied> {
        let Authentication::Token(oauth) = &self.route.policy.authentication else {
            return Ok(None);
        };
        let secret = match token::source(oauth, damage) {
            Source::Nowhere => return Ok(None),
            Source::Known(token) => token.clone(),
            Source::Other(client) => self.ask(oauth, client, faults, requests).await?.secret,
            Source::Revoked => {
                let token = self.ask(oauth, &oauth.client, faults, requests).await?.secret;
                self.revoke(oauth, &token, requests).await?;
                token
            }
            Source::Own => match oauth.token_use {
                TokenUse::PerAttempt => {
                    self.ask(oauth, &oauth.client, faults, requests).await?.secret
                }
                TokenUse::Cached { margin } => {
                    let ask = async || self.ask(oauth, &oauth.client, faults, requests).await;
                    self.tokens.get(self.at, margin, ask).await?
                }
            },
        };
        Ok(Some(secret))
    }

    /// Asks for a token of this client.
    async fn ask(
        &self,
        oauth: &OAuth,
        client: &Client,
        faults: &[&Fault],
        requests: &mut Vec<Attempt>,
    ) -> Result<Token, Denied> {
        let mut request = token::request(oauth, client, damage_of(faults))
            .unwrap_or_else(|| panic!("it is known where to ask"));
        request.secrets.extend(self.tokens.given());
        let plan = Plan::new(request, faults);
        let (carried, token) = match &plan.stopped {
            Some(outcome) => {
                let answered = plan.answered.as_ref();
                (
                    unsent(outcome.clone()),
                    answered.and_then(|body| token::read(body.as_bytes()).ok()),
                )
            }
            None => self.courier.ask(&plan.request, plan.manner, &self.route.policy).await,
        };
        token.iter().for_each(|token| self.tokens.remember(&token.secret));
        let retry_after = plan.asked_to_wait(&carried);
        let asked = self.record(RequestKind::Token, &plan, carried);
        let outcome = asked.outcome.clone();
        requests.push(asked);
        // An answer that was lost or replaced on its way back gives no token.
        let arrived = outcome == Outcome::Accepted || plan.answered.is_some();
        token.filter(|_| arrived).ok_or(Denied { outcome, retry_after })
    }

    /// Has the receiver revoke a token.
    async fn revoke(
        &self,
        oauth: &OAuth,
        token: &Secret,
        requests: &mut Vec<Attempt>,
    ) -> Result<(), Denied> {
        let request = token::revocation(oauth, token)
            .unwrap_or_else(|| panic!("a scenario that revokes tokens needs to know where"));
        let plan = Plan::new(request, &[]);
        let carried = plan.carry(self.courier, &self.route.policy).await;
        let asked = carried.into_iter().map(|one| self.record(RequestKind::Revocation, &plan, one));
        requests.extend(asked);
        match requests.last().map(|last| &last.outcome) {
            None | Some(Outcome::Accepted) => Ok(()),
            // The webhook is not sent, and nobody has refused it.
            Some(outcome) => {
                let why = format!("it was to be revoked, and that was not done ({outcome})");
                let outcome = Outcome::Failed(Failure::NoToken(why));
                Err(Denied { outcome, retry_after: None::<Duration> })
            }
        }
    }
}
