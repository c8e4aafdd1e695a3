//! The URLs that webhooks go to: `deliver` resolved against the receiver's base URLs.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;
use serde_saphyr::Location;

use super::places;
use super::source::{Source, keep, suggestion};
use super::values::Deliver;
use crate::delivery::Allowed;
use crate::delivery::target::{TargetProblem, http_url, path_or_url};
use crate::model::{Address, Catalogue, Problem};
use crate::policy::url;
use crate::text::template;

/// The base URL of the receiver, without a slash at its end, and what all requests there have.
#[derive(Clone)]
pub struct Base {
    /// The URL that requests are sent to.
    pub url: String,
    /// The URL that the vendors know, if it differs.
    pub public_url: Option<String>,
    /// The headers that requests have besides their own, if the user sets some.
    pub request_headers: Arc<[(String, String)]>,
}

impl Base {
    /// Both URLs for a path or URL under `deliver`, normalised as they go on the wire.
    ///
    /// # Errors
    /// If requests may not go to the URL, or it has a fragment.
    pub fn address(&self, given: &str, allowed: &Allowed) -> Result<Address, TargetProblem> {
        if given.contains('#') {
            let shown = url::shown(given, url::PLACEHOLDERS);
            return Err(TargetProblem::Fragment(shown));
        }
        path_or_url(given)?;
        let url = absolute(&self.url, given);
        let sent = allowed.check(&url)?.to_string();
        let headers = Arc::clone(&self.request_headers);
        let Some(public) = &self.public_url else { return Ok(Address { headers, ..sent.into() }) };
        let known = if url == given {
            self.below(&sent).map(|path| format!("{public}{path}"))
        } else {
            Some(absolute(public, given))
        };
        let known = known.map(|known| http_url(&known)).transpose()?;
        let known = known.map_or_else(|| sent.clone(), String::from);
        Ok(Address { known, headers, ..sent.into() })
    }

    /// The rest of a URL that begins with the receiver's.
    fn below<'a>(&self, url: &'a str) -> Option<&'a str> {
        let base = http_url(&self.url).ok()?;
        let path = url.strip_prefix(base.as_str().trim_end_matches('/'))?;
        // `http://127.0.0.1:8080/` is not below `http://127.0.0.1:80`.
        (path.is_empty() || path.starts_with(['/', '?'])).then_some(path)
    }
}

/// The address of each trigger that is delivered. Adds each mistake to the list.
pub fn urls(
    source: &Source<'_>,
    catalogue: &Catalogue,
    (deliver, at): (Deliver, Location),
    (base, allowed): (&Base, &Allowed),
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Address> {
    let given = match deliver {
        Deliver::One(url) => {
            let triggers = catalogue.triggers.iter();
            triggers.map(|trigger| (trigger.name.to_owned(), Json::from(url.as_str()))).collect()
        }
        Deliver::PerTrigger(map) if map.is_empty() => {
            let help = "write for example `deliver: /webhooks` for all of them".to_owned();
            problems.push(source.problem(at, "`deliver` does not name a trigger", &[help]));
            return BTreeMap::new();
        }
        Deliver::PerTrigger(map) => map,
    };
    let mut urls = BTreeMap::new();
    for (trigger, url) in given {
        let address = address_for(&trigger, &url, catalogue, (base, allowed));
        let address = address.map_err(|(title, help)| {
            places::at_key(source.problem(at, title, &Vec::from_iter(help)), &[&trigger])
        });
        let place = |problem: &Problem| (problem.line, problem.column);
        let is_told = |problem: &Problem| problems.iter().any(|one| place(one) == place(problem));
        // What is wrong with a URL for all triggers is said once.
        if address.as_ref().is_err_and(is_told) {
            continue;
        }
        urls.extend(keep(address, problems).map(|address| (trigger, address)));
    }
    urls
}

/// The address of a trigger, or what is wrong with it and what would be right.
fn address_for(
    trigger: &str,
    url: &Json,
    catalogue: &Catalogue,
    (base, allowed): (&Base, &Allowed),
) -> Result<Address, (String, Option<String>)> {
    if catalogue.trigger(trigger).is_none() {
        let known = catalogue.triggers.iter().map(|trigger| trigger.name);
        let title = format!("{} has no trigger `{trigger}`", catalogue.title);
        return Err((title, Some(suggestion(trigger, known))));
    }
    let wrong = |problem: &dyn ToString| (problem.to_string(), None);
    let url = url.as_str().ok_or_else(|| wrong(&format!("`deliver.{trigger}` takes a URL")))?;
    let url = template::for_trigger(url, trigger).map_err(|problem| wrong(&problem))?;
    base.address(&url, allowed).map_err(|problem| wrong(&problem))
}

/// An absolute URL as it is, and a path below this base URL.
pub fn absolute(base: &str, given: &str) -> String {
    if given.contains("://") && !given.starts_with('/') {
        given.to_owned()
    } else {
        format!("{base}/{}", given.trim_start_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(url: &str, public: &str, deliver: &str) -> (String, String) {
        let (url, public_url) = (url.to_owned(), Some(public.to_owned()));
        let base = Base { url, public_url, request_headers: Arc::default() };
        let address = base.address(deliver, &Allowed::default()).expect("two URLs");
        (address.sent, address.known)
    }

    #[test]
    fn the_vendor_knows_what_is_below_the_receiver_by_the_public_url() {
        let (url, public) = ("http://127.0.0.1:80/in", "https://hooks.example.test/base");
        for (deliver, sent, known) in [
            ("/a b", "http://127.0.0.1/in/a%20b", "https://hooks.example.test/base/a%20b"),
            (
                "./x/../ö?q",
                "http://127.0.0.1/in/%C3%B6?q",
                "https://hooks.example.test/base/%C3%B6?q",
            ),
            ("http://127.0.0.1/in/x", "http://127.0.0.1/in/x", "https://hooks.example.test/base/x"),
            ("http://127.0.0.1/in", "http://127.0.0.1/in", "https://hooks.example.test/base"),
            ("http://127.0.0.1/inner", "http://127.0.0.1/inner", "http://127.0.0.1/inner"),
            (
                "http://127.0.0.1:8080/in/x",
                "http://127.0.0.1:8080/in/x",
                "http://127.0.0.1:8080/in/x",
            ),
        ] {
            assert_eq!(address(url, public, deliver), (sent.to_owned(), known.to_owned()));
        }
        let root = address("http://127.0.0.1:1", "https://hooks.example.test", "/");
        assert_eq!(root.1, "https://hooks.example.test/");
    }
}
