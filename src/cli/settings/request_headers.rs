//! The key `request_headers` of a vendor's section: headers that carry no credentials. They are shown.

use std::collections::BTreeMap;

use super::headers;
use super::places;
use super::section::Reader;
use super::source::keep;
use crate::model::{Authentication, Problem};
use crate::policy::sign;

/// Headers that carry credentials wherever they are used.
const CREDENTIALS: &[&str] = &["authorization", "proxy-authorization", "cookie"];

/// Headers that change how a request is sent.
const OF_THE_CONNECTION: &[&str] = &["expect", "keep-alive", "te", "trailer", "upgrade"];

/// Reads them. Adds a mistake to the list for each that cannot be sent, carries credentials, or follows from the
/// request itself.
pub fn read(reader: &Reader<'_>, problems: &mut Vec<Problem>) -> Vec<(String, String)> {
    let right = "a map name: text (a number in quotes)";
    let given = reader.get::<BTreeMap<String, String>>("request_headers", right);
    let given = keep(given, problems).flatten();
    let mut read: Vec<(String, String)> = Vec::new();
    for (name, value) in given.into_iter().flat_map(|(given, _)| given) {
        let is_twice = read.iter().any(|(other, _)| other.eq_ignore_ascii_case(&name));
        let twice = || {
            let help = "upper and lower case are the same in header names".to_owned();
            (format!("the header `{name}` is given twice"), help)
        };
        match unfit(&name, &value).or_else(|| is_twice.then(twice)) {
            Some((title, help)) => problems.push(problem(reader, &name, title, &help)),
            None => read.push((name, value)),
        }
    }
    read
}

/// Why a header cannot be added to requests, and what to do. None if it can.
pub fn unfit(name: &str, value: &str) -> Option<(String, String)> {
    let is_one_of = |list: &[&str]| list.iter().any(|one| name.eq_ignore_ascii_case(one));
    if !headers::sendable(name, value) {
        return Some(headers::unsendable(name));
    }
    if value.trim().is_empty() {
        return Some(headers::empty(name));
    }
    if let Some(wrong) = not_to_set(name) {
        return Some(wrong);
    }
    is_one_of(CREDENTIALS).then(|| {
        let title = format!("the header `{name}` carries credentials");
        (title, HELP_CREDENTIALS.to_owned())
    })
}

/// Why a header cannot be set at all, and what to know. None if it can.
pub fn not_to_set(name: &str) -> Option<(String, String)> {
    let of_the_connection = OF_THE_CONNECTION.iter().any(|one| name.eq_ignore_ascii_case(one));
    (headers::is_ours(name) || of_the_connection).then(|| {
        let title = format!("the header `{name}` cannot be set");
        (title, "it follows from how the request is sent".to_owned())
    })
}

/// What to do with credentials.
const HELP_CREDENTIALS: &str =
    "these headers are shown in reports: give credentials by `headers`, `secret` or `oauth`";

/// Fails if one of them is the header of the vendor's credentials.
///
/// # Errors
/// The one that is.
pub fn must_differ(
    reader: &Reader<'_>,
    given: &[(String, String)],
    authentication: &Authentication,
) -> Result<(), Problem> {
    let known = sign::headers(authentication);
    let same = |name: &&str| known.iter().any(|one| one.eq_ignore_ascii_case(name));
    match given.iter().map(|(name, _)| name.as_str()).find(same) {
        None => Ok(()),
        Some(name) => {
            let title = format!("the header `{name}` carries the vendor's credentials");
            Err(problem(reader, name, title, HELP_CREDENTIALS))
        }
    }
}

fn problem(reader: &Reader<'_>, name: &str, title: String, help: &str) -> Problem {
    let at = reader.section.get("request_headers").map_or(reader.at, |given| given.referenced);
    places::at_key(reader.problem(at, title, &[help.to_owned()]), &[name])
}
