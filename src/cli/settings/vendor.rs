//! A vendor's section of standin.yaml: delivery, policy and the settings of the vendor's catalogue.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value as Json;
use serde_saphyr::Spanned;

use super::deliver::{self, Base};
use super::keys::{Section, VendorSection};
use super::names::{AcceptedName, OrderingName, RaceName};
use super::places::at_own_key;
use super::section::Reader;
use super::source::{Source, keep, suggestion};
use super::values::{Deliver, ProfileName};
use super::{credentials, ids, request_headers};
use crate::delivery::Allowed;
use crate::driver::VendorTarget;
use crate::model::api_fault::Race;
use crate::model::{Accepted, Address, Ordering, Policy, Problem, SET_IDS, Secret, Settings};
use crate::policy::presets;
use crate::text::{duration, names};
use crate::vendors::Vendor;
use crate::vendors::api::GivenApiKeys;
use crate::yaml::Scalar;

/// Reads a vendor's section.
///
/// # Errors
/// The mistakes in it.
pub fn read(
    source: &Source<'_>,
    vendor: &'static dyn Vendor,
    section: &Spanned<Section>,
    base: &Base,
    allowed: &Allowed,
    ack_within: Duration,
) -> Result<VendorTarget, Vec<Problem>> {
    let reader = Reader { source, vendor, section: &section.value, at: section.referenced };
    let mut problems = Vec::new();
    let profile = keep(reader.profile(), &mut problems);
    let mut policy = vendor.policy();
    // `receiver.ack_within` overrides the vendor's time-out.
    policy.answer_within = ack_within;
    reader.policy(&mut policy, &mut problems);
    reader.retries(&mut policy, &mut problems);
    keep(reader.disable_after(&mut policy), &mut problems);
    let request_headers = request_headers::read(&reader, &mut problems);
    let base = Base { request_headers: request_headers.into(), ..base.clone() };
    let before = problems.len();
    credentials::read(&reader, &mut policy, &base, allowed, &mut problems);
    if problems.len() == before {
        let differ =
            request_headers::must_differ(&reader, &base.request_headers, &policy.authentication);
        keep(differ, &mut problems);
    }
    let settings = reader.settings(&mut problems);
    let urls = reader.urls((&base, allowed), &mut problems);
    let api_keys = reader.api_keys(&mut problems);
    let race = keep(reader.race(), &mut problems);
    match (profile, settings, race) {
        (Some(profile), Some(settings), Some(race)) if problems.is_empty() => Ok(VendorTarget {
            vendor,
            profile: profile.unwrap_or_else(|| vendor.catalogue().default_profile()),
            profile_named: profile.is_some(),
            settings,
            urls,
            policy,
            api_keys,
            race,
        }),
        _ => Err(problems),
    }
}

