//! A rule of the contract: what a receiver must or should do, why, and how that is known.

use schemars::JsonSchema;
use serde::Serialize;

/// How the tag that names the rule of a scenario begins: `rule:duplicates`.
pub const RULE_TAG: &str = "rule:";

/// A rule of the contract. Its scenarios show whether a receiver holds to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Rule {
    /// Its id. The scenarios of the rule have the tag `rule:ID`.
    pub id: String,
    /// How binding it is.
    pub level: Level,
    /// The rule in one sentence.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// How it is known.
    pub evidence: Vec<Evidence>,
    /// The line of its title in the feature, from 1.
    pub line: usize,
    /// The command that explains it.
    pub explain: String,
}

/// How binding a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// A document says so, or harm is certain.
    Must,
    /// Good practice that no document demands.
    Should,
}

/// One reason to believe that a vendor does something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Evidence {
    /// What kind of reason.
    pub kind: EvidenceKind,
    /// What is known or believed.
    pub text: String,
    /// The document that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Kinds of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// The source says so.
    Documented,
    /// It follows from what is documented.
    Inferred,
    /// Nothing says so; it is the most likely.
    Assumed,
    /// No document says anything about it.
    NotDocumented,
}

impl Level {
    /// All levels.
    pub const ALL: [Self; 2] = [Self::Must, Self::Should];

    /// Its name, which is also its tag.
    pub fn name(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
        }
    }
}

impl EvidenceKind {
    /// All kinds.
    pub const ALL: [Self; 4] =
        [Self::Documented, Self::Inferred, Self::Assumed, Self::NotDocumented];

    /// The label before it in a feature.
    pub fn label(self) -> &'static str {
        match self {
            Self::Documented => "Documented",
            Self::Inferred => "Inferred",
            Self::Assumed => "Assumed",
            Self::NotDocumented => "Not documented",
        }
    }
}

/// The id of the rule that one of these tags names.
pub fn rule_id(tags: &[String]) -> Option<&str> {
    tags.iter().find_map(|tag| tag.strip_prefix(RULE_TAG))
}
