//! Keys of standin.yaml that nothing reads: all of them, each at its place. The sections of vendors and
//! senders look after their own keys, which differ from one to the next.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::key::Key;
use super::keys::{
    AbsentSection, CheckSection, CompareSection, KnownSection, ProbeSection, ReceiverSection,
    SettingsFile,
};
use super::source::{Source, suggestion};
use crate::model::Problem;
use crate::yaml;

/// The keys that a mapping may have, and those of the mappings in it.
struct Form {
    keys: &'static [Key],
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
    inner: &[
        ("receiver", Inner::One(&Form { keys: ReceiverSection::KEYS, inner: &[] })),
        ("check", Inner::One(&CHECK)),
        ("probes", Inner::Named(&PROBE)),
    ],
};

const CHECK: Form = Form {
    keys: CheckSection::KEYS,
    inner: &[("known", Inner::Each(&Form { keys: KnownSection::KEYS, inner: &[] }))],
};

const PROBE: Form = Form {
    keys: ProbeSection::KEYS,
    inner: &[
        ("absent", Inner::One(&Form { keys: AbsentSection::KEYS, inner: &[] })),
        ("compare", Inner::Named(&Form { keys: CompareSection::KEYS, inner: &[] })),
    ],
};

/// The unknown keys of a settings file.
///
/// # Errors
/// If it is not YAML, or has a key that is no text.
pub fn keys(source: &Source<'_>) -> Result<Vec<Problem>, Problem> {
    let mut problems = Vec::new();
    let tree = yaml::read::<Tree>(source.file, source.text)?;
    look(source, &tree, &SETTINGS, &mut problems);
    Ok(problems)
}

fn look(source: &Source<'_>, tree: &Tree, form: &Form, problems: &mut Vec<Problem>) {
    for (key, below) in tree.mapping() {
        let names = || form.keys.iter().map(|key| key.name);
        if !names().any(|name| name == key.value) {
            let title = format!("unknown key `{}`", key.value);
            let help = vec![suggestion(&key.value, names())];
            let at = key.referenced;
            problems.push(yaml::problem(
                source.file,
                source.text,
                at,
                title,
                "not known here",
                help,
            ));
        }
        match form.inner.iter().find(|(name, _)| *name == key.value) {
            Some((_, Inner::One(form))) => look(source, below, form, problems),
            Some((_, Inner::Named(form))) => {
                below.mapping().iter().for_each(|(_, one)| look(source, one, form, problems));
            }
            Some((_, Inner::Each(form))) => {
                below.list().iter().for_each(|one| look(source, one, form, problems));
            }
            None => {}
        }
    }
}

/// The keys of a text in YAML, as they are nested.
enum Tree {
    Mapping(Vec<(Spanned<String>, Tree)>),
    List(Vec<Tree>),
    Value,
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
        Ok(Tree::Value)
    }

    fn visit_unit<E: Error>(self) -> Result<Tree, E> {
        Ok(Tree::Value)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        Tree::deserialize(deserializer)
    }
}
