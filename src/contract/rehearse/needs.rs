//! What an expectation needs: a subject that is there, a state that it can have, a probe that shows
//! it. What the words get wrong is a mistake; what standin.yaml lacks is a reason to skip.

use cucumber::gherkin::Step;

use super::Stage;
use crate::contract::expect;
use crate::contract::tokens::FIELDS;
use crate::contract::words::OfTokens;
use crate::engine::VendorTarget;
use crate::model::Authentication;
use crate::model::secret::MASK;
use crate::model::settings::nearest;
use crate::policy::sign;
use crate::scenario::rehearse::Mistake;
use crate::text::names;

impl Stage<'_> {
    pub(super) fn must_know(
        &mut self,
        who: &str,
        kind: Option<&str>,
    ) -> Result<&'static str, Mistake> {
        self.rehearsal()?.find(who, kind).ok_or_else(|| {
            Mistake::here(format!("nobody here is called {who}"))
                .help("a name is bound by the action that makes its subject")
        })
    }

    pub(super) fn must_be_a_kind(&mut self, kind: &str) -> Result<(), Mistake> {
        let catalogue = self.rehearsal()?.catalogue();
        let known = || catalogue.subjects.iter().map(|subject| subject.kind);
        if known().any(|one| one == kind) {
            return Ok(());
        }
        Err(Mistake::here(format!("{} has no `{kind}`", catalogue.title))
            .help(format!("there are {}", names(known()))))
    }

    pub(super) fn must_be_a_state(
        &mut self,
        who: &str,
        kind: &str,
        state: &str,
    ) -> Result<(), Mistake> {
        self.must_be_a_kind(kind)?;
        self.must_know(who, Some(kind))?;
        let subjects = self.rehearsal()?.catalogue().subjects;
        let states =
            subjects.iter().find(|subject| subject.kind == kind).map_or(&[][..], |one| one.states);
        if states.contains(&state) {
            return Ok(());
        }
        let near = nearest(state, states.iter().copied());
        Err(Mistake::here(format!("a {kind} is never `{state}`")).help(near.map_or_else(
            || format!("it can be {}", names(states.iter().copied())),
            |near| format!("did you mean `{near}`?"),
        )))
    }

    pub(super) fn needs_probe(&mut self, who: &str, kind: &str) -> Result<(), Mistake> {
        self.must_be_a_kind(kind)?;
        let kind = self.must_know(who, Some(kind))?;
        self.judged.insert(kind);
        let vendor = self.rehearsal()?.catalogue().vendor;
        if self.under_test.probe(vendor, kind).is_none() {
            self.skip(format!("no probe `{vendor}.{kind}` in standin.yaml"));
        }
        Ok(())
    }

    pub(super) fn needs_field(
        &mut self,
        who: &str,
        kind: &str,
        field: Option<&str>,
    ) -> Result<(), Mistake> {
        self.needs_probe(who, kind)?;
        let vendor = self.rehearsal()?.catalogue().vendor;
        if let Some(probe) = self.under_test.probe(vendor, kind) {
            let field = field.unwrap_or_else(|| expect::state_field(probe));
            let known = || probe.fields.keys().map(String::as_str);
            if let (false, Some(near)) = (probe.fields.contains_key(field), close(field, known())) {
                return Err(Mistake::here(format!(
                    "the probe `{vendor}.{kind}` shows no field `{field}`"
                ))
                .help(format!("did you mean `{near}`?")));
            }
            if !probe.fields.contains_key(field) {
                self.skip(format!("the probe `{vendor}.{kind}` shows no field `{field}`"));
            }
        }
        Ok(())
    }

    pub(super) fn needs_fields(&mut self, kind: &str) -> Result<(), Mistake> {
        let vendor = self.rehearsal()?.catalogue().vendor;
        if self.under_test.probe(vendor, kind).is_some_and(|probe| probe.fields.is_empty()) {
            self.skip(format!("the probe `{vendor}.{kind}` shows no fields"));
        }
        Ok(())
    }

    /// Of the subjects that go by the name the first one counts whose probe counts effects.
    pub(super) fn needs_effects(&mut self, who: &str) -> Result<(), Mistake> {
        let first = self.must_know(who, None)?;
        let catalogue = self.rehearsal()?.catalogue();
        let vendor = catalogue.vendor;
        let counts =
            |kind| self.under_test.probe(vendor, kind).is_some_and(|probe| probe.effects.is_some());
        let mut kinds = catalogue.subjects.iter().map(|subject| subject.kind);
        let kind = kinds.find(|kind| {
            counts(kind)
                && self.rehearsal.as_ref().is_some_and(|it| it.find(who, Some(kind)).is_some())
        });
        let kind = kind.unwrap_or(first);
        self.judged.insert(kind);
        match self.under_test.probe(vendor, kind) {
            None => self.skip(format!("no probe `{vendor}.{kind}` in standin.yaml")),
            Some(probe) if probe.effects.is_none() => {
                self.skip(format!("the probe `{vendor}.{kind}` counts no effects"));
            }
            Some(_) => {}
        }
        Ok(())
    }

    pub(super) fn needs_deactivation(&mut self) {
        let never = |vendor: &VendorTarget| vendor.policy.disable_after.is_none();
        if self.vendor.is_some_and(never) {
            self.skip("this vendor deactivates no endpoint (`disable_after` is off)".to_owned());
        }
    }

    /// What is expected of token requests needs a webhook for which one is made.
    pub(super) fn expect_of_tokens(
        &mut self,
        at: &Step,
        expectation: &OfTokens,
    ) -> Result<(), Mistake> {
        self.rehearsal()?.must_ask_for_tokens()?;
        self.needs_tokens();
        if *expectation == OfTokens::EveryHas {
            must_be_fields_of_token_requests(&super::given_fields(at)?)?;
        }
        let counts = matches!(expectation, OfTokens::Count(_) | OfTokens::AtMost(_));
        let silent = self.rehearsal()?.caused().iter().find(|one| counts && !one.sent);
        if let Some(trigger) = silent.map(|one| one.webhook.trigger) {
            self.skip(format!("{trigger} has no URL in standin.yaml"));
        }
        self.must_have(|one| !one.lost, "is sent")
    }

    pub(super) fn asks_for_tokens(&self) -> bool {
        let authentication = self.vendor.map(|vendor| &vendor.policy.authentication);
        matches!(authentication, Some(Authentication::Token(_)))
    }

    pub(super) fn needs_tokens(&mut self) {
        let never = |vendor: &VendorTarget| !sign::has_credentials(&vendor.policy.authentication);
        if self.vendor.is_some_and(never) {
            self.skip("no `oauth` is set up for this vendor in standin.yaml".to_owned());
        }
    }

    pub(super) fn needs_dead_letters(&mut self) {
        if self.vendor.is_some_and(|vendor| !vendor.policy.dead_letters) {
            self.skip("this vendor keeps no dead letters (`dead_letters` is false)".to_owned());
        }
    }

    pub(super) fn needs_attempts(&mut self, wanted: u32) -> Result<(), Mistake> {
        let attempts = self.rehearsal()?.attempts();
        if wanted > attempts {
            self.skip(format!("each webhook gets {attempts} attempt(s) by `retries`"));
        }
        Ok(())
    }
}

/// What a token request is made of is known beforehand; its secret is never shown.
fn must_be_fields_of_token_requests(rows: &[(String, String)]) -> Result<(), Mistake> {
    let known = || FIELDS.iter().copied();
    for (field, value) in rows {
        if !FIELDS.contains(&field.as_str()) {
            let near = nearest(field, known());
            return Err(Mistake::here(format!("a token request has no `{field}`")).help(
                near.map_or_else(
                    || format!("it has {}", names(known())),
                    |near| format!("did you mean `{near}`?"),
                ),
            ));
        }
        if field == "client_secret" && value != MASK {
            return Err(Mistake::here("the client secret is never shown").help(format!(
                "write `{MASK}`: that it is there can be expected, not what it is"
            )));
        }
    }
    Ok(())
}

/// A field that differs so little that it was mistyped, rather than one which the probe lacks.
fn close<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    nearest(typed, known).filter(|near| strsim::damerau_levenshtein(typed, near) <= 2)
}
