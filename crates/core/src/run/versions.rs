//! The last two versions of each subject, for answers of a vendor's API.

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
    /// Adds the current version of a subject, if it has changed.
    pub fn update(&mut self, of: (AccountIndex, SubjectIndex), now: Json) {
        let version = match self.0.remove(&of) {
            Some(known) if known.last == now => known,
            Some(known) => Version { last: now, before: Some(known.last) },
            None => Version { last: now, before: None },
        };
        self.0.insert(of, version);
    }

    /// Forgets the versions of a subject.
    pub fn forget(&mut self, of: (AccountIndex, SubjectIndex)) {
        self.0.remove(&of);
    }

    /// The version before the last change: `Some(None)` if the last change created the subject,
    /// `None` if the subject is not known.
    pub fn before(&self, of: (AccountIndex, SubjectIndex)) -> Option<Option<&Json>> {
        self.0.get(&of).map(|version| version.before.as_ref())
    }
}
