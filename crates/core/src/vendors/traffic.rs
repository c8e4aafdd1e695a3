//! Traffic: people who keep an account busy.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::scene::Scene;
use crate::model::SubjectIndex;

/// A population that keeps an account busy.
pub trait Traffic: Send {
    /// When it acts next. `None` once it has ended.
    fn next(&self) -> Option<Timestamp>;

    /// Acts in the scene, which is at this moment.
    fn act(&mut self, scene: &mut Scene<'_>);

    /// The subjects that it will look at or act on. `None` if that may be any subject: then the
    /// account forgets none.
    fn mentions(&self) -> Option<BTreeSet<SubjectIndex>> {
        None
    }
}
