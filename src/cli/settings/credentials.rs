//! By what a receiver knows a vendor: the parts `headers`, `secret` and `oauth` of its section.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::deliver::Base;
use super::vendor::Reader;
use super::{oauth, sendable, unsendable};
use crate::delivery::Allowed;
use crate::model::{Authentication, Policy, Problem, Secret};

/// The headers that make a request what it is.
pub const OURS: &[&str] =
    &["host", "content-length", "content-type", "transfer-encoding", "connection"];

impl Reader<'_> {
    pub(super) fn credentials(&self, policy: &mut Policy) -> Result<(), Problem> {
        if let Some((headers, at)) = self
            .get::<BTreeMap<String, String>>("headers", "a map name: text (a number in quotes)")?
        {
            let Authentication::Headers(known) = &mut policy.authentication else {
                let title =
                    format!("{} is not known by request headers", self.vendor.catalogue().title);
                return Err(self.source.problem(at, title, &[]));
            };
            for (name, value) in headers {
                if !sendable(&name, &value) {
                    let (title, help) = unsendable(&name);
                    return Err(self.source.problem(at, title, &[help]));
                }
                if OURS.iter().any(|ours| name.eq_ignore_ascii_case(ours)) {
                    let title = format!("the header `{name}` is not yours to set");
                    let help = "it follows from the URL and the body".to_owned();
                    return Err(self.source.problem(at, title, &[help]));
                }
                if known.keys().any(|other| other.eq_ignore_ascii_case(&name)) {
                    let title = format!("the header `{name}` is there twice");
                    let help = "names that differ in case alone are the same".to_owned();
                    return Err(self.source.problem(at, title, &[help]));
                }
                known.insert(name, Secret::new(value));
            }
        }
        let right = match self.section.get("secret").map(|given| &given.value) {
            Some(Json::Number(_) | Json::Bool(_)) => "text: put it in quotes",
            _ => "text",
        };
        if let Some((secret, at)) = self.get::<String>("secret", right)? {
            let Authentication::Signature(signature) = &mut policy.authentication else {
                let title = format!(
                    "{} signs nothing, so a secret has no use",
                    self.vendor.catalogue().title
                );
                let help =
                    "name its request headers instead: `headers: { X-Api-Key: … }`".to_owned();
                return Err(self.source.problem(at, title, &[help]));
            };
            if secret.is_empty() {
                let help = "give it a value, or leave it out: then nothing is signed".to_owned();
                return Err(self.source.problem(at, "`secret` is empty", &[help]));
            }
            if secret.trim() != secret {
                let title = "`secret` has white space at its beginning or its end";
                let help = "a line break is easily taken along: leave it out".to_owned();
                return Err(self.source.problem(at, title, &[help]));
            }
            signature.secret = Some(Secret::new(secret));
        }
        Ok(())
    }

    pub(super) fn oauth(
        &self,
        policy: &mut Policy,
        base: &Base,
        allowed: &Allowed,
    ) -> Result<(), Problem> {
        let right = "a map: `endpoint`, `client_secret` and what else there is to say";
        let Some((given, at)) = self.get::<BTreeMap<String, Json>>("oauth", right)? else {
            return Ok(());
        };
        let Authentication::Token(oauth) = &mut policy.authentication else {
            let title = format!("{} asks for no token", self.vendor.catalogue().title);
            return Err(self.source.problem(at, title, &[]));
        };
        oauth::read(self.source, at, &given, (base, allowed), oauth)
    }
}
