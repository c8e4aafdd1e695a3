//! An account: what every vendor's tenant can be told and asked.

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
    /// Its stream of chance.
    pub chance: Chance,
    /// Its stream of ids, if that is another one: the same story is told with fresh ids then.
    pub ids: Option<Chance>,
    /// When it opens, in virtual time.
    pub start: Timestamp,
}

impl Setup {
    /// The child stream for a purpose for which nothing but ids is drawn.
    pub fn ids(&self, purpose: &str) -> Chance {
        self.ids.as_ref().unwrap_or(&self.chance).child(purpose)
    }

    /// The child stream for ids that are drawn in turn with other things, if ids have a stream of
    /// their own. They must be drawn from the other stream too: what follows there is the same then.
    pub fn fresh_ids(&self, purpose: &str) -> Option<Chance> {
        self.ids.as_ref().map(|ids| ids.child(purpose))
    }
}

/// One isolated tenant of a vendor: the unit of state.
///
/// An implementation promises: the same setup and the same calls at the same moments give the
/// same webhooks, byte for byte; a call that is refused changes nothing and draws nothing from
/// the stream; an action of one subject may cause webhooks about any number of others.
pub trait Account: Send {
    /// The vocabulary of the vendor whose account it is.
    fn catalogue(&self) -> &'static Catalogue;

    /// Does what is asked at this moment and pushes the webhooks that follow. Returns the
    /// subjects that were made or changed.
    ///
    /// # Errors
    /// If the call does not fit its action, if a subject is not there, if the action is not legal in
    /// the subject's state or in that of one it refers to, or if there is no room.
    fn act(&mut self, call: &Call, now: Timestamp, outbox: &mut Outbox)
    -> Result<Touched, Refusal>;

    /// The subjects that are there from the start, such as a location: kind, name, index.
    fn given(&self) -> Vec<(KindId, String, SubjectIndex)> {
        Vec::new()
    }

    /// The next moment at which something happens here by itself.
    fn due(&self) -> Option<Timestamp>;

    /// Lets everything happen that is due by now, in order.
    fn elapse(&mut self, now: Timestamp, outbox: &mut Outbox);

    /// Every subject that there is or has been, in the order in which they were made.
    fn subjects(&self) -> Subjects;

    /// The kind of a subject; none if there is no such subject.
    fn kind(&self, index: SubjectIndex) -> Option<KindId>;

    /// The actions that somebody can do to a subject now, by its state. One of them may be refused
    /// all the same for what it is asked with, or because there is no room.
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

    /// What the vendor knows about a subject, as a JSON object in the vendor's words.
    fn truth(&self, index: SubjectIndex) -> Json;

    /// Answers a call of the vendor's API at this moment, and pushes the webhooks that follow. The
    /// operation is one that the vendor's [`Api`](super::Api) declares as played. The login was
    /// checked, and is to be judged here.
    fn answer(&mut self, call: &ApiCall, _now: Timestamp, _outbox: &mut Outbox) -> ApiAnswer {
        panic!("`{}` is declared and not played", call.operation.id)
    }

    /// What the vendor's API says of a subject when it is read; none if it cannot be read.
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
