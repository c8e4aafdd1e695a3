//! Keys of standin.yaml that nothing reads, and keys that are missing: all of them, each at its place. The
//! sections of vendors and senders look after their own keys, which differ from one to the next.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use super::key::Key;
use super::keys::{
    AbsentSection, CheckSection, CompareSection, KnownSection, ProbeSection, ReceiverSection,
    SettingsFile,
};
use super::source::{Source, suggestion};
use crate::model::Problem;
use crate::suggest::nearest;
use crate::yaml;

/// The keys that a mapping may have and those that it must have, and those of the mappings in it.
struct Form {
    keys: &'static [Key],
    required: &'static [&'static str],
    inner: &'static [(&'static str, Inner)],
}

/// What is below a key.
enum Inner {
    /// A mapping.
    One(&'static Form),
    /// Mappings by name.
    Named(&'static Form),
    /// A list of mappings.
    Each(&'static Form),
}

const SETTINGS: Form = Form {
    keys: SettingsFile::KEYS,
    required: &["receiver"],
    inner: &[
        ("receiver", Inner::One(&RECEIVER)),
        ("check", Inner::One(&CHECK)),
        ("probes", Inner::Named(&PROBE)),
    ],
};

const RECEIVER: Form = Form { keys: ReceiverSection::KEYS, required: &["url"], inner: &[] };

const CHECK: Form =
    Form { keys: CheckSection::KEYS, required: &[], inner: &[("known", Inner::Each(&KNOWN))] };

const KNOWN: Form = Form { keys: KnownSection::KEYS, required: &["reason"], inner: &[] };

const PROBE: Form = Form {
    keys: ProbeSection::KEYS,
    required: &["get", "fields"],
    inner: &[
        ("absent", Inner::One(&ABSENT)),
        ("compare", Inner::Named(&Form { keys: CompareSection::KEYS, required: &[], inner: &[] })),
    ],
};

const ABSENT: Form = Form { keys: AbsentSection::KEYS, required: &[], inner: &[] };

/// The unknown and the missing keys of a settings file, and those that are no text. Of a file that is not YAML, what is
/// wrong with it.
pub fn mistakes(source: &Source<'_>) -> Vec<Problem> {
    let (tree, found) = yaml::read_on::<Tree>(source.file, source.text);
    let mut look = Look { source, problems: found.problems };
    let Some(tree) = tree else { return look.problems };
    if matches!(tree, Tree::Nothing) {
        look.problem(Location::UNKNOWN, "there is nothing in this file".to_owned(), "here", vec![]);
    }
    look.at(Location::UNKNOWN, &tree, &SETTINGS);
    look.problems
}

struct Look<'a> {
    source: &'a Source<'a>,
    problems: Vec<Problem>,
}

impl Look<'_> {
    fn problem(&mut self, at: Location, title: String, label: &str, help: Vec<String>) {
        let Source { file, text, .. } = self.source;
        self.problems.push(yaml::problem(file, text, at, title, label, help));
    }

    /// Looks at a mapping that begins at this place, and at those in it.
    fn at(&mut self, place: Location, tree: &Tree, form: &Form) {
        let Tree::Mapping(keys) = tree else { return };
        let names = || form.keys.iter().map(|key| key.name);
        let unknown = keys.iter().filter(|(key, _)| !names().any(|name| name == key.value));
        let meant: Vec<_> = unknown.map(|(key, _)| nearest(&key.value, names())).collect();
        for required in form.required {
            match keys.iter().find(|(key, _)| key.value == *required) {
                // It is mistyped, which is said at its place.
                None if meant.contains(&Some(required)) => {}
                None => {
                    let title = format!("the key `{required}` is missing");
                    self.problem(place, title, "in this mapping", vec![]);
                }
                Some((key, Tree::Nothing)) => {
                    let title = format!("`{required}` has no value");
                    self.problem(key.referenced, title, "here", vec![]);
                }
                Some(_) => {}
            }
        }
        for (key, below) in keys {
            if !names().any(|name| name == key.value) {
                let title = format!("unknown key `{}`", key.value);
                let help = vec![suggestion(&key.value, names())];
                self.problem(key.referenced, title, "not known here", help);
            }
            match form.inner.iter().find(|(name, _)| *name == key.value) {
                Some((_, Inner::One(form))) => self.at(key.referenced, below, form),
                Some((_, Inner::Named(form))) => {
                    below
                        .mapping()
                        .iter()
                        .for_each(|(key, one)| self.at(key.referenced, one, form));
                }
                Some((_, Inner::Each(form))) => {
                    let begins = |one: &Tree| one.mapping().first().map(|(key, _)| key.referenced);
                    let begins = |one| begins(one).unwrap_or(key.referenced);
                    below.list().iter().for_each(|one| self.at(begins(one), one, form));
                }
                None => {}
            }
        }
    }
}

/// The keys of a text in YAML, as they are nested.
enum Tree {
    Mapping(Vec<(Spanned<String>, Tree)>),
    List(Vec<Tree>),
    Value,
    Nothing,
}

impl Tree {
    fn mapping(&self) -> &[(Spanned<String>, Tree)] {
        if let Self::Mapping(mapping) = self { mapping } else { &[] }
    }

    fn list(&self) -> &[Tree] {
        if let Self::List(list) = self { list } else { &[] }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyTree)
    }
}

struct AnyTree;

/// Visits values without keys.
macro_rules! values {
    ($($visit:ident: $value:ty,)*) => {
        $(fn $visit<E: Error>(self, _: $value) -> Result<Tree, E> {
            Ok(Tree::Value)
        })*
    };
}

impl<'de> Visitor<'de> for AnyTree {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut mapping: A) -> Result<Tree, A::Error> {
        let mut all = Vec::new();
        while let Some(key) = mapping.next_key()? {
            all.push((key, mapping.next_value()?));
        }
        Ok(Tree::Mapping(all))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree, A::Error> {
        let mut all = Vec::new();
        while let Some(one) = list.next_element()? {
            all.push(one);
        }
        Ok(Tree::List(all))
    }

    values! {
        visit_bool: bool,
        visit_i64: i64,
        visit_i128: i128,
        visit_u64: u64,
        visit_u128: u128,
        visit_f64: f64,
        visit_str: &str,
        visit_bytes: &[u8],
    }

    fn visit_none<E: Error>(self) -> Result<Tree, E> {
        Ok(Tree::Nothing)
    }

    fn visit_unit<E: Error>(self) -> Result<Tree, E> {
        Ok(Tree::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        Tree::deserialize(deserializer)
    }
}
