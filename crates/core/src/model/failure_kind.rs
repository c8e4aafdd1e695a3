//! In which way a scenario failed, as far as a list of known failures tells the ways apart.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// In which way a scenario failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// An answer, or what the receiver asked, was not as expected.
    #[default]
    Answer,
    /// The request that it is about was answered with a 5xx.
    ServerError,
    /// The request that it is about got no whole answer in time.
    NoAnswer,
    /// The probe shows other values than expected.
    Belief,
    /// The probe counts more or fewer effects than expected.
    Effects,
}

impl FailureKind {
    /// All of them.
    pub const ALL: &[Self] =
        &[Self::Answer, Self::ServerError, Self::NoAnswer, Self::Belief, Self::Effects];

    /// Its name in standin.yaml and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::ServerError => "server-error",
            Self::NoAnswer => "no-answer",
            Self::Belief => "belief",
            Self::Effects => "effects",
        }
    }

    /// The one of this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}
