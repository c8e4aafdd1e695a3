//! What a run knows of the real time.

use jiff::Timestamp;

use crate::model::Authentication;
use crate::policy::sign;

/// What a run knows of the real time, and whether it needs it.
#[derive(Debug, Default)]
pub struct Times {
    /// Whether a signature of this run tells a time.
    pub is_signed: bool,
    /// The real time that the run was told last.
    pub told: Option<Timestamp>,
}

impl Times {
    /// An account has this login.
    pub fn note(&mut self, authentication: &Authentication) {
        self.is_signed |= sign::tells_time(authentication);
    }
}
