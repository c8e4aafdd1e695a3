//! The probes of standin.yaml.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json_path::JsonPath;
use serde_saphyr::{Location, Spanned};

use super::deliver::absolute;
use super::headers;
use super::keys::{CompareSection, ProbeSection};
use super::places;
use super::source::{Source, keep, suggestion};
use crate::delivery::Allowed;
use crate::delivery::target::path_or_url;
use crate::model::{Problem, Secret};
use crate::probe::{AbsenceRule, Comparison, Probe};
use crate::suggest::did_you_mean;
use crate::text::with_article;
use crate::vendors::{TruthField, Vendor, truth};

/// The longest JSONPath.
const LONGEST_PATH: usize = 300;

/// The most filters in a JSONPath.
const MOST_FILTERS: usize = 4;
/// The most descents in a JSONPath.
const MOST_DESCENTS: usize = 2;

/// Reads the probes, by vendor and kind of subject. Adds each mistake to the list.
pub fn read(
    source: &Source<'_>,
    written: &BTreeMap<String, Spanned<ProbeSection>>,
    base: &str,
    allowed: &Allowed,
    problems: &mut Vec<Problem>,
) -> BTreeMap<(String, String), Probe> {
    let mut probes = BTreeMap::new();
    for (name, section) in written {
        let at = section.referenced;
        let (vendor, kind) = match named(source, name, at) {
            Ok(named) => named,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        problems.extend(unknown_fields(source, (vendor, kind), &section.value));
        if let Some(probe) = probe(source, section, (base, allowed), problems) {
            probes.insert((vendor.catalogue().vendor.to_owned(), kind.to_owned()), probe);
        }
    }
    probes
}

/// The vendor and the kind of subject that the name of a probe means.
fn named<'a>(
    source: &Source<'_>,
    name: &'a str,
    at: Location,
) -> Result<(&'static dyn Vendor, &'a str), Problem> {
    let (vendor, kind) = name.split_once('.').ok_or_else(|| {
        let help = "write `vendor.kind`, for example `ombori.position`".to_owned();
        let title = format!("`{name}` does not name a vendor and a kind of subject");
        source.problem(at, title, &[help])
    })?;
    let vendor = source.vendor(vendor, at)?;
    let catalogue = vendor.catalogue();
    if !catalogue.subjects.iter().any(|subject| subject.kind == kind) {
        let known = catalogue.subjects.iter().map(|subject| subject.kind);
        let title = format!("{} has no `{kind}`", catalogue.title);
        return Err(source.problem(at, title, &[suggestion(kind, known)]));
    }
    Ok((vendor, kind))
}

/// The fields of a probe that the vendor does not know.
fn unknown_fields(
    source: &Source<'_>,
    (vendor, kind): (&'static dyn Vendor, &str),
    section: &ProbeSection,
) -> Vec<Problem> {
    let catalogue = vendor.catalogue();
    let known = truth::read(vendor.truths()).filter(|field| field.kind == kind);
    let known: Vec<TruthField> = known.collect();
    let is_unknown = |field: &String| !known.iter().any(|one| one.is(field));
    let wrong = section.fields.iter().flatten();
    let wrong = wrong.filter(|(field, _)| !known.is_empty() && is_unknown(field));
    let problem = |(field, path): (&String, &Spanned<String>)| {
        let title = format!("{} of {} has no field `{field}`", with_article(kind), catalogue.title);
        let near = did_you_mean(field, known.iter().map(|one| one.path));
        let list = format!("`standin vendors {} --fields` lists them", catalogue.vendor);
        let help: Vec<String> = near.into_iter().chain([list]).collect();
        source.problem(path.referenced, title, &help)
    };
    wrong.map(problem).collect()
}

/// The section of a probe, with its place.
struct Whole<'a> {
    source: &'a Source<'a>,
    at: Location,
}

impl Whole<'_> {
    /// A mistake at the key to which these keys lead.
    fn problem(&self, path: &[&str], title: impl Into<String>, help: &[String]) -> Problem {
        places::at_key(self.source.problem(self.at, title, help), path)
    }
}

/// A probe. None if there is a mistake in it, which joins the others.
fn probe(
    source: &Source<'_>,
    section: &Spanned<ProbeSection>,
    to: (&str, &Allowed),
    problems: &mut Vec<Problem>,
) -> Option<Probe> {
    let whole = Whole { source, at: section.referenced };
    let section = &section.value;
    let url = section.get.as_ref().and_then(|get| keep(url(source, get, to), problems));
    unfit_headers(&whole, section, problems);
    let mut path = |path| keep(json_path(source, path), problems);
    let fields =
        section.fields.iter().flatten().map(|(field, one)| Some((field.clone(), path(one)?)));
    // Each is read, whatever is wrong with others.
    let fields: Vec<Option<(String, JsonPath)>> = fields.collect();
    let effects = section.effects.as_ref().map(&mut path);
    let gone = section.gone.as_ref().map(&mut path);
    let absent = absence(&whole, section, problems);
    let comparisons = comparisons(&whole, section, problems);
    Some(Probe {
        url: url?,
        headers: section
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), Secret::new(value)))
            .collect(),
        fields: fields.into_iter().collect::<Option<_>>()?,
        effects: unless_wrong(effects)?,
        gone: unless_wrong(gone)?,
        absent: absent?,
        comparisons,
    })
}

