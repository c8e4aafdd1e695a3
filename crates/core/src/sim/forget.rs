//! Lets accounts forget what is over.

use std::collections::BTreeSet;

use super::{AccountIndex, Simulation, Slot};
use crate::model::{Subject, SubjectIndex};

/// The fewest new subjects of an account that are worth a search for those that are over.
const FEWEST: usize = 100;

/// What an account has forgotten so far. It decides when the account has so many new subjects that those
/// which are over are worth a search. So forgetting costs the same for each subject, however many there are.
#[derive(Debug, Default)]
pub struct Crowd {
    /// How many subjects it had ever had when it last forgot some.
    had: usize,
    /// How many subjects it has forgotten.
    forgotten: usize,
}

impl Crowd {
    /// Whether the account is to forget now: it has as many new subjects as it kept, and at least so many.
    pub fn is_due(&self, sim: &Simulation, index: AccountIndex, least: usize) -> bool {
        sim.subjects(index).len() - self.had >= FEWEST.max(least).max(self.kept())
    }

    /// Lets the account forget the subjects that are over, but for these. Its next webhooks have the same
    /// bytes as without it.
    pub fn forget_over(
        &mut self,
        sim: &mut Simulation,
        index: AccountIndex,
        except: impl IntoIterator<Item = SubjectIndex>,
    ) {
        let forgotten = sim.forget_over(index, except);
        self.note(sim, index, forgotten.len());
    }

    /// Notes that the account has forgotten so many subjects.
    pub fn note(&mut self, sim: &Simulation, index: AccountIndex, forgotten: usize) {
        self.had = sim.subjects(index).len();
        self.forgotten += forgotten;
    }

    /// How many subjects the account kept when it last forgot some.
    pub fn kept(&self) -> usize {
        self.had - self.forgotten
    }

    /// How many subjects the account knows: all that it has ever had, but the forgotten ones.
    pub fn known(&self, sim: &Simulation, index: AccountIndex) -> usize {
        sim.subjects(index).len() - self.forgotten
    }
}

impl Simulation {
    /// Lets an account forget the subjects to which nothing can happen any more by itself. Those
    /// with a name stay, and so do these. Returns the forgotten ones.
    pub fn forget_ended<'a>(
        &mut self,
        index: AccountIndex,
        except: impl IntoIterator<Item = &'a Subject>,
    ) -> Vec<SubjectIndex> {
        let except = except.into_iter();
        let except: Vec<_> = except.filter_map(|one| self.find(index, one.kind, &one.id)).collect();
        self.forget_over(index, except)
    }

    /// The same, for subjects that are known by their indexes.
    pub fn forget_over(
        &mut self,
        index: AccountIndex,
        except: impl IntoIterator<Item = SubjectIndex>,
    ) -> Vec<SubjectIndex> {
        let slot = &self.accounts[index];
        let mentioned = match &slot.traffic {
            // A record tells of every subject.
            _ if slot.record.is_some() => None,
            Some(traffic) => traffic.mentions(),
            None => Some(BTreeSet::new()),
        };
        let Some(mut kept) = mentioned else { return Vec::new() };
        kept.extend(except);
        kept.extend(self.accounts[index].names.subjects());
        self.forget_except(index, &kept)
    }

    /// Lets an account forget those of these subjects to which nothing can happen any more by itself.
    pub fn forget_only(
        &mut self,
        index: AccountIndex,
        these: impl Fn(SubjectIndex) -> bool,
    ) -> Vec<SubjectIndex> {
        let account = &self.accounts[index].account;
        let others = account.subjects().filter(|one| account.kind(*one).is_some() && !these(*one));
        let others = others.collect();
        self.forget_except(index, &others)
    }

    fn forget_except(
        &mut self,
        index: AccountIndex,
        kept: &BTreeSet<SubjectIndex>,
    ) -> Vec<SubjectIndex> {
        let Slot { account, by_id, .. } = &mut self.accounts[index];
        let forgotten = account.forget_ended(kept);
        by_id.retain(|_, subject| account.kind(*subject).is_some());
        forgotten
    }
}
