//! Lets accounts forget what is over.

use std::collections::BTreeSet;

use super::{AccountIndex, Simulation, Slot};
use crate::model::{Subject, SubjectIndex};

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
