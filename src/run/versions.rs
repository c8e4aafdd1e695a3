//! The versions of subjects that a vendor's API may be asked for: the last one, and the one before.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::model::SubjectIndex;
use crate::sim::AccountIndex;

/// The versions of subjects.
#[derive(Debug, Default)]
pub struct Versions(BTreeMap<(AccountIndex, SubjectIndex), Version>);

#[derive(Debug)]
struct Version {
    last: Json,
    before: Option<Json>,
}

impl Versions {
    /// A subject is like this now.
    pub fn add(&mut self, of: (AccountIndex, SubjectIndex), now: Json) {
        let version = match self.0.remove(&of) {
            Some(known) if known.last == now => known,
            Some(known) => Version { last: now, before: Some(known.last) },
            None => Version { last: now, before: None },
        };
        self.0.insert(of, version);
    }

    /// What a subject was like before its last change: nothing, if that made it. None if it is not
    /// remembered.
    pub fn before(&self, of: (AccountIndex, SubjectIndex)) -> Option<Option<&Json>> {
        self.0.get(&of).map(|version| version.before.as_ref())
    }
}
