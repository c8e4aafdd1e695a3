//! An account: the actions and the questions that every vendor's tenant understands.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value as Json;

use super::api::{ApiAnswer, ApiCall, IssuedToken, Subscription};
use super::outbox::{Outbox, Touched};
use super::refusal::Refusal;
use crate::chance::Chance;
use crate::model::{
    Action, Call, Catalogue, KindId, Profile, Settings, StateId, Subject, SubjectIndex, Subjects,
};

/// What an account is opened with.
#[derive(Debug)]
pub struct Setup {
    /// Its name.
    pub name: Arc<str>,
    /// The version of the payloads.
    pub profile: &'static Profile,
    /// Checked values of the catalogue's settings.
    pub settings: Settings,
    /// Its chance stream.
    pub chance: Chance,
    /// The stream for its ids, if that is another one. The same story then has other ids.
    pub ids: Option<Chance>,
    /// When it opens, in virtual time.
    pub start: Timestamp,
}

impl Setup {
    /// The child stream for a purpose that draws only ids.
    pub fn ids(&self, purpose: &str) -> Chance {
        self.ids.as_ref().unwrap_or(&self.chance).child(purpose)
    }

    /// The child stream for ids that a purpose draws among other things, if ids have a stream of
    /// their own. The purpose must draw each id from its usual stream too, so that what it draws
    /// next stays the same.
    pub fn fresh_ids(&self, purpose: &str) -> Option<Chance> {
        self.ids.as_ref().map(|ids| ids.child(purpose))
    }
}

/// One isolated tenant of a vendor: the unit of state.
///
/// An implementation promises three things. The same setup and the same calls at the same moments
/// give the same webhooks, byte for byte. A refused call changes nothing and draws nothing from the
/// stream. An action on one subject may cause webhooks about any number of others.
pub trait Account: Send {
    /// The vocabulary of its vendor.
    fn catalogue(&self) -> &'static Catalogue;

    /// Does an action at this moment, and pushes the webhooks that follow. Returns the subjects
    /// that it created or changed.
    ///
    /// # Errors
    /// If the call does not fit its action, a subject does not exist, the action is not legal in
    /// the state of the subject or of another that it refers to, or there is no room.
    fn act(&mut self, call: &Call, now: Timestamp, outbox: &mut Outbox)
    -> Result<Touched, Refusal>;

    /// The subjects that exist from the start, such as a location: kind, name, index.
    fn given(&self) -> Vec<(KindId, String, SubjectIndex)> {
        Vec::new()
    }

    /// The next moment at which something happens by itself. By default nothing ever does.
    fn due(&self) -> Option<Timestamp> {
        None
    }

    /// Lets everything happen that is due by now, in order.
    fn elapse(&mut self, _now: Timestamp, _outbox: &mut Outbox) {}

    /// Every subject that the account has ever had, in order of creation.
    fn subjects(&self) -> Subjects;

    /// Forgets subjects to which nothing can happen any more by itself, except these and those that
    /// they need. Returns the forgotten ones. For everybody else they never existed. So the same
    /// calls about other subjects give the same webhooks.
    ///
    /// An account that forgets nothing needs more memory the longer it is played.
    fn forget_ended(&mut self, _except: &BTreeSet<SubjectIndex>) -> Vec<SubjectIndex> {
        Vec::new()
    }

    /// The kind of a subject. `None` if the subject does not exist, or was forgotten.
    fn kind(&self, index: SubjectIndex) -> Option<KindId>;

    /// The actions with phrases that are legal for a subject now, by its state. The account may
    /// still refuse one, because of a value or for want of room.
    fn legal(&self, index: SubjectIndex) -> Vec<&'static Action> {
        if self.kind(index).is_none() {
            return Vec::new();
        }
        self.catalogue().legal_actions(self.state(index)).collect()
    }

    /// A subject by its index.
    fn subject(&self, index: SubjectIndex) -> Subject;

    /// The state that a subject is in.
    fn state(&self, index: SubjectIndex) -> StateId;

    /// Whether the vendor has deleted a subject, or what it belongs to. A receiver may delete it, too.
    fn is_deleted(&self, _index: SubjectIndex) -> bool {
        false
    }

    /// What the vendor knows about a subject, as a JSON object in the vendor's words.
    fn truth(&self, index: SubjectIndex) -> Json;

    /// Answers a call of the vendor's API at this moment, and pushes the webhooks that follow. The
    /// vendor's [`Api`](super::Api) declares the operation as played. The login has been checked;
    /// the account decides whether it is enough.
    fn answer(&mut self, call: &ApiCall, _now: Timestamp, _outbox: &mut Outbox) -> ApiAnswer {
        panic!("`{}` is declared as played, but is not", call.operation.id)
    }

    /// The object that the vendor's API returns for a subject. `None` if the API cannot read it.
    fn api_object(&self, _index: SubjectIndex) -> Option<Json> {
        None
    }

    /// The access tokens that were issued, in order.
    fn api_tokens(&self) -> &[IssuedToken] {
        &[]
    }

    /// The endpoints that receivers have registered through the API, in order.
    fn subscriptions(&self) -> &[Subscription] {
        &[]
    }
}