/// What was given, unless it is wrong.
fn unless_wrong<T>(given: Option<Option<T>>) -> Option<Option<T>> {
    given.map_or(Some(None), |read| read.map(Some))
}

/// The URL, with `{id}` in it.
fn url(
    source: &Source<'_>,
    get: &Spanned<String>,
    (base, allowed): (&str, &Allowed),
) -> Result<String, Problem> {
    let at = get.referenced;
    path_or_url(&get.value).map_err(|problem| source.problem(at, problem.to_string(), &[]))?;
    let url = absolute(base, &get.value);
    if !url.contains("{id}") {
        let help = "write for example `get: /positions/{id}`".to_owned();
        return Err(source.problem(at, "the URL has no `{id}` in it", &[help]));
    }
    allowed.check(&url).map_err(|problem| source.problem(at, problem.to_string(), &[]))?;
    Ok(url)
}

/// Adds a mistake for each of its headers that cannot be sent, or is empty.
fn unfit_headers(whole: &Whole<'_>, section: &ProbeSection, problems: &mut Vec<Problem>) {
    for (name, value) in &section.headers {
        let (title, help) = match headers::sendable(name, value) {
            false => headers::unsendable(name),
            true if value.trim().is_empty() => headers::empty(name),
            true => continue,
        };
        problems.push(whole.problem(&["headers", name], title, &[help]));
    }
}

fn absence(
    whole: &Whole<'_>,
    section: &ProbeSection,
    problems: &mut Vec<Problem>,
) -> Option<AbsenceRule> {
    let (mut rule, written) = (AbsenceRule::default(), &section.absent);
    if let Some(wrong) = written.statuses.iter().find(|status| !(100..600).contains(*status)) {
        let title = format!("`absent` has {wrong}, which is no status");
        problems.push(whole.problem(&["absent", "statuses"], title, &[]));
    }
    if !written.statuses.is_empty() {
        rule.statuses.clone_from(&written.statuses);
    }
    let without = written.without.as_ref().map(|path| json_path(whole.source, path));
    rule.without = keep(without.transpose(), problems)?;
    Some(rule)
}

/// How the fields are compared that `translate` or `compare` names. Each mistake joins the others.
fn comparisons(
    whole: &Whole<'_>,
    section: &ProbeSection,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Comparison> {
    let mut comparisons = BTreeMap::<String, Comparison>::new();
    let no_field = |key: &str, field: &String| {
        let title = format!("`{key}` names the field `{field}`, which is not among `fields`");
        let fields = section.fields.as_ref().filter(|fields| !fields.contains_key(field))?;
        let near = did_you_mean(field, fields.keys().map(String::as_str));
        Some(whole.problem(&[key, field], title, &Vec::from_iter(near)))
    };
    for (field, words) in &section.translate {
        problems.extend(no_field("translate", field));
        for (word, _) in words.iter().filter(|(_, vendors)| vendors.list().is_empty()) {
            let title = format!("`translate` gives `{word}` no word of the vendor");
            problems.push(whole.problem(&["translate", field, word], title, &[]));
        }
        let words = words.iter().map(|(word, vendors)| (word.clone(), vendors.list()));
        let comparison = Comparison { words: words.collect(), ..Comparison::default() };
        comparisons.insert(field.clone(), comparison);
    }
    for (field, written) in &section.compare {
        problems.extend(no_field("compare", field));
        let mut wrong = |key: &str, title: &str, help: &[String]| {
            problems.push(whole.problem(&["compare", field, key], title, help));
        };
        let CompareSection { strict, factor, zone, .. } = &written.value;
        let known = zone.as_ref().map(|zone| TimeZone::get(zone));
        if let (Some(zone), Some(Err(_))) = (zone, &known) {
            let help = "write for example `Europe/Berlin` or `UTC`".to_owned();
            wrong("zone", &format!("`{zone}` is no time zone"), &[help]);
        }
        if *factor == Some(0) {
            wrong("factor", "a factor of 0 would make every number equal", &[]);
        }
        if *strict && (factor.is_some() || zone.is_some()) {
            let title = "`strict` compares texts: it takes no `factor` and no `zone`";
            wrong("strict", title, &[]);
        }
        let comparison = comparisons.entry(field.clone()).or_default();
        comparison.strict = *strict;
        comparison.factor = *factor;
        comparison.zone = known.and_then(Result::ok);
    }
    comparisons
}

fn json_path(source: &Source<'_>, path: &Spanned<String>) -> Result<JsonPath, Problem> {
    // The parser's work doubles with each nested filter. Each `..` searches the whole answer for
    // every match of the one before.
    let count = |sign: &str| path.value.matches(sign).count();
    if path.value.len() > LONGEST_PATH || count("?") > MOST_FILTERS || count("..") > MOST_DESCENTS {
        let title = "this JSONPath is too complex".to_owned();
        let help = format!(
            "it has at most {LONGEST_PATH} bytes, {MOST_FILTERS} times `?` and {MOST_DESCENTS} times `..`"
        );
        return Err(source.problem(path.referenced, title, &[help]));
    }
    JsonPath::parse(&path.value).map_err(|error| {
        let title = format!("`{}` is not a JSONPath: {error}", path.value);
        source.problem(path.referenced, title, &["write for example `$.status`".to_owned()])
    })
}