impl Reader<'_> {
    fn profile(&self) -> Result<Option<&'static crate::model::Profile>, Problem> {
        let Some((name, at)) = self.get::<ProfileName>("profile", "the name of a profile")? else {
            return Ok(None);
        };
        let (name, catalogue) = (name.to_string(), self.vendor.catalogue());
        let known = || names(catalogue.profiles.iter().map(|profile| profile.name));
        catalogue.profile(&name).map(Some).ok_or_else(|| {
            let title = format!("{} has no profile `{name}`", catalogue.title);
            self.problem(at, title, &[format!("there are {}", known())])
        })
    }

    fn api_keys(&self, problems: &mut Vec<Problem>) -> GivenApiKeys {
        let mut given = |key| -> Option<String> {
            let found = self.get::<String>(key, "a text that is not empty");
            let (text, at) = keep(found, problems).flatten()?;
            if text.is_empty() {
                problems.push(self.problem(at, format!("`{key}` is empty"), &[]));
            }
            Some(text)
        };
        GivenApiKeys {
            key: given("api_key").map(Secret::new),
            client_id: given("api_client_id"),
            client_secret: given("api_client_secret").map(Secret::new),
        }
    }

    fn race(&self) -> Result<Race, Problem> {
        let given = self.get::<RaceName>("api_race", "`with`, `before`, `after` or `any`")?;
        Ok(given.map_or_else(Race::default, |(race, _)| match race {
            RaceName::With => Race::With,
            RaceName::Before => Race::Before,
            RaceName::After => Race::After,
            RaceName::Any => Race::Any,
        }))
    }

    fn urls(
        &self,
        to: (&Base, &Allowed),
        problems: &mut Vec<Problem>,
    ) -> BTreeMap<String, Address> {
        let catalogue = self.vendor.catalogue();
        let deliver = self.get::<Deliver>("deliver", "a URL, or a map trigger: URL");
        let Some(deliver) = keep(deliver, problems) else { return BTreeMap::new() };
        let Some(deliver) = deliver else {
            let help = "write for example `deliver: /webhooks`".to_owned();
            let title = format!("`deliver` is missing for {}", catalogue.vendor);
            problems.push(self.problem(self.at, title, &[help]));
            return BTreeMap::new();
        };
        deliver::urls(self.source, catalogue, deliver, to, problems)
    }

    fn policy(&self, policy: &mut Policy, problems: &mut Vec<Problem>) {
        keep(self.preset(policy), problems);
        let accepted = self.get::<AcceptedName>("accepted", "`any-2xx` or `exactly-200`");
        if let Some((accepted, _)) = keep(accepted, problems).flatten() {
            policy.accepted = match accepted {
                AcceptedName::Any2xx => Accepted::Any2xx,
                AcceptedName::Exactly200 => Accepted::Exactly200,
            };
        }
        let keeps = keep(self.get::<bool>("dead_letters", "true or false"), problems).flatten();
        policy.dead_letters = keeps.map_or(policy.dead_letters, |(keeps, _)| keeps);
        let ordering = self.get::<OrderingName>("ordering", "`none`, `per-subject` or `global`");
        if let Some((ordering, _)) = keep(ordering, problems).flatten() {
            policy.ordering = match ordering {
                OrderingName::None => Ordering::None,
                OrderingName::PerSubject => Ordering::PerSubject,
                OrderingName::Global => Ordering::Global,
            };
        }
    }

    /// The delivery policy of another sender.
    fn preset(&self, policy: &mut Policy) -> Result<(), Problem> {
        let Some((name, at)) = self.get::<String>("policy", "the name of a policy")? else {
            return Ok(());
        };
        let preset = presets::find(&name).ok_or_else(|| {
            let known = names(presets::PRESETS.iter().map(|preset| preset.name));
            let title = format!("there is no policy `{name}`");
            self.problem(at, title, &[format!("there are {known}")])
        })?;
        preset.apply(policy);
        Ok(())
    }

    fn retries(&self, policy: &mut Policy, problems: &mut Vec<Problem>) {
        let waits = keep(self.waits(), problems);
        if let Some(Some(waits)) = &waits {
            policy.retries.waits.clone_from(waits);
        }
        // Waits that cannot be read are some all the same.
        let known = waits.is_some().then_some(policy.retries.waits.as_slice());
        let jitter = self.jitter(known);
        let jitter = keep(jitter, problems).flatten();
        policy.retries.jitter = jitter.unwrap_or(policy.retries.jitter);
        let honour = keep(self.get::<bool>("retry_after", "true or false"), problems).flatten();
        policy.retries.honour_retry_after =
            honour.map_or(policy.retries.honour_retry_after, |(honour, _)| honour);
    }

    /// The waits before retries, if they are given.
    fn waits(&self) -> Result<Option<Vec<Duration>>, Problem> {
        let right = "a list of waits such as [1m, 10m]";
        let Some((waits, at)) = self.get::<Vec<String>>("retries", right)? else { return Ok(None) };
        let right = "`retries` takes lengths of time such as [90s, 10m]";
        let wait = |wait: &String| duration(wait).ok_or_else(|| self.no_duration(at, right, wait));
        waits.iter().map(wait).collect::<Result<_, _>>().map(Some)
    }

    /// By which share waits differ, if that is given.
    fn jitter(&self, waits: Option<&[Duration]>) -> Result<Option<f64>, Problem> {
        let Some((share, at)) = self.get::<f64>("retry_jitter", "a share from 0 to 1")? else {
            return Ok(None);
        };
        if !(0.0..=1.0).contains(&share) {
            return Err(self.problem(at, "`retry_jitter` takes a share from 0 to 1", &[]));
        }
        if share > 0.0 && waits.is_some_and(<[Duration]>::is_empty) {
            let title = "`retry_jitter` moves the waits before retries, and there are none";
            let help = "give `retries` waits such as [1m, 10m], or leave it out".to_owned();
            return Err(self.problem(at, title, &[help]));
        }
        Ok(Some(share))
    }

    fn disable_after(&self, policy: &mut Policy) -> Result<(), Problem> {
        let right = "a length of time such as 3d, or `off`";
        let Some((after, at)) = self.get::<String>("disable_after", right)? else { return Ok(()) };
        policy.disable_after = match after.as_str() {
            "off" => None,
            length => Some(duration(length).ok_or_else(|| {
                self.no_duration(at, &format!("`disable_after` takes {right}"), length)
            })?),
        };
        Ok(())
    }

    /// The keys that the vendor declares. None if there is a mistake in them, which joins the others.
    fn settings(&self, problems: &mut Vec<Problem>) -> Option<BTreeMap<String, String>> {
        let (declared, before) = (self.vendor.catalogue().settings, problems.len());
        let keys = || VendorSection::KEYS.iter().map(|key| key.name);
        // `ids` is a key of its own.
        let others = declared.iter().filter(|setting| setting.name != SET_IDS);
        let known: Vec<&str> = keys().chain(others.map(|setting| setting.name)).collect();
        let mut settings = BTreeMap::new();
        for (key, given) in self.section.iter().filter(|(key, _)| !keys().any(|one| one == *key)) {
            if known.contains(&key.as_str()) {
                let text = keep(self.setting(key, given), problems);
                settings.extend(text.map(|text| (key.clone(), text)));
            } else {
                let title = format!("unknown key `{key}`");
                let help = suggestion(key, known.iter().copied());
                problems.push(at_own_key(self.problem(given.referenced, title, &[help]), key));
            }
        }
        let ids = ids::read(self, problems);
        settings.extend(ids.map(|given| (SET_IDS.to_owned(), given)));
        if problems.len() > before {
            return None;
        }
        let given = settings.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let whole = Settings::check(declared, given)
            .unwrap_or_else(|problem| panic!("each setting was checked: {problem}"));
        problems.extend(ids::of_nothing(self, &whole));
        Some(settings)
    }

    /// The value of a setting.
    fn setting(&self, key: &str, given: &Spanned<Json>) -> Result<String, Problem> {
        let wrong = |title: String| self.problem(given.referenced, title, &[]);
        let text = serde_json::from_value::<Scalar>(given.value.clone())
            .map_err(|_| wrong(format!("`{key}` takes a single value")))?
            .to_string();
        Settings::check(self.vendor.catalogue().settings, [(key, text.as_str())])
            .map_err(|problem| wrong(problem.message))?;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::chance::Chance;
    use crate::model::policy::{Signature, SignedPart};
    use crate::model::{Authentication, Catalogue, Profile, Secret, TriggerId};
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
        facts: &[],
    };

    /// A vendor that has only a policy.
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
                    ..Signature::default()
                }),
                disable_after: Some(Duration::from_secs(3 * 24 * 3600)),
                ..shipped().vendors().next().expect("a vendor").policy()
            }
        }

        fn account_name(&self, _: &Settings) -> String {
            String::new()
        }

        fn open(&self, _: Setup) -> Box<dyn Account> {
            panic!("no account is opened here")
        }

        fn traffic(
            &self,
            _: &Settings,
            _: &Settings,
            _: Chance,
            _: jiff::Timestamp,
        ) -> Box<dyn Traffic> {
            panic!("no action is called here")
        }

        fn body_schema(&self, _: &Profile, _: TriggerId) -> Json {
            Json::Null
        }
    }

    /// The policy from a section with `deliver` and this text.
    fn policy(keys: &str) -> Result<Policy, Problem> {
        section(&format!("deliver: /x\n{keys}\n"))
    }

    /// The policy, or the first mistake.
    fn section(text: &str) -> Result<Policy, Problem> {
        let source = Source { registry: shipped(), file: "f", text, filled: RefCell::default() };
        let section: Spanned<Section> = crate::yaml::read("f", text).expect("it is YAML");
        let allowed = Allowed::default();
        let second = Duration::from_secs(1);
        let url = "http://127.0.0.1:1".to_owned();
        let base = Base { url, public_url: None, request_headers: std::sync::Arc::default() };
        let read = read(&source, &Signer, &section, &base, &allowed, second);
        read.map(|target| target.policy).map_err(|mut problems| problems.remove(0))
    }

    #[test]
    fn the_secret_signs_and_is_never_empty() {
        let secret = |policy: Policy| match policy.authentication {
            Authentication::Signature(signature) => signature.secret,
            other => panic!("it signs: {other:?}"),
        };
        assert_eq!(secret(policy("secret: k3y").expect("right")), Some(Secret::new("k3y")));
        assert_eq!(secret(policy("").expect("right")), None);
        assert_eq!(policy("secret: \"\"").expect_err("empty").title, "`secret` is empty");
    }

    #[test]
    fn every_key_of_the_list_is_read() {
        for key in VendorSection::KEYS.iter().map(|key| key.name) {
            let before = if key == "deliver" { "" } else { "deliver: /x\n" };
            let problem = section(&format!("{before}{key}: [[]]\n")).expect_err(key);
            assert!(problem.title.contains(&format!("`{key}` takes ")), "{key}: {problem}");
        }
    }

    #[test]
    fn disable_after_sets_when_an_endpoint_is_deactivated() {
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
