//! What an expectation needs: a subject that exists, a state that it can have, and a probe that
//! shows it. An error of the feature is a mistake. A gap in standin.yaml is a reason to skip.

use super::rehearser::Rehearser;
use crate::contract::expect::{SECRET_FIELDS, STATE, TOKEN_REQUEST_FIELDS};
use crate::driver::VendorTarget;
use crate::model::Authentication;
use crate::model::policy::{ClientLogin, RequestFormat};
use crate::model::secret::MASK;
use crate::phrase::{ParsedCall, Word};
use crate::policy::sign;
use crate::scenario::rehearse::Mistake;
use crate::suggest::{did_you_mean, mistyped, question};
use crate::text::{names, with_article};

impl Rehearser<'_> {
    pub(super) fn must_know(
        &mut self,
        who: &str,
        kind: Option<&str>,
    ) -> Result<&'static str, Mistake> {
        self.rehearsal()?.find(who, kind).ok_or_else(|| {
            Mistake::here(format!("no subject is called {who}"))
                .help("an action that creates a subject binds its name")
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

    pub(super) fn must_be_a_trigger(&mut self, trigger: &str) -> Result<(), Mistake> {
        let catalogue = self.rehearsal()?.catalogue();
        if catalogue.trigger(trigger).is_some() {
            return Ok(());
        }
        let known = || catalogue.triggers.iter().map(|one| one.name);
        let help = did_you_mean(trigger, known())
            .unwrap_or_else(|| format!("there are {}", names(known())));
        let title = format!("{} has no trigger `{trigger}`", catalogue.title);
        Err(Mistake::here(title).help(help))
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
        let known = || states.iter().copied();
        let help =
            did_you_mean(state, known()).unwrap_or_else(|| format!("it can be {}", names(known())));
        Err(Mistake::here(format!("{} is never `{state}`", with_article(kind))).help(help))
    }

    pub(super) fn needs_probe(&mut self, who: &str, kind: &str) -> Result<(), Mistake> {
        self.must_be_a_kind(kind)?;
        let kind = self.must_know(who, Some(kind))?;
        self.judges(who, kind);
        let vendor = self.rehearsal()?.catalogue().vendor;
        if self.under_test.probe(vendor, kind).is_none() {
            self.leave_out(format!("no probe `{vendor}.{kind}` in standin.yaml"));
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
        let Some(probe) = self.under_test.probe(vendor, kind) else { return Ok(()) };
        let field = probe.named(field.unwrap_or(STATE));
        if probe.fields.contains_key(field) {
            return Ok(());
        }
        let title = format!("the probe `{vendor}.{kind}` shows no field `{field}`");
        match mistyped(field, probe.fields.keys().map(String::as_str)) {
            Some(near) => Err(Mistake::here(title).help(question(near))),
            None => {
                self.leave_out(title);
                Ok(())
            }
        }
    }

    pub(super) fn needs_fields(&mut self, kind: &str) -> Result<(), Mistake> {
        let vendor = self.rehearsal()?.catalogue().vendor;
        if self.under_test.probe(vendor, kind).is_some_and(|probe| probe.fields.is_empty()) {
            self.leave_out(format!("the probe `{vendor}.{kind}` shows no fields"));
        }
        Ok(())
    }

    /// Of the subjects with this name, it takes the first whose probe counts effects. Returns its
    /// kind. `None` if no such probe counts them, and the expectation is left out.
    pub(super) fn needs_effects(&mut self, who: &str) -> Result<Option<&'static str>, Mistake> {
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
        self.judges(who, kind.unwrap_or(first));
        if kind.is_none() {
            self.leave_out(match self.under_test.probe(vendor, first) {
                None => format!("no probe `{vendor}.{first}` in standin.yaml"),
                Some(_) => format!("the probe `{vendor}.{first}` counts no effects"),
            });
        }
        Ok(kind)
    }

    pub(super) fn needs_deactivation(&mut self) {
        let never = |vendor: &VendorTarget| vendor.policy.disable_after.is_none();
        if self.vendor.is_some_and(never) {
            self.leave_out(
                "this vendor deactivates no endpoint (`disable_after` is off)".to_owned(),
            );
        }
    }

    /// A receiver for which standin.yaml sets ids of a kind knows no others of those that standin.yaml names.
    pub(super) fn needs_ids(&mut self, call: &ParsedCall) {
        let Some(target) = self.vendor else { return };
        let Ok(usual) = target.settings_with(std::iter::empty()) else { return };
        for kind in usual.set_ids().into_iter().flatten().map(|(kind, _)| kind) {
            let there: Vec<String> =
                target.vendor.names(kind, &usual).into_iter().flatten().collect();
            for word in call.words.iter().flatten() {
                let Word::Name(name) = word else { continue };
                let subject = self.rehearsal.as_ref().and_then(|it| it.subject(name, kind));
                let lacks = subject.is_some_and(|subject| !self.has_set_id(&subject));
                if lacks && there.contains(name) {
                    self.leave_out(format!(
                        "standin.yaml sets ids of the kind `{kind}`, and none for {name}"
                    ));
                }
            }
        }
    }

    pub(super) fn needs_api(&mut self) {
        let lacks = |vendor: &VendorTarget| self.under_test.lacks_api(vendor);
        if let Some(why) = self.vendor.and_then(lacks) {
            self.leave_out(why);
        }
    }

    pub(super) fn asks_for_tokens(&self) -> bool {
        let authentication = self.vendor.map(|vendor| &vendor.policy.authentication);
        matches!(authentication, Some(Authentication::Token(_)))
    }

    pub(super) fn needs_tokens(&mut self) {
        let never = |vendor: &VendorTarget| !sign::has_credentials(&vendor.policy.authentication);
        if self.vendor.is_some_and(never) {
            self.leave_out("no `oauth` is set up for this vendor in standin.yaml".to_owned());
        }
    }

    /// The form has an id and a secret only if the client shows them there.
    pub(super) fn needs_fields_of_the_form(&mut self, fields: &[(String, String)]) {
        let authentication = self.vendor.map(|vendor| &vendor.policy.authentication);
        let Some(Authentication::Token(oauth)) = authentication else { return };
        let expects = |wanted: &[&str]| {
            let mut fields = fields.iter();
            fields.any(|(field, _)| wanted.contains(&field.as_str()))
        };
        let why = match (oauth.request_with, oauth.request_format) {
            (ClientLogin::Basic, _) if expects(&["client_id", "client_secret"]) => {
                "standin.yaml says `oauth.request_with: basic`, so the form has neither id nor secret"
            }
            (ClientLogin::PrivateKeyJwt, _) if expects(&["client_secret"]) => {
                "standin.yaml says `oauth.request_with: private_key_jwt`, so there is no secret"
            }
            (_, RequestFormat::Json) => {
                "standin.yaml says `oauth.request_format: json`, so it is no form"
            }
            _ => return,
        };
        self.leave_out(why.to_owned());
    }

    pub(super) fn needs_dead_letters(&mut self) {
        if self.vendor.is_some_and(|vendor| !vendor.policy.dead_letters) {
            self.leave_out(
                "this vendor keeps no dead letters (`dead_letters` is false)".to_owned(),
            );
        }
    }

    pub(super) fn needs_attempts(&mut self, wanted: u32) -> Result<(), Mistake> {
        let attempts = self.rehearsal()?.attempts();
        if wanted > attempts {
            self.leave_out(format!("each webhook gets {attempts} attempt(s) by `retries`"));
        }
        Ok(())
    }
}

/// The fields of a token request are fixed, and its secret is never shown.
pub(super) fn must_be_fields_of_token_requests(fields: &[(String, String)]) -> Result<(), Mistake> {
    let known = || TOKEN_REQUEST_FIELDS.iter().copied();
    for (field, value) in fields {
        if !known().any(|one| one == field) {
            let help = did_you_mean(field, known())
                .unwrap_or_else(|| format!("it has {}", names(known())));
            return Err(Mistake::here(format!("a token request has no `{field}`")).help(help));
        }
        if SECRET_FIELDS.contains(&field.as_str()) && value != MASK {
            return Err(Mistake::here(format!("the value of `{field}` is never shown")).help(
                format!(
                    "write `{MASK}`: a scenario can expect it to be present, but not its value"
                ),
            ));
        }
    }
    Ok(())
}
