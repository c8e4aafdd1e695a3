//! Expectations in a rehearsal: whether they can be judged at their point in the story.

use serde_json::Value as Json;

use super::rehearser::Rehearser;
use crate::contract::expectation::{ApiExpectation, Expectation, TokenExpectation, Which};
use crate::probe::compare::{field_of, same, shown};
use crate::scenario::rehearse::{Caused, Mistake};
use crate::text::with_article;

impl Rehearser<'_> {
    /// Checks an expectation against what has happened so far.
    pub(super) fn expect(&mut self, expectation: &Expectation) -> Result<(), Mistake> {
        match expectation {
            Expectation::State { who, kind, state, .. } => self.expect_state(who, kind, state),
            Expectation::Fields { who, kind, fields } => {
                for (field, value) in fields {
                    let truth = self.rehearsal()?.truth(who, kind);
                    let here = truth.map(|truth| field_of(&truth, field));
                    let (here, told) = (here.unwrap_or_default(), Json::from(value.as_str()));
                    // The table may have the value as the receiver shows it.
                    let vendor = self.rehearsal()?.catalogue().vendor;
                    let probe = self.under_test.probe(vendor, kind);
                    let is_shown =
                        probe.is_some_and(|probe| probe.agrees(probe.named(field), &here, &told));
                    self.compare((who, kind), value, if is_shown { told } else { here })?;
                    self.needs_field(who, kind, Some(field))?;
                }
                Ok(())
            }
            Expectation::Truth { who, kind } => {
                self.needs_probe(who, kind)?;
                self.needs_fields(kind)
            }
            Expectation::NotKnown { who, kind } => {
                self.needs_probe(who, kind)?;
                if self.is_shared(who, kind) {
                    let why = "the id of {} is set, so the receiver may know it from elsewhere";
                    self.leave_out(why.replace("{}", who));
                }
                Ok(())
            }
            Expectation::NoteEffects(who) => {
                let kind = self.needs_effects(who)?;
                self.noted.insert(who.clone(), kind);
                Ok(())
            }
            Expectation::EffectsUnchanged(who) => self.expect_noted(who),
            Expectation::EffectsEqual(who, whom) => {
                self.needs_effects(who)?;
                self.needs_effects(whom)?;
                Ok(())
            }
            Expectation::Tokens(expectation) => self.expect_of_tokens(expectation),
            Expectation::Api(expectation) => self.expect_of_calls(expectation),
            deliveries => self.expect_of_deliveries(deliveries),
        }
    }

    /// The effects were noted, and on the same kind of subject.
    fn expect_noted(&mut self, who: &str) -> Result<(), Mistake> {
        match self.noted.get(who).copied() {
            Some(Some(kind)) => self.judges(who, kind),
            Some(None) => {
                self.needs_effects(who)?;
                // A subject that came later may have a probe.
                self.leave_out(format!("the effects on {who} could not be noted"));
            }
            None => {
                return Err(Mistake::here(format!("the effects on {who} were never noted"))
                    .help(format!("add `the effects on {who} are noted` before this step")));
            }
        }
        Ok(())
    }

    fn expect_state(&mut self, who: &str, kind: &str, state: &str) -> Result<(), Mistake> {
        self.must_be_a_state(who, kind, state)?;
        let truth = self.rehearsal()?.truth(who, kind).unwrap_or_default();
        self.compare((who, kind), state, field_of(&truth, "state"))?;
        self.needs_field(who, kind, None)
    }

    /// An expectation of deliveries needs a webhook that gets far enough.
    fn expect_of_deliveries(&mut self, expectation: &Expectation) -> Result<(), Mistake> {
        match expectation {
            Expectation::Attempts(wanted) => self.needs_attempts(*wanted)?,
            Expectation::Endpoint(_) => self.needs_deactivation(),
            Expectation::LastIsDeadLetter | Expectation::DeadLetters(_) => {
                self.needs_dead_letters();
            }
            Expectation::Answer(which @ Which::Of { trigger, who }, _) => {
                self.must_be_a_trigger(trigger)?;
                self.must_know(who, None)?;
                let what = format!("is {} of {who} and arrives", with_article(trigger));
                let is_it = |one: &Caused| which.is(&one.webhook) && one.arrives();
                return self.must_have(is_it, &what);
            }
            Expectation::NoWebhookSent => return self.must_have(|_| true, "could be sent"),
            // A token request that the receiver answers is enough.
            Expectation::NoServerError | Expectation::InTime if self.asks_for_tokens() => {}
            _ => return self.must_have(Caused::arrives, "arrives"),
        }
        self.must_have(|one| !one.lost, "is sent")
    }

    /// An expectation of token requests needs a webhook for which one is made.
    fn expect_of_tokens(&mut self, expectation: &TokenExpectation) -> Result<(), Mistake> {
        self.rehearsal()?.must_ask_for_tokens()?;
        self.needs_tokens();
        if let TokenExpectation::EveryHas(fields) = expectation {
            super::needs::must_be_fields_of_token_requests(fields)?;
            self.needs_fields_of_the_form(fields);
        }
        let counts =
            matches!(expectation, TokenExpectation::Count(_) | TokenExpectation::AtMost(_));
        let unsent = self.rehearsal()?.caused().iter().find(|one| counts && !one.sent);
        if let Some(trigger) = unsent.map(|one| one.webhook.trigger) {
            self.leave_out(format!("{trigger} has no URL in standin.yaml"));
        }
        self.must_have(|one| !one.lost, "is sent")
    }

    /// An expectation of calls needs an API that is served, and something that makes the receiver
    /// call it.
    fn expect_of_calls(&mut self, expectation: &ApiExpectation) -> Result<(), Mistake> {
        self.rehearsal()?.must_have_an_api()?;
        self.needs_api();
        match expectation {
            ApiExpectation::Read { who, kind, vendor } => {
                let title = self.rehearsal()?.catalogue().title;
                if title != vendor {
                    let mistake = format!("the account of this scenario is not {vendor}'s");
                    return Err(Mistake::here(mistake).help(format!("write `from {title}`")));
                }
                self.expect_read(who, kind)
            }
            ApiExpectation::ReadAfterLast { who, kind } => self.expect_read(who, kind),
            ApiExpectation::Subscribed(trigger) => self.must_be_a_trigger(trigger),
            ApiExpectation::Calls(_) | ApiExpectation::CallsAtMost(_) => {
                self.must_have(|one| !one.lost, "is sent")
            }
        }
    }

    fn expect_read(&mut self, who: &str, kind: &str) -> Result<(), Mistake> {
        self.must_be_a_kind(kind)?;
        let kind = self.must_know(who, Some(kind))?;
        self.judges(who, kind);
        self.must_have(Caused::arrives, "arrives")
    }

    /// Records whether the vendor has the expected value here. If no fault was set up, it must.
    fn compare(
        &mut self,
        (who, kind): (&str, &str),
        expected: &str,
        here: Json,
    ) -> Result<(), Mistake> {
        let agrees = same(&here, &Json::from(expected));
        self.agrees.push(agrees);
        // The receiver may have fields that the vendor does not know.
        if agrees || here.is_null() || !self.rehearsal()?.is_honest() {
            return Ok(());
        }
        let here = shown(&here);
        let title =
            format!("the vendor has `{here}` for {who}'s {kind} here, and not `{expected}`");
        Err(Mistake::here(title)
            .help("no fault was set up, so a right receiver believes what the vendor has"))
    }

    /// Some webhook so far must pass the test.
    fn must_have(&mut self, test: impl Fn(&Caused) -> bool, what: &str) -> Result<(), Mistake> {
        let rehearsal = self.rehearsal()?;
        if !rehearsal.caused().iter().any(&test) {
            return Err(Mistake::here(format!(
                "no webhook has been caused yet that {what}, so there is nothing to expect"
            )));
        }
        if rehearsal.is_holding() {
            return Err(Mistake::here("deliveries are still held back here")
                .help("release them first: `the held webhooks are delivered in order`"));
        }
        // A trigger without a URL is a gap in standin.yaml and not a mistake of the feature.
        let sent = rehearsal.caused().iter().any(|one| one.sent && test(one));
        let unsent = rehearsal.caused().iter().find(|one| !one.sent && test(one));
        let unsent = unsent.map(|one| one.webhook.trigger);
        if let (false, Some(trigger)) = (sent, unsent) {
            self.leave_out(format!("{trigger} has no URL in standin.yaml"));
        }
        Ok(())
    }
}
