//! A vendor's section of standin.yaml: delivery, credentials, policy, and the settings that the
//! vendor's catalogue declares.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use serde_saphyr::{Location, Spanned};

use super::Source;
use super::deliver::{self, Base, Deliver};
use super::oauth::OAuthSection;
use crate::delivery::Allowed;
use crate::engine::VendorTarget;
use crate::model::settings::{duration, names, nearest, no_duration};
use crate::model::{Accepted, Address, Ordering, Policy, Problem, Settings};
use crate::policy::presets;
use crate::scenario::yaml::Scalar;
use crate::vendors::Vendor;

/// A vendor's section, for the schema. Other keys are settings of the vendor's catalogue.
#[derive(Deserialize, JsonSchema)]
#[expect(
    dead_code,
    reason = "describes the keys that are read one by one, so that mistakes have a place"
)]
pub struct VendorSection {
    /// One URL for all triggers, or a map trigger → URL; relative to `receiver.url`.
    deliver: Deliver,
    /// The version of the payloads that the vendor sends.
    profile: Option<ProfileName>,
    /// Request headers that prove who sends.
    headers: Option<BTreeMap<String, String>>,
    /// The key of signatures.
    secret: Option<String>,
    /// The delivery rules of another sender.
    policy: Option<String>,
    /// The waits before each retry: `[1m, 10m]`; `[]` for none.
    retries: Option<Vec<String>>,
    /// The share by which waits are moved, from the seed.
    retry_jitter: Option<f64>,
    /// Whether `Retry-After` is honoured.
    retry_after: Option<bool>,
    /// `any-2xx` or `exactly-200`.
    accepted: Option<AcceptedName>,
    /// `none`, `per-subject` or `global`.
    ordering: Option<OrderingName>,
    /// How long attempts must have failed for the endpoint to be deactivated: `3d`; `off` for never.
    disable_after: Option<String>,
    /// Whether webhooks are kept of which every attempt has failed.
    dead_letters: Option<bool>,
    /// Where the vendor asks for tokens; without it webhooks are sent without any.
    oauth: Option<OAuthSection>,
    /// Other keys are settings of the vendor (see `standin vendors NAME`).
    #[serde(flatten)]
    settings: BTreeMap<String, Scalar>,
}

/// Some profiles are called by a year, which YAML takes for a number.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum ProfileName {
    Text(String),
    Number(u32),
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(name) => name.fmt(f),
            Self::Number(name) => name.fmt(f),
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum AcceptedName {
    #[serde(rename = "any-2xx")]
    Any2xx,
    #[serde(rename = "exactly-200")]
    Exactly200,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum OrderingName {
    None,
    PerSubject,
    Global,
}

/// The keys that are not settings of the catalogue.
const KEYS: &[&str] = &[
    "deliver",
    "profile",
    "headers",
    "secret",
    "policy",
    "retries",
    "retry_jitter",
    "retry_after",
    "accepted",
    "ordering",
    "disable_after",
    "dead_letters",
    "oauth",
];

type Section = BTreeMap<String, Spanned<Json>>;

/// Reads a vendor's section.
pub fn read(
    source: &Source<'_>,
    vendor: &'static dyn Vendor,
    section: &Spanned<Section>,
    base: &Base,
    allowed: &Allowed,
    ack_within: Duration,
) -> Result<VendorTarget, Problem> {
    let reader = Reader { source, vendor, section: &section.value, at: section.referenced };
    let profile = reader.profile()?;
    let mut policy = vendor.policy();
    // The user's word on how long an answer may take stands over the vendor's.
    policy.answer_within = ack_within;
    reader.policy(&mut policy)?;
    reader.credentials(&mut policy)?;
    reader.oauth(&mut policy, base, allowed)?;
    Ok(VendorTarget {
        vendor,
        profile: profile.unwrap_or_else(|| vendor.catalogue().default_profile()),
        profile_named: profile.is_some(),
        settings: reader.settings()?,
        urls: reader.urls(base, allowed)?,
        policy,
    })
}

/// Reads the section key by key.
pub struct Reader<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) vendor: &'static dyn Vendor,
    pub(super) section: &'a Section,
    at: Location,
}

