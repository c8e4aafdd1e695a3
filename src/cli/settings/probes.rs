//! The probes of standin.yaml.

use std::collections::BTreeMap;

use serde_json_path::JsonPath;
use serde_saphyr::Spanned;

use super::deliver::absolute;
use super::headers;
use super::keys::ProbeSection;
use super::source::Source;
use crate::delivery::Allowed;
use crate::model::{Problem, Secret};
use crate::probe::Probe;
use crate::text::names;

/// The longest JSONPath.
const LONGEST_PATH: usize = 300;

/// The most filters in a JSONPath.
const MOST_FILTERS: usize = 4;
/// The most descents in a JSONPath.
const MOST_DESCENTS: usize = 2;

/// Reads the probes, by vendor and kind of subject.
pub fn read(
    source: &Source<'_>,
    written: &BTreeMap<String, Spanned<ProbeSection>>,
    base: &str,
    allowed: &Allowed,
) -> Result<BTreeMap<(String, String), Probe>, Problem> {
    let mut probes = BTreeMap::new();
    for (name, section) in written {
        let at = section.referenced;
        let (vendor, kind) = name.split_once('.').ok_or_else(|| {
            let help = "write `vendor.kind`, for example `ombori.position`".to_owned();
            source.problem(
                at,
                format!("`{name}` does not name a vendor and a kind of subject"),
                &[help],
            )
        })?;
        let catalogue = source.vendor(vendor, at)?.catalogue();
        if !catalogue.subjects.iter().any(|subject| subject.kind == kind) {
            let known = names(catalogue.subjects.iter().map(|subject| subject.kind));
            let title = format!("{} has no `{kind}`", catalogue.title);
            return Err(source.problem(at, title, &[format!("there are {known}")]));
        }
        probes.insert(
            (vendor.to_owned(), kind.to_owned()),
            probe(source, &section.value, base, allowed)?,
        );
    }
    Ok(probes)
}

fn probe(
    source: &Source<'_>,
    section: &ProbeSection,
    base: &str,
    allowed: &Allowed,
) -> Result<Probe, Problem> {
    let url = absolute(base, &section.get.value);
    let at = section.get.referenced;
    if !url.contains("{id}") {
        let help = "write for example `get: /positions/{id}`".to_owned();
        return Err(source.problem(at, "the URL has no `{id}` in it", &[help]));
    }
    allowed.check(&url).map_err(|problem| source.problem(at, problem.to_string(), &[]))?;
    if let Some((name, _)) =
        section.headers.iter().find(|(name, value)| !headers::sendable(name, value))
    {
        let (title, help) = headers::unsendable(name);
        return Err(source.problem(at, title, &[help]));
    }
    let fields = section
        .fields
        .iter()
        .map(|(field, path)| Ok((field.clone(), json_path(source, path)?)))
        .collect::<Result<BTreeMap<_, _>, Problem>>()?;
    if let Some(field) = section.translate.keys().find(|field| !fields.contains_key(*field)) {
        let title = format!("`translate` names the field `{field}`, which is not among `fields`");
        return Err(source.problem(at, title, &[]));
    }
    Ok(Probe {
        url,
        headers: section
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), Secret::new(value)))
            .collect(),
        fields,
        effects: section.effects.as_ref().map(|path| json_path(source, path)).transpose()?,
        gone: section.gone.as_ref().map(|path| json_path(source, path)).transpose()?,
        translate: section.translate.clone(),
    })
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
