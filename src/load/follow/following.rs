//! The subjects that a thread follows. Each account has its share of them; when the receiver has shown
//! all that was told of one, a new subject of the account takes its place. So the whole run is followed.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering as Atomic;
use std::time::Duration;

use serde_json::Value as Json;

use super::{GONE, Source, Subject, Told};
use crate::clock::Moment;
use crate::load::believed::Existence;
use crate::load::feed::Feed;
use crate::model::SubjectIndex;

/// The subjects that a thread follows.
#[derive(Default)]
pub struct Following {
    source: Option<Source>,
    accounts: Vec<Account>,
}

#[derive(Default)]
struct Account {
    /// How many subjects are followed at a time.
    room: usize,
    /// The newest subject that was seen: one that comes after it has had no webhook before.
    newest: Option<SubjectIndex>,
    followed: Vec<Followed>,
}

struct Followed {
    subject: Arc<Subject>,
    /// When its first webhook was due.
    since: Moment,
    /// Its webhooks that are not accepted, or not all those before them.
    waiting: VecDeque<Waiting>,
    /// The number of its last webhook.
    made: u32,
    /// The number of the last one that was told.
    told: u32,
}

struct Waiting {
    accepted: bool,
    /// What the vendor knew after it. None: more about the subject came with the same step.
    truth: Option<(Json, Existence)>,
}

/// How long a subject is followed before another may take its place.
const FOLLOWED_FOR: Duration = Duration::from_secs(1);

/// A webhook that is followed: its number among those of its subject. None: it is not.
pub type Mark = Option<u32>;

impl Following {
    /// Follows subjects of these accounts, and tells this source.
    pub fn new(source: Source, feed: &Feed) -> Self {
        let (numbers, all) = feed.numbers();
        let room = |number: &usize| source.most / all + usize::from(*number < source.most % all);
        let account = |number| Account { room: room(number), ..Account::default() };
        Self { accounts: numbers.iter().map(account).collect(), source: Some(source) }
    }

    /// A webhook is to be sent, due at this moment.
    pub fn see(&mut self, feed: &Feed, tenant: usize, index: SubjectIndex, due: Moment) -> Mark {
        let source = self.source.as_ref()?;
        let account = &mut self.accounts[tenant];
        let is_new = account.newest.is_none_or(|newest| index > newest);
        if is_new {
            account.newest = Some(index);
            account.admit(source, feed, (tenant, index), due);
        }
        let one = account.followed.iter_mut().find(|one| one.subject.key.1 == index)?;
        let now = || (feed.sim(tenant).truth(0, index), Existence::of(feed, (tenant, index)));
        let truth = (!feed.owes(tenant, index)).then(now);
        one.waiting.push_back(Waiting { accepted: false, truth });
        one.made += 1;
        Some(one.made)
    }

    /// A webhook was accepted at this moment of a run that began then.
    pub fn accepted(
        &mut self,
        (tenant, index): (usize, SubjectIndex),
        mark: Mark,
        (at, begun): (Moment, Moment),
    ) {
        let (Some(source), Some(number)) = (&self.source, mark) else { return };
        let account = &mut self.accounts[tenant];
        let Some(place) = account.followed.iter().position(|one| one.subject.key.1 == index) else {
            return;
        };
        let Some((number, truth, existence)) = account.followed[place].accepted(number) else {
            return;
        };
        let subject = Arc::clone(&account.followed[place].subject);
        account.followed[place].told = number;
        if source.sender.try_send(Told { subject, number, truth, existence, at, begun }).is_err() {
            source.live.dropped.fetch_add(1, Atomic::Relaxed);
            account.drop(place);
        }
    }

    /// A webhook does not reach the receiver: what that shows of the subject proves nothing.
    pub fn lost(&mut self, tenant: usize, index: SubjectIndex) {
        let Some(account) = self.accounts.get_mut(tenant) else { return };
        account.newest = account.newest.max(Some(index));
        if let Some(place) = account.followed.iter().position(|one| one.subject.key.1 == index) {
            account.drop(place);
        }
    }

    /// Nothing more will be told.
    pub fn close(&mut self) {
        self.source = None;
    }
}

impl Account {
    /// Follows a new subject, if there is a probe for it and room.
    fn admit(
        &mut self,
        source: &Source,
        feed: &Feed,
        (tenant, index): (usize, SubjectIndex),
        due: Moment,
    ) {
        if self.room == 0 || feed.is_shared(tenant, index) {
            return;
        }
        let vendor = feed.vendor(tenant);
        let crate::model::Subject { kind, id } = feed.sim(tenant).subject(0, index);
        if !source.probed[vendor].iter().any(|one| one == kind) {
            return;
        }
        if self.followed.len() >= self.room {
            match self.followed.iter().position(|one| one.is_over(due)) {
                Some(place) => self.drop(place),
                None => return,
            }
        }
        let key = (feed.numbers().0[tenant], index);
        let subject = Arc::new(Subject { key, vendor, kind, id, shown: 0.into() });
        let waiting = VecDeque::new();
        self.followed.push(Followed { subject, since: due, waiting, made: 0, told: 0 });
    }

    fn drop(&mut self, place: usize) {
        let one = self.followed.swap_remove(place);
        one.subject.shown.store(GONE, Atomic::Release);
    }
}

impl Followed {
    /// Notes that a webhook was accepted. If now all up to one were, gives that one and what the vendor
    /// knew after it.
    fn accepted(&mut self, number: u32) -> Option<(u32, Json, Existence)> {
        let first = self.made - self.waiting.len() as u32 + 1;
        let place = number.checked_sub(first)? as usize;
        self.waiting.get_mut(place)?.accepted = true;
        let mut last = None;
        while self.waiting.front().is_some_and(|one| one.accepted) {
            last = self.waiting.pop_front();
        }
        let (truth, existence) = last?.truth?;
        Some((self.made - self.waiting.len() as u32, truth, existence))
    }

    /// Whether it was followed for long enough, and the receiver has shown all that was told.
    fn is_over(&self, now: Moment) -> bool {
        self.waiting.is_empty()
            && now.saturating_duration_since(self.since) > FOLLOWED_FOR
            && self.subject.shown.load(Atomic::Acquire) == self.told
    }
}