impl Reader<'_> {
    pub(super) fn get<T: DeserializeOwned>(
        &self,
        key: &str,
        right: &str,
    ) -> Result<Option<(T, Location)>, Problem> {
        let Some(given) = self.section.get(key) else { return Ok(None) };
        // The parser's own message would show the value, which may be a secret.
        serde_json::from_value(given.value.clone())
            .map(|value| Some((value, given.referenced)))
            .map_err(|_| {
                self.source.problem(given.referenced, format!("`{key}` takes {right}"), &[])
            })
    }

    fn profile(&self) -> Result<Option<&'static crate::model::Profile>, Problem> {
        let Some((name, at)) = self.get::<ProfileName>("profile", "the name of a profile")? else {
            return Ok(None);
        };
        let (name, catalogue) = (name.to_string(), self.vendor.catalogue());
        let known = || names(catalogue.profiles.iter().map(|profile| profile.name));
        catalogue.profile(&name).map(Some).ok_or_else(|| {
            let title = format!("{} has no profile `{name}`", catalogue.title);
            self.source.problem(at, title, &[format!("there are {}", known())])
        })
    }

    fn urls(&self, base: &Base, allowed: &Allowed) -> Result<BTreeMap<String, Address>, Problem> {
        let catalogue = self.vendor.catalogue();
        let Some(said) = self.get::<Deliver>("deliver", "a URL, or a map trigger: URL")? else {
            let help = "write for example `deliver: /webhooks`".to_owned();
            let title = format!("`deliver` is missing for {}", catalogue.vendor);
            return Err(self.source.problem(self.at, title, &[help]));
        };
        deliver::urls(self.source, catalogue, said, base, allowed)
    }

    fn policy(&self, policy: &mut Policy) -> Result<(), Problem> {
        if let Some((name, at)) = self.get::<String>("policy", "the name of a policy")? {
            let preset = presets::find(&name).ok_or_else(|| {
                let known = names(presets::PRESETS.iter().map(|preset| preset.name));
                self.source.problem(
                    at,
                    format!("there is no policy `{name}`"),
                    &[format!("there are {known}")],
                )
            })?;
            preset.apply(policy);
        }
        if let Some((waits, at)) =
            self.get::<Vec<String>>("retries", "a list of waits such as [1m, 10m]")?
        {
            let right = "`retries` takes lengths of time such as [90s, 10m]";
            let wait =
                |wait: &String| duration(wait).ok_or_else(|| self.no_duration(at, right, wait));
            policy.retries.waits = waits.iter().map(wait).collect::<Result<_, _>>()?;
        }
        if let Some((share, at)) = self.get::<f64>("retry_jitter", "a share from 0 to 1")? {
            if !(0.0..=1.0).contains(&share) {
                return Err(self.source.problem(
                    at,
                    "`retry_jitter` takes a share from 0 to 1",
                    &[],
                ));
            }
            policy.retries.jitter = share;
        }
        if let Some((honour, _)) = self.get::<bool>("retry_after", "true or false")? {
            policy.retries.honour_retry_after = honour;
        }
        if let Some((accepted, _)) =
            self.get::<AcceptedName>("accepted", "`any-2xx` or `exactly-200`")?
        {
            policy.accepted = match accepted {
                AcceptedName::Any2xx => Accepted::Any2xx,
                AcceptedName::Exactly200 => Accepted::Exactly200,
            };
        }
        if let Some((keeps, _)) = self.get::<bool>("dead_letters", "true or false")? {
            policy.dead_letters = keeps;
        }
        if let Some((ordering, _)) =
            self.get::<OrderingName>("ordering", "`none`, `per-subject` or `global`")?
        {
            policy.ordering = match ordering {
                OrderingName::None => Ordering::None,
                OrderingName::PerSubject => Ordering::PerSubject,
                OrderingName::Global => Ordering::Global,
            };
        }
        let right = "a length of time such as 3d, or `off`";
        if let Some((after, at)) = self.get::<String>("disable_after", right)? {
            let right = format!("`disable_after` takes {right}");
            let wrong = |length| self.no_duration(at, &right, length);
            policy.disable_after = match after.as_str() {
                "off" => None,
                length => Some(duration(length).ok_or_else(|| wrong(length))?),
            };
        }
        Ok(())
    }

    fn no_duration(&self, at: Location, right: &str, given: &str) -> Problem {
        self.source.problem(at, format!("{right}; {}", no_duration(given)), &[])
    }

    /// The keys that the vendor declares.
    fn settings(&self) -> Result<BTreeMap<String, String>, Problem> {
        let declared = self.vendor.catalogue().settings;
        let mut settings = BTreeMap::new();
        for (key, given) in self.section.iter().filter(|(key, _)| !KEYS.contains(&key.as_str())) {
            let known = || KEYS.iter().copied().chain(declared.iter().map(|setting| setting.name));
            if !known().any(|name| name == key) {
                let help = nearest(key, known()).map_or_else(
                    || format!("there are {}", names(known())),
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(self.source.problem(
                    given.referenced,
                    format!("unknown key `{key}`"),
                    &[help],
                ));
            }
            let text = serde_json::from_value::<Scalar>(given.value.clone())
                .map_err(|_| {
                    self.source.problem(
                        given.referenced,
                        format!("`{key}` takes a single value"),
                        &[],
                    )
                })?
                .to_string();
            Settings::check(declared, [(key.as_str(), text.as_str())])
                .map_err(|problem| self.source.problem(given.referenced, problem.message, &[]))?;
            settings.insert(key.clone(), text);
        }
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::chance::Chance;
    use crate::model::policy::{Signature, SignedPart};
    use crate::model::{Authentication, Catalogue, Profile, Secret};
    use crate::vendors::registry::shipped;
    use crate::vendors::{Account, Setup, Traffic};

    static CATALOGUE: Catalogue = Catalogue {
        vendor: "signer",
        title: "Signer",
        about: "signs",
        subjects: &[],
        profiles: &[Profile { name: "one", about: "", default: true, unordered: false }],
        triggers: &[],
        actions: &[],
        settings: &[],
        traffic: &[],
        trigger_pointer: None,
        delivery: crate::model::Provenance::Assumed("a test"),
        left_out: &[],
    };

    /// A vendor of which nothing but the policy matters.
    struct Signer;

    impl Vendor for Signer {
        fn catalogue(&self) -> &'static Catalogue {
            &CATALOGUE
        }

        fn policy(&self) -> Policy {
            Policy {
                authentication: Authentication::Signature(Signature {
                    header: "X-Signature".to_owned(),
                    secret: None,
                    over: vec![SignedPart::Body],
                }),
                disable_after: Some(Duration::from_secs(3 * 24 * 3600)),
                ..shipped().vendors().next().expect("a vendor").policy()
            }
        }

        fn account_name(&self, _: &Settings) -> String {
            String::new()
        }

        fn open(&self, _: Setup) -> Box<dyn Account> {
            panic!("nothing is opened here")
        }

        fn traffic(
            &self,
            _: &Settings,
            _: &Settings,
            _: Chance,
            _: jiff::Timestamp,
        ) -> Box<dyn Traffic> {
            panic!("nobody acts here")
        }

        fn body_schema(&self, _: &Profile, _: &'static str) -> Json {
            Json::Null
        }
    }

    /// What a section comes to.
    fn policy(section: &str) -> Result<Policy, Problem> {
        let text = format!("deliver: /x\n{section}\n");
        let source =
            Source { registry: shipped(), file: "f", text: &text, filled: RefCell::default() };
        let section: Spanned<Section> =
            crate::scenario::yaml::read("f", &text).expect("it is YAML");
        let allowed = Allowed::default();
        let second = Duration::from_secs(1);
        let base = Base { url: "http://127.0.0.1:1".to_owned(), public_url: None };
        read(&source, &Signer, &section, &base, &allowed, second).map(|target| target.policy)
    }

    #[test]
    fn a_secret_is_what_is_signed_with_and_never_empty() {
        let secret = |policy: Policy| match policy.authentication {
            Authentication::Signature(signature) => signature.secret,
            other => panic!("it signs: {other:?}"),
        };
        assert_eq!(secret(policy("secret: k3y").expect("right")), Some(Secret::new("k3y")));
        assert_eq!(secret(policy("").expect("right")), None);
        assert_eq!(policy("secret: \"\"").expect_err("empty").title, "`secret` is empty");
    }

    #[test]
    fn an_endpoint_is_deactivated_after_what_is_said() {
        let after = |section: &str| policy(section).expect("right").disable_after;
        let days = |days: u64| Some(Duration::from_secs(days * 24 * 3600));
        assert_eq!(after(""), days(3), "the vendor's own");
        assert_eq!(after("disable_after: 5 days"), days(5));
        for off in ["disable_after: off", "disable_after: \"off\"", "policy: svix"] {
            assert_eq!(after(off), None, "{off}");
        }
        assert_eq!(after("policy: svix\ndisable_after: 5d"), days(5));
    }
}
