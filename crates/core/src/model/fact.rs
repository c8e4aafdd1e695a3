//! What a vendor's documents say that its webhooks show or that it does, and whether it is played.
//!
//! Each vendor declares its facts once, in its catalogue. The tables in `docs/vendors` and the list
//! of what is left out come from them.

/// Something that a vendor documents.
#[derive(Debug)]
pub struct Fact {
    /// What it is, in a few words.
    pub about: &'static str,
    /// Where it can be seen.
    pub seen: Seen,
    /// Whether it is played.
    pub play: Play,
    /// The documents that say it.
    pub source: &'static str,
}

/// Where something that is documented can be seen.
///
/// The path of a key goes from the root of a body, or from the subject of a webhook if it begins with
/// that subject's kind. `[]` is each item of an array, `*` any key of an object.
#[derive(Clone, Copy, Debug)]
pub enum Seen {
    /// These triggers.
    Triggers(&'static [&'static str]),
    /// These states of this kind of subject.
    States(&'static str, &'static [&'static str]),
    /// A key, and everything below it that has no fact of its own.
    Key(&'static str),
    /// These values of a key.
    Values(&'static str, &'static [&'static str]),
    /// These actions.
    Actions(&'static [&'static str]),
    /// Nowhere in a body.
    Nowhere,
}

/// Whether something that is documented is played.
#[derive(Clone, Copy, Debug)]
pub enum Play {
    /// Default traffic shows it.
    ByDefault,
    /// It is shown in this profile, which is not the default one.
    Profile(&'static str),
    /// It is shown if this setting of the account says so.
    Setting(&'static str),
    /// It is a way to authenticate that this key of the vendor's section in standin.yaml chooses.
    Login(&'static str),
    /// Only a call of the vendor's REST API sets it, or shows it.
    Api,
    /// It is not played, for this reason.
    LeftOut(&'static str),
}

impl Fact {
    /// A fact.
    pub const fn new(about: &'static str, seen: Seen, play: Play, source: &'static str) -> Self {
        Self { about, seen, play, source }
    }

    /// Why it is not played, if it is not.
    pub fn left_out(&self) -> Option<&'static str> {
        match self.play {
            Play::LeftOut(why) => Some(why),
            Play::ByDefault | Play::Profile(_) | Play::Setting(_) | Play::Login(_) | Play::Api => {
                None
            }
        }
    }
}
